"""The audit log: append-only, each entry chained to the one before by its hash; what it says of a deleted case can go, the chain stays.

An entry's hash covers its number, moment, actor, action, subject, the hash of the entry before and a salted hash of its details.
Deleting a case removes the details of its entries; that too is an entry, and without one a missing detail is a broken log.
Entries cut off at the end leave a chain that is whole: keep the head that `verify` gives elsewhere and hand it in the next time.
"""

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store.database import lock_log
from api.store.opened import Store
from api.store.schema import LOG, LOG_DETAILS

DELETED = "review.deleted"
_NOTHING = "0" * 64
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log; `details` is None where they were erased with the case."""

    number: int
    at: dt.datetime
    actor: str
    action: str
    subject: str
    hash: str
    details: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether the log is whole. `first_bad` is the number of the first entry that is not, `why` says what is wrong with it."""

    ok: bool
    entries: int
    head: str
    first_bad: int | None = None
    why: str = ""


def append(connection: Connection, actor: str, action: str, subject: str, now: dt.datetime, **details: Any) -> int:
    """Write an entry in the caller's transaction, as its last act; its number. Details must be JSON and hold no text of documents."""
    lock_log(connection)
    last = connection.execute(sa.select(LOG.c.number, LOG.c.hash).order_by(LOG.c.number.desc()).limit(1)).first()
    number, previous = (last.number + 1, last.hash) if last else (1, _NOTHING)
    text, salt = _canonical(details), secrets.token_hex(16) if details else ""
    details_hash = _hash(salt, text)
    entry = {"number": number, "at": now, "actor": actor, "action": action, "subject": subject}
    chained = _chained(number, now, actor, action, subject, details_hash, previous)
    connection.execute(sa.insert(LOG).values(**entry, details_hash=details_hash, previous=previous, hash=chained))
    if details:
        connection.execute(sa.insert(LOG_DETAILS).values(number=number, salt=salt, details=text))
    return number


def record(store: Store, actor: str, action: str, subject: str, now: dt.datetime, **details: Any) -> None:
    """Write down an act that changes nothing itself, such as looking at what is masked."""
    store.database.write(lambda connection: append(connection, actor, action, subject, now, **details))


def erase(connection: Connection, actor: str, subject: str, now: dt.datetime, **details: Any) -> None:
    """Remove what the log says about a review beyond the bare facts, and write down that it was deleted."""
    lock_log(connection)
    about = sa.select(LOG.c.number).where(LOG.c.subject == subject)
    connection.execute(sa.delete(LOG_DETAILS).where(LOG_DETAILS.c.number.in_(about)))
    append(connection, actor, DELETED, subject, now, **details)


def entries(store: Store, subject: str | None = None, after: int = 0, limit: int = 100) -> list[Entry]:
    """Entries in order, from the one after number `after`; of one subject only where it is given."""
    question = _with_details().where(LOG.c.number > after).order_by(LOG.c.number).limit(limit)
    if subject is not None:
        question = question.where(LOG.c.subject == subject)
    return [
        Entry(row.number, row.at, row.actor, row.action, row.subject, row.hash, _details(row))
        for row in store.database.read(lambda connection: connection.execute(question).all())
    ]


def verify(store: Store, head: str | None = None) -> Verification:
    """Go through the whole log. `head` (`NUMBER:HASH`, from an earlier verification) must still be in it."""
    return store.database.read(lambda connection: _verify(connection, head))


def _verify(connection: Connection, head: str | None) -> Verification:
    last = sa.func.max(LOG.c.number).label("last")
    erasures = sa.select(LOG.c.subject, last).where(LOG.c.action == DELETED).group_by(LOG.c.subject)
    erased: dict[str, int] = {row.subject: row.last for row in connection.execute(erasures)}
    number, previous, heads = 0, _NOTHING, {f"0:{_NOTHING}"}
    while True:
        rows = connection.execute(
            _with_details().where(LOG.c.number > number).order_by(LOG.c.number).limit(_AT_ONCE)
        ).all()
        if not rows:
            break
        for row in rows:
            why = _wrong(row, number + 1, previous, erased)
            if why:
                return Verification(False, number, f"{number}:{previous}", number + 1, why)
            number, previous = row.number, row.hash
            if head == f"{number}:{previous}":
                heads.add(head)
    if head is not None and head not in heads:
        return Verification(
            False,
            number,
            f"{number}:{previous}",
            None,
            "给出的日志末端不在其中。 The head that was given is not in it.",
        )
    return Verification(True, number, f"{number}:{previous}")


def _wrong(row: Any, expected: int, previous: str, erased: Mapping[str, int]) -> str:
    if row.number != expected:
        return f"缺少第 {expected} 条。 Entry {expected} is missing."
    if row.previous != previous:
        return f"第 {expected} 条与前一条不相接。 Entry {expected} does not follow the one before."
    if row.hash != _chained(row.number, row.at, row.actor, row.action, row.subject, row.details_hash, row.previous):
        return f"第 {expected} 条被改动。 Entry {expected} was changed."
    if row.details is not None:
        if _hash(row.salt, row.details) != row.details_hash:
            return f"第 {expected} 条的内容被改动。 The details of entry {expected} were changed."
    elif row.details_hash != _hash("", _canonical({})) and row.number > erased.get(row.subject, 0):
        return f"第 {expected} 条的内容缺失。 The details of entry {expected} are missing."
    return ""


def _with_details() -> sa.Select[Any]:
    return sa.select(LOG, LOG_DETAILS.c.salt, LOG_DETAILS.c.details).outerjoin(
        LOG_DETAILS, LOG.c.number == LOG_DETAILS.c.number
    )


def _details(row: Any) -> Mapping[str, Any] | None:
    return None if row.details is None else json.loads(row.details)


def _chained(number: int, at: dt.datetime, *facts: str) -> str:
    return _hash(_canonical([number, at.astimezone(dt.UTC).isoformat(timespec="microseconds"), *facts]))


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _hash(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
