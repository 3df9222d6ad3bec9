"""The readers of a worker: child processes that do all work on strangers' bytes, watched, limited, and replaced when they die."""

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
from typing import Literal

from api.jobs import tasks
from api.jobs.tasks import Answer, Header, Tell
from api.settings import MEGA, Settings
from extractor import sandbox
from models.errors import ReviewError

logger = logging.getLogger(__name__)

Role = Literal["reader", "judge"]
_START_SECONDS = 60.0
"""Above the time for a page: loading the engine or a registry may come first."""


class ReaderDied(Exception):
    """A reader ended, or had to be ended, while it worked: a crash, a limit, or no page in the time for one."""


class TaskRefused(Exception):
    """The task ended with a reason that the person who sent the input should read."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class TaskFailed(Exception):
    """The program failed on the task; the log has the details."""


class Stopped(Exception):
    """Nobody wants the answer any more."""


@dataclass(slots=True)
class Reader:
    """One child process and the wire to it."""

    role: Role
    process: BaseProcess
    wire: Connection
    lifeline: Connection
    tasks: int = 0
    alive: bool = field(default=True)

    def do(self, header: Header, blobs: Sequence[bytes], tell: Tell, seconds: float) -> Answer:
        """Have a task done. `seconds` is the time from one sign of life to the next."""
        self.tasks += 1
        try:
            self.wire.send_bytes(json.dumps({**header, "blobs": len(blobs)}).encode())
            for blob in blobs:
                self.wire.send_bytes(blob)
            while True:
                if not self.wire.poll(seconds + (_START_SECONDS if self.tasks == 1 else 0.0)):
                    raise ReaderDied(f"no sign of life for {seconds:.0f} s")
                answer = json.loads(self.wire.recv_bytes())
                if "progress" in answer:
                    tell(*answer["progress"])
                    continue
                found = [self.wire.recv_bytes() for _ in range(answer.pop("blobs", 0))]
                break
        except (EOFError, OSError, ValueError) as error:
            self.end()
            raise ReaderDied(f"exit code {self.process.exitcode}") from error
        except BaseException:
            self.end()
            raise
        if "refused" in answer:
            raise TaskRefused(**answer["refused"])
        if "failed" in answer:
            raise TaskFailed(answer["failed"])
        if "died" in answer:
            self.end()
            raise ReaderDied(answer["died"])
        return answer, found

    def memory_mb(self) -> int:
        """Resident memory; 0 once the process is gone."""
        with suppress(OSError), open(f"/proc/{self.process.pid}/statm") as facts:  # noqa: PTH123
            return int(facts.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // MEGA
        return 0

    def end(self) -> None:
        self.alive = False
        self.process.kill()
        self.process.join(5)
        self.wire.close()
        self.lifeline.close()


class Readers:
    """`workers` readers without a network and one judge, who may ask registries over it. Any thread may call `do`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._idle: dict[Role, queue.SimpleQueue[Reader | None]] = {
            "reader": queue.SimpleQueue(),
            "judge": queue.SimpleQueue(),
        }
        self._all: list[Reader] = []
        self._lock = threading.Lock()
        self._wanted: queue.SimpleQueue[Role | None] = queue.SimpleQueue()
        self._keeper = threading.Thread(target=self._keep, name="readers", daemon=True)
        self._keeper.start()
        for role in (*("reader",) * settings.workers, "judge"):
            self._wanted.put(role)  # type: ignore[arg-type]

    def do(self, role: Role, header: Header, blobs: Sequence[bytes] = (), tell: Tell | None = None) -> Answer:
        """Have a task done by the next reader that is free.

        Raises ReaderDied, TaskRefused, TaskFailed, and whatever `tell` raises: the reader is given up then and there.
        """
        reader = self._idle[role].get()
        if reader is None:
            self._idle[role].put(None)
            raise Stopped
        try:
            return reader.do(header, blobs, tell or _nobody, float(self.settings.page_seconds))
        finally:
            self._give_back(reader)

    def memory_mb(self) -> list[int]:
        """Resident memory of each child."""
        with self._lock:
            return [reader.memory_mb() for reader in self._all]

    def close(self) -> None:
        """End every child; who waits for one gets Stopped."""
        self._wanted.put(None)
        self._keeper.join(10)
        for idle in self._idle.values():
            idle.put(None)
        with self._lock:
            for reader in self._all:
                reader.end()

    def _give_back(self, reader: Reader) -> None:
        if reader.alive and reader.memory_mb() > self.settings.recycle_mb:
            logger.info("reader %s is replaced at %d MB", reader.process.pid, reader.memory_mb())
            reader.end()
        if reader.alive:
            self._idle[reader.role].put(reader)
            return
        with self._lock:
            self._all.remove(reader)
        self._wanted.put(reader.role)

    def _keep(self) -> None:
        while (role := self._wanted.get()) is not None:
            try:
                reader = _start(self.settings, role)
            except OSError:
                logger.exception("no reader could be started")
                time.sleep(1)
                self._wanted.put(role)
                continue
            with self._lock:
                self._all.append(reader)
            self._idle[role].put(reader)


def _start(settings: Settings, role: Role) -> Reader:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    lifeline, held = context.Pipe(duplex=False)
    process = context.Process(
        target=_serve, args=(theirs, lifeline, settings, role), name=f"zhengshen {role}", daemon=True
    )
    with theirs, lifeline:
        process.start()
    return Reader(role, process, ours, held)


def _serve(wire: Connection, lifeline: Connection, settings: Settings, role: Role) -> None:
    """The life of a reader: give up what it does not need, then task after task until the wire ends."""
    if role == "reader" and not sandbox.leave_network():
        logger.warning("readers cannot be kept from the network on this system")
    sandbox.die_with(lifeline.fileno())
    sandbox.limit_memory(settings.worker_mb)
    sandbox.limit_files(2 * settings.max_file_bytes // MEGA)
    os.nice(5)
    os.setsid()
    while True:
        try:
            header = json.loads(wire.recv_bytes())
            blobs = [wire.recv_bytes() for _ in range(header.pop("blobs"))]
        except (EOFError, OSError):
            return
        answer, found = _answer(settings, header, blobs, wire)
        del blobs
        try:
            wire.send_bytes(json.dumps({**answer, "blobs": len(found)}).encode())
            for blob in found:
                wire.send_bytes(blob)
        except OSError:
            return


def _answer(settings: Settings, header: Header, blobs: list[bytes], wire: Connection) -> Answer:
    def tell(done: int, total: int) -> None:
        sandbox.limit_cpu(4 * settings.page_seconds)
        wire.send_bytes(json.dumps({"progress": [done, total]}).encode())

    sandbox.limit_cpu(4 * settings.page_seconds)
    try:
        return tasks.run(settings, header, blobs, tell)
    except ReviewError as error:
        return {"refused": {"code": error.code, "message": str(error)}}, []
    except MemoryError:
        return {"died": "out of memory"}, []
    except Exception:
        logger.exception("task %s failed", header.get("task"))
        return {"failed": header.get("task")}, []


def _nobody(done: int, total: int) -> None:
    """Nobody asked how far it is."""
