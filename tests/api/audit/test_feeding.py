"""Feeding: never more under way than allowed, every item once, and a bad item is an item with an error."""

import threading
from collections import Counter
from pathlib import Path

from api.audit.feeding import Feed
from api.audit.manifest import open_manifest
from api.store import Store, audits, listing, reviews
from api.store.audits import under_way
from api.store.reviews import State
from tests.api.audit.given import audit_in, ended, listed, number_of


def test_only_so_many_items_are_under_way_at_once(store: Store, tmp_path: Path) -> None:
    manifest = listed(tmp_path / "papers", 9)
    audit = audit_in(store, manifest)
    submitted: list[str] = []
    most: list[int] = []
    told: list[tuple[int, int]] = []

    def take(review_id: str) -> None:
        """Somebody works on three at a time, elsewhere."""
        submitted.append(review_id)
        most.append(len(under_way(store, audit.id)))
        if len(most) % 3 == 0:
            threading.Thread(target=lambda some: [ended(store, one) for one in some], args=(submitted[-3:],)).start()

    progress = lambda _, done, total: told.append((done, total))  # noqa: E731 - noted as it comes
    Feed(store, audit, manifest, take, "test", progress, ahead=3).run()
    assert max(most) == 3
    assert len(submitted) == len(set(submitted)) == 9
    assert [item.state for item in audits.items(store, audit.id)] == [State.DONE] * 9
    assert [item.certificate for item in audits.items(store, audit.id)] == [number_of(n) for n in range(1, 10)]
    assert told[-1] == (9, 9)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_going_on_repeats_nothing_and_loses_nothing(store: Store, tmp_path: Path) -> None:
    manifest = listed(tmp_path / "papers", 6)
    audit = audit_in(store, manifest)
    taken: Counter[str] = Counter()

    def first(review_id: str) -> None:
        taken[review_id] += 1
        if len(taken) == 4:
            raise KeyboardInterrupt
        ended(store, review_id)

    def then(review_id: str) -> None:
        taken[review_id] += 1
        ended(store, review_id)

    try:
        Feed(store, audit, manifest, first, "test").run()
    except KeyboardInterrupt:
        (cut_off,) = under_way(store, audit.id)  # written down, but the engine was not told: a worker finds it
    ended(store, cut_off)
    Feed(store, audit, manifest, then, "test").run()
    assert len(taken) == 6
    assert set(taken.values()) == {1}
    Feed(store, audit, manifest, then, "test").run()
    assert sum(taken.values()) == 6
    assert [item.position for item in audits.items(store, audit.id)] == [1, 2, 3, 4, 5, 6]


def test_a_bad_item_is_an_item_with_an_error(store: Store, tmp_path: Path) -> None:
    listed(tmp_path / "papers", 3)
    path = tmp_path / "papers" / "清单.csv"
    more = f"{number_of(4)},无此文件.pdf,\n{number_of(1)},1.ofd,\n,2.ofd,\n"
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    manifest = open_manifest(path)
    audit = audit_in(store, manifest)
    Feed(store, audit, manifest, lambda review_id: ended(store, review_id), "test").run()
    items = list(audits.items(store, audit.id))
    assert [(item.state, item.error_code) for item in items[3:]] == [
        (State.FAILED, "item_invalid"),
        (State.FAILED, "item_invalid"),
        (State.DONE, None),
    ]
    assert "无此文件.pdf" in (items[3].error_message or "")
    assert items[5].certificate == "#6"


def test_an_engine_that_is_away_costs_nothing(store: Store, tmp_path: Path) -> None:
    """What cannot be submitted is on the list of reviews, which is the list of work."""
    manifest = listed(tmp_path / "papers", 1)
    audit = audit_in(store, manifest)

    def away(review_id: str) -> None:
        ended(store, review_id)
        raise ConnectionError("the engine's database is away")

    Feed(store, audit, manifest, away, "test").run()
    assert [item.state for item in audits.items(store, audit.id)] == [State.DONE]


def test_items_of_audits_are_in_no_list_of_reviews(store: Store, tmp_path: Path) -> None:
    manifest = listed(tmp_path / "papers", 2)
    audit = audit_in(store, manifest)
    made: list[str] = []

    def take(review_id: str) -> None:
        made.append(review_id)
        ended(store, review_id)

    Feed(store, audit, manifest, take, "test").run()
    assert [reviews.get_review(store, one).purpose for one in made] == ["audit", "audit"]
    assert listing.list_reviews(store) == ([], None)
    assert not sum(listing.count_reviews(store).values())
