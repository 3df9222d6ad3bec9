"""The processes of a pool and the threads that mind them: pieces of files in, parts out; what ends a process costs one page one retry."""

import json
import logging
import math
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from queue import SimpleQueue

from extractor.children import Child, Died
from extractor.images import MOST_FRAMES
from extractor.packing import Malformed, unpack
from extractor.parts import DIVISIBLE, Part, Plan
from extractor.reader import Reply, Start, Task
from extractor.sandbox import available_mb
from models.errors import ReviewError

MOST_LOST = 5
"""Pages of one file that may be given up before the rest of it is: each costs two processes."""
_MOST_AT_ONCE = 8
_GROWTH_SECONDS = (
    4.0  # of work ahead are worth another process, which takes about two before it has read its first scan
)
_START_ATTEMPTS = 3
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the processes of a pool may take.

    There are at most `workers`, started as the work ahead asks for them or as `warm` says. The engine of the only one uses every core,
    with others beside it one each; `threads`, if not 0, sets that number. A process makes way for a fresh one after `pages_per_worker`
    pages or at `recycle_mb` of memory, and ends at `memory_mb` of address space. A page may take `page_seconds`, opening its file once
    more that.
    """

    workers: int = 1
    threads: int = 0
    page_seconds: float = 60.0
    pages_per_worker: int = 200
    recycle_mb: int = 1_500
    memory_mb: int = 8_000


class PoolClosed(Exception):
    """The pool was closed while somebody waited for pages."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A page that was tried twice in vain: `crash`, `timeout`, `memory`; or `abandoned`, untried, for others of its file were lost."""

    page: int
    cause: str


Told = Plan | Part | Lost | Exception


@dataclass(slots=True, eq=False)
class Request:
    """A file that somebody waits for: what of it is read, is told on `told`. It owns `descriptor`, from which readers take its bytes.

    `engine` is known with the plan of a long file. A request that is `over` is not worked on any more.
    """

    sha256: str
    descriptor: int
    told: "SimpleQueue[Told]" = field(default_factory=SimpleQueue)
    engine: str = ""
    plan: Plan | None = None
    lost: int = 0
    over: bool = False

    def __del__(self) -> None:
        os.close(self.descriptor)


