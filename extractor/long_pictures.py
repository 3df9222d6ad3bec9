"""Long pictures (长图): pages joined one below the other, or a screen that was scrolled while it was taken; cut into sheets.

All that is measured in a page is measured against its long side, so a picture of eight pages cannot be read as one. Counting sheets
loads nothing: every program asks what files are, and few see a long picture.
"""

import math
from itertools import pairwise

import numpy as np

from extractor.ocr import Image
from extractor.pieces import bands

_TALL = 2.6  # times as high as wide, from which on a picture is no page and no screen of a telephone (2.57 at the most)
_NARROWEST = 400  # pixels across; in a narrower picture nobody reads a page
_SHEET = math.sqrt(2)  # times as high as wide is a page
_EXACTLY = 0.01  # of a sheet, by which each may differ from a page where whole pages were joined
_NEAR, _AROUND = 0.02, 0.2
"""Of a sheet's height, to either side of where it should end: where whole pages were joined, and elsewhere."""
_WIDE = 210.0  # millimetres, taken for the picture's width
_RIM = 0.5  # millimetres that two sheets have in common: both have the rule along which they were cut


def sheets_in(width: int, height: int) -> int:
    """How many sheets a picture of so many pixels is cut into; 1 where it is none of these."""
    if width < _NARROWEST or height < _TALL * width:
        return 1
    return round(height / (_SHEET * width))


def cut(image: Image) -> list[Image]:
    """The sheets from top to bottom, as many as `sheets_in` says, cut where nothing is printed or along a rule; they share its memory."""
    height, width = image.shape[:2]
    count = sheets_in(width, height)
    sheet = height / count
    reach = round(sheet * (_NEAR if abs(sheet / width - _SHEET) <= _EXACTLY * _SHEET else _AROUND))
    ends = [_quietest(image, round(k * sheet) - reach, round(k * sheet) + reach) for k in range(1, count)]
    rim = max(2, round(_RIM * width / _WIDE)) if ends else 0
    return [image[max(0, top - rim) : bottom + rim] for top, bottom in pairwise((0, *ends, height))]


def _quietest(image: Image, first: int, last: int) -> int:
    """The row between these two in which ink begins and ends least often, the middle one of the most in succession.

    In a row of text it does so at every stroke, between two lines of a table at its upright rules only, and along a rule or on blank
    paper hardly ever.
    """
    import cv2

    grey = np.asarray(cv2.cvtColor(image[first:last], cv2.COLOR_RGB2GRAY), np.uint8)
    block = max(15, round(5 * image.shape[1] / _WIDE) | 1)
    dark = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, 12)
    edges = np.count_nonzero(np.diff(dark, axis=1), axis=1)
    start, end = max(bands(edges <= edges.min() + 1), key=lambda band: band[1] - band[0])
    return first + (start + end) // 2
