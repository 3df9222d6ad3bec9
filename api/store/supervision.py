"""What supervision after issue writes down: verified commitments, letters asking for corrections, who was told, who was drawn."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store import log
from api.store.errors import EntryMissing
from api.store.ids import new_id
from api.store.opened import Store, claim
from api.store.schema import REVIEWS
from api.store.schema_supervision import ASSIGNMENTS, CORRECTIONS, DUE_NOTICES, VERIFICATIONS
from models.codes import cma_number
from models.records import Verified


@dataclass(frozen=True, slots=True)
class Verification:
    """承诺核查 of one certificate, with its outcome."""

    id: str
    certificate: str
    verified_on: dt.date
    outcome: Verified
    note: str
    actor: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Correction:
    """A 补正通知 that was sent, and the day on which it was answered, if it was. `subject` is a review or an application's number."""

    id: str
    subject: str
    name: str
    sent_on: dt.date
    working_days: int
    answered_on: dt.date | None
    actor: str
    at: dt.datetime


def record_verification(
    store: Store,
    certificate: str,
    verified_on: dt.date,
    outcome: Verified,
    *,
    actor: str,
    now: dt.datetime,
    note: str = "",
) -> Verification:
    """Write down what a verification came to; a later entry for the certificate holds in place of this one."""
    certificate = cma_number.compact(certificate)
    row = Verification(new_id("vfy", now), certificate, verified_on, outcome, note, actor, now)

    def work(connection: Connection) -> None:
        values = {name: getattr(row, name) for name in Verification.__slots__}
        connection.execute(sa.insert(VERIFICATIONS).values(**values | {"outcome": outcome.value}))
        said = {"verified_on": verified_on.isoformat(), "outcome": outcome.value}
        log.append(connection, actor, "commitment.verified", certificate, now, **said)

    store.database.write(work)
    return row


def verifications(store: Store) -> dict[str, Verification]:
    """The verification that holds for each certificate."""
    question = sa.select(VERIFICATIONS).order_by(VERIFICATIONS.c.at, VERIFICATIONS.c.id)
    rows = store.database.read(lambda connection: connection.execute(question).all())
    return {row.certificate: Verification(**{**row._mapping, "outcome": Verified(row.outcome)}) for row in rows}


def record_correction(
    store: Store, subject: str, name: str, sent_on: dt.date, working_days: int, *, actor: str, now: dt.datetime
) -> Correction:
    """Write down that a 补正通知 was sent, giving so many working days."""
    row = Correction(new_id("cor", now), subject, name, sent_on, working_days, None, actor, now)

    def work(connection: Connection) -> None:
        values = {name: getattr(row, name) for name in Correction.__slots__}
        connection.execute(sa.insert(CORRECTIONS).values(**values))
        said = {"sent_on": sent_on.isoformat(), "working_days": working_days}
        log.append(connection, actor, "correction.asked", subject, now, **said)

    store.database.write(work)
    return row


def answer_correction(store: Store, subject: str, answered_on: dt.date, *, actor: str, now: dt.datetime) -> None:
    """The applicant has answered every open letter of this review or application. EntryMissing where none is open."""
    open_ones = sa.and_(CORRECTIONS.c.subject == subject, CORRECTIONS.c.answered_on.is_(None))

    def work(connection: Connection) -> None:
        changed = connection.execute(sa.update(CORRECTIONS).where(open_ones).values(answered_on=answered_on))
        if not changed.rowcount:
            raise EntryMissing
        log.append(connection, actor, "correction.answered", subject, now, answered_on=answered_on.isoformat())

    store.database.write(work)


def corrections(store: Store) -> list[Correction]:
    """Every letter that was sent, oldest first."""
    question = sa.select(CORRECTIONS).order_by(CORRECTIONS.c.sent_on, CORRECTIONS.c.id)
    rows = store.database.read(lambda connection: connection.execute(question).all())
    return [Correction(**row._mapping) for row in rows]


def told(store: Store, subscription_id: str) -> set[tuple[str, str]]:
    """(item, event) of which a subscriber was told."""
    question = sa.select(DUE_NOTICES.c.item, DUE_NOTICES.c.event).where(
        DUE_NOTICES.c.subscription_id == subscription_id
    )
    return {(row.item, row.event) for row in store.database.read(lambda connection: connection.execute(question).all())}


def tell(store: Store, subscription_id: str, item: str, event: str, now: dt.datetime) -> bool:
    """A subscriber has been told of a deadline; False where that was written down before."""
    return store.database.write(
        lambda connection: claim(
            connection, DUE_NOTICES, subscription_id=subscription_id, item=item, event=event, at=now
        )
    )


def assign(store: Store, record: str, persons: Collection[str], subject: str, *, actor: str, now: dt.datetime) -> None:
    """The persons drawn by a record (its SHA-256) have a task more until it ends; the same record again changes nothing."""

    def work(connection: Connection) -> None:
        fresh = [
            claim(connection, ASSIGNMENTS, record=record, person=person, subject=subject, at=now) for person in persons
        ]
        if any(fresh):
            log.append(connection, actor, "draw.assigned", record, now, task=subject, persons=len(persons))

    store.database.write(work)


def end_assignments(store: Store, record: str, *, actor: str, now: dt.datetime) -> None:
    """The task of a record is done. EntryMissing where it has nobody under way."""
    open_ones = sa.and_(ASSIGNMENTS.c.record == record, ASSIGNMENTS.c.ended_at.is_(None))

    def work(connection: Connection) -> None:
        if not connection.execute(sa.update(ASSIGNMENTS).where(open_ones).values(ended_at=now)).rowcount:
            raise EntryMissing
        log.append(connection, actor, "draw.ended", record, now)

    store.database.write(work)


def workloads(store: Store) -> Mapping[str, int]:
    """How many tasks are under way, by person."""
    question = (
        sa.select(ASSIGNMENTS.c.person, sa.func.count().label("number"))
        .where(ASSIGNMENTS.c.ended_at.is_(None))
        .group_by(ASSIGNMENTS.c.person)
    )
    rows = store.database.read(lambda connection: connection.execute(question).all())
    return {row.person: row.number for row in rows}


def newest_counts(store: Store, codes: Iterable[str]) -> Mapping[str, tuple[int, int]]:
    """Blocking and major findings of the newest finished review of each of these bodies, by credit code."""
    table, wanted = REVIEWS.c, set(codes)
    question = (
        sa.select(table.unified_social_credit_code, table.blocking, table.major)
        .where(table.state == "done", table.unified_social_credit_code != "")
        .order_by(table.created_at, table.id)
    )
    rows = store.database.read(lambda connection: connection.execute(question).all())
    return {
        row.unified_social_credit_code: (row.blocking, row.major)
        for row in rows
        if row.unified_social_credit_code in wanted
    }
