"""Text lines in a page's picture: scaling for the detector, and its probability map turned into corner points (DB)."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor.ocr import Image, Quad

# The detector's settings as the package `rapidocr` 3.10 ships them for these weights.
INK = 0.3
BOX_SCORE = 0.5
STRICTER = (0.6, 0.8, 0.95)
"""What counts as ink where lines run together: the labels of a form stand close above each other and join the lines beside them."""
UNCLIP = 1.6
MOST = 1000

# A side is padded to one of these, so that the runtime meets few shapes (each costs it memory and compile time once).
_SIDES = (96, 160, 256, 384, 512, 640, 768, 896, 1024, 1152, 1280, 1408, 1536, 1664, 1792, 1920, 2048)
_THIN = 3
_SCRAP = 6  # pixels: what stays between lines that were parted is thinner than this
_SEVERAL = 24  # pixels: two lines that run together are higher than this
_SPAN, _SINGLE = 1.3, 0.9
"""Times a column's ink, over which that reaches from its first pixel to its last, and the share of columns where it does in a line."""
_PIECE = 6.0  # times as long as high at the least is a line that may be cut because it is bent
_LONGEST = 2000
_SMALL = 1200
_ENLARGE = 2.0


def working_scale(image: Image) -> float:
    """By how much a picture is enlarged for the detector."""
    longest: int = max(image.shape[:2])
    return min(_LONGEST / longest, _ENLARGE, max(1.0, _SMALL / longest))


def prepare(image: Image) -> tuple[NDArray[np.float32], float]:
    """The picture as 1 × 3 × height × width (BGR, -1..1) on a canvas of a fixed size, and the scale that was applied.

    Small pictures are enlarged up to twice, since thin characters of a few pixels are not found; large ones are made to fit 2,000 pixels.
    """
    scale = working_scale(image)
    if scale != 1.0:
        size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    height, width = image.shape[:2]
    down, right = (next(side for side in _SIDES if side >= n) - n for n in (height, width))
    canvas = cv2.copyMakeBorder(image, 0, down, 0, right, cv2.BORDER_REPLICATE)
    tensor = np.ascontiguousarray(canvas[None, :, :, ::-1].transpose(0, 3, 1, 2), dtype=np.float32)
    tensor *= 2 / 255
    tensor -= 1
    return tensor, scale


def quads(probabilities: NDArray[np.float32], scale: float, height: int, width: int) -> list[Quad]:
    """The lines in a height × width picture, from the map (canvas height × canvas width) of the picture enlarged by `scale`."""
    found: list[Quad] = []
    for centre, size, angle in _rectangles(probabilities, INK, STRICTER):
        # The network marks the shrunken core of a line: give it back its border.
        border = 2 * size[0] * size[1] * UNCLIP / (2 * (size[0] + size[1]))
        corners = cv2.boxPoints((centre, (size[0] + border, size[1] + border), angle)) / scale
        corners = np.clip(clockwise(corners), 0, (width - 1, height - 1)).astype(np.float32)
        if min(np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[0] - corners[3])) > 3:
            found.append(corners)
    return in_reading_order(found)


Rectangle = tuple[tuple[float, float], tuple[float, float], float]
"""Middle, size and angle, as OpenCV has them."""


