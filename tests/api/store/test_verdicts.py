"""Verdicts: every word kept, the newest holds, nobody overrules what he has not seen."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from api.store import Store, log
from api.store.errors import EditConflict, ReviewMissing
from api.store.verdicts import history_of, record_verdict, verdicts_of
from models.finding import Verdict
from tests.api.store.given import NOW, after, given_done


def test_the_newest_word_holds_and_all_are_kept(store: Store) -> None:
    row = given_done(store)
    first = record_verdict(store, row.id, "f1", Verdict.CONFIRMED, actor="user:li", now=NOW, seen_version=0)
    second = record_verdict(
        store,
        row.id,
        "f1",
        Verdict.DISMISSED,
        actor="user:wang",
        now=after(1),
        seen_version=1,
        reason="看错了",
        value="椰风",
    )
    back = record_verdict(store, row.id, "f1", None, actor="user:wang", now=after(2), seen_version=2)
    record_verdict(store, row.id, "f2", Verdict.UNSURE, actor="user:li", now=NOW, seen_version=0)
    assert history_of(store, row.id, "f1") == [first, second, back]
    assert {f: v.verdict for f, v in verdicts_of(store, row.id).items()} == {"f1": None, "f2": Verdict.UNSURE}
    said = [entry.details for entry in log.entries(store, row.id) if entry.action == "verdict"]
    assert said[1] is not None
    assert (said[1]["before"]["verdict"], said[1]["after"]["reason"]) == ("confirmed", "看错了")


def test_a_word_on_what_has_changed_is_refused(store: Store) -> None:
    row = given_done(store)
    record_verdict(store, row.id, "f1", Verdict.CONFIRMED, actor="a", now=NOW, seen_version=0)
    for seen in (0, 2):
        with pytest.raises(EditConflict):
            record_verdict(store, row.id, "f1", Verdict.DISMISSED, actor="b", now=NOW, seen_version=seen)
    with pytest.raises(ReviewMissing):
        record_verdict(store, "rev_0", "f1", Verdict.DISMISSED, actor="b", now=NOW, seen_version=0)


def test_of_many_at_once_one_is_heard(store: Store) -> None:
    row = given_done(store)

    def say(number: int) -> bool:
        try:
            record_verdict(store, row.id, "f1", Verdict.CONFIRMED, actor=f"user:{number}", now=NOW, seen_version=0)
        except EditConflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(say, range(8))) == 1
    assert len(history_of(store, row.id, "f1")) == 1
