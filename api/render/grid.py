"""A table to print, whatever the format: columns, cells, and which equal neighbours are one cell."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

MAKER = "证审"
"""Who made a document, by its properties."""
WIDTH = 110
"""Units of all columns together, the units of a spreadsheet: A4 landscape holds them even where the default font has wide digits."""


@dataclass(frozen=True, slots=True)
class Column:
    """`share` is the width in units of which a table has `WIDTH`; neighbours with the same `over` stand under one heading."""

    title: str
    share: int
    over: str = ""
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table to print. In a column that has `blocks`, consecutive lines of one block are one cell.

    `empty` stands in place of the lines where there are none.
    """

    columns: tuple[Column, ...]
    lines: tuple[tuple[str, ...], ...]
    blocks: tuple[Sequence[Hashable] | None, ...]
    empty: str

    @property
    def has_two_headings(self) -> bool:
        return any(column.over for column in self.columns)

    def headings(self) -> Iterator[tuple[int, int, str]]:
        """First and last column of each heading of the upper line, and its text."""
        first = 0
        while first < len(self.columns):
            last, over = first, self.columns[first].over
            while over and last + 1 < len(self.columns) and self.columns[last + 1].over == over:
                last += 1
            yield first, last, over or self.columns[first].title
            first = last + 1

    def spans(self, column: int, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """First and last line of each cell that takes more than one line between `start` and `stop` (exclusive)."""
        blocks = self.blocks[column]
        first = start
        while blocks is not None and first < stop:
            last = first
            while last + 1 < stop and blocks[last + 1] == blocks[first]:
                last += 1
            if last > first:
                yield first, last
            first = last + 1
