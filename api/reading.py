"""Files read and parsed: what a set of files turned out to be, and what could not be used."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from extractor import document as documents
from extractor.bundle import unpack
from extractor.completeness import losses
from extractor.document import Limits
from extractor.media import ZIP, media_type
from extractor.ocr import OcrEngine
from extractor.parsers import parse
from models.errors import InputError, ReviewError
from models.file_facts import FileFacts
from models.layout import Document
from models.papers import Paper, UnknownPaper
from models.report import Problem

if TYPE_CHECKING:
    from extractor.pool import Pool

logger = logging.getLogger(__name__)

INTERNAL_ERROR = (
    "读取该文件时程序出错，其余文件照常审查；请人工查看并反馈。 "
    "The program failed on this file; the others were reviewed."
)

AHEAD = 4
"""Files that are read at the same time."""

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


@dataclass(frozen=True, slots=True)
class FileParsed:
    """What one file turned out to be: its papers, and what could not be used of it. `facts` is None where it could not be read."""

    name: str
    papers: tuple[Paper, ...]
    problems: tuple[Problem, ...]
    facts: FileFacts | None = None
    pages: int = 0

    @property
    def unread(self) -> bool:
        """Whether it gave no paper."""
        return all(isinstance(paper, UnknownPaper) for paper in self.papers)


def parse_files(
    files: Sequence[Upload],
    ocr: OcrFactory | None = None,
    progress: Progress | None = None,
    seen: Callable[[Document], None] | None = None,
    limits: Limits | None = None,
    pool: "Pool | None" = None,
) -> Reading:
    """Read every file, those in zip bundles too, and parse its papers; what goes wrong with one file is a problem of that file only.

    With a pool its processes read the files, by its own engine and limits, while this one parses; without one this process does it all.
    """
    started = time.perf_counter()
    files, problems = unbundled(files)
    counted = PageCount(len(files), progress) if progress else None
    engine = OnceMade(ocr) if ocr else None
    if pool:
        reading = _joined(_read_ahead(files, pool, counted, seen), problems)
    else:
        found = (
            read_file(upload, engine, limits, counted.of(number, upload.name) if counted else None)
            for number, upload in enumerate(files)
        )
        reading = gathered(found, problems, seen)
    if progress:
        progress("", len(files), len(files))
    name = pool.engine_name if pool else engine.name if engine else ""
    return replace(reading, engine=name, seconds=time.perf_counter() - started)


def _read_ahead(
    files: Sequence[Upload], pool: "Pool", counted: "PageCount | None", seen: Callable[[Document], None] | None
) -> Iterator[FileParsed]:
    """The files in order; each is parsed as soon as it is read, while others are being read.

    Pictures come first: a page takes its reader longest where all of it must be recognised, and cannot be divided among several.
    """
    parsing = Lock()  # the interpreter runs one thread at a time anyway, and `seen` need not bear two

    def read(number: int, upload: Upload) -> FileParsed:
        try:
            done = counted.of(number, upload.name) if counted else None
            file = FileRead(upload.name, pool.read(upload.data, upload.name, done))
        except Exception as error:
            file = failed(upload.name, error)
        with parsing:
            return parsed_file(file, seen)

    pool.warm(len(files))
    threads = ThreadPoolExecutor(AHEAD, "file")
    try:
        turns = sorted(range(len(files)), key=lambda number: not media_type(files[number].data).startswith("image/"))
        coming = {number: threads.submit(read, number, files[number]) for number in turns}
        for number in range(len(files)):
            yield coming.pop(number).result()
    finally:  # whoever interrupts this closes the pool, and the threads end
        threads.shutdown(wait=False, cancel_futures=True)


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
    return _joined((parsed_file(file, seen) for file in files), problems)


def parsed_file(file: FileRead, seen: Callable[[Document], None] | None = None) -> FileParsed:
    """The papers in one file; nothing is raised."""
    document = file.document
    problems: list[Problem] = []
    facts: FileFacts | None = None
    pages = 0
    if document is not None:
        try:
            if seen:
                seen(document)
            pages = len(document.pages)
            facts = FileFacts.of(document)
            problems += [Problem(file.name, fault.code, fault.message, fault.page) for fault in document.faults]
            papers = parse(document)
            problems += [Problem(file.name, loss.code, loss.message, loss.page) for loss in losses(document, papers)]
            return FileParsed(file.name, papers, tuple(problems), facts, pages)
        except Exception as error:
            file = failed(file.name, error)
    if file.problem is not None:
        problems.append(file.problem)
    return FileParsed(file.name, (), tuple(problems), facts, pages)


def _joined(files: Iterable[FileParsed], problems: Sequence[Problem]) -> Reading:
    """The files taken together, in their order; `problems` are those of the bundles that they came in."""
    found = list(files)
    return Reading(
        papers=tuple(paper for file in found for paper in file.papers),
        problems=(*problems, *(problem for file in found for problem in file.problems)),
        unread=(*(problem.file for problem in problems), *(file.name for file in found if file.unread)),
        engine="",
        pages=sum(file.pages for file in found),
        seconds=0.0,
        files=tuple(file.facts for file in found if file.facts is not None),
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


class PageCount:
    """Tells how many pages are done of all that are known; a file that is not opened yet counts as one. Any thread may call it."""

    def __init__(self, files: int, tell: Progress) -> None:
        self._tell = tell
        self._lock = Lock()
        self._done, self._total = [0] * files, [1] * files

    def of(self, number: int, name: str) -> Callable[[int, int], None]:
        """What is to be told of the pages of a file."""

        def page_done(done: int, total: int) -> None:
            with self._lock:
                self._done[number], self._total[number] = done, total
                self._tell(f"第 {done}/{total} 页 {name}", sum(self._done), sum(self._total))

        return page_done


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
