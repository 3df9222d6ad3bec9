"""The text layer of a PDF page as words: characters from PDFium, put together by where they stand.

Content order, text objects and the spaces that PDFium makes up say little; baselines, gaps and rules say it all. So
characters are taken with their boxes and the baseline of their text object, and a word is a run on one baseline without
a wide gap or a vertical rule in it. All of it is done on arrays: a page has thousands of characters, few hundred words.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractor import pdfium_calls as pdfium
from extractor.codepoints import BLANK, GARBAGE, KINDS, SPACE, WIDE
from extractor.columns import instances
from extractor.lines import LATIN_GAP
from extractor.pdfium_calls import Floats, Ints
from extractor.pdfium_drawing import Matrix, transform_boxes
from extractor.pieces import Pieces, clusters, ends, starts
from models.layout import Box, Word

Index = NDArray[np.intp] | slice

#: A gap of more than this many times the letters' height ends a word.
WIDE_GAP = 1.0
#: A character may stand this far left of the end of the one before it (kerning), in heights.
_KERNING = 0.5
#: Chinese characters stand close; a gap of more than this many heights between two is a letter-spaced label or the end of a value.
_SPREAD = 0.5
#: Baselines that differ by more than this many heights are two lines.
_SAME_LINE = 0.15
#: A letter that a rule cuts by more than this many heights strays over it: the rule does not end the word there.
_STRAY = 0.1
#: Second strokes of a bold that is drawn twice lie within this many heights.
_BOLD = 0.1
#: Letters that stand further apart, or further into each other, than this many heights are seldom of one text object.
_LOOSE = 0.5
#: The box of a word: its optical middle lies 0.4 of its height above the baseline.
_ABOVE, _MIDDLE, _BELOW = 0.9, 0.4, 0.1
#: Text that climbs by more than this share of its length is turned.
_LEANING = 0.02
#: Render modes that paint nothing.
_INVISIBLE, _CLIPPING_ONLY = 3, 7
#: PDFium's marks for a hyphen at the end of a line, and the soft hyphen.
_HYPHENS = (0x02, 0xFFFE, 0xAD)


@dataclass(frozen=True, slots=True)
class TextLayer:
    """Words, and what tells whether they can be trusted: how many characters there are, how many of a doubtful kind."""

    words: tuple[Word, ...] = ()
    characters: int = 0
    invisible: int = 0
    unmapped: int = 0
    turned: int = 0
    embedded: bool = True


@dataclass(frozen=True, slots=True)
class _Characters:
    """One entry a character: code point and its kinds, left and right edge, text object, real spaces so far; baseline, height."""

    code: Ints
    kind: NDArray[np.uint8]
    x0: Floats
    x1: Floats
    run: NDArray[np.intp]
    spaces: Ints
    base: Floats
    height: Floats

    def __getitem__(self, index: NDArray[np.intp] | NDArray[np.bool_]) -> "_Characters":
        return _Characters(
            self.code[index],
            self.kind[index],
            self.x0[index],
            self.x1[index],
            self.run[index],
            self.spaces[index],
            self.base[index],
            self.height[index],
        )

    def __len__(self) -> int:
        return len(self.code)


def read_text(page: int, display: Matrix, sheet: Box, verticals: Pieces) -> TextLayer:
    """The text layer of a text-page handle; `display` turns PDF space into displayed points, `verticals` end words.

    Characters outside the `sheet` are left out, and invisible ones, unless most are: then nothing better is there.
    """
    count = pdfium.char_count(page)
    if count <= 0:
        return TextLayer()
    code = _codes(page, count)
    kind = KINDS[code]
    garbage = int(np.count_nonzero(kind & GARBAGE))
    index = np.flatnonzero((kind & (BLANK | SPACE)) != BLANK)  # what prints nothing and takes no room has no place
    code, kind = code[index], kind[index]
    corners = pdfium.table(
        pdfium.char_box, 4, np.float32, *pdfium.over(page, index.tolist()), count=len(index), spread=False
    )
    drawn = corners[:, 2] > corners[:, 0]  # PDFium's own spaces have no width
    spaces = np.cumsum(((kind & SPACE) > 0) & drawn, dtype=np.int64)
    box = transform_boxes(corners[:, (0, 3, 2, 1)], display)
    x, y = (box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2
    keep = np.flatnonzero(((kind & BLANK) == 0) & (x >= 0) & (y >= 0) & (x <= sheet.x1) & (y <= sheet.bottom))
    if not len(keep):
        return TextLayer(characters=garbage, unmapped=garbage)
    code, kind, spaces, box, index = code[keep], kind[keep], spaces[keep], box[keep], index[keep]
    for hyphen in _HYPHENS:
        code[code == hyphen] = ord("-")

    # What a text object has in common is asked once, of its first character.
    source = _sources(page, index, box)
    first = starts(source[1:] != source[:-1])
    lengths = ends(first, len(keep)) - first
    objects = _Objects.read(page, index[first].tolist(), source[first].tolist(), display)
    tall = np.maximum.reduceat(box[:, 3] - box[:, 1], first)
    sane = (objects.size > 0.3 * tall) & (objects.size < 3 * tall)  # Type 3 fonts have sizes of their own making
    height = np.where(sane, objects.size, np.maximum(tall, 1.0))

    invisible = int(lengths[objects.hidden].sum())
    shown = np.isfinite(objects.base) & (~objects.hidden | (2 * invisible > len(code)))
    run = np.repeat(np.arange(len(first)), lengths)
    characters = _Characters(code, kind, box[:, 0], box[:, 2], run, spaces, objects.base[run], height[run])
    whole = shown & objects.upright
    words = _words(characters if whole.all() else characters[whole[run]], source[first], verticals)
    for i in np.flatnonzero(shown & ~objects.upright).tolist():
        part = slice(first[i], first[i] + lengths[i])
        words.append(
            Word(_text(code[part]), Box(*box[part, :2].min(axis=0).tolist(), *box[part, 2:].max(axis=0).tolist()))
        )
    return TextLayer(
        words=tuple(words),
        characters=len(code),
        invisible=invisible,
        unmapped=max(garbage, int(lengths[objects.unmapped].sum())),
        turned=int(lengths[~objects.upright].sum()),
        embedded=objects.embedded,
    )


def _codes(page: int, count: int) -> Ints:
    """The code point of each character: in one call, where none is left out of it or takes two units, else one by one."""
    units = np.zeros(count + 1, np.uint16)
    if pdfium.text_units(page, 0, count, units.ctypes.data) == count + 1 and not np.any((units & 0xF800) == 0xD800):
        return units[:-1].astype(np.int64)
    code = pdfium.integers(pdfium.char_code, *pdfium.over(page, range(count)))
    pair = np.flatnonzero(((code[:-1] & ~0x3FF) == 0xD800) & ((code[1:] & ~0x3FF) == 0xDC00))
    code[pair] = 0x10000 + ((code[pair] & 0x3FF) << 10) + (code[pair + 1] & 0x3FF)
    code[pair + 1] = 0x200B  # prints nothing
    return code


def _sources(page: int, index: NDArray[np.intp], box: Floats) -> Ints:
    """The text object of each character in `index`; their boxes are as displayed.

    An object's characters follow each other in PDFium's list: a run whose two ends are of one object is of that object all
    along, and so is one that begins as the next one does. So only ends are asked for, of runs on one line without a gap; where
    they differ, every character is.
    """
    left, top, right, bottom = box.T
    loose = _LOOSE * (bottom[1:] - top[1:])
    broken = (np.abs(left[1:] - right[:-1]) > loose) | (bottom[1:] != bottom[:-1])
    start = starts(broken)
    end = ends(start, len(index)) - 1
    head = pdfium.integers(pdfium.char_object, *pdfium.over(page, index[start].tolist()))
    tail, unknown = head.copy(), end > start
    unknown[:-1] &= head[1:] != head[:-1]
    tail[unknown] = pdfium.integers(pdfium.char_object, *pdfium.over(page, index[end[unknown]].tolist()))
    sources = np.repeat(head, end - start + 1)
    mixed = np.flatnonzero(np.repeat(head != tail, end - start + 1))
    sources[mixed] = pdfium.integers(pdfium.char_object, *pdfium.over(page, index[mixed].tolist()))
    return sources


@dataclass(frozen=True, slots=True)
class _Objects:
    """One entry a run of characters of one text object: baseline, letter height, and what is odd about it."""

    base: Floats
    size: Floats
    upright: NDArray[np.bool_]
    hidden: NDArray[np.bool_]
    unmapped: NDArray[np.bool_]
    embedded: bool

    @staticmethod
    def read(page: int, heads: list[int], handles: list[int], display: Matrix) -> "_Objects":
        rows = pdfium.table(
            pdfium.char_matrix, 6, np.float32, *pdfium.over(page, heads), count=len(heads), spread=False
        )
        right, up, slant, rise, x, y = rows.T.astype(np.float64)
        size = np.fromiter(map(pdfium.char_font_size, *pdfium.over(page, heads)), np.float64)
        fonts = set(map(pdfium.text_font, handles)) - {0}
        modes = pdfium.integers(pdfium.text_render_mode, handles)
        a, b, c, d, _, f = display
        along, down = a * right + c * up, b * right + d * up
        return _Objects(
            base=b * x + d * y + f,
            size=size * np.hypot(slant, rise),
            upright=(along > 0) & (np.abs(down) <= _LEANING * along),
            hidden=(modes == _INVISIBLE) | (modes == _CLIPPING_ONLY),
            unmapped=pdfium.integers(pdfium.char_unmapped, *pdfium.over(page, heads)) > 0,
            embedded=all(pdfium.font_embedded(font) for font in fonts),
        )


def _words(characters: _Characters, sources: Ints, verticals: Pieces) -> list[Word]:
    """Upright characters as words, by line from top to bottom and from left to right; `sources` are the runs' text objects."""
    if not len(characters):
        return []
    first = starts(characters.run[1:] != characters.run[:-1])
    line_of_run = clusters(characters.base[first], within=0.6)
    line = np.repeat(line_of_run, ends(first, len(characters)) - first)
    if _overlap(characters, first, line_of_run):
        single = ~_is_second_stroke(characters, line, sources)
        characters, line = characters[single], line[single]
    count = len(characters)
    rules = verticals[np.argsort(verticals[:, 0])]
    passed = np.searchsorted(rules[:, 0], (characters.x0 + characters.x1) / 2)
    # First in content order, which keeps overlapping texts apart; then the pieces by where they stand.
    apart, spaced = _between(characters, slice(None, -1), slice(1, None), rules, passed, widest=WIDE_GAP)
    start = starts(apart)
    end = ends(start, count) - 1
    order = np.lexsort((characters.x0[start], line[start]))
    apart, _ = _between(characters, end[order[:-1]], start[order[1:]], rules, passed, widest=LATIN_GAP)
    space_before = np.concatenate(([False], spaced))
    space_before[start] = False
    rank = np.empty(len(start), np.intp)
    rank[order] = np.arange(len(start))
    reading = np.argsort(np.repeat(rank, end - start + 1), kind="stable")
    sizes = (end - start + 1)[order]
    word_start = (np.cumsum(sizes) - sizes)[np.concatenate(([True], apart))]

    characters, space_before = characters[reading], space_before[reading]
    left, right = np.minimum.reduceat(characters.x0, word_start), np.maximum.reduceat(characters.x1, word_start)
    base, height = characters.base[word_start], np.maximum.reduceat(characters.height, word_start)
    sides = (side.tolist() for side in (left, base - _ABOVE * height, right, base + _BELOW * height))
    place = np.arange(count) + np.cumsum(space_before)
    spaced_code = np.full(place[-1] + 1, ord(" "))
    spaced_code[place] = characters.code
    text, cuts = _text(spaced_code), place[word_start].tolist()
    texts = [text[i:j] for i, j in zip(cuts, [*cuts[1:], len(text)], strict=True)]
    return instances(Word, len(texts), texts, instances(Box, len(texts), *sides))


