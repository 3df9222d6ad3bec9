"""Pages that do not lie flat: how far their rules are off straight lines, by rule and place, and the page without that.

A leaf of a bound annex rises towards the spine, a sheet curls: rules bend, and no straight line follows them from end to end.
Rules that should be straight show by how much, between them it changes little by little.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor.broken_rules import joined
from extractor.ocr import Image
from extractor.pieces import bands
from extractor.rulings import Mask, millimetre
from models.layout import Bend, Direction, Ruling

_SHORT, _BROKEN = 8.0, 0.2
"""Millimetres of a piece of a bent rule, and the share of all rules' length that is in such pieces on a page that may be bent."""
_LEAST = 0.5  # of the page's long side, the length of all its rules in each direction: a desk's grain runs in one
_LONG = 0.3  # of the page's length; shorter rules show little, and shorter lines of strips may be strokes of text
_FEW, _ENOUGH = 3, 60  # rules that show how a page lies; on ruled paper there are many more, and they show no more
_WORTH = 0.2  # millimetres, by which these are off the straight line; a page that bends less is read as it is
_STRIP = 2.0  # millimetres along a rule that are looked at as one
_INKED = 0.5  # of a strip's width, which a rule inks; a letter's stroke does so by chance
_BUSY = 0.25  # of it, from which on there is something; an upright rule inks less
_CLEAR, _THICK = 1.0, 0.9  # millimetres of paper beside a rule, in which no more than its own thickness is inked
_STEP, _TURN, _LOST = 1.5, 0.06, 4
"""Pixels and share of the way by which a rule may leave its line from one strip to the next, and strips in which it may be missed."""
_EDGE = 4.0  # millimetres from the picture's edge: what is followed there is the sheet's own, or the desk's
_SEEN = 0.5  # of its strips, in which a rule shows: where text is close to it, it does not
_NODES = (25, 5)  # along the rules and across them; between two the bend is taken to be straight
_STIFF, _STIFFER = 3.0, 0.3
"""How much a bend of a pixel from node to node along the rules, and a change across them, weigh against a strip that is a pixel off."""
_SURE = 1.5  # pixels; what is further off the others counts less
_ROUNDS = 4
_CLOSE = 0.3  # millimetres that the rules may be off what was found, in the middle

Shifts = NDArray[np.float64]
"""Nodes down × across: by how many pixels a flat page is seen moved there."""


def bend_of(dark: Mask, rules: Sequence[Ruling]) -> Bend | None:
    """How the rules in a level page's ink bend, in pixels, which were found as these pieces; None where they are straight or few."""
    none = np.zeros((2, 2))
    if any(sum(r.length for r in rules if r.direction is way) < _LEAST * max(dark.shape) for way in Direction):
        return None
    down = _shifts(dark) if _are_bent(rules, Direction.HORIZONTAL, dark.shape) else none
    across = _shifts(np.ascontiguousarray(dark.T)).T if _are_bent(rules, Direction.VERTICAL, dark.shape) else none
    return Bend(_tuples(across), _tuples(down)) if across.any() or down.any() else None


def _tuples(shifts: Shifts) -> tuple[tuple[float, ...], ...]:
    return tuple(map(tuple, shifts.tolist()))


def _are_bent(rules: Sequence[Ruling], direction: Direction, shape: tuple[int, ...]) -> bool:
    """Whether long rules are off the straight line: a bent one was found as many short pieces."""
    unit = millimetre(shape)
    pieces = [rule for rule in rules if rule.direction is direction]
    short = sum(rule.length for rule in pieces if rule.length <= _SHORT * unit)
    if short < _BROKEN * sum(rule.length for rule in pieces):
        return False
    length = shape[1] if direction is Direction.HORIZONTAL else shape[0]
    long = [rule for rule in joined(pieces, direction, unit) if rule.end - rule.start >= _LONG * length]
    return sum(_off_line(rule.pieces) >= _WORTH * unit for rule in long) >= _FEW


def _off_line(pieces: Sequence[Ruling]) -> float:
    """By how many pixels the pieces of a rule lie off the straight line through them, from one side to the other."""
    middles = np.array([((piece.start + piece.end) / 2, piece.position) for piece in pieces])
    if len(middles) < 3:
        return 0.0
    along, off = middles[:, 0], middles[:, 1]
    slope, start = np.polyfit(along, off, 1, w=np.sqrt([piece.length for piece in pieces]))
    return float(np.ptp(off - slope * along - start))


