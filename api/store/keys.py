"""API keys: shown once, kept as a scrypt hash, each with the scopes that it opens."""

import contextlib
import datetime as dt
import hashlib
import hmac
import secrets
import threading
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store import log
from api.store.errors import EntryMissing, StoreUnavailable
from api.store.opened import Store
from api.store.schema import API_KEYS

_N, _R, _P = 2**14, 8, 1  # about 50 ms and 16 MB
_REMEMBERED = 1_000
_USED_EVERY = dt.timedelta(minutes=1)


class Scope(StrEnum):
    """What a key opens."""

    SUBMIT = "submit"
    READ = "read"
    REVIEW = "review"
    AUDIT = "audit"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret."""

    id: str
    name: str
    scopes: frozenset[Scope]
    created_at: dt.datetime
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None
    last_used_at: dt.datetime | None
    replaces: str | None

    def valid_at(self, now: dt.datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def create_key(
    store: Store,
    name: str,
    scopes: Collection[Scope],
    *,
    actor: str,
    now: dt.datetime,
    expires_at: dt.datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its text `zs_<id>_<secret>`, which is shown now and never again."""
    return store.database.write(
        lambda connection: _create(connection, name, frozenset(scopes), actor, now, expires_at, None)
    )


def rotate_key(store: Store, key_id: str, *, actor: str, now: dt.datetime, overlap: dt.timedelta) -> tuple[ApiKey, str]:
    """A new key in place of another, which still opens for `overlap`. EntryMissing."""

    def work(connection: Connection) -> tuple[ApiKey, str]:
        former = _get(connection, key_id)
        if former is None or not former.valid_at(now):
            raise EntryMissing
        until = now + overlap if former.expires_at is None else min(now + overlap, former.expires_at)
        connection.execute(sa.update(API_KEYS).where(API_KEYS.c.id == key_id).values(expires_at=until))
        return _create(connection, former.name, former.scopes, actor, now, None, key_id)

    return store.database.write(work)


def revoke_key(store: Store, key_id: str, *, actor: str, now: dt.datetime) -> None:
    """The key opens nothing from now on. EntryMissing."""

    def work(connection: Connection) -> None:
        open_key = (API_KEYS.c.id == key_id, API_KEYS.c.revoked_at.is_(None))
        if not connection.execute(sa.update(API_KEYS).where(*open_key).values(revoked_at=now)).rowcount:
            raise EntryMissing
        log.append(connection, actor, "key.revoked", key_id, now)

    store.database.write(work)


def list_keys(store: Store) -> list[ApiKey]:
    """Every key, oldest first, those that open nothing any more too."""
    question = sa.select(API_KEYS).order_by(API_KEYS.c.created_at, API_KEYS.c.id)
    return [_key(row) for row in store.database.read(lambda connection: connection.execute(question).all())]


class KeyRing:
    """Tells whose key a text is. What scrypt said once is remembered by a hash; whether the key still opens is asked every time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[bytes, str] = {}
        self._lock = threading.Lock()

    def verify(self, text: str, now: dt.datetime) -> ApiKey | None:
        """The key that this text is, if it opens anything at this moment."""
        mark, _, rest = text.partition("_")
        key_id, _, secret = rest.partition("_")
        if mark != "zs" or not key_id or not secret or len(text) > 200:
            return None
        question = sa.select(API_KEYS).where(API_KEYS.c.id == key_id)
        row = self._store.database.read(lambda connection: connection.execute(question).first())
        if row is None or not self._fits(text, secret, row):
            return None
        key = _key(row)
        if not key.valid_at(now):
            return None
        if key.last_used_at is None or now - key.last_used_at >= _USED_EVERY:
            change = sa.update(API_KEYS).where(API_KEYS.c.id == key_id).values(last_used_at=now)
            with contextlib.suppress(StoreUnavailable):  # a full disk must not keep anyone from reading
                self._store.database.write(lambda connection: connection.execute(change))
        return key

    def _fits(self, text: str, secret: str, row: Any) -> bool:
        digest = hashlib.sha256(text.encode()).digest()
        with self._lock:
            if self._known.get(digest) == row.hash:
                return True
        if not hmac.compare_digest(_hash(secret, row.salt), row.hash):
            return False
        with self._lock:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[digest] = row.hash
        return True


def _create(
    connection: Connection,
    name: str,
    scopes: frozenset[Scope],
    actor: str,
    now: dt.datetime,
    expires_at: dt.datetime | None,
    replaces: str | None,
) -> tuple[ApiKey, str]:
    key = ApiKey(secrets.token_hex(6), name, scopes, now, expires_at, None, None, replaces)
    secret, salt = secrets.token_urlsafe(32), secrets.token_hex(16)
    connection.execute(
        sa.insert(API_KEYS).values(
            id=key.id,
            name=name,
            salt=salt,
            hash=_hash(secret, salt),
            scopes=sorted(scopes),
            created_at=now,
            expires_at=expires_at,
            replaces=replaces,
        )
    )
    log.append(connection, actor, "key.created", key.id, now, scopes=sorted(scopes), replaces=replaces)
    return key, f"zs_{key.id}_{secret}"


def _get(connection: Connection, key_id: str) -> ApiKey | None:
    row = connection.execute(sa.select(API_KEYS).where(API_KEYS.c.id == key_id)).first()
    return None if row is None else _key(row)


def _key(row: Any) -> ApiKey:
    return ApiKey(
        row.id,
        row.name,
        frozenset(map(Scope, row.scopes)),
        row.created_at,
        row.expires_at,
        row.revoked_at,
        row.last_used_at,
        row.replaces,
    )


def _hash(secret: str, salt: str) -> str:
    return hashlib.scrypt(secret.encode(), salt=bytes.fromhex(salt), n=_N, r=_R, p=_P, dklen=32).hex()
