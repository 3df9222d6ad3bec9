"""Pages that ended their reader twice: whichever review they come in, they are not tried again by the same version of the program."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store.opened import Store, claim
from api.store.schema import QUARANTINE

FORGIVEN = ("timeout", "opening")
FORGIVEN_AFTER = dt.timedelta(days=1)
"""A busy machine may have been to blame, so what took too long is tried again the next day; crashes and want of memory are not."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A page of a file, 0 for the file as a whole: under which version of the code, why (`crash`, `memory`, `timeout`;
    `opening` for any of them while the file was opened), and when."""

    sha256: str
    page: int
    code: str
    cause: str
    at: dt.datetime


def set_aside(store: Store, sha256: str, page: int, cause: str, code: str, now: dt.datetime) -> None:
    """Note it; what older versions of the code noted is let go, and so is what is forgiven by now."""

    def work(connection: Connection) -> None:
        connection.execute(sa.delete(QUARANTINE).where(sa.or_(QUARANTINE.c.code != code, sa.not_(_lasts(now)))))
        claim(connection, QUARANTINE, sha256=sha256, page=page, code=code, cause=cause, at=now)

    store.database.write(work)


def pages_set_aside(store: Store, sha256: str, code: str, now: dt.datetime) -> frozenset[int]:
    """The pages of a file that this version is not to try."""
    mine = (QUARANTINE.c.sha256 == sha256, QUARANTINE.c.code == code, _lasts(now))
    question = sa.select(QUARANTINE.c.page).where(*mine)
    return frozenset(store.database.read(lambda connection: connection.scalars(question).all()))


def quarantined(store: Store, now: dt.datetime) -> list[SetAside]:
    """All that is set aside, the newest first."""
    question = (
        sa.select(QUARANTINE)
        .where(_lasts(now))
        .order_by(QUARANTINE.c.at.desc(), QUARANTINE.c.sha256, QUARANTINE.c.page)
    )
    return [SetAside(**row._mapping) for row in store.database.read(lambda c: c.execute(question).all())]


def lift(store: Store, sha256: str) -> int:
    """Let a file be tried again; how many of its pages were set aside."""
    gone = sa.delete(QUARANTINE).where(QUARANTINE.c.sha256 == sha256)
    return store.database.write(lambda connection: connection.execute(gone).rowcount)


def _lasts(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.or_(QUARANTINE.c.cause.not_in(FORGIVEN), QUARANTINE.c.at > now - FORGIVEN_AFTER)
