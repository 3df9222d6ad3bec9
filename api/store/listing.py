"""Lists of reviews: filters, and pages that neither skip nor repeat a row while others come and go."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from api.store.opened import Store
from api.store.reviews import AUDIT, OPEN, ReviewRow, State, rows_with_files
from api.store.schema import REVIEW_FILES, REVIEWS, Moment
from api.store.schema_deciding import DECIDED
from models.errors import InputError


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; None or empty asks for all. `name` is a part of a name, the numbers are whole.

    `text` is a part of the name, of a number or of a file's name, whichever; `decided` asks for a final decision that stands.
    """

    states: Sequence[State] = ()
    recommendations: Sequence[str] = ()
    name: str = ""
    unified_social_credit_code: str = ""
    registration_number: str = ""
    certificate_number: str = ""
    created_from: dt.datetime | None = None
    created_before: dt.datetime | None = None
    due_until: dt.date | None = None
    api_key_id: str | None = None
    held: bool | None = None
    text: str = ""
    decided: bool | None = None
    ids: Sequence[str] = ()


def list_reviews(
    store: Store, filters: Filters | None = None, after: str | None = None, limit: int = 50
) -> tuple[list[ReviewRow], str | None]:
    """A page of reviews, newest first, and the cursor of the next one; None at the end. InputError where `after` is no cursor of ours.

    Items of audits are not among them.
    """
    question = sa.select(REVIEWS).where(REVIEWS.c.purpose != AUDIT, *_conditions(filters or Filters()))
    if after is not None:
        created_at, review_id = _opened(after)
        here = sa.tuple_(sa.literal(created_at, Moment), sa.literal(review_id))
        question = question.where(sa.tuple_(REVIEWS.c.created_at, REVIEWS.c.id) < here)
    question = question.order_by(REVIEWS.c.created_at.desc(), REVIEWS.c.id.desc()).limit(limit + 1)
    rows = store.database.read(lambda connection: rows_with_files(connection, connection.execute(question).all()))
    return rows[:limit], _cursor(rows[limit - 1]) if len(rows) > limit else None


def count_reviews(store: Store) -> dict[State, int]:
    """How many reviews are in each state, items of audits not counted: those wait behind all others."""
    counted = sa.select(REVIEWS.c.state, sa.func.count().label("number")).where(REVIEWS.c.purpose != AUDIT)
    question = counted.group_by(REVIEWS.c.state)
    found = {
        row.state: row.number for row in store.database.read(lambda connection: connection.execute(question).all())
    }
    return {state: found.get(state.value, 0) for state in State}


def unfinished(store: Store) -> list[str]:
    """Ids of the reviews that have not ended, oldest first."""
    question = sa.select(REVIEWS.c.id).where(REVIEWS.c.state.in_(OPEN)).order_by(REVIEWS.c.created_at, REVIEWS.c.id)
    return store.database.read(lambda connection: list(connection.scalars(question)))


def _conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if filters.states:
        conditions.append(REVIEWS.c.state.in_(filters.states))
    if filters.recommendations:
        conditions.append(REVIEWS.c.recommendation.in_(filters.recommendations))
    if filters.name:
        conditions.append(REVIEWS.c.name.contains(filters.name, autoescape=True))
    for column in ("unified_social_credit_code", "registration_number", "certificate_number"):
        if text := getattr(filters, column):
            conditions.append(REVIEWS.c[column] == text)
    if filters.created_from is not None:
        conditions.append(REVIEWS.c.created_at >= filters.created_from)
    if filters.created_before is not None:
        conditions.append(REVIEWS.c.created_at < filters.created_before)
    if filters.due_until is not None:
        conditions.append(REVIEWS.c.due_on <= filters.due_until)
    if filters.api_key_id is not None:
        conditions.append(REVIEWS.c.api_key_id == filters.api_key_id)
    if filters.held is not None:
        conditions.append(REVIEWS.c.legal_hold.is_not(None) if filters.held else REVIEWS.c.legal_hold.is_(None))
    if filters.text:
        conditions.append(_mentions(filters.text))
    if filters.ids:
        conditions.append(REVIEWS.c.id.in_(filters.ids))
    if filters.decided is not None:
        decided = REVIEWS.c.id.in_(sa.select(DECIDED.c.review_id))
        conditions.append(decided if filters.decided else ~decided)
    return conditions


def _mentions(text: str) -> sa.ColumnElement[bool]:
    """Names and numbers as people type them: in part, numbers in capitals or not."""
    numbers = (REVIEWS.c.unified_social_credit_code, REVIEWS.c.registration_number, REVIEWS.c.certificate_number)
    files = sa.select(REVIEW_FILES.c.review_id).where(REVIEW_FILES.c.name.contains(text, autoescape=True))
    return sa.or_(
        REVIEWS.c.name.contains(text, autoescape=True),
        *(number.contains(text.upper(), autoescape=True) for number in numbers),
        REVIEWS.c.id == text,
        REVIEWS.c.id.in_(files),
    )


def _cursor(row: ReviewRow) -> str:
    return base64.urlsafe_b64encode(json.dumps([row.created_at.isoformat(), row.id]).encode()).decode()


def _opened(cursor: str) -> tuple[dt.datetime, str]:
    try:
        created_at, review_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        moment = dt.datetime.fromisoformat(created_at)
        if moment.tzinfo is None or not isinstance(review_id, str):
            raise ValueError
    except (ValueError, TypeError, binascii.Error):
        raise InputError(
            "翻页标记无效，请从第一页重新列出。 This is no cursor of ours; list from the first page."
        ) from None
    return moment, review_id
