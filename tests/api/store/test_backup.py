"""Backup and restore, on each database and from one to the other."""

import dataclasses
import datetime as dt
import json
from pathlib import Path

import pytest

from api.store import Store, deletion, keys, log, open_store, reviews, verdicts, webhooks
from api.store.backup import Copied, backup, restore
from api.store.errors import BackupUnusable, BlobDamaged, NotEmpty
from api.store.listing import list_reviews
from api.store.snapshots import list_snapshots, upload_snapshot
from models.finding import Verdict
from models.records import RegistryKind
from tests.api.store.given import KEY, NOW, Where, given_done, given_review
from tests.api.store.test_snapshots import OLD
from tests.postgres import Postgres


def given_much(store: Store) -> None:
    done = given_done(store, application={"name": "x"}, due_on=dt.date(2026, 12, 1), callback_url="https://a.example")
    given_review(store)
    verdicts.record_verdict(store, done.id, "f", Verdict.UNSURE, actor="u", now=NOW, seen_version=0)
    keys.create_key(store, "k", list(keys.Scope), actor="cli", now=NOW)
    webhooks.subscribe(store, "https://b.example", ["whsec_a"], actor="cli", now=NOW)
    upload_snapshot(store, RegistryKind.LIBRARY, "库.csv", OLD, dt.date(2026, 1, 1), actor="cli", now=NOW)
    gone = given_review(store)
    deletion.delete_review(store, gone.id, actor="u", now=NOW, reason="asked")


def everything(store: Store) -> list[object]:
    rows, _ = list_reviews(store)
    return [
        rows,
        [verdicts.verdicts_of(store, row.id) for row in rows],
        [reviews.report_of(store, row) for row in rows],
        [[store.blobs.get(file.sha256) for file in row.files] for row in rows],
        keys.list_keys(store),
        webhooks.subscriptions(store),
        webhooks.deliveries(store),
        list_snapshots(store),
        log.entries(store),
        log.verify(store),
    ]


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
def test_everything_comes_back(store: Store, into: str, tmp_path: Path, postgres: Postgres) -> None:
    given_much(store)
    copied = backup(store, tmp_path / "backup", NOW)
    assert copied.missing == ()
    assert copied.blobs == len(list(store.blobs.names()))
    url = postgres.create() if into == "postgresql" else f"sqlite:///{tmp_path}/restored.db"
    there = Where(url, str(tmp_path / "restored"))
    assert restore(there, tmp_path / "backup") == copied
    restored = open_store(there)
    assert everything(restored) == everything(store)
    given_done(restored)  # and life goes on
    assert log.verify(restored).ok
    restored.close()


def test_what_was_sealed_stays_sealed(tmp_path: Path) -> None:
    here = Where(f"sqlite:///{tmp_path}/a.db", str(tmp_path / "a"), KEY)
    store = open_store(here)
    row = given_done(store)
    backup(store, tmp_path / "backup", NOW)
    store.close()
    texts = b"".join(path.read_bytes() for path in (tmp_path / "backup" / "blobs").rglob("*") if path.is_file())
    assert b"a licence" not in texts
    there = Where(f"sqlite:///{tmp_path}/b.db", str(tmp_path / "b"), KEY)
    restore(there, tmp_path / "backup")
    restored = open_store(there)
    assert restored.blobs.get(row.files[0].sha256) == b"a licence"
    restored.close()
    keyless = open_store(dataclasses.replace(there, store_key=None))
    with pytest.raises(BlobDamaged):
        keyless.blobs.get(row.files[0].sha256)
    keyless.close()


def test_a_case_deleted_meanwhile_is_not_in_the_backup(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, staying = given_done(store), given_review(store)
    raw = type(store.blobs).raw

    def deleting(blobs: object, sha256: str) -> tuple[bytes, bool]:
        if sha256 == going.report_sha256:
            monkeypatch.undo()
            deletion.delete_review(store, going.id, actor="t", now=NOW, reason="asked")
        return raw(blobs, sha256)  # type: ignore[arg-type]

    monkeypatch.setattr(type(store.blobs), "raw", deleting)
    assert backup(store, tmp_path / "backup", NOW).missing == ()
    there = Where(f"sqlite:///{tmp_path}/restored.db", str(tmp_path / "restored"))
    restore(there, tmp_path / "backup")
    restored = open_store(there)
    assert [row.id for row in list_reviews(restored)[0]] == [staying.id]
    assert set(restored.blobs.names()) == {file.sha256 for file in staying.files}
    restored.close()


def test_a_lost_blob_is_named(store: Store, tmp_path: Path) -> None:
    row = given_review(store)
    store.blobs.delete(row.files[0].sha256)
    assert backup(store, tmp_path / "backup", NOW).missing == (row.files[0].sha256,)
    there = Where(f"sqlite:///{tmp_path}/restored.db", str(tmp_path / "restored"))
    assert restore(there, tmp_path / "backup").missing == (row.files[0].sha256,)


@pytest.mark.parametrize("damage", ["manifest", "format", "table", "blob", "lost blob", "nothing there"])
def test_a_damaged_backup_is_refused_before_anything_is_written(tmp_path: Path, damage: str) -> None:
    here = Where(f"sqlite:///{tmp_path}/a.db", str(tmp_path / "a"))
    store = open_store(here)
    given_done(store)
    folder = tmp_path / "backup"
    backup(store, folder, NOW)
    store.close()
    manifest, blob = folder / "manifest.json", next(p for p in (folder / "blobs").rglob("*") if p.is_file())
    match damage:
        case "manifest":
            manifest.write_text("{")
        case "format":
            manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "format": 99}))
        case "table":
            with (folder / "tables" / "reviews.jsonl").open("a") as file:
                file.write("{}\n")
        case "blob":
            blob.write_bytes(b"changed")
        case "lost blob":
            blob.unlink()
        case _:
            folder = tmp_path / "nowhere"
    there = Where(f"sqlite:///{tmp_path}/b.db", str(tmp_path / "b"))
    with pytest.raises(BackupUnusable):
        restore(there, folder)
    assert not (tmp_path / "b").exists()
    assert not (tmp_path / "b.db").exists()


def test_nothing_is_overwritten(store: Store, where: Where, tmp_path: Path) -> None:
    given_review(store)
    backup(store, tmp_path / "backup", NOW)
    with pytest.raises(NotEmpty):
        backup(store, tmp_path / "backup", NOW)
    with pytest.raises(NotEmpty):
        restore(where, tmp_path / "backup")


def test_an_empty_store_makes_an_empty_backup(store: Store, tmp_path: Path) -> None:
    assert backup(store, tmp_path / "backup", NOW) == Copied(0, 0, ())
    there = Where(f"sqlite:///{tmp_path}/restored.db", str(tmp_path / "restored"))
    open_store(there).close()  # an empty one that was opened before may be filled
    assert restore(there, tmp_path / "backup") == Copied(0, 0, ())
