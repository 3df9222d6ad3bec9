"""Text that knows where each of its characters stands, so that any part of it can be shown as evidence."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from extractor.lines import lines_of
from models.field import Field, Region
from models.layout import Box, Origin, Word
from models.text import has_encoding_variant

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with, for each character, the word that it came from (None for a space that was put between words) and its place there.

    `page` counts from 1; slices keep their places.
    """

    text: str
    page: int
    places: tuple[tuple[Word, int] | None, ...]

    @staticmethod
    def of(words: Sequence[Word], page: int, *, line_break: str = "") -> "Passage":
        """The words in reading order. Lines are joined by `line_break`, or as in a cell: by a space between Latin, else by nothing."""
        text: list[str] = []
        places: list[tuple[Word, int] | None] = []
        for number, line in enumerate(lines_of(words)):
            for position, word in enumerate(line.words):
                gap = ""
                if position:
                    previous = line.words[position - 1]
                    wide = word.box.x0 - previous.box.x1 > 0.15 * min(word.box.height, previous.box.height)
                    gap = " " if wide and _is_latin(previous.text[-1:]) and _is_latin(word.text[:1]) else ""
                elif number:
                    gap = line_break or (" " if text and _is_latin(text[-1]) and _is_latin(word.text[:1]) else "")
                for character in gap:
                    text.append(character)
                    places.append(None)
                text.extend(word.text)
                places.extend((word, i) for i in range(len(word.text)))
        return Passage("".join(text), page, tuple(places))

    def __bool__(self) -> bool:
        return bool(self.text.strip())

    def slice(self, start: int, end: int) -> "Passage":
        return Passage(self.text[start:end], self.page, self.places[start:end])

    def stripped(self, characters: str = " \t\n　:：,，;；。.") -> "Passage":
        """Without leading `characters`; at the end only blanks and colons go, a full stop may belong to the text."""
        start = len(self.text) - len(self.text.lstrip(characters))
        end = len(self.text.rstrip(" \t\n　:："))
        return self.slice(start, max(start, end))

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(dict.fromkeys(place[0] for place in self.places if place))

    @property
    def box(self) -> Box:
        """Around its characters; ValueError where the passage is empty."""
        return Box.around(_character_box(*place) for place in self.places if place)

    @property
    def confidence(self) -> float:
        return min((word.confidence for word in self.words), default=0.0)

    @property
    def origin(self) -> Origin:
        return Origin.OCR if any(w.origin is Origin.OCR for w in self.words) else Origin.TEXT

    @property
    def other(self) -> str:
        """What it says where each word that was read in two ways is taken the other way; "" where none was."""
        if not any(word.other for word in self.words):
            return ""
        said: list[str] = []
        for i, place in enumerate(self.places):
            if place is None or not place[0].other:
                said.append(self.text[i])
            elif i == 0 or self.places[i - 1] is None or self.places[i - 1][0] is not place[0]:  # type: ignore[index]
                indices = [p[1] for p in self.places[i:] if p is not None and p[0] is place[0]]
                said.append(other_of(place[0], indices[0], indices[-1] + 1))
        return "".join(said)

    def region(self, document: str) -> Region:
        return Region(document, self.page, self.box, self.text)

    def field(self, document: str, convert: Callable[[str], T | None], *, label: str = "") -> Field[T]:
        """A field whose value is `convert(text)`; unread (None) where conversion yields None or there is no text."""
        if not self:
            return unread(label)
        value = convert(self.text)
        flags = ("encoding_variant",) if has_encoding_variant(self.text) else ()
        confidence = self.confidence if value is not None else 0.0
        return Field(value, self.text, (self.region(document),), confidence, self.origin, flags, label, self.other)


def fragments(words: Sequence[Word], page: int) -> list[Passage]:
    """The pieces of text that stand apart: lines, cut where a gap is wider than two of the letters' heights."""
    found: list[Passage] = []
    for line in lines_of(words):
        piece: list[Word] = []
        for word in line.words:
            if piece and word.box.x0 - piece[-1].box.x1 > 2 * min(word.box.height, piece[-1].box.height):
                found.append(Passage.of(piece, page))
                piece = []
            piece.append(word)
        found.append(Passage.of(piece, page))
    return found


def unread(label: str = "") -> Field[T]:
    """A field that should be on the paper and was not found."""
    return Field(None, "", (), 0.0, Origin.TEXT, (), label)


def part(word: Word, start: int, end: int) -> Word:
    """The characters `start` to `end` of a word as a word of its own, its box cut in proportion to the characters' widths."""
    first, last = _character_box(word, start), _character_box(word, end - 1)
    box = Box(first.x0, word.box.top, last.x1, word.box.bottom)
    return Word(word.text[start:end], box, word.confidence, word.origin, other_of(word, start, end))


def other_of(word: Word, start: int, end: int) -> str:
    """What the other reading of a word has for its characters `start` to `end`; "" where that is the same, or cannot be told."""
    if not (word.other.startswith(word.text[:start]) and word.other.endswith(word.text[end:])):
        return ""
    said = word.other[start : len(word.other) - (len(word.text) - end)]
    return "" if said == word.text[start:end] else said


def _character_box(word: Word, index: int) -> Box:
    widths = [_width(c) for c in word.text]
    scale = word.box.width / (sum(widths) or 1.0)
    x0 = word.box.x0 + scale * sum(widths[:index])
    return Box(x0, word.box.top, x0 + scale * widths[index], word.box.bottom)


def _width(character: str) -> float:
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.55


def _is_latin(character: str) -> bool:
    return bool(character) and character.isascii() and not character.isspace()
