"""What snapshots changed for issued certificates: found once for each snapshot, with the day from which it is so."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store import log
from api.store.opened import Store, claim, insert
from api.store.schema_supervision import IMPACT_FINDINGS, IMPACT_RUNS, ISSUED_KEYS
from models.finding import Severity
from models.records import RegistryKind


@dataclass(frozen=True, slots=True)
class Consequence:
    """What became of something that certificates rest on, told by the check (AU-…) that would find it.

    `key` and `rests_on` lead to the certificates (the index's key and subject). `true_on` is the registry's own date where `stated`,
    else the day of the snapshot that says so first.
    """

    key: str
    rests_on: str
    check: str
    severity: Severity
    registry: RegistryKind
    change: str
    subject: str
    before: str
    after: str
    suggestion: str
    true_on: dt.date
    stated: bool


@dataclass(frozen=True, slots=True)
class Touched:
    """A consequence for one certificate; `rows` of its rows rest on the subject, the first of them `first_row` (0: all of it)."""

    snapshot_id: str
    certificate: str
    registry: str
    change: str
    subject: str
    check_id: str
    severity: str
    before: str
    after: str
    suggestion: str
    first_row: int
    rows: int
    true_on: dt.date
    stated: bool
    found_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Run:
    """A snapshot compared with the one before it of its kind (None: the first): rows that differ, certificates' findings."""

    snapshot_id: str
    kind: str
    compared_with: str | None
    differing: int
    findings: int
    at: dt.datetime


def runs(store: Store) -> dict[str, Run]:
    """Every run, by snapshot."""
    rows = store.database.read(lambda connection: connection.execute(sa.select(IMPACT_RUNS)).all())
    return {row.snapshot_id: Run(**row._mapping) for row in rows}


def record_run(
    store: Store,
    snapshot_id: str,
    kind: RegistryKind,
    compared_with: str | None,
    differing: int,
    consequences: Iterable[Consequence],
    *,
    actor: str,
    now: dt.datetime,
) -> int:
    """Write down for every certificate what touches it, in one transaction; how many findings. Again for a snapshot: nothing, 0.

    The database finds the certificates by their keys: what is not touched costs nothing.
    """
    found = list(consequences)

    def work(connection: Connection) -> int:
        run = Run(snapshot_id, kind.value, compared_with, differing, 0, now)
        if not claim(connection, IMPACT_RUNS, **{name: getattr(run, name) for name in Run.__slots__}):
            return 0
        if found:
            connection.execute(_touching(connection), [_values(snapshot_id, each, now) for each in found])
        mine = IMPACT_FINDINGS.c.snapshot_id == snapshot_id
        count = int(connection.scalar(sa.select(sa.func.count()).select_from(IMPACT_FINDINGS).where(mine)) or 0)
        counted = sa.update(IMPACT_RUNS).where(IMPACT_RUNS.c.snapshot_id == snapshot_id)
        connection.execute(counted.values(findings=count))
        log.append(connection, actor, "snapshot.compared", snapshot_id, now, kind=kind.value, findings=count)
        return count

    return store.database.write(work)


def touched(
    store: Store, *, certificate: str = "", snapshot_id: str = "", since: dt.date | None = None, limit: int = 1_000
) -> list[Touched]:
    """What touches certificates, the newest first; of one certificate, by one snapshot, or found true since a day."""
    table = IMPACT_FINDINGS.c
    question = sa.select(IMPACT_FINDINGS).order_by(table.true_on.desc(), table.certificate, table.subject).limit(limit)
    if certificate:
        question = question.where(table.certificate == certificate)
    if snapshot_id:
        question = question.where(table.snapshot_id == snapshot_id)
    if since is not None:
        question = question.where(table.true_on >= since)
    return [
        Touched(**row._mapping) for row in store.database.read(lambda connection: connection.execute(question).all())
    ]


_TAKEN = ("certificate", "first_row", "rows")


def _touching(connection: Connection) -> Any:
    """The statement that takes the certificates of one consequence from the index into the findings, inside the database."""
    given = [column for column in IMPACT_FINDINGS.c if column.name not in _TAKEN]
    source = sa.select(
        *(ISSUED_KEYS.c[name] for name in _TAKEN),
        *(sa.bindparam(f"said_{column.name}", type_=column.type).label(column.name) for column in given),
    ).where(ISSUED_KEYS.c.key == sa.bindparam("at_key"), ISSUED_KEYS.c.subject == sa.bindparam("at_subject"))
    fresh = insert(connection, IMPACT_FINDINGS).from_select([*_TAKEN, *(column.name for column in given)], source)
    return fresh.on_conflict_do_nothing()


def _values(snapshot_id: str, said: Consequence, now: dt.datetime) -> dict[str, Any]:
    """What the statement is given for one consequence."""
    values = {
        "snapshot_id": snapshot_id,
        "registry": said.registry.value,
        "change": said.change,
        "subject": said.subject,
        "check_id": said.check,
        "severity": said.severity.value,
        "before": said.before,
        "after": said.after,
        "suggestion": said.suggestion,
        "true_on": said.true_on,
        "stated": said.stated,
        "found_at": now,
    }
    return {"at_key": said.key, "at_subject": said.rests_on} | {f"said_{name}": each for name, each in values.items()}
