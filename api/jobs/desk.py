"""The desks of a worker: child processes that open bundles and judge, within limits of time and memory, replaced when they die."""

import json
import logging
import multiprocessing
import os
import queue
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from api.jobs import tasks
from api.jobs.tasks import Answer, Header
from api.settings import MEGA, Settings
from extractor import sandbox
from models.errors import ReviewError

logger = logging.getLogger(__name__)

TASK_SECONDS = 300
"""For a task as a whole, and for its processor time: judging 10,000 rows takes two."""
_READERS_PER_DESK = 4


class DeskDied(Exception):
    """The process ended, or had to be ended, while it worked: a crash, a limit, or no answer in time."""


class TaskRefused(Exception):
    """The task ended with a reason that the person who sent the input should read."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class TaskFailed(Exception):
    """The program failed on the task; the log has the details."""


class DesksClosed(Exception):
    """There are no desks any more."""


@dataclass(slots=True)
class Desk:
    """One child process and the wire to it."""

    process: BaseProcess
    wire: Connection
    lifeline: Connection
    alive: bool = field(default=True)

    def do(self, header: Header, blobs: Sequence[bytes]) -> Answer:
        """Have a task done. DeskDied, TaskRefused, TaskFailed."""
        try:
            self.wire.send_bytes(json.dumps({**header, "blobs": len(blobs)}).encode())
            for blob in blobs:
                self.wire.send_bytes(blob)
            if not self.wire.poll(TASK_SECONDS):
                raise TimeoutError
            answer = json.loads(self.wire.recv_bytes())
            found = [self.wire.recv_bytes() for _ in range(answer.pop("blobs", 0))]
        except (EOFError, OSError, ValueError) as error:
            self.end()
            raise DeskDied(f"{type(error).__name__}, exit code {self.process.exitcode}") from error
        except BaseException:
            self.end()
            raise
        if "refused" in answer:
            raise TaskRefused(**answer["refused"])
        if "failed" in answer:
            raise TaskFailed(answer["failed"])
        if "died" in answer:
            self.end()
            raise DeskDied(answer["died"])
        return answer, found

    def end(self) -> None:
        """End the process and give back what it held."""
        self.alive = False
        self.process.kill()
        self.process.join(5)
        self.wire.close()
        self.lifeline.close()


class Desks:
    """One desk for every few readers. Any thread may call `do`."""

    def __init__(self, settings: Settings, at_least: int = 1) -> None:
        self.settings = settings
        self._idle: queue.SimpleQueue[Desk | None] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._all: list[Desk] = []
        self._wanted: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._keeper = threading.Thread(target=self._keep, name="desks", daemon=True)
        self._keeper.start()
        for _ in range(max(at_least, settings.workers // _READERS_PER_DESK)):
            self._wanted.put(True)

    def do(self, header: Header, blobs: Sequence[bytes] = ()) -> Answer:
        """Have a task done by the next desk that is free. DeskDied, TaskRefused, TaskFailed; DesksClosed."""
        desk = self._idle.get()
        if desk is None or self._closed.is_set():
            self._idle.put(None)
            raise DesksClosed
        try:
            return desk.do(header, blobs)
        except DeskDied:
            if self._closed.is_set():
                raise DesksClosed from None
            raise
        finally:
            self._give_back(desk)

    def children(self) -> list[int]:
        """The ids of the processes."""
        with self._lock:
            return [desk.process.pid or 0 for desk in self._all]

    def close(self) -> None:
        """End every process at once; who waits for one gets DesksClosed."""
        self._closed.set()
        self._wanted.put(False)
        self._keeper.join(10)
        self._idle.put(None)
        with self._lock:
            for desk in self._all:
                desk.end()

    def _give_back(self, desk: Desk) -> None:
        if desk.alive and (held := resident_mb(desk.process.pid or 0)) > self.settings.recycle_mb:
            logger.info("desk %s is replaced at %d MB", desk.process.pid, held)
            desk.end()
        if desk.alive:
            self._idle.put(desk)
            return
        with self._lock:
            self._all.remove(desk)
        self._wanted.put(True)

    def _keep(self) -> None:
        while self._wanted.get():
            try:
                desk = _start(self.settings)
            except OSError:
                logger.exception("no desk could be started")
                time.sleep(1)
                self._wanted.put(True)
                continue
            with self._lock:
                self._all.append(desk)
            self._idle.put(desk)


def resident_mb(pid: int) -> int:
    """Memory that a process holds now; 0 once it is gone."""
    with suppress(OSError), open(f"/proc/{pid}/statm") as facts:  # noqa: PTH123
        return int(facts.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // MEGA
    return 0


def _start(settings: Settings) -> Desk:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    lifeline, held = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, lifeline, settings), name="zhengshen desk", daemon=True)
    with theirs, lifeline:
        process.start()
    return Desk(process, ours, held)


def _serve(wire: Connection, lifeline: Connection, settings: Settings) -> None:
    """The life of a desk: task after task until the wire ends. It keeps the network, over which registries may have to be asked."""
    os.setsid()
    sandbox.die_with(lifeline.fileno())
    sandbox.limit_memory(settings.worker_mb)
    sandbox.limit_files(2 * settings.max_file_bytes // MEGA)
    while True:
        try:
            header = json.loads(wire.recv_bytes())
            blobs = [wire.recv_bytes() for _ in range(header.pop("blobs"))]
            answer, found = _answer(settings, header, blobs)
            wire.send_bytes(json.dumps({**answer, "blobs": len(found)}).encode())
            for blob in found:
                wire.send_bytes(blob)
        except (EOFError, OSError):
            return


def _answer(settings: Settings, header: Header, blobs: list[bytes]) -> Answer:
    sandbox.limit_cpu(TASK_SECONDS)
    try:
        return tasks.TASKS[header["task"]](settings, header, blobs)
    except ReviewError as error:
        return {"refused": {"code": error.code, "message": str(error)}}, []
    except MemoryError:
        return {"died": "out of memory"}, []
    except Exception:
        logger.exception("task %s failed", header.get("task"))
        return {"failed": header.get("task")}, []
