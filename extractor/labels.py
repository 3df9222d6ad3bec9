"""Printed labels and the values that stand beside them: forms, licences and certificates."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz.distance import Hamming

from extractor.lines import lines_of
from extractor.passages import Passage, part
from models.layout import Box, Origin, Page, Table, Word

Labels = Mapping[str, Sequence[str]]
"""Field name -> the spellings of its label, without spaces."""

_PUNCTUATION = ":：∶"
_LARGER, _REMARKED = 1.25, 0.6  # times as high as other words of the value, and the confidence at most in what is
_TWO_LETTERS = re.compile(r"[一-鿿]{2}")
_ASCII = re.compile(r"[!-~]")
_LABEL_LIKE = re.compile(r"[一-鿿]{3,8}")
_REMAINS = "一丨|_—-I1l"  # what is read of a rule beside a label
_CAPTIONS = frozenset(
    (
        "邮编",
        "邮政编码",
        "传真",
        "职务",
        "职称",
        "电话",
        "固定电话",
        "手机",
        "E-mail",
        "电子邮箱",
        "设施特点",
        "场所代码",
    )
)
"""What forms print beside labels, and never behind one as its value."""
_REMARK = re.compile(r"(?<!\s)\s*[(（]\s*(?:盖章|印章|公章|签章|签字|签名|签字或盖章|盖公章|加盖公章)\s*[)）]")


@dataclass(frozen=True, slots=True)
class Label:
    """A label where it is printed: the field that it names, its spelling, and in a form what its row is about (its heading)."""

    name: str
    spelling: str
    box: Box
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label with the value that belongs to it; the value may be empty."""

    label: Label
    value: Passage


def values_beside(page: Page, labels: Labels, words: Sequence[Word] | None = None) -> list[Labelled]:
    """Every label of the page with its value: the words to its right and below, up to the next label of its column.

    A word belongs to the nearest label column on its left and there to the lowest label that is not below it; so two-column
    layouts, wrapped values and labels of one or two columns all work without knowing the layout. A value ends at a gap that is wider
    than a line. Letters much taller than the label (a watermark) are left out.
    """
    found, rest = _find_labels(words if words is not None else page.words, labels)
    misread, rest = _misread(found, rest, labels)
    found += misread
    owned: dict[int, list[Word]] = {i: [] for i in range(len(found))}
    for word in rest:
        owner = _owner(word, found)
        if owner is not None and word.box.height <= 2.2 * found[owner].box.height:
            owned[owner].append(word)
    values = [doubted(_without_gap(label, owned[i])) for i, label in enumerate(found)]
    return [Labelled(label, Passage.of(value, page.number)) for label, value in zip(found, values, strict=True)]


def values_in_table(table: Table, page: int, labels: Labels) -> list[Labelled]:
    """Every cell of a form that is a label, with the cell to its right as the value; a label and value in one cell are split."""
    by_spelling = {spelling: name for name, spellings in labels.items() for spelling in spellings}
    grid = table.grid()
    found: list[Labelled] = []
    for cell in table.cells:
        squeezed = squeeze(cell.text)
        if cell.origin is Origin.OCR and squeezed not in by_spelling:
            squeezed = squeezed.strip(_REMAINS)
        name = by_spelling.get(squeezed)
        right = cell.column + cell.column_span
        if name and right < table.columns:
            value = grid[cell.row][right]
            if (caption := squeeze(value.text)) in by_spelling or caption in _CAPTIONS:
                continue  # the heading of a list
            left = grid[cell.row][: cell.column]
            heading = next((squeeze(c.text) for c in left if c.row_span > cell.row_span), "") or (
                squeeze(left[0].text) if left else ""
            )
            found.append(Labelled(Label(name, squeezed, cell.box, heading), Passage.of(value.words, page)))
        elif cell.words and not name:
            inside, rest = _find_labels(cell.words, labels)
            if inside and inside[0].box.x0 - cell.box.x0 < 2 * inside[0].box.height:
                label = inside[0]
                tail = [w for w in rest if w.box.bottom > label.box.top]
                found.append(Labelled(label, Passage.of(tail, page).stripped()))
    return found


def squeeze(text: str) -> str:
    """A label's text without blanks, colons and remarks such as (盖章)."""
    return re.sub(rf"[\s　{_PUNCTUATION}]+", "", _REMARK.sub("", text))


def first(found: Sequence[Labelled], name: str) -> Labelled | None:
    """The first label of that name with a value, else the first without."""
    of_name = [item for item in found if item.label.name == name]
    return next((item for item in of_name if item.value), of_name[0] if of_name else None)


def preferred(found: Sequence[Labelled], name: str, labels: Labels) -> Labelled | None:
    """Of several labels of that name with a value the one whose spelling is listed first."""
    rank = {spelling: i for i, spelling in enumerate(labels[name])}
    return first(sorted(found, key=lambda item: rank.get(item.label.spelling, len(rank))), name)


