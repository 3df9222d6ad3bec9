"""Text lines outside the tables of a level page: where the detector looks, under seals too, and what it finds in parts."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np

from extractor import crops, lighting, rulings, seals
from extractor.crops import Line
from extractor.levelling import Level
from extractor.ocr import Image, OcrEngine, Quad
from extractor.pieces import bands
from extractor.rulings import Mask
from extractor.textlines import Area

_STRIP_MARGIN = 4.0  # millimetres of paper above and below what lies under coloured ink
_AROUND = 12  # pixels around the ink of a region; the detector wants some paper
_EMPTY, _HARDLY = 60.0, 0.004
"""Millimetres of a page that are left out where they are empty, for amid so much paper the detector sees no single line; the share of a
row's pixels that may be ink there."""
_LEVEL = 0.7  # of the lower one's height, by which two lines stand beside each other
_ALIKE = 0.6  # of the higher one's height: lines much lower than that are no parts of one line
_SHARED = 0.3, 0.1
"""Of a line's height, how wide what two parts of one line have in common is at least, and the ink in it."""

_PALE, _LARGE = (0.27, 0.6), 1.8
"""Of the contrast that most lines have with their paper; small print in a soft picture has 0.5 and more, a background 0.2 and less.

The second for letters so much higher than most lines: titles have 0.9 and more, letters across a page up to 0.53.
"""


def lines(level: Level, taken: Sequence[Area], ocr: OcrEngine) -> list[Quad]:
    """The text lines outside the tables, with the coloured ink taken away where seals or watermarks lie on them."""
    regions = list(_regions(level, taken))
    page = lighting.blanked(level.image, taken) if regions else level.image
    quads = [
        quad
        for region in regions
        for quad in detected(region.of(page), region, ocr)
        if not _lies_on(crops.around(quad, page.shape), taken)
    ]
    places = [crops.around(quad, level.image.shape) for quad in quads]
    veils = [*level.opaque, *(place for place in places if place.size and seals.is_veiled(place.of(level.image)))]
    veils = [veil for veil in veils if not any(veil.meets(area) for area in taken)]
    unveiled = []
    for strip in _strips(level, veils, places):
        for quad in detected(seals.suppressed(strip.of(level.image)), strip, ocr):
            place = crops.around(quad, level.image.shape)
            if any(place.meets(veil) for veil in veils):
                unveiled.append(quad)
    veiled = [any(place.meets(veil) for veil in veils) for place in places]
    kept = [
        quad
        for quad, under in zip(quads, veiled, strict=True)
        if not any(
            _same(quad, other) and (under or cv2.contourArea(quad) <= cv2.contourArea(other)) for other in unveiled
        )
    ]
    return _whole(kept + unveiled, level.text)


def printed(lines: Sequence[Line]) -> list[Line]:
    """The lines without those far paler than most, whatever their colour: letters of a background, and what shines through.

    Large letters are the darker of two prints in a soft picture; those of a background are the paler.
    """
    if not lines:
        return []
    shown = [_contrast(line.pixels) for line in lines]
    usual, height = float(np.median(shown)), float(np.median([line.area.height for line in lines]))
    return [
        line
        for line, contrast in zip(lines, shown, strict=True)
        if line.sealed or contrast >= _PALE[line.area.height > _LARGE * height] * usual
    ]


def _contrast(pixels: Image) -> float:
    ink, paper = np.percentile(pixels[::2, ::2].min(axis=2), (3, 90))
    return float(paper - ink)


def beside(quad: Quad, letters: Sequence[Area], shape: tuple[int, ...]) -> Quad:
    """The line without the part of it that is one of `letters`, which stand in columns: a label's first letters, one below the other."""
    for letter in letters:
        place = crops.around(quad, shape)
        level = min(place.bottom, letter.bottom) - max(place.top, letter.top) >= _LEVEL * letter.height
        across = quad[1] - quad[0], quad[2] - quad[3]
        rest = place.right - letter.right, letter.left - place.left
        if level and letter.left <= place.left < letter.right and rest[0] > _ALIKE * letter.height:
            share = (letter.right - place.left) / place.width
            quad = np.stack((quad[0] + share * across[0], quad[1], quad[2], quad[3] + share * across[1]))
        elif level and letter.left < place.right <= letter.right and rest[1] > _ALIKE * letter.height:
            share = (place.right - letter.left) / place.width
            quad = np.stack((quad[0], quad[1] - share * across[0], quad[2] - share * across[1], quad[3]))
    return quad


def detected(picture: Image, region: Area, ocr: OcrEngine) -> list[Quad]:
    """The engine's lines in the picture of `region`, in pixels of the page."""
    return [quad + np.array((region.left, region.top), np.float32) for quad in ocr.detect(picture)]


