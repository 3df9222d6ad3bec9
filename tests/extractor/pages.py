"""Pages made by hand: words at places, and ruled tables, for tests of the parsers."""

from collections.abc import Sequence

from extractor.tables import build
from models.layout import Box, Direction, Document, Origin, Page, Ruling, Word

Placed = tuple[float, float, str]


def word(
    x: float, y: float, text: str, size: float = 12.0, *, confidence: float = 1.0, origin: Origin = Origin.TEXT
) -> Word:
    """A word with its left edge at `x` and its middle at `y`."""
    width = sum(size if ord(c) > 0x2E80 else 0.55 * size for c in text)
    return Word(text, Box(x, y - size / 2, x + width, y + size / 2), confidence, origin)


def page(
    words: Sequence[Placed | Word],
    tables: Sequence[tuple[float, Sequence[float], Sequence[Sequence[str | None]]]] = (),
    *,
    number: int = 1,
    width: float = 842.0,
    height: float = 595.0,
    origin: Origin = Origin.TEXT,
) -> Page:
    """A page with free words and tables: each its top edge, its column edges and rows of texts (None = merged with the cell above)."""
    placed = [w if isinstance(w, Word) else word(*w, origin=origin) for w in words]
    rulings: list[Ruling] = []
    for top, xs, rows in tables:
        step = 20.0
        ys = [top + step * i for i in range(len(rows) + 1)]
        for i, y in enumerate(ys):
            for c in range(len(xs) - 1):
                if i in (0, len(rows)) or rows[i][c] is not None:
                    rulings.append(Ruling(Direction.HORIZONTAL, y, xs[c], xs[c + 1]))
        rulings += [Ruling(Direction.VERTICAL, x, ys[0], ys[-1]) for x in xs]
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                for k, line in enumerate((text or "").split("\n")):
                    if line:
                        placed.append(word(xs[c] + 2, ys[r] + 6 + 8 * k, line, 7.0, origin=origin))
    found, free = build(placed, rulings)
    return Page(number, width, height, free, found, origin)


def document(*pages: Page, name: str = "file.pdf") -> Document:
    """A document of these pages."""
    return Document(name, "0" * 64, "application/pdf", len(pages), tuple(pages))
