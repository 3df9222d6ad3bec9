"""Cells without rules (spreadsheets, Word tables) parted into lines of text and the tables that stand between them."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from extractor.headers import recognise
from extractor.typeset import Range, Typesetter

_HEADER_WITHIN = 60
"""Rows of a block that are looked at for its first header."""
_HEADER_ROWS = 4
"""A header of up to three rows, and a row below it."""
_FORM_ROWS = 8
"""Rows of labels and values that are a form; the head of a list has fewer."""

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Area:
    """Rows of equally many texts, and the merged ranges within them, sorted by their first row.

    `is_table` says whether it is a grid or lines of text.
    """

    rows: list[Row]
    merged: tuple[Range, ...]
    is_table: bool = True

    def part(self, start: int, end: int, *, is_table: bool = True) -> "Area":
        """The rows from `start` up to `end` with the ranges that begin there, cut where they go on below."""
        first, last = (bisect_left(self.merged, row, key=by_row) for row in (start, end))
        ranges = (
            replace(r, row=r.row - start, last_row=min(r.last_row, end - 1) - start) for r in self.merged[first:last]
        )
        return Area(self.rows[start:end], tuple(ranges), is_table)


def by_row(merged: Range) -> int:
    """The order that an area's ranges stand in."""
    return merged.row


def set_cells(setter: Typesetter, area: Area) -> None:
    """The cells as lines and tables, in their order."""
    for part in _Cutter(area).parts():
        if part.is_table:
            setter.table(part.rows, part.merged)
        else:
            for row in part.rows:
                setter.line(row)


class _Cutter:
    """Cuts an area into lines and tables: blank rows part it into blocks, headers and titles part the blocks."""

    def __init__(self, area: Area) -> None:
        self.area = area
        count = len(area.rows)
        self.reached = [False] * count  # a merged cell reaches into the row from above
        self.held = [False] * count  # or from the row downwards
        deepest = -1
        tall = iter([r for r in area.merged if r.last_row > r.row])
        following = next(tall, None)
        for row in range(count):
            self.reached[row] = self.held[row] = deepest >= row
            while following is not None and following.row == row:
                self.held[row] = True
                deepest = max(deepest, following.last_row)
                following = next(tall, None)

    def parts(self) -> Iterator[Area]:
        """Everything from top to bottom."""
        blocks = [(start, end, self._headers(start, end)) for start, end in self._blocks()]
        first = next((headers[0] for _, _, headers in blocks if headers), 0)
        for start, end, headers in blocks:
            for top, bottom in pairwise([start, *headers, end]):
                if top < first:
                    yield from self._heading(top, bottom)
                elif top < bottom:
                    yield from self._table(top, bottom)

    def _blocks(self) -> Iterator[tuple[int, int]]:
        start = 0
        for row, (texts, held) in enumerate(zip(self.area.rows, self.held, strict=True)):
            if not (held or any(texts)):
                yield start, row
                start = row + 1
        yield start, len(self.area.rows)

    def _headers(self, start: int, end: int) -> list[int]:
        """The rows where headers that we know begin: the first one, those below a title, and repetitions of one."""
        found: list[int] = []
        known: set[tuple[str, ...]] = set()
        for row in range(start, end):
            texts = tuple(self.area.rows[row])
            sought = row < start + _HEADER_WITHIN if not found else self._is_title(row - 1) or texts in known
            if sought and not self.reached[row] and sum(map(bool, texts)) > 1:
                setter = Typesetter()
                top = self.area.part(row, min(end, row + _HEADER_ROWS))
                setter.table(top.rows, top.merged)
                if recognise(setter.page(1).tables[0]):
                    found.append(row)
                    known.add(texts)
        return found

    def _heading(self, top: int, bottom: int) -> Iterator[Area]:
        """What stands above the first header: lines, and a form where many rows follow each other or cells are merged downwards."""
        for is_title, run in groupby(range(top, bottom), self._is_title):
            rows = [*run]
            start, end = rows[0], rows[-1] + 1
            is_form = not is_title and (len(rows) >= _FORM_ROWS or any(self.held[start:end]))
            yield self.area.part(start, end, is_table=is_form)

    def _table(self, top: int, bottom: int) -> Iterator[Area]:
        """A table, without the titles above and below it and those that run across it."""
        first, last = top, bottom
        while first < last and self._is_title(first):
            first += 1
        while last > first and self._is_title(last - 1):
            last -= 1
        yield self.area.part(top, first, is_table=False)
        run = first
        for row in range(first, last):
            if self._is_title(row) and self._runs_across(row):
                yield self.area.part(run, row)
                yield self.area.part(row, row + 1, is_table=False)
                run = row + 1
        yield self.area.part(run, last)
        yield self.area.part(last, bottom, is_table=False)

    def _is_title(self, row: int) -> bool:
        """Whether the row has nothing but a text at its start."""
        texts = self.area.rows[row]
        return not self.held[row] and bool(texts[0]) and not any(texts[1:])

    def _runs_across(self, row: int) -> bool:
        last = len(self.area.rows[row]) - 1
        return any(r.column == 0 and r.last_column == last for r in self.area.part(row, row + 1).merged)
