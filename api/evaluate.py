"""Accuracy over a folder of cases whose truth is known: read, parse, review, and count what agrees."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from api.accuracy import UNSTATED, compare_papers
from api.calibration import calibration_json
from api.comparators import compare_labelled
from api.inputs import uploads_in
from api.reading import OcrFactory, Progress, Reading, parse_files
from api.render.json import parse_json
from api.render.pages import rotations_of
from api.tally import Agreement, Json, Mistake, Rows, Score, Tally
from extractor.registries import open_snapshots
from models.case import Purpose
from models.errors import InputError, ReviewError
from models.finding import Outcome
from models.layout import Document
from models.report import Report

FIRES = frozenset({Outcome.MISMATCH, Outcome.NOT_PROVIDED, Outcome.UNREADABLE})
"""Outcomes by which a check says that something is wrong with the papers."""


def evaluate(
    folder: Path,
    ocr: OcrFactory | None = None,
    progress: Progress | None = None,
    checks: bool = True,
    labelled: Path | None = None,
) -> Tally:
    """Compare every case under `folder` (a case holds `truth.json`; `folder` may be one itself) with what is read and found.

    `checks` False reads and parses only; `labelled` is a folder of labelled pairs to judge the comparators by. InputError where
    there is no case, or a truth or a labelled file is malformed.
    """
    cases = sorted(path.parent for path in folder.rglob("truth.json"))
    if not cases:
        raise InputError(f"{folder} 中没有 truth.json。 There is no truth.json under {folder}.")
    tally = Tally()
    if labelled is not None:
        compare_labelled(tally, labelled)
    for number, case in enumerate(cases):
        if progress:
            progress(case.name, number, len(cases))
        _evaluate_case(tally, case, case.relative_to(folder).as_posix(), ocr, checks)
    if progress:
        progress("", len(cases), len(cases))
    return tally


def evaluation_json(tally: Tally) -> Json:
    """The answer of `zhengshen evaluate --json`; null where there was nothing to count.

    `fields.exact` counts, `rows.exact` is a share of the true rows. `by_degradation` goes by what the truth says was done to a paper.
    `calibration` is about what was recognised in pictures. `checks.by_check` has each check that a fault should have made fire or that
    fired; `comparators` what the labelled pairs say, empty without them.
    """
    clean = tally.clean_cases
    false = sum(tally.false_mismatches.values())
    return {
        "cases": tally.cases,
        "kinds": _score(tally.kinds),
        "fields": {
            **_score(tally.fields),
            "sure_and_wrong": tally.sure_and_wrong,
            "unexpected": tally.unexpected,
            "by_kind": {name: _score(score) for name, score in sorted(tally.by_kind.items())},
            "by_source": {name: _score(score) for name, score in sorted(tally.by_source.items())},
            "by_degradation": {name: _score(score) for name, score in sorted(tally.by_degradation.items())},
            "by_confidence": {f"{floor:.2f}": _score(score) for floor, score in sorted(tally.by_confidence.items())},
            "by_field": {name: _score(score) for name, score in sorted(tally.by_field.items())},
        },
        "rows": {
            **_rows(tally.rows),
            "by_degradation": {name: _rows(rows) for name, rows in sorted(tally.rows_by_degradation.items())},
        },
        "calibration": calibration_json(tally.said),
        "checks": {
            "recall": tally.faults.share,
            "precision": tally.fired.share,
            "false_mismatches_per_clean_case": round(false / clean, 6) if clean else None,
            "clean_cases": clean,
            "false_mismatches": dict(sorted(tally.false_mismatches.items())),
            "by_check": {
                check: _check(tally, check) for check in sorted({*tally.faults_by_check, *tally.fired_by_check})
            },
            "outcomes": {check: dict(counted) for check, counted in sorted(tally.outcomes.items())},
        },
        "comparators": {name: _agreement(agreement) for name, agreement in tally.comparators.items()},
        "seconds_per_page": round(tally.seconds / tally.pages, 4) if tally.pages else None,
        "pages": tally.pages,
    }


def file_of_case(folder: Path, case: str, file: str) -> bytes | None:
    """The bytes of a case's file; None for what is no file of its own, such as one in a bundle."""
    path = folder / case / file
    return path.read_bytes() if path.is_file() else None


