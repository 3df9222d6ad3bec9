"""A digital page read both ways: what its text layer says, and what recognition reads in the picture at the same places."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from extractor import seals
from extractor.lines import lines_of
from extractor.ocr import Image, OcrEngine, Reading
from extractor.ocr.guarded import Guarded
from models.dates import find_dates
from models.layout import Box, Origin, Page, TwoReadings, Word
from models.text import CJK, clean

MOST = 24
"""Places of a file that are read at most; about 10 ms each."""
PAGES = 4
"""Pages of a file that are looked at, at most."""

_DPI, _SECOND_DPI = 200.0, 300.0
_MARGIN, _SECOND_MARGIN = (
    0.16,
    0.08,
)  # of a word's height, the paper left around it: a rule beside it would be read as a sign
_CODE = re.compile(r"(?=[0-9A-Z/.\-]*\d{3})[0-9A-Z/.\-]{4,}")
_PLAIN = re.compile(rf"[ -~{CJK}、。《》（），：；“”—·]+")  # formulas and powers are no matter for this
_SAID = re.compile(rf"[0-9A-Za-z{CJK}]")
_GAP = 0.6  # of a word's height; what is nearer shows in its picture
_LEAST, _LONGEST, _LONGEST_NAME = 4, 44, 28  # characters; a line of prose takes as long as four names
_SMALLEST = 5.0  # points


def is_sampled(number: int, pages: int) -> bool:
    """Whether page `number` of so many is looked at: the first two, one in the middle and the last."""
    return number in {1, 2, pages // 2 + 1, pages}


def crosscheck(page: Page, pages: int, raster: Callable[[float], Image], ocr: OcrEngine) -> tuple[TwoReadings, ...]:
    """Both readings of some runs of text of a digital page in a file of so many pages; `raster` draws the page at a resolution.

    Dates come first, then codes and numbers, then names and cells, spread evenly over the page: the same ones every time. What
    seems to differ is read a second time, drawn larger; the reading that is nearer to the text layer stands, as sure as the less sure
    of the two, and not sure at all where they contradict each other. Raises OcrFailed as the engine does.
    """
    words = _chosen(page, MOST // min(pages, PAGES))
    if not words:
        return ()
    engine = Guarded(ocr)
    readings = _read(words, raster(_DPI), _DPI / 72, _MARGIN, engine)
    again = [i for i, word in enumerate(words) if _said(readings[i].text) != _said(word.text)]
    if again:
        second = _read([words[i] for i in again], raster(_SECOND_DPI), _SECOND_DPI / 72, _SECOND_MARGIN, engine)
        for i, reading in zip(again, second, strict=True):
            readings[i] = _agreed(_said(words[i].text), readings[i], reading)
    return tuple(
        TwoReadings(word.box, word.text, reading.text, reading.confidence)
        for word, reading in zip(words, readings, strict=True)
    )


def _chosen(page: Page, most: int) -> list[Word]:
    """At most so many runs of text, from the top of the page to its end."""
    cells = [cell.words for table in page.tables for cell in table.cells]
    usable = [run for words in (page.words, *cells) for run in _runs(words) if _is_usable(run)]
    dates = [run for run in usable if any(True for _ in find_dates(clean(run.text)))]
    codes = [run for run in usable if run not in dates and _CODE.search(run.text)]
    rest = [run for run in usable if run not in dates and run not in codes and len(run.text) <= _LONGEST_NAME]
    chosen: list[Word] = []
    for group in (dates, codes, rest):
        chosen += _spread(group, most - len(chosen))
    return sorted(chosen, key=lambda run: (run.box.top, run.box.x0))


def _runs(words: Sequence[Word]) -> Iterator[Word]:
    """What stands on one line without a gap as one word each, for a picture of less would show parts of its neighbours."""
    for line in lines_of(words):
        run = [line.words[0]]
        for word in line.words[1:]:
            if word.box.x0 - run[-1].box.x1 > _GAP * word.box.height:
                yield _joined(run)
                run = []
            run.append(word)
        yield _joined(run)


def _joined(run: Sequence[Word]) -> Word:
    origin = Origin.TEXT if all(word.origin is Origin.TEXT for word in run) else Origin.OCR
    return Word("".join(word.text for word in run), Box.around(word.box for word in run), origin=origin)


def _is_usable(run: Word) -> bool:
    if run.origin is not Origin.TEXT or run.box.height < _SMALLEST or run.box.height > run.box.width:
        return False
    return _LEAST <= len(run.text) <= _LONGEST and bool(_PLAIN.fullmatch(run.text)) and len(_said(run.text)) >= _LEAST


def _spread(words: Sequence[Word], most: int) -> list[Word]:
    """So many of them, evenly spaced."""
    if len(words) <= most:
        return list(words)
    return [words[i * len(words) // most] for i in range(most)]


def _read(words: Sequence[Word], picture: Image, scale: float, margin: float, engine: OcrEngine) -> list[Reading]:
    """What each word shows; where coloured ink lies on it, with and without that."""
    crops = [_crop(picture, word.box.expanded(margin * word.box.height), scale) for word in words]
    veiled = [i for i, crop in enumerate(crops) if seals.is_veiled(crop)]
    readings = engine.recognise([*crops, *(seals.suppressed(crops[i]) for i in veiled)])
    for i, without in zip(veiled, readings[len(crops) :], strict=True):
        readings[i] = seals.agreed(readings[i], without)
    return readings[: len(crops)]


def _crop(picture: Image, box: Box, scale: float) -> Image:
    height, width = picture.shape[:2]
    left, top = max(0, min(width - 1, round(box.x0 * scale))), max(0, min(height - 1, round(box.top * scale)))
    right, bottom = max(left + 1, round(box.x1 * scale)), max(top + 1, round(box.bottom * scale))
    return picture[top:bottom, left:right]


def _agreed(layer: str, first: Reading, second: Reading) -> Reading:
    """What two readings of one word come to; `layer` is what the text layer says there."""
    one, other = _said(first.text), _said(second.text)
    if layer in (one, other):
        return first if one == layer else second
    if one == other:
        return min(first, second, key=lambda reading: reading.confidence)
    return Reading(first.text, 0.0)


def _said(text: str) -> str:
    """Letters, digits and ideographs alone, however wide and large; O is as good as 0."""
    return "".join(_SAID.findall(unicodedata.normalize("NFKC", text))).upper().replace("O", "0")
