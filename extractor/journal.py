"""Recognised pages kept on disk until their review has ended, so that one that was interrupted goes on where it stopped."""

import hashlib
import logging
import os
import struct
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path

_log = logging.getLogger(__name__)

MOST_BYTES = 500_000_000
"""Of all that is kept; the oldest goes first."""
MOST_SECONDS = 3 * 24 * 3600
"""After so long without a new page nobody is expected to come back."""
_HEADER = struct.Struct("<II")  # length and CRC-32 of the record that follows
_SUFFIX = ".pages"


class Journal:
    """A folder for its owner only, with one file for each document that is being read. What cannot be written is not kept."""

    def __init__(self, folder: Path) -> None:
        self.kept = 0
        """How many records were written."""
        self._folder = folder
        self._asked: set[Path] = set()
        self._usable = True
        self._sweep()

    def records(self, sha256: str, engine: str) -> Iterator[bytes]:
        """What was kept of a file for this engine and this version of the program; a record cut short by a crash is left out."""
        path = self._path(sha256, engine)
        self._asked.add(path)
        try:
            data = path.read_bytes()
        except OSError:
            return
        place = 0
        while place + _HEADER.size <= len(data):
            length, checksum = _HEADER.unpack_from(data, place)
            record = data[place + _HEADER.size : place + _HEADER.size + length]
            if len(record) < length or zlib.crc32(record) != checksum:
                break
            yield record
            place += _HEADER.size + length
        if place < len(data):  # or what is appended now would never be found
            with suppress(OSError):
                os.truncate(path, place)

    def keep(self, sha256: str, engine: str, record: bytes) -> None:
        """Append a record at once: it is safe from the end of this process, whatever ends it."""
        if not self._usable:
            return
        path = self._path(sha256, engine)
        try:
            if not self.kept:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._folder.chmod(0o700)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
            try:
                os.write(descriptor, _HEADER.pack(len(record), zlib.crc32(record)) + record)
            finally:
                os.close(descriptor)
            self.kept += 1
        except OSError as error:
            _log.warning("read pages cannot be kept: %s", error)
            self._usable = False

    def forget(self) -> None:
        """Remove what was kept of the files that were asked for: their review has ended."""
        for path in self._asked:
            with suppress(OSError):
                path.unlink()

    def _path(self, sha256: str, engine: str) -> Path:
        key = hashlib.sha256(f"{engine}\n{_program()}".encode()).hexdigest()
        return self._folder / f"{sha256}-{key[:16]}{_SUFFIX}"

    def _sweep(self) -> None:
        """Clears what is too old or too much."""
        total = 0
        try:
            held = sorted(((path, path.stat()) for path in self._folder.glob(f"*{_SUFFIX}")), key=_youngest_first)
        except OSError:
            return
        for path, facts in held:
            total += facts.st_size
            if total > MOST_BYTES or time.time() - facts.st_mtime > MOST_SECONDS:
                with suppress(OSError):
                    path.unlink()


def _youngest_first(held: tuple[Path, os.stat_result]) -> float:
    return -held[1].st_mtime


@cache
def _program() -> str:
    """A hash over the code that reads: pages kept by another version are not taken for ours."""
    digest = hashlib.sha256()
    pending = [package_files("extractor"), package_files("models")]
    while pending:
        for entry in sorted(pending.pop().iterdir(), key=lambda entry: entry.name):
            if entry.is_dir() and entry.name != "__pycache__":
                pending.append(entry)
            elif entry.is_file() and entry.name.endswith((".py", ".json", ".toml", ".txt", ".tsv", ".csv")):
                digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    return digest.hexdigest()
