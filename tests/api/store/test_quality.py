"""Quality as reviewers see it: dismissals per check, corrections that hold, minutes without pauses, draws that anyone can repeat."""

import datetime as dt

from api.store import Store, quality, reviews
from api.store.decisions import Rejudged, Who, correct, decide, inspect, opened, say, undo
from api.store.reviews import ReviewRow, Summary
from models.finding import Verdict
from models.report import Recommendation
from tests.api.store.given import NOW, RETENTION, after, given_done, given_review

LI = Who("person:li")
EARLIER = NOW - dt.timedelta(days=1)


def minutes_later(minutes: float) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minutes)


def quiet(store: Store) -> ReviewRow:
    row = given_review(store)
    reviews.finish(store, row.id, b"{}", Summary("approve"), retention=RETENTION, actor="worker", now=NOW)
    return reviews.get_review(store, row.id)


def test_of_the_words_said_those_count_that_hold(store: Store) -> None:
    row = given_done(store)

    def word(fingerprint: str, check: str, verdict: Verdict | None, seen: int = 0) -> None:
        facts = {"check": check, "left": {"value": fingerprint}}
        say(store, row.id, fingerprint, verdict, LI, now=NOW, seen_version=seen, reason="r", facts=facts)

    word("f1", "ID-03", Verdict.DISMISSED)
    word("f2", "ID-03", Verdict.CONFIRMED)
    word("f2", "ID-03", Verdict.DISMISSED, 1)
    word("f3", "ID-03", Verdict.CONFIRMED)
    word("f4", "SC-04", Verdict.CONFIRMED)
    word("f5", "SC-05", Verdict.CONFIRMED)
    word("f5", "SC-05", None, 1)
    shares = quality.dismissals(store, EARLIER)
    assert [(each.check, each.confirmed, each.dismissed, round(each.share, 2)) for each in shares] == [
        ("ID-03", 1, 2, 0.67),
        ("SC-04", 1, 0, 0.0),
    ]
    assert quality.dismissals(store, after(1)) == []
    told = [(pair["label"], pair["fingerprint"], pair["verdict"]) for pair in quality.pairs(store, EARLIER)]
    assert told == [
        ("finding", "f1", "dismissed"),
        ("finding", "f2", "dismissed"),
        ("finding", "f3", "confirmed"),
        ("finding", "f4", "confirmed"),
    ]


def test_corrections_that_were_taken_back_do_not_count(store: Store) -> None:
    row = given_done(store)
    for seen, (place, value) in enumerate([("0/name", "新"), ("1/name", None), ("0/address", "错")]):
        facts = {"kind": "business_licence", "name": place[2:], "confidence": 0.5 + seen / 10, "corrected": value}
        made = Rejudged(str(seen) * 64, "b" * 64)
        correct(store, row.id, place, value, LI, now=NOW, seen=seen, rejudged=made, facts=facts)
    undo(store, row.id, 3, LI, now=NOW, seen=3)
    (count,) = quality.corrections(store, EARLIER)
    assert (count.name, count.corrected, count.illegible, round(count.confidence, 2)) == ("name", 1, 1, 0.55)
    assert [pair["place"] for pair in quality.pairs(store, EARLIER)] == ["0/name", "1/name"]


def test_minutes_are_counted_without_pauses(store: Store) -> None:
    row = given_done(store)
    opened(store, row.id, LI.actor, NOW)
    say(store, row.id, "f1", Verdict.CONFIRMED, LI, now=minutes_later(4), seen_version=0)
    say(store, row.id, "f2", Verdict.CONFIRMED, LI, now=minutes_later(90), seen_version=0)  # after lunch
    more = {"seen": 0, "seen_words": 2, "needs_second": False, "overrules": False}
    decide(store, row.id, Recommendation.CORRECT, LI, now=minutes_later(93), **more)  # type: ignore[arg-type]
    (spent,) = quality.minutes(store, EARLIER)
    assert (spent.review_id, spent.minutes, spent.decided_at) == (row.id, 7.0, minutes_later(93))


def test_draws_are_the_same_for_all_and_of_quiet_cases_only(store: Store) -> None:
    drawn = [quality.draw(f"rev_{number}", "seed") for number in range(4_000)]
    assert drawn == [quality.draw(f"rev_{number}", "seed") for number in range(4_000)]
    assert drawn != [quality.draw(f"rev_{number}", "another") for number in range(4_000)]
    assert 0.04 < sum(each < 0.05 for each in drawn) / len(drawn) < 0.06
    loud, calm = given_done(store), quiet(store)
    assert not quality.is_drawn(loud, 100, "seed")
    assert quality.is_drawn(calm, 100, "seed")
    assert not quality.is_drawn(calm, 0, "seed")
    assert [(each.review.id, each.found) for each in quality.inspections(store, 100, "seed")] == [(calm.id, "")]
    inspect(store, calm.id, LI, now=NOW, missed=True, reason="附件缺第3页")
    (done,) = quality.inspections(store, 100, "seed")
    assert (done.found, done.actor, done.reason) == ("missed", LI.actor, "附件缺第3页")