def flattened(image: Image, bend: Bend) -> Image:
    """The page as it would lie flat."""
    height, width = image.shape[:2]
    x = np.arange(width, dtype=np.float32)[None, :] + _everywhere(np.array(bend.across), height, width)
    y = np.arange(height, dtype=np.float32)[:, None] + _everywhere(np.array(bend.down), height, width)
    return np.asarray(cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _everywhere(shifts: Shifts, height: int, width: int) -> NDArray[np.float32]:
    """The shift of every pixel, straight from node to node."""
    down, across = (_weights(size, nodes) for size, nodes in zip((height, width), shifts.shape, strict=True))
    return (down @ shifts.astype(np.float32) @ across.T).astype(np.float32)


def _weights(size: int, nodes: int) -> NDArray[np.float32]:
    """Of so many pixels × nodes: how much each node counts at each pixel."""
    return _at(np.linspace(0, 1, size), nodes).astype(np.float32)


def _at(places: NDArray[np.float64], nodes: int) -> NDArray[np.float64]:
    """How much each node counts at places from 0 to 1 along a line of nodes."""
    return np.maximum(0.0, 1.0 - np.abs(places[:, None] * (nodes - 1) - np.arange(nodes)))


def _shifts(dark: Mask) -> Shifts:
    """How far down the rules along the rows of `dark` are seen from where they would lie flat; nought where that is not certain."""
    unit = millimetre(dark.shape)
    step = max(4, round(_STRIP * unit))
    height, count = dark.shape[0], dark.shape[1] // step
    strips = np.asarray(cv2.resize(dark[:, : count * step], (count, height), interpolation=cv2.INTER_AREA), np.uint8)
    edge = round(_EDGE * unit)
    strips[:edge], strips[-edge:] = 0, 0
    rules = _followed(_ruled(strips, unit), step)
    none = np.zeros((2, 2))
    if len(rules) < _FEW:
        return none
    shifts, off = _fitted(rules[:: math.ceil(len(rules) / _ENOUGH)], dark.shape)
    return shifts if off <= _CLOSE * unit else none


def _ruled(strips: Mask, unit: float) -> Mask:
    """Where strips are inked as by a rule: most of their width, thin, and with paper on both sides."""
    busy = (strips >= _BUSY * 255).astype(np.uint8)
    around = cv2.boxFilter(busy, cv2.CV_16S, (1, 2 * round(_CLEAR * unit) + 1), normalize=False)
    return np.where((strips >= _INKED * 255) & (around <= _THICK * unit), 255, 0).astype(np.uint8)


@dataclass(slots=True)
class _Trace:
    """A rule as far as it has been followed: the middles of its strips, and how steeply it goes on."""

    x: list[float]
    y: list[float]
    column: int
    slope: float = 0.0


def _followed(ruled: Mask, step: int) -> list[_Trace]:
    """The long rules, from strip to strip."""
    under_way: list[_Trace] = []
    done: list[_Trace] = []
    for column in range(ruled.shape[1]):
        middles = [(top + bottom) / 2 for top, bottom in bands(ruled[:, column] > 0)]
        done += [trace for trace in under_way if column - trace.column > _LOST]
        under_way = [trace for trace in under_way if column - trace.column <= _LOST]
        expected = np.array([trace.y[-1] + trace.slope * step * (column - trace.column) for trace in under_way])
        taken: set[int] = set()
        for y in middles:
            near = int(np.argmin(np.abs(expected - y))) if len(expected) else None
            x = (column + 0.5) * step
            if near is not None and near not in taken:
                trace = under_way[near]
                way = step * (column - trace.column)
                if abs(expected[near] - y) <= _STEP + _TURN * way:
                    taken.add(near)
                    trace.slope += 0.3 * ((y - trace.y[-1]) / way - trace.slope)
                    trace.x.append(x)
                    trace.y.append(y)
                    trace.column = column
                    continue
            under_way.append(_Trace([x], [y], column))
    least = _LONG * ruled.shape[1]
    spans = ((trace, (trace.x[-1] - trace.x[0]) / step + 1) for trace in (*done, *under_way))
    return [trace for trace, span in spans if span >= least and len(trace.x) >= _SEEN * span]


def _fitted(rules: Sequence[_Trace], shape: tuple[int, ...]) -> tuple[Shifts, float]:
    """The shifts that make these rules straight, and how many pixels they are off that in the middle.

    Unknown are the shifts at the nodes and where each rule lies. Rows of nodes have no shift of their own: that would be another place.
    """
    along, across = _NODES
    x = np.concatenate([rule.x for rule in rules]) / shape[1]
    y = np.concatenate([rule.y for rule in rules])
    which = np.repeat(np.arange(len(rules)), [len(rule.x) for rule in rules])
    places = np.array([np.mean(rule.y) for rule in rules])
    nodes = (_at((places / shape[0])[which], across)[:, :, None] * _at(x, along)[:, None, :]).reshape(len(x), -1)
    own = (which[:, None] == np.arange(len(rules))).astype(np.float64)
    stiff = _stiffness(along, across, len(rules))
    weight = np.ones(len(x))
    terms = np.concatenate((nodes, own), axis=1)
    for _ in range(_ROUNDS):
        matrix = np.concatenate((terms * weight[:, None], stiff))
        found = np.linalg.lstsq(matrix, np.concatenate((y * weight, np.zeros(len(stiff)))), rcond=None)[0]
        off = np.abs(terms @ found - y)
        weight = np.sqrt(np.minimum(1.0, _SURE / np.maximum(off, 1e-6)))
    return found[: along * across].reshape(across, along), float(np.median(off))


def _stiffness(along: int, across: int, rules: int) -> NDArray[np.float64]:
    """What holds the nodes together: no sharp bend along, little change across, and a mean of nought along each row."""
    line, column = np.diff(np.eye(along), n=2, axis=0), np.diff(np.eye(across), axis=0)
    rows = [
        _STIFF * np.kron(np.eye(across), line),
        _STIFFER * np.kron(column, np.eye(along)),
        1_000.0 * np.kron(np.eye(across), np.ones((1, along)) / along),
    ]
    nodes = np.concatenate(rows)
    return np.concatenate((nodes, np.zeros((len(nodes), rules))), axis=1)
