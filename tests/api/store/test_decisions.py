"""Deciding in the store: bulk rows, corrections, four eyes, undo as a new act, and nobody overwritten unseen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from api.store import Store, log, reviews
from api.store.acts import CaseDecided, row_numbers, row_ranges
from api.store.decisions import (
    NothingToTakeBack,
    ReasonNeeded,
    Rejudged,
    SecondPersonNeeded,
    Who,
    correct,
    decide,
    decide_rows,
    inspect,
    opened,
    say,
    second,
    undo,
)
from api.store.deletion import delete_review
from api.store.errors import EditConflict, EntryMissing, ReviewMissing
from api.store.standing import Standing, standing
from models.errors import InputError
from models.finding import Verdict
from models.report import Decision, Recommendation
from tests.api.store.given import NOW, after, given_done

LI, WANG = Who("person:li"), Who("person:wang", may_second=True)
AGAIN = Rejudged("a" * 64, "b" * 64)


@pytest.fixture
def case(store: Store) -> Callable[[], Standing]:
    review = given_done(store)
    return lambda: standing(store, review)


def test_rows_are_ranges_and_come_back() -> None:
    assert row_ranges([5, 3, 4, 9, 3]) == "3-5,9"
    assert row_numbers("3-5,9") == (3, 4, 5, 9)
    assert (row_ranges([]), row_numbers("")) == ("", ())


def test_a_dismissal_needs_a_reason_and_a_second_person_repeats_it(store: Store, case: Callable[[], Standing]) -> None:
    review_id = case().review_id

    def dismiss(who: Who, version: int, reason: str = "") -> None:
        say(store, review_id, "f1", Verdict.DISMISSED, who, now=after(version), seen_version=version, reason=reason)

    with pytest.raises(ReasonNeeded, match="理由"):
        dismiss(LI, 0, "  ")
    dismiss(LI, 0, "印章遮住了一个字")
    assert case().words["f1"].seconded_by == ""
    for who in (LI, Who("person:zhao")):
        with pytest.raises(SecondPersonNeeded):
            dismiss(who, 1, "同意")
    with pytest.raises(EditConflict):
        dismiss(WANG, 0, "没有看到前一条")
    dismiss(WANG, 1)
    word = case().words["f1"]
    assert (word.by, word.reason, word.seconded_by, word.version) == (LI.actor, "印章遮住了一个字", WANG.actor, 2)
    say(store, review_id, "f1", None, LI, now=NOW, seen_version=2)
    assert case().words == {}
    assert case().words_said == 3
    dismiss(WANG, 3, "重新判断")
    assert case().words["f1"].seconded_by == ""  # what was taken back is no first word


def test_rows_are_decided_in_bulk_and_taken_back_in_bulk(store: Store, case: Callable[[], Standing]) -> None:
    review_id = case().review_id
    first = decide_rows(store, review_id, range(10_000), Decision.ISSUE, LI, now=NOW, seen=0, reason="标准已更新")
    decide_rows(store, review_id, [7], Decision.EXCLUDE, WANG, now=NOW, seen=first.number, reason="未获认可")
    rows = case().rows
    assert (len(rows), rows[6].decision, rows[7].decision, rows[7].by) == (10_000, "issue", "exclude", WANG.actor)
    with pytest.raises(EditConflict):
        decide_rows(store, review_id, [6, 7], Decision.HUMAN, LI, now=NOW, seen=first.number, reason="没看到")
    decide_rows(store, review_id, [8], Decision.HUMAN, LI, now=NOW, seen=first.number, reason="别的行不冲突")
    undo(store, review_id, 2, LI, now=NOW)
    assert case().rows[7].decision is Decision.ISSUE
    with pytest.raises(EditConflict):  # taking back is a change, too
        decide_rows(store, review_id, [7], Decision.HUMAN, LI, now=NOW, seen=3, reason="没看到")
    undo(store, review_id, 1, WANG, now=NOW, reason="误操作")
    assert set(case().rows) == {8}
    with pytest.raises(NothingToTakeBack):
        undo(store, review_id, 1, LI, now=NOW)
    with pytest.raises(EntryMissing):
        undo(store, review_id, 99, LI, now=NOW)
    with pytest.raises(ReasonNeeded):
        decide_rows(store, review_id, [1], Decision.ISSUE, LI, now=NOW, seen=5, reason="")
    with pytest.raises(InputError, match="选择"):
        decide_rows(store, review_id, [], Decision.ISSUE, LI, now=NOW, seen=5, reason="x")


def test_the_report_that_counts_is_the_one_judged_with_every_correction(
    store: Store, case: Callable[[], Standing]
) -> None:
    began = case()
    correct(
        store, began.review_id, "0/name", "海口", LI, now=NOW, seen=0, rejudged=AGAIN, before="海囗", facts={"x": 1}
    )
    assert (case().report_sha256, case().packed_sha256) == ("a" * 64, "b" * 64)
    assert case().corrections["0/name"].before == "海囗"
    with pytest.raises(EditConflict):
        correct(store, began.review_id, "0/address", "x", WANG, now=NOW, seen=0, rejudged=Rejudged("c" * 64, "d" * 64))
    correct(store, began.review_id, "0/address", None, WANG, now=NOW, seen=1, rejudged=Rejudged("c" * 64, "d" * 64))
    assert case().packed_sha256 == "d" * 64
    with pytest.raises(EditConflict):
        undo(store, began.review_id, 1, LI, now=NOW, seen=1, rejudged=AGAIN)
    undo(store, began.review_id, 2, LI, now=NOW, seen=2, rejudged=AGAIN)
    undo(store, began.review_id, 1, LI, now=NOW, seen=3)
    assert (case().report_sha256, case().corrections) == (began.report_sha256, {})


def test_a_decision_that_needs_two_stands_with_the_second(store: Store, case: Callable[[], Standing]) -> None:
    review_id = case().review_id

    def settle(who: Who, **more: Any) -> int:
        given: dict[str, Any] = {"needs_second": True, "overrules": False, "seen": case().number}
        words = case().words_said
        return decide(
            store, review_id, Recommendation.CORRECT, who, now=NOW, seen_words=words, **{**given, **more}
        ).number

    with pytest.raises(ReasonNeeded):
        settle(LI, overrules=True)
    with pytest.raises(InputError):
        decide(
            store,
            review_id,
            Recommendation.HUMAN,
            LI,
            now=NOW,
            seen=0,
            seen_words=0,
            needs_second=False,
            overrules=False,
        )
    say(store, review_id, "f1", Verdict.CONFIRMED, WANG, now=NOW, seen_version=0)
    with pytest.raises(EditConflict):  # a word came in between
        decide(
            store,
            review_id,
            Recommendation.CORRECT,
            LI,
            now=NOW,
            seen=0,
            seen_words=0,
            needs_second=True,
            overrules=False,
        )
    number = settle(LI)
    final = case().final
    assert final is not None
    assert (final.stands, final.by) == (False, LI.actor)
    for who in (LI, Who("person:zhao"), Who("person:li", may_second=True)):
        with pytest.raises(SecondPersonNeeded):
            second(store, review_id, number, who, now=NOW)
    with pytest.raises(CaseDecided):
        say(store, review_id, "f1", None, WANG, now=NOW, seen_version=1)
    with pytest.raises(CaseDecided):
        decide_rows(store, review_id, [1], Decision.ISSUE, WANG, now=NOW, seen=9, reason="x")
    second(store, review_id, number, WANG, now=after(1))
    final = case().final
    assert final is not None
    assert (final.stands, final.seconded_by, final.seconded_at) == (True, WANG.actor, after(1))
    with pytest.raises(CaseDecided):
        second(store, review_id, number, WANG, now=NOW)
    undo(store, review_id, number, LI, now=NOW, reason="申请人补充了材料")
    assert case().final is None
    settle(LI, needs_second=False)
    assert (final := case().final) is not None
    assert final.stands


def test_every_step_is_in_the_log(store: Store, case: Callable[[], Standing]) -> None:
    review_id = case().review_id
    say(store, review_id, "f1", Verdict.DISMISSED, LI, now=NOW, seen_version=0, reason="r", facts={"check": "ID-03"})
    decide_rows(store, review_id, [0, 1], Decision.ISSUE, LI, now=NOW, seen=0, reason="r")
    correct(store, review_id, "0/name", "海口", LI, now=NOW, seen=1, rejudged=AGAIN)
    undo(store, review_id, 1, WANG, now=NOW)
    inspect(store, review_id, WANG, now=NOW, missed=False)
    with pytest.raises(ReasonNeeded):
        inspect(store, review_id, WANG, now=NOW, missed=True)
    entries = [(e.action, e.actor) for e in log.entries(store, review_id)][2:]
    assert entries == [
        ("verdict", LI.actor),
        ("case.rows", LI.actor),
        ("case.correction", LI.actor),
        ("case.undo", WANG.actor),
        ("case.inspection", WANG.actor),
    ]
    assert log.verify(store).ok


def test_of_many_decisions_at_once_one_is_heard(store: Store, case: Callable[[], Standing]) -> None:
    review_id = case().review_id

    def settle(number: int) -> bool:
        try:
            decide_rows(store, review_id, [3], Decision.ISSUE, Who(f"person:{number}"), now=NOW, seen=0, reason="r")
        except EditConflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(settle, range(6))) == 1


def test_everything_goes_with_the_case(store: Store, case: Callable[[], Standing]) -> None:
    review_id = case().review_id
    opened(store, review_id, LI.actor, NOW)
    opened(store, review_id, LI.actor, after(1))
    decide_rows(store, review_id, [1], Decision.ISSUE, LI, now=NOW, seen=0, reason="r")
    delete_review(store, review_id, actor="key:k", now=NOW, reason="test")
    with pytest.raises(ReviewMissing):
        opened(store, review_id, WANG.actor, NOW)
    with pytest.raises(ReviewMissing):
        decide_rows(store, review_id, [1], Decision.ISSUE, LI, now=NOW, seen=0, reason="r")
    with pytest.raises(ReviewMissing):
        reviews.get_review(store, review_id)
