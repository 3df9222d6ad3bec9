"""`python -m tests.evaluation.floors` measures the fixed small set and raises `floors.toml` where it became better; nothing is lowered."""

import json
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from api.accuracy import compare_papers
from api.calibration import SURE, calibration_json
from api.inputs import uploads_in
from api.reading import parse_files
from api.render.json import parse_json
from api.tally import Score, Tally
from tests.cases import case_folders, engine
from tests.evaluation.drawn import draw

FLOORS = Path(__file__).with_name("floors.toml")
FIGURES = ("fields", "rows", "cells", "sure", "honest")
SEED = 630_000
"""Drawn with nowhere else."""
DRAWN = {level: SEED + place for place, level in enumerate(("light", "medium", "strong"))}
"""A licence, a certificate and a page of an annex for each level of dirt."""
PARTS = ("licence", "certificate", "cma_annex")
HEAD = """\
# Shares that the fixed small set must reach, held by test_floors.py: the kept cases, and a licence, a certificate and an annex drawn with
# light, medium and strong dirt. Of what was measured one value is let go, for processors round differently. `sure` is the share right
# among fields said to be worth 0.99 or more, `honest` the share of recognised fields that are right or not said to be that sure.
# `make floors` raises them; nothing here is ever lowered.
"""

Floors = dict[str, dict[str, float]]


def main() -> None:
    """Writes the raised floors and says which rose."""
    old = tomllib.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        measured = {level: of_drawn(level, Path(folder)) for level in DRAWN}
    measured["kept"] = of_kept(
        (json.loads((path / "truth.json").read_text("utf-8")), _papers(path)) for path in case_folders()
    )
    new = raised(old, measured)
    for group, floors in new.items():
        print(group, {name: f"{old.get(group, {}).get(name, 0.0)} -> {floors[name]}" for name in FIGURES})
    FLOORS.write_text(written(new), "utf-8")


def of_drawn(level: str, folder: Path) -> Tally:
    """The tally of the drawn papers of one level."""
    case = draw(folder, DRAWN[level], level, PARTS, objects=4, parameters=8)
    return of_kept([(json.loads((case / "truth.json").read_text("utf-8")), _papers(case))])


def of_kept(cases: Iterable[tuple[dict[str, Any], list[dict[str, Any]]]]) -> Tally:
    """The tally of cases given as their truth and the papers that were read."""
    tally = Tally()
    for truth, papers in cases:
        compare_papers(tally, "", truth["papers"], papers)
    return tally


def scores(tally: Tally) -> dict[str, Score]:
    """How many of how many, for each of `FIGURES`."""
    fields, rows = calibration_json(tally.said)["fields"], tally.rows
    wrong = fields["sure"]["total"] - fields["sure"]["exact"]
    return {
        "fields": tally.fields,
        "rows": Score(rows.right, rows.true),
        "cells": Score(2 * rows.cells.right, rows.cells_true + rows.cells_read),
        "sure": Score(fields["sure"]["exact"], fields["sure"]["total"]),
        "honest": Score(fields["total"] - wrong, fields["total"]),
    }


def below(held: Floors, group: str, tally: Tally) -> dict[str, tuple[float | None, float]]:
    """The figures that fell below their floor: what was reached, what must be."""
    return {
        name: (score.share, held[group][name])
        for name, score in scores(tally).items()
        if (score.share or 0.0) < held[group][name]
    }


def raised(old: Mapping[str, Mapping[str, float]], measured: Mapping[str, Tally]) -> Floors:
    """The higher of the old floor and the measured share less one value, four digits, for each figure."""
    new: Floors = {}
    for group, tally in measured.items():
        reached = {name: max(score.right - 1, 0) / max(score.total, 1) for name, score in scores(tally).items()}
        before = old.get(group, {})
        new[group] = {name: max(before.get(name, 0.0), int(reached[name] * 10_000) / 10_000) for name in FIGURES}
    return new


def written(floors: Floors) -> str:
    """The file."""
    groups = (
        f"\n[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in values.items())
        for group, values in floors.items()
    )
    return HEAD + "".join(groups)


def _papers(case: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parse_json(parse_files(uploads_in([case]), engine).papers)["papers"]
    return found


if __name__ == "__main__":
    assert SURE == 0.99, "the head of the file says so"
    main()
