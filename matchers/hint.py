"""A hint that a file was worked on: its kind, the values that were seen, and what else it takes to weigh more."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from matchers.rules import Rules
from models.field import Region
from models.file_facts import FileFacts, PageFacts
from models.finding import Bilingual, Side
from models.papers import Paper


class Sign(StrEnum):
    """The kinds of hint; two independent ones on a file support each other."""

    EDITOR = "editor"
    SAVED_AGAIN = "saved_again"
    PAGE_SIZE = "page_size"
    MIXED = "mixed"
    HIDDEN_TEXT = "hidden_text"
    FURNITURE = "furniture"
    APPENDED = "appended"
    BEFORE_ISSUE = "before_issue"
    CODE = "code"
    SIGNATURE = "signature"


_ONE_ACT = frozenset({Sign.SAVED_AGAIN, Sign.APPENDED})
"""Saving a file again may show in both; they are one hint when hints are counted."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint: on which file (by sha256), what was seen, and the values that were seen.

    `grave` hints contradict the paper in what it says, and need no second one beside them.
    """

    sign: Sign
    file: str
    sha256: str
    said: Bilingual
    left: Side
    right: Side | None = None
    grave: bool = False

    def supports(self, other: "Hint") -> bool:
        """Whether this is a hint of its own beside the other: on the same file, of another kind and another act."""
        alike = self.sign is other.sign or {self.sign, other.sign} == _ONE_ACT
        return self.sha256 == other.sha256 and not alike


Seeker = Callable[[FileFacts, Sequence[Paper], Rules], Iterator[Hint]]
"""Looks at a file and the papers in it for hints of one kind."""


def of_file(file: FileFacts, label: str, value: str) -> Side:
    """What the file says of itself, shown on its first page."""
    return Side(label, value, value, evidence=_regions(file, file.pages[:1]))


def of_pages(file: FileFacts, label: str, pages: Sequence[PageFacts], value: str) -> Side:
    """What was seen on some of its pages."""
    return Side(label, value, value, evidence=_regions(file, pages))


def _regions(file: FileFacts, pages: Sequence[PageFacts]) -> tuple[Region, ...]:
    return tuple(Region(file.sha256, page.number, page.box) for page in pages)


def numbers_of(pages: Sequence[PageFacts]) -> str:
    """2、5、6."""
    return "、".join(str(page.number) for page in pages)
