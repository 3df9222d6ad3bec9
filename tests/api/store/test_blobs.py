"""Blobs: the same bytes once, whole or not at all, sealed where there is a key."""

import base64
import errno
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fsspec
import pytest

from api.store.blobs import Blobs, seal_of
from api.store.errors import BlobDamaged, BlobMissing, StoreUnavailable
from models.errors import InputError
from tests.api.store.given import KEY, NOW, OTHER_KEY, after

DATA = "营业执照".encode() * 100
NAME = hashlib.sha256(DATA).hexdigest()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_bytes_come_back_and_are_kept_once(tmp_path: Path) -> None:
    blobs = Blobs(str(tmp_path))
    assert blobs.put(DATA) == blobs.put(DATA) == NAME
    assert blobs.get(NAME) == DATA
    assert [path.read_bytes() for path in files(tmp_path)] == [DATA]
    assert list(blobs.names()) == [NAME]
    blobs.delete(NAME)
    blobs.delete(NAME)
    assert not blobs.has(NAME)
    assert files(tmp_path) == []
    with pytest.raises(BlobMissing):
        blobs.get(NAME)


def test_a_store_elsewhere_works_alike() -> None:
    blobs = Blobs("memory://zhengshen-test/blobs", seal_of(KEY))
    try:
        assert blobs.folder is None
        assert blobs.put(DATA) == NAME
        assert blobs.get(NAME) == DATA
        assert list(blobs.names()) == [NAME]
        blobs.delete(NAME)
        assert list(blobs.names()) == []
        with pytest.raises(BlobMissing):
            blobs.get(NAME)
    finally:
        fsspec.filesystem("memory").store.clear()


def test_whatever_an_object_store_raises_means_that_it_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unreachable(Exception):
        """Of the store's own library."""

    def fail(*_: object) -> bool:
        raise Unreachable

    monkeypatch.setattr(fsspec.get_filesystem_class("memory"), "exists", fail)
    with pytest.raises(StoreUnavailable) as raised:
        Blobs("memory://zhengshen-test/blobs").put(DATA)
    assert isinstance(raised.value.__cause__, Unreachable)


def test_sealed_bytes_show_nothing_of_what_they_are(tmp_path: Path) -> None:
    blobs = Blobs(str(tmp_path), seal_of(KEY))
    blobs.put(DATA)
    (path,) = files(tmp_path)
    assert "营业".encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert blobs.get(NAME) == DATA


def test_a_changed_byte_or_a_wrong_key_is_noticed(tmp_path: Path) -> None:
    for seal, place in ((None, "plain"), (seal_of(KEY), "sealed")):
        blobs = Blobs(str(tmp_path / place), seal)
        blobs.put(DATA)
        (path,) = files(tmp_path / place)
        stored = bytearray(path.read_bytes())
        stored[-20] ^= 1
        path.write_bytes(stored)
        with pytest.raises(BlobDamaged):
            blobs.get(NAME)
    Blobs(str(tmp_path / "other"), seal_of(KEY)).put(DATA)
    for seal in (None, seal_of(OTHER_KEY)):
        with pytest.raises(BlobDamaged):
            Blobs(str(tmp_path / "other"), seal).get(NAME)


def test_one_sealed_blob_cannot_stand_for_another(tmp_path: Path) -> None:
    blobs = Blobs(str(tmp_path), seal_of(KEY))
    other = blobs.put(b"another")
    blobs.put(DATA)
    by_name = {path.name.partition(".")[0]: path for path in files(tmp_path)}
    by_name[NAME].write_bytes(by_name[other].read_bytes())
    with pytest.raises(BlobDamaged):
        blobs.get(NAME)


def test_a_key_can_be_changed_without_losing_what_the_former_sealed(tmp_path: Path) -> None:
    Blobs(str(tmp_path)).put(b"before any key")
    Blobs(str(tmp_path), seal_of(KEY)).put(DATA)
    changed = Blobs(str(tmp_path), seal_of(f"{OTHER_KEY}, {KEY}"))
    assert changed.get(NAME) == DATA
    assert changed.get(hashlib.sha256(b"before any key").hexdigest()) == b"before any key"
    later = changed.put(b"after the change")
    assert Blobs(str(tmp_path), seal_of(OTHER_KEY)).get(later) == b"after the change"


@pytest.mark.parametrize("text", ["short", base64.b64encode(b"x" * 31).decode(), f"{KEY},"])
def test_a_key_of_another_length_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="openssl rand -base64 32"):
        seal_of(text)


@pytest.mark.parametrize("text", [None, "", "  "])
def test_no_key_is_no_seal(text: str | None) -> None:
    assert seal_of(text) is None


def test_many_at_once_leave_one_whole_blob(tmp_path: Path) -> None:
    blobs = Blobs(str(tmp_path))
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: blobs.put(DATA), range(32))) == {NAME}
    assert len(files(tmp_path)) == 1
    assert blobs.get(NAME) == DATA


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_leaves_nothing_behind_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = Blobs(str(tmp_path))
    opened = os.open
    monkeypatch.setattr(os, "open", lambda path, flags, mode=0o777: opened("/dev/full", os.O_WRONLY))
    monkeypatch.setattr(os, "fsync", lambda _: None)
    with pytest.raises(StoreUnavailable, match="磁盘已满") as raised:
        blobs.put(DATA)
    assert isinstance(raised.value.__cause__, OSError)
    assert raised.value.__cause__.errno == errno.ENOSPC
    monkeypatch.undo()
    assert files(tmp_path) == []
    assert blobs.put(DATA) == NAME


def test_what_a_crash_left_half_written_is_tidied_in_time(tmp_path: Path) -> None:
    blobs = Blobs(str(tmp_path))
    blobs.put(DATA)
    half = files(tmp_path)[0].with_name(f"{NAME}.0123456789ab.unfinished")
    half.write_bytes(DATA[:10])
    os.utime(half, (NOW.timestamp(), NOW.timestamp()))
    assert list(blobs.names()) == [NAME]
    blobs.tidy(NOW)
    assert half.exists()
    blobs.tidy(after(1))
    assert not half.exists()
    assert blobs.get(NAME) == DATA


def test_an_address_that_nothing_answers_to_is_refused() -> None:
    with pytest.raises(InputError, match="文件存储地址"):
        Blobs("nowhere://blobs").put(DATA)
