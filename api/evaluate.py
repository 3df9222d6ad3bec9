"""Accuracy over a folder of documents whose truth is known: fields, rows, checks, and every mistake by name."""

import datetime as dt
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rapidfuzz.distance import LCSseq

from api.inputs import uploads_in
from api.reading import OcrFactory, parse_files
from api.render.json import Json, parse_json
from extractor.registries import open_snapshots
from matchers.check import CONFIDENCE_FLOOR
from models.errors import InputError, ReviewError
from models.finding import Outcome
from models.report import Report

FIRES = frozenset({Outcome.MISMATCH, Outcome.NOT_PROVIDED, Outcome.UNREADABLE})
"""Outcomes by which a check says that something is wrong with the papers."""

NOT_COMPARED = frozenset({"confidence", "source", "evidence", "flags", "index", "label", "text"})
LISTS = ("signatories", "sites", "index", "sections")
"""Fields that a truth may also give beside its rows."""

ABSENT = object()


@dataclass(slots=True)
class Score:
    """How many of how many."""

    right: int = 0
    total: int = 0

    def add(self, right: bool) -> None:
        self.right += right
        self.total += 1

    @property
    def share(self) -> float | None:
        """None where there was nothing to count."""
        return round(self.right / self.total, 6) if self.total else None


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
        return (
            f"{self.case}/{self.file} {self.place}{sure}\n    truth {shown(self.truth)}\n    read  {shown(self.read)}"
        )


@dataclass(slots=True)
class Tally:
    """Everything counted so far."""

    cases: int = 0
    fields: Score = field(default_factory=Score)
    by_kind: dict[str, Score] = field(default_factory=dict)
    by_source: dict[str, Score] = field(default_factory=dict)
    by_field: dict[str, Score] = field(default_factory=dict)
    sure_and_wrong: int = 0
    unexpected: int = 0
    kinds: Score = field(default_factory=Score)
    rows_true: int = 0
    rows_read: int = 0
    rows_right: int = 0
    cells: Score = field(default_factory=Score)
    faults: Score = field(default_factory=Score)
    fired: Score = field(default_factory=Score)
    clean_cases: int = 0
    false_mismatches: Counter[str] = field(default_factory=Counter)
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    pages: int = 0
    seconds: float = 0.0
    review_seconds: list[float] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    def add_field(self, kind: str, name: str, source: str, right: bool) -> None:
        self.fields.add(right)
        self.by_kind.setdefault(kind, Score()).add(right)
        self.by_field.setdefault(f"{kind}.{name}", Score()).add(right)
        self.by_source.setdefault(source, Score()).add(right)


def evaluate(
    folder: Path,
    ocr: OcrFactory | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    checks: bool = True,
) -> Tally:
    """Compare every case under `folder` (a case holds `truth.json`; `folder` may be one itself) with what is read and found.

    `checks` False reads and parses only. InputError where there is no case.
    """
    cases = sorted(path.parent for path in folder.rglob("truth.json"))
    if not cases:
        raise InputError(f"{folder} 中没有 truth.json。 There is no truth.json under {folder}.")
    tally = Tally()
    for number, case in enumerate(cases):
        if progress:
            progress(case.name, number, len(cases))
        evaluate_case(tally, case, case.relative_to(folder).as_posix(), ocr, checks)
    if progress:
        progress("", len(cases), len(cases))
    return tally


def evaluate_case(tally: Tally, case: Path, name: str, ocr: OcrFactory | None, checks: bool) -> None:
    truth = json.loads((case / "truth.json").read_text("utf-8"))
    uploads = uploads_in([case])
    started = time.perf_counter()
    reading = parse_files(uploads, ocr)
    tally.seconds += time.perf_counter() - started
    tally.pages += reading.pages
    tally.cases += 1
    compare_papers(tally, name, truth.get("papers", []), parse_json(reading.papers)["papers"])
    if not checks or "faults" not in truth:
        return
    snapshots = open_snapshots(case / "registry" if (case / "registry").is_dir() else None)
    as_of = dt.date.fromisoformat(truth["as_of"]) if "as_of" in truth else dt.datetime.now(dt.UTC).date()
    from api.review import review

    started = time.perf_counter()
    try:
        report = review(uploads, snapshots, as_of, truth.get("application"), ocr)
    except ReviewError as error:
        tally.mistakes.append(Mistake(name, "", "review", "a report", str(error)))
        return
    tally.review_seconds.append(time.perf_counter() - started)
    compare_findings(tally, name, expected_checks(truth["faults"]), report)


