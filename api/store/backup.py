"""Backup and restore: every table as JSON lines and every blob as it lies in the store, the same for SQLite and PostgreSQL.

A folder holds `manifest.json` (schema revision, tables with rows and hashes, what was missing), `tables/*.jsonl` and `blobs/`. What was
sealed stays sealed: keep the key elsewhere, without it a backup is of no use. A backup from one kind of database can be restored into the
other, and one of an older schema is upgraded.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store.blobs import Blobs, seal_of
from api.store.database import connect
from api.store.errors import BackupUnusable, BlobDamaged, BlobMissing, NotEmpty
from api.store.migrate import current_revision, migrate
from api.store.opened import Places, Store
from api.store.schema import BLOBS, METADATA, WORKERS

FORMAT = 1
_MANIFEST = "manifest.json"
_ROWS_AT_ONCE = 500
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Copied:
    """What a backup or a restore moved; `missing` are blobs that the database names and the store has lost."""

    rows: int
    blobs: int
    missing: tuple[str, ...]


def backup(store: Store, folder: Path, now: dt.datetime) -> Copied:
    """Write a backup into an empty or new folder while the service runs. The folder appears when the backup is whole. NotEmpty.

    The tables are of one moment, and every blob they name is there: where a case was deleted meanwhile, they are written anew.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotEmpty
    place = folder.with_name(folder.name + ".unfinished")
    (place / "tables").mkdir(parents=True, exist_ok=True)
    copies = Blobs(str(place.absolute() / "blobs"))
    for _ in range(_ROUNDS):
        revision, tables = store.database.read(lambda connection: _dumped(connection, place))
        missing = [name for name in _named(place) if not copies.has(name) and not _copy(store.blobs, copies, name)]
        if _still_named(store, missing):
            break
    named = _named(place)
    for sha256 in copies.names():
        if sha256 not in named:
            copies.delete(sha256)
    manifest = {
        "format": FORMAT,
        "revision": revision,
        "made_at": now.isoformat(),
        "tables": tables,
        "missing": missing,
    }
    (place / _MANIFEST).write_text(json.dumps(manifest, indent=2), "utf-8")
    if folder.exists():
        folder.rmdir()
    place.replace(folder)
    return _copied(tables, named, missing)


def restore(places: Places, folder: Path) -> Copied:
    """Load a backup into an empty database and blob store and bring the schema up to date; all is checked first, and all or nothing
    goes into the database. BackupUnusable, NotEmpty."""
    manifest = _checked(folder)
    database, blobs = connect(places.database_url), Blobs(str(places.store_url), seal_of(places.store_key))
    copies = Blobs(str(folder.absolute() / "blobs"))
    named = _named(folder)
    try:
        empty = database.read(lambda connection: _is_empty(connection, manifest["revision"]))
        if not empty or not set(blobs.names()) <= set(named):
            raise NotEmpty
        for sha256 in named:
            if sha256 not in manifest["missing"]:
                blobs.put_raw(sha256, *copies.raw(sha256))
        migrate(database, manifest["revision"])
        database.write(lambda connection: _load(connection, folder, manifest["tables"]))
        migrate(database)
    finally:
        database.engine.dispose()
    return _copied(manifest["tables"], named, manifest["missing"])


def _dumped(connection: Connection, place: Path) -> tuple[str, list[dict[str, Any]]]:
    """Write the tables as they are at this moment; the revision of the schema, and what was written."""
    tables = []
    for table in METADATA.sorted_tables:
        if table is WORKERS:  # who was alive when the backup was made is of no use later
            continue
        digest, rows = hashlib.sha256(), 0
        with _table(place, table.name).open("wb") as file:
            for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns)):
                line = json.dumps(dict(row._mapping), ensure_ascii=False, default=_text).encode() + b"\n"
                file.write(line)
                digest.update(line)
                rows += 1
        tables.append({"name": table.name, "rows": rows, "sha256": digest.hexdigest()})
    return str(current_revision(connection)), tables


def _copy(blobs: Blobs, copies: Blobs, sha256: str) -> bool:
    try:
        copies.put_raw(sha256, *blobs.raw(sha256))
    except (BlobMissing, BlobDamaged):
        return False
    return True


def _still_named(store: Store, hashes: Sequence[str]) -> bool:
    """Whether the database still names all of them: then they are lost, not deleted meanwhile."""
    found = sa.select(sa.func.count()).select_from(BLOBS).where(BLOBS.c.sha256.in_(hashes))
    return store.database.read(lambda connection: connection.scalar(found)) == len(hashes)


def _checked(folder: Path) -> dict[str, Any]:
    """The manifest, once every table and every blob has been found to be what it says."""
    try:
        manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_text("utf-8"))
        if manifest["format"] != FORMAT:
            raise BackupUnusable(f"备份格式为 {manifest['format']}，应为 {FORMAT}。 The backup is of another format.")
        for table in manifest["tables"]:
            with _table(folder, table["name"]).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != table["sha256"]:
                    raise BackupUnusable(
                        f"备份中的表 {table['name']} 已损坏。 Table {table['name']} of the backup is damaged."
                    )
        copies = Blobs(str(folder.absolute() / "blobs"))
        for sha256 in _named(folder):
            if sha256 not in manifest["missing"]:
                copies.raw(sha256)
    except (OSError, ValueError, KeyError, TypeError, BlobMissing, BlobDamaged) as error:
        raise BackupUnusable(
            f"备份不完整或已损坏（{error}）。 The backup is incomplete or damaged ({error})."
        ) from error
    return manifest


def _is_empty(connection: Connection, revision: str) -> bool:
    """No schema at all, or the backup's own without a single row."""
    present = current_revision(connection)
    if present is None:
        return True
    return present == revision and not any(
        connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
        for table in METADATA.sorted_tables
        if table is not WORKERS
    )


def _load(connection: Connection, folder: Path, tables: Sequence[Mapping[str, Any]]) -> None:
    """Rows go in as the schema of their revision has them, which may be older than the one in this program."""
    schema = sa.MetaData()
    schema.reflect(connection, only=[table["name"] for table in tables])
    sqlite = connection.dialect.name == "sqlite"
    for name in (table["name"] for table in tables):
        table = schema.tables[name]
        for rows in _batches(_table(folder, name)):
            values = [{key: _value(table.c[key], value, sqlite) for key, value in row.items()} for row in rows]
            connection.execute(sa.insert(table), values)


def _batches(path: Path) -> Iterator[list[dict[str, Any]]]:
    rows = []
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            rows.append(json.loads(line))
            if len(rows) == _ROWS_AT_ONCE:
                yield rows
                rows = []
    if rows:
        yield rows


def _named(place: Path) -> list[str]:
    """The blobs that the tables of a backup name."""
    return [row["sha256"] for rows in _batches(_table(place, BLOBS.name)) for row in rows]


def _value(column: sa.Column[Any], value: Any, sqlite: bool) -> Any:
    """Text back to the moment or day that it was."""
    if value is None:
        return None
    if isinstance(column.type, sa.DateTime):
        moment = dt.datetime.fromisoformat(value)
        return moment.replace(tzinfo=None) if sqlite else moment
    return dt.date.fromisoformat(value) if isinstance(column.type, sa.Date) else value


def _text(value: object) -> str:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    raise TypeError(type(value))


def _table(place: Path, name: str) -> Path:
    return place / "tables" / f"{name}.jsonl"


def _copied(tables: Sequence[Mapping[str, Any]], named: Sequence[str], missing: Sequence[str]) -> Copied:
    return Copied(sum(table["rows"] for table in tables), len(named) - len(missing), tuple(missing))
