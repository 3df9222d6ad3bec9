"""People who sign in at the page: who they are, what they may do, how they prove it, and when a login is locked."""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store import log
from api.store.errors import EditConflict, EntryMissing
from api.store.ids import new_id
from api.store.opened import Store, claim
from api.store.passwords import demand_strong, fits, hashed, nobodys, one_time_password
from api.store.schema import LOGIN_ATTEMPTS, PEOPLE, SESSIONS
from models.errors import InputError

MOST_FAILURES = 5
LOCKED_FOR = dt.timedelta(minutes=15)
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


class Role(StrEnum):
    """What a person is to the service."""

    REVIEWER = "reviewer"
    SECOND_REVIEWER = "second_reviewer"
    AUDITOR = "auditor"
    REGISTRAR = "registrar"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in. With `must_change` the password is one that another person knows, good for choosing one's own only."""

    id: str
    login: str
    name: str
    roles: frozenset[Role]
    must_change: bool
    subject: str | None
    created_at: dt.datetime
    disabled_at: dt.datetime | None
    signed_in_at: dt.datetime | None

    @property
    def actor(self) -> str:
        """How the log names the person."""
        return f"person:{self.id}"

    def may(self, *roles: Role) -> bool:
        """Whether the person has one of the roles."""
        return not self.roles.isdisjoint(roles)


class SignInRefused(InputError):
    """登录名或密码不正确。 The login or the password is wrong."""

    code = "sign_in_refused"


class SignInLocked(SignInRefused):
    """连续多次登录失败，该登录名已锁定 15 分钟；请稍后再试，或请管理员重置密码。

    Too many failed attempts: this login is locked for 15 minutes. Try again later, or ask an administrator to reset the password.
    """

    code = "sign_in_locked"


class LoginUnusable(InputError):
    """登录名须为 2–64 个小写字母、数字或 . _ @ -，以字母或数字开头。

    A login has 2 to 64 lower-case letters, digits or . _ @ - and begins with a letter or a digit.
    """

    code = "login_unusable"


class LoginTaken(EditConflict, InputError):
    """该登录名已被使用。 This login is taken already."""

    code = "login_taken"


class LastAdmin(EditConflict):
    """至少要保留一名可登录的管理员。 At least one administrator must remain who can sign in."""

    code = "last_admin"


def create_person(
    store: Store,
    login: str,
    name: str,
    roles: Collection[Role],
    *,
    actor: str,
    now: dt.datetime,
    password: str | None = None,
    subject: str | None = None,
) -> tuple[Person, str | None]:
    """A new person, and a password for once where none was given and no provider vouches. LoginUnusable, LoginTaken, WeakPassword."""
    login, name = login.strip().lower(), name.strip()[:100]
    if not _LOGIN.fullmatch(login) or not name:
        raise LoginUnusable
    if password is not None:
        demand_strong(password, login)
    once = one_time_password() if password is None and subject is None else None
    chosen = password or once
    person = Person(new_id("per", now), login, name, frozenset(roles), once is not None, subject, now, None, None)
    row = {field: getattr(person, field) for field in Person.__slots__}
    row |= {"roles": sorted(person.roles), "password": hashed(chosen) if chosen else None}

    def work(connection: Connection) -> None:
        taken = PEOPLE.c.login == login
        if subject is not None:
            taken |= PEOPLE.c.subject == subject
        if connection.execute(sa.select(PEOPLE.c.id).where(taken)).first():
            raise LoginTaken
        connection.execute(sa.insert(PEOPLE).values(**row))
        log.append(connection, actor, "person.created", person.id, now, login=login, roles=sorted(person.roles))

    try:
        store.database.write(work)
    except sa.exc.IntegrityError:  # somebody was quicker by a moment
        raise LoginTaken from None
    return person, once


def get_person(store: Store, person_id: str) -> Person:
    """The person with this id; EntryMissing."""
    return store.database.read(lambda connection: _get(connection, PEOPLE.c.id == person_id))


