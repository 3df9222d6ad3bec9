"""Uneven light made even: a page half in shadow is read as if it lay in the sun."""

from collections.abc import Sequence

import cv2
import numpy as np

from extractor import shading
from extractor.ocr import Image
from extractor.rulings import millimetre
from extractor.textlines import Area

_COARSE = 1.0  # pixels to a millimetre of the picture in which light is measured
_INK = 15  # millimetres; what is dark and narrower than this is ink, what is wider is shade
_SOFT = 4.0  # millimetres, over which light is taken to change; where it changes sooner, a little of the shade stays
_UNEVEN = 0.9  # of the brightest paper's brightness, below which the darkest is in shadow
_COLOURED = 0.6  # of a pixel's strongest colour, below which its weakest makes it no paper
_LARGE = 7  # millimetres; a smaller coloured area is ink, or noise in the dark
_MOST = 4.0  # times by which shade is made brighter; deeper shade is no paper, but a lid or a table


def evened(image: Image) -> Image:
    """The page as bright everywhere as where its paper is brightest; itself where it is lit evenly."""
    step = round(millimetre(image.shape) / _COARSE)
    if step < 2:
        return image
    red, green, blue = cv2.split(np.ascontiguousarray(image[::step, ::step]))
    light = cv2.max(cv2.max(red, green), blue)
    coloured = (cv2.min(cv2.min(red, green), blue) < _COLOURED * light).astype(np.uint8)
    coloured = cv2.morphologyEx(coloured, cv2.MORPH_OPEN, np.ones((_LARGE, _LARGE), np.uint8))
    # A gold seal, a shaded cell: no shade, and as well lit as the paper around it.
    hidden = (coloured > 0) | shading.tones(light)
    ground = shading.closed(light, _INK)
    light[hidden] = shading.paper_under(ground, 1.0 - hidden)[hidden]
    light = shading.closed(light, _INK)
    dark, bright = (shading.level(light, share) for share in (0.02, 0.95))
    if dark >= _UNEVEN * bright:
        return image
    gain = np.clip(bright / np.maximum(cv2.GaussianBlur(light.astype(np.float32), (0, 0), _SOFT), 1.0), 1.0, _MOST)
    height, width = image.shape[:2]
    gain = cv2.resize(gain.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(image, cv2.merge((gain, gain, gain)), dtype=cv2.CV_8U), np.uint8)


def blanked(image: Image, areas: Sequence[Area]) -> Image:
    """The page with these areas as if nothing were printed there, as bright as its paper is around; itself where there are none.

    A patch that is brighter than the paper would pass for something itself.
    """
    if not areas:
        return image
    height, width = image.shape[:2]
    step = max(1, round(millimetre(image.shape) / _COARSE))
    # Every second pixel will do: they are averaged all the same.
    coarse = cv2.resize(image[::2, ::2], (max(1, width // step), max(1, height // step)), interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(shading.closed(coarse, _INK), (0, 0), _SOFT)
    blank = image.copy()
    for area in areas:
        place = area.common(Area(0, 0, width, height))
        if place.size:
            part = paper[place.top // step : place.bottom // step + 1, place.left // step : place.right // step + 1]
            place.of(blank)[:] = cv2.resize(part, (place.width, place.height), interpolation=cv2.INTER_LINEAR)
    return blank
