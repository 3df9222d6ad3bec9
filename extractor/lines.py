"""Words into lines of text, and lines into the text of a cell."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from models.layout import Box, Word

#: Ideographs, kana, hangul, full-width forms and Chinese punctuation: no spaces are printed beside these.
_WIDE = "[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
_is_wide = re.compile(_WIDE).match
#: After these a line goes on without a space: codes and numbers are broken here.
_HYPHENS = ("-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "/", "\u3000")
#: A gap between Latin words, as a share of the letters' height.
LATIN_GAP = 0.2
#: Words of one line are at least this share of its tallest word's height.
_SAME_LINE = 0.4


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand on one line, from left to right, and their text as it reads."""

    words: tuple[Word, ...]
    text: str
    box: Box


def lines_of(words: Sequence[Word]) -> list[Line]:
    """The lines from top to bottom. Words share a line where they overlap by half of the lower one's height."""
    return [Line(tuple(row), _line_text(row), Box.around(w.box for w in row)) for row in _rows(words)]


def join(words: Sequence[Word]) -> str:
    """The words of one cell in reading order as one text.

    Lines are joined without a space beside Chinese and after a hyphen, else with one. Inside a line, a gap between
    Latin words of more than 0.2 of their height is a space; there is never one inside Chinese.
    """
    if len(words) == 1:
        return words[0].text
    end = -math.inf
    for word in words:
        if word.box.top <= end:
            return _join_lines([_line_text(row) for row in _rows(words)])
        end = word.box.bottom
    return _join_lines([word.text for word in words])  # one under the other, in order


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Words by line. Each word is held against the tallest word of the line, so that a raised figure does not open one of its own.

    A word much taller than its neighbours (a title, a watermark) stands on a line of its own and does not pull two lines together.
    """
    rows: list[list[Word]] = []
    bands: list[tuple[float, float]] = []
    for word in sorted(words, key=_middle):
        own_top, own_bottom = word.box.top, word.box.bottom
        height = own_bottom - own_top
        for i in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            top, bottom = bands[i]
            band = bottom - top
            low, high = (height, band) if height <= band else (band, height)
            if low >= _SAME_LINE * high and min(own_bottom, bottom) - max(own_top, top) >= 0.5 * low:
                rows[i].append(word)
                if height > band:
                    bands[i] = (own_top, own_bottom)
                break
        else:
            rows.append([word])
            bands.append((own_top, own_bottom))
    for row in rows:
        if len(row) > 1:
            row.sort(key=_left)
    return rows


def _middle(word: Word) -> float:
    return word.box.top + word.box.bottom


def _left(word: Word) -> float:
    return word.box.x0


def _line_text(row: Sequence[Word]) -> str:
    if len(row) == 1:
        return row[0].text
    text = row[0].text
    for before, after in pairwise(row):
        height = min(before.box.bottom - before.box.top, after.box.bottom - after.box.top)
        gap = after.box.x0 - before.box.x1
        if gap > LATIN_GAP * height and not _is_wide(text[-1:]) and not _is_wide(after.text):
            text += " "
        text += after.text
    return text


def _join_lines(lines: Iterable[str]) -> str:
    text = ""
    for line in lines:
        if text and not (text.endswith(_HYPHENS) or _is_wide(text[-1:]) or _is_wide(line)):
            text += " "
        text += line
    return text
