"""Snapshots of registries: the files as they were uploaded, which of them answer now, and their index on each machine."""

import datetime as dt
import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store import log
from api.store.errors import EntryMissing
from api.store.ids import new_id
from api.store.opened import Store, disown
from api.store.schema import SNAPSHOTS
from extractor.registries import Listed, Registry, index_file, indexed
from models.errors import RegistryError
from models.records import RegistryKind

_INDEX = ".sqlite"


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """One registry on one day. `source` is the name of the file, `columns` maps its headers where they are not known ones."""

    id: str
    kind: RegistryKind
    as_of: dt.date
    sha256: str
    source: str
    columns: Mapping[str, str]
    rows: int
    notices: tuple[str, ...]
    uploaded_at: dt.datetime
    uploaded_by: str
    active: bool


def upload_snapshot(
    store: Store,
    kind: RegistryKind,
    name: str,
    data: bytes,
    as_of: dt.date,
    *,
    actor: str,
    now: dt.datetime,
    columns: Mapping[str, str] | None = None,
    indexes: Path | None = None,
) -> SnapshotRow:
    """Keep a registry's file and let it answer from now on, in place of the one of its kind. RegistryInvalid where it cannot be read.

    Its index stays in the folder `indexes`, where `registries_at` looks for it, so that this machine need not make it again.
    """
    snapshot_id = new_id("snap", now)
    if indexes is not None:
        indexes.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="zhengshen-", dir=indexes) as folder:
        index = Path(folder) / f"index{_INDEX}"
        meta = index_file(data, name, kind, index, columns)
        if indexes is not None:
            index.replace(indexes / f"{snapshot_id}{_INDEX}")
    row = SnapshotRow(
        snapshot_id,
        kind,
        as_of,
        hashlib.sha256(data).hexdigest(),
        name,
        dict(columns or {}),
        meta.count,
        meta.notices,
        now,
        actor,
        True,
    )
    store.keep(row.id, [data], now)

    def work(connection: Connection) -> None:
        _retire(connection, kind)
        values = {field: getattr(row, field) for field in SnapshotRow.__slots__}
        connection.execute(sa.insert(SNAPSHOTS).values(**{**values, "kind": kind.value, "notices": list(row.notices)}))
        log.append(
            connection,
            actor,
            "snapshot.uploaded",
            row.id,
            now,
            kind=kind.value,
            as_of=as_of.isoformat(),
            sha256=row.sha256,
            rows=row.rows,
        )

    store.database.write(work)
    return row


def list_snapshots(store: Store, kind: RegistryKind | None = None, active: bool | None = None) -> list[SnapshotRow]:
    """Snapshots by kind, the newest day first; those of one kind, or those that answer now."""
    question = sa.select(SNAPSHOTS).order_by(SNAPSHOTS.c.kind, SNAPSHOTS.c.as_of.desc(), SNAPSHOTS.c.id.desc())
    if kind is not None:
        question = question.where(SNAPSHOTS.c.kind == kind.value)
    if active is not None:
        question = question.where(SNAPSHOTS.c.active == active)
    return [_snapshot(row) for row in store.database.read(lambda connection: connection.execute(question).all())]


def activate_snapshot(store: Store, snapshot_id: str, *, actor: str, now: dt.datetime) -> SnapshotRow:
    """Let this snapshot answer in place of the one of its kind. EntryMissing."""

    def work(connection: Connection) -> SnapshotRow:
        row = _get(connection, snapshot_id)
        _retire(connection, row.kind)
        connection.execute(sa.update(SNAPSHOTS).where(SNAPSHOTS.c.id == snapshot_id).values(active=True))
        log.append(connection, actor, "snapshot.activated", snapshot_id, now, kind=row.kind.value)
        return _get(connection, snapshot_id)

    return store.database.write(work)


def delete_snapshot(store: Store, snapshot_id: str, *, actor: str, now: dt.datetime) -> None:
    """Delete a snapshot; reports that cite it can then no longer be made anew. EntryMissing."""

    def work(connection: Connection) -> list[str]:
        row = _get(connection, snapshot_id)
        connection.execute(sa.delete(SNAPSHOTS).where(SNAPSHOTS.c.id == snapshot_id))
        log.append(connection, actor, "snapshot.deleted", snapshot_id, now, kind=row.kind.value, sha256=row.sha256)
        return disown(connection, snapshot_id)

    store.collect(store.database.write(work))


def registries_at(store: Store, rows: Sequence[SnapshotRow], folder: Path) -> dict[RegistryKind, Registry]:
    """The registries that these snapshots are, ready to answer. Each is indexed in `folder` once for this machine.

    Indexes of snapshots that were deleted go. RegistryInvalid, BlobMissing, BlobDamaged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = {row.id for row in list_snapshots(store)}
    for path in folder.glob(f"snap_*{_INDEX}"):
        if path.stem not in known:
            path.unlink(missing_ok=True)
    return {row.kind: _opened(store, row, folder) for row in rows}


def _opened(store: Store, row: SnapshotRow, folder: Path) -> Registry:
    listed = Listed(
        row.kind,
        f"{row.id}{_INDEX}",
        row.as_of,
        row.columns,
        source=row.source,
        retrieved_at=row.uploaded_at.isoformat(timespec="seconds"),
    )
    return registry_at(store, listed, row.sha256, folder)


def registry_at(store: Store, listed: Listed, sha256: str, folder: Path) -> Registry:
    """The registry whose file is the blob `sha256`, indexed once in `folder` as `listed.file`. A blob that is an index is taken as it is.

    RegistryInvalid, BlobMissing, BlobDamaged.
    """
    try:
        return indexed(folder, listed)
    except RegistryError:  # not indexed yet on this machine, or by another edition of the program
        with tempfile.TemporaryDirectory(dir=folder) as place:
            data, fresh = store.blobs.get(sha256), Path(place) / listed.file
            if listed.source.endswith(_INDEX):
                fresh.write_bytes(data)
            else:
                index_file(data, listed.source, listed.kind, fresh, listed.columns)
            fresh.replace(folder / listed.file)
        return indexed(folder, listed)


def _retire(connection: Connection, kind: RegistryKind) -> None:
    connection.execute(sa.update(SNAPSHOTS).where(SNAPSHOTS.c.kind == kind.value).values(active=False))


def _get(connection: Connection, snapshot_id: str) -> SnapshotRow:
    row = connection.execute(sa.select(SNAPSHOTS).where(SNAPSHOTS.c.id == snapshot_id)).first()
    if row is None:
        raise EntryMissing
    return _snapshot(row)


def _snapshot(row: Any) -> SnapshotRow:
    return SnapshotRow(**{**row._mapping, "kind": RegistryKind(row.kind), "notices": tuple(row.notices)})
