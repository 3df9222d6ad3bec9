"""THE table builder: words and rules become tables with their merged cells, for digital and scanned pages alike.

Pure geometry, in stages that can be looked at one by one: rules are joined and snapped, those that meet form a lattice,
an edge of the lattice exists where at least half of it is inked, and positions without an edge between are one cell.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from extractor.columns import instances
from extractor.lattice import Lattice, lattices_of
from extractor.lines import join
from extractor.pieces import ends, pieces_of, starts
from models.layout import Box, Cell, Direction, Ruling, Table, Word

Span = tuple[int, int, int, int]
"""Top, left, bottom, right: the rows and columns that a cell covers, the last ones excluded."""

#: A cell that a word fits into measures at least this much, in points, both ways.
LEAST_CELL = 6.0


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell before any text: `row` and `column` count from 0, a merged cell has spans above 1."""

    box: Box
    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled lattice with `len(ys) - 1` rows and `len(xs) - 1` columns; every position is covered by exactly one of the `spans`.

    `complete` is False where cells that flow together are no rectangle: they are then cut into rectangles.
    """

    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    spans: tuple[Span, ...]
    complete: bool = True

    @property
    def cells(self) -> tuple[GridCell, ...]:
        """The spans as cells with boxes, in reading order."""
        return tuple(
            GridCell(
                Box(self.xs[left], self.ys[top], self.xs[right], self.ys[bottom]), top, left, bottom - top, right - left
            )
            for top, left, bottom, right in self.spans
        )


def build(words: Sequence[Word], rulings: Sequence[Ruling]) -> tuple[tuple[Table, ...], tuple[Word, ...]]:
    """The tables that the rules form, with the words that stand in them, and the words outside all of them."""
    return fill(find_grids(rulings), words)


def find_grids(rulings: Sequence[Ruling]) -> list[Grid]:
    """The lattices on a page with at least two cells that a word fits into, from top to bottom, then left to right.

    A frame around a page or around a table is none; a table inside a cell of another one is a grid of its own.
    """
    lattices = lattices_of(pieces_of(rulings, Direction.HORIZONTAL), pieces_of(rulings, Direction.VERTICAL))
    grids = [grid for grid in map(_grid, lattices) if _holds_text(grid)]
    return sorted(grids, key=lambda g: (g.box.top, g.box.x0))


def _holds_text(grid: Grid) -> bool:
    """Whether at least two cells are large enough for a word."""
    xs, ys, found = grid.xs, grid.ys, 0
    for top, left, bottom, right in grid.spans:
        if xs[right] - xs[left] >= LEAST_CELL and ys[bottom] - ys[top] >= LEAST_CELL:
            found += 1
            if found == 2:
                return True
    return False


def fill(grids: Sequence[Grid], words: Sequence[Word]) -> tuple[tuple[Table, ...], tuple[Word, ...]]:
    """The grids as tables, each word in the innermost cell that holds its centre, and the words outside all grids."""
    boxes = [word.box for word in words]
    x, y = np.array([box.x0 + box.x1 for box in boxes]) / 2, np.array([box.top + box.bottom for box in boxes]) / 2
    free = np.ones(len(words), np.bool_)
    tables: dict[int, Table] = {}
    for i in sorted(range(len(grids)), key=lambda i: grids[i].box.width * grids[i].box.height):
        box = grids[i].box
        inside = np.flatnonzero(free & (box.x0 <= x) & (x < box.x1) & (box.top <= y) & (y < box.bottom))
        free[inside] = False
        tables[i] = _table(grids[i], [words[w] for w in inside.tolist()], x[inside], y[inside])
    return tuple(tables[i] for i in range(len(grids))), tuple(words[w] for w in np.flatnonzero(free).tolist())


def _table(grid: Grid, words: Sequence[Word], x: NDArray[np.float64], y: NDArray[np.float64]) -> Table:
    """The grid with these words, whose centres are at `x`, `y`, in its cells."""
    xs, ys, count = np.array(grid.xs), np.array(grid.ys), len(grid.spans)
    top, left, bottom, right = np.fromiter(chain.from_iterable(grid.spans), np.intp, 4 * count).reshape(count, 4).T
    row_span, column_span = bottom - top, right - left
    owner = np.empty((len(ys) - 1, len(xs) - 1), np.intp)
    owner[top, left] = np.arange(count)
    for i in np.flatnonzero(row_span * column_span > 1).tolist():
        owner[top[i] : bottom[i], left[i] : right[i]] = i
    placed: defaultdict[int, list[Word]] = defaultdict(list)
    at = owner[np.searchsorted(ys, y, side="right") - 1, np.searchsorted(xs, x, side="right") - 1]
    for word, i in zip(words, at.tolist(), strict=True):
        placed[i].append(word)
    texts: list[str] = [""] * count
    held: list[tuple[Word, ...]] = [()] * count
    for i, its in placed.items():
        texts[i], held[i] = join(its), tuple(its)
    boxes = instances(Box, count, xs[left].tolist(), ys[top].tolist(), xs[right].tolist(), ys[bottom].tolist())
    numbers = (numbers.tolist() for numbers in (top, left, row_span, column_span))
    cells = instances(Cell, count, boxes, *numbers, held, texts)
    return Table(grid.box, len(ys) - 1, len(xs) - 1, tuple(cells), grid.complete)


def _grid(lattice: Lattice) -> Grid:
    xs, ys = lattice.xs.tolist(), lattice.ys.tolist()
    spans, complete = _rectangles(_regions(lattice))
    return Grid(Box(xs[0], ys[0], xs[-1], ys[-1]), tuple(xs), tuple(ys), tuple(spans), complete)


def _regions(lattice: Lattice) -> NDArray[np.intp]:
    """For each position the region it belongs to, named by the region's first position: where no edge is between, they flow together."""
    rows, columns = len(lattice.ys) - 1, len(lattice.xs) - 1
    positions = np.arange(rows * columns).reshape(rows, columns)
    # Down the columns at once: each position takes the number of the last one above that has an edge over it.
    first = np.where(lattice.lying[:-1], positions, 0)
    first[0] = positions[0]
    regions: NDArray[np.intp] = np.maximum.accumulate(first, axis=0)
    flowing = ~lattice.standing[:, 1:-1]
    if not flowing.any():
        return regions
    parent: dict[int, int] = {}

    def root(i: int) -> int:
        while (above := parent.get(i, i)) != i:
            parent[i] = parent.get(above, above)
            i = above
        return i

    for a, b in zip(regions[:, :-1][flowing].tolist(), regions[:, 1:][flowing].tolist(), strict=True):
        a, b = root(a), root(b)
        if a != b:
            parent[max(a, b)] = min(a, b)
    names = positions.ravel().copy()
    names[list(parent)] = [root(i) for i in parent]
    return names[regions]


