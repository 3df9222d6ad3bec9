"""Registers the free Chinese fonts that stand in for SimSun, SimHei and KaiTi, and tells clearly which package is missing."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

ROOT = Path("/usr/share/fonts/truetype")

FILES = {
    "Song": ("arphic/uming.ttc", 0, "fonts-arphic-uming"),
    "Kai": ("arphic/ukai.ttc", 0, "fonts-arphic-ukai"),
    "Hei": ("wqy/wqy-zenhei.ttc", 0, "fonts-wqy-zenhei"),
    "Times": ("liberation/LiberationSerif-Regular.ttf", 0, "fonts-liberation"),
    "TimesBold": ("liberation/LiberationSerif-Bold.ttf", 0, "fonts-liberation"),
    "Arial": ("liberation/LiberationSans-Regular.ttf", 0, "fonts-liberation"),
    "ArialBold": ("liberation/LiberationSans-Bold.ttf", 0, "fonts-liberation"),
    "Marks": ("dejavu/DejaVuSans.ttf", 0, "fonts-dejavu-core"),
}
"""Our name -> file under ROOT, face inside the collection, Debian package."""


class FontsMissing(RuntimeError):
    """Fonts needed to draw are not installed."""


@dataclass(frozen=True, slots=True)
class Face:
    """A Chinese font with the Latin font that is set beside it. `bold` thickens the Chinese glyphs by a stroke."""

    chinese: str
    latin: str
    bold: bool = False

    def font_of(self, character: str) -> str:
        if character in "☑☐☒✓":
            return "Marks"
        return self.latin if character.isascii() else self.chinese


SONG = Face("Song", "Times")
SONG_BOLD = Face("Song", "TimesBold", bold=True)
HEI = Face("Hei", "Arial")
HEI_BOLD = Face("Hei", "ArialBold", bold=True)
KAI = Face("Kai", "Times")
SONG_ONLY = Face("Song", "Song")
HEI_ONLY = Face("Hei", "Hei")


def missing_packages() -> tuple[str, ...]:
    """Debian packages whose fonts are not installed; empty when everything can be drawn."""
    return tuple(dict.fromkeys(package for file, _, package in FILES.values() if not (ROOT / file).exists()))


@cache
def register() -> None:
    """Makes the fonts known to reportlab; FontsMissing names the packages to install."""
    missing = missing_packages()
    if missing:
        raise FontsMissing(f"Drawing samples needs fonts: apt-get install {' '.join(missing)}")
    for name, (file, face, _) in FILES.items():
        pdfmetrics.registerFont(TTFont(name, ROOT / file, subfontIndex=face, asciiReadable=False))


@cache
def character_width(font: str, character: str) -> float:
    """Width of a glyph at size 1."""
    register()
    return float(pdfmetrics.stringWidth(character, font, 1))


def width(text: str, face: Face, size: float) -> float:
    """Width of a line in points."""
    return size * sum(character_width(face.font_of(character), character) for character in text)
