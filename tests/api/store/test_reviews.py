"""Reviews: made once, moved forward only, ended once, whoever tries and however often."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.store import Store, open_store, parts, reviews, webhooks
from api.store.errors import BlobMissing, IdempotencyConflict, ReviewMissing
from api.store.listing import Filters, count_reviews, list_reviews, unfinished
from api.store.reviews import Idempotency, State, Summary
from models.errors import InputError
from tests.api.store.given import ANNEX, LICENCE, NOW, RETENTION, File, Where, after, given_done, given_review


def test_what_was_handed_in_comes_back(store: Store) -> None:
    row = given_review(store, application={"name": "海口椰风"}, due_on=dt.date(2026, 12, 1), api_key_id="k")
    assert (row.state, row.version, row.created_at, row.due_on) == (State.QUEUED, 1, NOW, dt.date(2026, 12, 1))
    assert [(file.name, file.size) for file in row.files] == [("营业执照.jpg", 9), ("附件.pdf", 8)]
    assert [store.blobs.get(file.sha256) for file in row.files] == [LICENCE.data, ANNEX.data]
    assert reviews.application_of(store, row) == {"name": "海口椰风"}
    assert reviews.report_of(store, row) is None
    assert reviews.get_review(store, row.id) == row
    with pytest.raises(ReviewMissing):
        reviews.get_review(store, "rev_0")


def test_the_same_file_twice_is_two_files_and_one_blob(store: Store) -> None:
    row = given_review(store, LICENCE, LICENCE)
    assert len(row.files) == 2
    assert list(store.blobs.names()) == [row.files[0].sha256]


def test_a_review_goes_forward_only(store: Store) -> None:
    row = given_review(store)
    assert not reviews.start_judging(store, row.id, NOW)
    assert not reviews.set_progress(store, row.id, 1, "", NOW)
    assert reviews.start_reading(store, row.id, 9, NOW)
    assert reviews.set_progress(store, row.id, 5, "附件.pdf", NOW)
    assert not reviews.set_progress(store, row.id, 4, "late", NOW)
    assert reviews.start_reading(store, row.id, 9, NOW)  # a worker takes over
    assert reviews.start_judging(store, row.id, NOW)
    assert not reviews.start_reading(store, row.id, 9, NOW)
    done = given_row = reviews.get_review(store, row.id)
    assert (given_row.state, given_row.pages_done, given_row.pages_total) == (State.JUDGING, 5, 9)
    assert done.version == 5
    assert not reviews.start_reading(store, "rev_0", 1, NOW)


def test_a_review_ends_once(store: Store) -> None:
    done = given_done(store)
    report = {"of": done.id}
    late = Summary("approve")
    assert not reviews.finish(store, done.id, b"late", late, retention=RETENTION, actor="w", now=after(1))
    assert not reviews.fail(store, done.id, "x", "x", retention=RETENTION, actor="w", now=after(1))
    assert not reviews.cancel(store, done.id, retention=RETENTION, actor="w", now=after(1))
    assert not reviews.start_reading(store, done.id, 1, after(1))
    assert reviews.get_review(store, done.id) == done
    assert (done.state, done.finished_at, done.recommendation, done.blocking) == (State.DONE, NOW, "correct", 1)
    assert json.loads(reviews.report_of(store, done) or b"") == report
    assert len(list(store.blobs.names())) == 3  # two files and one report: the late one was not kept


def test_finishing_twice_with_the_same_report_keeps_it(store: Store) -> None:
    row = given_review(store)
    ends = [
        reviews.finish(store, row.id, b"{}", Summary("approve"), retention=RETENTION, actor="w", now=NOW)
        for _ in range(2)
    ]
    assert ends == [True, False]
    assert reviews.report_of(store, reviews.get_review(store, row.id)) == b"{}"


def test_racing_workers_finish_a_review_once(store: Store) -> None:
    webhooks.subscribe(store, "https://a.example/hook", ["whsec_a"], actor="t", now=NOW)
    row = given_review(store, callback_url="https://b.example/hook")

    def end(number: int) -> bool:
        report = b"%d" % number
        return reviews.finish(store, row.id, report, Summary("approve"), retention=RETENTION, actor="w", now=NOW)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(end, range(8))) == 1
    assert len(webhooks.deliveries(store, review_id=row.id)) == 2
    assert reviews.report_of(store, reviews.get_review(store, row.id)) in {b"%d" % n for n in range(8)}
    assert len(list(store.blobs.names())) == 3


def test_papers_end_with_their_kind_and_never_after_the_case(store: Store) -> None:
    done = given_done(store)
    assert done.expires_at == after(100)
    assert [(file.kind, file.expires_at) for file in done.files] == [
        ("business_licence", after(10)),
        (None, after(50)),
    ]


def test_failure_says_why(store: Store) -> None:
    row = given_review(store)
    assert reviews.fail(store, row.id, "corrupt_pdf", "文件损坏。", retention=RETENTION, actor="w", now=NOW)
    failed = reviews.get_review(store, row.id)
    assert (failed.state, failed.error_code, failed.error_message) == (State.FAILED, "corrupt_pdf", "文件损坏。")
    (delivery,) = webhooks.deliveries(store) or [None]
    assert delivery is None


def test_one_key_is_one_review(store: Store) -> None:
    first = given_review(store, idempotency=Idempotency("k1", "a"), api_key_id="one")
    again, new = reviews.create_review(
        store,
        [LICENCE],
        as_of=NOW.date(),
        actor="t",
        now=after(1),
        api_key_id="one",
        idempotency=Idempotency("k1", "a"),
    )
    assert (again, new) == (first, False)
    with pytest.raises(IdempotencyConflict):
        given_review(store, idempotency=Idempotency("k1", "b"), api_key_id="one")
    assert given_review(store, idempotency=Idempotency("k1", "b"), api_key_id="another").id != first.id


def test_fifty_at_once_under_one_key_make_one_review(where: Where) -> None:
    stores = [open_store(where) for _ in range(3)]

    def post(number: int) -> tuple[str, bool]:
        row, new = reviews.create_review(
            stores[number % 3],
            [LICENCE, ANNEX],
            as_of=NOW.date(),
            actor="t",
            now=NOW,
            idempotency=Idempotency("one", "a"),
        )
        return row.id, new

    with ThreadPoolExecutor(25) as pool:
        answers = list(pool.map(post, range(50)))
    assert len({review_id for review_id, _ in answers}) == 1
    assert sum(new for _, new in answers) == 1
    assert sum(count_reviews(stores[0]).values()) == 1
    assert [stores[0].blobs.get(f.sha256) for f in reviews.get_review(stores[0], answers[0][0]).files] == [
        LICENCE.data,
        ANNEX.data,
    ]
    for opened in stores:
        opened.close()


def test_parts_are_kept_once_and_in_order(store: Store) -> None:
    row = given_review(store)
    annex = row.files[1].sha256
    later = parts.save_part(store, row.id, annex, 9, 12, b"pages 9 to 12", NOW)
    first = parts.save_part(store, row.id, annex, 1, 8, b"pages 1 to 8", NOW)
    assert parts.save_part(store, row.id, annex, 1, 8, b"read again", NOW) == first
    assert parts.parts_of(store, row.id, annex) == [first, later]
    assert store.blobs.get(first.sha256) == b"pages 1 to 8"
    parts.drop_parts(store, row.id)
    assert parts.parts_of(store, row.id) == []
    with pytest.raises(BlobMissing):
        store.blobs.get(first.sha256)
    with pytest.raises(ReviewMissing):
        parts.save_part(store, "rev_0", annex, 1, 8, b"of nobody", NOW)


def test_pages_of_a_list_neither_skip_nor_repeat(store: Store) -> None:
    made = [given_review(store, now=NOW if n % 2 else after(n), api_key_id=f"k{n % 2}") for n in range(7)]
    seen: list[str] = []
    cursor = None
    while True:
        page, cursor = list_reviews(store, after=cursor, limit=3)
        seen += [row.id for row in page]
        given_review(store, now=after(100))  # newer ones push in at the top
        if cursor is None:
            break
    assert set(seen) == {row.id for row in made}
    assert len(seen) == 7
    assert seen == [row.id for row in sorted(made, key=lambda row: (row.created_at, row.id), reverse=True)]


def test_lists_are_narrowed(store: Store) -> None:
    done, queued = given_done(store), given_review(store, now=after(1), due_on=dt.date(2026, 11, 30), api_key_id="k")

    def found(**filters: object) -> list[str]:
        return [row.id for row in list_reviews(store, Filters(**filters))[0]]  # type: ignore[arg-type]

    assert found() == [queued.id, done.id]
    assert found(states=[State.DONE]) == [done.id]
    assert found(name="椰风检测") == [done.id]
    assert found(name="%") == []
    assert found(registration_number="CNAS L9876") == [done.id]
    assert found(unified_social_credit_code="91460100MAA9ABC12W", recommendations=["correct"]) == [done.id]
    assert found(certificate_number="1") == []
    assert found(created_from=after(1)) == [queued.id]
    assert found(created_before=after(1)) == [done.id]
    assert found(due_until=dt.date(2026, 11, 30)) == [queued.id]
    assert found(api_key_id="k") == [queued.id]
    assert found(held=True) == []
    assert found(held=False) == [queued.id, done.id]
    assert count_reviews(store)[State.DONE] == 1
    assert unfinished(store) == [queued.id]


@pytest.mark.parametrize("cursor", ["", "x", "bm9uZQ==", "WzEsIDJd", "é"])
def test_a_foreign_cursor_is_refused(tmp_path: Path, cursor: str) -> None:
    opened = open_store(Where(f"sqlite:///{tmp_path}/z.db", str(tmp_path / "blobs")))
    with pytest.raises(InputError, match="翻页"):
        list_reviews(opened, after=cursor)
    opened.close()


def test_names_of_files_are_data(store: Store) -> None:
    name = "../../etc/passwd\x00'; DROP TABLE reviews;--"
    row = given_review(store, File(name.replace("\x00", ""), b"x"))
    assert reviews.get_review(store, row.id).files[0].name == name.replace("\x00", "")