def _rectangles(regions: NDArray[np.intp]) -> tuple[list[Span], bool]:
    """Rectangles that cover every position once, in reading order; whether each region is one.

    A region that is none is cut into as few rows as it takes: equal runs in neighbouring rows stay together.
    """
    order = np.argsort(regions, axis=None, kind="stable")
    row, column = np.divmod(order, regions.shape[1])
    first = starts(np.diff(regions.ravel()[order]) != 0)
    last = ends(first, len(order)) - 1
    top, bottom = row[first], row[last] + 1
    left, right = np.minimum.reduceat(column, first), np.maximum.reduceat(column, first) + 1
    solid = last - first + 1 == (bottom - top) * (right - left)
    spans: list[Span] = list(zip(*(side[solid].tolist() for side in (top, left, bottom, right)), strict=True))
    if solid.all():
        return spans, True
    for i in np.flatnonzero(~solid).tolist():
        part = slice(first[i], last[i] + 1)
        spans += _cut(list(zip(row[part].tolist(), column[part].tolist(), strict=True)))
    return sorted(spans), False


def _cut(positions: list[tuple[int, int]]) -> list[Span]:
    """Positions of any shape as rectangles: the runs of each row, joined to an equal run right above."""
    open_runs: dict[tuple[int, int], tuple[int, int]] = {}  # (left, right) -> (top, bottom)
    done: list[Span] = []
    rows: dict[int, list[int]] = defaultdict(list)
    for row, column in positions:
        rows[row].append(column)
    for row, columns in rows.items():
        breaks = [i for i in range(1, len(columns)) if columns[i] != columns[i - 1] + 1]
        runs = {(columns[a], columns[b - 1] + 1) for a, b in zip([0, *breaks], [*breaks, len(columns)], strict=True)}
        for run in [run for run, (_, bottom) in open_runs.items() if run not in runs or bottom != row]:
            top, bottom = open_runs.pop(run)
            done.append((top, run[0], bottom, run[1]))
        for run in runs:
            top = open_runs[run][0] if run in open_runs else row
            open_runs[run] = (top, row + 1)
    return done + [(top, left, bottom, right) for (left, right), (top, bottom) in open_runs.items()]
