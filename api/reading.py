"""Files read and parsed: what a set of files turned out to be, and what could not be used."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file: the document that it is, or the problem that kept it from being one."""

    name: str
    document: Document | None
    problem: Problem | None = None


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
    files, problems = unbundled(files)

    def read_all() -> Iterator[FileRead]:
        for number, upload in enumerate(files):
            page_done = partial(_page_done, progress, upload.name, number, len(files)) if progress else None
            yield read_file(upload, engine, limits, page_done)

    reading = gathered(read_all(), problems, seen)
    if progress:
        progress("", len(files), len(files))
    return replace(reading, engine=engine.name if engine else "", seconds=time.perf_counter() - started)


def read_file(
    upload: Upload, ocr: OcrFactory | None, limits: Limits | None, page_done: Callable[[int, int], None] | None = None
) -> FileRead:
    """The file's document or its problem; nothing is raised."""
    try:
        return FileRead(upload.name, documents.read(upload.data, upload.name, ocr, limits, page_done))
    except Exception as error:
        return failed(upload.name, error)


def failed(name: str, error: Exception) -> FileRead:
    """What is said of a file that could not be used: the reason where we know it, else that the program failed on it."""
    if isinstance(error, ReviewError):
        return FileRead(name, None, Problem(name, error.code, str(error)))
    logger.error("%s could not be read", name, exc_info=error)
    return FileRead(name, None, Problem(name, "internal_error", INTERNAL_ERROR))


def gathered(
    files: Iterable[FileRead], problems: Sequence[Problem] = (), seen: Callable[[Document], None] | None = None
) -> Reading:
    """The papers in the files, which are taken one after the other. `problems` are those of the bundles that the files came in.

    Which engine recognised pages and how long that took is for the caller to add.
    """
    papers: list[Paper] = []
    problems = list(problems)
    unread = [problem.file for problem in problems]
    facts: list[FileFacts] = []
    pages = 0
    for file in files:
        document = file.document
        if document is not None:
            try:
                if seen:
                    seen(document)
                pages += len(document.pages)
                facts.append(FileFacts.of(document))
                problems += [Problem(file.name, fault.code, fault.message, fault.page) for fault in document.faults]
                found = parse(document)
            except Exception as error:
                file = failed(file.name, error)
        if file.problem is not None:
            problems.append(file.problem)
            unread.append(file.name)
            continue
        papers += found
        if all(isinstance(paper, UnknownPaper) for paper in found):
            unread.append(file.name)
    return Reading(tuple(papers), tuple(problems), tuple(unread), "", pages, 0.0, tuple(facts))


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
