"""Scans and photos: a picture of a page -> words and tables, upright, with how sure each word is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from extractor import crops, orientation, rulings, seals, tables, textlines
from extractor.levelling import Level, Placing, levelled
from extractor.ocr import Image, OcrEngine, Quad, Reading
from extractor.textlines import Area
from models.errors import OcrFailed, ReviewError
from models.layout import Box, Origin, Ruling, Table, Word

_WORKING_LENGTH = 842.0  # points; grids are sought at the size of A4, whatever resolution the picture states
_PROBES = 6
_LEAST_CONFIDENCE = 0.25  # free text below it is a signature or an ornament; in a table cell every reading is kept
_SEALED = 0.02  # the share of red pixels from which a line is read a second time
_MARGIN = 0.15  # of a line's height, the paper left around it
_AROUND = 12  # pixels around the ink of a region; the detector wants some paper
_LEAST_CELL = 6.0  # points; no text fits a narrower cell, the gap between the lines of a double frame does
_FRAME = 0.7  # a grid of which one cell takes a larger share is a frame around a page


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A picture's content in points of the page as given after the clockwise turn by `rotation`.

    `skew` is the angle that was taken out for reading (degrees, clockwise positive); the boxes have it again, so they fit the
    turned, still skewed picture. `words` are those outside the tables. `notes` can hold `seal`.
    """

    width: float
    height: float
    words: tuple[Word, ...]
    tables: tuple[Table, ...]
    rotation: int
    skew: float
    notes: tuple[str, ...]


def read_scan(image: Image, points_per_pixel: float, ocr: OcrEngine) -> ScannedPage:
    """Reads one page. Raises OcrFailed where the engine breaks or answers nonsense; an empty page is a page without words."""
    try:
        return _read_scan(image, points_per_pixel, ocr)
    except ReviewError:
        raise
    except Exception as error:
        raise OcrFailed from error


