"""Cutting text lines out of a picture: upright rectangles and slanted quadrilaterals."""

from dataclasses import dataclass

import cv2
import numpy as np

from extractor.ocr import Image, Quad
from extractor.rulings import Mask
from extractor.textlines import Area

_TALL = 1.5
_INK = 0.75  # of the paper's brightness, below which a pixel beside a rule is ink


@dataclass(frozen=True, slots=True)
class Line:
    """A text line to be read: its place on the level page, its pixels, its ink, and whether a seal lies on it.

    `ink` is of the size of `area`; `pixels` have the same middle and may have a margin around it. `printed` is the line with the
    seal, where the seal's ink was taken out of `pixels`; `beyond` the line with what is printed on the rule behind it, where anything is,
    and `beyond_falls` whether that is a stroke that falls to the right, as in 、.
    `noted` says that a note by hand was taken off it.
    """

    area: Area
    pixels: Image
    ink: Mask
    sealed: bool = False
    printed: Image | None = None
    beyond: Image | None = None
    beyond_falls: bool = False
    noted: bool = False

    @property
    def aspect(self) -> float:
        """Width by height."""
        return self.area.width / max(1, self.area.height)


def is_tall(quad: Quad) -> bool:
    """Higher than wide by half or more: vertical text, or text on a page that lies on its side."""
    return height(quad) >= _TALL * width(quad)


def width(quad: Quad) -> float:
    """The longer of the upper and the lower side."""
    return float(max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[2] - quad[3])))


def height(quad: Quad) -> float:
    """The longer of the left and the right side."""
    return float(max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2])))


def around(quad: Quad, shape: tuple[int, ...]) -> Area:
    """The smallest rectangle of whole pixels that holds the quadrilateral, inside a picture of `shape`."""
    left, top = np.floor(quad.min(axis=0)).astype(int)
    right, bottom = np.ceil(quad.max(axis=0)).astype(int)
    return Area(max(0, int(left)), max(0, int(top)), min(shape[1], int(right)), min(shape[0], int(bottom)))


def straightened(image: Image, quad: Quad) -> Image:
    """The inside of the quadrilateral as an upright rectangle, its first corner at the top left."""
    size = max(1, int(width(quad))), max(1, int(height(quad)))
    target = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), target)
    turned = cv2.warpPerspective(image, matrix, size, borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC)
    return np.asarray(turned, np.uint8)


def with_overprint(image: Image, line: Line, rule: Area) -> Image:
    """The line as far as behind `rule`, which is made paper but for the rows in which ink sticks out of it."""
    margin = (line.pixels.shape[0] - line.area.height) // 2
    whole = Area(0, 0, image.shape[1], image.shape[0])
    shown = Area(line.area.left, line.area.top, rule.right + line.area.height // 3, line.area.bottom)
    shown = shown.expanded(margin, margin).common(whole)
    part = shown.of(image).copy()
    paper = np.percentile(part.reshape(-1, 3), 85, axis=0)
    left, right = rule.left - 1 - shown.left, rule.right + 1 - shown.left
    beside = np.concatenate((part[:, left - 2 : left], part[:, right : right + 2]), axis=1)
    signed = beside.mean(axis=2).min(axis=1) < _INK * paper.mean()
    part[~signed, left:right] = paper.astype(np.uint8)
    return part


def cut(image: Image, area: Area, inside: Area, margin: int) -> Image:
    """The line at `area` with a margin on each side: pixels of the picture as far as `inside` reaches, beyond it the paper's colour.

    The recogniser expects a little paper around a line; a rule in it would be read as a stroke.
    """
    left, top = max(inside.left, area.left - margin), max(inside.top, area.top - margin)
    right, bottom = min(inside.right, area.right + margin), min(inside.bottom, area.bottom + margin)
    part = image[top:bottom, left:right]
    above, below = max(0, margin - (area.top - top)), max(0, margin - (bottom - area.bottom))
    before, behind = max(0, margin - (area.left - left)), max(0, margin - (right - area.right))
    if not (above or below or before or behind):
        return part
    paper = np.percentile(part.reshape(-1, 3), 90, axis=0).tolist()
    framed = cv2.copyMakeBorder(part, above, below, before, behind, cv2.BORDER_CONSTANT, value=paper)
    return np.asarray(framed, np.uint8)
