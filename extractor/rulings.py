"""Rules in the pixels of a scanned page: where they lie, and by how much the page is skewed."""

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.layout import Direction, Ruling

Grey = NDArray[np.uint8]
"""Height × width, 0 black."""

Mask = NDArray[np.uint8]
"""Height × width, 255 where it holds, else 0."""

_MOST_SKEW = 9.0
_CLEARLY_SHARPER = 1.05
_LEAST_POINTS = 200
_MOST_POINTS = 40_000
_FEW_POINTS = 10_000
"""So many show an angle to half a degree."""
_A4_LONG_SIDE = 297.0
_WORD = 30.0
"""Millimetres below which a run of ink may be strokes of letters that meet: bold ones, or a word's serifs in a soft picture."""
_THIN = 2.0
"""Pixels below which, once thickened to three, no rule is: serifs at slightly different heights meet in one row."""
_NEAR = 5.0
"""Millimetres from a rule's end to a piece that goes on with it, whatever is close to that."""
_DOTS = 1.0
"""Millimetres between the dots of a rule that copying broke up."""
_SERIES, _ALONE = 8.0, 0.25
"""Millimetres of dots that are a rule, and the share of it that has other ink close to it at the most: dots of text have letters there."""
_LETTERING = 0.5
"""The share of a short run that has other ink close to it, above which it is lettering."""


def millimetre(shape: tuple[int, ...]) -> float:
    """Pixels to a millimetre if the picture's long side is that of an A4 page: a measure for tolerances, whatever it states."""
    return max(shape[:2]) / _A4_LONG_SIDE


def ink(grey: Grey) -> Mask:
    """What is darker than its surroundings: text, rules, stamps; shading and shadows drop out, solid areas keep their edges."""
    block = max(15, round(5 * millimetre(grey.shape)) | 1)
    mean = cv2.ADAPTIVE_THRESH_MEAN_C
    return np.asarray(cv2.adaptiveThreshold(grey, 255, mean, cv2.THRESH_BINARY_INV, block, 12), np.uint8)


def find_rulings(dark: Mask, *, dotted: bool = False) -> list[Ruling]:
    """The straight rules in a level page's ink, in pixels; what is shorter than 5 mm is a stroke of a letter.

    With `dotted` also those that a copier broke up into dots.
    """
    thin = _without_blobs(dark)
    turned = np.asarray(cv2.transpose(thin), np.uint8)
    across, maybe_across = _runs(thin, Direction.HORIZONTAL)
    down, maybe_down = _runs(turned, Direction.VERTICAL)
    if dotted:
        across += _dotted(thin, Direction.HORIZONTAL)
        down += _dotted(turned, Direction.VERTICAL)
    unit = millimetre(dark.shape)
    across += [piece for piece in maybe_across if _is_part(piece, across, down, unit)]
    down += [piece for piece in maybe_down if _is_part(piece, down, across, unit)]
    return across + down


def _without_blobs(dark: Mask) -> Mask:
    """Stamps, logos and dark borders taken out: everything thicker than any rule in both directions."""
    side = max(8, round(1.3 * millimetre(dark.shape)))
    core = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    if not core.any():
        return dark
    return np.asarray(cv2.subtract(dark, cv2.dilate(core, np.ones((5, 5), np.uint8))), np.uint8)


def _runs(dark: Mask, direction: Direction) -> tuple[list[Ruling], list[Ruling]]:
    """The rules along the rows of `dark`, and what may be lettering; a bowed or slanted rule comes as several pieces, end to end."""
    unit = millimetre(dark.shape)
    shortest = max(20, round(5 * unit))
    runs = _long_runs(_thickened(dark), shortest)
    found: list[Ruling] = []
    doubtful: list[Ruling] = []
    for first, band in _inked_rows(runs):
        count, labels, stats, centres = cv2.connectedComponentsWithStats(band, connectivity=8)
        for index in range(1, count):
            left, top, width, height, area = (int(v) for v in stats[index])
            if min(height, area / width) > max(8.0, 1.5 * unit):  # a dark patch, no rule
                continue
            if height <= max(7.0, 0.9 * unit):
                suspect = width < _WORD * unit or area < _THIN * width
                lettering = suspect and _is_lettering(dark, left, first + top, width, height, unit)
                position = first + float(centres[index][1]) + 0.5
                (doubtful if lettering else found).append(Ruling(direction, position, float(left), float(left + width)))
            else:
                part = labels[top : top + height, left : left + width] == index
                found.extend(_pieces(part, direction, left, first + top, shortest))
    return found, doubtful


def _dotted(dark: Mask, direction: Direction) -> Iterator[Ruling]:
    """Thin runs of dots along the rows of `dark`, with nothing close to them but more dots of their own."""
    unit = millimetre(dark.shape)
    closed = cv2.morphologyEx(_thickened(dark), cv2.MORPH_CLOSE, np.ones((1, round(_DOTS * unit)), np.uint8))
    runs = _long_runs(np.asarray(closed, np.uint8), round(_SERIES * unit))
    own = max(2, round(0.25 * unit))
    for first, band in _inked_rows(runs):
        count, _, stats, centres = cv2.connectedComponentsWithStats(band, connectivity=8)
        for (left, top, width, height, _), (_, row) in zip(stats[1:count].tolist(), centres[1:].tolist(), strict=True):
            if height > max(6.0, 0.9 * unit):
                continue
            if not _is_lettering(dark, left, first + top - own, width, height + 2 * own, unit, _ALONE):
                yield Ruling(direction, first + row + 0.5, float(left), float(left + width))


