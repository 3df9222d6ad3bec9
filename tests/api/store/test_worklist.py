"""What the work list counts and finds."""

import datetime as dt

from api.store import Store, reviews
from api.store.listing import Filters, list_reviews
from api.store.opened import claim
from api.store.schema_deciding import DECIDED
from api.store.worklist import FinalDecision, counts, decided_among
from tests.api.store.given import NOW, RETENTION, File, after, given_done, given_review

TODAY = NOW.date()


def day(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def decide(store: Store, review_id: str) -> None:
    store.database.write(
        lambda connection: claim(connection, DECIDED, review_id=review_id, decision="approve", at=NOW, actor="person:x")
    )


def test_cases_are_counted_by_what_they_wait_for(store: Store) -> None:
    given_review(store, due_on=day(-1))
    given_done(store, due_on=day(0), due_for="correction")
    given_done(store, due_on=day(7))
    given_done(store, due_on=day(8))
    decided = given_done(store, due_on=day(-3))
    decide(store, decided.id)
    failed = given_review(store)
    reviews.fail(store, failed.id, "x", "y", retention=RETENTION, actor="x", now=NOW)
    cancelled = given_review(store, due_on=day(-9))
    reviews.cancel(store, cancelled.id, retention=RETENTION, actor="x", now=NOW)
    given_review(store, purpose=reviews.AUDIT, due_on=day(-1))
    found = counts(store, TODAY)
    assert (found.open, found.waiting, found.decided, found.without) == (1, 3, 1, 2)
    assert (found.due, found.overdue, found.all) == (2, 1, 7)
    assert decided_among(store, [decided.id, failed.id]) == {decided.id: FinalDecision("approve", "person:x", NOW)}
    assert [row.id for row in list_reviews(store, Filters(decided=True))[0]] == [decided.id]


def test_a_case_is_found_by_part_of_its_name_numbers_and_files(store: Store) -> None:
    done = given_done(store)
    waiting = given_review(store, File("100%_营业执照.jpg", b"x"), now=after(1))
    for text, ids in {
        "椰风": [done.id],
        "maa9abc": [done.id],
        "l9876": [done.id],
        "营业执照": [waiting.id, done.id],
        "100%_": [waiting.id],
        "%": [waiting.id],
        done.id: [done.id],
        "没有": [],
    }.items():
        assert [row.id for row in list_reviews(store, Filters(text=text))[0]] == ids, text
    assert [row.id for row in list_reviews(store, Filters(ids=[done.id]))[0]] == [done.id]