def person_by_login(store: Store, login: str) -> Person:
    """The person with this login; EntryMissing."""
    return store.database.read(lambda connection: _get(connection, PEOPLE.c.login == login.strip().lower()))


def person_by_subject(store: Store, subject: str) -> Person | None:
    """The person whom an identity provider knows by this name."""
    question = sa.select(PEOPLE).where(PEOPLE.c.subject == subject)
    row = store.database.read(lambda connection: connection.execute(question).first())
    return None if row is None else person_of(row)


def list_people(store: Store) -> list[Person]:
    """Everybody by login, those too who may not sign in any more."""
    question = sa.select(PEOPLE).order_by(PEOPLE.c.login)
    return [person_of(row) for row in store.database.read(lambda connection: connection.execute(question).all())]


def locked_logins(store: Store, now: dt.datetime) -> set[str]:
    """The logins that are locked at this moment."""
    late = (LOGIN_ATTEMPTS.c.failures >= MOST_FAILURES) & (LOGIN_ATTEMPTS.c.last_at > now - LOCKED_FOR)
    question = sa.select(LOGIN_ATTEMPTS.c.login).where(late)
    return store.database.read(lambda connection: set(connection.scalars(question)))


def names_by_actor(store: Store) -> dict[str, str]:
    """The names of people as the log calls them."""
    return {person.actor: person.name for person in list_people(store)}


def sign_in(store: Store, login: str, password: str, now: dt.datetime) -> Person:
    """The person with this login and password. SignInRefused; SignInLocked after too many failures, whether the login exists or not."""
    login = login.strip().lower()[:64]
    question = sa.select(PEOPLE).where(PEOPLE.c.login == login)
    row = store.database.read(lambda connection: connection.execute(question).first())
    store.database.write(
        lambda connection: _count(connection, login, now)
    )  # before the slow part: trying at once gains nothing
    right = fits(password, (row and row.password) or nobodys())
    if row is None or row.password is None or row.disabled_at is not None or not right:
        log.record(store, "page", "person.refused", row.id if row else "unknown", now)
        raise SignInRefused
    note_sign_in(store, row.id, now)
    return person_of(row)


def note_sign_in(store: Store, person_id: str, now: dt.datetime) -> None:
    """Write down that the person signed in, by whichever way, and forget failures before."""

    def work(connection: Connection) -> None:
        person = _get(connection, PEOPLE.c.id == person_id)
        _forget_failures(connection, person.login)
        connection.execute(sa.update(PEOPLE).where(PEOPLE.c.id == person_id).values(signed_in_at=now))
        log.append(connection, person.actor, "person.signed_in", person_id, now)

    store.database.write(work)


def change_password(store: Store, person: Person, former: str, chosen: str, now: dt.datetime) -> None:
    """Let the person choose a password; every session of theirs ends. SignInRefused where the former is wrong; WeakPassword."""
    kept = sa.select(PEOPLE.c.password).where(PEOPLE.c.id == person.id)
    store.database.write(lambda connection: _count(connection, person.login, now))
    present = store.database.read(lambda connection: connection.scalar(kept))
    if present is None or not fits(former, present):
        raise SignInRefused("原密码不正确。 The present password is wrong.")
    demand_strong(chosen, person.login)
    if chosen == former:
        raise InputError("新密码不能与原密码相同。 The new password must differ from the present one.")
    _set_password(store, person, chosen, must_change=False, actor=person.actor, now=now)


def reset_password(store: Store, person_id: str, *, actor: str, now: dt.datetime) -> str:
    """A password for once in place of the present one; sessions end, a lock is lifted. EntryMissing."""
    person, once = get_person(store, person_id), one_time_password()
    _set_password(store, person, once, must_change=True, actor=actor, now=now)
    return once


