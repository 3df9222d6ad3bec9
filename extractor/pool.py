"""Reading by a pool of processes: a page that crashes, hangs or eats memory costs itself, never the file, the case or the program."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Self

from extractor.crew import Crew, Lost, Piece, PoolClosed, Request, Rules, Told
from extractor.document import Limits, Progress
from extractor.journal import Journal
from extractor.packing import Malformed
from extractor.parts import DIVISIBLE, LONG, Part, Plan, join, merged
from extractor.reader import EngineMaker, Start
from extractor.shared import shared
from models.errors import UnreadableFile
from models.layout import Document, PageFault

_CAUSES = {
    "crash": ("page_crashed", "读取程序两次崩溃", "its reader crashed twice"),
    "timeout": ("page_timeout", "两次超出时限", "it took longer than allowed, twice"),
    "memory": ("page_memory", "两次超出内存上限", "it needed more memory than allowed, twice"),
    "abandoned": ("page_abandoned", "同一文件已有多页无法读取，未再尝试", "other pages of the file could not be read; it was not tried"),
}  # fmt: skip


class Pool:
    """Reads files in processes of its own; `document.read` of the same bytes gives the same, unless a page ends its process twice.

    Any thread may call it. `engine` makes the engine in each process. With a `journal`, recognised pages of long files are kept until
    `journal.forget()`, and taken from there the next time.
    """

    def __init__(
        self,
        engine: EngineMaker | None = None,
        rules: Rules | None = None,
        limits: Limits | None = None,
        journal: Journal | None = None,
    ) -> None:
        self.engine_name = ""
        """The name of what recognised pages, empty while none was."""
        self.resumed = 0
        """How many pages were taken from the journal."""
        self._rules = rules or Rules()
        self._limits = limits or Limits()
        self._journal = journal
        start = Start(engine, self._limits, self._rules.memory_mb)
        self._crew = Crew(start, self._rules, self._note if journal else None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def warm(self, files: int = 1) -> None:
        """Start processes for so many files now, as far as rules and memory allow, to be ready when there is something to read."""
        self._crew.warm(files)

    def close(self) -> None:
        """End every process at once; who still waits for pages gets PoolClosed."""
        self._crew.close()

    def children(self) -> list[int]:
        """The ids of the processes that run now."""
        return self._crew.children()

    def plan(self, data: bytes) -> Plan:
        """As `parts.plan`. UnreadableFile where opening the file ended two processes."""
        with self._request(data) as request:
            return self._planned(request)

    def read(self, data: bytes, name: str = "", progress: Progress | None = None) -> Document:
        """As `document.read`; `progress(done, total)` is called in the thread that waits."""
        return join([self.read_part(data, 1, None, progress)], name)

    def read_part(self, data: bytes, first: int = 1, last: int | None = None, progress: Progress | None = None) -> Part:
        """As `parts.read_part`; `progress(done, total)` counts the pages of the part."""
        with self._request(data) as request:
            whole = first == 1 and last is None
            plan = self._planned(request, along=whole)
            last = plan.page_count if last is None else last
            if not 1 <= first <= last <= plan.page_count:
                raise ValueError(f"pages {first} to {last} of {plan.page_count}")
            wanted = range(first, last + 1)
            parts = {part.first: part for part in self._kept(plan, request.engine) if part.first in wanted}
            self.resumed += len(parts)
            if parts and progress:
                progress(len(parts), len(wanted))
            if not (whole and plan.at_once):
                missing = _runs(number for number in wanted if number not in parts)
                self._crew.submit(request, [Piece(request, *run, plan.media_type not in DIVISIBLE) for run in missing])
            while len(parts) < len(wanted):
                part = self._part(plan, request.told.get())
                parts[part.first] = part
                if progress:
                    progress(len(parts), len(wanted))
        found = merged(parts.values())
        self.engine_name = found.engine or self.engine_name
        return found

    @contextmanager
    def _request(self, data: bytes) -> Iterator[Request]:
        self._limits.refuse(len(data))
        request = Request(hashlib.sha256(data).hexdigest(), shared(data))
        try:
            yield request
        finally:
            self._crew.forget(request)

    def _planned(self, request: Request, *, along: bool = False) -> Plan:
        """The plan; with `along` the pages of a short file follow without being asked for."""
        self._crew.submit(request, [Piece(request, 0, 0, along=along)])
        told = request.told.get()
        if isinstance(told, Plan):
            return told
        raise told if isinstance(told, Exception) else UnreadableFile

    def _part(self, plan: Plan, told: Told) -> Part:
        """The page that was told of; one that was lost is a fault."""
        if isinstance(told, Part):
            return told
        if not isinstance(told, Lost):
            raise told if isinstance(told, Exception) else PoolClosed
        code, zh, en = _CAUSES[told.cause]
        message = f"第 {told.page} 页：{zh}，请人工查看。 Page {told.page}: {en}; please look at it yourself."
        fault = PageFault(told.page, code, message)
        return Part(plan.sha256, plan.media_type, plan.page_count, told.page, told.page, (), (fault,))

    def _note(self, part: Part, packed: bytes) -> None:
        if self._journal and part.engine and not part.faults and part.page_count >= LONG:
            self._journal.keep(part.sha256, part.engine, packed)

    def _kept(self, plan: Plan, engine: str) -> Iterator[Part]:
        """Pages that the journal has from a run that was interrupted."""
        for record in self._journal.records(plan.sha256, engine) if self._journal and engine else ():
            try:
                part = Part.unpacked(record)
            except Malformed:
                continue
            if part.first == part.last and (part.sha256, part.page_count) == (plan.sha256, plan.page_count):
                yield part


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbouring numbers, given in order."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return runs


__all__ = ["Pool", "PoolClosed", "Rules"]
