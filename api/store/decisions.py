"""Deciding: rows in bulk, corrections, the final decision with its second person, and taking any of it back; nothing is overwritten."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store.acts import (
    Act,
    CaseDecided,
    Kind,
    append,
    effective,
    is_correction,
    locked,
    newest,
    read_acts,
    still_open,
)
from api.store.errors import EditConflict, EntryMissing
from api.store.opened import Store, claim
from api.store.schema_deciding import DECIDED, LABELS, OPENINGS
from api.store.verdicts import VerdictRow, all_verdicts, record_verdict
from models.errors import InputError
from models.finding import Verdict
from models.report import Decision, Recommendation


class ReasonNeeded(InputError):
    """请填写理由：推翻程序的结论须说明为什么。 Please give a reason: overruling the program needs one."""

    code = "reason_needed"


class SecondPersonNeeded(EditConflict):
    """阻断性发现的排除和含阻断性发现案件的决定须由另一名复核人员复核，不能由同一人完成。

    Dismissing a blocking finding, and deciding a case that has one, takes a second reviewer who is another person.
    """

    code = "second_person_needed"


class NothingToTakeBack(EditConflict):
    """这一步已被撤销，或已被后来的操作取代。 This was taken back already, or something newer stands in its place."""

    code = "nothing_to_take_back"


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts: the actor of the log, and whether he may be the second person."""

    actor: str
    may_second: bool = False


