"""Rules that meet, as lattices: the lines of a table and which edges between them are inked."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractor.pieces import Pieces, bands, clusters, join

#: Rules whose positions differ by no more are one line; a gap of no more than this does not end a rule.
SNAP = 2.0
#: Rules that end this near to another one meet it.
REACH = 3.0
#: Two lines closer than this hold no text between them: a double rule is one line.
DOUBLE = 3.6
#: Rules of one direction looked at on a page: a map has more, a table never.
MOST_RULES = 2000
#: An edge is there if this share of it is inked.
INKED = 0.5
#: A column at the side of a table, or a row at its top or bottom, that no rule closes is at least this wide.
LEAST_BAND = 8.0

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lattice:
    """Lines at `xs` and `ys`, in points, and the inked edges between them.

    `standing[r, i]` is the edge on line `xs[i]` beside row `r`; `lying[i, c]` the edge on line `ys[i]` along column `c`.
    """

    xs: NDArray[np.float64]
    ys: NDArray[np.float64]
    standing: Mask
    lying: Mask


def lattices_of(horizontal: Pieces, vertical: Pieces) -> Iterator[Lattice]:
    """One lattice for each group of rules that meet; a rule that meets fewer than two others makes no line of any.

    Once the lines are known, whatever lies on them counts as ink: a broken rule may leave pieces that meet nothing.
    """
    lying, standing = _longest(join(horizontal, SNAP, SNAP)), _longest(join(vertical, SNAP, SNAP))
    meets = _meets(lying, standing)
    if len(sides := _missing_ends(lying, standing, meets)):
        standing = np.concatenate((standing, sides))
        meets = _meets(lying, standing)
    if len(ends := _missing_ends(standing, lying, meets.T)):
        lying = np.concatenate((lying, ends))
        meets = _meets(lying, standing)
    kept_lying, kept_standing, meets = _meeting(lying, standing, meets)
    for rows, columns in _groups(meets):
        xs, ys = _lines(kept_standing[columns]), _lines(kept_lying[rows])
        yield from _parts(Lattice(xs, ys, _inked(standing, xs, ys).T, _inked(lying, ys, xs)))


def _longest(pieces: Pieces) -> Pieces:
    """All pieces, or the longest where a drawing has more than any table."""
    if len(pieces) <= MOST_RULES:
        return pieces
    return pieces[np.argsort(pieces[:, 1] - pieces[:, 2], kind="stable")[:MOST_RULES]]


def _meets(lying: Pieces, standing: Pieces) -> Mask:
    """Which lying rule (row) meets which standing one (column)."""
    y, x0, x1 = (lying[:, i, None] for i in range(3))
    x, top, bottom = (standing[None, :, i] for i in range(3))
    return (x >= x0 - REACH) & (x <= x1 + REACH) & (y >= top - REACH) & (y <= bottom + REACH)


def _meeting(lying: Pieces, standing: Pieces, meets: Mask) -> tuple[Pieces, Pieces, Mask]:
    """The rules that meet at least two others, once those that do not are gone."""
    while True:
        rows, columns = meets.sum(axis=1) >= 2, meets.sum(axis=0) >= 2
        if rows.all() and columns.all():
            return lying, standing, meets
        lying, standing, meets = lying[rows], standing[columns], meets[rows][:, columns]


def _missing_ends(along: Pieces, across: Pieces, meets: Mask) -> Pieces:
    """What closes tables drawn without: where three or more rules along end together beyond all that cross them.

    These are the sides of a table that has none, and the top of one whose first row goes on from the page before. The rules must
    start at one place, end at one place and have rules across from each to the next, none at that end.
    """
    lone = [np.all(np.abs(along[:, end, None] - across[None, :, 0]) > LEAST_BAND, axis=1) for end in (1, 2)]
    if max(np.count_nonzero(mask) for mask in lone) < 3:
        return np.empty((0, 3))
    found: list[tuple[float, float, float]] = []
    starts, stops = clusters(along[:, 1], SNAP), clusters(along[:, 2], SNAP)
    pairs = Counter(zip(starts.tolist(), stops.tolist(), strict=True))
    for (at_start, at_stop), count in sorted(pairs.items()):
        if count < 3:
            continue
        same = (starts == at_start) & (stops == at_stop)
        start, stop = float(along[same, 1].mean()), float(along[same, 2].mean())
        bare = [end for end in (start, stop) if not np.any(np.abs(across[:, 0] - end) <= LEAST_BAND)]
        if not bare:
            continue
        inside = (across[:, 0] > start + LEAST_BAND) & (across[:, 0] < stop - LEAST_BAND)
        inner = np.flatnonzero(inside & (meets[same].sum(axis=0) >= 3))
        if not len(inner):
            continue
        lines = np.sort(along[same & meets[:, inner].any(axis=1), 0])
        low, high = across[inner, 1, None], across[inner, 2, None]
        linked = np.any((low <= lines[:-1] + REACH) & (high >= lines[1:] - REACH), axis=0)
        for first, last in bands(linked):
            if last - first >= 2:
                found += [(end, float(lines[first]), float(lines[last])) for end in bare]
    return np.array(found).reshape(-1, 3)


def _groups(meets: Mask) -> Iterator[tuple[list[int], list[int]]]:
    """Rows and columns that hang together."""
    free = set(range(len(meets)))
    while free:
        rows, columns, new = set(), set(), {free.pop()}
        while new:
            rows |= new
            columns |= set(np.flatnonzero(meets[list(new)].any(axis=0)).tolist())
            new = set(np.flatnonzero(meets[:, list(columns)].any(axis=1)).tolist()) - rows
        free -= rows
        yield sorted(rows), sorted(columns)


def _lines(pieces: Pieces) -> NDArray[np.float64]:
    """Where the lines are: the means of their pieces, weighted by length."""
    at = clusters(pieces[:, 0], DOUBLE)
    weight = pieces[:, 2] - pieces[:, 1]
    return np.round(np.bincount(at, pieces[:, 0] * weight) / np.bincount(at, weight), 4)


def _inked(pieces: Pieces, lines: NDArray[np.float64], stops: NDArray[np.float64]) -> Mask:
    """For each line, and each interval between stops along it, whether enough of it is inked by the pieces on it."""
    on = np.abs(pieces[:, 0, None] - lines[None, :]) <= DOUBLE
    start = np.maximum(pieces[:, 1, None], stops[None, :-1])
    end = np.minimum(pieces[:, 2, None], stops[None, 1:])
    ink = on.T.astype(np.float64) @ np.maximum(end - start, 0.0)
    inked: Mask = ink >= INKED * np.diff(stops)
    return inked


def _parts(lattice: Lattice) -> Iterator[Lattice]:
    """The lattice without lines that rule nothing, taken apart at bands that are open to the outside all along."""
    lattice = _without_idle_lines(lattice)
    rows, columns = len(lattice.ys) - 1, len(lattice.xs) - 1
    if rows < 1 or columns < 1:
        return
    outside = _outside(lattice)
    for axis in (1, 0):
        open_bands: Mask = np.all(outside, axis=axis)
        if open_bands.any():
            for first, last in bands(~open_bands):
                yield from _parts(_slice(lattice, first, last, axis))
            return
    yield lattice


def _slice(lattice: Lattice, first: int, last: int, axis: int) -> Lattice:
    """Rows (axis 1) or columns (axis 0) from `first` to before `last`."""
    if axis:
        return Lattice(
            lattice.xs, lattice.ys[first : last + 1], lattice.standing[first:last], lattice.lying[first : last + 1]
        )
    return Lattice(
        lattice.xs[first : last + 1],
        lattice.ys,
        lattice.standing[:, first : last + 1],
        lattice.lying[:, first:last],
    )


def _without_idle_lines(lattice: Lattice) -> Lattice:
    """Lines on which no edge is inked go; their neighbours' bands become one."""
    across, down = lattice.standing.any(axis=0), lattice.lying.any(axis=1)
    if across.all() and down.all():
        return lattice
    # A band made of two is inked along where both were: an edge that covers half of the whole is judged on the larger part.
    xs, ys = lattice.xs[across], lattice.ys[down]
    return Lattice(
        xs,
        ys,
        _rebinned(lattice.standing.T, lattice.ys, ys).T[:, across],
        _rebinned(lattice.lying, lattice.xs, xs)[down],
    )


