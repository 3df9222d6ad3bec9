"""Glyph outlines of the installed fonts, as paths of a canvas."""

from collections.abc import Callable
from functools import cache
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from reportlab.pdfgen.pathobject import PDFPathObject

from samples.generate.draw.fonts import FILES, ROOT

Shake = Callable[[], float]
"""Gives the next displacement; `float` gives none."""


class PathPen(BasePen):
    """Draws a glyph into a path at x, y with the given scale; `shake` moves every point at random by up to so many points."""

    def __init__(self, glyphs: Any, path: PDFPathObject, x: float, y: float, scale: float, shake: Shake) -> None:
        super().__init__(glyphs)
        self.path, self.x, self.y, self.scale, self.shake = path, x, y, scale, shake

    def place(self, point: tuple[float, float]) -> tuple[float, float]:
        return self.x + point[0] * self.scale + self.shake(), self.y + point[1] * self.scale + self.shake()

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self.path.moveTo(*self.place(pt))

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self.path.lineTo(*self.place(pt))

    def _curveToOne(self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]) -> None:
        self.path.curveTo(*self.place(pt1), *self.place(pt2), *self.place(pt3))

    def _closePath(self) -> None:
        self.path.close()


@cache
def opened(name: str) -> tuple[Any, Any, int]:
    """Glyphs, character map and units per em of one of our fonts."""
    file, face, _ = FILES[name]
    font = TTFont(ROOT / file, fontNumber=face, lazy=True)
    return font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm


def trace(
    path: PDFPathObject, font: str, character: str, x: float, y: float, size: float, shake: Shake = float
) -> None:
    """Adds the outline of a character with its origin at x, y; a character that the font lacks adds nothing."""
    glyphs, characters, units = opened(font)
    if ord(character) in characters:
        glyphs[characters[ord(character)]].draw(PathPen(glyphs, path, x, y, size / units, shake))
