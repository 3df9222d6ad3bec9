"""A registry file in indexed form: SQLite, one table of rows and one of the keys under which each is found."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from extractor.registries.files import Row
from models.errors import RegistryInvalid

SUFFIX = ".sqlite"

_FORMAT = "2"  # raised with every change of the tables, of the keys or of what a row holds
_AT_ONCE = 500  # keys in one question; SQLite allows 32,766

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE record (id INTEGER PRIMARY KEY, row TEXT NOT NULL);
CREATE TABLE key (key TEXT NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (key, record)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Meta:
    """What an index says of itself: the kind, the hash of the file it was made from, its rows, what was noticed."""

    kind: str
    sha256: str
    source: str
    count: int
    notices: tuple[str, ...] = ()


def write_index(path: Path, meta: Meta, entries: Iterable[tuple[Row, Collection[str]]]) -> None:
    """Write rows and their keys; the file appears only when it is whole."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(unfinished)) as database, database:
            database.executescript(_TABLES)
            pairs: list[tuple[str, int]] = []
            for number, (row, keys) in enumerate(entries):
                database.execute("INSERT INTO record VALUES (?, ?)", (number, json.dumps(row, ensure_ascii=False)))
                pairs.extend((key, number) for key in keys)
            database.executemany("INSERT OR IGNORE INTO key VALUES (?, ?)", sorted(pairs))
            said = {
                "format": _FORMAT,
                "kind": meta.kind,
                "sha256": meta.sha256,
                "source": meta.source,
                "count": str(meta.count),
                "notices": json.dumps(meta.notices, ensure_ascii=False),
            }
            database.executemany("INSERT INTO meta VALUES (?, ?)", said.items())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def read_meta(path: Path) -> Meta:
    """RegistryInvalid where the file is no index, or one of another format."""
    with closing(_open(path)) as database:
        try:
            said: dict[str, str] = dict(database.execute("SELECT name, value FROM meta"))
        except sqlite3.Error as error:
            raise _invalid(path, f"{error}") from error
    if said.get("format") != _FORMAT:
        raise _invalid(path, f"format {said.get('format')}, expected {_FORMAT}")
    return Meta(said["kind"], said["sha256"], said["source"], int(said["count"]), tuple(json.loads(said["notices"])))


def find_rows(path: Path, keys: Collection[str] | None) -> Iterator[Row]:
    """The rows found under any of `keys`, each once, in the order of the file; None asks for all."""
    with closing(_open(path)) as database:
        try:
            if keys is None:
                numbers: Iterable[int] = (
                    number for (number,) in database.execute("SELECT id FROM record ORDER BY id").fetchall()
                )
            else:
                found: set[int] = set()
                wanted = sorted(keys)
                for some in (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE)):
                    marks = ",".join("?" * len(some))
                    question = f"SELECT record FROM key WHERE key IN ({marks})"  # noqa: S608 - only question marks go in
                    found.update(number for (number,) in database.execute(question, some))
                numbers = sorted(found)
            for number in numbers:
                (row,) = database.execute("SELECT row FROM record WHERE id = ?", (number,)).fetchone()
                yield json.loads(row)
        except sqlite3.Error as error:
            raise _invalid(path, f"{error}") from error


def row_texts(path: Path) -> Iterator[str]:
    """Every row as the JSON text that the index holds, in the order of the file; `json.loads` makes it a row."""
    with closing(_open(path)) as database:
        try:
            yield from (text for (text,) in database.execute("SELECT row FROM record ORDER BY id"))
        except sqlite3.Error as error:
            raise _invalid(path, f"{error}") from error


def _open(path: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        raise _invalid(path, f"{error}") from error


def _invalid(path: Path, why: str) -> RegistryInvalid:
    return RegistryInvalid(
        f"{path.name}：登记数据索引不可用（{why}），请用 zhengshen registry import 重新导入。 "
        f"{path.name}: the index cannot be used ({why}); import the registry again."
    )
