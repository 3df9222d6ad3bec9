"""Sessions of browsers: an opaque token that only the browser has, its hash here, ending by idleness, by age and by will."""

import datetime as dt
import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store import log
from api.store.errors import StoreUnavailable
from api.store.opened import Store
from api.store.people import Person, person_of
from api.store.schema import PEOPLE, SESSIONS

_SEEN_EVERY = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """A session ends after `idle` without a request, and `whole` after it began whatever happens."""

    idle: dt.timedelta
    whole: dt.timedelta


def open_session(store: Store, person: Person, lifetime: Lifetime, now: dt.datetime) -> str:
    """A new session; its token, which is kept nowhere. Sessions that have ended are swept out."""
    token = secrets.token_urlsafe(32)

    def work(connection: Connection) -> None:
        ended = (SESSIONS.c.seen_at <= now - lifetime.idle) | (SESSIONS.c.created_at <= now - lifetime.whole)
        connection.execute(sa.delete(SESSIONS).where(ended))
        row = {"sha256": _digest(token), "person_id": person.id, "created_at": now, "seen_at": now}
        connection.execute(sa.insert(SESSIONS).values(**row))

    store.database.write(work)
    return token


def person_in(store: Store, token: str, lifetime: Lifetime, now: dt.datetime, *, touch: bool = True) -> Person | None:
    """Whose session the token opens, None where it opens none. Without `touch` (a page that asks by itself) idleness goes on."""
    here = SESSIONS.c.sha256 == _digest(token)
    question = sa.select(PEOPLE, SESSIONS.c.seen_at, SESSIONS.c.created_at.label("began_at")).join(
        SESSIONS, SESSIONS.c.person_id == PEOPLE.c.id
    )
    row = store.database.read(lambda connection: connection.execute(question.where(here)).first())
    if row is None or row.disabled_at is not None:
        return None
    if now - row.seen_at >= lifetime.idle or now - row.began_at >= lifetime.whole:
        return None
    if touch and now - row.seen_at >= _SEEN_EVERY:
        change = sa.update(SESSIONS).where(here).values(seen_at=now)
        with suppress(StoreUnavailable):  # a full disk must not keep anyone from reading
            store.database.write(lambda connection: connection.execute(change))
    return person_of(row)


def end_session(store: Store, token: str, now: dt.datetime) -> None:
    """The token opens nothing from now on."""

    def work(connection: Connection) -> None:
        here = SESSIONS.c.sha256 == _digest(token)
        person_id = connection.scalar(sa.select(SESSIONS.c.person_id).where(here))
        if person_id is not None:
            connection.execute(sa.delete(SESSIONS).where(here))
            log.append(connection, f"person:{person_id}", "person.signed_out", person_id, now)

    store.database.write(work)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
