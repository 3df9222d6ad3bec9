"""The register of standards: whether a standard is in force on a day, what replaced it, and which amendments it has."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from rapidfuzz import fuzz

from matchers.rules import Rules
from models.case import Case
from models.records import StandardRecord
from models.standards import StandardRef
from models.text import key

_SERIES_TITLE = re.compile(r"^(?:食品安全国家标准|化学试剂|国家职业卫生标准)")
_CONTAINED = 90  # of 100: a shortened title stands in the longer one almost word for word


class StandardState(StrEnum):
    """What the register says of a standard on a day; `unknown` is no fault, for no register holds every family."""

    CURRENT = "current"
    FUTURE = "future"
    SUPERSEDED = "superseded"
    ABOLISHED = "abolished"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Register:
    """The records by key, editions by series, amendments by the key of the standard that they amend."""

    rules: Rules
    editions: dict[str, list[StandardRecord]] = field(default_factory=dict)
    series: dict[str, list[StandardRecord]] = field(default_factory=dict)
    amendments: dict[str, list[StandardRecord]] = field(default_factory=dict)

    def record(self, ref: StandardRef) -> StandardRecord | None:
        """The record of this very number and year."""
        return next(iter(self.editions.get(ref.key, ())), None)

    def newer(self, ref: StandardRef, on: dt.date) -> StandardRecord | None:
        """The latest edition after this one that is in force or announced; one in force comes first."""
        wanted = (StandardState.CURRENT, StandardState.FUTURE)
        later = [
            (state_of(record, on, self.rules), record)
            for record in self.series.get(ref.series, ())
            if ref.year is not None and _year(record) > ref.year
        ]
        known = [
            (wanted.index(state), -_year(record), n, record)
            for n, (state, record) in enumerate(later)
            if state in wanted
        ]
        return min(known)[-1] if known else None

    def amendments_of(self, ref: StandardRef, on: dt.date) -> list[StandardRecord]:
        """The amendments in force of this edition; none where the reference names one itself."""
        found = self.amendments.get(ref.key, ()) if not ref.amendment else ()
        return [record for record in found if state_of(record, on, self.rules) is StandardState.CURRENT]


def register_of(case: Case, rules: Rules) -> Register:
    """The register as it answered for this case, indexed once."""
    return case.once(_register_of, rules)


def _register_of(case: Case, rules: Rules) -> Register:
    return index_register(case.registries.standards.records, rules)


def index_register(records: Iterable[StandardRecord], rules: Rules) -> Register:
    """The register ready for lookups; records whose code has no known form are left out."""
    register = Register(rules)
    for record in records:
        ref = record.standard
        if ref is None:
            continue
        if ref.amendment:
            register.amendments.setdefault(ref.key, []).append(record)
        else:
            register.editions.setdefault(ref.key, []).append(record)
            register.series.setdefault(ref.series, []).append(record)
    return register


def state_of(record: StandardRecord, on: dt.date, rules: Rules) -> StandardState:
    """The printed status as of a day: dates of effect and of abolition go before the word."""
    if record.effective_on is not None and record.effective_on > on:
        return StandardState.FUTURE
    printed = key(record.status)
    state = next(
        (StandardState(state) for state, words in rules.standard_states if any(word in printed for word in words)),
        StandardState.UNKNOWN,
    )
    if state is StandardState.FUTURE and record.effective_on is not None:
        state = StandardState.CURRENT  # it has come into effect since the status was printed
    if record.abolished_on is None:
        return state
    if record.abolished_on > on:
        return StandardState.CURRENT
    return state if state is StandardState.SUPERSEDED else StandardState.ABOLISHED


def title_likeness(left: str, right: str) -> tuple[float, bool]:
    """How alike two titles are, in [0, 1], and whether one is only the other shortened."""
    a, b = (_SERIES_TITLE.sub("", key(title)) for title in (left, right))
    score = fuzz.ratio(a, b) / 100
    shortened = min(len(a), len(b)) >= _SHORTEST and fuzz.partial_ratio(a, b) >= _CONTAINED
    return score, shortened


_SHORTEST = 4  # characters; shorter titles stand in too many others


def _year(record: StandardRecord) -> int:
    return (record.standard.year if record.standard is not None else None) or 0
