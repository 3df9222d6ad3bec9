"""What an evaluation counts: how many of how many, every mistake by name, and what each reading was said to be worth."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.layout import Box

Json = dict[str, Any]

CONFIDENCE_STEPS = (0.0, 0.5, 0.7, 0.85, 0.95, 0.99)
"""`by_confidence` counts the fields read with at least each of these and less than the next."""


class _Absent:
    def __repr__(self) -> str:
        return "—"


ABSENT = _Absent()


@dataclass(slots=True)
class Score:
    """How many of how many."""

    right: int = 0
    total: int = 0

    def add(self, right: bool) -> None:
        """Count one more."""
        self.right += right
        self.total += 1

    @property
    def share(self) -> float | None:
        """None where there was nothing to count."""
        return round(self.right / self.total, 6) if self.total else None


@dataclass(slots=True)
class Rows:
    """Rows of tables against the true ones, and their cells: `cells` holds the larger number of the two sides as its total."""

    true: int = 0
    read: int = 0
    right: int = 0
    cells: Score = field(default_factory=Score)
    cells_true: int = 0
    cells_read: int = 0

    def add(self, other: "Rows") -> None:
        """Count another table too."""
        self.true, self.read, self.right = self.true + other.true, self.read + other.read, self.right + other.right
        self.cells = Score(self.cells.right + other.cells.right, self.cells.total + other.cells.total)
        self.cells_true, self.cells_read = self.cells_true + other.cells_true, self.cells_read + other.cells_read

    @property
    def share(self) -> float | None:
        """Of the true rows, those read exactly."""
        return Score(self.right, self.true).share

    @property
    def f1(self) -> float | None:
        """Of whole rows."""
        return Score(2 * self.right, self.read + self.true).share

    @property
    def cell_f1(self) -> float | None:
        """Of single cells."""
        return Score(2 * self.cells.right, self.cells_true + self.cells_read).share


@dataclass(slots=True)
class Agreement:
    """Verdicts of one comparator against labels, each of them yes, tolerated or no: how many pairs there were for each two."""

    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, label: str, verdict: str) -> None:
        """Count one more pair."""
        self.pairs[label, verdict] += 1

    @property
    def exact(self) -> Score:
        """Verdicts that are the label itself."""
        return Score(sum(n for (a, b), n in self.pairs.items() if a == b), self.pairs.total())

    @property
    def recall(self) -> Score:
        """Of the pairs that are one thing, those judged so, tolerated or not."""
        return Score(self._both, sum(n for (label, _), n in self.pairs.items() if label != "no"))

    @property
    def precision(self) -> Score:
        """Of the pairs judged one thing, those that are: each of the others would pass without anybody looking."""
        return Score(self._both, sum(n for (_, verdict), n in self.pairs.items() if verdict != "no"))

    @property
    def _both(self) -> int:
        return sum(n for pair, n in self.pairs.items() if "no" not in pair)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was read: the file by its sha256, the page, the box."""

    sha256: str
    page: int
    box: Box

    @classmethod
    def of(cls, sha256: str, entry: Mapping[str, Any] | None) -> "Place | None":
        """The first evidence of a field or a row in the JSON of the contract; None where it has none."""
        evidence = (entry or {}).get("evidence") or ()
        return next((cls(sha256, each["page"], Box(*each["box"])) for each in evidence if "box" in each), None)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong value: where, what it should be, what was read and how surely; `seen` is the place in the picture."""

    case: str
    file: str
    place: str
    truth: Any
    read: Any
    confidence: float | None = None
    seen: Place | None = None

    def __str__(self) -> str:
        sure = "" if self.confidence is None else f"  ({self.confidence:.2f})"
        where = f"{self.case}/{self.file} {self.place}{sure}"
        return f"{where}\n    truth {shown(self.truth)}\n    read  {shown(self.read)}"


@dataclass(frozen=True, slots=True)
class Said:
    """One reading: a field by its name or a row by its number (`what` and `name`), how sure it was said to be, whether it is right."""

    what: str
    name: str
    source: str
    degradation: str
    confidence: float
    right: bool


@dataclass(slots=True)
class Tally:
    """Everything counted so far."""

    cases: int = 0
    kinds: Score = field(default_factory=Score)
    fields: Score = field(default_factory=Score)
    by_kind: dict[str, Score] = field(default_factory=dict)
    by_source: dict[str, Score] = field(default_factory=dict)
    by_field: dict[str, Score] = field(default_factory=dict)
    by_degradation: dict[str, Score] = field(default_factory=dict)
    by_confidence: dict[float, Score] = field(default_factory=dict)
    sure_and_wrong: int = 0
    unexpected: int = 0
    rows: Rows = field(default_factory=Rows)
    rows_by_degradation: dict[str, Rows] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    faults: Score = field(default_factory=Score)
    fired: Score = field(default_factory=Score)
    faults_by_check: dict[str, Score] = field(default_factory=dict)
    fired_by_check: dict[str, Score] = field(default_factory=dict)
    clean_cases: int = 0
    false_mismatches: Counter[str] = field(default_factory=Counter)
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    comparators: dict[str, Agreement] = field(default_factory=dict)
    pages: int = 0
    seconds: float = 0.0
    mistakes: list[Mistake] = field(default_factory=list)
    turns: dict[tuple[str, int], int] = field(default_factory=dict)
    """Of each page (sha256 and number) that was not upright: the clockwise turn that made it so."""

    def add_field(self, kind: str, name: str, source: str, degradation: str, right: bool) -> None:
        """Count one field under its kind, its name, its source (`text`, `ocr`, `unread`, `absent`) and its paper's degradation."""
        self.fields.add(right)
        self.by_kind.setdefault(kind, Score()).add(right)
        self.by_field.setdefault(f"{kind}.{name}", Score()).add(right)
        self.by_source.setdefault(source, Score()).add(right)
        self.by_degradation.setdefault(degradation, Score()).add(right)

    def add_rows(self, rows: Rows, degradation: str) -> None:
        """Count the rows of one paper."""
        self.rows.add(rows)
        self.rows_by_degradation.setdefault(degradation, Rows()).add(rows)

    def add_said(self, said: Said) -> None:
        """Count one reading under what it was said to be worth."""
        self.said.append(said)
        if said.what == "field":
            step = max(floor for floor in CONFIDENCE_STEPS if floor <= said.confidence)
            self.by_confidence.setdefault(step, Score()).add(said.right)

    def add_expected(self, check: str, found: bool) -> None:
        """Count one check that a seeded fault must make fire."""
        self.faults.add(found)
        self.faults_by_check.setdefault(check, Score()).add(found)

    def add_fired(self, check: str, right: bool) -> None:
        """Count one check that fired in one case, right where a seeded fault declares it."""
        self.fired.add(right)
        self.fired_by_check.setdefault(check, Score()).add(right)


def shown(value: Any) -> str:
    """A value of a mistake as text."""
    if isinstance(value, str):
        return value
    return repr(value) if value is ABSENT else json.dumps(value, ensure_ascii=False)
