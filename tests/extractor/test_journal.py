"""Recognised pages kept on disk: for their owner, for a while, and never taken for what they are not."""

import os
import stat
import time
from pathlib import Path

import pytest

from extractor import journal
from extractor.journal import Journal
from extractor.pool import Pool
from tests.extractor.engines import HARMLESS, Engines, marked

FILE, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "pages"


def kept(folder: Path, sha256: str = FILE, engine: str = "e") -> list[bytes]:
    return list(Journal(folder).records(sha256, engine))


def test_records_are_there_for_the_next_run_until_they_are_forgotten(folder: Path) -> None:
    first = Journal(folder)
    for record in (b"one", b"", b"three"):
        first.keep(FILE, "e", record)
    assert first.kept == 3
    assert kept(folder) == [b"one", b"", b"three"]
    assert kept(folder, OTHER) == kept(folder, engine="another") == []
    second = Journal(folder)
    assert len(list(second.records(FILE, "e"))) == 3
    second.forget()
    assert kept(folder) == []


def test_another_version_of_the_program_takes_nothing_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Journal(folder).keep(FILE, "e", b"one")
    monkeypatch.setattr(journal, "_program", lambda: "another")
    assert kept(folder) == []


def test_only_the_owner_may_look(folder: Path) -> None:
    Journal(folder).keep(FILE, "e", b"one")
    (file,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_record_cut_short_is_left_out_and_the_next_ones_are_found(folder: Path) -> None:
    Journal(folder).keep(FILE, "e", b"one")
    Journal(folder).keep(FILE, "e", b"two")
    (file,) = folder.iterdir()
    os.truncate(file, file.stat().st_size - 1)
    assert kept(folder) == [b"one"]
    Journal(folder).keep(FILE, "e", b"three")
    assert kept(folder) == [b"one", b"three"]


def test_what_is_old_or_too_much_goes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for age, sha256 in enumerate((FILE, OTHER)):
        Journal(folder).keep(sha256, "e", b"x" * 100)
        for file in folder.glob(f"{sha256}*"):
            os.utime(file, (0, time.time() - 60 * age))
    monkeypatch.setattr(journal, "MOST_BYTES", 150)
    assert (kept(folder), kept(folder, OTHER)) == ([b"x" * 100], [])
    monkeypatch.setattr(journal, "MOST_SECONDS", 0)
    assert kept(folder) == []


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    blocked = Journal(tmp_path / "file" / "pages")
    blocked.keep(FILE, "e", b"one")
    assert blocked.kept == 0
    assert kept(tmp_path / "file" / "pages") == []


def test_a_pool_goes_on_from_the_pages_kept(folder: Path, tmp_path: Path) -> None:
    engines, data = Engines(tmp_path / "log"), marked(*[HARMLESS] * 9)
    with Pool(engines, journal=Journal(folder)) as first:
        part = first.read_part(data, 2, 6)
    seen = len(engines.sights())
    with Pool(engines, journal=Journal(folder)) as second:
        document = second.read(data)
    assert (first.resumed, second.resumed, len(engines.sights()) - seen) == (0, 5, 4)
    assert document.pages[1:6] == part.pages
    with Pool(engines, journal=Journal(folder)) as third:
        assert third.read(data) == document
    assert third.resumed == 9


def test_short_files_and_what_is_damaged_are_read_anew(folder: Path, tmp_path: Path) -> None:
    engines, data = Engines(tmp_path / "log"), marked(*[HARMLESS] * 8)
    Journal(folder).keep(FILE, "test engine", b"no part")
    with Pool(engines, journal=Journal(folder)) as pool:
        pool.read(marked(HARMLESS, HARMLESS))
        assert len(list(folder.iterdir())) == 1
        (other,) = folder.iterdir()
        expected = pool.read(data)
    (written,) = set(folder.iterdir()) - {other}
    written.write_bytes(other.read_bytes())
    with Pool(engines, journal=Journal(folder)) as pool:
        assert pool.read(data) == expected
    assert pool.resumed == 0
