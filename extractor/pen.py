"""Notes by hand in blue ink, told from print by hue, size and place, and taken off a page before it is read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor.ocr import Image
from extractor.rulings import Mask, millimetre
from extractor.textlines import Area

_BLUE, _BLUISH = 11, 6
"""Levels by which blue exceeds red and green, on paper made white: in a pen's ink 17 and more, in print up to 3."""
_LEAST = 0.00004  # of a page's pixels; less blue is no note
_STRIPES = (20.0, 6.0)
"""Millimetres, over which colours are evened out, and the levels by which half of a page is off that: on paper up to 5."""
_MOST = 0.35  # of a page's ink; where more of it is blue, blue is the colour of its print
_JOIN, _CLOSE = 3.0, 1.5  # millimetres between the strokes of one note, and of one of several notes that stand close
_DOTS = 0.15  # of the ink of such notes may be in strokes no larger than print
_HIGH = (3.0, 14.0)  # millimetres, the height of a note
_LONGEST = 60.0  # millimetres, its length; longer lines are print
_LARGER = 1.2  # times the height of the page's letters: people write larger than printers print
_PRINTED = (1.2, 8.0)  # millimetres, the height of what may be a letter of print
_TALL = 80  # per cent of those pieces are no taller than a letter; many are strokes of one
_THICK, _SOLID = 1.2, 0.03
"""Millimetres, and of the ink of a note: logos and emblems have more strokes as thick as that."""
_BESIDE = 6.0  # millimetres from a note: smaller pieces of its ink so near are its dots and strokes
_APART = 10.0  # millimetres from an emblem in blue, within which blue ink belongs to that
_RULE = 10.0  # millimetres; no stroke of a note is so long and straight
_SAMPLED_SOLID = 0.4  # the same for the sample below, which is too coarse for more
_SAMPLED = 3  # of so many rows and columns one shows whether a page has any blue
_COLON = re.compile(r"[:：]\s*$")
_BLANK_DATE = re.compile(r"\D*年\D*月\D*")
_FAR, _WIDE = 15.0, 60.0  # millimetres from a label to what was written behind it, and to what was printed there


@dataclass(frozen=True, slots=True)
class Notes:
    """The ink of a page's notes by hand, with its soft edges, and where each of them lies."""

    ink: Mask
    areas: tuple[Area, ...]


def notes_on(image: Image, dark: Mask, stamps: Sequence[Area] = ()) -> Notes | None:
    """What is written in blue ink on a page of black print, outside its `stamps`; None where that is nothing. `dark` is the page's ink."""
    size = max(1, image.shape[1] // _SAMPLED), max(1, image.shape[0] // _SAMPLED)
    sample = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    paper = np.maximum(np.median(sample[::3, ::3].reshape(-1, 3), axis=0), 64.0)
    coloured = np.where(_blue(sample, paper) > _BLUE, 255, 0).astype(np.uint8)
    if cv2.countNonZero(coloured) < _LEAST * coloured.size or (near := _around(coloured)) is None:
        return None
    if _is_striped(sample):
        return None
    part = near.common(Area(0, 0, dark.shape[1], dark.shape[0]))
    inked = part.of(dark).copy()
    for stamp in stamps:
        inside = stamp.common(part).shifted(-part.left, -part.top)
        if inside.size:
            inside.of(inked)[:] = 0
    unit = millimetre(dark.shape)
    hue = _hue(_blue(np.ascontiguousarray(part.of(image)), paper), inked)
    hue[_rules(inked, round(_RULE * unit)) > 0] = 0
    written = np.where(hue > _BLUE, inked, 0).astype(np.uint8)
    areas = _written(written, _LARGER * _letters(dark, unit), unit)
    if not areas or sum(cv2.countNonZero(area.of(written)) for area in areas) > _MOST * cv2.countNonZero(dark):
        return None
    own = np.zeros_like(inked)
    for area in areas:
        area.of(own)[:] = np.where(area.of(hue) > _BLUISH, area.of(inked), 0)
    black = np.where((inked > 0) & (own == 0), 255, 0).astype(np.uint8)
    ink = np.zeros_like(dark)
    part.of(ink)[:] = cv2.subtract(cv2.dilate(own, np.ones((5, 5), np.uint8)), black)
    return Notes(ink, tuple(area.shifted(part.left, part.top) for area in areas))


def _is_striped(sample: Image) -> bool:
    """Whether colours run over all of the paper, as on a photographed screen: print is as blue there as a pen's ink."""
    red, green, blue = (channel.astype(np.float32) for channel in cv2.split(sample))
    hue = blue - np.maximum(red, green)
    side = round(_STRIPES[0] * millimetre(sample.shape))
    return bool(np.median(np.abs(hue - cv2.blur(hue, (side, side)))) > _STRIPES[1])


def _rules(dark: Mask, length: int) -> Mask:
    """The straight rules in the ink: where a note crosses one, the rule is of the note's colour, too."""
    ways = (cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(size, np.uint8)) for size in ((1, length), (length, 1)))
    return np.asarray(cv2.bitwise_or(*ways), np.uint8)


def _around(coloured: Mask) -> Area | None:
    """Where notes may be, with as much paper around it as tells them from emblems; `coloured` is the blue of a sampled page."""
    unit = millimetre(coloured.shape)
    groups = [
        area
        for area, solid in _groups(coloured, unit, _SAMPLED_SOLID)
        if not solid and area.height >= _HIGH[0] / 2 * unit
    ]
    if not groups:
        return None
    found, rim = Area.around(groups), round((_APART + _JOIN) * unit)
    left, top, right, bottom = (
        _SAMPLED * edge for edge in (found.left - rim, found.top - rim, found.right + rim, found.bottom + rim)
    )
    return Area(left, top, right, bottom)