def _thickened(dark: Mask) -> Mask:
    """Thicker across: a rule that climbs by a pixel every few millimetres is one rule."""
    return np.asarray(cv2.dilate(dark, np.ones((3, 1), np.uint8)), np.uint8)


def _long_runs(mask: Mask, length: int) -> Mask:
    """What is so long along the rows."""
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)), np.uint8)


def _inked_rows(mask: Mask) -> Iterator[tuple[int, Mask]]:
    """The mask's bands of rows without a blank one, each with its first row: looking for components in these alone is quicker."""
    inked = (mask.max(axis=1) > 0).astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inked, [0]))))
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield first, mask[first:last]


def _is_lettering(
    dark: Mask, left: int, top: int, width: int, height: int, unit: float, most: float = _LETTERING
) -> bool:
    """Whether a short run is a stroke of letters: they have ink close above or below most of it, a rule has paper there."""
    reach = max(3, round(0.8 * unit))
    near = slice(left, left + width)
    above, below = dark[max(0, top - reach) : top, near], dark[top + height : top + height + reach, near]
    return float((above.any(axis=0) | below.any(axis=0)).mean()) > most


def _is_part(piece: Ruling, along: Sequence[Ruling], across: Sequence[Ruling], unit: float) -> bool:
    """Whether what may be lettering is a part of a table: it goes on with a rule, or lies between two that it meets."""
    if any(_goes_on(piece, rule, unit) for rule in along):
        return True
    meeting = [rule.position for rule in across if rule.start - unit <= piece.position <= rule.end + unit]
    return all(any(abs(position - end) <= unit for position in meeting) for end in (piece.start, piece.end))


def _goes_on(piece: Ruling, rule: Ruling, unit: float) -> bool:
    """Whether the piece lies on the same line as the rule, not far from its end."""
    apart = max(rule.start - piece.end, piece.start - rule.end)
    return abs(rule.position - piece.position) <= 0.5 * unit and apart <= _NEAR * unit


def _pieces(part: NDArray[np.bool_], direction: Direction, left: int, top: int, step: int) -> list[Ruling]:
    """A component that is no straight bar, cut along its length into pieces; two rules side by side in a piece stay two."""
    found = []
    for start in range(0, part.shape[1], step):
        piece = part[:, start : start + step]
        inked = piece.sum(axis=1) >= 0.4 * piece.shape[1]
        edges = np.flatnonzero(np.diff(np.concatenate(([0], inked.astype(np.int8), [0]))))
        for low, high in zip(edges[::2], edges[1::2], strict=True):
            along = float(left + start)
            found.append(Ruling(direction, top + float(low + high) / 2, along, along + piece.shape[1]))
    return found


def _points(mask: Any) -> NDArray[np.int32]:
    """The columns and the rows of the pixels in a mask; OpenCV takes a tenth of NumPy's time for them."""
    found = cv2.findNonZero(mask)
    return np.zeros((2, 0), np.int32) if found is None else np.asarray(found, np.int32).reshape(-1, 2).T


def skew(grey: Grey) -> float:
    """The clockwise angle in degrees, within ±9, by which the page's rules or text lines hang; 0.0 where nothing shows it.

    Turning the page anticlockwise by this angle makes them level. The ink is summed along lines at candidate angles, on a
    half-size picture; the sums are sharpest at the right one.
    """
    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) if max(grey.shape) > 1000 else grey
    dark = ink(np.asarray(half, np.uint8))
    run = max(7, max(half.shape) // 100)
    (xs, ys), (v_xs, v_ys) = (
        _points(cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(size, np.uint8))) for size in ((1, run), (run, 1))
    )
    # A vertical rule, after a quarter turn, is a horizontal one that hangs by the same angle.
    height, width = half.shape
    along = np.concatenate((xs - width / 2, v_ys - height / 2))
    across = np.concatenate((ys - height / 2, width / 2 - v_xs))
    if along.size < _LEAST_POINTS:
        return 0.0
    if along.size > _MOST_POINTS:
        chosen = np.linspace(0, along.size - 1, _MOST_POINTS).astype(np.intp)
        along, across = along[chosen], across[chosen]
    size = max(height, width)

    def sharpness(angle: float, every: int = 1) -> float:
        lines = across[::every] - along[::every] * math.tan(math.radians(angle)) + size
        sums = np.bincount(np.clip(lines, 0, 2 * size - 1).astype(np.intp), minlength=2 * size)
        return float(np.square(sums, dtype=np.float64).sum())

    best, few = 0.0, max(1, along.size // _FEW_POINTS)
    for step, reach, every in ((0.5, _MOST_SKEW, few), (0.1, 0.4, 1), (0.02, 0.08, 1)):
        steps = round(reach / step)
        best = max((best + step * k for k in range(-steps, steps + 1)), key=partial(sharpness, every=every))
    return best if sharpness(best) > _CLEARLY_SHARPER * sharpness(0.0) else 0.0
