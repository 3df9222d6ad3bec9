"""A page photographed from the side: its four corners on the desk, and the page laid flat."""

import math
from collections.abc import Iterator
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor import shading
from extractor.ocr import Image, Quad
from extractor.rulings import Mask

T = TypeVar("T", bound=np.generic)

_WORKING = 480  # pixels of the long side at the most; a corner is found to a quarter of a per cent of it
_RIM = 0.02  # of the long side: what lies this near to the picture's edge is desk, where there is one
_PAPER_AT_RIM = 0.5  # a picture of which more of the rim is paper shows the page up to its edges
_BRIGHT = 0.75  # of the pixels are darker than the lightest area, which is taken for the paper
_LIKE_PAPER = 18.0  # CIELAB distance within which a colour is that of the paper
_LEAST, _MOST = 0.25, 0.97  # of the picture is page
_NOISE, _TINTS = 8, 1000.0
"""Of 255, what is added to each colour, for in the dark its noise would be a tint; a pixel's three tints add up to so much."""
_LARGER = 1.03  # times as large as by anything else must a sheet be by its tint, to be believed
_FILLED = 0.95  # of the corners' quadrilateral is page, and the other way round
_NEAR = 0.02  # of the long side: contour points this near to a side belong to it
_WORTH = 0.012  # of a side: corners that are off a turned rectangle by less are left as they are
_CLEARLY = 1.05  # so much sharper must the flat page's lines be
_SIZE_OF_PROOF = 900
_EDGE, _SHARP, _PLACES = (2.5, 9.0), 0.6, 60
"""Pixels to both sides of a sheet's edge, near and far; the share of the change of colour that is near it, of that which is far; places."""
_TO_EDGE = 0.75  # of a pixel, from the middle of the sheet's last one: so laid flat, sheets' lines are sharpest


def page_corners(image: Image) -> Quad | None:
    """The corners of the one sheet that lies on something else, clockwise from the top left, in pixels; None where it fills the picture."""
    factor = max(1, math.ceil(max(image.shape[:2]) / _WORKING))
    height, width = (length // factor for length in image.shape[:2])
    # Whole pixels into one: three times as quick as a picture of exactly the working size.
    whole = image[: height * factor, : width * factor]
    small = np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), np.uint8)
    if _paper_at_rim(lab) > _PAPER_AT_RIM:
        return None
    sheets = [_sheet(mask, lab) for mask in _masks(small, lab)]
    best = max((sheet for sheet in sheets if sheet is not None), key=cv2.contourArea, default=None)
    tinted = _sheet(_tinted(small), lab)
    # By its tint a sheet is found a little larger than it is, for where paper and desk share a pixel the brighter paper prevails.
    if best is None or (tinted is not None and cv2.contourArea(tinted) > _LARGER * cv2.contourArea(best)):
        best = tinted
    if best is None:
        return None
    return np.asarray((best + 0.5) * factor - 0.5, np.float32)


def is_tilted(corners: Quad) -> bool:
    """Whether the corners are off every rectangle, however that is turned: skew is taken out elsewhere."""
    a, b, c, d = (np.asarray(corner, np.float64) for corner in corners)
    across, down = np.linalg.norm(b - a), np.linalg.norm(d - a)
    converging = float(np.linalg.norm(a - b + c - d))  # 0 for every parallelogram
    leaning = abs(float((b - a) @ (d - a))) / (across * down)
    return bool(converging > _WORTH * min(across, down) or leaning > _WORTH)


