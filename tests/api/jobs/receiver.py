"""A real receiver of webhooks on loopback, which answers as it is told to and remembers what it got."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANG = 0
"""In place of a status: say nothing for a while."""


@dataclass(slots=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class Receiver:
    """`answers` are given one after the other, the last one for ever."""

    url: str
    got: list[Received]
    answers: list[int]

    def wait(self, count: int, seconds: float = 15.0) -> list[Received]:
        """What came, once there are so many."""
        until = time.monotonic() + seconds
        while len(self.got) < count and time.monotonic() < until:
            time.sleep(0.02)
        assert len(self.got) >= count, f"{len(self.got)} of {count} webhooks came"
        return list(self.got)


@contextmanager
def receiver(answers: Sequence[int] = (204,), hang_seconds: float = 3.0) -> Iterator[Receiver]:
    released = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            here.got.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            answer = here.answers.pop(0) if len(here.answers) > 1 else here.answers[0]
            if answer == HANG:
                released.wait(hang_seconds)
                return
            self.send_response(answer)
            if 300 <= answer < 400:
                self.send_header("location", here.url + "/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    here = Receiver(f"http://127.0.0.1:{server.server_port}", [], list(answers))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        released.set()
        server.shutdown()
        server.server_close()
        thread.join()
