"""Skewed pages made straight for the parsers, and what they found put back where it stands on the page as given."""

import math
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from models.field import Region
from models.layout import Document, Lens, Page, Table, Word

V = TypeVar("V")
_WORTH = 0.15
"""Degrees: below this a line of A4 rises by less than a third of its letters' height."""


def lens_of(page: Page) -> Lens | None:
    """How the page lies: as it was photographed, else turned around its centre by its skew; None where it lies straight."""
    if page.lens is not None or abs(page.skew) < _WORTH:
        return page.lens
    x, y, angle = page.width / 2, page.height / 2, math.radians(page.skew)
    cos, sin = math.cos(angle), math.sin(angle)
    matrix = (cos, -sin, x - x * cos + y * sin, sin, cos, y - x * sin - y * cos, 0.0, 0.0, 1.0)
    return Lens(page.width, page.height, matrix)


def straightened(document: Document) -> tuple[Document, dict[int, Lens]]:
    """The document with every skewed or slanting page straight, and the lenses by page number; the document itself where none is."""
    lenses = {page.number: lens for page in document.pages if (lens := lens_of(page)) is not None}
    if not lenses:
        return document, lenses
    pages = tuple(_page(page, lenses[page.number]) if page.number in lenses else page for page in document.pages)
    return replace(document, pages=pages), lenses


def put_back(value: V, lenses: dict[int, Lens]) -> V:
    """The value with every region on a skewed page where it stands on the page as given."""
    if isinstance(value, Region):
        lens = lenses.get(value.page)
        return cast(V, replace(value, box=lens.seen(value.box))) if lens else value
    if isinstance(value, tuple):
        return cast(V, tuple(put_back(item, lenses) for item in value))
    if is_dataclass(value) and not isinstance(value, type):
        old: dict[str, Any] = {f.name: getattr(value, f.name) for f in fields(value)}
        new = {name: put_back(item, lenses) for name, item in old.items()}
        changes = {name: item for name, item in new.items() if item is not old[name] and item != old[name]}
        return cast(V, replace(value, **changes)) if changes else value
    return value


def _page(page: Page, lens: Lens) -> Page:
    return replace(
        page,
        width=lens.width,
        height=lens.height,
        words=tuple(_word(word, lens) for word in page.words),
        tables=tuple(_table(table, lens) for table in page.tables),
        marks=page.marks and tuple(replace(mark, box=lens.flat(mark.box)) for mark in page.marks),
    )


def _word(word: Word, lens: Lens) -> Word:
    return replace(word, box=lens.flat(word.box))


def _table(table: Table, lens: Lens) -> Table:
    cells = tuple(
        replace(cell, box=lens.flat(cell.box), words=tuple(_word(w, lens) for w in cell.words)) for cell in table.cells
    )
    return replace(table, box=lens.flat(table.box), cells=cells)
