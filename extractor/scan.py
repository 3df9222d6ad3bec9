"""Scans and photos: a picture of a page -> words and tables, upright, with how sure each word is."""

import math
import re
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from statistics import median

import cv2
import numpy as np

from extractor import (
    bleaching,
    crops,
    free_text,
    lost_strokes,
    orientation,
    overlooked,
    pen,
    rulings,
    seals,
    specks,
    tables,
    textlines,
)
from extractor.broken_rules import mended
from extractor.confidence import COPIED
from extractor.crops import Line
from extractor.ladder import Picture, Step, reread, sharper
from extractor.levelling import Level, lens_of, levelled, placed_table, placed_word
from extractor.ocr import Image, OcrEngine, Quad, Reading
from extractor.ocr.guarded import Guarded, Rereading
from extractor.rulings import Mask
from extractor.textlines import Area
from models.layout import Box, Lens, Origin, Ruling, Table, Word
from models.text import to_simplified

_WORKING_LENGTH = 842.0  # points; grids are sought at the size of A4, whatever resolution the picture states
_PROBES = 4
_LONG = 12.0  # a line's width by its height, which tells well enough whether it can be read
_LINE_LIKE = 2.0  # the longest line of an upright page is at least twice as wide as high
_LEAST_CONFIDENCE = 0.25  # free text below it is a signature or an ornament; in a table cell every reading is kept
_INK_HEIGHT = 0.75  # of a detected line's height: the rest is the border that it was given back
_ALREADY = 0.3  # of a piece of ink beside a line: if so much of it lies in a line, it is a part of one of its letters
_SPECK = 0.4  # of the usual height of a line outside the tables; what is no larger is dust
_MARGIN = 0.22  # of a line's height, the paper left around it; more of it makes the signs smaller, and 、 is lost first
_NUMBER = 0.8  # the confidence from which digits are text if they are read alike when sharpened: the day under a seal
_SURELY_TEXT = 0.95  # the confidence from which ink that the detector passed over is text and no ornament
_DOTS = 0.5  # millimetres from the middle of a rule, where the dots may be into which a copier broke it up
_COPIED = 0.8  # so sure is a reading of a worn copy in black and white at the most: strokes are missing there, and nobody sees which
_RIM = (0.9, 1.1)  # of a seal's radius, between which its ring lies
_ARC = 0.5  # width by height, below which a piece there is a part of the ring, and no digit
_NOTED = 0.01, 0.94
"""The share of a line under a note by hand from which it is less sure, and what is left of its confidence."""
_WRITTEN = 0.6  # the confidence in handwriting at most
_NARROWEST = 80.0  # points at working scale; narrower lattices are parts of logos
_VOLUNTARY = re.compile(r"(?<![A-Za-z])([A-Z]{2}|DB\d\d)(?:[.,·]\s?T|/T\s?[.,·])\s?(?=\d{2,6}[-.])")
_REMAINS = string.whitespace + "_|"  # of a rule, at the end or the beginning of a line
_JJF = re.compile(r"(?<![A-Za-z])JF(?=\s?\d{3,4}(?:\.\d+)?-(?:19|20)\d\d)")
_PART_OF_NUMBER = re.compile(
    r"((?:^|(?<![A-Za-z])(?:[A-Z]{2,3}|DB\d\d)(?:/T)?\s?)\d{4,6})\s?[:,：，]\s?(?=\d{1,3}-(?:19|20)\d\d(?!\d))"
)
_LETTER_O = re.compile(r"0(?=\d{2,3}[:：](?:H\d|NM))|(?<!\d)0(?=[2₂]计)")
_DEGREES = re.compile(r"°\s*(?:℃|C(?![A-Za-z]))")
_FRAME = 0.7  # a grid of which one cell takes a larger share is a frame around a page


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A picture's content in points of the page as given after the clockwise turn by `rotation`.

    `skew` is the angle that was taken out for reading (degrees, clockwise positive); the boxes have it again, so they fit the
    turned, still skewed picture. `lens` is how the page lay where it was photographed from the side. `words` are those outside
    the tables. `notes` can hold `seal` and `copied`. `steps` are the rungs of the ladder that were climbed.
    """

    width: float
    height: float
    words: tuple[Word, ...]
    tables: tuple[Table, ...]
    rotation: int
    skew: float
    notes: tuple[str, ...]
    lens: Lens | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A level page taken apart: the grids, at working scale, the lines in their cells, and the detected lines outside them."""

    level: Level
    scale: float
    grids: list[tables.Grid]
    in_cells: list[Line]
    quads: list[Quad]
    free: list[Line]


