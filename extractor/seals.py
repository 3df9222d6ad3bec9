"""Red seals: where they are, what lies under them, and which of two readings to believe."""

import unicodedata
from collections.abc import Sequence

import cv2
import numpy as np

from extractor.ocr import Image, Reading
from extractor.rulings import Grey, Mask, millimetre
from extractor.textlines import Area

_RED = 28  # levels by which red exceeds green and blue, on paper made white
_SMALLEST, _LARGEST = (
    10.0,
    75.0,
)  # millimetres; company seals measure 38 to 58 (GA/T 1106 and local rules), small ones 14 and up
_RING = (16.0, 27.0)  # millimetres, the radius of a company seal
_ROUND = 0.75  # of a circle is ink
_DISAGREEMENT = 0.3
_LIGHTER = 0.15
_COLOUR = 60  # levels between the brightest and the darkest channel of coloured ink; tinted paper has fewer
_DARK = 130  # the brightest channel of black ink at most, thin strokes included
_VEILED = 0.02  # the share of a line that is coloured, and that is black


def red(image: Image) -> Mask:
    """Where the ink is red; the colour of the light is taken out first, so that warm light on white paper is not."""
    sample = image[::8, ::8].reshape(-1, 3)
    paper = np.maximum(np.percentile(sample, 90, axis=0), 64.0)
    balance = [np.clip(np.arange(256) * (255 / level), 0, 255).astype(np.uint8) for level in paper]
    r, g, b = (cv2.LUT(channel, table) for channel, table in zip(cv2.split(image), balance, strict=True))
    # Orange and gold, the colours of titles and emblems, have far more green than blue.
    purity = cv2.subtract(cv2.subtract(r, cv2.max(g, b)), cv2.absdiff(g, b))
    return np.asarray(cv2.threshold(purity, _RED, 255, cv2.THRESH_BINARY)[1], np.uint8)


def find_seals(image: Image) -> list[Area]:
    """The red stamps of a page: about as wide as high, of a seal's size on paper, and open, not solid as an emblem is."""
    factor = max(1, round(max(image.shape[:2]) / 800))
    small = cv2.resize(image, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA) if factor > 1 else image
    marks = red(np.asarray(small, np.uint8))
    if not marks.any():
        return []
    unit = millimetre(marks.shape)
    reach = max(3, round(2.5 * unit))
    joined = cv2.morphologyEx(marks, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    seals = []
    for index in range(1, count):
        left, top, width, height, _ = (int(v) for v in stats[index])
        part = (labels[top : top + height, left : left + width] == index) & (
            marks[top : top + height, left : left + width] > 0
        )
        if not (_SMALLEST * unit <= min(width, height) and max(width, height) <= _LARGEST * unit):
            continue
        if max(width, height) <= 1.8 * min(width, height) and 0.04 <= part.mean() <= 0.42:
            seals.append(Area(left * factor, top * factor, (left + width) * factor, (top + height) * factor))
    return [seal for seal in seals if not any(seal.common(other) == seal for other in seals if other is not seal)]


def find_rings(grey: Grey) -> list[Area]:
    """Round seals on a page without colour: circles of a company seal's size that are inked almost all the way round.

    Circles that letters and rules suggest by chance are inked for less than half of it.
    """
    unit = millimetre(grey.shape)
    smooth = cv2.medianBlur(grey, 3)
    radii = round(_RING[0] * unit), round(_RING[1] * unit)
    found = cv2.HoughCircles(
        smooth, cv2.HOUGH_GRADIENT, 1.5, 60, param1=100, param2=45, minRadius=radii[0], maxRadius=radii[1]
    )
    circles = [] if found is None else np.asarray(found)[0].tolist()
    return [
        Area(max(0, round(x - r)), max(0, round(y - r)), round(x + r), round(y + r))
        for x, y, r in circles
        if _inked_round(smooth, x, y, r) >= _ROUND
    ]


def _inked_round(grey: Grey, x: float, y: float, radius: float) -> float:
    """The share of a circle that is ink, at the best radius near the one given."""
    angle = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    ink = np.percentile(grey, 80) - 25
    shares = []
    for r in np.arange(radius - 3, radius + 3.1, 0.5):
        across = np.clip((x + r * np.cos(angle)).round().astype(int), 0, grey.shape[1] - 1)
        down = np.clip((y + r * np.sin(angle)).round().astype(int), 0, grey.shape[0] - 1)
        shares.append(float((grey[down, across] < ink).mean()))
    return max(shares)


def suppressed(image: Image) -> Image:
    """The picture without its coloured ink, in grey: each pixel at its brightest channel, and a little lighter the more colour it has.

    Red ink becomes nearly paper; what is black stays darker than that, under red ink too.
    """
    r, g, b = cv2.split(image)
    brightest, darkest = cv2.max(cv2.max(r, g), b), cv2.min(cv2.min(r, g), b)
    light = cv2.addWeighted(brightest, 1 + _LIGHTER, darkest, -_LIGHTER, 0.0)
    return np.asarray(cv2.merge((light, light, light)), np.uint8)


def grey_without(image: Image, seals: Sequence[Area]) -> Grey:
    """The picture in grey, with the coloured ink of `seals` taken out."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    for seal in seals:
        seal.of(grey)[:] = suppressed(seal.of(image))[:, :, 0]
    return grey


def is_veiled(line: Image) -> bool:
    """Whether coloured ink, of a seal or a watermark, lies on a line of black text."""
    brightest, darkest = line.max(axis=2), line.min(axis=2)
    coloured, black = brightest.astype(np.int16) - darkest >= _COLOUR, brightest <= _DARK
    return float(coloured.mean()) >= _VEILED and float(black.mean()) >= _VEILED


def agreed(plain: Reading, without: Reading) -> Reading:
    """The surer of two readings of one line, as it is and without its coloured ink.

    Where they differ it is less sure than it says, the more so the surer the other one is.
    """
    if not without.text.strip():
        return plain
    worse, better = sorted((plain, without), key=lambda reading: reading.confidence)
    if _plain(plain.text) == _plain(without.text):
        return better
    return Reading(better.text, better.confidence * (1 - _DISAGREEMENT * worse.confidence), better.positions)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
