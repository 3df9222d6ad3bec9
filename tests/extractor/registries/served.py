"""A registry served over HTTP on loopback, behaving as well or as badly as a test wants."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

ROWS: list[dict[str, Any]] = [
    {
        "tyshxydm": "91460100MAA9ABC12W",
        "qymc": "海口椰风检测技术有限公司",
        "djzt": "存续",
        "fddbr": "陈海涛",
        "zs": "海口市龙华区滨海大道115号",
    },
    {
        "tyshxydm": "91460000MA5TE5T076",
        "qymc": "海南蓝湾质检（集团）有限公司",
        "djzt": "注销",
        "fddbr": "林小舟",
        "zs": "三亚市",
    },
]
COLUMNS = {
    "tyshxydm": "unified_social_credit_code",
    "qymc": "name",
    "djzt": "status",
    "fddbr": "responsible_person",
    "zs": "address",
}


@dataclass(frozen=True)
class Asked:
    """A request as the registry saw it."""

    method: str
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """`drip` sends a byte at a time, with that many seconds between; `wait` comes before anything is sent."""

    body: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    drip: float = 0.0


class Registry:
    """`answer` decides what is said to a request; `asked` holds those that came."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answer: Callable[[Asked], Answer] = paged
        self.url = ""


def paged(asked: Asked) -> Answer:
    """Well behaved: rows of the code or name that is asked for, in pages, with their total."""
    wanted = [
        row
        for row in ROWS
        if all(row[name] == asked.parameters[name] for name in ("tyshxydm", "qymc") if name in asked.parameters)
    ]
    size, number = int(asked.parameters.get("size", "100")), int(asked.parameters.get("page", "1"))
    page = wanted[size * (number - 1) : size * number]
    return Answer({"code": 200, "data": {"list": page, "total": len(wanted), "updated": "2026-11-20 06:00:00"}})


@contextlib.contextmanager
def served() -> Iterator[Registry]:
    """The registry, listening until the end of the block."""
    registry, over = Registry(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply(dict(parse_qsl(urlsplit(self.path).query)))

        def do_POST(self) -> None:
            self.reply(json.loads(self.rfile.read(int(self.headers["content-length"]))))

        def reply(self, parameters: dict[str, str]) -> None:
            asked = Asked(
                self.command, urlsplit(self.path).path, parameters, {k.lower(): v for k, v in self.headers.items()}
            )
            registry.asked.append(asked)
            answer = registry.answer(asked)
            over.wait(answer.wait)
            body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            with contextlib.suppress(OSError):  # whoever asked may have gone
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                for byte in body if answer.drip else ():
                    if over.is_set():
                        return
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(answer.drip)
                if not answer.drip:
                    self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    registry.url = f"http://127.0.0.1:{server.server_port}/api/enterprise"
    try:
        yield registry
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
