"""Engines for reading processes: they read nothing, note which process looked at which page, and do harm on pages marked for it."""

import ctypes
import json
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from extractor.document import Limits
from extractor.ocr import Image, Quad, Reading
from tests.extractor.drawn import pdf

HARMLESS, HARMFUL = 60, 300
"""Points: the width of the mark on a page."""


def marked(*widths: int) -> bytes:
    """A PDF whose pages have no text but a black mark each, of these widths in points: so they are recognised."""
    return pdf([b"50 30 %d 40 re f" % width for width in widths], page=b"/MediaBox [0 0 400 100]")


@dataclass(frozen=True, slots=True)
class Sight:
    """A page as one process saw it."""

    pid: int
    width: int
    threads: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Engines:
    """Makes engines that write to `log` what they see; on a harmful page they do `harm`, the first `times` times."""

    log: Path
    harm: str = ""
    times: int = 1000
    seconds: float = 0.0

    def __call__(self, threads: int = 0) -> "Engine":
        return Engine(self, threads)

    def sights(self, *, harmful: bool | None = None) -> list[Sight]:
        """What was seen so far."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        seen = [Sight(**json.loads(line)) for line in lines]
        return [one for one in seen if harmful is None or harmful == _is_harmful(one.width)]


@dataclass(frozen=True, slots=True)
class Engine:
    """Finds no text in any picture."""

    made_by: Engines
    threads: int

    @property
    def name(self) -> str:
        return "test engine"

    def detect(self, image: Image) -> list[Quad]:
        width = int((image < 128).any(axis=(0, 2)).sum())
        harm = self.made_by.harm if _is_harmful(width) and self._earlier() < self.made_by.times else ""
        sight = {"pid": os.getpid(), "width": width, "threads": self.threads, "note": _asked(self.made_by.harm)}
        with self.made_by.log.open("a") as log:
            log.write(json.dumps(sight) + "\n")
        time.sleep(self.made_by.seconds)
        match harm:
            case "segfault":
                ctypes.string_at(0)
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "hang":
                time.sleep(600)
            case "memory":
                np.ones(1 << 40, np.uint8)
            case "garbage":
                os.write(_wire(), b"\0\0\0\5wrong")
        return []

    def recognise(self, crops: Sequence[Image], *, doubtful: bool = False) -> list[Reading]:
        return [Reading("", 0.0)] * len(crops)

    def _earlier(self) -> int:
        return len(self.made_by.sights(harmful=True))


@dataclass(frozen=True, slots=True)
class DeadlyLimits(Limits):
    """Limits that end every process but the one that made them, when a file is held against them."""

    owner: int = 0

    def refuse(self, size: int) -> None:
        """Kills, or lets pass."""
        if os.getpid() != self.owner:
            os.kill(os.getpid(), signal.SIGKILL)


def _is_harmful(width: int) -> bool:
    return width > (HARMLESS + HARMFUL) / 2 * 200 / 72


def _asked(what: str) -> str:
    """The answer to a question that a test put in place of a harm."""
    if what == "network":
        try:
            socket.create_connection(("127.0.0.1", 9), 1).close()
        except OSError as error:
            return type(error).__name__
    if what == "limits":
        kinds = (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)
        return " ".join(str(resource.getrlimit(kind)[0]) for kind in kinds)
    return ""


def _wire() -> int:
    """The descriptor of the socket to the pool, which the process was started with."""
    return int(sys.argv[1])