def without(image: Image, notes: Notes) -> Image:
    """The page with its notes' ink turned into the paper around it."""
    clear = image.copy()
    page = Area(0, 0, image.shape[1], image.shape[0])
    rim = round(_JOIN * millimetre(image.shape))
    for area in notes.areas:
        around = area.expanded(rim, rim).common(page)  # a short stroke may fill its own area
        paper = around.of(image)[around.of(notes.ink) == 0]
        part, ink = area.of(clear), area.of(notes.ink)
        part[ink > 0] = np.percentile(paper, 75, axis=0).astype(np.uint8) if paper.size else 255
    return clear


def _blue(image: Image, paper: NDArray[np.float64]) -> Mask:
    """By how many levels blue exceeds red and green, with the colour of the light taken out."""
    tables = [np.clip(np.arange(256) * (255 / level), 0, 255).astype(np.uint8) for level in paper]
    r, g, b = (cv2.LUT(channel, table) for channel, table in zip(cv2.split(image), tables, strict=True))
    return np.asarray(cv2.subtract(b, cv2.max(r, g)), np.uint8)


def _hue(blue: Mask, dark: Mask) -> Mask:
    """How blue the ink is around each pixel: single pixels at a stroke's edge say little, as colours are stored coarsely."""
    weight = (dark > 0).astype(np.float32)
    inked = cv2.boxFilter(weight, -1, (5, 5))
    return np.asarray(cv2.boxFilter(blue * weight, -1, (5, 5)) / np.maximum(inked, np.float32(0.01)), np.uint8)


def _letters(black: Mask, unit: float) -> float:
    """How high the letters of the page's print are, in pixels."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(black)
    heights = stats[1:count, cv2.CC_STAT_HEIGHT]
    heights = heights[(heights >= _PRINTED[0] * unit) & (heights <= _PRINTED[1] * unit)]
    return float(np.percentile(heights, _TALL)) if heights.size else 0.0


def _written(written: Mask, least: float, unit: float) -> list[Area]:
    """Where the notes lie: groups of strokes larger than print, others of a note's height on the same page, the pieces beside them."""
    notes: list[Area] = []
    pieces: list[Area] = []
    emblems: list[Area] = []
    for area, is_emblem in _groups(written, unit, _SOLID):
        if not is_emblem:
            (notes if area.height >= _HIGH[0] * unit else pieces).append(area)
        elif close := _apart(area, written, least, unit):
            notes += close
        else:
            emblems.append(area)
    notes = [note for note in notes if not _is_near(note, emblems, _APART * unit)]
    if not any(note.height >= least for note in notes):
        return []
    notes += [piece for piece in pieces if _is_near(piece, notes, _BESIDE * unit)]
    rim = round(0.5 * unit)
    return [note.expanded(rim, rim).common(Area(0, 0, written.shape[1], written.shape[0])) for note in notes]


def _apart(group: Area, written: Mask, least: float, unit: float) -> list[Area]:
    """The notes that make up a group too large for one, where it is several that stand close: each larger than print, but for dots."""
    found = [
        (area.shifted(group.left, group.top), large) for area, large in _groups(group.of(written), unit, _SOLID, _CLOSE)
    ]
    small = sum(cv2.countNonZero(area.of(written)) for area, _ in found if area.height < least)
    several = not any(large for _, large in found) and small <= _DOTS * cv2.countNonZero(group.of(written))
    return [area for area, _ in found] if several else []


def _groups(written: Mask, unit: float, most: float, join: float = _JOIN) -> Iterator[tuple[Area, bool]]:
    """Strokes that lie close together, and whether they are an emblem or long lines of print for their size and thickness."""
    reach, broad = (max(2, round(length * unit)) for length in (join, _THICK))
    joined = cv2.morphologyEx(written, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    thick = cv2.morphologyEx(written, cv2.MORPH_OPEN, np.ones((broad, broad), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    for index, (left, top, width, height, _) in enumerate(stats[1:count].tolist(), 1):
        area = Area(left, top, left + width, top + height)
        own = np.where(labels[area.top : area.bottom, area.left : area.right] == index, area.of(written), 0)
        if ink := np.count_nonzero(own):
            solid = np.count_nonzero(own & area.of(thick)) > most * ink
            yield area, bool(solid or height > _HIGH[1] * unit or width > _LONGEST * unit)


def _is_near(area: Area, others: Sequence[Area], reach: float) -> bool:
    wide = area.expanded(round(reach), round(reach))
    return any(wide.meets(other) for other in others)


def filled_in(
    notes: Sequence[Area], words: Sequence[tuple[Area, str]], unit: float
) -> Iterator[tuple[Area, int | None]]:
    """Where a note is no remark beside the print but what the form asked for: behind a label, or in a date left blank.

    Each place with the word that it takes the place of, if any; `unit` is the pixels to a millimetre.
    """
    for index, (word, text) in enumerate(words):
        level = sorted((note for note in notes if _is_level(note, word)), key=lambda note: note.left)
        if _BLANK_DATE.fullmatch(text):
            reach = word.expanded(round(_FAR * unit), 0)
            if inside := [note for note in level if reach.left <= note.left and note.right <= reach.right]:
                yield Area.around([word, *inside]), index
        elif _COLON.search(text) and not any(
            0 <= other.left - word.left <= _WIDE * unit and _is_level(other, word)
            for other, _ in words
            if other is not word
        ):
            behind: list[Area] = []
            for note in level:
                if -2 * unit <= note.left - (behind[-1] if behind else word).right <= _FAR * unit:
                    behind.append(note)
            if behind:
                yield Area.around(behind), None


def _is_level(note: Area, word: Area) -> bool:
    common = min(note.bottom, word.bottom) - max(note.top, word.top)
    return common > 0.5 * min(note.height, word.height)