def _evaluate_case(tally: Tally, case: Path, name: str, ocr: OcrFactory | None, checks: bool) -> None:
    truth = _truth(case / "truth.json")

    def seen(document: Document) -> None:
        tally.turns.update(rotations_of(document))

    reading = parse_files(uploads_in([case]), ocr, seen=seen)
    tally.seconds += reading.seconds
    tally.pages += reading.pages
    tally.cases += 1
    papers = [{"degradation": truth.get("degradation", UNSTATED), **paper} for paper in truth.get("papers", [])]
    expected = {paper.get("file") for paper in papers}
    tally.mistakes += [
        Mistake(name, problem.file, f"page {problem.page or '—'} {problem.code}", "readable", problem.message)
        for problem in reading.problems
        if problem.file in expected
    ]
    compare_papers(tally, name, papers, parse_json(reading.papers)["papers"])
    if checks and "faults" in truth:
        try:
            report = _judge(case, truth, reading)
        except ReviewError as error:
            tally.mistakes.append(Mistake(name, "", "review", "a report", str(error)))
        else:
            faults = truth["faults"]
            compare_findings(tally, name, expected_checks(faults), report, expected_checks(faults, "also"))


def _truth(path: Path) -> Json:
    try:
        truth = json.loads(path.read_text("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}：不是有效的 JSON（{error}）。 {path}: not valid JSON.") from error
    if not isinstance(truth, dict):
        raise InputError(f"{path}：应为 JSON 对象。 {path}: expected a JSON object.")
    return truth


def _judge(case: Path, truth: Json, reading: Reading) -> Report:
    from api.review import judge  # here, so that reading alone loads no rules

    registry = case / "registry"
    as_of = dt.date.fromisoformat(truth["as_of"]) if "as_of" in truth else dt.datetime.now(dt.UTC).date()
    snapshots = open_snapshots(registry if registry.is_dir() else None)
    return judge(reading, snapshots, as_of, truth.get("application"), Purpose(truth.get("purpose", "application")))


def expected_checks(faults: Sequence[Any], which: str = "checks") -> frozenset[str]:
    """The checks that the seeded faults must make fire; `also` for those that they may."""
    return frozenset(check for fault in faults if isinstance(fault, Mapping) for check in fault.get(which, ()))


def compare_findings(
    tally: Tally, case: str, expected: frozenset[str], report: Report, also: frozenset[str] = frozenset()
) -> None:
    """Recall over the seeded faults' checks; precision over the checks that fired; false mismatches of clean cases.

    A check of `also` may fire or not, neither counts.
    """
    fired: dict[str, list[str]] = {}
    for finding in report.findings:
        tally.outcomes.setdefault(finding.check, Counter())[finding.outcome.value] += 1
        if finding.outcome in FIRES:
            fired.setdefault(finding.check, []).append(f"{finding.outcome.value}: {finding.message.zh}")
    for check in sorted(expected):
        tally.add_expected(check, check in fired)
        if check not in fired:
            tally.mistakes.append(Mistake(case, "", f"check {check}", "fires", "silent"))
    for check, said in fired.items():
        if check in also - expected:
            continue
        tally.add_fired(check, check in expected)
        if check not in expected:
            tally.mistakes.append(Mistake(case, "", f"check {check}", "silent", said[:3]))
    if not expected:
        tally.clean_cases += 1
        tally.false_mismatches.update(f.check for f in report.findings if f.outcome is Outcome.MISMATCH)


def _score(score: Score) -> Json:
    return {"exact": score.right, "total": score.total, "share": score.share}


def _rows(rows: Rows) -> Json:
    return {
        "exact": rows.share,
        "f1": rows.f1,
        "cells": rows.cells.share,
        "cell_f1": rows.cell_f1,
        "right": rows.right,
        "true": rows.true,
        "read": rows.read,
    }


def _check(tally: Tally, check: str) -> Json:
    expected, fired = tally.faults_by_check.get(check, Score()), tally.fired_by_check.get(check, Score())
    return {
        "expected": expected.total,
        "found": expected.right,
        "fired": fired.total,
        "recall": expected.share,
        "precision": fired.share,
    }


def _agreement(agreement: Agreement) -> Json:
    exact, recall, precision = agreement.exact, agreement.recall, agreement.precision
    return {
        "pairs": exact.total,
        "exact": exact.right,
        "recall": recall.share,
        "precision": precision.share,
        "missed": recall.total - recall.right,
        "false": precision.total - precision.right,
    }
