"""A page laid flat and level for reading, and the way back: boxes found on it, placed on the page as given."""

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor import bowed, creases, lighting, pen, perspective, rulings, seals, shading, specks
from extractor.imprints import find_imprints
from extractor.ocr import Image, Quad
from extractor.pen import Notes
from extractor.rulings import Grey, Mask
from extractor.textlines import Area
from models.layout import Bend, Lens, Ruling, Table, Word

_EDGE = 4  # pixels of a sheet beside its edge, which is not as straight as its corners say
_WORTH_TURNING = 0.1  # degrees: over the width of A4 landscape half a millimetre

Matrix = NDArray[np.float64]
"""3 × 3, on points as (x, y, 1)."""


@dataclass(frozen=True, slots=True)
class Level:
    """A page with its skew, and its perspective where it was photographed from the side, taken out.

    `image` are its pixels without the ink of its stamps, `printed` with it; `dark` its ink, `text` the same with single specks of noise
    smoothed away, which costs hairlines; `ruled` and `celled` the same two without the tones that cells are printed on, for the rules
    and the lines of tables; `stamps` where its seals and stamps lie, `opaque` those whose ink could not be taken out;
    `skew` the clockwise angle in degrees that was taken out, in the page's middle; `back` the matrix from its pixels to those of the
    page as given; `flattened` whether there was perspective in it; `specked` whether it is a copy in black and white with specks;
    `notes` what was written on it in blue ink, which all of these lack and `written` has; `rules` are the straight rules in `ruled`,
    in pixels; `bend` how a page that does not lie flat was bent before, and `back` leads to.
    """

    image: Image
    dark: Mask
    text: Mask
    ruled: Mask
    celled: Mask
    stamps: list[Area]
    opaque: list[Area]
    skew: float
    back: Matrix
    printed: Image
    rules: list[Ruling]
    bend: Bend | None = None
    flattened: bool = False
    specked: bool = False
    notes: Notes | None = None
    written: Image | None = None

    @property
    def whole(self) -> Area:
        """All of the page."""
        return Area(0, 0, self.image.shape[1], self.image.shape[0])


def levelled(image: Image) -> Level:
    """The page laid flat where its lines are sharper for it, and made level."""
    corners = perspective.page_corners(image)
    if corners is None:
        return _levelled(image)
    if not perspective.is_tilted(corners):
        return _levelled(image, _inside(corners, image.shape))
    laid, back = perspective.flattened(image, corners)
    if not perspective.reads_better(_proof(laid), _proof(image)):
        return _levelled(image, _inside(corners, image.shape))
    flat = _levelled(laid)
    back = back @ flat.back
    middle = back @ (flat.image.shape[1] / 2, flat.image.shape[0] / 2, 1.0)
    across, down = ((back[i, 0] - back[2, 0] * middle[i] / middle[2]) for i in (0, 1))
    return replace(flat, back=back, skew=math.degrees(math.atan2(down, across)), flattened=True)


def _proof(image: Image) -> Mask:
    """The ink of the page, made level as well as can be, and nothing taken off it: enough to see how sharp its lines are.

    On a smaller picture a cut edge passes for perspective.
    """
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    angle = rulings.skew(grey)
    return rulings.ink(grey if abs(angle) < _WORTH_TURNING else _turned(grey, angle)[0])


def _inside(corners: Quad, shape: tuple[int, ...]) -> Area | None:
    """The upright rectangle inside a sheet in a picture of `shape`, clear of its edges; None where that is nothing to speak of."""
    (left, top), (right, bottom) = np.sort(corners, axis=0)[1:3].round().astype(int).tolist()
    inside = Area(left + _EDGE, top + _EDGE, right - _EDGE, bottom - _EDGE).common(Area(0, 0, shape[1], shape[0]))
    return inside if 2 * inside.size > cv2.contourArea(corners) else None