def compare_papers(tally: Tally, case: str, truths: Sequence[Json], papers: Sequence[Json]) -> None:
    """Pair papers by file and kind, each once, then compare what they hold."""
    left = list(papers)
    for truth in truths:
        file, kind = truth.get("file", ""), truth["kind"]
        found = next((p for p in left if p["file"] == file and p["kind"] == kind), None)
        tally.kinds.add(found is not None)
        if found is None:
            others = [p["kind"] for p in papers if p["file"] == file]
            tally.mistakes.append(Mistake(case, file, "kind", kind, others))
            found = {"kind": kind, "file": file, "fields": {}, "rows": []}
        else:
            left.remove(found)
        compare_fields(tally, case, truth, found)
        if "rows" in truth:
            compare_rows(tally, case, file, truth["rows"], found["rows"])


def compare_fields(tally: Tally, case: str, truth: Json, paper: Json) -> None:
    """Each field that the truth names counts once, exact or wrong; a value that the truth does not name is `unexpected`."""
    kind, file, read = truth["kind"], truth.get("file", ""), paper["fields"]
    wanted = {**truth.get("fields", {}), **{name: truth[name] for name in LISTS if name in truth}}
    for name, value in wanted.items():
        entry = read.get(name)
        got = entry["value"] if entry else ABSENT
        right = agrees(value, got)
        tally.add_field(kind, name, entry["source"] if entry else "absent", right)
        if not right:
            sure = entry["confidence"] if entry and got is not None else None
            tally.sure_and_wrong += sure is not None and sure >= CONFIDENCE_FLOOR
            tally.mistakes.append(Mistake(case, file, f"{kind}.{name}", value, got, sure))
    tally.unexpected += sum(
        entry["value"] not in (None, [], "") and name not in wanted for name, entry in read.items() if wanted
    )


def agrees(truth: Any, read: Any) -> bool:
    """Exact equality of JSON values; of an object only what the truth states, an absent field only where the truth is null."""
    if read is ABSENT or read is None:
        return truth is None and read is None
    if isinstance(truth, Mapping):
        return isinstance(read, Mapping) and all(
            agrees(value, read.get(name)) for name, value in truth.items() if name not in NOT_COMPARED
        )
    if isinstance(truth, list):
        return isinstance(read, list) and len(truth) == len(read) and all(map(agrees, truth, read))
    return bool(truth == read)


def compare_rows(tally: Tally, case: str, file: str, truths: Sequence[Json], rows: Sequence[Json]) -> None:
    """Rows align in order; a row counts where every column that the truth states is exact."""
    columns = sorted({name for row in truths for name in row} - NOT_COMPARED)
    standards = sorted({name for row in truths for entry in references(row) for name in entry})
    left, right = ([row_key(row, columns, standards) for row in side] for side in (truths, rows))
    tally.rows_true += len(left)
    tally.rows_read += len(right)
    for operation in LCSseq.opcodes(left, right):
        mine, theirs = range(operation.src_start, operation.src_end), range(operation.dest_start, operation.dest_end)
        if operation.tag == "equal":
            tally.rows_right += len(mine)
            tally.cells.right += len(mine) * len(columns)
            tally.cells.total += len(mine) * len(columns)
            continue
        for i, j in pairs(mine, theirs):
            for mistake in row_mistakes(case, file, columns, left, right, i, j):
                tally.mistakes.append(mistake)
            tally.cells.total += len(columns)
            tally.cells.right += sum(
                i is not None and j is not None and a == b for a, b in zip_cells(left, right, i, j)
            )


def pairs(mine: range, theirs: range) -> Iterator[tuple[int | None, int | None]]:
    """The two sides of a gap in step; what is left over stands alone."""
    for step in range(max(len(mine), len(theirs))):
        yield mine[step] if step < len(mine) else None, theirs[step] if step < len(theirs) else None


def zip_cells(
    left: Sequence[tuple[str, ...]], right: Sequence[tuple[str, ...]], i: int | None, j: int | None
) -> Iterator[tuple[str, str]]:
    return zip(left[i], right[j], strict=True) if i is not None and j is not None else iter(())