@lru_cache(maxsize=32)
def _pattern(spellings: tuple[str, ...]) -> re.Pattern[str]:
    """One group for each spelling, longest first. Stretched Chinese labels may have blanks, or a scrap of a watermark, between letters."""
    return re.compile("|".join(f"({_stretched(spelling)})" for spelling in spellings))


def _stretched(spelling: str) -> str:
    return (
        r"\s*(?:[A-Z]{1,6}\s*)?".join(spelling)
        if not _ASCII.search(spelling)
        else r"\s*".join(map(re.escape, spelling))
    )


Span = tuple[int, int]


def _find_labels(words: Sequence[Word], labels: Labels) -> tuple[list[Label], list[Word]]:
    """The labels among the words, and the words that are left when the labels and their colons are cut out."""
    by_spelling = {spelling: name for name, spellings in labels.items() for spelling in spellings}
    longest_first = tuple(sorted(by_spelling, key=len, reverse=True))
    pattern = _pattern(longest_first)
    found: list[Label] = []
    lines: list[tuple[Passage, list[Span]]] = []
    for line in lines_of(words):
        passage = Passage.of(line.words, 1)
        taken: list[Span] = []
        for match in pattern.finditer(passage.text):
            spelling = longest_first[(match.lastindex or 1) - 1]
            if _stands_alone(passage, *match.span(), long=len(spelling) >= 4):
                found.append(Label(by_spelling[spelling], spelling, passage.slice(*match.span()).box))
                taken.append((match.start(), _end_with_marks(passage.text, match.end())))
        lines.append((passage, taken))
    whole = [_with_line_above(label, lines, by_spelling) for label in found]
    found = [label for label in whole if not any(label is not each and _begins_with(each, label) for each in whole)]
    return found, [word for passage, taken in lines for word in _remaining(passage, taken)]


def _misread(found: Sequence[Label], words: Sequence[Word], labels: Labels) -> tuple[list[Label], list[Word]]:
    """Labels that recognition misread, and the words that are none: they stand in the column of other labels, flush with those.

    With one letter wrong they are known all the same, if one label alone that was not found is so near; else they have no name. What
    stands beside them is no value of the label above.
    """
    names = {label.name for label in found}
    unread: list[Label] = []
    rest: list[Word] = []
    for word in words:
        text = squeeze(word.text)
        if word.origin is not Origin.OCR or not _LABEL_LIKE.fullmatch(text) or not _is_flush(word, found):
            rest.append(word)
            continue
        near = [
            (name, spelling)
            for name, spellings in labels.items()
            for spelling in spellings
            if name not in names and len(spelling) == len(text) and Hamming.distance(spelling, text) == 1
        ]
        unread.append(Label(*(near[0] if len(near) == 1 else ("", text)), word.box))
    return unread, rest


def _is_flush(word: Word, labels: Sequence[Label]) -> bool:
    """Whether the word ends where at least two labels of its size end, and begins no more to the left than they do."""
    reach = 0.5 * word.box.height
    column = [
        label.box
        for label in labels
        if abs(label.box.x1 - word.box.x1) <= reach and label.box.height <= 1.5 * word.box.height
    ]
    return len(column) >= 2 and word.box.x0 >= min(box.x0 for box in column) - reach


def _end_with_marks(text: str, end: int) -> int:
    """Where the label ends with its remark (盖章) and colon."""
    remark = _REMARK.match(text, end)
    end = remark.end() if remark else end
    while end < len(text) and text[end] in _PUNCTUATION + " 　":
        end += 1
    return end


def _with_line_above(
    label: Label, lines: Sequence[tuple[Passage, list[Span]]], by_spelling: Mapping[str, str]
) -> Label:
    """A label on two lines (宗旨和 / 业务范围) as one: its first line stands right above, at the same left edge.

    One letter of that line may be lost; else the value behind it would belong to the label above.
    """
    for spelling, name in by_spelling.items():
        head = spelling.removesuffix(label.spelling)
        if head in ("", spelling):
            continue
        for passage, taken in lines:
            match = _head_pattern(head).search(passage.text)
            if not match:
                continue
            box = passage.slice(*match.span()).box
            near = 0 <= label.box.top - box.top < 2 * label.box.height and abs(box.x0 - label.box.x0) < label.box.height
            if near:
                taken.append(match.span())
                return Label(name, spelling, Box.around((box, label.box)))
    return label


@lru_cache(maxsize=64)
def _head_pattern(head: str) -> re.Pattern[str]:
    """The letters with blanks between them; of three or more, one may be missing."""
    torn = [head[:i] + head[i + 1 :] for i in range(len(head))] if len(head) > 2 else []
    return re.compile("|".join(r"\s*".join(map(re.escape, letters)) for letters in (head, *torn)))


