"""What is written on a seal or stamp: the arc of a round one unrolled into a line, the lines of a rectangular one set level."""

import re
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor import crops
from extractor.ocr import Image, OcrEngine, Reading
from extractor.rulings import Grey
from models.layout import Mark, MarkKind
from models.text import to_simplified

_LEGIBLE = 0.6
_CHINESE = re.compile(r"[一-鿿]{2}")
_RADIUS = 180  # pixels; every round imprint is looked at in this size
_BANDS = ((0.94, 0.52), (0.90, 0.60))  # of the radius: where the letters of the arc stand, feet inwards
_LINE = (0.32, 0.82, 0.66)  # of the radius, below the middle: from, to, and as far to each side
_GAP = 0.3  # of a letter's height is left between the letters of an arc
_FAINT = 0.02  # of a band's height is inked where a letter stands
_EXPECTED_GAP = 20  # degrees; the arc of a name is open at the bottom


def with_texts(marks: Sequence[Mark], image: Image, points_per_pixel: float, ocr: OcrEngine) -> tuple[Mark, ...]:
    """The marks with what can be read on their seals and stamps; `image` is the page as displayed, best with 200 dots per inch.

    A round blue one that says nothing in Chinese was a logo, and is left out.
    """
    found = []
    for mark in marks:
        if mark.kind is not MarkKind.HANDWRITING:
            ink = _ink(_patch(mark, image, points_per_pixel), mark.colour)
            mark = replace(mark, text=_text(ink, mark.shape, ocr))
            if mark.colour == "blue" and mark.shape != "rectangle" and not _CHINESE.search(mark.text):
                continue
        found.append(mark)
    return tuple(found)


def _patch(mark: Mark, image: Image, points_per_pixel: float) -> Image:
    box = mark.box.expanded(0.02 * max(mark.box.width, mark.box.height))
    edges = [max(0, round(edge / points_per_pixel)) for edge in (box.x0, box.top, box.x1, box.bottom)]
    return np.ascontiguousarray(image[edges[1] : edges[3], edges[0] : edges[2]])


def _ink(patch: Image, colour: str) -> Grey:
    """The imprint alone, dark on white: coloured ink by its colour, so that black print under it is gone."""
    if patch.size == 0:
        return np.full((1, 1), 255, np.uint8)
    if colour == "grey":
        return np.asarray(cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY), np.uint8)
    r, g, b = cv2.split(patch)
    depth = cv2.subtract(r, cv2.max(g, b)) if colour == "red" else cv2.subtract(b, cv2.max(r, g))
    top = max(40.0, float(np.percentile(depth, 97)))
    return np.asarray(255 - np.clip(depth.astype(np.float32) * (255 / top), 0, 255), np.uint8)


def _text(ink: Grey, shape: str, ocr: OcrEngine) -> str:
    if min(ink.shape) < 24:
        return ""
    return _round(ink, ocr) if shape in ("round", "oval") else _lines(ink, ocr)


def _round(ink: Grey, ocr: OcrEngine) -> str:
    """The name on the arc, clockwise, and then the line below the middle; an oval is read as the circle that it was squeezed from."""
    disc = np.asarray(cv2.resize(ink, (2 * _RADIUS, 2 * _RADIUS), interpolation=cv2.INTER_CUBIC), np.uint8)
    start = _opening(_unrolled(disc, _BANDS[0], 0.0))
    strips = [_closed_up(_unrolled(disc, band, start)) for band in _BANDS]
    upright = cv2.getRotationMatrix2D((_RADIUS, _RADIUS), start, 1.0)
    level = cv2.warpAffine(disc, upright, (2 * _RADIUS, 2 * _RADIUS), borderValue=255)
    low, high, side = (round(share * _RADIUS) for share in _LINE)
    line = level[_RADIUS + low : _RADIUS + high, _RADIUS - side : _RADIUS + side]
    found = ocr.recognise([_rgb(picture) for picture in (*strips, _trimmed(line))])
    return " ".join(filter(None, (_legible(max(found[:2], key=lambda r: r.confidence)), _legible(found[2]))))


def _unrolled(disc: Grey, band: tuple[float, float], start: float) -> Grey:
    """The ring between two shares of the radius as a strip, clockwise from `start` degrees past the bottom."""
    outer, inner = (share * _RADIUS for share in band)
    width, height = round(np.pi * (outer + inner)), round(outer - inner)
    angle = np.radians(start + 90) + np.linspace(0, 2 * np.pi, width, endpoint=False)[None, :]
    radius = np.linspace(outer, inner, height)[:, None]
    across, down = _RADIUS + radius * np.cos(angle), _RADIUS + radius * np.sin(angle)
    strip = cv2.remap(disc, across.astype(np.float32), down.astype(np.float32), cv2.INTER_CUBIC, borderValue=255)
    return np.asarray(strip, np.uint8)


def _opening(strip: Grey) -> float:
    """The middle of the arc's widest gap, in degrees past the bottom: where a name neither begins nor ends."""
    empty = ~_inked(strip)
    if empty.all() or not empty.any():
        return 0.0
    twice = np.concatenate((empty, empty)).astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], twice, [0]))))
    begin, end = max(zip(edges[::2], edges[1::2], strict=True), key=lambda run: run[1] - run[0])
    degrees = 360 / len(empty)
    if (end - begin) * degrees < _EXPECTED_GAP:
        return 0.0
    middle = (begin + end) / 2 * degrees % 360
    return float(middle if middle <= 180 else middle - 360)


def _inked(strip: Grey) -> NDArray[np.bool_]:
    """Which columns hold part of a letter."""
    dark = strip < 140
    return np.asarray(dark.mean(axis=0) > _FAINT)


def _closed_up(strip: Grey) -> Grey:
    """The strip with the letters moved together, as they stand on a line."""
    inked = _inked(strip)
    most = round(_GAP * strip.shape[0])
    since = np.zeros(len(inked), int)
    for i in range(1, len(inked)):
        since[i] = 0 if inked[i] else since[i - 1] + 1
    kept = strip[:, since <= most]
    return np.asarray(cv2.copyMakeBorder(kept, 4, 4, 8, 8, cv2.BORDER_CONSTANT, value=255), np.uint8)


def _lines(ink: Grey, ocr: OcrEngine) -> str:
    """The lines inside the frame, which is turned level first."""
    dark = cv2.morphologyEx((ink < 140).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    contours, _ = cv2.findContours(dark, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return ""
    _, _, angle = cv2.minAreaRect(max(contours, key=cv2.contourArea))
    angle = (angle + 45) % 90 - 45  # which of its sides the angle is of differs between versions
    high, wide = ink.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
    level = _rgb(np.asarray(cv2.warpAffine(ink, turn, (wide, high), borderValue=255), np.uint8))
    quads = ocr.detect(level)
    found = ocr.recognise([crops.straightened(level, quad) for quad in quads]) if quads else []
    return " ".join(filter(None, map(_legible, found)))


def _trimmed(line: Grey) -> Grey:
    """The line without the empty paper around it."""
    inked = _inked(line)
    if not inked.any():
        return line
    columns = np.flatnonzero(inked)
    return np.asarray(line[:, max(0, columns[0] - 8) : columns[-1] + 9], np.uint8)


def _legible(reading: Reading) -> str:
    text = to_simplified("".join(reading.text.split()))
    return text if reading.confidence >= _LEGIBLE and len(text) > 1 else ""


def _rgb(grey: Grey) -> Image:
    return np.ascontiguousarray(np.repeat(np.asarray(grey, np.uint8)[:, :, None], 3, axis=2))
