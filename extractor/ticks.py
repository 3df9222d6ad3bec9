"""Boxes and circles to be ticked, read from their shape: recognition passes over them, the more so the more worn a page is."""

import re
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor.crops import Line
from extractor.ocr import Reading
from extractor.rulings import Mask
from extractor.values import CHOSEN, OPEN

_SIGNS = frozenset(CHOSEN + OPEN)
_OPTION = re.compile(rf"[{CHOSEN}{OPEN}]\s*[一-鿿]{{2}}")
_LEAST, _MOST = 0.5, 1.1
"""Of a line's height: the sides of what is a box."""
_HOLLOW = 0.58  # of a line's height: the sides of the paper in an empty box or ring; what a tick leaves of it on one side is half that
_SQUARE = 1.25  # the longer side by the shorter one, at most
_CLEAR = 0.72  # of the square around it, what the paper in an empty box or ring takes; in a ring that is three quarters
_ROUND = 0.87  # of the same square, what a ring's inside covers at most
_CONVEX = 0.92  # of its convex hull, the paper in an empty box or ring; a tick reaches into it
_THICK = 0.36  # of a line's height: no stroke is so thick, a disc is
_BLACK = 0.75  # of the way from the line's paper to its ink, so far at least goes a disc
_INSIDE = 0.24  # of a line's height: as far from its middle a shape's inside is looked at
_PALE, _WRITTEN = 0.3, 0.4
"""Of the same way, so far goes the darkest spot of what is empty at most, and the stroke of a pen at least."""
_FRAMED = 0.8  # of each side of a box, that is ink
_HELD = 0.12  # of a box, the paper that a tick leaves in it at least
_NEAR = 0.5  # of a line's height: so near to a shape's middle stands the sign that it was read as
_BY_SHAPE = 0.95  # a reading with signs that are known by their shape only is no surer
_CONTRADICTED = 0.5
"""By this a reading's certainty falls in which what is empty is ticked, or what is ticked empty."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A box or circle in a line's ink: its middle, in pixels from the left of the ink, and the sign that it is."""

    middle: float
    sign: str


def has_signs(text: str) -> bool:
    """Whether there is a box or circle in it."""
    return not _SIGNS.isdisjoint(text)


def marked(line: Line, reading: Reading) -> Reading:
    """The reading with the boxes and circles that recognition passed over; where there are choices, which are two at least.

    One that it took for a ticked one though it is empty, or the other way round, stays, and the reading is not to be relied on.
    """
    if not reading.positions or not line.ink.size:
        return reading
    width, height = line.pixels.shape[1], line.ink.shape[0]
    margin = (width - line.ink.shape[1]) / 2
    signs = list(zip(reading.text, reading.positions, strict=True))
    added: list[tuple[str, float]] = []
    contradicted = False
    for shape in _seen(line, shapes(line.ink)):
        place = (shape.middle + margin) / width
        known = (*signs, *added)
        near = [sign for sign, at in known if abs(at - place) * width < _NEAR * height and not sign.isspace()]
        read = next((sign for sign in near if sign in _SIGNS), None)
        if read is not None:
            contradicted |= (read in CHOSEN) != (shape.sign in CHOSEN)
        elif not near:
            added.append((shape.sign, place))
    if not (added or contradicted):
        return reading
    signs = sorted((*signs, *added), key=lambda sign: sign[1])
    text = "".join(sign for sign, _ in signs)
    if len(_OPTION.findall(text)) < 2:
        return reading
    sure = _CONTRADICTED * reading.confidence if contradicted else min(_BY_SHAPE, reading.confidence)
    return replace(reading, text=text, positions=tuple(at for _, at in signs), confidence=sure)


def shapes(ink: Mask) -> list[Shape]:
    """The boxes and circles in a line's ink, from left to right: discs, rings, empty boxes and boxes with something in them.

    Letters have such shapes too (口, 回).
    """
    height = ink.shape[0]
    low, high = _LEAST * height, _MOST * height
    framed = cv2.copyMakeBorder(ink, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (max(3, round(_THICK * height)),) * 2)
    count, _, stats, centres = cv2.connectedComponentsWithStats(cv2.erode(framed, kernel))
    found = [Shape(float(centres[i][0]) - 1, "●") for i in range(1, count) if stats[i][cv2.CC_STAT_WIDTH] < high]
    contours, tree = cv2.findContours(framed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    empty, held = [], []
    for contour, links in zip(contours, tree[0] if contours else (), strict=True):
        x, y, w, h = cv2.boundingRect(contour)
        if not (low <= min(w, h) and max(w, h) <= min(high, _SQUARE * min(w, h))):
            continue
        is_hole, has_holes = links[3] >= 0, links[2] >= 0
        if is_hole and min(w, h) >= _HOLLOW * height and _is_empty(framed[y : y + h, x : x + w], contour):
            sign = "○" if cv2.contourArea(contour) < _ROUND * (w - 1) * (h - 1) else "□"
            empty.append(Shape(x - 1 + w / 2, sign))
        elif has_holes and _holds(framed[y : y + h, x : x + w]):
            held.append(Shape(x - 1 + w / 2, "☑"))
    held = [box for box in held if all(abs(box.middle - other.middle) > _NEAR * height for other in empty)]
    return sorted((*found, *empty, *held), key=lambda shape: shape.middle)


def _is_empty(inside: Mask, contour: NDArray[np.int32]) -> bool:
    """Whether this is all the paper of a box or ring, with nothing that reaches into it or stands in it."""
    height, width = inside.shape
    paper = inside.size - cv2.countNonZero(inside)
    convex = cv2.contourArea(contour) >= _CONVEX * cv2.contourArea(cv2.convexHull(contour))
    return convex and paper >= _CLEAR * (width - 2) * (height - 2)


def _holds(inside: Mask) -> bool:
    """Whether this is a box with something in it: four straight sides, and paper between them."""
    band = max(2, round(0.15 * inside.shape[0]))
    sides = (
        inside[:band].max(axis=0),
        inside[-band:].max(axis=0),
        inside[:, :band].max(axis=1),
        inside[:, -band:].max(axis=1),
    )
    paper = 1 - cv2.countNonZero(inside) / inside.size
    return paper >= _HELD and min(np.count_nonzero(side) / side.size for side in sides) >= _FRAMED


def _seen(line: Line, found: list[Shape]) -> list[Shape]:
    """The shapes as their inside shows them: a disc is dark, a box with a pale tick in it is no empty one.

    Letters that ran into a blot are no discs; a disc larger than the ink's surroundings has no ink in its middle.
    """
    if not found:
        return []
    grey = cv2.cvtColor(line.pixels, cv2.COLOR_RGB2GRAY)
    black, paper = np.percentile(grey, (1, 90))
    middle, reach = grey.shape[0] // 2, max(1, round(_INSIDE * line.ink.shape[0]))
    margin = (grey.shape[1] - line.ink.shape[1]) / 2

    def sign(shape: Shape) -> str:
        at = round(shape.middle + margin)
        inside = grey[middle - reach : middle + reach + 1, max(0, at - reach) : at + reach + 1]
        if not inside.size:
            return ""
        most, half = (float(paper - np.percentile(inside, share)) / max(1.0, paper - black) for share in (4, 50))
        if shape.sign == "☑" or half >= _BLACK:
            return "☑" if shape.sign == "☑" else "●"
        if shape.sign in OPEN and most <= _PALE:
            return shape.sign
        return "☑" if shape.sign in OPEN and most >= _WRITTEN and not line.sealed else ""

    return [Shape(shape.middle, seen) for shape in found if (seen := sign(shape))]