def _between(
    characters: _Characters, i: Index, j: Index, rules: Pieces, passed: NDArray[np.intp], *, widest: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """For each pair of characters `i`, `j`: whether a word ends between them, and whether a space stands there if not.

    `passed` says of each character how many of the vertical `rules` lie left of its middle; `widest` is the gap, in heights, that a
    word may have.
    """
    x0, x1, height = characters.x0, characters.x1, np.minimum(characters.height[i], characters.height[j])
    gap = x0[j] - x1[i]
    apart = np.abs(characters.base[j] - characters.base[i]) > _SAME_LINE * height
    wide = (characters.kind & WIDE) > 0
    wide_i, wide_j = wide[i], wide[j]
    allowed = np.where(wide_i & wide_j, min(widest, _SPREAD), widest)
    apart |= gap > allowed * height
    back = gap < -_KERNING * height
    if back.any():
        one_glyph = (x0[i] == x0[j]) & (x1[i] == x1[j])  # the letters of a ligature share its box
        apart |= back & ~one_glyph
    if len(rules):
        _cut_at_rules(apart, characters, i, j, rules, passed)
    space = (gap > LATIN_GAP * height) & ~wide_i & ~wide_j
    space |= (characters.spaces[j] > characters.spaces[i]) & ~(wide_i & wide_j)
    return apart, space


def _cut_at_rules(
    apart: NDArray[np.bool_], characters: _Characters, i: Index, j: Index, rules: Pieces, passed: NDArray[np.intp]
) -> None:
    """Mark the pairs with a vertical rule between; one that runs through a letter is strayed over and ends nothing."""
    low, high = passed[i], passed[j]
    crossed = np.flatnonzero((high > low) & ~apart)
    if not len(crossed):
        return
    # One entry for each pair and each rule between its two characters.
    times = (high - low)[crossed]
    pair = np.repeat(crossed, times)
    nth = np.arange(len(pair)) - np.repeat(np.cumsum(times) - times, times)
    position, start, end = rules[low[pair] + nth].T
    here = np.arange(len(characters))
    before, after = here[i][pair], here[j][pair]
    height = characters.height[after]
    y = characters.base[after] - _MIDDLE * height
    over = np.maximum(characters.x1[before] - position, position - characters.x0[after])
    apart[pair[(start <= y) & (y <= end) & (over <= _STRAY * height)]] = True


def _overlap(characters: _Characters, first: NDArray[np.intp], line: NDArray[np.intp]) -> bool:
    """Whether any two runs on one line come as near to each other as second strokes do, letter by letter.

    `first` and `line` have one entry a run: its first character, and its line.
    """
    low, high = np.minimum.reduceat(characters.x0, first), np.maximum.reduceat(characters.x0, first)
    order = np.lexsort((low, line))
    near = low[order[1:]] <= high[order[:-1]] + _BOLD * characters.height.max()
    return bool(np.any(near & (np.diff(line[order]) == 0)))


def _is_second_stroke(characters: _Characters, line: NDArray[np.intp], sources: Ints) -> NDArray[np.bool_]:
    """Characters drawn again, by another text object, at almost the same place as before."""
    order = np.argsort(characters.x0, kind="stable")
    order = order[np.argsort((line * 0x110000 + characters.code)[order], kind="stable")]
    code, x0, source = characters.code[order], characters.x0[order], sources[characters.run[order]]
    same = (code[1:] == code[:-1]) & (np.diff(line[order]) == 0) & (source[1:] != source[:-1])
    same &= np.diff(x0) <= _BOLD * characters.height[order[1:]]
    second = np.zeros(len(characters), np.bool_)
    second[np.maximum(order[1:], order[:-1])[same]] = True
    return second


def _text(code: Ints) -> str:
    return code.astype("<u4").tobytes().decode("utf-32-le", "replace")