def flattened(image: Image, corners: Quad) -> tuple[Image, NDArray[np.float64]]:
    """The sheet between these corners as a rectangle, and the 3 × 3 matrix from its pixels to those of the picture."""
    top, right, bottom, left = (float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4))
    width, height = round(max(top, bottom)), round(max(left, right))
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    forth = cv2.getPerspectiveTransform(corners.astype(np.float32), flat)
    laid = cv2.warpPerspective(image, forth, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(laid, np.uint8), np.linalg.inv(forth)


def reads_better(flat: Mask, plain: Mask) -> bool:
    """Whether the ink of a page, made level, stands in sharper lines laid flat than as photographed."""
    scale = _SIZE_OF_PROOF / max(flat.shape)
    return _sharpness(flat, scale) > _CLEARLY * _sharpness(plain, scale)


def _sharpness(dark: Mask, scale: float) -> float:
    """How abruptly ink begins and ends, from row to row of pixels and from column to column."""
    small = cv2.resize(dark, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    product = 1.0
    for axis in (1, 0):
        sums = cv2.reduce(small, axis, cv2.REDUCE_SUM, dtype=cv2.CV_64F)
        product *= float(np.square(np.diff(sums.ravel())).sum()) / max(1.0, float(sums.sum()))
    return product


def _paper_at_rim(lab: Image) -> float:
    """The share of the picture's rim that has the colour of the paper, taken to be the lightest large area."""
    light = cv2.extractChannel(lab, 0)
    bright = (light >= shading.level(light, _BRIGHT)).astype(np.uint8)
    paper = [shading.level(cv2.extractChannel(lab, i), 0.5, bright) for i in range(3)]
    around = _rim(lab).astype(np.float32)
    return float((np.linalg.norm(around - paper, axis=1) < _LIKE_PAPER).mean())


def _rim(colours: NDArray[T]) -> NDArray[T]:
    """The pixels near to the picture's edges, one after the other."""
    wide = max(2, round(_RIM * max(colours.shape[:2])))
    edges = (colours[:wide], colours[-wide:], colours[:, :wide], colours[:, -wide:])
    return np.concatenate([edge.reshape(-1, 3) for edge in edges])


def _masks(small: Image, lab: Image) -> Iterator[Mask]:
    """Where the page may be: what is light, what is pale, what is unlike the rim."""
    pale = 255 - cv2.cvtColor(small, cv2.COLOR_RGB2HSV)[:, :, 1]
    for measure in (lab[:, :, 0], _unlike(lab), pale):
        yield _higher(measure)


def _tinted(small: Image) -> Mask:
    """Where the picture has another tint than at its rim.

    A shadow changes how bright things are, and their tint hardly: by that a sheet is found whole that lies half in the shade.
    """
    light = cv2.GaussianBlur(small, (5, 5), 0).astype(np.float32) + _NOISE
    tint = _TINTS * light / light.sum(axis=2, keepdims=True)
    return _higher(_unlike(tint))


def _higher(measure: NDArray[Any]) -> Mask:
    """Where a measure is high, by Otsu's threshold."""
    grey = cv2.GaussianBlur(np.clip(measure, 0, 255).astype(np.uint8), (5, 5), 0)
    return np.asarray(cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1], np.uint8)


def _unlike(colours: NDArray[Any]) -> NDArray[np.float32]:
    """How far each pixel's colour is from that of the rim."""
    away = colours - np.median(_rim(colours), axis=0).astype(np.float32)
    return np.asarray(np.sqrt(np.einsum("ijk,ijk->ij", away, away)), np.float32)


def _sheet(mask: Mask, lab: Image) -> Quad | None:
    """The corners of the sheet that the mask's largest area is; None where it is none."""
    corners = _corners(mask)
    return corners if corners is not None and _has_sharp_sides(lab, corners) else None


def _corners(mask: Mask) -> Quad | None:
    """The quadrilateral that the largest area of the mask is; None where it is none."""
    reach = round(0.02 * max(mask.shape)) | 1  # an even one would move the page by a pixel
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(contours, key=cv2.contourArea, default=None)
    if outline is None or not _LEAST <= cv2.contourArea(outline) / mask.size <= _MOST:
        return None
    hull = cv2.convexHull(outline)
    length = cv2.arcLength(hull, True)
    for share in (0.01, 0.02, 0.03, 0.05, 0.08):
        rough = cv2.approxPolyDP(hull, share * length, True)
        if len(rough) <= 4:
            break
    if len(rough) != 4:
        return None
    corners = _refined(
        rough.reshape(4, 2).astype(np.float32), outline.reshape(-1, 2).astype(np.float32), max(mask.shape)
    )
    if corners is None:
        return None
    drawn = np.zeros_like(mask)
    cv2.fillPoly(drawn, [corners.round().astype(np.int32)], 255)
    page = np.zeros_like(mask)
    cv2.drawContours(page, [outline], -1, 255, cv2.FILLED)
    common, either = np.count_nonzero(drawn & page), np.count_nonzero(drawn | page)
    return _from_top_left(corners) if common >= _FILLED * either else None


def _has_sharp_sides(lab: Image, corners: Quad) -> bool:
    """Whether the colour changes at once along every side: where the sheet ends it does, at the edge of a shadow on it little by little."""
    high, wide = lab.shape[:2]
    middle = corners.mean(axis=0)
    for begin, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = end - begin
        out = np.array((along[1], -along[0])) / max(float(np.linalg.norm(along)), 1e-6)
        out *= math.copysign(1.0, float(out @ (begin - middle)))
        points = begin + np.linspace(0.1, 0.9, _PLACES)[:, None] * along
        near, far = (_change(lab, points, reach * out) for reach in _EDGE)
        beyond = points + _EDGE[1] * out
        inside = (beyond >= 0).all(axis=1) & (beyond < (wide, high)).all(axis=1)
        if inside.mean() <= 0.5:
            continue
        at_once, in_all = float(np.median(near[inside])), float(np.median(far[inside]))
        if in_all >= _LIKE_PAPER and at_once < _SHARP * in_all:
            return False
    return True


def _change(lab: Image, points: NDArray[Any], out: NDArray[Any]) -> NDArray[np.float32]:
    """How much the colour differs between the two sides of each point."""
    limit = np.array(lab.shape[1::-1]) - 1
    inner, outer = (np.clip((points + way * out).round(), 0, limit).astype(np.intp) for way in (-1, 1))
    colours = (lab[at[:, 1], at[:, 0]].astype(np.float32) for at in (inner, outer))
    return np.asarray(np.linalg.norm(np.subtract(*colours), axis=1), np.float32)


def _refined(rough: Quad, outline: NDArray[np.float32], side: int) -> Quad | None:
    """Each side fitted to the outline's points near it, away from the corners, which may be curled; the corners where the sides meet.

    The outline runs through the middles of the page's last pixels; its sides lie a little further out.
    """
    lines = []
    middle = rough.mean(axis=0)
    for i in range(4):
        begin, along = rough[i], rough[(i + 1) % 4] - rough[i]
        length = float(np.linalg.norm(along))
        along /= max(length, 1e-6)
        at = (outline - begin) @ along / max(length, 1e-6)
        off = np.abs((outline - begin) @ np.array((-along[1], along[0])))
        points = outline[(at > 0.08) & (at < 0.92) & (off < _NEAR * side)]
        if len(points) < 10:
            return None
        vx, vy, x, y = cv2.fitLine(points, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel().tolist()
        away = math.copysign(_TO_EDGE, vy * (x - middle[0]) - vx * (y - middle[1]))
        lines.append((vy, -vx, vy * x - vx * y + away))
    corners = []
    for i in range(4):
        (a, b, c), (d, e, f) = lines[i - 1], lines[i]
        across = a * e - b * d
        if abs(across) < 0.2:  # sides that are nearly parallel meet nowhere
            return None
        corners.append(((c * e - b * f) / across, (a * f - c * d) / across))
    return np.array(corners, np.float32)


def _from_top_left(corners: Quad) -> Quad:
    """Clockwise from the corner nearest to the top left."""
    middle = corners.mean(axis=0)
    order = np.argsort(np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0]))
    turned = corners[order]
    return np.roll(turned, -int(np.argmin(turned.sum(axis=1))), axis=0)
