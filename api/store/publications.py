"""Breaches of trust that were decided: what is to be published, what was, what is to be withdrawn, and what was."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store import log
from api.store.errors import EditConflict, EntryMissing
from api.store.ids import new_id
from api.store.opened import Store
from api.store.schema_supervision import PUBLICATIONS


class Stage(StrEnum):
    """draft: to be published; sent; repaired: to be withdrawn; withdrawn; dropped: never published."""

    DRAFT = "draft"
    SENT = "sent"
    REPAIRED = "repaired"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


WAITING = (Stage.DRAFT, Stage.REPAIRED)
"""What the gateway has not been told of."""


@dataclass(frozen=True, slots=True)
class Publication:
    """One record. `findings` are fingerprints of the review's findings that were confirmed; `answer` is the gateway's last reference."""

    id: str
    version: int
    state: Stage
    name: str
    unified_social_credit_code: str
    certificate: str
    category: str
    reason: str
    basis: str
    authority: str
    document_number: str
    decided_on: dt.date
    published_until: dt.date
    review_id: str | None
    findings: tuple[str, ...]
    repaired_on: dt.date | None
    repair_document: str
    sent_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    answer: str
    actor: str
    created_at: dt.datetime


def add_publication(
    store: Store,
    *,
    name: str,
    unified_social_credit_code: str,
    certificate: str,
    category: str,
    reason: str,
    basis: str,
    authority: str,
    document_number: str,
    decided_on: dt.date,
    published_until: dt.date,
    actor: str,
    now: dt.datetime,
    review_id: str | None = None,
    findings: Sequence[str] = (),
) -> Publication:
    """Write a draft down; nothing leaves the house by this."""
    row = Publication(
        new_id("pub", now),
        1,
        Stage.DRAFT,
        name,
        unified_social_credit_code,
        certificate,
        category,
        reason,
        basis,
        authority,
        document_number,
        decided_on,
        published_until,
        review_id,
        tuple(findings),
        None,
        "",
        None,
        None,
        "",
        actor,
        now,
    )

    def work(connection: Connection) -> None:
        values = {field: getattr(row, field) for field in Publication.__slots__}
        values |= {"state": row.state.value, "findings": list(row.findings)}
        connection.execute(sa.insert(PUBLICATIONS).values(**values))
        log.append(connection, actor, "publication.drafted", row.id, now, document=document_number, review=review_id)

    store.database.write(work)
    return row


def publications(store: Store, states: Sequence[Stage] = ()) -> list[Publication]:
    """Every record, or those in these states, oldest first."""
    question = sa.select(PUBLICATIONS).order_by(PUBLICATIONS.c.created_at, PUBLICATIONS.c.id)
    if states:
        question = question.where(PUBLICATIONS.c.state.in_([state.value for state in states]))
    return [_row(row) for row in store.database.read(lambda connection: connection.execute(question).all())]


def get_publication(store: Store, publication_id: str) -> Publication:
    """EntryMissing where there is none."""
    question = sa.select(PUBLICATIONS).where(PUBLICATIONS.c.id == publication_id)
    row = store.database.read(lambda connection: connection.execute(question).first())
    if row is None:
        raise EntryMissing
    return _row(row)


def mark_told(store: Store, row: Publication, answer: str, *, actor: str, now: dt.datetime) -> None:
    """The gateway has taken the record (a draft is sent now, a repaired one withdrawn). EditConflict where it changed meanwhile."""
    if row.state is Stage.DRAFT:
        _change(store, row, "publication.sent", actor, now, state=Stage.SENT, sent_at=now, answer=answer)
    else:
        _change(store, row, "publication.withdrawn", actor, now, state=Stage.WITHDRAWN, withdrawn_at=now, answer=answer)


def repair(
    store: Store, row: Publication, repaired_on: dt.date, document: str, *, actor: str, now: dt.datetime
) -> None:
    """The breach is repaired: what was published is to be withdrawn, what was not is never published. EditConflict elsewhere."""
    if row.state not in (Stage.DRAFT, Stage.SENT):
        raise EditConflict
    state = Stage.REPAIRED if row.state is Stage.SENT else Stage.DROPPED
    _change(
        store, row, "publication.repaired", actor, now, state=state, repaired_on=repaired_on, repair_document=document
    )


def drop(store: Store, row: Publication, *, actor: str, now: dt.datetime) -> None:
    """A draft is not to be published after all. EditConflict where it is none any more."""
    if row.state is not Stage.DRAFT:
        raise EditConflict
    _change(store, row, "publication.dropped", actor, now, state=Stage.DROPPED)


def _change(
    store: Store, row: Publication, action: str, actor: str, now: dt.datetime, *, state: Stage, **values: Any
) -> None:
    mine = sa.and_(PUBLICATIONS.c.id == row.id, PUBLICATIONS.c.version == row.version)
    change = sa.update(PUBLICATIONS).where(mine).values(state=state.value, version=row.version + 1, **values)

    def work(connection: Connection) -> None:
        if not connection.execute(change).rowcount:
            raise EditConflict
        log.append(connection, actor, action, row.id, now, before=row.state.value, after=state.value)

    store.database.write(work)


def _row(row: Any) -> Publication:
    return Publication(**{**row._mapping, "state": Stage(row.state), "findings": tuple(row.findings)})