def _rebinned(inked: Mask, stops: NDArray[np.float64], kept: NDArray[np.float64]) -> Mask:
    """Edges between the kept stops, judged by the length of the old edges that they are made of."""
    if len(kept) < 2:
        return np.zeros((len(inked), 0), np.bool_)
    lengths = inked * np.diff(stops)
    sums = np.concatenate((np.zeros((len(inked), 1)), np.cumsum(lengths, axis=1)), axis=1)
    at = np.searchsorted(stops, kept)
    return np.diff(sums[:, at], axis=1) >= INKED * np.diff(kept)


def _outside(lattice: Lattice) -> Mask:
    """The positions that one can reach from outside the lattice without crossing an inked edge."""
    standing, lying = lattice.standing, lattice.lying
    reached = np.zeros((len(lattice.ys) - 1, len(lattice.xs) - 1), np.bool_)
    reached[:, 0] |= ~standing[:, 0]
    reached[:, -1] |= ~standing[:, -1]
    reached[0] |= ~lying[0]
    reached[-1] |= ~lying[-1]
    while True:
        before = np.count_nonzero(reached)
        reached[:, 1:] |= reached[:, :-1] & ~standing[:, 1:-1]
        reached[:, :-1] |= reached[:, 1:] & ~standing[:, 1:-1]
        reached[1:] |= reached[:-1] & ~lying[1:-1]
        reached[:-1] |= reached[1:] & ~lying[1:-1]
        if np.count_nonzero(reached) == before:
            return reached
