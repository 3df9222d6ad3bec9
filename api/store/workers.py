"""The processes of the service and when each was last alive."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from api.store.opened import Store, insert
from api.store.schema import WORKERS


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """One process; `facts` is what it tells of itself, such as its memory."""

    id: str
    role: str
    host: str
    pid: int
    started_at: dt.datetime
    beat_at: dt.datetime
    facts: Mapping[str, Any]


def beat(store: Store, worker: WorkerRow) -> None:
    """This process is alive."""
    values = {name: getattr(worker, name) for name in WorkerRow.__slots__}
    values["facts"] = dict(worker.facts)
    store.database.write(
        lambda connection: connection.execute(
            insert(connection, WORKERS).values(**values).on_conflict_do_update(index_elements=["id"], set_=values)
        )
    )


def workers(store: Store) -> list[WorkerRow]:
    """Every process that has not been forgotten, by id."""
    question = sa.select(WORKERS).order_by(WORKERS.c.id)
    return [
        WorkerRow(**row._mapping) for row in store.database.read(lambda connection: connection.execute(question).all())
    ]


def forget(store: Store, worker_id: str) -> bool:
    """The process is gone and its work taken over; True for the one caller that removed it."""
    gone = sa.delete(WORKERS).where(WORKERS.c.id == worker_id)
    return bool(store.database.write(lambda connection: connection.execute(gone).rowcount))
