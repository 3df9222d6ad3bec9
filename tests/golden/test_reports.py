"""The committed cases: clean ones raise nothing, each fault is found by exactly its checks, reports stay as they are."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.evaluate import FIRES
from tests.cases import Reviewed, case_folders
from tests.evaluation.floors import FLOORS, below, of_kept

CASES = case_folders()
VOLATILE = {"run", "seconds"}
MEASURED = {"confidence", "score", "evidence", "box", "parts"}


def stable(value: Any, drop: set[str]) -> Any:
    if isinstance(value, dict):
        return {k: stable(v, drop) for k, v in value.items() if k not in drop}
    if isinstance(value, list):
        return [stable(v, drop) for v in value]
    return value


def written(report: dict[str, Any]) -> str:
    """JSON with a line for each finding, row and paper: small, and a diff shows what changed."""

    def plain(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    parts = (
        f"{plain(name)}:" + ("[\n" + ",\n".join(map(plain, value)) + "\n]" if isinstance(value, list) else plain(value))
        for name, value in report.items()
    )
    return "{\n" + ",\n".join(parts) + "\n}\n"


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 16


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.name)
def test_exactly_the_declared_checks_fire(path: Path, review_of: Callable[[Path], Reviewed]) -> None:
    case = review_of(path)
    declared = {check for fault in case.truth["faults"] for check in fault["checks"]}
    allowed = {check for fault in case.truth["faults"] for check in fault.get("also", ())}
    fired = {f.check for f in case.report.findings if f.outcome in FIRES}
    assert declared <= fired <= declared | allowed


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.name)
def test_nothing_goes_wrong_on_the_way(path: Path, review_of: Callable[[Path], Reviewed]) -> None:
    case = review_of(path)
    assert not [f for f in case.report.findings if f.outcome == "error"]
    assert not case.report.problems


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.name)
def test_every_mismatch_shows_its_evidence(path: Path, review_of: Callable[[Path], Reviewed]) -> None:
    for finding in review_of(path).report.findings:
        if finding.outcome == "mismatch":
            sides = [side for side in (finding.left, finding.right) if side is not None]
            assert any(side.evidence for side in sides), finding
            assert finding.basis
            assert finding.advice


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.name)
def test_the_report_is_the_golden_one(
    path: Path, review_of: Callable[[Path], Reviewed], request: pytest.FixtureRequest
) -> None:
    """Digital cases to the last box; where a picture was recognised, values and judgements but not measured places and certainty."""
    case = review_of(path)
    golden = path / "report.json"
    report = json.loads(json.dumps(stable(case.json, VOLATILE), ensure_ascii=False))
    if request.config.getoption("--update-golden"):
        golden.write_text(written(report), encoding="utf-8")
    drop = MEASURED if case.recognised else set()
    assert stable(report, drop) == stable(json.loads(golden.read_text(encoding="utf-8")), drop)


def test_kept_cases_are_read_as_well_as_before(review_of: Callable[[Path], Reviewed]) -> None:
    """Stands here because the cases have just been read here, in this process."""
    reviewed = [review_of(path) for path in case_folders()]
    tally = of_kept((case.truth, case.json["papers"]) for case in reviewed)
    held = tomllib.loads(FLOORS.read_text("utf-8"))
    assert not below(held, "kept", tally), [str(mistake) for mistake in tally.mistakes]
