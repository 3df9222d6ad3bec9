"""Ink on a page that is neither print nor rule: seals, stamps, and strokes such as signatures."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor import lighting
from extractor.imprints import Imprint, find_imprints
from extractor.ocr import Image
from models.layout import Box, Mark, MarkKind, Word

Ink = NDArray[np.uint8]
"""Height × width, 1 where there is ink."""

_PRINT = 0.6
"""A word less sure than this may well be a signature that recognition tried to read."""
_LEAST_WIDTH, _LEAST_HEIGHT = 18.0, 8.0  # points: smaller strokes are specks and ornaments
_GREATEST = 180.0  # points: larger ones are frames, drawings, shadows
_RULE = 30.0  # points: a straight run of ink this long is a rule


def marks_on(image: Image, words: Sequence[Word], points_per_pixel: float) -> tuple[Mark, ...]:
    """The seals, stamps and handwriting on an upright page, without what is written on them; sought at 72 dots per inch.

    Ink under words that were read with confidence is print; long straight ink is a rule; red ink in a seal belongs to the seal.
    What is left is handwriting where it forms a stroke of a signature's size.
    """
    lit = lighting.evened(image)  # in the shade a seal's red is no stronger than the desk's brown
    stamps = [_mark(imprint, points_per_pixel) for imprint in find_imprints(lit, of_any_colour=True)]
    step = max(1, int(1.0 / points_per_pixel))
    image, points_per_pixel = np.ascontiguousarray(image[::step, ::step]), points_per_pixel * step
    per_point = 1.0 / points_per_pixel
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    paper = cv2.medianBlur(grey, 21)
    ink = ((paper.astype(np.int16) - grey) > 60).astype(np.uint8)
    for word in words:
        if word.confidence >= _PRINT:
            _blank(ink, word.box.expanded(0.15 * word.box.height), per_point)
    dark = _dark(image) if stamps else None
    for stamp in stamps:
        _blank(ink, stamp.box.expanded(2.0), per_point, keep=dark)
    for kernel in ((round(_RULE * per_point), 1), (1, round(_RULE * per_point))):
        rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(kernel[::-1], np.uint8))
        ink[cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0] = 0
    reach = max(3, round(5 * per_point))
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    strokes = [
        Box(x * points_per_pixel, y * points_per_pixel, (x + w) * points_per_pixel, (y + h) * points_per_pixel)
        for x, y, w, h, _ in stats[1:count].tolist()
    ]
    written = [b for b in strokes if _LEAST_WIDTH <= b.width <= _GREATEST and _LEAST_HEIGHT <= b.height <= _GREATEST]
    return (*stamps, *(Mark(MarkKind.HANDWRITING, b) for b in written))


def _mark(imprint: Imprint, points_per_pixel: float) -> Mark:
    """Blue is the ink of notes and limits of use, red that of the seals by which somebody stands for a paper."""
    area = imprint.area
    box = Box(*(edge * points_per_pixel for edge in (area.left, area.top, area.right, area.bottom)))
    return Mark(MarkKind.STAMP if imprint.colour == "blue" else MarkKind.SEAL, box, imprint.shape, imprint.colour)


def _blank(ink: Ink, box: Box, per_point: float, keep: Ink | None = None) -> None:
    rows = slice(max(0, round(box.top * per_point)), round(box.bottom * per_point) + 1)
    columns = slice(max(0, round(box.x0 * per_point)), round(box.x1 * per_point) + 1)
    ink[rows, columns] = 0 if keep is None else ink[rows, columns] & keep[rows, columns]


def _dark(image: Image) -> Ink:
    """Where the ink is dark in every colour, as pen and print are and a seal is not."""
    red, green, blue = cv2.split(image)
    return np.asarray(cv2.max(cv2.max(red, green), blue) < 140, np.uint8)
