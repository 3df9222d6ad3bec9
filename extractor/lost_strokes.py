"""The 一 that a copier lost: one thin stroke, of which some dots are left at most, told by its place between its neighbours."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from extractor.crops import Line
from extractor.ocr import Reading

_COUNTED = frozenset("法篇部章条节款项类种级批版")
"""What 第一 is said of. 第 alone stands before none of them."""
_REMAINS = frozenset("-、·.,_—:")
"""What the dots that are left of it are read as."""
_ROOM = 1.5
"""Of a letter's height, between the middles of two letters with room for one more."""
_HALF = (0.55, 0.5)
"""Of a letter's height, from the middle of a letter to where the next one's place begins and ends."""
_MIDDLE = (0.3, 0.75)
"""Of a letter's height, between which the stroke of 一 lies. 二 and 三 have strokes above and below."""
_SURE = 0.6


def restored(line: Line, reading: Reading) -> Reading:
    """The reading with each 一 that its neighbours demand, and of which no ink but its own is left; unsure then.

    Only between 第 and what it counts, and before 般: there no other word is possible.
    """
    if not reading.positions:
        return reading
    text, positions = list(reading.text), list(reading.positions)
    for left, right in reversed(list(_gaps(reading.text))):
        if _holds_one_stroke(line, reading.positions[left], reading.positions[right]):
            text[left + 1 : right] = "一"
            positions[left + 1 : right] = [(reading.positions[left] + reading.positions[right]) / 2]
    if text == list(reading.text):
        return reading
    sure = min(reading.confidence, _SURE)
    return replace(reading, text="".join(text), positions=tuple(positions), confidence=sure, other=reading.text)


def _gaps(text: str) -> Iterator[tuple[int, int]]:
    """The indices of two letters between which a 一 is missing, or was read as something else."""
    solid = [i for i, sign in enumerate(text) if sign not in _REMAINS and not sign.isspace()]
    for left, right in pairwise(solid):
        if (text[left] == "第" and text[right] in _COUNTED) or (text[right] == "般" and text[left] != "一"):
            yield left, right


def _holds_one_stroke(line: Line, left: float, right: float) -> bool:
    """Whether the place between two letters is as wide as a letter, and has ink at half height only."""
    margin = (line.pixels.shape[1] - line.ink.shape[1]) / 2
    begin, end = (position * line.pixels.shape[1] - margin for position in (left, right))
    top, height = _extent(line, end)
    if height <= 0 or end - begin < _ROOM * height:
        return False
    between = line.ink[:, max(0, round(begin + _HALF[0] * height)) : max(0, round(end - _HALF[1] * height))]
    rows: NDArray[np.intp] = np.flatnonzero(between.any(axis=1))
    low, high = (top + share * height for share in _MIDDLE)
    return bool(rows.size) and bool(low <= rows[0] and rows[-1] <= high)


def _extent(line: Line, middle: float) -> tuple[int, int]:
    """Where the letter there begins, and how high it is, in pixels."""
    half = line.ink.shape[0] // 2
    rows = np.flatnonzero(line.ink[:, max(0, round(middle) - half) : round(middle) + half].any(axis=1))
    return (int(rows[0]), int(rows[-1]) + 1 - int(rows[0])) if rows.size else (0, 0)