def read_scan(
    image: Image,
    points_per_pixel: float,
    ocr: OcrEngine,
    *,
    ladder: bool = True,
    finer: Callable[[], Image | None] | None = None,
    second: Callable[[], OcrEngine] | None = None,
) -> ScannedPage:
    """Reads one page. Raises OcrFailed where the engine breaks or answers nonsense; an empty page is a page without words.

    With `ladder`, what was read with doubt is read again; `finer` gives the same page at a higher resolution for that, where there is
    one, `second` another engine. What a `Rereading` says of both comes before these.
    """
    if isinstance(ocr, Rereading):
        ladder, second = ocr.ladder, ocr.second
        ocr = ocr.engine
    ocr = Guarded(ocr)
    other = (lambda: Guarded(second())) if second else None
    sheet = _sheet(levelled(image), ocr)
    if not sheet.level.specked and _is_watermarked(sheet):
        image, before = bleaching.bleached(image), sheet.level
        level = levelled(image)
        if level.image.shape == before.image.shape:  # what lies under its seals is still to be doubted
            level = replace(level, stamps=before.stamps, printed=before.printed)
        sheet = _sheet(level, ocr)
    turn = 0
    known = _probed(sheet, ocr)
    if _doubtful(sheet, known):
        page = sheet.level
        quads = free_text.detected(page.image, page.whole, ocr) if sheet.in_cells else sheet.quads
        if turn := orientation.clockwise_turn(page.image, quads, ocr):
            image = np.ascontiguousarray(np.rot90(image, -turn // 90))
            sheet, known = _sheet(levelled(image), ocr), {}
    readings = _all_readings(sheet, known, ocr)
    steps: tuple[Step, ...] = ()
    if ladder:
        finer_line = _finer(sheet.level, finer, image.shape, turn) if finer and not sheet.level.bend else None
        lines = list(map(_as_reread, sheet.in_cells + sheet.free, readings))
        readings, steps = reread(lines, readings, ocr, other, finer_line)
    found, words = _words(sheet, readings, ocr)
    place = lens_of(sheet.level, points_per_pixel, sheet.scale)
    height, width = image.shape[:2]
    return ScannedPage(
        width=width * points_per_pixel,
        height=height * points_per_pixel,
        words=tuple(placed_word(place, w) for w in words),
        tables=tuple(placed_table(place, t) for t in found),
        rotation=turn,
        skew=sheet.level.skew,
        notes=tuple(note for note, holds in (("seal", sheet.level.stamps), (COPIED, sheet.level.specked)) if holds),
        lens=lens_of(sheet.level, points_per_pixel) if sheet.level.flattened or sheet.level.bend else None,
        steps=steps,
    )


def _sheet(level: Level, ocr: OcrEngine) -> _Sheet:
    scale = _WORKING_LENGTH / max(level.image.shape[:2])
    grids = _tables_among(tables.find_grids(_rulings(level, scale)))
    in_cells = list(_cell_lines(level, [_area(cell.box, scale) for grid in grids for cell in grid.cells]))
    taken = [_area(grid.box, scale) for grid in grids]
    quads = free_text.lines(level, taken, ocr)
    usual = _usual_height(quads)
    columns = [list(_column(level, quad, usual)) if crops.is_tall(quad) else [] for quad in quads]
    letters = [line.area for column in columns for line in column]
    free = [
        line
        for quad, column in zip(quads, columns, strict=True)
        for line in column or _free_line(level, free_text.beside(quad, letters, level.image.shape))
    ]
    free += _overlooked(level, free, taken, ocr)
    return _Sheet(level, scale, grids, in_cells, quads, free_text.printed(free))


def _is_watermarked(sheet: _Sheet) -> bool:
    return bleaching.is_crossed(sheet.quads) or bool(sheet.grids and bleaching.has_strokes_aslant(sheet.level.image))


def _probed(sheet: _Sheet, ocr: OcrEngine) -> dict[int, Reading]:
    """Readings of some long lines, by their index in the cells' lines and then the free ones; still longer ones take longer for nothing."""
    lines = sheet.in_cells + sheet.free
    longest = sorted(range(len(lines)), key=lambda i: (lines[i].aspect <= _LONG, lines[i].aspect), reverse=True)
    probes = longest[:_PROBES]
    return dict(zip(probes, _readings([lines[i] for i in probes], ocr), strict=True))


def _doubtful(sheet: _Sheet, known: dict[int, Reading]) -> bool:
    """Whether the page may not be upright: its longest lines are short, stand on end, or cannot be read."""
    if not known:
        return False
    lines = sheet.in_cells + sheet.free
    probes = [(reading, lines[i].aspect) for i, reading in known.items()]
    if sheet.in_cells and max(aspect for _, aspect in probes) < _LINE_LIKE:
        return True
    if not sheet.in_cells and sum(map(crops.is_tall, sheet.quads)) > len(sheet.quads) / 2:
        return True
    return orientation.legibility(probes) < orientation.READS_WELL


def _all_readings(sheet: _Sheet, known: dict[int, Reading], ocr: OcrEngine) -> list[Reading]:
    """A reading for each line in the cells and then outside them; those in `known` are not read again."""
    lines = sheet.in_cells + sheet.free
    rest = [i for i in range(len(lines)) if i not in known]
    known |= dict(zip(rest, _readings([lines[i] for i in rest], ocr), strict=True))
    return [known[i] for i in range(len(lines))]


def _words(sheet: _Sheet, readings: Sequence[Reading], ocr: OcrEngine) -> tuple[tuple[Table, ...], tuple[Word, ...]]:
    """The tables and the free words, at working scale."""
    words = []
    usual = median(line.area.height for line in sheet.free) if sheet.free else 0.0
    free = list(zip(sheet.free, readings[len(sheet.in_cells) :], strict=True))
    for i, (line, reading) in enumerate(zip(sheet.in_cells + sheet.free, readings, strict=True)):
        if sheet.level.specked:
            reading = lost_strokes.restored(line, reading)
        text, rival = _meant(reading.text), _meant(reading.other)
        if sheet.level.specked:
            text, rival = specks.told(text), specks.told(rival)
        speck = max(line.area.width, line.area.height) < _SPECK * usual
        in_cell = i < len(sheet.in_cells)
        if not in_cell and any(
            overlooked.is_read_beside(line.area, reading.text, *other) for other in free if other[0] is not line
        ):
            continue
        if text and (in_cell or (reading.confidence >= _LEAST_CONFIDENCE and not speck)):
            sure = min(reading.confidence * (_NOTED[1] if line.noted else 1.0), _COPIED if sheet.level.specked else 1.0)
            words.append(Word(text, _box(line.area, sheet.scale), sure, Origin.OCR, rival))
    words = _filled_in(sheet, words, ocr)
    return tables.fill(sheet.grids, [*words, *_overwritten(sheet, words)])


def _overwritten(sheet: _Sheet, words: Sequence[Word]) -> Iterator[Word]:
    """A word without text, hence an unsure one, for each cell in which nothing was read but a note was written: it may hide print."""
    notes = sheet.level.notes
    if notes is None:
        return
    least = rulings.millimetre(notes.ink.shape) ** 2
    middles = [word.box.centre for word in words]
    for cell in (cell for grid in sheet.grids for cell in grid.cells):
        written = _area(cell.box, sheet.scale).of(notes.ink)
        if cv2.countNonZero(written) >= least and not any(cell.box.contains(x, y) for x, y in middles):
            yield Word("", cell.box, _WRITTEN, Origin.OCR)


def _filled_in(sheet: _Sheet, words: Sequence[Word], ocr: OcrEngine) -> list[Word]:
    """The words with what was written by hand where a form asks for it; other notes are no part of the page's text."""
    level = sheet.level
    if level.notes is None or level.written is None:
        return list(words)
    places = [(_area(word.box, sheet.scale), word.text) for word in words]
    found = list(pen.filled_in(level.notes.areas, places, rulings.millimetre(level.image.shape)))
    readings = ocr.recognise([area.of(level.written) for area, _ in found])
    added = [
        Word(text, _box(area, sheet.scale), min(reading.confidence, _WRITTEN), Origin.OCR)
        for (area, _), reading in zip(found, readings, strict=True)
        if (text := _meant(reading.text))
    ]
    replaced = {index for _, index in found}
    return [word for i, word in enumerate(words) if i not in replaced] + added


def _meant(text: str) -> str:
    """What is meant where a reading can mean only one thing.

    Traditional forms, which faint print suggests, are the simplified ones; ℃ is one sign; a serotype (O157:H7) begins with the letter O,
    and so does oxygen (以O2计); there are specifications of the kind JJF, and none of a kind JF; between GB and T stands a
    stroke and no other sign, and before the part of a standard (5009.9-2023) a point.
    """
    text = _PART_OF_NUMBER.sub(r"\1.", _VOLUNTARY.sub(r"\1/T ", _JJF.sub("JJF", text)))
    return _LETTER_O.sub("O", _DEGREES.sub("℃", to_simplified(text.strip(_REMAINS))))


def _finer(level: Level, finer: Callable[[], Image | None], shape: tuple[int, ...], turn: int) -> Picture:
    """What shows a line of the level page in the page's finer picture, which is made when the first one is asked for."""

    @cache
    def page() -> Image | None:
        made = finer()
        return None if made is None else np.ascontiguousarray(np.rot90(made, -turn // 90))

    def picture(line: Line) -> Image | None:
        fine = page()
        if fine is None:
            return None
        factor = fine.shape[1] / shape[1]
        height, width = line.pixels.shape[:2]
        left = (line.area.left + line.area.right - width) / 2
        top = (line.area.top + line.area.bottom - height) / 2
        place = np.array(((1 / factor, 0.0, left), (0.0, 1 / factor, top), (0.0, 0.0, 1.0)))
        there = np.diag((factor, factor, 1.0)) @ level.back @ place
        size = round(width * factor), round(height * factor)
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpPerspective(fine, there, size, flags=flags), np.uint8)

    return picture


def _line(level: Level, area: Area, pixels: Image, text: Mask | None = None) -> Line:
    """A line of the page; `text` is the ink that it is taken from, where that is not the page's own."""
    ink, printed = area.of(level.text if text is None else text), None
    sealed = any(area.meets(stamp) for stamp in level.stamps)
    if sealed:
        margin = (pixels.shape[0] - area.height) // 2
        stamped = area.expanded(margin, margin).common(level.whole).of(level.printed)
        sealed = seals.is_sealed(stamped)
        printed = stamped if sealed and not level.opaque else None
    noted = level.notes is not None and area.of(level.notes.ink).mean() > _NOTED[0] * 255
    return Line(area, pixels, ink, sealed or seals.is_veiled(pixels), printed, noted=noted)


def _cell_lines(level: Level, cells: Sequence[Area], usual: float | None = None) -> Iterator[Line]:
    """The lines of each cell, with a margin of paper that shows neither a rule nor a neighbour; `usual` is their height where known."""
    edge = round(_DOTS * rulings.millimetre(level.celled.shape)) if level.specked else textlines.SOFT_EDGE
    for cell in textlines.lines_in(level.celled, [cell.common(level.whole) for cell in cells], usual, edge):
        for i, area in enumerate(cell.lines):
            above = max((line.bottom for line in cell.lines[:i] if line.bottom <= area.top), default=cell.inside.top)
            below = min(
                (line.top for line in cell.lines[i + 1 :] if line.top >= area.bottom), default=cell.inside.bottom
            )
            own = Area(cell.inside.left, above, cell.inside.right, below)
            if level.specked and max(area.width, area.height) <= 2 * edge:
                continue  # a speck by itself
            pixels = crops.cut(level.image, area, own, max(2, round(_MARGIN * area.height)))
            line = _line(level, area, pixels, level.celled)
            if (line.printed is not None or line.noted) and seals.is_residue(area.of(level.image), line.ink):
                continue
            if over := textlines.overprinted_rule(level.ruled, area, cell.inside):
                line = replace(
                    line, beyond=crops.with_overprint(level.image, line, over.rule), beyond_falls=over.falling
                )
            yield line


def _usual_height(quads: Sequence[Quad]) -> float | None:
    """How high the ink of the detected lines is, without their borders; None where all of them stand on end."""
    heights = [crops.height(quad) for quad in quads if not crops.is_tall(quad)]
    return _INK_HEIGHT * median(heights) if heights else None


def _column(level: Level, quad: Quad, usual: float | None) -> Iterator[Line]:
    """What a tall quad is on an upright page: a column of short lines, which are read one by one.

    Two labels above each other are such a column, and one letter that the detector drew too high is one as well; alone, the upper and
    lower half of one of their letters would pass for two lines.
    """
    outside = replace(level, ruled=level.dark, celled=level.text)
    return _cell_lines(outside, [crops.around(quad, level.image.shape)], usual)


def _free_line(level: Level, quad: Quad) -> Iterator[Line]:
    area = crops.around(quad, level.image.shape)
    if area.size:
        yield _line(level, area, crops.straightened(level.image, quad))


def _overlooked(level: Level, lines: Sequence[Line], taken: Sequence[Area], ocr: OcrEngine) -> list[Line]:
    """What stands level with the lines outside the tables and is certainly text, though the detector passed over it."""
    stamps = [stamp for stamp in level.stamps if not any(stamp.meets(line.area) for line in lines)]
    found = [
        _line(level, area, crops.cut(level.image, area, level.whole, max(2, round(_MARGIN * area.height))))
        for area in overlooked.pieces(level.text, [line.area for line in lines], [*taken, *stamps])
        if not any(area.common(line.area).size > _ALREADY * area.size for line in lines)
        and not (area.width < _ARC * area.height and _on_rim(area, level.stamps))
    ]
    readings = ocr.recognise([line.pixels for line in found])
    numbers = [
        i
        for i, r in enumerate(readings)
        if r.text.isdigit() and r.confidence < _SURELY_TEXT and _is_clear(r) and not _is_ornament(i, found, readings)
    ]
    again = ocr.recognise([sharper(found[i].pixels) for i in numbers])
    agreed = {i for i, reading in zip(numbers, again, strict=True) if reading.text == readings[i].text}
    return [
        line
        for i, (line, reading) in enumerate(zip(found, readings, strict=True))
        if i in agreed
        or (reading.confidence >= _SURELY_TEXT and _is_clear(reading) and not _is_ornament(i, found, readings))
    ]


def _is_clear(reading: Reading) -> bool:
    """Whether a piece of ink is surely a letter or, for less will do there, likely a number."""
    text = reading.text.strip()
    return text.isalnum() and reading.confidence >= (_NUMBER if text.isdigit() else _SURELY_TEXT)


def _is_ornament(index: int, lines: Sequence[Line], readings: Sequence[Reading]) -> bool:
    """Whether a letter or digit is one piece of a frame: others of its column are none, or, for a digit, no digits."""
    own, digit = lines[index].area, readings[index].text.isdigit()
    column = [
        reading
        for line, reading in zip(lines, readings, strict=True)
        if line.area is not own and abs(line.area.left - own.left) <= max(line.area.width, own.width) / 2
    ]
    alike = [reading for reading in column if _is_clear(reading) and (reading.text.isdigit() or not digit)]
    return len(column) > 1 and 2 * len(alike) < len(column)


def _on_rim(area: Area, stamps: Sequence[Area]) -> bool:
    """Whether a piece of ink lies where a seal has its ring."""
    x, y = area.left + area.right, area.top + area.bottom
    return any(
        _RIM[0] <= math.hypot((x - s.left - s.right) / s.width, (y - s.top - s.bottom) / s.height) <= _RIM[1]
        for s in stamps
        if s.size
    )


def _readings(lines: Sequence[Line], ocr: OcrEngine) -> list[Reading]:
    """A reading for each line; where a seal lies on it, it is read with and without the seal's colour."""
    again = [line for line in lines if line.sealed]
    pixels = [line.pixels for line in lines]
    for line in again:
        pixels.append(seals.suppressed(line.pixels if line.printed is None else line.printed))
        if line.printed is not None:
            pixels += [seals.unveiled(line.printed), line.printed]
    readings = ocr.recognise(pixels)
    more = iter(readings[len(lines) :])
    return [_settled(line, r, more) if line.sealed else r for line, r in zip(lines, readings, strict=False)]


def _as_reread(line: Line, reading: Reading) -> Line:
    """The line for the ladder: under a seal without its ink, a date as its print comes out best."""
    if not line.sealed:
        return line
    if line.printed is not None and seals.is_dated(reading) and not seals.is_colourless(line.printed):
        return replace(line, pixels=seals.unveiled(line.printed))
    return replace(line, pixels=seals.suppressed(line.pixels))


def _settled(line: Line, first: Reading, more: Iterator[Reading]) -> Reading:
    """The reading of a line that was read again, with what comes of that next."""
    if line.printed is None:
        return seals.agreed(first, next(more))
    return seals.believed(first, next(more), next(more), next(more))


def _tables_among(grids: Sequence[tables.Grid]) -> list[tables.Grid]:
    """The grids that are tables: not the border of a certificate, a frame around a photo, or strokes of large letters.

    A table has two columns at least, and two rows or three columns; inside a cell of another one, two of each.
    """
    found = []
    for grid in grids:
        rows, columns = len(grid.ys) - 1, len(grid.xs) - 1
        nested = any(other is not grid and _lies_in(grid.box, other.box) for other in grids)
        if columns < 2 or (rows < 2 and (columns < 3 or nested)) or grid.box.width < _NARROWEST:
            continue
        usable = [c.box.width * c.box.height for c in grid.cells if min(c.box.width, c.box.height) >= tables.LEAST_CELL]
        # The inside of an ornamental frame may come in a few rectangles, where strokes of the ornament reach into it.
        largest = sum(sorted(usable)[-1 if grid.complete else -3 :])
        if len(usable) > 1 and largest < _FRAME * grid.box.width * grid.box.height:
            found.append(grid)
    return found


def _lies_in(inner: Box, outer: Box) -> bool:
    return outer.x0 <= inner.x0 and inner.x1 <= outer.x1 and outer.top <= inner.top and inner.bottom <= outer.bottom


def _rulings(level: Level, scale: float) -> list[Ruling]:
    return [
        Ruling(r.direction, r.position * scale, r.start * scale, r.end * scale)
        for r in mended(level.rules, rulings.millimetre(level.dark.shape), level.stamps)
    ]


def _area(box: Box, scale: float) -> Area:
    return Area(round(box.x0 / scale), round(box.top / scale), round(box.x1 / scale), round(box.bottom / scale))


def _box(area: Area, scale: float) -> Box:
    return Box(area.left * scale, area.top * scale, area.right * scale, area.bottom * scale)
