"""Text that has no place of its own (Word, spreadsheets) set as a page: lines and grids of cells, one below the other."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from extractor.lines import join
from models.errors import TooLarge
from models.layout import Box, Cell, Origin, Page, Table, Word

SIZE = 10.0
"""Height of the letters in points; a Chinese character is as wide as high, others 0.55 of that."""
MOST_CELLS = 400_000
"""In one file, empty ones included: 50,000 rows of eight columns; about 600 bytes each once they are set."""
_MARGIN, _LEADING, _PADDING = 40.0, 1.7 * SIZE, 4.0
_NEXT_LINE = 2.3 * SIZE
"""From line to line: wide enough that no label and no value is taken to go on in the next one."""
_GAP = 3.0 * SIZE
"""Between pieces of one line: wide enough that nobody takes them for one phrase."""
_WIDE_GAP = re.compile(r"\t|[ \u3000]{3,}")


@dataclass(frozen=True, slots=True)
class Range:
    """Cells merged into one: the first row and column, and the last ones, all counted from 0."""

    row: int
    column: int
    last_row: int
    last_column: int


class Typesetter:
    """Takes lines and tables from top to bottom; `page` is what they look like. Nothing wraps and nothing overlaps."""

    def __init__(self) -> None:
        self._words: list[Word] = []
        self._tables: list[Table] = []
        self._bottom = _MARGIN
        self._right = 2 * _MARGIN

    def line(self, pieces: Sequence[str]) -> None:
        """Pieces of text side by side, cut where they have a tab or a wide gap; their own further lines stand right below them."""
        x, deepest = _MARGIN, 0
        for piece in (part for text in pieces for part in _WIDE_GAP.split(text) if part.strip()):
            lines = [text for line in piece.split("\n") if (text := line.strip())]
            words = [_word(text, x, self._bottom + i * _LEADING) for i, text in enumerate(lines)]
            self._words += words
            x = max(word.box.x1 for word in words) + _GAP
            deepest = max(deepest, len(lines) - 1)
        if x > _MARGIN:
            self._reach(x, self._bottom + deepest * _LEADING + _NEXT_LINE)

    def table(self, texts: Sequence[Sequence[str]], merged: Iterable[Range] = ()) -> None:
        """Rows of equally many texts as a grid. A merged range shows the text of its first cell; of overlapping ones the first counts.

        TooLarge beyond 400,000 positions.
        """
        if not texts or not texts[0]:
            return
        rows, columns = len(texts), len(texts[0])
        refuse_beyond_limit(rows * columns)
        spans = _spans(rows, columns, merged)
        lines = {(s.row, s.column): [t for t in texts[s.row][s.column].split("\n") if t.strip()] for s in spans}
        xs = _edges(
            columns,
            _MARGIN,
            2 * SIZE,
            ((s.column, s.last_column, max(map(_width, lines[s.row, s.column]), default=0.0)) for s in spans),
        )
        ys = _edges(
            rows,
            self._bottom + _PADDING,
            _LEADING,
            ((s.row, s.last_row, _LEADING * len(lines[s.row, s.column])) for s in spans),
        )
        cells = []
        for s in spans:
            box = Box(xs[s.column], ys[s.row], xs[s.last_column + 1], ys[s.last_row + 1])
            words = tuple(
                _word(text.strip(), box.x0 + _PADDING, box.top + _PADDING + i * _LEADING)
                for i, text in enumerate(lines[s.row, s.column])
            )
            height, width = s.last_row - s.row + 1, s.last_column - s.column + 1
            cells.append(Cell(box, s.row, s.column, height, width, words, join(words) if words else ""))
        self._tables.append(Table(Box(xs[0], ys[0], xs[-1], ys[-1]), rows, columns, tuple(cells)))
        self._reach(xs[-1], ys[-1] + _LEADING)

    def __bool__(self) -> bool:
        """Whether anything was set."""
        return bool(self._words or self._tables)

    def page(self, number: int) -> Page:
        """Everything so far as one page, as large as it takes; its note `unpaged` says that nobody printed it so."""
        width, height = self._right + _MARGIN, self._bottom + _MARGIN
        return Page(number, width, height, tuple(self._words), tuple(self._tables), Origin.TEXT, notes=("unpaged",))

    def _reach(self, right: float, bottom: float) -> None:
        self._right, self._bottom = max(self._right, right), bottom


def refuse_beyond_limit(cells: int, where: str = "") -> None:
    """TooLarge for more cells than a file may have."""
    if cells > MOST_CELLS:
        raise TooLarge(
            f"表格{where}过大（{cells:,} 个单元格，上限 {MOST_CELLS:,}），请删除多余的单元格或拆分后提交。 "
            f"The tables{where} are too large ({cells:,} cells, at most {MOST_CELLS:,}); please remove stray cells or split the file."
        )


def _spans(rows: int, columns: int, merged: Iterable[Range]) -> list[Range]:
    """Ranges in reading order that cover every position exactly once."""
    free = [bytearray(b"\1" * columns) for _ in range(rows)]
    found: list[Range] = []
    looked_at = 0
    for r in merged:
        last_row, last_column = min(r.last_row, rows - 1), min(r.last_column, columns - 1)
        if r.row < 0 or r.column < 0 or last_row < r.row or last_column < r.column:
            continue
        looked_at += last_row - r.row + 1
        if looked_at > 4 * MOST_CELLS:  # only ranges that lie over each other can come to so many
            raise TooLarge
        width = last_column - r.column + 1
        if all(free[row].find(0, r.column, last_column + 1) < 0 for row in range(r.row, last_row + 1)):
            for row in range(r.row, last_row + 1):
                free[row][r.column : last_column + 1] = bytes(width)
            found.append(Range(r.row, r.column, last_row, last_column))
    found += [Range(r, c, r, c) for r in range(rows) for c in range(columns) if free[r][c]]
    return sorted(found, key=lambda s: (s.row, s.column))


def _edges(count: int, start: float, least: float, needs: Iterable[tuple[int, int, float]]) -> list[float]:
    """The edges of rows or columns: each large enough for what stands in it alone; a span that needs more widens its last one."""
    sizes = [least + 2 * _PADDING] * count
    spanning = []
    for first, last, need in needs:
        if first == last:
            sizes[first] = max(sizes[first], need + 2 * _PADDING)
        elif need:
            spanning.append((first, last, need))
    for first, last, need in spanning:
        sizes[last] += max(0.0, need + 2 * _PADDING - sum(sizes[first : last + 1]))
    return list(accumulate(sizes, initial=start))


def _word(text: str, x: float, top: float) -> Word:
    return Word(text, Box(x, top, x + _width(text), top + SIZE))


def _width(text: str) -> float:
    return SIZE * sum(1.0 if c >= "\u2e80" else 0.55 for c in text)
