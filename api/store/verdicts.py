"""The human's word on findings: nothing is overwritten, the newest word holds, and nobody overrules what he has not seen."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store import log
from api.store.errors import EditConflict, ReviewMissing
from api.store.opened import Store, claim
from api.store.schema import REVIEWS, VERDICTS
from models.finding import Verdict


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One word on one finding; `verdict` None takes the word before it back, `value` is what should have been read."""

    review_id: str
    fingerprint: str
    version: int
    verdict: Verdict | None
    value: str | None
    reason: str
    actor: str
    at: dt.datetime


def record_verdict(
    store: Store,
    review_id: str,
    fingerprint: str,
    verdict: Verdict | None,
    *,
    actor: str,
    now: dt.datetime,
    seen_version: int,
    value: str | None = None,
    reason: str = "",
    check: Callable[[Connection, VerdictRow | None], None] | None = None,
    also: Callable[[Connection, VerdictRow], None] | None = None,
) -> VerdictRow:
    """Add a word. `seen_version` is the version that the person saw, 0 for none; EditConflict where there is a newer one.

    `check` is shown the word before and may refuse by raising; `also` writes what goes with the word. Both run in the transaction.
    """

    def work(connection: Connection) -> VerdictRow:
        if connection.scalar(sa.select(REVIEWS.c.id).where(REVIEWS.c.id == review_id)) is None:
            raise ReviewMissing
        before = _current(connection, review_id, fingerprint)
        if check is not None:
            check(connection, before)
        if (before.version if before else 0) != seen_version:
            raise EditConflict
        row = VerdictRow(review_id, fingerprint, seen_version + 1, verdict, value, reason, actor, now)
        values = {name: getattr(row, name) for name in VerdictRow.__slots__}
        if not claim(connection, VERDICTS, **values):
            raise EditConflict
        if also is not None:
            also(connection, row)
        log.append(
            connection,
            actor,
            "verdict",
            review_id,
            now,
            finding=fingerprint,
            before=_said(before),
            after=_said(row),
        )
        return row

    return store.database.write(work)


def verdicts_of(store: Store, review_id: str) -> dict[str, VerdictRow]:
    """The word that holds on each finding, by fingerprint; one that was taken back has `verdict` None."""
    rows = store.database.read(lambda connection: _rows(connection, VERDICTS.c.review_id == review_id))
    return {row.fingerprint: row for row in rows}


def all_verdicts(connection: Connection, review_id: str) -> list[VerdictRow]:
    """Every word on a case within a transaction: by finding, oldest first."""
    return _rows(connection, VERDICTS.c.review_id == review_id)


def history_of(store: Store, review_id: str, fingerprint: str) -> list[VerdictRow]:
    """Every word on one finding, oldest first."""
    mine = sa.and_(VERDICTS.c.review_id == review_id, VERDICTS.c.fingerprint == fingerprint)
    return store.database.read(lambda connection: _rows(connection, mine))


def _current(connection: Connection, review_id: str, fingerprint: str) -> VerdictRow | None:
    mine = sa.and_(VERDICTS.c.review_id == review_id, VERDICTS.c.fingerprint == fingerprint)
    return next(reversed(_rows(connection, mine)), None)


def _rows(connection: Connection, which: sa.ColumnElement[bool]) -> list[VerdictRow]:
    question = sa.select(VERDICTS).where(which).order_by(VERDICTS.c.fingerprint, VERDICTS.c.version)
    return [
        VerdictRow(**{**row._mapping, "verdict": Verdict(row.verdict) if row.verdict else None})
        for row in connection.execute(question)
    ]


def _said(row: VerdictRow | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"version": row.version, "verdict": row.verdict, "value": row.value, "reason": row.reason}
