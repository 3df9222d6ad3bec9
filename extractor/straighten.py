"""Skewed pages made straight for the parsers, and what they found put back where it stands on the page as given."""

import math
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from models.field import Region
from models.layout import Box, Document, Page, Table, Word

V = TypeVar("V")
_WORTH = 0.15
"""Degrees: below this a line of A4 rises by less than a third of its letters' height."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Around a page's centre by its skew. A box of a skewed page is the upright box around a tilted one, from which that is recovered."""

    x: float
    y: float
    cos: float
    sin: float

    @staticmethod
    def of(page: Page) -> "Turn":
        """The turn by which a page is skewed."""
        angle = math.radians(page.skew)
        return Turn(page.width / 2, page.height / 2, math.cos(angle), math.sin(angle))

    def straight(self, box: Box) -> Box:
        """The tilted box inside an upright one, straight."""
        lean = abs(self.sin)
        spread = self.cos**2 - lean**2
        width = max(0.0, (box.width * self.cos - box.height * lean) / spread)
        height = max(0.0, (box.height * self.cos - box.width * lean) / spread)
        return self._around(box, -self.sin, width, height)

    def tilted(self, box: Box) -> Box:
        """The upright box around a straight one as it lies on the skewed page."""
        lean = abs(self.sin)
        width = box.width * self.cos + box.height * lean
        return self._around(box, self.sin, width, box.width * lean + box.height * self.cos)

    def _around(self, box: Box, sin: float, width: float, height: float) -> Box:
        across, down = box.centre[0] - self.x, box.centre[1] - self.y
        x, y = self.x + across * self.cos - down * sin, self.y + across * sin + down * self.cos
        return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def straightened(document: Document) -> tuple[Document, dict[int, Turn]]:
    """The document with every skewed page straight, and the turns by page number; the document itself where none is skewed."""
    turns = {page.number: Turn.of(page) for page in document.pages if abs(page.skew) >= _WORTH}
    if not turns:
        return document, turns
    pages = tuple(_page(page, turns[page.number]) if page.number in turns else page for page in document.pages)
    return replace(document, pages=pages), turns


def put_back(value: V, turns: dict[int, Turn]) -> V:
    """The value with every region on a skewed page where it stands on the page as given."""
    if isinstance(value, Region):
        turn = turns.get(value.page)
        return cast(V, replace(value, box=turn.tilted(value.box))) if turn else value
    if isinstance(value, tuple):
        return cast(V, tuple(put_back(item, turns) for item in value))
    if is_dataclass(value) and not isinstance(value, type):
        old: dict[str, Any] = {f.name: getattr(value, f.name) for f in fields(value)}
        new = {name: put_back(item, turns) for name, item in old.items()}
        changes = {name: item for name, item in new.items() if item is not old[name] and item != old[name]}
        return cast(V, replace(value, **changes)) if changes else value
    return value


def _page(page: Page, turn: Turn) -> Page:
    return replace(
        page,
        words=tuple(_word(word, turn) for word in page.words),
        tables=tuple(_table(table, turn) for table in page.tables),
        marks=page.marks and tuple(replace(mark, box=turn.straight(mark.box)) for mark in page.marks),
    )


def _word(word: Word, turn: Turn) -> Word:
    return replace(word, box=turn.straight(word.box))


def _table(table: Table, turn: Turn) -> Table:
    cells = tuple(
        replace(cell, box=turn.straight(cell.box), words=tuple(_word(w, turn) for w in cell.words))
        for cell in table.cells
    )
    return replace(table, box=turn.straight(table.box), cells=cells)
