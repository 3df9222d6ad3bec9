"""Ink beside a detected line that no detected line accounts for: the single, widely spaced characters that detectors pass over."""

import math
from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from extractor.crops import Line
from extractor.ocr import Reading
from extractor.rulings import Mask
from extractor.textlines import Area

_RIM = 2  # pixels around a detected line that are its own
_OVER = 0.1  # of a line's height, by which ink of the same line may stand out of it
_GAP = 0.35  # of a line's height: strokes nearer than this belong to one piece
_LEAST = (0.3, 0.45)  # width and height of a piece, of its line's height; less is a speck or a hyphen
_FLAT = 1.2  # a line at least this much wider than high says where its neighbours stand


def pieces(text: Mask, lines: Sequence[Area], taken: Sequence[Area]) -> list[Area]:
    """The pieces of ink that stand level with one of the lines, outside all of them and outside what is taken, each one tight.

    Most are ornament; what they are is for the recogniser to say.
    """
    free = text.copy()
    whole = Area(0, 0, text.shape[1], text.shape[0])
    for area in (*lines, *taken):
        area.expanded(_RIM, _RIM).common(whole).of(free)[:] = 0
    found: list[Area] = []
    for band, own in _bands([line for line in lines if line.width >= _FLAT * line.height], whole):
        found += _level(band.of(free), band.top, own)
    return found


def is_read_beside(piece: Area, text: str, line: Line, reading: Reading) -> bool:
    """Whether a line that the piece reaches into was read with the piece's `text` at its end: the detector had cut into that letter.

    A second letter of the kind, as in 22, stands beside the piece and not in its place.
    """
    if not text or not reading.positions or piece.width >= line.area.width or not piece.meets(line.area):
        return False
    width = line.pixels.shape[1]
    left = (line.area.left + line.area.right - width) / 2
    here = [piece.left <= left + at * width < piece.right for at in reading.positions]
    return "".join(sign for sign, inside in zip(reading.text, here, strict=True) if inside) == text


def _bands(lines: Sequence[Area], whole: Area) -> Iterator[tuple[Area, list[Area]]]:
    """The rows of the page that hold lines, and the lines in them; one row more on either side tells what reaches farther."""
    top = bottom = 0
    own: list[Area] = []
    for line in sorted(lines, key=lambda area: area.top):
        rim = math.ceil(_OVER * line.height) + 1
        if own and line.top - rim > bottom:
            yield Area(0, top, whole.right, bottom).common(whole), own
            own = []
        top = min(top, line.top - rim) if own else line.top - rim
        bottom = max(bottom, line.bottom + rim) if own else line.bottom + rim
        own.append(line)
    if own:
        yield Area(0, top, whole.right, bottom).common(whole), own


def _level(free: Mask, top: int, lines: Sequence[Area]) -> list[Area]:
    """The pieces in rows of the page that begin at `top`, of the lines there in their order."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(free, connectivity=8)
    if count < 2:
        return []
    lefts, tops, widths, heights, _ = stats[1:].T
    tops = tops + top
    rights, bottoms = lefts + widths, tops + heights
    unused = np.ones(count - 1, bool)
    found: list[Area] = []
    for line in lines:
        high = line.height
        level = unused & (tops >= line.top - _OVER * high) & (bottoms <= line.bottom + _OVER * high)
        unused &= ~level
        own = np.flatnonzero(level)
        own = own[np.argsort(lefts[own], kind="stable")]
        if not own.size:
            continue
        reach = np.maximum.accumulate(rights[own])
        starts = np.flatnonzero(np.concatenate(([True], lefts[own][1:] - reach[:-1] >= _GAP * high)))
        for part in np.split(own, starts[1:]):
            piece = Area(
                int(lefts[part].min()), int(tops[part].min()), int(rights[part].max()), int(bottoms[part].max())
            )
            if piece.width >= _LEAST[0] * high and piece.height >= _LEAST[1] * high:
                found.append(piece)
    return found
