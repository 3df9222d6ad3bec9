"""The corpus of hostile files: drawn ones, and samples damaged from fixed seeds. Nothing of it is kept as a file but what was once a mistake."""
# ruff: noqa: E501 - one hostile file a line

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.hostile import damaged
from tests.hostile.packages import packages
from tests.hostile.papers import SOUND, papers
from tests.hostile.pictures import pictures

FOUND = Path(__file__).parent / "found"
"""Files at which the program once made a mistake, found by `fuzz` and cut down."""
DAMAGED = 160
NAMES = (
    "../../../../etc/passwd", "..\\..\\windows\\system32\\evil.pdf", "/etc/shadow", "C:\\evil.pdf", "file:///etc/passwd", "con.pdf",
    "<script>alert(1)</script>.pdf", '"><img src=x onerror=alert(1)>.pdf', "'; DROP TABLE reviews; --.pdf", "{{7*7}}${7*7}.pdf", "%2e%2e%2f%00.pdf",
    "a\r\nSet-Cookie: x=1.pdf", "tab\tbell\x07escape\x1b[31m.pdf", "\u202efdp.exe", "zero\u200bwidth\ufeff.pdf", "👩‍👩‍👧‍👦🏝️.pdf", "名" * 1000 + ".pdf", "=cmd|'/c calc'!A0.pdf", "@SUM(1).pdf", ".", " ", "-rf",
)  # fmt: skip
"""Names that are paths, markup, commands or nothing at all."""


@cache
def drawn() -> tuple[tuple[str, bytes], ...]:
    """Files drawn to hurt."""
    return (*papers(), *pictures(), *packages())


def named() -> Iterator[tuple[str, bytes]]:
    """A sound paper under hostile names."""
    for name in NAMES:
        yield name, SOUND


def damaged_samples(count: int = DAMAGED) -> Iterator[tuple[str, bytes]]:
    """Samples with damage, the same on every machine that draws the same samples."""
    for number in range(count):
        name, data = damaged.one(random.Random(f"corpus {number}"))
        yield f"{number} {name}", data


def found() -> Iterator[tuple[str, bytes]]:
    """What was once a mistake."""
    for path in sorted(FOUND.glob("*")):
        yield path.name, path.read_bytes()


def corpus() -> Iterator[tuple[str, bytes]]:
    """All of it."""
    yield from found()
    yield from named()
    yield from drawn()
    yield from damaged_samples()
