"""Acts: what people did to a case, numbered and append-only. Who has not seen the newest act on a thing does not act on it."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store import log
from api.store.errors import EditConflict, ReviewMissing
from api.store.opened import claim
from api.store.schema import REVIEWS
from api.store.schema_deciding import ACTS


class Kind(StrEnum):
    """What an act is."""

    ROWS = "rows"
    CORRECTION = "correction"
    FINAL = "final"
    SECOND = "second"
    INSPECTION = "inspection"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `rows` are places of claimed rows, from 0; `about` is the number of the act that this one takes back or agrees with.

    `report_sha256` and `packed_sha256` name the report as judged again, where a correction (or the undoing of one) had that done.
    """

    review_id: str
    number: int
    kind: Kind
    actor: str
    at: dt.datetime
    rows: tuple[int, ...] = ()
    place: str = ""
    decision: str | None = None
    value: str | None = None
    before: str = ""
    reason: str = ""
    about: int | None = None
    needs_second: bool = False
    report_sha256: str | None = None
    packed_sha256: str | None = None


class CaseDecided(EditConflict):
    """本案已作出决定，不能再改；如需修改，请先撤销该决定。 The case has been decided; take that decision back before changing anything."""

    code = "case_decided"


def locked(connection: Connection, review_id: str) -> None:
    """From here to the end of the transaction nobody else acts on this case. ReviewMissing."""
    row = connection.execute(sa.select(REVIEWS.c.id).where(REVIEWS.c.id == review_id).with_for_update()).first()
    if row is None:
        raise ReviewMissing


def still_open(connection: Connection, review_id: str) -> None:
    """Lock the case; CaseDecided where a final decision stands or waits for its second person."""
    locked(connection, review_id)
    if any(act.kind is Kind.FINAL for act in effective(read_acts(connection, review_id))):
        raise CaseDecided


def read_acts(connection: Connection, review_id: str) -> list[Act]:
    """Every act on a case, in order."""
    found = connection.execute(sa.select(ACTS).where(ACTS.c.review_id == review_id).order_by(ACTS.c.number))
    return [Act(**{**row._mapping, "kind": Kind(row.kind), "rows": row_numbers(row.rows)}) for row in found]


def effective(acts: Iterable[Act]) -> list[Act]:
    """The acts that nobody took back, in order, without the taking back."""
    listed = list(acts)
    undone = {act.about for act in listed if act.kind is Kind.UNDO}
    gone = {act.number for act in listed if act.about in undone}  # who agreed with what was taken back
    return [act for act in listed if act.kind is not Kind.UNDO and act.number not in undone | gone]


def append(connection: Connection, act: Act, **logged: Any) -> None:
    """Write the act with its entry in the log; EditConflict where its number is taken. The case must be locked."""
    values = {name: getattr(act, name) for name in Act.__slots__}
    if not claim(connection, ACTS, **{**values, "rows": row_ranges(act.rows)}):
        raise EditConflict
    said = {"rows": row_ranges(act.rows), "place": act.place, "decision": act.decision, "about": act.about}
    said |= {"value": act.value, "before": act.before, "reason": act.reason, "report": act.report_sha256, **logged}
    details = {name: value for name, value in said.items() if value not in (None, "")}
    log.append(connection, act.actor, f"case.{act.kind}", act.review_id, act.at, number=act.number, **details)


def row_ranges(rows: Collection[int]) -> str:
    """Places of rows as ranges: `0-41,57`."""
    found: list[list[int]] = []
    for row in sorted(set(rows)):
        if found and found[-1][1] == row - 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def row_numbers(ranges: str) -> tuple[int, ...]:
    """The places again."""
    found: list[int] = []
    for part in filter(None, ranges.split(",")):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return tuple(found)


def is_correction(act: Act, acts: Iterable[Act]) -> bool:
    """Whether the act corrected something or took a correction back."""
    if act.kind is Kind.UNDO:
        return any(other.number == act.about and other.kind is Kind.CORRECTION for other in acts)
    return act.kind is Kind.CORRECTION


def newest(acts: Iterable[Act]) -> int:
    """The number of the newest act, 0 where there is none."""
    return max((act.number for act in acts), default=0)
