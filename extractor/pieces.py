"""Pieces of straight rules as numbers: snapping them to common positions and joining the collinear ones."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.layout import Direction, Ruling

#: Rows of (position, start, end): the pieces of one direction, in points.
Pieces = NDArray[np.float64]


def pieces_of(rulings: Sequence[Ruling], direction: Direction) -> Pieces:
    """The rulings of one direction as rows of (position, start, end)."""
    rows = [(r.position, r.start, r.end) for r in rulings if r.direction is direction]
    return np.array(rows, np.float64).reshape(-1, 3)


def rulings_of(pieces: Pieces, direction: Direction) -> list[Ruling]:
    """The pieces as rulings."""
    return [Ruling(direction, position, start, end) for position, start, end in pieces.tolist()]


def clusters(positions: NDArray[np.float64], within: float) -> NDArray[np.intp]:
    """For each position the number, counted upwards, of its cluster: neighbours at most `within` apart share one."""
    order = np.argsort(positions, kind="stable")
    numbers = np.empty(len(positions), np.intp)
    numbers[order] = np.concatenate(([0], np.cumsum(np.diff(positions[order]) > within)))[: len(positions)]
    return numbers


def join(pieces: Pieces, snap: float, bridge: float) -> Pieces:
    """The pieces with those joined that lie within `snap` of one line and overlap or leave a gap of at most `bridge`.

    A joined rule lies at the mean position of its pieces, weighted by their lengths.
    """
    if len(pieces) < 2:
        return pieces
    group = clusters(pieces[:, 0], snap)
    pieces = pieces[np.lexsort((pieces[:, 1], group))]
    # Each group is moved to a range of its own, so that one running maximum serves them all.
    shift = np.sort(group) * (np.ptp(pieces[:, 1:]) + 2 * bridge + 1)
    reach = np.maximum.accumulate(pieces[:, 2] + shift)
    first = np.concatenate(([0], 1 + np.flatnonzero(pieces[1:, 1] + shift[1:] > reach[:-1] + bridge)))
    weight = pieces[:, 2] - pieces[:, 1] + 1e-6
    position = np.add.reduceat(pieces[:, 0] * weight, first) / np.add.reduceat(weight, first)
    return np.column_stack((np.round(position, 4), pieces[first, 1], np.maximum.reduceat(pieces[:, 2], first)))
