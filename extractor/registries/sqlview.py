"""A registry that is a view in a database that others keep: SQLite, or PostgreSQL; read only, and never for long."""

import contextlib
import datetime as dt
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from extractor.registries.cache import Fetched
from extractor.registries.live import Live, Question, changed, secret
from extractor.registries.patience import Passing, patiently
from models.errors import RegistryChanged, RegistryUnavailable


@dataclass(frozen=True, slots=True)
class View:
    """`name` may have a schema before it, `as_of` is the column whose newest value dates the registry.

    `database` is the environment variable that holds the URL, for that has a password in it.
    """

    name: str
    database: str
    as_of: str = ""


class Connection(Protocol):
    """What is used of a connection (PEP 249)."""

    def cursor(self) -> Any: ...
    def close(self) -> None: ...


class ViewSource:
    """Asks a view, with a connection for each question."""

    def __init__(
        self, live: Live, view: View, environment: Mapping[str, str], clock: Callable[[], dt.datetime]
    ) -> None:
        self.live = live
        self.view = view
        self.environment = environment
        self.clock = clock

    @property
    def address(self) -> str:
        return f"view:{self.view.name}"

    def fetch(self, question: Question, started: float) -> Fetched:
        return patiently(self.live.patience, started, lambda seconds: self._rows(question, seconds))

    def _rows(self, question: Question, seconds: float) -> Fetched:
        with self._connected(seconds) as (connection, style):
            view = style.quoted(self.view.name)
            where, values = (
                ("", []) if question is None else (f" WHERE {style.quoted(question[1])} = {style.value}", [question[2]])
            )
            rows = _asked(connection, f"SELECT * FROM {view}{where}", values)  # noqa: S608 - quoted
            as_of = ""
            if self.view.as_of:
                newest = f"SELECT max({style.quoted(self.view.as_of)}) AS as_of FROM {view}"  # noqa: S608 - quoted
                as_of = str(_asked(connection, newest, [])[0]["as_of"] or "")
        return Fetched(tuple(rows), as_of[:10], self.clock())

    @contextlib.contextmanager
    def _connected(self, seconds: float) -> Iterator[tuple[Connection, "_Style"]]:
        """A connection and how its SQL is written; faults as what they mean to us."""
        scheme, _, place = secret(self.live, self.environment, self.view.database).partition("://")
        if scheme == "sqlite":
            opened = self._sqlite(place.removeprefix("/"), seconds)
        elif scheme in {"postgresql", "postgres"}:
            opened = self._postgresql(f"postgresql://{place}", seconds)
        else:
            raise RegistryUnavailable(
                f"{self.live.kind.value} 的数据库地址应为 sqlite:/// 或 postgresql://。 "
                f"The database of {self.live.kind.value} must be sqlite:/// or postgresql://."
            )
        with opened as connection:
            yield connection

    @contextlib.contextmanager
    def _sqlite(self, path: str, seconds: float) -> Iterator[tuple[Connection, "_Style"]]:
        until = time.monotonic() + seconds
        try:
            with contextlib.closing(
                sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True, timeout=seconds)
            ) as connection:
                connection.set_progress_handler(lambda: time.monotonic() > until, 10_000)
                yield connection, _SQLITE
        except sqlite3.OperationalError as error:
            if "no such" in str(error):
                raise self._changed() from error
            raise self._away() from error
        except sqlite3.Error as error:
            raise self._away() from error

    @contextlib.contextmanager
    def _postgresql(self, url: str, seconds: float) -> Iterator[tuple[Connection, "_Style"]]:
        import psycopg

        milliseconds = int(seconds * 1000)
        options = f"-c statement_timeout={milliseconds} -c default_transaction_read_only=on -c client_encoding=UTF8"
        try:
            with psycopg.connect(url, connect_timeout=max(2, int(seconds)), options=options) as connection:
                yield connection, _POSTGRESQL
        except (
            psycopg.errors.UndefinedTable,
            psycopg.errors.UndefinedColumn,
            psycopg.errors.UndefinedFunction,
        ) as error:
            raise self._changed() from error
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidPassword) as error:
            raise RegistryUnavailable(
                f"{self.live.kind.value} 的数据库拒绝了凭据。 The database of {self.live.kind.value} refused our credentials."
            ) from error
        except psycopg.Error as error:
            raise self._away() from error

    def _changed(self) -> RegistryChanged:
        return changed(
            self.live.kind, f"没有视图 {self.view.name} 或其中的列", f"view {self.view.name} or a column of it is gone"
        )

    def _away(self) -> Passing:
        return Passing(
            f"{self.live.kind.value} 的数据库无法查询或超时。 The database of {self.live.kind.value} is away or took too long."
        )


def _asked(connection: Connection, statement: str, values: Sequence[str]) -> list[dict[str, Any]]:
    cursor = connection.cursor()
    try:
        cursor.execute(statement, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, map(_plain, row), strict=True)) for row in cursor]
    finally:
        cursor.close()


def _plain(value: Any) -> Any:
    """What JSON can hold; dates as ISO 8601, so that an answer is the same from the cache."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    return value.isoformat() if isinstance(value, dt.date) else str(value)


@dataclass(frozen=True, slots=True)
class _Style:
    """The mark around an identifier, and the one that stands for a value."""

    quote: str
    value: str

    def quoted(self, name: str) -> str:
        """An identifier, with its schema if it has one; nothing in it is ever SQL."""
        if self.value == "%s":
            name = name.replace("%", "%%")  # or the driver would take it for the place of a value
        return ".".join(
            f"{self.quote}{part.replace(self.quote, self.quote * 2)}{self.quote}" for part in name.split(".")
        )


_SQLITE = _Style("`", "?")  # in double quotes SQLite takes a column that is not there for a text
_POSTGRESQL = _Style('"', "%s")
