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
_EDGE = 60  # of Sobel's sums on a smooth picture of half the size, as the pale letters of a watermark have at least
_SLANTS = (18, 72)  # degrees; the strokes of print that lie between are spread over all of them
_PEAK = 1.6
"""Times as much edge at one slant and across it as at most slants; print has 1.3, letters of a watermark 2.3."""
_PALE = 0.62  # of the paper's brightness and more becomes paper
_COLOUR, _LEAST_INK = 60, 50  # levels between the brightest and the darkest channel of coloured ink, and pixels of it
_UNDER = 0.8  # of the way from black to a coloured ink's tone; what is darker is print under it
_PAPER_WITHIN = 15  # eighths of pixels: print leaves some paper in every square of this side


def is_crossed(quads: Sequence[Quad]) -> bool:
    """Whether lines of text run aslant over a level page."""
    return sum(_is_aslant(quad) for quad in quads) >= _LEAST


def has_strokes_aslant(image: Image) -> bool:
    """Whether letters aslant lie on a level page: by their strokes, where the rules of tables leave the detector no whole lines.

    These run at one slant and at right angles to it; the fringes of a photographed screen run one way only.
    """
    half = cv2.resize(cv2.extractChannel(image, 1), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    smooth = cv2.GaussianBlur(half, (5, 5), 1)
    across, down = (cv2.Sobel(smooth, cv2.CV_16S, *way) for way in ((1, 0), (0, 1)))
    edge = cv2.add(np.abs(across), np.abs(down))
    strong = np.flatnonzero(edge > _EDGE)
    if not strong.size:
        return False
    x, y = (way.ravel()[strong].astype(np.float32) for way in (across, down))
    angles = cv2.phase(x, y, angleInDegrees=True).ravel().astype(np.intp)
    turns = np.bincount(angles, weights=edge.ravel()[strong], minlength=361)
    sums = turns[:180] + turns[180:360]
    ways = [np.convolve(part, np.ones(5), "same")[slice(*_SLANTS)] for part in (sums[:90], sums[90:])]
    most = int(np.argmax(ways[0] + ways[1]))
    return all(way[most] > _PEAK * max(1.0, float(np.median(way))) for way in ways)


def bleached(image: Image) -> Image:
    """The page in grey, with all that is much lighter than print turned into paper, uneven light and coloured ink with it."""
    r, g, b = cv2.split(image)
    light = cv2.max(cv2.max(r, g), b)
    colour = cv2.subtract(light, cv2.min(cv2.min(r, g), b))
    for side in (r > b, b > r):
        light = _with_print(image, light, side & (colour >= _COLOUR))
    tones = np.clip(light / _paper(light) * np.float32(255 / _PALE), 0, 255).astype(np.uint8)
    return np.asarray(cv2.merge((tones, tones, tones)), np.uint8)


def _with_print(image: Image, light: NDArray[np.uint8], inked: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The brightest channel, but dark where print lies under coloured ink: there files keep its darkness better than its colour."""
    if np.count_nonzero(inked) < _LEAST_INK:
        return light
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    black, tone = float(np.percentile(grey[::4, ::4], 0.5)), float(np.median(grey[inked]))
    near = cv2.dilate(inked.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    share = np.clip((grey - np.float32(black)) / max(1.0, _UNDER * (tone - black)), 0, 1)
    shown = (255 * np.square(share)).astype(np.uint8)
    return np.where(near, np.minimum(light, shown), light)


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
