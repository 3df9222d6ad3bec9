"""Snapshots in the store: uploaded once, answering on every machine, one of each kind at a time."""

import datetime as dt
from pathlib import Path

import pytest

from api.store import Store, log
from api.store.errors import EntryMissing
from api.store.snapshots import (
    activate_snapshot,
    delete_snapshot,
    list_snapshots,
    registries_at,
    upload_snapshot,
)
from models.errors import RegistryInvalid
from models.records import RegistryKind
from tests.api.store.given import NOW, after

OLD = "领域,标准名称,标准编号,备注\n食品检验,水分,GB 5009.3-2010,\n".encode()
NEW = "门类,标准名称,标准编号,备注\n食品检验,水分,GB 5009.3-2016,\n食品检验,铅,GB 5009.12-2023,\n".encode()
KIND = RegistryKind.LIBRARY


def test_the_last_upload_answers_and_the_former_can_again(store: Store, tmp_path: Path) -> None:
    old = upload_snapshot(store, KIND, "库.csv", OLD, dt.date(2026, 1, 1), actor="key:k", now=NOW)
    new = upload_snapshot(
        store, KIND, "库.csv", NEW, dt.date(2026, 6, 1), actor="key:k", now=after(1), columns={"门类": "domain"}
    )
    assert [(row.id, row.active, row.rows) for row in list_snapshots(store, KIND)] == [
        (new.id, True, 2),
        (old.id, False, 1),
    ]
    library = registries_at(store, list_snapshots(store, active=True), tmp_path / "one")[KIND]
    assert [record.code for record in library.find(None)] == ["GB 5009.3-2016", "GB 5009.12-2023"]
    assert {record.domain for record in library.find(None)} == {"食品检验"}
    assert (library.snapshot.as_of, library.snapshot.sha256) == ("2026-06-01", new.sha256)
    assert activate_snapshot(store, old.id, actor="t", now=NOW).active
    library = registries_at(store, list_snapshots(store, active=True), tmp_path / "one")[KIND]
    assert [record.code for record in library.find(None)] == ["GB 5009.3-2010"]
    assert [entry.action for entry in log.entries(store, old.id)] == ["snapshot.uploaded", "snapshot.activated"]


def test_it_is_indexed_once_a_machine_and_anew_where_the_index_is_spoilt(store: Store, tmp_path: Path) -> None:
    rows = [upload_snapshot(store, KIND, "库.csv", OLD, dt.date(2026, 1, 1), actor="t", now=NOW)]
    folder = tmp_path / "indexes"
    registries_at(store, rows, folder)
    (index,) = folder.iterdir()
    before = index.stat().st_mtime_ns
    registries_at(store, rows, folder)
    assert index.stat().st_mtime_ns == before
    index.write_bytes(b"not an index")
    assert len(registries_at(store, rows, folder)[KIND].find(None)) == 1
    assert [path.name for path in folder.iterdir()] == [index.name]


def test_what_cannot_be_read_is_refused_and_leaves_nothing(store: Store) -> None:
    with pytest.raises(RegistryInvalid, match="表头"):
        upload_snapshot(store, KIND, "库.csv", "甲,乙\n1,2\n".encode(), dt.date(2026, 1, 1), actor="t", now=NOW)
    with pytest.raises(RegistryInvalid, match="CSV、XLSX"):
        upload_snapshot(store, KIND, "../../x", OLD, dt.date(2026, 1, 1), actor="t", now=NOW)
    assert list_snapshots(store) == []
    assert list(store.blobs.names()) == []


def test_a_deleted_snapshot_is_gone_here_and_on_every_machine(store: Store, tmp_path: Path) -> None:
    row = upload_snapshot(store, KIND, "库.csv", OLD, dt.date(2026, 1, 1), actor="t", now=NOW)
    folder = tmp_path / "indexes"
    registries_at(store, [row], folder)
    delete_snapshot(store, row.id, actor="t", now=NOW)
    assert list(store.blobs.names()) == []
    registries_at(store, [], folder)
    assert list(folder.iterdir()) == []
    with pytest.raises(EntryMissing):
        activate_snapshot(store, row.id, actor="t", now=NOW)
