"""Cells printed on a tone, as headers and every other row often are: where they lie, and a page's ink without them.

The edge of a shaded cell is darker than what lies beside it, so it passes for ink as thick as a blob, which hides the rule drawn
along it. A tone is told from a shadow by its edges: they are sharp, and it lies inside the page.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor.rulings import Grey, Mask, millimetre

_COARSE = 1.0  # pixels to a millimetre of the picture in which tones are looked for
_INK = 3  # millimetres; what is dark and narrower than this is no tone, but text and rules
_SHADED = (0.35, 0.93)  # of the paper's brightness: what is darker holds white letters, what is paler does no harm
_LOW, _LEAST = 4, 100
"""Millimetres, the height of the lowest row that holds a line of text, and square millimetres of a label in it: strokes of large letters,
pale as their closing makes them, are no tone."""
_PAPER = 0.95  # of the pixels are no brighter than paper
_BAND = 41  # millimetres; rows and columns that are shaded by themselves are narrower, shadows wider
_SOFT = 0.3  # of the step from a tone to paper may be left two millimetres beyond it; of a shadow's edge more is
_REACH, _REMOTE = 10.0, 1e-3
"""Millimetres over which paper is averaged; deep inside a tone it is taken to be as bright as anywhere."""
_THICKEST = 2.0  # millimetres of a rule or a stroke of text
_GRAIN = 16  # of 255, by which the dots of a printed tone are darker than it is


def tones(coarse: Grey) -> NDArray[np.bool_]:
    """Where tones lie in a picture of about a pixel a millimetre."""
    ground = closed(coarse, _INK)
    evenly = np.full_like(ground, level(ground, _PAPER))
    # A small tone is darker than the paper beside it, however that is lit; a large one takes an even light to be seen.
    return _darker(ground, closed(ground, _BAND)) | _darker(ground, evenly)


def _darker(ground: Grey, paper: Grey) -> NDArray[np.bool_]:
    """Where a tone makes the ground darker than the paper: not at the picture's edge, and with edges of its own."""
    low, high = (cv2.LUT(paper, (np.arange(256) * share).astype(np.uint8)) for share in _SHADED)
    side = np.ones((_LOW, _LOW), np.uint8)
    # An even square has no middle: what is taken off on one side is put back on the other.
    toned = cv2.dilate(cv2.erode(cv2.inRange(ground, low, high), side, anchor=(1, 1)), side, anchor=(2, 2))
    found = np.zeros(ground.shape, np.bool_)
    if cv2.countNonZero(toned) < _LEAST:
        return found
    share = ground / np.maximum(paper, 1.0)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(toned, connectivity=4)
    for index in range(1, count):
        left, top, width, height, area = stats[index].tolist()
        right, bottom = left + width, top + height
        if area < _LEAST or left == 0 or top == 0 or right == ground.shape[1] or bottom == ground.shape[0]:
            continue
        around = np.s_[max(0, top - 3) : bottom + 3, max(0, left - 3) : right + 3]
        part = (labels[around] == index).astype(np.uint8)
        near = cv2.dilate(part, np.ones((3, 3), np.uint8))
        beyond = (cv2.dilate(near, np.ones((3, 3), np.uint8)) > 0) & (near == 0)
        if 1 - np.median(share[around][beyond]) <= _SOFT * (1 - np.median(share[around][part > 0])):
            found[around] |= part > 0
    return found


def paper_under(ground: Grey, bare: NDArray[np.float64]) -> Grey:
    """How bright the paper is, where it is `bare` (1, else 0) and, as far as that can be told, where it is not."""
    around = cv2.GaussianBlur(bare, (0, 0), _REACH)
    paper = (cv2.GaussianBlur(ground * bare, (0, 0), _REACH) + _REMOTE * level(ground, _PAPER)) / (around + _REMOTE)
    return np.asarray(np.round(paper), np.uint8)


def level(grey: Grey, share: float, where: Mask | None = None) -> int:
    """The brightness that this share of the pixels does not exceed, of those of a mask if it is given.

    Counting 256 levels is quicker than sorting pixels.
    """
    counts = np.cumsum(cv2.calcHist([grey], [0], where, [256], [0, 256]))
    return int(np.searchsorted(counts, share * counts[-1]))


def closed(ground: Grey, size: int) -> Grey:
    """Without what is darker than its surroundings and narrower than so many pixels."""
    side = np.ones((size, size), np.uint8)
    return np.asarray(cv2.morphologyEx(ground, cv2.MORPH_CLOSE, side, borderType=cv2.BORDER_REPLICATE), np.uint8)


def lifted(grey: Grey) -> Grey:
    """The page with its tones as pale as the paper beside them, and as much ink on them as before; itself where nothing is shaded."""
    step = round(millimetre(grey.shape) / _COARSE)
    if step < 2:
        return grey
    coarse = grey[::step, ::step]
    shaded = tones(coarse)
    if not shaded.any():
        return grey
    shaded = cv2.dilate(shaded.astype(np.uint8), np.ones((3, 3), np.uint8))
    paper = paper_under(closed(coarse, _INK), 1.0 - shaded)
    height, width = grey.shape
    shaded = cv2.resize(shaded, (width, height), interpolation=cv2.INTER_NEAREST)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    # A closing takes the brightest of the grain for the ground, so that is smoothed first.
    ground = closed(np.asarray(cv2.GaussianBlur(grey, (5, 5), 0), np.uint8), round(_THICKEST * millimetre(grey.shape)))
    pale = cv2.min(cv2.add(grey, cv2.add(cv2.subtract(paper, ground), _GRAIN)), paper)
    return np.where(shaded > 0, cv2.max(pale, grey), grey)
