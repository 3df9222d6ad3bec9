"""What live registries answered, kept in one file for all processes, and which of them are being left alone for now."""

import contextlib
import datetime as dt
import json
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

logger = logging.getLogger(__name__)

_TABLES = """
CREATE TABLE IF NOT EXISTS answer (
    source TEXT NOT NULL, question TEXT NOT NULL, rows TEXT NOT NULL, as_of TEXT NOT NULL, retrieved_at TEXT NOT NULL,
    PRIMARY KEY (source, question)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failing (
    source TEXT PRIMARY KEY, failures INTEGER NOT NULL, until TEXT NOT NULL
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Rows as a source gave them; `as_of` is the day that the source says they stand for, empty where it says none."""

    rows: tuple[dict[str, Any], ...]
    as_of: str
    retrieved_at: dt.datetime


class Cache:
    """A file that may vanish or be spoilt at any time: then nothing is known, and nothing fails. Moments are aware."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def known(self, source: str, question: str) -> Fetched | None:
        """The last answer to this very question."""
        asked = "SELECT rows, as_of, retrieved_at FROM answer WHERE source = ? AND question = ?"
        found = self._run(lambda database: database.execute(asked, (source, question)).fetchone())
        if found is None:
            return None
        return Fetched(tuple(json.loads(found[0])), found[1], dt.datetime.fromisoformat(found[2]))

    def keep(self, source: str, question: str, fetched: Fetched, forget_before: dt.datetime) -> None:
        """Keep an answer; those of this source that are older than any use of them go."""
        rows = json.dumps(fetched.rows, ensure_ascii=False, default=str)

        def work(database: sqlite3.Connection) -> None:
            row = (source, question, rows, fetched.as_of, _moment(fetched.retrieved_at))
            database.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?)", row)
            stale = "DELETE FROM answer WHERE source = ? AND retrieved_at < ?"
            database.execute(stale, (source, _moment(forget_before)))

        self._run(work)

    def failing_until(self, source: str) -> dt.datetime | None:
        """Until when the source is left alone; None where it has not failed too often."""
        asked = "SELECT until FROM failing WHERE source = ? AND until <> ''"
        found = self._run(lambda database: database.execute(asked, (source,)).fetchone())
        return dt.datetime.fromisoformat(found[0]) if found else None

    def failed(self, source: str, at_most: int, until: dt.datetime) -> None:
        """Count a failure; with `at_most` in a row the source is left alone until then."""
        counted = (
            "INSERT INTO failing VALUES (?1, 1, CASE WHEN 1 >= ?2 THEN ?3 ELSE '' END) ON CONFLICT (source) DO UPDATE "
            "SET failures = failures + 1, until = CASE WHEN failures + 1 >= ?2 THEN ?3 ELSE '' END"
        )
        self._run(lambda database: database.execute(counted, (source, at_most, _moment(until))))

    def worked(self, source: str) -> None:
        """The source answers again."""
        self._run(lambda database: database.execute("DELETE FROM failing WHERE source = ?", (source,)))

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
            with contextlib.closing(sqlite3.connect(self.path, timeout=5)) as database, database:
                database.executescript(_TABLES)
                return work(database)
        except (OSError, sqlite3.Error) as error:
            logger.warning("the cache of registries cannot be used: %s", error)
            if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
                with contextlib.suppress(OSError):  # no database any more: begin anew
                    self.path.unlink()
            return None


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")
