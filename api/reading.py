"""Files read and parsed: what a set of files turned out to be, and what could not be used."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from extractor import document as documents
from extractor.bundle import unpack
from extractor.document import Limits
from extractor.media import ZIP, media_type
from extractor.ocr import OcrEngine
from extractor.parsers import parse
from models.errors import InputError, ReviewError
from models.file_facts import FileFacts
from models.layout import Document
from models.papers import Paper, UnknownPaper
from models.report import Problem

logger = logging.getLogger(__name__)

INTERNAL_ERROR = (
    "读取该文件时程序出错，其余文件照常审查；请人工查看并反馈。 "
    "The program failed on this file; the others were reviewed."
)

OcrFactory = Callable[[], OcrEngine]

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much is done, and of how much."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was handed in. `name` is data for people, never a path to open."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """What a set of files turned out to be. `unread` names the files that gave no paper, `engine` what recognised pages, if any did."""

    papers: tuple[Paper, ...]
    problems: tuple[Problem, ...]
    unread: tuple[str, ...]
    engine: str
    pages: int
    seconds: float
    files: tuple[FileFacts, ...] = ()


def parse_files(
    files: Sequence[Upload],
    ocr: OcrFactory | None = None,
    progress: Progress | None = None,
    seen: Callable[[Document], None] | None = None,
    limits: Limits | None = None,
) -> Reading:
    """Read every file, those in zip bundles too, and parse its papers; what goes wrong with one file is a problem of that file only."""
    started = time.perf_counter()
    engine = OnceMade(ocr) if ocr else None
    papers: list[Paper] = []
    files, problems = unbundled(files)
    unread = [problem.file for problem in problems]
    facts: list[FileFacts] = []
    pages = 0
    for number, upload in enumerate(files):
        page_done = partial(_page_done, progress, upload.name, number, len(files)) if progress else None
        try:
            document = documents.read(upload.data, upload.name, engine, limits, page_done)
            if seen:
                seen(document)
            pages += len(document.pages)
            facts.append(FileFacts.of(document))
            problems += [Problem(upload.name, fault.code, fault.message, fault.page) for fault in document.faults]
            found = parse(document)
        except ReviewError as error:
            problems.append(Problem(upload.name, error.code, str(error)))
            unread.append(upload.name)
            continue
        except Exception:
            logger.exception("%s could not be read", upload.name)
            problems.append(Problem(upload.name, "internal_error", INTERNAL_ERROR))
            unread.append(upload.name)
            continue
        papers += found
        if all(isinstance(paper, UnknownPaper) for paper in found):
            unread.append(upload.name)
    if progress:
        progress("", len(files), len(files))
    return Reading(
        papers=tuple(papers),
        problems=tuple(problems),
        unread=tuple(unread),
        engine=engine.name if engine else "",
        pages=pages,
        seconds=time.perf_counter() - started,
        files=tuple(facts),
    )


def unbundled(files: Sequence[Upload]) -> tuple[list[Upload], list[Problem]]:
    """The files with those in zip bundles in place of the bundles, named bundle/file; a bundle that cannot be used is one problem."""
    found: list[Upload] = []
    problems: list[Problem] = []
    for upload in files:
        if media_type(upload.data) != ZIP:
            found.append(upload)
            continue
        try:
            found += [Upload(f"{upload.name}/{member.name}", member.data) for member in unpack(upload.data)]
        except InputError as error:
            problems.append(Problem(upload.name, error.code, str(error)))
    return found, problems


def _page_done(progress: Progress, name: str, files_done: int, files: int, page: int, pages: int) -> None:
    progress(f"{name} {page}/{pages}", files_done, files)


class OnceMade:
    """An engine factory that makes its engine once, at the first page that needs it, and then knows its name."""

    def __init__(self, make: OcrFactory) -> None:
        self.make = make
        self.engine: OcrEngine | None = None

    def __call__(self) -> OcrEngine:
        if self.engine is None:
            self.engine = self.make()
        return self.engine

    @property
    def name(self) -> str:
        """Empty while no page needed recognition."""
        return self.engine.name if self.engine else ""
