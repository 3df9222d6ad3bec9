"""Watermarks taken off a page: lines of pale letters aslant all over it, which break the lines of print."""

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor.ocr import Image, Quad

_ASLANT = (12.0, 78.0)  # degrees; a level page has no lines of print at such angles
_LINE = 2.5  # its length by its height; pieces of a seal's arc are shorter
_LEAST = 4  # lines aslant
_PALE = 0.62  # of the paper's brightness and more becomes paper
_PAPER_WITHIN = 15  # eighths of pixels: print leaves some paper in every square of this side


def is_crossed(quads: Sequence[Quad]) -> bool:
    """Whether lines of text run aslant over a level page."""
    return sum(_is_aslant(quad) for quad in quads) >= _LEAST


def bleached(image: Image) -> Image:
    """The page in grey, with all that is much lighter than print turned into paper, uneven light and coloured ink with it."""
    r, g, b = cv2.split(image)
    light = cv2.max(cv2.max(r, g), b)
    tones = np.clip(light / _paper(light) * np.float32(255 / _PALE), 0, 255).astype(np.uint8)
    return np.asarray(cv2.merge((tones, tones, tones)), np.uint8)


def _is_aslant(quad: Quad) -> bool:
    across, down = quad[1] - quad[0], quad[3] - quad[0]
    along, over = sorted((across, down), key=lambda side: float(np.linalg.norm(side)), reverse=True)
    if float(np.linalg.norm(along)) < _LINE * float(np.linalg.norm(over)):
        return False
    angle = math.degrees(math.atan2(abs(float(along[1])), abs(float(along[0]))))
    return _ASLANT[0] < angle < _ASLANT[1]


def _paper(light: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How bright the paper is at each place."""
    coarse = cv2.resize(light, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    coarse = cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, np.ones((_PAPER_WITHIN, _PAPER_WITHIN), np.uint8))
    smooth = cv2.resize(cv2.GaussianBlur(coarse, (0, 0), 4), (light.shape[1], light.shape[0]))
    return np.asarray(np.maximum(smooth, 1), np.float32)
