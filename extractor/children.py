"""A reader process as its pool sees it: started, asked, timed, and ended."""

import logging
import multiprocessing
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.reduction import send_handle
from pathlib import Path

from extractor.reader import OUT_OF_MEMORY, Reply, Start, Task

START_SECONDS = 60.0
_MOST_BYTES = 500_000_000  # of one answer; a page has about 10,000
_STALL_SECONDS = 10  # within one answer
_ENDING_SECONDS = 10.0
_PROGRAM = "import sys; from extractor.reader import main; main(int(sys.argv[1]))"
_log = logging.getLogger(__name__)


class Died(Exception):
    """The reader is gone: `cause` is `crash`, `timeout` or `memory`."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Child:
    """A running reader. One thread at a time may ask it; `kill` may come from any."""

    def __init__(self, start: Start) -> None:
        """Starts the process; OSError where the system does not allow one."""
        self.pages = 0
        self.memory_mb = 0
        self.confined = False
        self._wire, theirs = multiprocessing.Pipe()
        with theirs:
            # Ctrl-C at the terminal goes to every process of the session: a reader has its own and ends with its standard input.
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-P", "-c", _PROGRAM, str(theirs.fileno())],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=None if _log.isEnabledFor(logging.WARNING) else subprocess.DEVNULL,
                env=_environment(),
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._start = start
        self._ready = False
        with socket.socket(fileno=os.dup(self._wire.fileno())) as ours:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", _STALL_SECONDS, 0))

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_ready(self) -> None:
        """Until it can be asked. Raises Died."""
        if self._ready:
            return
        try:
            self._wire.send(self._start)
        except OSError as error:
            raise self._ended("crash") from error
        reply, payload = self._answer(START_SECONDS)
        if reply is not Reply.READY:
            raise self._ended("crash")
        self.confined, self._ready = payload == b"true", True
        if not self.confined:
            _log.warning("readers cannot be kept from the network on this system")

    def ask(self, task: Task, descriptor: int, seconds: float) -> Iterator[tuple[Reply, bytes]]:
        """Its answers but for the last, DONE. Raises Died, also where one is not there after `seconds`, the first after twice that."""
        try:
            self._wire.send(task)
            send_handle(self._wire, descriptor, self.pid)
        except OSError as error:
            raise self._ended("crash") from error
        patience = 2 * seconds
        while True:
            reply, payload = self._answer(patience)
            patience = seconds
            if reply is Reply.DONE:
                self.memory_mb = int(payload)
                return
            self.pages += reply is Reply.PART
            yield reply, payload

    def kill(self) -> None:
        """End the process, whatever it does."""
        with suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """End the process and give back what it held."""
        self.kill()
        self._process.wait(_ENDING_SECONDS)
        with suppress(OSError):  # a pipe that nobody reads any more
            if self._process.stdin:
                self._process.stdin.close()
        self._wire.close()

    def _answer(self, seconds: float) -> tuple[Reply, bytes]:
        try:
            if not self._wire.poll(seconds):
                raise self._ended("timeout")
            answer = self._wire.recv_bytes(_MOST_BYTES)
            return Reply(answer[:1]), answer[1:]
        except (EOFError, OSError) as error:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1.0)  # one that closed its socket is about to end, and its exit code says of what
            raise self._ended("crash") from error
        except ValueError as error:
            raise self._ended("crash") from error

    def _ended(self, cause: str) -> Died:
        """What the process ended of: what its exit code says, else `cause`, for which it is made to end now."""
        code = self._process.poll()
        self.close()
        return Died({OUT_OF_MEMORY: "memory", -signal.SIGXCPU: "timeout"}.get(code or 0, cause))


def _environment() -> dict[str, str]:
    """Ours, with the places where this process finds its modules, and one thread for each numerical library."""
    places = os.pathsep.join(place or str(Path.cwd()) for place in sys.path)
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**threads, **os.environ, "PYTHONPATH": places}
