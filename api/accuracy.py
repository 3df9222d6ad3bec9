"""What was read against what is true: fields, rows and cells counted, every mistake kept by name."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.distance import LCSseq

from matchers.check import CONFIDENCE_FLOOR
from models.text import unify_marks

Json = dict[str, Any]
Row = tuple[str, ...]
"""The compared columns of a row, each as canonical JSON."""

LISTS = ("signatories", "sites", "index", "sections")
"""Fields that a truth may also give beside its rows."""

NOT_COMPARED = frozenset({"confidence", "source", "evidence", "flags", "label", "text"})


CONFIDENCE_STEPS = (0.0, 0.5, 0.7, 0.85, 0.95, 0.99)
"""Calibration counts the fields read with at least each of these and less than the next."""

_BLANKS = re.compile(r"\s+")


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
class Mistake:
    """One wrong value: where, what it should be, what was read and how surely."""

    case: str
    file: str
    place: str
    truth: Any
    read: Any
    confidence: float | None = None

    def __str__(self) -> str:
        sure = "" if self.confidence is None else f"  ({self.confidence:.2f})"
        where = f"{self.case}/{self.file} {self.place}{sure}"
        return f"{where}\n    truth {_shown(self.truth)}\n    read  {_shown(self.read)}"


@dataclass(slots=True)
class Tally:
    """Everything counted so far."""

    cases: int = 0
    kinds: Score = field(default_factory=Score)
    fields: Score = field(default_factory=Score)
    by_kind: dict[str, Score] = field(default_factory=dict)
    by_source: dict[str, Score] = field(default_factory=dict)
    by_field: dict[str, Score] = field(default_factory=dict)
    by_confidence: dict[float, Score] = field(default_factory=dict)
    sure_and_wrong: int = 0
    unexpected: int = 0
    rows_true: int = 0
    rows_read: int = 0
    rows_right: int = 0
    cells: Score = field(default_factory=Score)
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

    def add_field(self, kind: str, name: str, source: str, right: bool) -> None:
        """Count one field under its kind, its name and its source (`text`, `ocr` or `absent`)."""
        self.fields.add(right)
        self.by_kind.setdefault(kind, Score()).add(right)
        self.by_field.setdefault(f"{kind}.{name}", Score()).add(right)
        self.by_source.setdefault(source, Score()).add(right)

    def add_expected(self, check: str, found: bool) -> None:
        """Count one check that a seeded fault must make fire."""
        self.faults.add(found)
        self.faults_by_check.setdefault(check, Score()).add(found)

    def add_fired(self, check: str, right: bool) -> None:
        """Count one check that fired in one case, right where a seeded fault declares it."""
        self.fired.add(right)
        self.fired_by_check.setdefault(check, Score()).add(right)


def compare_papers(tally: Tally, case: str, truths: Sequence[Json], papers: Sequence[Json]) -> None:
    """Pair papers by file and kind, each once, then compare what they hold."""
    left = list(papers)
    for truth in truths:
        kind, file = truth["kind"], truth.get("file", "")
        found = next((paper for paper in left if paper["file"] == file and paper["kind"] == kind), None)
        tally.kinds.add(found is not None)
        if found is None:
            others = [paper["kind"] for paper in papers if paper["file"] == file]
            tally.mistakes.append(Mistake(case, file, "kind", kind, others))
            found = {"fields": {}, "rows": []}
        else:
            left.remove(found)
        compare_fields(tally, case, truth, found)
        if "rows" in truth:
            compare_rows(tally, case, truth, found)


def compare_fields(tally: Tally, case: str, truth: Json, paper: Json) -> None:
    """Each field that the truth names counts once, exact or wrong; a value that the truth does not name is `unexpected`."""
    kind, file, read = truth["kind"], truth.get("file", ""), paper["fields"]
    wanted = {**truth.get("fields", {}), **{name: truth[name] for name in LISTS if name in truth}}
    for name, value in wanted.items():
        entry = read.get(name)
        got = entry["value"] if entry else ABSENT
        right = agrees(value, got)
        tally.add_field(kind, name, entry["source"] if entry else "absent", right)
        sure = entry["confidence"] if entry and got is not None else None
        if sure is not None:
            step = max(floor for floor in CONFIDENCE_STEPS if floor <= sure)
            tally.by_confidence.setdefault(step, Score()).add(right)
        if not right and read:
            tally.sure_and_wrong += sure is not None and sure >= CONFIDENCE_FLOOR
            tally.mistakes.append(Mistake(case, file, f"{kind}.{name}", value, got, sure))
    tally.unexpected += sum(name not in wanted and bool(entry["value"]) for name, entry in read.items() if wanted)


def agrees(truth: Any, read: Any) -> bool:
    """Equality of JSON values, of an object only what the truth states; what is absent agrees with nothing, not even null.

    Texts must be equal but for blanks: at the end of a line, or as narrow as in `GB 5009`, nobody can see whether one was meant.
    """
    if isinstance(truth, Mapping):
        stated = {name: value for name, value in truth.items() if name not in NOT_COMPARED}
        return isinstance(read, Mapping) and all(agrees(value, read.get(name)) for name, value in stated.items())
    if isinstance(truth, list):
        return isinstance(read, list) and len(truth) == len(read) and all(map(agrees, truth, read))
    if isinstance(truth, str) and isinstance(read, str):
        return _without_blanks(truth) == _without_blanks(read)
    return type(truth) is type(read) and bool(truth == read)


def _without_blanks(text: str) -> str:
    """Also without the width of brackets and colons, which no eye can tell in a line of Chinese."""
    return _BLANKS.sub("", unify_marks(text))


def compare_rows(tally: Tally, case: str, truth: Json, paper: Json) -> None:
    """Rows align in order; a row counts where every column that the truth states is exact."""
    file = truth.get("file", "")
    columns = sorted({name for row in truth["rows"] for name in row} - NOT_COMPARED - {"index"})
    standards = sorted({name for row in truth["rows"] for entry in _references(row) for name in entry})
    left, right = ([_row(row, columns, standards) for row in side["rows"]] for side in (truth, paper))
    tally.rows_true += len(left)
    tally.rows_read += len(right)
    before = tally.rows_right
    for mine, theirs in _gaps(tally, left, right):
        true, read = left[mine.start : mine.stop], right[theirs.start : theirs.stop]
        beside = zip(true, read, strict=False)
        tally.cells.right += sum(a == b for pair in beside for a, b in zip(*pair, strict=True))
        tally.cells.total += len(columns) * max(len(true), len(read))
        tally.mistakes += _row_mistakes(case, file, columns, mine.start, true, read)
    tally.cells.right += len(columns) * (tally.rows_right - before)
    tally.cells.total += len(columns) * (tally.rows_right - before)


def _gaps(tally: Tally, left: Sequence[Row], right: Sequence[Row]) -> Iterator[tuple[range, range]]:
    """What lies between the rows that are equal in a longest common sequence; those are counted right."""
    i = j = 0
    equal = [step for step in LCSseq.opcodes(left, right) if step.tag == "equal"]
    for step in equal:
        yield range(i, step.src_start), range(j, step.dest_start)
        tally.rows_right += step.src_end - step.src_start
        i, j = step.src_end, step.dest_end
    yield range(i, len(left)), range(j, len(right))


def _row_mistakes(
    case: str, file: str, columns: Sequence[str], first: int, mine: Sequence[Row], theirs: Sequence[Row]
) -> Iterator[Mistake]:
    """The cells that differ in rows that stand beside each other; what is left over is missing or too much."""
    for offset, (true, read) in enumerate(zip(mine, theirs, strict=False)):
        for column, a, b in zip(columns, true, read, strict=True):
            if a != b:
                yield Mistake(case, file, f"rows[{first + offset}].{column}", json.loads(a), json.loads(b))
    paired = min(len(mine), len(theirs))
    for offset, true in enumerate(mine[paired:], paired):
        yield Mistake(case, file, f"rows[{first + offset}] missing", _summary(columns, true), ABSENT)
    for read in theirs[paired:]:
        yield Mistake(case, file, f"row too many before rows[{first + len(mine)}]", ABSENT, _summary(columns, read))


def _row(row: Json, columns: Sequence[str], standards: Sequence[str]) -> Row:
    compared = {name: _without_blanks(cell) if isinstance(cell := row.get(name), str) else cell for name in columns}
    if "standards" in compared:
        compared["standards"] = [{name: entry.get(name) for name in standards} for entry in _references(row)]
    return tuple(json.dumps(compared[name], ensure_ascii=False, sort_keys=True) for name in columns)


def _references(row: Json) -> list[Mapping[str, Any]]:
    """The standards of a row; a truth may give the bare keys."""
    return [entry if isinstance(entry, Mapping) else {"key": entry} for entry in row.get("standards") or []]


def _summary(columns: Sequence[str], row: Row) -> str:
    values = dict(zip(columns, map(json.loads, row), strict=True))
    return " | ".join(str(values[name]) for name in ("object", "parameter", "method", "limitation") if values.get(name))


def _shown(value: Any) -> str:
    return (
        value if isinstance(value, str) else repr(value) if value is ABSENT else json.dumps(value, ensure_ascii=False)
    )
