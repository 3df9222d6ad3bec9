"""The store as one value: a database, migrated, and the blobs beside it, with the rule by which bytes stay and go."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store.blobs import Blobs, seal_of
from api.store.database import Database, connect
from api.store.migrate import migrate
from api.store.schema import BLOB_OWNERS, BLOBS


class Places(Protocol):
    """The settings that say where things are kept."""

    @property
    def database_url(self) -> str: ...
    @property
    def store_url(self) -> str: ...
    @property
    def store_key(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Store:
    """All that the service keeps. Functions of the modules beside this one take it first."""

    database: Database
    blobs: Blobs

    def keep(self, owner: str, contents: Collection[bytes], now: dt.datetime) -> list[str]:
        """Keep bytes on behalf of an owner; their SHA-256 in order. The owner is written first, so none can lose them meanwhile."""
        hashes = [hashlib.sha256(data).hexdigest() for data in contents]
        sizes = {name: len(data) for name, data in zip(hashes, contents, strict=True)}
        self.database.write(lambda connection: own(connection, owner, sizes, now))
        for data in contents:
            self.blobs.put(data)
        return hashes

    def collect(self, hashes: Iterable[str]) -> int:
        """Delete those bytes that nobody owns any more; how many. Safe beside `keep` of the same bytes, and after a crash."""
        return sum(self._collect(sha256) for sha256 in sorted(set(hashes)))

    def _collect(self, sha256: str) -> bool:
        """The row is locked while its bytes go: `keep` waits for it and then finds them gone."""
        known = sa.select(BLOBS.c.sha256).where(BLOBS.c.sha256 == sha256).with_for_update()
        owned = sa.select(BLOB_OWNERS.c.owner).where(BLOB_OWNERS.c.sha256 == sha256).limit(1)

        def work(connection: Connection) -> bool:
            if connection.execute(known).first() is None or connection.execute(owned).first() is not None:
                return False
            self.blobs.delete(sha256)
            connection.execute(sa.delete(BLOBS).where(BLOBS.c.sha256 == sha256))
            return True

        return self.database.write(work)

    def close(self) -> None:
        self.database.engine.dispose()


def open_store(places: Places) -> Store:
    """The store, its database brought up to date. StoreUnavailable where it is away; InputError where a URL or the key is wrong."""
    database = connect(places.database_url)
    try:
        migrate(database)
    except Exception:
        database.engine.dispose()
        raise
    return Store(database, Blobs(str(places.store_url), seal_of(places.store_key)))


def own(connection: Connection, owner: str, sizes: dict[str, int], now: dt.datetime) -> None:
    """Write down that an owner needs these bytes; waits for whoever is deleting them."""
    for sha256, size in sorted(sizes.items()):
        known = insert(connection, BLOBS).values(sha256=sha256, size=size, created_at=now)
        connection.execute(known.on_conflict_do_update(index_elements=["sha256"], set_={"size": size}))
        claim(connection, BLOB_OWNERS, sha256=sha256, owner=owner, created_at=now)


def disown(connection: Connection, owner: str, hashes: Collection[str] | None = None) -> list[str]:
    """The owner needs these bytes no more (None: none of them); what it had, for `collect`."""
    mine = BLOB_OWNERS.c.owner == owner
    if hashes is not None:
        mine &= BLOB_OWNERS.c.sha256.in_(hashes)
    had = list(connection.scalars(sa.select(BLOB_OWNERS.c.sha256).where(mine)))
    connection.execute(sa.delete(BLOB_OWNERS).where(mine))
    return had


def claim(connection: Connection, table: sa.Table, **values: Any) -> bool:
    """Insert a row unless one with its key is there; whether it was inserted. Waits for whoever is inserting the same."""
    fresh = insert(connection, table).values(**values).on_conflict_do_nothing()
    return connection.execute(fresh.returning(*table.primary_key.columns)).first() is not None


def insert(connection: Connection, table: sa.Table) -> Any:
    """An insert of this database's dialect, which can say what to do on a conflict."""
    from sqlalchemy.dialects import postgresql, sqlite

    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
