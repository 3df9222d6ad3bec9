"""A file read in ranges of pages, by whoever has time, on one machine or several, and joined to what `read` would have made of it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from extractor import media, packing
from extractor.document import Limits, Ocr, Opened, Progress, collected, opened
from models.layout import Document, Page, PageFault

if TYPE_CHECKING:
    from extractor.ocr import OcrEngine

DIVISIBLE = frozenset({media.PDF, media.OFD, "image/tiff"})
"""Of these any page can be read without the others."""
LONG = 8
"""Pages from which on a file is divided, and what was read of it kept in case of an interruption."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to read: the file's sha256, its media type and how many pages it has."""

    sha256: str
    media_type: str
    page_count: int

    @property
    def at_once(self) -> bool:
        """Whether it is best read by who opens it: it is short, or cannot be divided."""
        return self.page_count < LONG or self.media_type not in DIVISIBLE

    def ranges(self, size: int) -> list[tuple[int, int]]:
        """First and last pages of parts of about `size` pages, in order; one range for a file that would be read whole for each."""
        step = size if self.media_type in DIVISIBLE else self.page_count
        return [
            (first, min(first + step - 1, self.page_count)) for first in range(1, self.page_count + 1, max(1, step))
        ]


@dataclass(frozen=True, slots=True)
class Part:
    """Pages `first` to `last` of a file: each is in `pages` or in `faults`.

    `info` is what the file says of itself; only the part with page 1 has it, for signatures take time to judge. `engine` is the
    name of what recognised pages, empty where none was.
    """

    sha256: str
    media_type: str
    page_count: int
    first: int
    last: int
    pages: tuple[Page, ...]
    faults: tuple[PageFault, ...] = ()
    info: dict[str, str] | None = None
    engine: str = ""

    def packed(self) -> bytes:
        """The part as bytes, for another process or a store. They hold values only: opening them runs no code, whoever wrote them."""
        return packing.pack(self)

    @staticmethod
    def unpacked(data: bytes) -> "Part":
        """The part again. `packing.Malformed` (a ValueError) for what is none, or was made by a version with other fields."""
        return packing.unpack(Part, data)


class Noted:
    """An engine factory that notes the name of the engine that it gave, until the note is taken."""

    def __init__(self, make: Ocr) -> None:
        self._make = make
        self._name = ""

    def __call__(self) -> "OcrEngine":
        engine = self._make()
        self._name = engine.name
        return engine

    def taken(self) -> str:
        """The name, empty where no page needed recognition since the last call."""
        name, self._name = self._name, ""
        return name


def plan(data: bytes, limits: Limits | None = None) -> Plan:
    """What there is to read. Raises `InputError` where the file as a whole cannot be used."""
    with opened(data, None, limits) as file:
        return Plan(hashlib.sha256(data).hexdigest(), file.media_type, file.page_count)


def read_part(
    data: bytes,
    first: int = 1,
    last: int | None = None,
    ocr: Ocr | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Part:
    """Pages `first` to `last` (to the end without it), as `document.read` reads them. ValueError for pages that the file has not."""
    noted = Noted(ocr) if ocr else None
    with opened(data, noted, limits) as file:
        last = file.page_count if last is None else last
        return part_of(file, hashlib.sha256(data).hexdigest(), first, last, noted, progress)


def part_of(
    file: Opened, sha256: str, first: int, last: int, noted: Noted | None, progress: Progress | None = None
) -> Part:
    """Pages of a file that is open with `noted` as its engine factory."""
    if not 1 <= first <= last <= file.page_count:
        raise ValueError(f"pages {first} to {last} of {file.page_count}")
    pages, faults = collected(file, range(first, last + 1), progress)
    info = file.info() if first == 1 else None
    engine = noted.taken() if noted else ""
    return Part(sha256, file.media_type, file.page_count, first, last, pages, faults, info, engine)


def merged(parts: Iterable[Part]) -> Part:
    """One part from neighbouring ones, given in any order. ValueError where they are of several files, overlap or leave a gap."""
    ordered = sorted(parts, key=lambda part: part.first)
    if not ordered:
        raise ValueError("no parts")
    if len({(part.sha256, part.media_type, part.page_count) for part in ordered}) > 1:
        raise ValueError("parts of different files")
    for before, after in pairwise(ordered):
        if after.first != before.last + 1:
            raise ValueError(f"page {before.last + 1} is missing or read twice")
    return replace(
        ordered[0],
        last=ordered[-1].last,
        pages=tuple(page for part in ordered for page in part.pages),
        faults=tuple(fault for part in ordered for fault in part.faults),
        engine=next((part.engine for part in ordered if part.engine), ""),
    )


def join(parts: Iterable[Part], name: str = "") -> Document:
    """The document, equal to what `document.read` gives for the file. ValueError where the parts do not make up all of it."""
    whole = merged(parts)
    if (whole.first, whole.last) != (1, whole.page_count):
        raise ValueError(f"pages {whole.first} to {whole.last} of {whole.page_count}")
    return Document(name, whole.sha256, whole.media_type, whole.page_count, whole.pages, whole.faults, whole.info or {})
