"""THE table builder: words and rules become tables with their merged cells, for digital and scanned pages alike.

Pure geometry, in stages that can be looked at one by one: rules are joined and snapped, those that meet form a lattice,
an edge of the lattice exists where at least half of it is inked, and positions without an edge between are one cell.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractor.lattice import Lattice, lattices_of
from extractor.lines import join
from extractor.pieces import pieces_of
from models.layout import Box, Cell, Direction, Ruling, Table, Word

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
    """A ruled lattice with `len(ys) - 1` rows and `len(xs) - 1` columns; every position is covered by exactly one cell.

    `complete` is False where cells that flow together are no rectangle: they are then cut into rectangles.
    """

    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]
    complete: bool = True


def build(words: Sequence[Word], rulings: Sequence[Ruling]) -> tuple[tuple[Table, ...], tuple[Word, ...]]:
    """The tables that the rules form, with the words that stand in them, and the words outside all of them."""
    return fill(find_grids(rulings), words)


def find_grids(rulings: Sequence[Ruling]) -> list[Grid]:
    """The lattices on a page with at least two cells that a word fits into, from top to bottom, then left to right.

    A frame around a page or around a table is none; a table inside a cell of another one is a grid of its own.
    """
    lattices = lattices_of(pieces_of(rulings, Direction.HORIZONTAL), pieces_of(rulings, Direction.VERTICAL))
    grids = [_grid(lattice) for lattice in lattices]
    grids = [g for g in grids if sum(c.box.width >= LEAST_CELL and c.box.height >= LEAST_CELL for c in g.cells) > 1]
    return sorted(grids, key=lambda g: (g.box.top, g.box.x0))


def fill(grids: Sequence[Grid], words: Sequence[Word]) -> tuple[tuple[Table, ...], tuple[Word, ...]]:
    """The grids as tables, each word in the innermost cell that holds its centre, and the words outside all grids."""
    placed: list[defaultdict[int, list[Word]]] = [defaultdict(list) for _ in grids]
    positions = [_positions(grid) for grid in grids]
    inner_first = sorted(range(len(grids)), key=lambda i: grids[i].box.width * grids[i].box.height)
    outside: list[Word] = []
    for word in words:
        x, y = word.box.centre
        for i in inner_first:
            grid = grids[i]
            box = grid.box
            if box.x0 <= x < box.x1 and box.top <= y < box.bottom:
                row, column = bisect_right(grid.ys, y) - 1, bisect_right(grid.xs, x) - 1
                placed[i][positions[i][row][column]].append(word)
                break
        else:
            outside.append(word)
    tables = tuple(_table(grid, words_in) for grid, words_in in zip(grids, placed, strict=True))
    return tables, tuple(outside)


def _positions(grid: Grid) -> list[list[int]]:
    """For each row and column the index of the cell that covers it."""
    positions = [[0] * (len(grid.xs) - 1) for _ in range(len(grid.ys) - 1)]
    for index, cell in enumerate(grid.cells):
        for row in positions[cell.row : cell.row + cell.row_span]:
            row[cell.column : cell.column + cell.column_span] = [index] * cell.column_span
    return positions


def _table(grid: Grid, placed: dict[int, list[Word]]) -> Table:
    cells = []
    for index, cell in enumerate(grid.cells):
        words = placed.get(index, ())
        cells.append(
            Cell(
                cell.box,
                cell.row,
                cell.column,
                cell.row_span,
                cell.column_span,
                tuple(words),
                join(words) if words else "",
            )
        )
    return Table(grid.box, len(grid.ys) - 1, len(grid.xs) - 1, tuple(cells), grid.complete)


def _grid(lattice: Lattice) -> Grid:
    xs, ys = lattice.xs.tolist(), lattice.ys.tolist()
    regions, complete = _rectangles(_regions(lattice))
    cells = tuple(
        GridCell(Box(xs[left], ys[top], xs[right], ys[bottom]), top, left, bottom - top, right - left)
        for top, left, bottom, right in regions
    )
    return Grid(Box(xs[0], ys[0], xs[-1], ys[-1]), tuple(xs), tuple(ys), cells, complete)


def _regions(lattice: Lattice) -> NDArray[np.intp]:
    """For each position the number of its region: positions without an edge between them flow together."""
    rows, columns = len(lattice.ys) - 1, len(lattice.xs) - 1
    parent = list(range(rows * columns))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = i = parent[parent[i]]
        return i

    for row, column in np.argwhere(~lattice.standing[:, 1:-1]).tolist():
        a = root(row * columns + column)
        parent[root(row * columns + column + 1)] = a
    for row, column in np.argwhere(~lattice.lying[1:-1]).tolist():
        a = root(row * columns + column)
        parent[root((row + 1) * columns + column)] = a
    return np.array([root(i) for i in range(rows * columns)], np.intp).reshape(rows, columns)


def _rectangles(regions: NDArray[np.intp]) -> tuple[list[tuple[int, int, int, int]], bool]:
    """Rectangles (top, left, bottom, right) that cover every position once, in reading order; whether each region is one.

    A region that is none is cut into as few rows as it takes: equal runs in neighbouring rows stay together.
    """
    members: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row, line in enumerate(regions.tolist()):
        for column, number in enumerate(line):
            members[number].append((row, column))
    found: list[tuple[int, int, int, int]] = []
    complete = True
    for positions in members.values():
        top, bottom = positions[0][0], positions[-1][0] + 1
        left, right = min(c for _, c in positions), max(c for _, c in positions) + 1
        if len(positions) == (bottom - top) * (right - left):
            found.append((top, left, bottom, right))
        else:
            complete = False
            found += _cut(positions)
    return sorted(found), complete


def _cut(positions: list[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Positions of any shape as rectangles: the runs of each row, joined to an equal run right above."""
    open_runs: dict[tuple[int, int], tuple[int, int]] = {}  # (left, right) -> (top, bottom)
    done: list[tuple[int, int, int, int]] = []
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
