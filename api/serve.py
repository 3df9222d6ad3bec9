"""The service on one machine: a small supervisor that holds the port and keeps one HTTP process and one worker process running."""

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from api import clock, logs
from api.settings import Settings

logger = logging.getLogger(__name__)

_STEP_BACK = 5
_SHORT_LIFE = 10.0
_LONGEST_PAUSE = 30.0
_GRACE = 40.0
"""Seconds for the children to finish what they are at; a worker drains for less."""


@dataclass(slots=True)
class Child:
    """A process that is started again when it ends, at once or, after short lives, with growing pauses."""

    name: str
    start: Callable[[], tuple[BaseProcess, Connection]]
    process: BaseProcess | None = None
    lifeline: Connection | None = None
    started: float = 0.0
    pause: float = 0.0
    due: float = field(default_factory=time.monotonic)

    def run(self) -> None:
        """Start it if it is due."""
        if self.process is None and time.monotonic() >= self.due:
            self.process, self.lifeline = self.start()
            self.started = time.monotonic()
            logger.info("%s started as process %s", self.name, self.process.pid)

    def look(self) -> None:
        """Note that it has ended, and when it is due again."""
        if self.process is None or self.process.is_alive():
            return
        lived = time.monotonic() - self.started
        self.pause = min(max(0.5, 2 * self.pause), _LONGEST_PAUSE) if lived < _SHORT_LIFE else 0.0
        logger.error(
            "%s ended with code %s after %.0f s, next start in %.1f s",
            self.name,
            self.process.exitcode,
            lived,
            self.pause,
        )
        self.due = time.monotonic() + self.pause
        self.close()

    def close(self) -> None:
        if self.process is not None:
            self.process.join()
            self.process.close()
        if self.lifeline is not None:
            self.lifeline.close()
        self.process = self.lifeline = None


def run_server(settings: Settings, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT. `ready` is told the address. OSError where the port cannot be had."""
    sock = bound(host, port)
    address = f"http://{host}:{sock.getsockname()[1]}"
    leave = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: leave.set())
    children = [
        Child("http", lambda: _spawn(serve_http, settings, sock)),
        Child("worker", lambda: _spawn(serve_work, settings)),
    ]
    ready(address)
    while not leave.is_set():
        for child in children:
            child.run()
        sentinels = [child.process.sentinel for child in children if child.process]
        wait(sentinels, timeout=0.5)
        for child in children:
            child.look()
    _stop(children)
    sock.close()


def serve_http(lifeline: Connection, settings: Settings, sock: socket.socket) -> None:
    """The HTTP process, on a port that its parent holds: while it is started anew, callers wait instead of being refused."""
    import uvicorn

    from api import tracing
    from api.http.app import create_app

    follow(lifeline)
    logs.configure()
    tracing.start("http")
    config = uvicorn.Config(
        create_app(settings),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=15,
    )
    uvicorn.Server(config).run(sockets=[sock])


@contextmanager
def working(settings: Settings, count: int) -> Iterator[None]:
    """So many worker processes, of one reader with one thread each, while the block lasts; one that ends is replaced."""
    single = replace(settings, workers=1, reader_threads=settings.reader_threads or 1)
    children = [Child(f"worker {n}", lambda: _spawn(serve_work, single, logging.ERROR)) for n in range(1, count + 1)]
    leave = threading.Event()

    def keep() -> None:
        while not leave.is_set():
            for child in children:
                child.run()
            wait([child.process.sentinel for child in children if child.process], timeout=0.5)
            for child in children if not leave.is_set() else ():
                child.look()

    keeper = threading.Thread(target=keep, name="keeper", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        leave.set()
        keeper.join()
        _stop(children)


def serve_work(lifeline: Connection, settings: Settings, level: int = logging.INFO) -> None:
    """The worker process. It and its readers step back behind the HTTP process: callers wait for its answers, nobody for a page."""
    from api.worker import run_worker

    follow(lifeline)
    os.nice(_STEP_BACK)
    logs.configure(level)
    run_worker(settings)


def follow(lifeline: Connection) -> None:
    """End in an orderly way when the parent is gone, however it went: the kernel closes its end of the line."""

    def watch() -> None:
        with suppress(EOFError, OSError):
            lifeline.recv_bytes()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def _spawn(target: Callable[..., None], *arguments: object) -> tuple[BaseProcess, Connection]:
    context = multiprocessing.get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(theirs, *arguments))
    with theirs:
        process.start()
    return process, ours


def _stop(children: list[Child]) -> None:
    """Ask all to finish; end those that do not."""
    running = [child for child in children if child.process and child.process.is_alive()]
    for child in running:
        if child.process and child.process.pid:
            with suppress(ProcessLookupError):
                os.kill(child.process.pid, signal.SIGTERM)
    until = time.monotonic() + _GRACE
    for child in running:
        if child.process is not None:
            child.process.join(max(0.0, until - time.monotonic()))
            if child.process.is_alive():
                logger.error("%s did not finish in time and is ended", child.name)
                child.process.kill()
        child.close()
    logger.info("stopped at %s", clock.now().isoformat(timespec="seconds"))


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens. OSError where the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sets TCP_NODELAY on what is accepted; else answers wait 40 ms for an acknowledgement.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(512)
    except OSError:
        sock.close()
        raise
    sock.set_inheritable(True)
    return sock