@dataclass(frozen=True, slots=True)
class Piece:
    """Pages `first` to `last` of a file, its plan where both are 0: `along` with its pages if they are best read at once.

    A `whole` piece is not divided; `again` says that the page was lost once.
    """

    request: Request
    first: int
    last: int
    whole: bool = False
    along: bool = False
    again: bool = False

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class Crew:
    """Does pieces in their order. `keep` is called with each part and its bytes, from any thread."""

    def __init__(self, start: Start, rules: Rules, keep: Callable[[Part, bytes], None] | None = None) -> None:
        self._start = start
        self._rules = rules
        self._keep = keep
        self._changed = threading.Condition()
        self._pending: deque[Piece] = deque()
        self._requests: list[Request] = []
        self._threads: list[threading.Thread] = []
        self._children: list[Child] = []
        self._pace = 0.0  # seconds a page, lately
        self.closed = False

    def children(self) -> list[int]:
        """The ids of the processes that run now."""
        with self._changed:
            return [child.pid for child in self._children]

    def warm(self, files: int = 1) -> None:
        """Start a process for each of so many files now, as far as there may be so many and there is memory; one in any case."""
        with self._changed:
            if not self._threads:
                self._start_thread()
            if (more := min(files, self._rules.workers) - len(self._threads)) > 0:
                for _ in range(int(min(more, available_mb() / self._rules.recycle_mb))):
                    self._start_thread()

    def submit(self, request: Request, pieces: Iterable[Piece]) -> None:
        """Have them done. Raises PoolClosed."""
        with self._changed:
            if self.closed:
                raise PoolClosed
            if request not in self._requests:
                self._requests.append(request)
            self._pending.extend(pieces)
            self._grow()
            self._changed.notify_all()

    def forget(self, request: Request) -> None:
        """Nobody waits for it any more."""
        with self._changed:
            request.over = True
            self._pending = deque(piece for piece in self._pending if piece.request is not request)
            if request in self._requests:
                self._requests.remove(request)

    def close(self) -> None:
        """End every process at once; every request is told PoolClosed."""
        with self._changed:
            self.closed = True
            for child in self._children:
                child.kill()
            for request in self._requests:
                request.told.put(PoolClosed())
            self._changed.notify_all()
        for thread in list(self._threads):
            thread.join()

    def _grow(self) -> None:
        """One more thread with its process: if there is none, or the work ahead is worth it and there is memory. The lock is held."""
        count = len(self._threads)
        ahead = self._pace * sum(piece.size for piece in self._pending)
        worth = count < self._rules.workers and ahead > _GROWTH_SECONDS * count
        if not count or (worth and available_mb() > self._rules.recycle_mb):
            self._start_thread()

    def _start_thread(self) -> None:
        """One more thread with its process, unless the pool is closed. The lock is held."""
        if not self.closed:
            thread = threading.Thread(target=self._work, name=f"reader {len(self._threads) + 1}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        """The life of a thread: piece after piece, done by a child that is replaced when it ends or has become too large."""
        child: Child | None = None
        piece: Piece | None = None
        try:
            child = self._fresh()
            while (piece := self._next()) is not None:
                child = self._done(piece, child)
        except PoolClosed:
            pass
        except Exception as error:
            self._resign(piece, error)
        finally:
            if child:
                self._dismiss(child)

    def _resign(self, piece: Piece | None, error: Exception) -> None:
        """This thread can get no process: the others take its piece over, and if there are none, whoever waits must know."""
        _log.error("no reader can be started", exc_info=error)
        with self._changed:
            self._threads.remove(threading.current_thread())
            if piece and not piece.request.over:
                self._pending.appendleft(piece)
            if not self._threads:
                self._pending.clear()
                for request in self._requests:
                    request.told.put(RuntimeError(f"no reader can be started: {error}"))
            self._changed.notify_all()

    def _next(self) -> Piece | None:
        """The next piece, cut so that all processes are busy to the end; None once the pool is closed."""
        with self._changed:
            while not self._pending and not self.closed:
                self._changed.wait()
            if self.closed:
                return None
            piece = self._pending.popleft()
            size = min(_MOST_AT_ONCE, math.ceil(piece.size / (2 * self._rules.workers)))
            if piece.whole or piece.size <= size:
                return piece
            self._pending.appendleft(replace(piece, first=piece.first + size))
            return replace(piece, last=piece.first + size - 1)

    def _done(self, piece: Piece, child: Child | None) -> Child | None:
        """Does a piece; the child that may do another one. A page that ends its process is tried once more, in a fresh one."""
        while True:
            child = child or self._fresh()
            at, since = piece.first, time.monotonic()
            try:
                for reply, payload in child.ask(self._task(piece), piece.request.descriptor, self._rules.page_seconds):
                    if self._heard(piece.request, at, reply, payload):
                        at, since = at + 1, self._timed(since)
                        piece = _with_pages(piece)
                cause = ""
            except (Died, ValueError, TypeError) as death:  # Malformed is a ValueError
                cause = death.cause if isinstance(death, Died) else "crash"
            worn = child.pages >= self._rules.pages_per_worker or child.memory_mb > self._rules.recycle_mb
            if cause or worn:
                self._dismiss(child)
                child = None
            again = self._lost(piece, at, cause) if cause and at <= piece.last else None
            if again is None:
                return child
            piece = again

    def _task(self, piece: Piece) -> Task:
        threads = self._rules.threads or (0 if len(self._threads) == 1 else 1)
        seconds = 2 * self._rules.page_seconds * (threads or os.cpu_count() or 1)
        return Task(piece.request.sha256, piece.first, piece.last, piece.along, threads, math.ceil(seconds) + 1)

    def _heard(self, request: Request, at: int, reply: Reply, payload: bytes) -> bool:
        """Passes on what a reader says of page `at`; whether it is done with the page. Malformed for what cannot be."""
        match reply:
            case Reply.PART:
                part = Part.unpacked(payload)
                if (part.sha256, part.first, part.last, len(part.pages) + len(part.faults)) != (
                    request.sha256,
                    at,
                    at,
                    1,
                ):
                    raise Malformed("another page")
                if self._keep:
                    self._keep(part, payload)
                request.told.put(part)
                return True
            case Reply.PLAN:
                plan = unpack(Plan, payload)
                most = max(self._start.limits.pages, MOST_FRAMES)
                if plan.sha256 != request.sha256 or not 0 < plan.page_count <= most:
                    raise Malformed("no plan of this file")
                request.plan = plan
                request.told.put(plan)
                return True
            case Reply.ENGINE:
                request.engine = payload.decode(errors="replace")
            case Reply.REFUSED:
                request.told.put(_error(payload))
            case _:
                request.told.put(RuntimeError(payload.decode(errors="replace")))
        return False

    def _timed(self, since: float) -> float:
        """Notes how long a page took; the time now."""
        now = time.monotonic()
        with self._changed:
            self._pace = 0.7 * (self._pace or now - since) + 0.3 * (now - since)
            self._grow()
        return now

    def _lost(self, piece: Piece, at: int, cause: str) -> Piece | None:
        """Page `at` of the piece ended its process: the page to try again, if it is the first time. The rest goes back to the others."""
        request = piece.request
        _log.warning("page %d of %s ended its reader: %s", at, request.sha256[:12], cause)
        with self._changed:
            if self.closed:
                raise PoolClosed
            if piece.again:
                request.lost += 1
                request.told.put(Lost(at, cause))
            elif at < piece.last:
                self._pending.appendleft(replace(piece, first=at + 1))
            if request.lost >= MOST_LOST:
                given_up = [one for one in self._pending if one.request is request]
                self._pending = deque(one for one in self._pending if one.request is not request)
                for number in (number for one in given_up for number in range(one.first, one.last + 1)):
                    request.told.put(Lost(number, "abandoned"))
            self._changed.notify_all()
        return None if piece.again or request.over else replace(piece, first=at, last=at, again=True)

    def _fresh(self) -> Child:
        """A new process, ready. OSError where none can be had."""
        for _ in range(_START_ATTEMPTS):
            with self._changed:
                if self.closed:
                    raise PoolClosed
                child = Child(self._start)
                self._children.append(child)
            try:
                child.wait_ready()
                return child
            except Died as death:
                _log.warning("a reader ended before it was ready: %s", death.cause)
                self._dismiss(child)
            except BaseException:
                self._dismiss(child)
                raise
        raise OSError(f"{_START_ATTEMPTS} readers ended before they were ready")

    def _dismiss(self, child: Child) -> None:
        with self._changed:
            if child in self._children:
                self._children.remove(child)
        child.close()


def _with_pages(piece: Piece) -> Piece:
    """Of a plan that is there now: the piece with the pages that its reader goes on to."""
    plan = piece.request.plan
    if not piece.along or plan is None or not plan.at_once:
        return piece
    return replace(piece, last=plan.page_count, whole=plan.media_type not in DIVISIBLE, along=False, again=False)


def _error(payload: bytes) -> ReviewError:
    """The error of this code, with this message."""
    code, message = json.loads(payload)
    pending: list[type[ReviewError]] = [ReviewError]
    while pending:
        kind = pending.pop()
        if kind.code == code:
            return kind(str(message))
        pending += kind.__subclasses__()
    return ReviewError(str(message))