def _rectangles(
    probabilities: NDArray[np.float32], threshold: float, stricter: Sequence[float], thin: int = _THIN
) -> Iterator[Rectangle]:
    """Each piece of ink that fills its rectangle; a large one that does not is parted by a stricter threshold, or along a bent line."""
    ink = (probabilities > threshold).astype(np.uint8)
    ink = cv2.dilate(ink, np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(ink, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours[:MOST]:
        centre, size, angle = cv2.minAreaRect(contour)
        if min(size) < thin:
            continue
        if _score(probabilities, cv2.boxPoints((centre, size, angle))) >= BOX_SCORE:
            yield (centre[0], centre[1]), (size[0], size[1]), angle
        elif stricter and min(size) >= _SEVERAL:
            left, top, width, height = cv2.boundingRect(contour)
            own = np.zeros((height, width), np.uint8)
            cv2.fillPoly(own, [contour - (left, top)], 1)
            part = probabilities[top : top + height, left : left + width] * own
            parted = list(_rectangles(part, stricter[0], stricter[1:], _SCRAP))
            if not parted and threshold == INK and _is_line(part > INK):
                parted = list(_bent(part, 0, width, bare=(False, False)))
            for middle, extent, turn in parted:
                yield (middle[0] + left, middle[1] + top), extent, turn


def _is_line(inked: NDArray[np.bool_]) -> bool:
    """Whether a piece of ink is one band from left to right, which a seal's ring is not: that lies above itself."""
    thickness = inked.sum(axis=0)
    columns = thickness > 0
    if not columns.any():
        return False
    spans = len(inked) - inked[::-1].argmax(axis=0) - inked.argmax(axis=0)
    single = spans[columns] <= _SPAN * thickness[columns]
    return bool(single.mean() >= _SINGLE and inked.shape[1] >= _PIECE * float(np.median(thickness[columns])))


def _bent(part: NDArray[np.float32], first: int, last: int, *, bare: tuple[bool, bool]) -> Iterator[Rectangle]:
    """A line that does not lie straight, between two columns: cut between its signs into pieces that do.

    A piece gets no border where it was cut, `bare` on its left and its right side: there its neighbour begins.
    """
    inked = part[:, first:last] > INK
    thickness = inked.sum(axis=0)
    if not thickness.any():
        return
    ys, xs = np.nonzero(inked)
    points = np.column_stack((xs + first, ys)).astype(np.float32)
    corners = clockwise(cv2.boxPoints(cv2.minAreaRect(points)))
    if _score(part, corners) >= BOX_SCORE:
        along, down = (float(np.linalg.norm(corners[i] - corners[0])) for i in (1, 3))
        if along >= down > 0:
            border = along * down * UNCLIP / (along + down) / 2 / along * (corners[1] - corners[0])
            corners = corners + np.outer((bare[0], 0, 0, bare[0]), border) - np.outer((0, bare[1], bare[1], 0), border)
        centre, size, angle = cv2.minAreaRect(corners.astype(np.float32))
        yield (centre[0], centre[1]), (size[0], size[1]), angle
    elif last - first >= _PIECE * float(np.median(thickness[thickness > 0])):
        third = (last - first) // 3
        middle = first + third + int(part[:, first + third : last - third].sum(axis=0).argmin())
        yield from _bent(part, first, middle, bare=(bare[0], True))
        yield from _bent(part, middle, last, bare=(True, bare[1]))


def in_reading_order(found: list[Quad]) -> list[Quad]:
    """From top to bottom, then from left to right, by the middle of each."""
    return sorted(found, key=lambda q: (float(q[:, 1].mean()), float(q[:, 0].mean())))


def clockwise(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """Top left, top right, bottom right, bottom left."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left = by_x[:2][np.argsort(by_x[:2, 1], kind="stable")]
    right = by_x[2:][np.argsort(by_x[2:, 1], kind="stable")]
    return np.array([left[0], right[0], right[1], left[1]], np.float32)


def _score(probabilities: NDArray[np.float32], corners: NDArray[np.float32]) -> float:
    """The mean probability inside the rectangle."""
    height, width = probabilities.shape
    low = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, (width - 1, height - 1))
    high = np.clip(np.ceil(corners.max(axis=0)).astype(int), 0, (width - 1, height - 1))
    part = probabilities[low[1] : high[1] + 1, low[0] : high[0] + 1]
    mask = np.zeros(part.shape, np.uint8)
    cv2.fillPoly(mask, [(corners - low).astype(np.int32)], 1)
    return float(cv2.mean(part, mask)[0])