def _levelled(image: Image, sheet: Area | None = None) -> Level:
    """The page lit evenly and made level; the canvas grows so that no corner is lost, and the new corners are white.

    `sheet` is where the paper lies where it does not fill the picture: its creases end there.
    """
    clean = specks.cleared(image)
    specked = clean is not image
    image = lighting.evened(_without_creases(clean, sheet))
    stamps = _stamps(image)
    grey = seals.grey_without(image, stamps)
    angle = rulings.skew(grey)
    back = np.eye(3)
    if abs(angle) < _WORTH_TURNING:
        angle = 0.0
    else:
        image, back = _turned(image, angle)
        stamps, grey = _moved(image, stamps)
    level = _level(image, grey, stamps, angle, back, dotted=specked)
    if bend := bowed.bend_of(level.ruled, level.rules):
        image = bowed.flattened(image, bend)
        stamps, grey = _moved(image, stamps)
        level = replace(_level(image, grey, stamps, angle, back, dotted=specked), bend=bend)
    return replace(level, image=specks.smoothed(level.image), specked=True) if specked else level


def _without_creases(image: Image, sheet: Area | None) -> Image:
    if sheet is None:
        return creases.smoothed(image)
    paper = sheet.of(image)
    smooth = creases.smoothed(paper)
    if smooth is paper:
        return image
    page = image.copy()
    sheet.of(page)[:] = smooth
    return page


def _turned(image: NDArray[np.uint8], angle: float) -> tuple[NDArray[np.uint8], Matrix]:
    """The picture turned anticlockwise by the angle in degrees, and the matrix from its pixels to those of the picture as given."""
    height, width = image.shape[:2]
    forth = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    across, down = (math.ceil(length) for length in np.abs(forth[:, :2]) @ (width, height))
    forth[:, 2] += (across - width) / 2, (down - height) / 2
    turned = cv2.warpAffine(image, forth, (across, down), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255))
    return np.asarray(turned, np.uint8), np.vstack((cv2.invertAffineTransform(forth), (0.0, 0.0, 1.0)))


def _moved(image: Image, stamps: list[Area]) -> tuple[list[Area], Grey]:
    """Where the stamps lie on a page that was moved, and the page in grey without their ink; `stamps` are those before."""
    found = _stamps(image) if stamps else []
    return found, seals.grey_without(image, found)


def _stamps(image: Image) -> list[Area]:
    rim = round(rulings.millimetre(image.shape))
    page = Area(0, 0, image.shape[1], image.shape[0])
    return [stamp.area.expanded(rim, rim).common(page) for stamp in find_imprints(image) if stamp.is_plain]


def _level(image: Image, grey: Grey, stamps: list[Area], angle: float, back: Matrix, *, dotted: bool) -> Level:
    dark, written = rulings.ink(grey), image
    notes = pen.notes_on(image, dark, stamps)
    if notes:
        image = pen.without(image, notes)
        grey = seals.grey_without(image, stamps)
        dark = rulings.ink(grey)
    text = _text(grey)
    pale = shading.lifted(grey)
    ruled, celled = (dark, text) if pale is grey else (rulings.ink(pale), _text(pale))
    clear, opaque = seals.cleared(image, stamps)
    rules = rulings.find_rulings(ruled, dotted=dotted)
    level = Level(clear, dark, text, ruled, celled, stamps, opaque, angle, back, image, rules)
    return replace(level, notes=notes, written=written) if notes else level


def _text(grey: Grey) -> Mask:
    return rulings.ink(np.asarray(cv2.GaussianBlur(grey, (3, 3), 0), np.uint8))


def lens_of(level: Level, points_per_pixel: float, scale: float | None = None) -> Lens:
    """From boxes in pixels of the level page enlarged by `scale` (None: in its points) to boxes in points of the page as given."""
    scale = points_per_pixel if scale is None else scale
    height, width = level.image.shape[:2]
    matrix = np.diag((points_per_pixel, points_per_pixel, 1.0)) @ level.back @ np.diag((1 / scale, 1 / scale, 1.0))
    a, b, c, d, e, f, g, h, i = (float(entry) for entry in matrix.ravel())
    bend = level.bend and level.bend.scaled(scale)
    return Lens(width * scale, height * scale, (a, b, c, d, e, f, g, h, i), bend)


def placed_word(lens: Lens, word: Word) -> Word:
    """The word where it stands on the page as given."""
    return replace(word, box=lens.seen(word.box))


def placed_table(lens: Lens, table: Table) -> Table:
    """The table, its cells and their words where they stand on the page as given."""
    cells = tuple(
        replace(cell, box=lens.seen(cell.box), words=tuple(placed_word(lens, w) for w in cell.words))
        for cell in table.cells
    )
    return replace(table, box=lens.seen(table.box), cells=cells)
