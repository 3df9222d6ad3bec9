"""How sure a recognised value is: the share of such values that were right on drawn samples, by the circumstances of the reading.

The weights are data, `data/confidence.toml`; `python -m tests.evaluation.refit` fits them anew.
"""

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from extractor.lines import lines_of
from models.codes import uscc
from models.field import Field, Region
from models.layout import Document, Origin, Page, Word
from models.papers import CapabilityRow, LegalEntity, Paper, Signatory, Site

T = TypeVar("T")

Reading = Field[Any] | CapabilityRow | Signatory | Site
"""What has a confidence of its own."""

Sources = Mapping[int, tuple[Sequence[Word], bool]]
"""By a page's number: its words, and whether it is a worn copy in black and white."""

COPIED = "copied"
"""The note of a page that is a worn copy in black and white."""

TERMS = ("always", "certainty", "length", "lines", "disputed", "sealed", "repaired", "proven", "copied")
_FLOOR = 0.001
_MOST = 0.999
"""Nothing that was recognised is said to be surer than this."""
_UNSURE, _DOUBTED = 0.94, 0.7
"""Nothing on a worn copy is called sure, for too much of what is wrong there looks well read; nor what recognition itself, or a rule
such as that for writing by hand, doubts so much: such values are too few to tell how many of them are wrong."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """A reading as the recogniser left it: the certainty of its least sure line, how many signs and lines it has.

    `disputed`: another reading of some of its ink says something else; `sealed`: a seal lies on it; `proven`: its check digit fits;
    `copied`: it stands on a worn copy in black and white, where strokes are missing and nobody sees which; `strange`: hardly any such
    value is like it, which its parser says with the flag `low_confidence`.
    """

    certainty: float
    signs: int
    lines: int = 1
    disputed: bool = False
    sealed: bool = False
    repaired: bool = False
    proven: bool = False
    copied: bool = False
    strange: bool = False

    @property
    def terms(self) -> tuple[float, ...]:
        """The numbers that `TERMS` names; the certainty as decimal places of nines, lengths in powers of ten."""
        return (
            1.0,
            -math.log10(1 - self.certainty + _FLOOR),
            math.log10(1 + self.signs),
            math.log10(self.lines) if self.lines else 0.0,
            float(self.disputed),
            float(self.sealed),
            float(self.repaired),
            float(self.proven),
            float(self.copied),
        )


def rated(paper: Paper, document: Document) -> Paper:
    """The paper with every recognised value as sure as such values turned out to be; what the text layer says stays as it is."""
    return _rated(paper, sources([page for page in document.pages if page.number in paper.source.pages]))


def sources(pages: Iterable[Page]) -> Sources:
    """What `circumstances` asks of these pages."""
    return {page.number: (page.all_words(), COPIED in page.notes) for page in pages}


def circumstances(reading: Reading, pages: Sources) -> Circumstances:
    """Of a reading on these pages."""
    seen = [
        (place, *pages[place.page]) for place in reading.evidence if isinstance(place, Region) and place.page in pages
    ]
    beneath = [word for place, words, _ in seen for word in _within(place, words)]
    value = reading.value if isinstance(reading, Field) else None
    flags = getattr(reading, "flags", ())
    return Circumstances(
        certainty=reading.confidence,
        signs=sum(len(word.text) for word in beneath),
        lines=len(lines_of(beneath)) if isinstance(reading, Field) else len(beneath),
        disputed=any(word.other for word in beneath),
        sealed="seal_overlap" in flags,
        repaired="repaired" in flags,
        proven=isinstance(value, str) and uscc.is_valid(value),
        copied=any(copied for _, _, copied in seen),
        strange="low_confidence" in flags,
    )


def share_right(weights: Sequence[float], seen: Circumstances) -> float:
    """The expected share of right ones among readings in these circumstances."""
    share = 1 / (1 + math.exp(-sum(w * t for w, t in zip(weights, seen.terms, strict=True))))
    return min(share, _UNSURE if seen.copied or seen.strange or seen.certainty < _DOUBTED else _MOST)


@cache
def weights() -> Mapping[str, tuple[float, ...]]:
    """The fitted weights of `field` and `row`, in the order of `TERMS`."""
    table = tomllib.loads(files("extractor").joinpath("data/confidence.toml").read_text("utf-8"))
    return {what: tuple(float(table[what][term]) for term in TERMS) for what in ("field", "row")}


def _rated(value: T, pages: Sources) -> T:
    match value:
        case Field() | CapabilityRow() | Signatory() | Site():
            if value.origin is not Origin.OCR or (isinstance(value, Field) and value.value is None):
                return value
            fitted = weights()["row" if isinstance(value, CapabilityRow) else "field"]
            return replace(value, confidence=share_right(fitted, circumstances(value, pages)))
        case tuple():
            return type(value)(_rated(each, pages) for each in value)
        case _ if isinstance(value, LegalEntity | Paper) and is_dataclass(value):
            changes = {each.name: _rated(getattr(value, each.name), pages) for each in fields(value)}
            return replace(value, **changes)
        case _:
            return value


def _within(place: Region, words: Iterable[Word]) -> Iterable[Word]:
    """The recognised words whose middle lies in the place."""
    box = place.box.expanded(0.5)
    return (w for w in words if w.origin is Origin.OCR and box.contains(*w.box.centre))