def set_roles(store: Store, person_id: str, roles: Collection[Role], *, actor: str, now: dt.datetime) -> Person:
    """Give the person these roles and no others. EntryMissing, LastAdmin."""

    def work(connection: Connection) -> Person:
        before = _get(connection, PEOPLE.c.id == person_id)
        change = sa.update(PEOPLE).where(PEOPLE.c.id == person_id).values(roles=sorted(roles))
        connection.execute(change)
        _demand_admin(connection)
        log.append(connection, actor, "person.roles", person_id, now, before=sorted(before.roles), after=sorted(roles))
        return _get(connection, PEOPLE.c.id == person_id)

    return store.database.write(work)


def disable_person(store: Store, person_id: str, *, actor: str, now: dt.datetime) -> None:
    """The person cannot sign in any more, and every session ends. EntryMissing, LastAdmin."""

    def work(connection: Connection) -> None:
        _get(connection, PEOPLE.c.id == person_id)
        connection.execute(sa.update(PEOPLE).where(PEOPLE.c.id == person_id).values(disabled_at=now))
        _demand_admin(connection)
        connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.person_id == person_id))
        log.append(connection, actor, "person.disabled", person_id, now)

    store.database.write(work)


def enable_person(store: Store, person_id: str, *, actor: str, now: dt.datetime) -> None:
    """The person may sign in again. EntryMissing."""

    def work(connection: Connection) -> None:
        _get(connection, PEOPLE.c.id == person_id)
        connection.execute(sa.update(PEOPLE).where(PEOPLE.c.id == person_id).values(disabled_at=None))
        log.append(connection, actor, "person.enabled", person_id, now)

    store.database.write(work)


def person_of(row: Any) -> Person:
    """The person that a row of the table is."""
    values = {field: getattr(row, field) for field in Person.__slots__}
    return Person(**{**values, "roles": frozenset(Role(role) for role in row.roles if role in set(Role))})


def _set_password(
    store: Store, person: Person, password: str, *, must_change: bool, actor: str, now: dt.datetime
) -> None:
    digest = hashed(password)

    def work(connection: Connection) -> None:
        change = sa.update(PEOPLE).where(PEOPLE.c.id == person.id).values(password=digest, must_change=must_change)
        connection.execute(change)
        connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.person_id == person.id))
        _forget_failures(connection, person.login)
        log.append(connection, actor, "person.password", person.id, now, reset=must_change)

    store.database.write(work)


def _count(connection: Connection, login: str, now: dt.datetime) -> None:
    """Count one more attempt; SignInLocked where there were too many. Old ones are forgotten."""
    connection.execute(sa.delete(LOGIN_ATTEMPTS).where(LOGIN_ATTEMPTS.c.last_at <= now - LOCKED_FOR))
    free = (LOGIN_ATTEMPTS.c.login == login) & (LOGIN_ATTEMPTS.c.failures < MOST_FAILURES)
    once_more = sa.update(LOGIN_ATTEMPTS).where(free).values(failures=LOGIN_ATTEMPTS.c.failures + 1, last_at=now)
    if not connection.execute(once_more).rowcount and not claim(
        connection, LOGIN_ATTEMPTS, login=login, failures=1, last_at=now
    ):
        raise SignInLocked


def _forget_failures(connection: Connection, login: str) -> None:
    connection.execute(sa.delete(LOGIN_ATTEMPTS).where(LOGIN_ATTEMPTS.c.login == login))


def _demand_admin(connection: Connection) -> None:
    enabled = sa.select(PEOPLE.c.roles).where(PEOPLE.c.disabled_at.is_(None))
    if not any(Role.ADMIN in roles for roles in connection.scalars(enabled)):
        raise LastAdmin


def _get(connection: Connection, condition: sa.ColumnElement[bool]) -> Person:
    row = connection.execute(sa.select(PEOPLE).where(condition)).first()
    if row is None:
        raise EntryMissing
    return person_of(row)
