"""Degradations by name, each at three strengths, alone or one after another: the table, its spelling, and pages worn by it."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from samples.generate.degrade import camera, overprint, paper
from samples.generate.degrade.sheet import Sheet, sheets

STRENGTHS = ("light", "medium", "strong")
DPI = 200
T = TypeVar("T")

Degradation = Callable[[Sheet, str, np.random.Generator], Sheet]
"""A sheet, one of STRENGTHS and the dice -> the sheet after it."""


@dataclass(frozen=True, slots=True)
class Wear:
    """A degradation of the table and how strong it is."""

    name: str
    strength: str = "medium"

    def __str__(self) -> str:
        return f"{self.name}:{self.strength}"


def _at(strength: str, light: T, medium: T, strong: T) -> T:
    return {"light": light, "medium": medium, "strong": strong}[strength]


DEGRADATIONS: dict[str, Degradation] = {
    # What is put on the paper
    "watermark": lambda sheet, s, rng: overprint.watermarked(sheet, _at(s, 0.2, 0.4, 0.65), rng),
    "seal": lambda sheet, s, rng: overprint.sealed(sheet, _at(s, 1, 2, 4), _at(s, 0.65, 0.82, 0.96), rng),
    "seam": lambda sheet, s, rng: overprint.bound(sheet, _at(s, 8, 14, 21), _at(s, 0.65, 0.82, 0.96), rng),
    "stamp": lambda sheet, s, rng: overprint.stamped(sheet, _at(s, 0.6, 0.8, 0.95), rng),
    "handwriting": lambda sheet, s, rng: overprint.annotated(sheet, _at(s, 1, 3, 6), rng),
    # What befalls the paper
    "fold": lambda sheet, s, rng: paper.folded(sheet, _at(s, 1, 2, 3), _at(s, 0.12, 0.25, 0.42), rng),
    "bend": lambda sheet, s, rng: paper.bent(sheet, _at(s, 4.0, 9.0, 16.0), rng),
    "cut": lambda sheet, s, rng: paper.cut(sheet, _at(s, 0.35, 0.7, 1.0), rng),
    "photocopy": lambda sheet, s, rng: paper.photocopied(sheet, _at(s, 0.0, 0.45, 1.0), rng),
    # What the scanner or the camera adds
    "perspective": lambda sheet, s, rng: camera.tilted(sheet, _at(s, 0.04, 0.09, 0.16), rng),
    "skew": lambda sheet, s, rng: camera.skewed(sheet, _at(s, 2.0, 5.0, 8.0), rng),
    "rotation": lambda sheet, s, rng: camera.turned(sheet, _at(s, 90, 270, 180)),
    "shadow": lambda sheet, s, rng: camera.shadowed(sheet, _at(s, 0.25, 0.45, 0.65), rng),
    "moire": lambda sheet, s, rng: camera.screened(sheet, _at(s, 0.12, 0.22, 0.36), rng),
    "blur": lambda sheet, s, rng: camera.blurred(sheet, _at(s, 0.8, 1.3, 1.9), rng),
    "resolution": lambda sheet, s, rng: camera.coarsened(sheet, _at(s, 150.0, 125.0, 100.0)),
    "jpeg": lambda sheet, s, rng: camera.compressed(sheet, _at(s, 60, 45, 30)),
}
"""In the order in which they befall a sheet, whatever the order in which they are named."""


def parse_wears(text: str) -> tuple[Wear, ...]:
    """`seal:strong,skew` -> both, in the table's order; medium where no strength is named. ValueError says what is not known."""
    found = []
    for item in text.split(","):
        name, _, strength = item.strip().partition(":")
        if name not in DEGRADATIONS:
            raise ValueError(f"unknown degradation {name!r}; known: {', '.join(DEGRADATIONS)}")
        if (strength or "medium") not in STRENGTHS:
            raise ValueError(f"unknown strength {strength!r}; known: {', '.join(STRENGTHS)}")
        found.append(Wear(name, strength or "medium"))
    if len({wear.name for wear in found}) < len(found):
        raise ValueError(f"a degradation is named twice in {text!r}")
    order = list(DEGRADATIONS)
    return tuple(sorted(found, key=lambda wear: order.index(wear.name)))


def told(wears: Sequence[Wear]) -> str:
    """As `parse_wears` takes it."""
    return ",".join(map(str, wears))


def worn(pdf: bytes, wears: Sequence[Wear], seed: int, dpi: int = DPI) -> list[Sheet]:
    """Every page of the PDF after these degradations. The dice of each depend on seed, page and name only, not on the others."""
    found = sheets(pdf, dpi)
    for number, sheet in enumerate(found):
        for wear in wears:
            rng = np.random.default_rng((seed, number, zlib.crc32(wear.name.encode("ascii"))))
            sheet = DEGRADATIONS[wear.name](sheet, wear.strength, rng)
        found[number] = sheet
    return found
