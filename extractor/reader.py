"""The life of a process that reads pages for a pool: it gives up what it does not need, then does one task after the other."""

import json
import logging
import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import Enum
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from typing import TYPE_CHECKING

from extractor import sandbox

if TYPE_CHECKING:
    from extractor.document import Limits, Opened
    from extractor.ocr import OcrEngine
    from extractor.parts import Noted

EngineMaker = Callable[[int], "OcrEngine"]
"""Makes the engine for so many threads, 0 for one a core; a value that can be pickled, such as an `EngineChoice`."""

OUT_OF_MEMORY = 86
"""The exit code of a reader whose memory ran out."""
_MOST_FILE_MB = 1_000
_log = logging.getLogger(__name__)


class Reply(Enum):
    """The first byte of what a reader says, and what follows it."""

    READY = b"!"  # whether it is without a network, as JSON
    ENGINE = b"e"  # the name of the engine that will recognise pages, before the plan of a long file
    PLAN = b"n"  # a packed Plan
    PART = b"p"  # a packed Part of one page
    DONE = b"."  # the memory held in MB, as JSON
    REFUSED = b"x"  # the code and the message of a ReviewError, as JSON: the file cannot be used
    FAILED = b"?"  # what went wrong with the whole file, as text


@dataclass(frozen=True, slots=True)
class Start:
    """What a reader is told once."""

    engine: EngineMaker | None
    limits: "Limits"
    memory_mb: int


@dataclass(frozen=True, slots=True)
class Task:
    """Pages `first` to `last` of a file, or its plan where `first` is 0, and with `along` the pages too if they are best read at once.

    A descriptor of the file follows on the wire.
    """

    sha256: str
    first: int
    last: int
    along: bool
    threads: int
    cpu_seconds: int


def main(descriptor: int) -> None:
    """Serve the pool at the other end of this socket; its end of our standard input says that it lives."""
    sandbox.die_with(0)
    confined = sandbox.leave_network()
    with Connection(descriptor) as wire:
        start: Start = wire.recv()
        sandbox.limit_files(_MOST_FILE_MB)
        sandbox.limit_memory(start.memory_mb)
        with ExitStack() as stack:
            reader = _Reader(wire, start, stack)
            wire.send_bytes(Reply.READY.value + json.dumps(confined).encode())
            _prepare()
            while True:
                try:
                    task: Task = wire.recv()
                    file = recv_handle(wire)
                except EOFError:
                    return
                try:
                    reader.do(task, file)
                except MemoryError:
                    os._exit(OUT_OF_MEMORY)


def _prepare() -> None:
    """Loads what most files need while nobody asks yet: a program that has just started is still loading itself."""
    for module in ("extractor.pdf", "extractor.scan", "extractor.marks"):
        import_module(module)


@dataclass(slots=True)
class _Engine:
    """Made when first needed, and anew where another number of threads is wanted."""

    make: EngineMaker
    threads: int = 0
    made: "OcrEngine | None" = None

    def __call__(self) -> "OcrEngine":
        if self.made is None:
            self.made = self.make(self.threads)
        return self.made

    @property
    def name(self) -> str:
        """Empty where there is no engine to be had."""
        from models.errors import OcrUnavailable

        try:
            return self().name
        except OcrUnavailable:
            return ""

    def use(self, threads: int) -> None:
        if threads != self.threads:
            self.threads, self.made = threads, None


@dataclass(slots=True)
class _Reader:
    wire: Connection
    start: Start
    stack: ExitStack
    engine: _Engine | None = field(init=False)
    noted: "Noted | None" = field(init=False)
    sha256: str = ""
    file: "Opened | None" = None

    def __post_init__(self) -> None:
        from extractor.parts import Noted

        self.engine = _Engine(self.start.engine) if self.start.engine else None
        self.noted = Noted(self.engine) if self.engine else None

    def do(self, task: Task, descriptor: int) -> None:
        """Answers with a plan or a part for each page, and in the end with DONE; or that the file cannot be used."""
        from extractor.packing import pack
        from extractor.parts import Plan, part_of
        from models.errors import ReviewError

        _single_threaded(task.threads)
        if self.engine:
            self.engine.use(task.threads)
        sandbox.limit_cpu(task.cpu_seconds)
        try:
            file, last = self._opened(task.sha256, descriptor), task.last
            if task.first == 0:
                plan = Plan(task.sha256, file.media_type, file.page_count)
                if self.engine and not plan.at_once:
                    self._say(Reply.ENGINE, self.engine.name.encode())
                self._say(Reply.PLAN, pack(plan))
                last = plan.page_count if task.along and plan.at_once else 0
            for number in range(max(1, task.first), last + 1):
                sandbox.limit_cpu(task.cpu_seconds)
                self._say(Reply.PART, part_of(file, task.sha256, number, number, self.noted).packed())
        except MemoryError:
            raise
        except ReviewError as error:
            self._say(Reply.REFUSED, json.dumps([error.code, str(error)]).encode())
        except Exception as error:
            _log.exception("a file could not be read")
            self._say(Reply.FAILED, repr(error).encode())
        self._say(Reply.DONE, json.dumps(sandbox.resident_mb()).encode())

    def _say(self, reply: Reply, payload: bytes) -> None:
        self.wire.send_bytes(reply.value + payload)

    def _opened(self, sha256: str, descriptor: int) -> "Opened":
        """The file, which stays open until another one is asked for."""
        from extractor.document import opened

        try:
            if self.file is None or self.sha256 != sha256:
                self.stack.close()
                self.file = None
                data = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
                self.file = self.stack.enter_context(opened(data, self.noted, self.start.limits))
                self.sha256 = sha256
            return self.file
        finally:
            os.close(descriptor)


def _single_threaded(threads: int) -> None:
    """OpenCV keeps to one thread where its reader shall; where not, to what it chose itself."""
    if threads == 1:
        import cv2

        cv2.setNumThreads(1)
