"""The database behind the store: SQLite in a file, or PostgreSQL by its URL; short transactions, tried again where that is safe."""

import contextlib
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url

from api.store.errors import StoreUnavailable
from models.errors import InputError

T = TypeVar("T")

_BUSY_SECONDS = 30
_TRIES = 6
_WRITING = "writing"
_DEADLOCK, _SERIALIZATION, _NO_LOCK = "40P01", "40001", "55P03"
_LOG_LOCK = 0x5A53_4C4F  # advisory lock of PostgreSQL: who holds it writes the next entry of the log


@dataclass(frozen=True, slots=True)
class Database:
    """One engine. Reading sees one moment; writing is one transaction and, on SQLite, the only one at that time."""

    engine: Engine

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` makes of one consistent view; it must not write. StoreUnavailable where the database is away."""
        options: dict[str, Any] = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with translated(), self.engine.connect().execution_options(**options) as connection:
            return work(connection)

    def write(self, work: Callable[[Connection], T]) -> T:
        """`work` in one transaction. Run again where another transaction was in the way, so it must do nothing else.

        StoreUnavailable where the database is away; whether a transaction cut off at its end counted is then unknown, so
        callers that try again do what is safe to do twice.
        """
        for attempt in range(_TRIES):
            try:
                with translated(), self._writing() as connection:
                    return work(connection)
            except _InTheWay:
                if attempt + 1 == _TRIES:
                    raise
                time.sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 - spreads those who wait
        raise AssertionError("unreachable")

    def compact(self) -> None:
        """Leave no copy of deleted rows in SQLite's log of changes; PostgreSQL sees to that by itself."""
        if self.is_sqlite:
            with translated(), contextlib.closing(self.engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self.engine.connect().execution_options(**{_WRITING: True}) as connection, connection.begin():
            yield connection


class _InTheWay(StoreUnavailable):
    """另一操作正在修改同一内容，请稍后重试。 Another operation is changing the same thing; please try again."""


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Faults of the database's own (away, full, busy) as StoreUnavailable; wrong statements stay what they are."""
    try:
        yield
    except sa.exc.OperationalError as error:
        state = getattr(error.orig, "sqlstate", None)
        said = str(error.orig).lower()
        if state in {_DEADLOCK, _SERIALIZATION, _NO_LOCK} or "database is locked" in said:
            raise _InTheWay from error
        if "disk is full" in said or "no space left" in said or state == "53100":
            raise StoreUnavailable(
                "数据库所在磁盘已满，请清理空间。 The disk of the database is full; please free some space."
            ) from error
        raise StoreUnavailable from error
    except (sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
        raise StoreUnavailable from error
    except sa.exc.DBAPIError as error:
        if error.connection_invalidated:
            raise StoreUnavailable from error
        raise


def connect(url: str) -> Database:
    """The database at a URL (`sqlite:///path` or `postgresql://…`), unopened; InputError where the URL is none."""
    try:
        parsed = make_url(url)
    except sa.exc.ArgumentError:
        raise _unusable() from None
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername == "sqlite":
        return Database(_sqlite(parsed))
    if parsed.drivername == "postgresql+psycopg":
        return Database(_postgresql(parsed))
    raise _unusable()


def lock_log(connection: Connection) -> None:
    """From here to the end of the transaction nobody else appends to the log; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOG_LOCK)))


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise InputError("SQLite 数据库须为文件。 The SQLite database must be a file.")
    with contextlib.suppress(OSError):  # what stands in the way is told when the file is opened
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, pool_size=8, max_overflow=24)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say, not at the first change
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @sa.event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(_WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    return sa.create_engine(
        url,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=24,
        connect_args={
            "connect_timeout": 5,
            "keepalives_idle": 10,
            "options": "-c timezone=UTC -c lock_timeout=20000 -c idle_in_transaction_session_timeout=60000",
        },
    )


def _unusable() -> InputError:
    return InputError(
        "数据库地址应为 sqlite:///路径 或 postgresql://用户@主机/库。 "
        "The database URL must be sqlite:///PATH or postgresql://USER@HOST/NAME."
    )
