"""What the work list says beside the reviews themselves: how many wait for what, what is due, and which are decided."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from api.store.opened import Store
from api.store.reviews import AUDIT, OPEN, State
from api.store.schema import REVIEWS
from api.store.schema_deciding import DECIDED


@dataclass(frozen=True, slots=True)
class Counts:
    """Reviews that are being read, wait for a decision, are decided, or ended without a report; and those due, or overdue, undecided."""

    open: int
    waiting: int
    decided: int
    without: int
    due: int
    overdue: int

    @property
    def all(self) -> int:
        return self.open + self.waiting + self.decided + self.without


@dataclass(frozen=True, slots=True)
class FinalDecision:
    """The decision that stands for a case, who made it and when."""

    decision: str
    actor: str
    at: dt.datetime


def counts(store: Store, today: dt.date, soon: dt.timedelta = dt.timedelta(days=7)) -> Counts:
    """How many reviews there are of each sort; items of audits are not counted."""
    decided = REVIEWS.c.id.in_(sa.select(DECIDED.c.review_id))
    done = REVIEWS.c.state == State.DONE
    waits = ~decided & (REVIEWS.c.state != State.CANCELLED)

    def number(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

    question = sa.select(
        number(REVIEWS.c.state.in_(OPEN)),
        number(done & ~decided),
        number(done & decided),
        number(REVIEWS.c.state.in_((State.FAILED, State.CANCELLED))),
        number(waits & (REVIEWS.c.due_on >= today) & (REVIEWS.c.due_on <= today + soon)),
        number(waits & (REVIEWS.c.due_on < today)),
    ).where(REVIEWS.c.purpose != AUDIT)
    return Counts(*store.database.read(lambda connection: connection.execute(question).one()))


def decided_among(store: Store, review_ids: Collection[str]) -> dict[str, FinalDecision]:
    """The decisions that stand among these reviews, by id."""
    question = sa.select(DECIDED).where(DECIDED.c.review_id.in_(review_ids))
    rows = store.database.read(lambda connection: connection.execute(question).all())
    return {row.review_id: FinalDecision(row.decision, row.actor, row.at) for row in rows}
