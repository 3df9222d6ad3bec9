"""Pieces of straight rules as numbers: snapping them to common positions and joining the collinear ones."""

from collections.abc import Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from extractor.columns import instances
from models.layout import Direction, Ruling

#: Rows of (position, start, end): the pieces of one direction, in points.
Pieces = NDArray[np.float64]


def pieces_of(rulings: Sequence[Ruling], direction: Direction) -> Pieces:
    """The rulings of one direction as rows of (position, start, end)."""
    rows = [(r.position, r.start, r.end) for r in rulings if r.direction is direction]
    return np.array(rows, np.float64).reshape(-1, 3)


def rulings_of(pieces: Pieces, direction: Direction) -> list[Ruling]:
    """The pieces as rulings."""
    return instances(Ruling, len(pieces), repeat(direction), *pieces.T.tolist())


def clusters(positions: NDArray[np.float64], within: float) -> NDArray[np.intp]:
    """For each position the number, counted upwards, of its cluster: neighbours at most `within` apart share one."""
    order = np.argsort(positions, kind="stable")
    upwards = positions[order]
    numbers = np.zeros(len(positions), np.intp)
    numbers[order[1:]] = np.cumsum(upwards[1:] - upwards[:-1] > within)
    return numbers


def bands(inked: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where each run of what holds begins and ends."""
    bordered = np.zeros(len(inked) + 2, bool)
    bordered[1:-1] = inked
    edges = (bordered[1:] != bordered[:-1]).nonzero()[0].tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def starts(broken: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Where the runs of a row of things begin that is broken between some neighbours."""
    begins = np.ones(len(broken) + 1, np.bool_)
    begins[1:] = broken
    return begins.nonzero()[0]


def ends(first: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Where those runs end, past their last: `first` are their beginnings in a row of `count` things."""
    return np.concatenate((first[1:], (count,)))


def join(pieces: Pieces, snap: float, bridge: float) -> Pieces:
    """The pieces with those joined that lie within `snap` of one line and overlap or leave a gap of at most `bridge`.

    A joined rule lies at the mean position of its pieces, weighted by their lengths.
    """
    if len(pieces) < 2:
        return pieces
    group = clusters(pieces[:, 0], snap)
    order = np.lexsort((pieces[:, 1], group))
    position, start, end = pieces[order].T
    # Each group is moved to a range of its own, so that one running maximum serves them all.
    shift = group[order] * (max(start.max(), end.max()) - min(start.min(), end.min()) + 2 * bridge + 1)
    reach = np.maximum.accumulate(end + shift)
    first = starts(start[1:] + shift[1:] > reach[:-1] + bridge)
    weight = end - start + 1e-6
    middle = np.add.reduceat(position * weight, first) / np.add.reduceat(weight, first)
    return np.stack((middle.round(4), start[first], np.maximum.reduceat(end, first)), axis=1)