def _begins_with(label: Label, part: Label) -> bool:
    """Whether a label on two lines begins with what was found as a label by itself; none begins with its like."""
    longer = label.spelling != part.spelling and label.spelling.startswith(part.spelling)
    return longer and label.box.contains(*part.box.centre)


def _stands_alone(passage: Passage, start: int, end: int, *, long: bool) -> bool:
    """A label begins its word, or follows a blank or a mark; a long one with a colon after it is one wherever it stands."""
    if long and re.match(rf"\s*[{_PUNCTUATION}]", passage.text[end:]):
        return True
    place = passage.places[start]
    assert place is not None
    word, index = place
    if index and word.text[index - 1] not in " 　:：;；。)）":
        return False
    if start and passage.places[start - 1] is not None:
        previous = passage.places[start - 1][0]  # type: ignore[index]
        near = word.box.x0 - previous.box.x1 < 0.35 * word.box.height
        if previous is not word and near and passage.text[start - 1] not in " 　:：;；。)）":
            return False
    following = passage.text[end : end + 1]
    return not following or following in _PUNCTUATION + " 　" or not _glued(passage, end) or index == 0


def _glued(passage: Passage, end: int) -> bool:
    before, after = passage.places[end - 1], passage.places[end]
    if before is None or after is None:
        return False
    return before[0] is after[0] or after[0].box.x0 - before[0].box.x1 < 0.35 * after[0].box.height


def _remaining(passage: Passage, taken: Sequence[tuple[int, int]]) -> list[Word]:
    covered = {i for start, end in taken for i in range(start, end)}
    rest: list[Word] = []
    run: tuple[Word, int, int] | None = None
    for i, place in enumerate(passage.places):
        if place is None or i in covered:
            continue
        word, index = place
        if run and run[0] is word and run[2] == index:
            run = (word, run[1], index + 1)
            continue
        if run:
            rest.append(_cut(*run))
        run = (word, index, index + 1)
    if run:
        rest.append(_cut(*run))
    return rest


def _cut(word: Word, start: int, end: int) -> Word:
    return word if (start, end) == (0, len(word.text)) else part(word, start, end)


def _owner(word: Word, labels: Sequence[Label]) -> int | None:
    middle = word.box.centre[1]
    candidates = [
        i
        for i, label in enumerate(labels)
        if (label.box.x1 <= word.box.x0 + 0.6 * label.box.height or _begins_in(word, label))
        and label.box.top - 0.3 * label.box.height <= middle
    ]
    if not candidates:
        return None
    column = max(candidates, key=lambda i: labels[i].box.x0)
    # A label of no width, as damaged files have, overlaps nothing, not even itself.
    same_column = [i for i in candidates if i == column or labels[i].box.overlap_x(labels[column].box) > 0]
    # Boxes of lines that slant on a photograph overlap: a word level with a label is that one's, whichever begins below.
    level = [i for i in same_column if labels[i].box.top <= middle <= labels[i].box.bottom]
    if level:
        return min(level, key=lambda i: abs(labels[i].box.centre[1] - middle))
    return max(same_column, key=lambda i: labels[i].box.top)


def _begins_in(word: Word, label: Label) -> bool:
    """Whether a value seems to begin inside the label: one recognised word held both, and letters that are stretched cut it too early."""
    x0, x1, middle = label.box.x0, label.box.x1, word.box.centre[1]
    return x0 <= word.box.x0 < x1 < word.box.x1 and label.box.top <= middle <= label.box.bottom


def _without_gap(label: Label, words: Sequence[Word]) -> list[Word]:
    """The words of the first line beside the label and the lines that follow it without a gap."""
    kept: list[Word] = []
    bottom = label.box.bottom
    for line in lines_of(words):
        height = max(line.box.height, 0.6 * label.box.height)  # a speck is a line as well
        if line.box.top - bottom > (0.35 if not kept else 1.1) * height:
            break
        if kept and line.box.x0 > kept[0].box.x0 + 4 * height:  # centred: a title below, no continuation
            break
        kept.extend(line.words)
        bottom = max(bottom, line.box.bottom) if kept else bottom
    return kept


def doubted(words: Sequence[Word]) -> list[Word]:
    """The words of a value; recognised ones that are higher than its Chinese ones, as remarks by hand are, less sure than they say."""
    least = min((w.box.height for w in words if w.origin is Origin.OCR and _TWO_LETTERS.search(w.text)), default=None)
    return [
        replace(word, confidence=min(word.confidence, _REMARKED))
        if least and word.origin is Origin.OCR and word.box.height > _LARGER * least
        else word
        for word in words
    ]
