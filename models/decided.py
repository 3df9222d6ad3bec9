"""What people decided on a case: words on findings, rows and fields, and the decision that ends it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from models.finding import Verdict
from models.report import Decision, Recommendation


@dataclass(frozen=True, slots=True)
class FindingWord:
    """The word that holds on a finding. A dismissal that a second person repeated has that person in `seconded_by`."""

    fingerprint: str
    version: int
    verdict: Verdict
    reason: str
    by: str
    at: dt.datetime
    seconded_by: str = ""


@dataclass(frozen=True, slots=True)
class RowWord:
    """What a person decided on the claimed row `row` (its place in the report, from 0), and in which act."""

    row: int
    decision: Decision
    reason: str
    by: str
    at: dt.datetime
    act: int


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person read at a place of a paper: `value` as printed, None where that is illegible; `before` is what the machine read."""

    place: str
    value: str | None
    before: str
    reason: str
    by: str
    at: dt.datetime
    act: int


@dataclass(frozen=True, slots=True)
class FinalWord:
    """The decision on the case. It stands once a second person agreed, where one is needed."""

    decision: Recommendation
    reason: str
    by: str
    at: dt.datetime
    act: int
    needs_second: bool
    seconded_by: str = ""
    seconded_at: dt.datetime | None = None

    @property
    def stands(self) -> bool:
        return bool(self.seconded_by) or not self.needs_second


@dataclass(frozen=True, slots=True)
class Decided:
    """Everything that people decided on a case so far."""

    findings: tuple[FindingWord, ...] = ()
    rows: tuple[RowWord, ...] = ()
    corrections: tuple[Correction, ...] = ()
    final: FinalWord | None = None

    def named(self, name: Callable[[str], str]) -> "Decided":
        """The same with the names of people in place of their ids."""
        final = self.final
        return Decided(
            tuple(replace(w, by=name(w.by), seconded_by=w.seconded_by and name(w.seconded_by)) for w in self.findings),
            tuple(replace(word, by=name(word.by)) for word in self.rows),
            tuple(replace(word, by=name(word.by)) for word in self.corrections),
            final and replace(final, by=name(final.by), seconded_by=final.seconded_by and name(final.seconded_by)),
        )
