"""The spaCy zh pipeline: marks the words by which 经营范围, 限制范围 and 授权签字领域 are understood."""

import re
import sys
import threading
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from models.text import clean, tighten, to_simplified, unify_marks

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

_TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?|[A-Za-z]+|.", re.DOTALL)
_EDGES = " \n,、:;。"
_KEPT = "keep"
_COMMAND_LINE = "spacy.cli.info"
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Mark:
    """Words with a meaning: what they do in the phrase, and where they stand (offsets in the text that was marked)."""

    label: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a marked text, from `start` to `end`, with the marks inside it."""

    text: str
    start: int
    end: int
    marks: tuple[Mark, ...]

    @property
    def words(self) -> str:
        return self.text[self.start : self.end]

    def part(self, start: int, end: int | None = None) -> "Piece":
        """The piece between two offsets, without blanks, punctuation and enclosing brackets at its edges."""
        start, end = _trimmed(self.text, start, self.end if end is None else end)
        return Piece(self.text, start, end, tuple(m for m in self.marks if start <= m.start and m.end <= end))

    def first(self, *labels: str) -> Mark | None:
        """The first mark with one of these labels."""
        return next((mark for mark in self.marks if mark.label in labels), None)

    def opens_with(self, *labels: str) -> Mark | None:
        """The first mark, where it has one of these labels and nothing stands before it."""
        mark = self.marks[0] if self.marks else None
        return mark if mark and mark.label in labels and mark.start == self.start else None

    def closing(self, opening: int) -> int | None:
        """Where the bracket that opens at an offset closes inside the piece; None where it does not."""
        return _partner(self.text, opening, self.end)

    def items(self) -> Iterator["Piece"]:
        """The members of a list; a comma inside a name (2,6-二氯靛酚, N,N-二甲基) and a joint in brackets part nothing."""
        start, at, depth = self.start, self.start, 0
        for mark in self.marks:
            depth += self.text.count("(", at, mark.start) - self.text.count(")", at, mark.start)
            at = mark.start
            if mark.label == "joint" and depth <= 0 and not _is_in_a_name(self.text, mark):
                yield self.part(start, mark.start)
                start = mark.end
        yield self.part(start)


def fold(text: str) -> str:
    """A cell as phrases are read: simplified, one spelling of punctuation, no blanks between Chinese characters, lines kept."""
    lines = to_simplified(unify_marks(clean(text, keep_lines=True))).split("\n")
    return "\n".join(tighten(line) for line in lines)


def marks(kind: str, text: str) -> tuple[Mark, ...]:
    """The marks of one section of `phrases.toml` in a text, in order; where several words match, the longest prevails."""
    language = _pipeline(kind)
    with _one_at_a_time, language.memory_zone():  # what a text adds to the vocabulary goes with it
        document = language(text)
        return tuple(
            Mark(span.label_, span.text, span.start_char, span.end_char)
            for span in document.spans["ruler"]
            if span.label_ != _KEPT
        )


@cache
def _pipeline(kind: str) -> "Language":
    """A blank Chinese pipeline with the rules of one section; built at the first text that needs it."""
    language = _spacy().blank("zh")
    language.tokenizer = _Tokens(language.vocab)
    ruler = language.add_pipe("span_ruler", config={"spans_filter": {"@misc": "spacy.first_longest_spans_filter.v1"}})
    ruler.add_patterns(_patterns(_rules()[kind]))
    return language


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The offsets without what stands at the edges and says nothing: blanks, punctuation, brackets that enclose all or stand alone."""
    while start < end:
        if text[start] in _EDGES or (text[start] in "()" and _partner(text, start, end) is None):
            start += 1
        elif text[end - 1] in _EDGES or (text[end - 1] == "(" or (text[end - 1] == ")" and _is_odd(text, start, end))):
            end -= 1
        elif text[start] == "(" and _partner(text, start, end) == end - 1:
            start, end = start + 1, end - 1
        else:
            break
    return start, end


def _partner(text: str, start: int, end: int) -> int | None:
    """Where the bracket that opens at `start` closes; None where it does not, or none opens there."""
    depth = 0
    for at in range(start, end):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth <= 0:
            return at if at > start else None
    return None


def _is_odd(text: str, start: int, end: int) -> bool:
    return text.count(")", start, end) > text.count("(", start, end)


def _is_in_a_name(text: str, mark: Mark) -> bool:
    before, after = text[mark.start - 1 : mark.start], text[mark.end : mark.end + 1]
    return mark.text == "," and before.isascii() and ((before.isdigit() and after.isdigit()) or before == after)


class _Tokens:
    """Cuts a text into numbers, Latin words and single characters, blanks included, so that offsets hold."""

    def __init__(self, vocab: "Vocab") -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> "Doc":
        from spacy.tokens import Doc

        words = _TOKEN.findall(text)
        return Doc(self.vocab, words=words, spaces=[False] * len(words))


def _spacy() -> Any:
    """spaCy without its command line, which makes up most of its import and brings clients of the network with it."""
    unneeded = _COMMAND_LINE not in sys.modules
    if unneeded:
        module = ModuleType(_COMMAND_LINE)
        module.__dict__["info"] = None
        sys.modules[_COMMAND_LINE] = module
    try:
        import spacy
    finally:
        if unneeded:
            del sys.modules[_COMMAND_LINE]
    return spacy


@cache
def _rules() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "data" / "phrases.toml").read_text("utf-8"))


def _patterns(section: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Lists of words, and patterns of tokens, as the span ruler takes them."""
    words = {label: found for label, found in section.items() if label != "tokens"}
    phrases = [{"label": label, "pattern": word} for label, found in words.items() for word in found]
    return [*phrases, *section.get("tokens", ())]
