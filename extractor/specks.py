"""Copies in black and white: the specks of toner between the print are taken off the page, and what is left of them off its text."""

import math
import re
import unicodedata

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor.ocr import Image
from extractor.rulings import Mask, millimetre

_BLACKEST, _BLACK, _WHITE = 25, 80, 200
"""Brightness, of 255; on a copy in black and white black is all black, and there is little between."""
_BETWEEN, _ALL = 0.8, 0.75
"""Of its black pixels: what compression leaves around them at the most, and how many are quite black at least.

Measured on 809 worn pages: 83 of 84 copies are within, and one of the others, which has no specks.
"""
_SPECK = 0.5  # millimetres: the side of the largest square speck
_AROUND = 0.9  # millimetres: what is nearer to print may belong to it, a full stop or the dot of an i
_SIGN, _BESIDE, _WITHIN = 2.0, 2.5, 0.3
"""How much larger than most specks a sign is, and how far from print it may stand, along and across the line, in millimetres."""
_RULE = 12.0  # millimetres; what is so long is a rule or a frame, to which no dot belongs
_HALO = 2  # pixels around a speck that are a little darker than paper, where the page was enlarged
_GROUP = 4  # within a millimetre to each side
_PER_MM = 2
_EVERY = 4  # so many rows of pixels, one of which tells how black a page is
_MANY = 150  # on a page; fewer do no harm
_RAGGED = 0.16  # millimetres, over which ragged strokes are smoothed: so the recogniser makes a sixth fewer mistakes
_DOTS = "•·.,:;'`*"
# Points for a blank between words (Method·1, JJF.1376), and ones that stand against a word or a unit (测定.GB, 0.006.mg).
_BETWEEN_WORDS = re.compile(r"(?<=[!-~])·(?=[!-~])|(?<=[A-Z])\.(?=\d{3})")
_AT_A_WORD = re.compile(r"(?<=[\u4e00-\u9fff])[.·](?=\s?[A-Z])|(?<=\d)\.(?=[a-z])")
_LOOSE = re.compile(rf"^[{_DOTS}\s]+|(?<!\S)[{_DOTS}]+(?!\S)|[{_DOTS}\s]+$|•")


def cleared(image: Image) -> Image:
    """The page without specks that stand apart from all print; itself where it is no copy in black and white, or a clean one."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    if not _is_black_and_white(grey):
        return image
    unit = millimetre(image.shape)
    count, labels, stats, centres = cv2.connectedComponentsWithStats((grey < _WHITE).astype(np.uint8), connectivity=8)
    small = stats[:, cv2.CC_STAT_AREA] <= (_SPECK * unit) ** 2
    small[0] = True  # the paper
    if np.count_nonzero(small) <= _MANY:
        return image
    reach = 2 * round(_AROUND * unit) + 1
    rules = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) > _RULE * unit
    print_ = (~small & ~rules)[labels].astype(np.uint8)
    beside = cv2.dilate(print_, np.ones((reach, reach), np.uint8)) > 0
    held = np.zeros(count, bool)
    held[np.unique(labels[beside])] = True
    specks = small & ~held & ~_in_groups(centres, grey.shape, unit)
    specks &= ~_signs(stats, labels, print_, specks, unit)
    specks[0] = False
    if np.count_nonzero(specks) <= _MANY:
        return image
    clear = image.copy()
    gone = cv2.dilate(specks[labels].astype(np.uint8), np.ones((2 * _HALO + 1, 2 * _HALO + 1), np.uint8)) > 0
    gone &= specks[labels] | (grey >= _WHITE)  # a rule beside a speck stays
    clear[gone] = 255
    return clear


def _is_black_and_white(grey: Mask) -> bool:
    counts = cv2.calcHist([grey[::_EVERY]], [0], None, [256], [0, 256]).ravel()
    black, between = counts[: _BLACK + 1].sum(), counts[_BLACK + 1 : _WHITE + 1].sum()
    return bool(between <= _BETWEEN * black and counts[: _BLACKEST + 1].sum() >= _ALL * black)


def _signs(
    stats: NDArray[np.int32],
    labels: NDArray[np.int32],
    print_: NDArray[np.uint8],
    specks: NDArray[np.bool_],
    unit: float,
) -> NDArray[np.bool_]:
    """Which of the specks may be signs such as 、: larger than the page's specks are, and on a line of print."""
    areas = stats[:, cv2.CC_STAT_AREA]
    large = specks & (areas >= _SIGN * np.median(areas[specks])) if specks.any() else specks
    wide, high = 2 * round(_BESIDE * unit) + 1, 2 * round(_WITHIN * unit) + 1
    beside = cv2.dilate(print_, np.ones((high, wide), np.uint8)) > 0
    level = np.zeros(len(areas), bool)
    level[np.unique(labels[beside])] = True
    return np.asarray(large & level)


def smoothed(image: Image) -> Image:
    """The page with the ragged edges of its strokes made smooth, for the recogniser."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), _RAGGED * millimetre(image.shape)), np.uint8)


def told(text: str) -> str:
    """What was read on such a copy, without the dots and accents that specks were taken for."""
    parts = unicodedata.normalize("NFD", text)
    bare = "".join(sign for i, sign in enumerate(parts) if not (unicodedata.combining(sign) and parts[i - 1].isascii()))
    parted = _BETWEEN_WORDS.sub(" ", _LOOSE.sub("", unicodedata.normalize("NFC", bare)))
    return " ".join(_AT_A_WORD.sub("", parted).split())


def _in_groups(centres: NDArray[np.float64], shape: tuple[int, ...], unit: float) -> NDArray[np.bool_]:
    """Whether each lies among several others: so do the pieces of a letter that copying broke."""
    scale = _PER_MM / unit
    x, y = (centres * scale).astype(np.intp).T
    counted = np.zeros((math.ceil(shape[0] * scale) + 1, math.ceil(shape[1] * scale) + 1), np.float32)
    np.add.at(counted, (y, x), 1.0)
    near = cv2.boxFilter(counted, -1, (2 * _PER_MM + 1, 2 * _PER_MM + 1), normalize=False)
    return np.asarray(near[y, x] >= _GROUP)