def _whole(quads: Sequence[Quad], ink: Mask) -> list[Quad]:
    """The lines, with one for every two that share some of their letters: the detector gave such a line in two parts."""
    found = list(quads)
    places = [crops.around(quad, ink.shape) for quad in found]
    for i in range(len(found)):
        for k in range(i + 1, len(found)):
            if _are_parts(places[i], places[k], ink):
                left, right = sorted((found[i], found[k]), key=lambda quad: float(quad[:, 0].min()))
                found[k] = np.stack((left[0], right[1], right[2], left[3]))
                places[k] = crops.around(found[k], ink.shape)
                places[i] = Area(0, 0, 0, 0)
                break
    return [quad for quad, place in zip(found, places, strict=True) if place.size]


def _are_parts(one: Area, other: Area, ink: Mask) -> bool:
    left, right = sorted((one, other), key=lambda area: area.left)
    shared = left.common(right)
    low, high = sorted((left.height, right.height))
    if shared.width < _SHARED[0] * low or shared.height < _LEVEL * low or low < _ALIKE * high:
        return False
    if right.right <= left.right or 2 * shared.width > min(left.width, right.width):
        return False  # one within the other, or the same again
    columns = int(np.count_nonzero(shared.of(ink).any(axis=0)))
    return columns >= _SHARED[1] * low


def _strips(level: Level, veils: Sequence[Area], lines: Sequence[Area]) -> Iterator[Area]:
    """Bands of the page that hold `veils`, over its whole width and so high that they cut none of the `lines`."""
    reach = round(_STRIP_MARGIN * rulings.millimetre(level.image.shape))
    strips: list[Area] = []
    for veil in sorted(veils, key=lambda area: area.top):
        top, bottom = veil.top - reach, veil.bottom + reach
        met = [line for line in lines if line.top < bottom and top < line.bottom]
        top = min([top, *(line.top - reach for line in met if line.top < top)])
        bottom = max([bottom, *(line.bottom + reach for line in met if line.bottom > bottom)])
        strip = Area(0, top, level.whole.right, bottom).common(level.whole)
        if strips and strip.top <= strips[-1].bottom:
            strips[-1] = Area(0, strips[-1].top, strip.right, max(strips[-1].bottom, strip.bottom))
        else:
            strips.append(strip)
    yield from strips


def _regions(level: Level, taken: Sequence[Area]) -> Iterator[Area]:
    """Where text may stand outside the tables: the bands of the page above, between, below and beside them that hold any ink."""
    dark = level.text
    if taken:
        dark = dark.copy()
        rim = round(rulings.millimetre(dark.shape))
        for area in taken:
            area.expanded(rim, rim).common(level.whole).of(dark)[:] = 0
    covered = sorted({0, level.whole.bottom} | {edge for area in taken for edge in (area.top, area.bottom)})
    least = max(1, round(2 * rulings.millimetre(dark.shape) ** 2))
    for top, bottom in pairwise(covered):
        band = Area(0, top, level.whole.right, bottom)
        inked = band.of(dark)
        if np.count_nonzero(inked) < least:
            continue
        ys, xs = (np.flatnonzero(inked.any(axis=axis)) for axis in (1, 0))
        first, last = int(ys[0]), int(ys[-1]) + 1
        for high, low in _inked(inked[first:last], least, round(_EMPTY * rulings.millimetre(dark.shape))):
            around = Area(int(xs[0]), top + first + high, int(xs[-1]) + 1, top + first + low)
            yield around.expanded(_AROUND, _AROUND if (high, low) == (0, last - first) else 4 * _AROUND).common(band)


def _inked(band: Mask, least: int, gap: int) -> Iterator[tuple[int, int]]:
    """The rows that are left when empty parts of a band higher than `gap` are taken out; its edges may be dark from side to side."""
    rim = band.shape[1] // 50
    sums = np.count_nonzero(band[:, rim : band.shape[1] - rim], axis=1)
    high = 0
    for start, end in bands(sums <= _HARDLY * band.shape[1]):
        if end - start >= gap and sums[start:end].sum() < least:
            if start > high:
                yield high, start
            high = end
    if high < len(band):
        yield high, len(band)


def _lies_on(place: Area, taken: Sequence[Area]) -> bool:
    """Whether what was found there is a table's blank place."""
    return any(2 * place.common(area).size > place.size for area in taken)


def _same(one: Quad, other: Quad) -> bool:
    """Whether two lines are the same text: the smaller one lies in the larger one by more than half.

    Of lines that slant, the upright rectangles around them have as much in common with those of their neighbours.
    """
    shared, _ = cv2.intersectConvexConvex(one, other)
    return bool(shared > 0.5 * min(cv2.contourArea(one), cv2.contourArea(other)))
