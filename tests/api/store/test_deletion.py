"""Deletion that deletes, retention by kind of paper, and the hold that stops both."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from api.store import Store, deletion, keys, log, parts, reviews, verdicts
from api.store.errors import BlobMissing, ReviewMissing, StoreError, UnderLegalHold
from api.store.opened import disown
from api.store.reviews import Idempotency
from api.store.schema import BLOB_OWNERS, BLOBS, LOG, METADATA
from models.finding import Verdict
from tests.api.store.given import ANNEX, LICENCE, NOW, RETENTION, File, Where, after, given_done, given_review

PRIVATE = "王小明的身份证号"


def rows(store: Store) -> dict[str, int]:
    """How many rows each table has that has any."""
    question = {table.name: sa.select(sa.func.count()).select_from(table) for table in METADATA.sorted_tables}
    counted = store.database.read(lambda connection: {name: connection.scalar(q) for name, q in question.items()})
    return {name: number for name, number in counted.items() if number}


def full_review(store: Store) -> reviews.ReviewRow:
    row = given_review(
        store,
        File(f"{PRIVATE}.jpg", PRIVATE.encode()),
        application={"name": PRIVATE},
        idempotency=Idempotency("k", "b"),
        callback_url="https://a.example/?who=王小明",
    )
    parts.save_part(store, row.id, row.files[0].sha256, 1, 1, f"part {PRIVATE}".encode(), NOW)
    done = reviews.Summary("correct", name=PRIVATE, kinds={row.files[0].sha256: "business_licence"})
    assert reviews.finish(store, row.id, f"report {PRIVATE}".encode(), done, retention=RETENTION, actor="w", now=NOW)
    verdicts.record_verdict(
        store, row.id, "f1", Verdict.DISMISSED, actor="user:li", now=NOW, seen_version=0, reason=PRIVATE, value=PRIVATE
    )
    return reviews.get_review(store, row.id)


def test_a_deleted_review_leaves_the_bare_facts_of_the_log_and_nothing_else(store: Store) -> None:
    row = full_review(store)
    deletion.delete_review(store, row.id, actor="user:wang", now=after(1), reason="asked")
    left = rows(store)
    assert set(left) == {"log", "log_details"}
    assert left["log_details"] == 1  # of the deletion itself
    assert list(store.blobs.names()) == []
    assert [(entry.action, entry.details is None) for entry in log.entries(store, row.id)] == [
        ("review.created", True),
        ("review.done", True),
        ("verdict", True),
        ("review.deleted", False),
    ]
    assert log.verify(store).ok
    with pytest.raises(ReviewMissing):
        deletion.delete_review(store, row.id, actor="user:wang", now=NOW, reason="again")


def test_nothing_readable_stays_on_the_disk_of_sqlite(tmp_path: Path) -> None:
    from api.store import open_store

    opened = open_store(Where(f"sqlite:///{tmp_path}/z.db", str(tmp_path / "blobs")))
    row = full_review(opened)
    files = ["grep", "-rlaF", PRIVATE, str(tmp_path)]
    assert subprocess.run(files, capture_output=True, text=True, check=False).stdout
    deletion.delete_review(opened, row.id, actor="t", now=NOW, reason="asked")
    deletion.sweep(opened, NOW)
    assert subprocess.run(files, capture_output=True, text=True, check=False).stdout == ""
    opened.close()


def test_what_another_review_needs_is_kept_for_it(store: Store) -> None:
    first, second = given_review(store, LICENCE, ANNEX), given_review(store, LICENCE)
    deletion.delete_review(store, first.id, actor="t", now=NOW, reason="asked")
    assert store.blobs.get(second.files[0].sha256) == LICENCE.data
    with pytest.raises(BlobMissing):
        store.blobs.get(first.files[1].sha256)
    deletion.delete_review(store, second.id, actor="t", now=NOW, reason="asked")
    assert list(store.blobs.names()) == []


def test_a_hold_stops_deletion_and_retention(store: Store) -> None:
    row = given_done(store)
    deletion.place_hold(store, row.id, "行政复议", actor="user:wang", now=NOW)
    with pytest.raises(UnderLegalHold):
        deletion.delete_review(store, row.id, actor="t", now=NOW, reason="asked")
    assert deletion.sweep(store, after(1_000)) == deletion.Swept(0, 0, 0)
    assert all(file.deleted_at is None for file in reviews.get_review(store, row.id).files)
    assert [row.id for row in [reviews.get_review(store, row.id)] if row.legal_hold == "行政复议"]
    deletion.lift_hold(store, row.id, actor="user:wang", now=NOW)
    assert deletion.sweep(store, after(1_000)).reviews == 1
    with pytest.raises(ReviewMissing):
        reviews.get_review(store, row.id)
    assert [entry.action for entry in log.entries(store, row.id)][-3:] == [
        "hold.placed",
        "hold.lifted",
        "review.deleted",
    ]
    with pytest.raises(ReviewMissing):
        deletion.place_hold(store, row.id, "late", actor="t", now=NOW)
    with pytest.raises(StoreError, match="理由"):
        deletion.place_hold(store, row.id, " ", actor="t", now=NOW)


def test_each_kind_of_paper_goes_in_its_time(store: Store) -> None:
    row = given_done(store, application={"name": "x"})
    licence, annex = (file.sha256 for file in row.files)
    for sha256 in (licence, annex):
        parts.save_part(store, row.id, sha256, 1, 1, b"part of " + sha256.encode(), NOW)
    assert deletion.sweep(store, after(9.9)) == deletion.Swept(0, 0, 0)

    assert deletion.sweep(store, after(10)) == deletion.Swept(0, 1, 0)
    first, second = reviews.get_review(store, row.id).files
    assert (first.deleted_at, first.name, second.deleted_at) == (after(10), "", None)
    assert not store.blobs.has(licence)
    assert [part.file_sha256 for part in parts.parts_of(store, row.id)] == [annex]

    assert deletion.sweep(store, after(50)) == deletion.Swept(0, 2, 0)  # the annex and what was typed in
    kept = reviews.get_review(store, row.id)
    assert reviews.application_of(store, kept) is None
    assert kept.report_sha256 is not None
    assert list(store.blobs.names()) == [kept.report_sha256]
    assert deletion.sweep(store, after(51)) == deletion.Swept(0, 0, 0)

    assert deletion.sweep(store, after(100)) == deletion.Swept(1, 0, 0)
    assert list(store.blobs.names()) == []
    assert log.verify(store).ok


def test_a_review_under_way_is_not_swept(store: Store) -> None:
    row = given_review(store)
    assert deletion.sweep(store, after(10_000)) == deletion.Swept(0, 0, 0)
    assert reviews.get_review(store, row.id) == row


def test_what_a_crash_left_behind_goes_after_a_day(store: Store) -> None:
    (sha256,) = store.keep("rev_that_never_was", [b"uploaded, then the process died"], NOW)
    assert deletion.sweep(store, after(0.5)).orphans == 0
    assert store.blobs.has(sha256)
    assert deletion.sweep(store, after(1.5)).orphans == 1
    assert not store.blobs.has(sha256)


def test_a_deletion_cut_off_between_rows_and_bytes_is_finished_by_the_sweep(store: Store) -> None:
    row = given_review(store)
    cut = [sa.delete(BLOB_OWNERS).where(BLOB_OWNERS.c.owner == row.id)]
    store.database.write(lambda connection: [connection.execute(statement) for statement in cut])
    store.blobs.delete(row.files[0].sha256)  # the first file had gone already
    assert deletion.sweep(store, NOW).orphans == 2
    left = store.database.read(lambda connection: connection.scalar(sa.select(sa.func.count()).select_from(BLOBS)))
    assert (left, list(store.blobs.names())) == (0, [])


def test_bytes_that_come_and_go_at_once_are_there_for_whoever_needs_them(store: Store) -> None:
    def keep_and_let_go(number: int) -> bytes:
        owner = f"rev_{number}"
        (sha256,) = store.keep(owner, [b"the same bytes"], NOW)
        seen = store.blobs.get(sha256)
        store.collect(store.database.write(lambda connection: disown(connection, owner)))
        return seen

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(keep_and_let_go, range(60))) == {b"the same bytes"}
    assert list(store.blobs.names()) == []


def test_the_log_cannot_be_changed_or_shortened_in_the_database(store: Store) -> None:
    keys.create_key(store, "k", [keys.Scope.READ], actor="t", now=NOW)
    for statement in (sa.update(LOG).values(actor="nobody"), sa.delete(LOG)):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            store.database.write(lambda connection, statement=statement: connection.execute(statement))
    assert log.verify(store).entries == 1