def _read_scan(image: Image, points_per_pixel: float, ocr: OcrEngine) -> ScannedPage:
    turn = 0
    level = levelled(image)
    content = _read_level(level, ocr, must=False)
    if content is None:
        if turn := orientation.clockwise_turn(image, ocr):
            image = np.ascontiguousarray(np.rot90(image, -turn // 90))
            level = levelled(image)
        content = _read_level(level, ocr, must=True)
    found, words = content or ([], [])
    place = Placing(level.back, _scale(level), points_per_pixel)
    height, width = image.shape[:2]
    return ScannedPage(
        width=width * points_per_pixel,
        height=height * points_per_pixel,
        words=tuple(place.word(w) for w in words),
        tables=tuple(place.table(t) for t in found),
        rotation=turn,
        skew=level.skew,
        notes=("seal",) if level.stamps else (),
    )


def _read_level(level: Level, ocr: OcrEngine, *, must: bool) -> tuple[list[Table], list[Word]] | None:
    """The tables and free words at working scale; None where the page reads so badly that it may not be upright, unless it `must`."""
    scale = _scale(level)
    grids = [g for g in tables.find_grids(_rulings(level, scale)) if _is_table(g)]
    in_cells = list(_cell_lines(level, [_area(cell.box, scale) for grid in grids for cell in grid.cells]))
    if in_cells and not must:
        probes = sorted(in_cells, key=lambda line: line.area.width, reverse=True)[:_PROBES]
        if orientation.certainty(_readings(probes, ocr)) < orientation.READS_WELL:
            return None
    quads = _free_quads(level, [_area(grid.box, scale) for grid in grids], ocr)
    judged_by_quads = not must and not in_cells and bool(quads)
    if judged_by_quads and sum(map(crops.is_tall, quads)) > len(quads) / 2:
        return None
    free = [line for quad in quads for line in _free_lines(level, quad)]
    readings = _readings(in_cells + free, ocr)
    if judged_by_quads and orientation.certainty(readings) < orientation.READS_WELL:
        return None
    floors = [0.0] * len(in_cells) + [_LEAST_CONFIDENCE] * len(free)
    words = [
        Word(reading.text.strip(), _box(line.area, scale), reading.confidence, Origin.OCR)
        for line, reading, floor in zip(in_cells + free, readings, floors, strict=True)
        if reading.text.strip() and reading.confidence >= floor
    ]
    found, outside = tables.fill(grids, words)
    return list(found), list(outside)


@dataclass(frozen=True, slots=True)
class _Line:
    """A text line to be read: its place on the level page, its pixels, and whether a seal lies on it."""

    area: Area
    pixels: Image
    sealed: bool


def _line(level: Level, area: Area, pixels: Image) -> _Line:
    stamped = any(area.common(stamp).size for stamp in level.stamps)
    return _Line(area, pixels, stamped and float(seals.red(pixels).mean()) / 255 > _SEALED)


def _cell_lines(level: Level, cells: Sequence[Area]) -> Iterator[_Line]:
    for cell in textlines.lines_in(level.dark, [cell.common(level.whole) for cell in cells]):
        for area in cell.lines:
            margin = max(2, round(_MARGIN * area.height))
            yield _line(level, area, crops.cut(level.image, area, cell.inside, margin))


def _free_lines(level: Level, quad: Quad) -> Iterator[_Line]:
    """The detected line; a tall one on an upright page is a column of short lines, which are read one by one."""
    area = crops.around(quad, level.image.shape)
    if not area.size:
        return
    if crops.is_tall(quad):
        (column,) = textlines.lines_in(level.dark, [area])
        if len(column.lines) > 1:
            for part in column.lines:
                yield _line(
                    level, part, crops.cut(level.image, part, column.inside, max(2, round(_MARGIN * part.height)))
                )
            return
    yield _line(level, area, crops.straightened(level.image, quad))


def _free_quads(level: Level, taken: Sequence[Area], ocr: OcrEngine) -> list[Quad]:
    """The text lines outside the tables, and with the seals' ink taken away those under a seal."""
    quads: list[Quad] = []
    for region in _regions(level, taken):
        picture = region.of(level.image)
        if inner := [
            area.common(region).shifted(-region.left, -region.top) for area in taken if area.common(region).size
        ]:
            picture = picture.copy()
            for area in inner:
                area.of(picture)[:] = 255
        quads.extend(_detected(picture, region, ocr))
    for stamp in level.stamps:
        region = stamp.expanded(stamp.width // 2, stamp.height // 8).common(level.whole)
        if any(region.common(area).size for area in taken):
            continue
        under = [q for q in _detected(seals.suppressed(region.of(level.image)), region, ocr) if _meets(q, stamp, level)]
        places = [crops.around(quad, level.image.shape) for quad in under]
        quads = [
            q for q in quads if not any(_same(crops.around(q, level.image.shape), place) for place in places)
        ] + under
    return quads


def _regions(level: Level, taken: Sequence[Area]) -> Iterator[Area]:
    """Where text may stand outside the tables: the bands of the page above, between, below and beside them that hold any ink."""
    dark = level.dark
    if taken:
        dark = dark.copy()
        rim = round(rulings.millimetre(dark.shape))
        for area in taken:
            area.expanded(rim, rim).common(level.whole).of(dark)[:] = 0
    covered = sorted({0, level.whole.bottom} | {edge for area in taken for edge in (area.top, area.bottom)})
    least = round(2 * rulings.millimetre(dark.shape) ** 2)
    for top, bottom in pairwise(covered):
        band = Area(0, top, level.whole.right, bottom)
        inked = band.of(dark)
        if np.count_nonzero(inked) < least:
            continue
        ys, xs = (np.flatnonzero(inked.any(axis=axis)) for axis in (1, 0))
        around = Area(int(xs[0]), top + int(ys[0]), int(xs[-1]) + 1, top + int(ys[-1]) + 1)
        yield around.expanded(_AROUND, _AROUND).common(band)


def _detected(picture: Image, region: Area, ocr: OcrEngine) -> list[Quad]:
    """The engine's lines in the picture of `region`, on the page; raises OcrFailed where they are no quadrilaterals."""
    quads = [np.asarray(quad, np.float32) for quad in ocr.detect(np.ascontiguousarray(picture))]
    if any(quad.shape != (4, 2) or not np.isfinite(quad).all() for quad in quads):
        raise OcrFailed
    return [quad + np.array((region.left, region.top), np.float32) for quad in quads]


def _readings(lines: Sequence[_Line], ocr: OcrEngine) -> list[Reading]:
    """A reading for each line; where a seal lies on it, it is read with and without the seal's colour."""
    again = [line for line in lines if line.sealed]
    pixels = [line.pixels for line in lines] + [seals.suppressed(line.pixels) for line in again]
    readings = list(ocr.recognise([np.ascontiguousarray(p) for p in pixels]))
    if len(readings) != len(pixels):
        raise OcrFailed
    second = iter(readings[len(lines) :])
    return [seals.agreed(r, next(second)) if line.sealed else r for line, r in zip(lines, readings, strict=False)]


def _is_table(grid: tables.Grid) -> bool:
    """Whether the grid holds a table's cells and is not the border of a certificate or a frame around a photo."""
    usable = [c.box for c in grid.cells if min(c.box.width, c.box.height) >= _LEAST_CELL]
    largest = max((box.width * box.height for box in usable), default=0.0)
    return len(usable) > 1 and largest < _FRAME * grid.box.width * grid.box.height


def _scale(level: Level) -> float:
    return _WORKING_LENGTH / max(level.image.shape[:2])


def _rulings(level: Level, scale: float) -> list[Ruling]:
    return [
        Ruling(r.direction, r.position * scale, r.start * scale, r.end * scale)
        for r in rulings.find_rulings(level.dark)
    ]


def _area(box: Box, scale: float) -> Area:
    return Area(round(box.x0 / scale), round(box.top / scale), round(box.x1 / scale), round(box.bottom / scale))


def _box(area: Area, scale: float) -> Box:
    return Box(area.left * scale, area.top * scale, area.right * scale, area.bottom * scale)


def _same(one: Area, other: Area) -> bool:
    """Whether two places are the same text: the smaller one lies in the larger one by more than half."""
    return one.common(other).size > 0.5 * min(one.size, other.size)


def _meets(quad: Quad, stamp: Area, level: Level) -> bool:
    return crops.around(quad, level.image.shape).common(stamp).size > 0