def row_mistakes(
    case: str,
    file: str,
    columns: Sequence[str],
    left: Sequence[tuple[str, ...]],
    right: Sequence[tuple[str, ...]],
    i: int | None,
    j: int | None,
) -> Iterator[Mistake]:
    if i is None or j is None:
        number, place = (j, "row read but not there") if i is None else (i, "row missing")
        assert number is not None
        yield Mistake(
            case, file, f"{place} [{number}]", left[i] if i is not None else None, right[j] if j is not None else None
        )
        return
    for column, truth, read in zip(columns, left[i], right[j], strict=True):
        if truth != read:
            yield Mistake(case, file, f"rows[{i}].{column}", json.loads(truth), json.loads(read))


def row_key(row: Json, columns: Sequence[str], standards: Sequence[str]) -> tuple[str, ...]:
    """The compared columns as canonical JSON, so that rows can be hashed and put in order."""
    shown_row = {name: row.get(name) for name in columns}
    if "standards" in shown_row:
        shown_row["standards"] = [{name: entry.get(name) for name in standards} for entry in references(row)]
    return tuple(json.dumps(shown_row[name], ensure_ascii=False, sort_keys=True) for name in columns)


def references(row: Json) -> list[Json]:
    """The standards of a row; a truth may give the bare keys."""
    return [entry if isinstance(entry, Mapping) else {"key": entry} for entry in row.get("standards") or []]


def expected_checks(faults: Sequence[Any]) -> list[frozenset[str]]:
    """The checks that each seeded fault must make fire."""
    return [frozenset(fault["checks"] if isinstance(fault, Mapping) else ()) for fault in faults]


def compare_findings(tally: Tally, case: str, expected: Sequence[frozenset[str]], report: Report) -> None:
    """Recall over the seeded faults' checks; precision over the checks that fired; false mismatches of clean cases."""
    fired = {finding.check for finding in report.findings if finding.outcome in FIRES}
    wanted = frozenset().union(*expected)
    for finding in report.findings:
        tally.outcomes.setdefault(finding.check, Counter())[finding.outcome.value] += 1
    for check in sorted(wanted):
        tally.faults.add(check in fired)
        if check not in fired:
            tally.mistakes.append(Mistake(case, "", f"check {check}", "fires", "silent"))
    for check in sorted(fired):
        tally.fired.add(check in wanted)
        if check not in wanted:
            said = [
                f"{f.outcome.value}: {f.message.zh}" for f in report.findings if f.check == check and f.outcome in FIRES
            ]
            tally.mistakes.append(Mistake(case, "", f"check {check}", "silent", said[:3]))
    if not wanted:
        tally.clean_cases += 1
        tally.false_mismatches.update(f.check for f in report.findings if f.outcome is Outcome.MISMATCH)


def evaluation_json(tally: Tally) -> Json:
    """The answer of `zhengshen evaluate --json`; null where there was nothing to count."""
    read, true, right = tally.rows_read, tally.rows_true, tally.rows_right
    clean = tally.clean_cases
    return {
        "cases": tally.cases,
        "kinds": {"exact": tally.kinds.right, "total": tally.kinds.total},
        "fields": {
            "exact": tally.fields.right,
            "total": tally.fields.total,
            "share": tally.fields.share,
            "sure_and_wrong": tally.sure_and_wrong,
            "unexpected": tally.unexpected,
            "by_kind": {kind: score_json(score) for kind, score in sorted(tally.by_kind.items())},
            "by_source": {source: score_json(score) for source, score in sorted(tally.by_source.items())},
            "by_field": {name: score_json(score) for name, score in sorted(tally.by_field.items())},
        },
        "rows": {
            "exact": round(right / true, 6) if true else None,
            "f1": round(2 * right / (read + true), 6) if read + true else None,
            "cells": tally.cells.share,
            "right": right,
            "true": true,
            "read": read,
        },
        "checks": {
            "recall": tally.faults.share,
            "precision": tally.fired.share,
            "false_mismatches_per_clean_case": round(sum(tally.false_mismatches.values()) / clean, 6)
            if clean
            else None,
            "clean_cases": clean,
            "false_mismatches": dict(sorted(tally.false_mismatches.items())),
        },
        "comparators": {check: dict(counted) for check, counted in sorted(tally.outcomes.items())},
        "seconds_per_page": round(tally.seconds / tally.pages, 4) if tally.pages else None,
        "pages": tally.pages,
    }


def score_json(score: Score) -> Json:
    return {"exact": score.right, "total": score.total, "share": score.share}


def shown(value: Any) -> str:
    return "—" if value is ABSENT else json.dumps(value, ensure_ascii=False)