def say(
    store: Store,
    review_id: str,
    fingerprint: str,
    verdict: Verdict | None,
    who: Who,
    *,
    now: dt.datetime,
    seen_version: int,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> VerdictRow:
    """A word on a finding; None takes the word before it back. `facts` say what the machine had found.

    Dismissing needs a reason. What one person dismissed another dismisses again to agree, which takes somebody who may be the second;
    on a blocking finding a dismissal counts only then. EditConflict, CaseDecided, ReasonNeeded, SecondPersonNeeded.
    """
    reason = reason.strip()

    def check(connection: Connection, before: VerdictRow | None) -> None:
        still_open(connection, review_id)
        if (before.version if before else 0) != seen_version:
            raise EditConflict
        if verdict is not Verdict.DISMISSED:
            return
        if before is not None and before.verdict is Verdict.DISMISSED:
            if before.actor == who.actor or not who.may_second:
                raise SecondPersonNeeded
        elif not reason:
            raise ReasonNeeded

    def label(connection: Connection, row: VerdictRow) -> None:
        if facts is not None and verdict is not None:
            _label(connection, review_id, "finding", fingerprint, row.version, now, facts)

    return record_verdict(
        store,
        review_id,
        fingerprint,
        verdict,
        actor=who.actor,
        now=now,
        seen_version=seen_version,
        reason=reason,
        check=check,
        also=label,
    )


def decide_rows(
    store: Store,
    review_id: str,
    rows: Collection[int],
    decision: Decision,
    who: Who,
    *,
    now: dt.datetime,
    seen: int,
    reason: str,
    overrules: bool = True,
) -> Act:
    """Decide on claimed rows together. EditConflict where somebody decided on one of them after act `seen`; ReasonNeeded, CaseDecided."""
    wanted = frozenset(rows)
    if not wanted:
        raise InputError("请先选择能力项。 Select some rows first.")
    if overrules and not reason.strip():
        raise ReasonNeeded

    def work(connection: Connection) -> Act:
        acts = _open_acts(connection, review_id)
        for act in acts:
            if act.number > seen and not wanted.isdisjoint(_rows_of(act, acts)):
                raise EditConflict
        done = Act(
            review_id,
            _next(acts),
            Kind.ROWS,
            who.actor,
            now,
            tuple(sorted(wanted)),
            decision=decision,
            reason=reason.strip(),
        )
        append(connection, done)
        return done

    return store.database.write(work)


@dataclass(frozen=True, slots=True)
class Rejudged:
    """A report as judged again, already kept in the store: its JSON and its packed form."""

    report_sha256: str
    packed_sha256: str


def correct(
    store: Store,
    review_id: str,
    place: str,
    value: str | None,
    who: Who,
    *,
    now: dt.datetime,
    seen: int,
    rejudged: Rejudged,
    before: str = "",
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Act:
    """Write down what stands at a place, with the report that was made of it and every earlier correction.

    EditConflict where anything was corrected after act `seen`: the report would lack that.
    """

    def work(connection: Connection) -> Act:
        acts = _open_acts(connection, review_id)
        if any(act.number > seen and is_correction(act, acts) for act in acts):
            raise EditConflict
        done = Act(
            review_id,
            _next(acts),
            Kind.CORRECTION,
            who.actor,
            now,
            place=place,
            value=value,
            before=before,
            reason=reason.strip(),
            report_sha256=rejudged.report_sha256,
            packed_sha256=rejudged.packed_sha256,
        )
        append(connection, done)
        if facts is not None:
            _label(connection, review_id, "field", place, done.number, now, facts)
        return done

    return store.database.write(work)


def decide(
    store: Store,
    review_id: str,
    decision: Recommendation,
    who: Who,
    *,
    now: dt.datetime,
    seen: int,
    seen_words: int,
    needs_second: bool,
    overrules: bool,
    reason: str = "",
) -> Act:
    """The final decision. EditConflict where anything changed since the person saw the case: acts after `seen`, words after `seen_words`.

    Where it `needs_second` it stands once another person agrees (`second`). ReasonNeeded where it `overrules` what the report recommends.
    """
    if decision is Recommendation.HUMAN:
        raise InputError("请作出明确的决定。 Decide one way or the other.")
    if overrules and not reason.strip():
        raise ReasonNeeded

    def work(connection: Connection) -> Act:
        acts = _open_acts(connection, review_id)
        if newest(acts) > seen or len(all_verdicts(connection, review_id)) > seen_words:
            raise EditConflict
        done = Act(
            review_id,
            _next(acts),
            Kind.FINAL,
            who.actor,
            now,
            decision=decision,
            reason=reason.strip(),
            needs_second=needs_second,
        )
        append(connection, done)
        if not needs_second:
            claim(connection, DECIDED, review_id=review_id, decision=decision, at=now, actor=who.actor)
        return done

    return store.database.write(work)


def second(store: Store, review_id: str, about: int, who: Who, *, now: dt.datetime, reason: str = "") -> Act:
    """Agree with the final decision of another person, which then stands. SecondPersonNeeded, EditConflict where there is none such."""

    def work(connection: Connection) -> Act:
        locked(connection, review_id)
        acts = read_acts(connection, review_id)
        final = next((act for act in effective(acts) if act.kind is Kind.FINAL), None)
        if final is None or final.number != about:
            raise EditConflict
        if any(act.kind is Kind.SECOND for act in effective(acts)) or not final.needs_second:
            raise CaseDecided
        if final.actor == who.actor or not who.may_second:
            raise SecondPersonNeeded
        done = Act(review_id, _next(acts), Kind.SECOND, who.actor, now, about=about, reason=reason.strip())
        append(connection, done, decision=final.decision)
        claim(connection, DECIDED, review_id=review_id, decision=final.decision, at=now, actor=who.actor)
        return done

    return store.database.write(work)


def undo(
    store: Store,
    review_id: str,
    about: int,
    who: Who,
    *,
    now: dt.datetime,
    reason: str = "",
    seen: int | None = None,
    rejudged: Rejudged | None = None,
) -> Act:
    """Take an act back, as a new act: rows and fields are what they were before it. NothingToTakeBack, EntryMissing, CaseDecided.

    A correction is taken back with the report as judged without it (`rejudged`; None where none is left), which no correction after
    act `seen` may have outdated: EditConflict. A final decision is the only thing to take back from a case that has one.
    """

    def work(connection: Connection) -> Act:
        locked(connection, review_id)
        acts = read_acts(connection, review_id)
        mine = next((act for act in acts if act.number == about), None)
        if mine is None:
            raise EntryMissing
        held = effective(acts)
        if mine not in held or mine.kind is Kind.SECOND:
            raise NothingToTakeBack
        if mine.kind is not Kind.FINAL and any(act.kind is Kind.FINAL for act in held):
            raise CaseDecided
        if mine.kind is Kind.CORRECTION and any(act.number > (seen or 0) and is_correction(act, acts) for act in acts):
            raise EditConflict
        hashes = (rejudged.report_sha256, rejudged.packed_sha256) if rejudged else (None, None)
        done = Act(
            review_id,
            _next(acts),
            Kind.UNDO,
            who.actor,
            now,
            about=about,
            reason=reason.strip(),
            report_sha256=hashes[0],
            packed_sha256=hashes[1],
        )
        append(connection, done)
        if mine.kind is Kind.FINAL:
            connection.execute(sa.delete(DECIDED).where(DECIDED.c.review_id == review_id))
        return done

    return store.database.write(work)


def inspect(store: Store, review_id: str, who: Who, *, now: dt.datetime, missed: bool, reason: str = "") -> Act:
    """Write down what a re-inspection of a case without objections found: whether something was missed, and what. ReasonNeeded."""
    if missed and not reason.strip():
        raise ReasonNeeded

    def work(connection: Connection) -> Act:
        locked(connection, review_id)
        acts = read_acts(connection, review_id)
        found = "missed" if missed else "right"
        done = Act(review_id, _next(acts), Kind.INSPECTION, who.actor, now, decision=found, reason=reason.strip())
        append(connection, done)
        return done

    return store.database.write(work)


def opened(store: Store, review_id: str, actor: str, now: dt.datetime) -> None:
    """Note when a person first opened the case. ReviewMissing."""

    def work(connection: Connection) -> None:
        locked(connection, review_id)
        claim(connection, OPENINGS, review_id=review_id, actor=actor, at=now)

    known = sa.select(OPENINGS.c.at).where(OPENINGS.c.review_id == review_id, OPENINGS.c.actor == actor)
    if store.database.read(lambda connection: connection.execute(known).first()) is None:
        store.database.write(work)


def _open_acts(connection: Connection, review_id: str) -> list[Act]:
    still_open(connection, review_id)
    return read_acts(connection, review_id)


def _rows_of(act: Act, acts: Iterable[Act]) -> tuple[int, ...]:
    """The rows that an act decided on, or whose decision it took back."""
    if act.kind is Kind.UNDO:
        return next((other.rows for other in acts if other.number == act.about), ())
    return act.rows


def _next(acts: Collection[Act]) -> int:
    return newest(acts) + 1


def _label(
    connection: Connection,
    review_id: str,
    kind: str,
    subject: str,
    version: int,
    at: dt.datetime,
    facts: Mapping[str, Any],
) -> None:
    claim(
        connection, LABELS, review_id=review_id, kind=kind, subject=subject, version=version, at=at, facts=dict(facts)
    )
