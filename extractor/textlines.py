"""Text lines in the ink of a ruled cell: where each one lies, with the remnants of the rules trimmed away."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor.pieces import bands
from extractor.rulings import Mask, millimetre

_SPECK = 0.025  # of the square of a line's height, the ink below which a mark is too little for a sign; a hyphen has twice as much
SOFT_EDGE = 2  # pixels from the middle of a rule
_FALL, _OUT = 0.06, 0.1
"""Of a line's height: so much lower lies the second half of 、, and so far does it stick out of a rule."""
_WIDE_GAP = 4.0  # line heights


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of whole pixels: left and top inside, right and bottom outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def size(self) -> int:
        return max(0, self.width) * max(0, self.height)

    @staticmethod
    def around(areas: Sequence["Area"]) -> "Area":
        """The smallest one that holds them all; at least one must be given."""
        return Area(
            min(a.left for a in areas),
            min(a.top for a in areas),
            max(a.right for a in areas),
            max(a.bottom for a in areas),
        )

    def common(self, other: "Area") -> "Area":
        """What both cover; of size 0 where they do not meet."""
        return Area(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def meets(self, other: "Area") -> bool:
        """Whether there is anything that both cover."""
        return max(self.left, other.left) < min(self.right, other.right) and max(self.top, other.top) < min(
            self.bottom, other.bottom
        )

    def expanded(self, across: int, down: int) -> "Area":
        return Area(self.left - across, self.top - down, self.right + across, self.bottom + down)

    def shifted(self, across: int, down: int) -> "Area":
        return Area(self.left + across, self.top + down, self.right + across, self.bottom + down)

    def of(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """This part of a picture, as a view."""
        return pixels[self.top : self.bottom, self.left : self.right]


@dataclass(frozen=True, slots=True)
class CellLines:
    """What a cell holds: its `inside` between the rules, and its `lines` from top to bottom, tight around their ink."""

    inside: Area
    lines: tuple[Area, ...]


def lines_in(dark: Mask, cells: Sequence[Area], usual: float | None = None, edge: int = SOFT_EDGE) -> list[CellLines]:
    """The text lines of each cell, which begins `edge` pixels from the middle of its rules at the least.

    The height of a line is learned from all cells together, unless it is given: a thin run of ink beside another one belongs to the
    same characters (the strokes of 二, the dot of an i), a run several times as high as the rest is several lines that touch.
    """
    insides = [_trimmed(dark, cell, edge) for cell in cells]
    runs = [_runs(dark, inside) for inside in insides]
    usual = usual or _usual_height([high - low for found in runs for low, high in found], dark.shape)
    return [
        CellLines(
            inside,
            tuple(
                line for band in _regrouped(dark, inside, found, usual) for line in _tight(dark, inside, *band, usual)
            ),
        )
        for inside, found in zip(insides, runs, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Overprint:
    """A rule behind a line on which a sign is printed, over the line's height; `falling` where that is a stroke as in 、."""

    rule: Area
    falling: bool


def overprinted_rule(dark: Mask, line: Area, inside: Area) -> Overprint | None:
    """The rule to the right of a line where a sign is printed on it; None where it is clean or far away.

    A comma that a full line leaves no room for stands on the rule and sticks out of it on one side or both. What reaches farther than
    a comma is another rule, or a letter of the next cell.
    """
    if line.right < inside.right - 0.8 * line.height:
        return None
    unit = millimetre(dark.shape)
    left, right = inside.right - round(0.8 * unit), min(dark.shape[1], inside.right + round(1.8 * unit))
    near = dark[inside.top : inside.bottom, left:right] > 0
    solid = np.flatnonzero(near.mean(axis=0) > 0.7)
    if not solid.size or solid[-1] - solid[0] >= unit:
        return None
    first, last = int(solid[0]), int(solid[-1])
    rows = near[line.top - inside.top : line.bottom - inside.top]
    before, behind = _sticking(rows[:, :first][:, ::-1]), _sticking(rows[:, last + 1 :])
    out = np.where((before >= 0) & (behind >= 0), before + behind, 0)
    found = [(top, bottom) for top, bottom in bands(out > 0) if out[top:bottom].max() >= 2]
    widest = max(found, key=lambda band: int(out[band[0] : band[1]].sum()), default=(0, 0))
    ink = int(out[widest[0] : widest[1]].sum())
    if ink < 0.1 * unit**2 or not 3 <= widest[1] - widest[0] <= 0.5 * line.height:
        return None
    rule = Area(left + first, line.top, left + last + 1, line.bottom)
    return Overprint(rule, _falls(before, behind, slice(*widest), line.height))


def _falls(before: NDArray[np.intp], behind: NDArray[np.intp], band: slice, height: int) -> bool:
    """Whether what sticks out behind the rule lies lower than what does before it: so does 、, and no hyphen.

    It must stick out far: a rule is a pixel wider here and there, in a soft picture on either side.
    """
    rows = np.arange(len(before))[band]
    parts = before[band], behind[band]
    if not parts[0].any() or parts[1].max() < _OUT * height:
        return False
    high, low = (float(np.average(rows, weights=part)) for part in parts)
    return low - high >= _FALL * height


def _sticking(beside: NDArray[np.bool_]) -> NDArray[np.intp]:
    """How much ink of each row of pixels hangs together with the rule at its left end; -1 where it reaches the right end.

    Two white pixels do not part a comma from its rule.
    """
    if not beside.shape[1]:
        return np.full(len(beside), -1)
    reached = beside.copy()
    reached[:, :2] = True
    for gap in (1, 2):
        reached[:, gap:] |= beside[:, :-gap]
    together = np.cumprod(reached, axis=1).astype(bool)
    return np.where(together[:, -1], -1, np.count_nonzero(together & beside, axis=1))


def _trimmed(dark: Mask, cell: Area, edge: int) -> Area:
    """The cell without its rules: at each side, peel off lines of pixels that are mostly ink, and the paper's edge beside them."""
    reach = max(3, round(0.8 * millimetre(dark.shape)))
    part = cell.of(dark)
    if min(part.shape) <= 2 * reach + 2:
        return Area(cell.left, cell.top, cell.left, cell.top)
    height, width = part.shape
    rows, columns = (
        (_by_row(part[:reach]), _by_row(part[-reach:])[::-1]),
        (_by_column(part[:, :reach]), _by_column(part[:, -reach:])[::-1]),
    )
    top, bottom = (max(edge, _rule_end(ink, width)) for ink in rows)
    left, right = (max(edge, _rule_end(ink, height)) for ink in columns)
    return Area(cell.left + left, cell.top + top, cell.right - right, cell.bottom - bottom)


def _by_row(part: Mask) -> NDArray[np.int32]:
    """How many pixels of each row are ink."""
    return np.asarray(cv2.reduce(part, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S), np.int32).ravel() // 255


def _by_column(part: Mask) -> NDArray[np.int32]:
    """How many pixels of each column are ink."""
    return np.asarray(cv2.reduce(part, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S), np.int32).ravel() // 255


def _rule_end(ink: NDArray[np.int32], length: int) -> int:
    """How many of the outermost lines of pixels, given how much of their length is ink, belong to the rule; one more for its soft edge."""
    inked = (2 * ink > length).nonzero()[0]
    return int(inked[-1]) + 2 if inked.size else 0


def _runs(dark: Mask, area: Area) -> list[tuple[int, int]]:
    """Bands of pixel rows with ink, from `area`'s top."""
    if area.width <= 0 or area.height <= 0:
        return []
    return bands(_by_row(area.of(dark)) >= 2)


def _usual_height(heights: Sequence[int], shape: tuple[int, ...]) -> float:
    """The height of the page's lines: the middle one of the runs that are no dots or strokes; 3 mm where there are none."""
    unit = millimetre(shape)
    plausible = [h for h in heights if 1.2 * unit <= h <= 8 * unit]
    return float(np.median(plausible)) if plausible else 3.0 * unit


def _regrouped(dark: Mask, area: Area, runs: list[tuple[int, int]], usual: float) -> list[tuple[int, int]]:
    """Runs of ink made into lines: thin ones joined to their nearest neighbour, touching ones parted."""
    parts = list(runs)
    while len(parts) > 1:
        # The closest pair of which one is too thin for a line and which together are no more than one.
        pairs = [
            (parts[i + 1][0] - parts[i][1], i)
            for i in range(len(parts) - 1)
            if min(b - a for a, b in parts[i : i + 2]) < 0.6 * usual and parts[i + 1][1] - parts[i][0] <= 1.3 * usual
        ]
        if not pairs:
            break
        _, i = min(pairs)
        parts[i : i + 2] = [(parts[i][0], parts[i + 1][1])]
    parted: list[tuple[int, int]] = []
    for low, high in parts:
        parted.extend(_parted(dark, area, low, high, usual) if high - low > 1.7 * usual else [(low, high)])
    return [(low, high) for low, high in parted if high - low >= max(2.0, 0.12 * usual)]


def _parted(dark: Mask, area: Area, low: int, high: int, usual: float) -> list[tuple[int, int]]:
    """A band of several touching lines, cut where the ink is thinnest near each multiple of the usual height."""
    sums = _by_row(dark[area.top + low : area.top + high, area.left : area.right])
    count = max(2, round((high - low) / (1.25 * usual)))
    pitch = (high - low) / count
    cuts = [0]
    for k in range(1, count):
        near = int(k * pitch)
        start, end = max(cuts[-1] + 1, near - int(0.35 * pitch)), min(high - low - 1, near + int(0.35 * pitch) + 1)
        cuts.append(start + int(sums[start:end].argmin()) if start < end else near)
    cuts.append(high - low)
    return [(low + a, low + b) for a, b in pairwise(cuts) if b - a > 0.3 * usual]


def _tight(dark: Mask, area: Area, low: int, high: int, usual: float) -> list[Area]:
    """The band cut to its ink from left to right, and parted where a gap is far wider than any space between words.

    Specks that stand alone are not ink: a full stop stands beside a letter.
    """
    sums = _by_column(dark[area.top + low : area.top + high, area.left : area.right])
    runs = bands(sums > 0)
    solid = [(start, end) for start, end in runs if sums[start:end].sum() >= _SPECK * usual**2]
    if not solid:
        return []
    near = 0.8 * usual
    kept = [b for b in runs if any(b[0] - near < end and start < b[1] + near for start, end in solid)]
    pieces = [kept[0]]
    for start, end in kept[1:]:
        if start - pieces[-1][1] > _WIDE_GAP * usual:
            pieces.append((start, end))
        else:
            pieces[-1] = (pieces[-1][0], end)
    return [Area(area.left + start, area.top + low, area.left + end, area.top + high) for start, end in pieces]
