"""A page with its skew taken out for reading, and the way back: boxes found on the level page, placed on the page as given."""

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor import rulings, seals
from extractor.ocr import Image
from extractor.rulings import Grey, Mask
from extractor.textlines import Area
from models.layout import Box, Table, Word

_WORTH_TURNING = 0.1  # degrees: over the width of A4 landscape half a millimetre


@dataclass(frozen=True, slots=True)
class Level:
    """A page with its skew taken out.

    `image` are its pixels; `dark` its ink without that of the seals, `text` the same with single specks of noise smoothed away, which
    costs hairlines; `stamps` its red seals; `skew` the clockwise angle in degrees that was taken out; `back` the 2 × 3 matrix from
    its pixels to those of the page as given.
    """

    image: Image
    dark: Mask
    text: Mask
    stamps: list[Area]
    skew: float
    back: NDArray[np.float64]

    @property
    def whole(self) -> Area:
        """All of the page."""
        return Area(0, 0, self.image.shape[1], self.image.shape[0])


def levelled(image: Image) -> Level:
    """The page made level; the canvas grows so that no corner is lost, and the new corners are white."""
    stamps = seals.find_seals(image)
    grey = seals.grey_without(image, stamps)
    angle = rulings.skew(grey)
    if abs(angle) < _WORTH_TURNING:
        return _level(image, grey, stamps, 0.0, np.eye(2, 3))
    height, width = grey.shape
    forth = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    across, down = (math.ceil(length) for length in np.abs(forth[:, :2]) @ (width, height))
    forth[:, 2] += (across - width) / 2, (down - height) / 2
    image = np.asarray(
        cv2.warpAffine(image, forth, (across, down), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255)), np.uint8
    )
    stamps = seals.find_seals(image) if stamps else []
    return _level(image, seals.grey_without(image, stamps), stamps, angle, cv2.invertAffineTransform(forth))


def _level(image: Image, grey: Grey, stamps: list[Area], angle: float, back: NDArray[np.float64]) -> Level:
    smooth = np.asarray(cv2.GaussianBlur(grey, (3, 3), 0), np.uint8)
    return Level(image, rulings.ink(grey), rulings.ink(smooth), stamps, angle, back)


@dataclass(frozen=True, slots=True)
class Placing:
    """From boxes in pixels of the level page, enlarged by `scale`, to boxes in points of the page as given."""

    back: NDArray[np.float64]
    scale: float
    points_per_pixel: float

    def box(self, box: Box) -> Box:
        """The upright box around the turned one."""
        corners = np.array([(x, y, self.scale) for x in (box.x0, box.x1) for y in (box.top, box.bottom)]) / self.scale
        placed = corners @ self.back.T * self.points_per_pixel
        (x0, top), (x1, bottom) = placed.min(axis=0).tolist(), placed.max(axis=0).tolist()
        return Box(x0, top, x1, bottom)

    def word(self, word: Word) -> Word:
        """The word where it stands on the page as given."""
        return replace(word, box=self.box(word.box))

    def table(self, table: Table) -> Table:
        """The table, its cells and their words where they stand on the page as given."""
        cells = tuple(
            replace(cell, box=self.box(cell.box), words=tuple(self.word(w) for w in cell.words)) for cell in table.cells
        )
        return replace(table, box=self.box(table.box), cells=cells)
