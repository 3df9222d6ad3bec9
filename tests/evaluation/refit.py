"""`python -m tests.evaluation.refit` fits extractor/data/confidence.toml on kept observations and shows what it says of held-back ones."""

import argparse
import csv
import io
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.calibration import calibration_json
from api.tally import Said
from extractor.confidence import TERMS, Circumstances, share_right
from samples.generate.degrade import STRENGTHS
from tests.cases import engine
from tests.evaluation.drawn import Observation, degradations, draw, observed

DATA = Path(__file__).resolve().parents[2] / "extractor" / "data" / "confidence.toml"
KEPT = Path(__file__).with_name("observations.tsv")
"""What was read of drawn cases: the values to fit on, and those held back to judge the fit by."""
FIRST = {"training": 610_000, "held_back": 620_000}
"""First seeds; nothing else is drawn with seeds near them."""
CASES = {"training": 96, "held_back": 36}
COPIES = {"training": 12, "held_back": 3}
"""More of what has a circumstance to itself: copies in black and white, of all strengths."""
# What is strange is so by a rule; that is not fitted.
_SEEN = tuple(field.name for field in fields(Circumstances) if field.name != "strange")
_RIDGE = 0.5
"""Pulls the weights towards none: a circumstance that was hardly ever met says hardly anything."""
_RISING = ("certainty", "proven")
_FALLING = ("length", "lines", "disputed", "sealed", "repaired", "copied")
"""Terms that may only raise, or only lower, the share that is expected."""

Observations = Mapping[str, Sequence[Observation]]
Weights = Mapping[str, tuple[float, ...]]


def main() -> None:
    """Writes the data file; with `--collect` draws and reads the cases anew before, which takes minutes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--collect", action="store_true", help="draw and read the cases anew, then fit")
    if options.parse_args().collect:
        worn = {name: degradations(CASES[name], 7 * place) + copies(COPIES[name]) for place, name in enumerate(FIRST)}
        seen = {name: collected(FIRST[name], worn[name]) for name in FIRST}
        ranges = "; ".join(f"{name} seeds {FIRST[name]} to {FIRST[name] + len(worn[name]) - 1}" for name in FIRST)
        KEPT.write_text(kept_text(seen, f"{ranges}, read with {engine().name}"), "utf-8")
    source, seen = kept()
    weights = fitted_of(seen)
    DATA.write_text(written(weights, seen, source), "utf-8")
    for name, held in seen.items():
        print(f"{name}: {len(held)} values, {sum(not o.right for o in held)} wrong")
        print("  before", _told(said(held)))
        print("  after ", _told(said(held, weights)))


def copies(count: int) -> list[str]:
    """So many copies in black and white, their strengths in turn."""
    return [f"photocopy:{strength}" for strength, _ in zip(cycle(STRENGTHS), range(count), strict=False)]


def collected(first: int, worn: Sequence[str]) -> list[Observation]:
    """What was read of one case for each degradation, seeds counted from `first`."""
    found: list[Observation] = []
    with tempfile.TemporaryDirectory() as folder:
        for seed, degradation in enumerate(worn, first):
            found += observed(draw(Path(folder), seed, degradation), engine)
            print(seed, degradation, len(found), flush=True)
    return found


def kept() -> tuple[str, dict[str, list[Observation]]]:
    """Where the kept observations come from, and the observations themselves."""
    first, *lines = KEPT.read_text("utf-8").splitlines()
    found: dict[str, list[Observation]] = {name: [] for name in FIRST}
    for row in csv.DictReader(lines, delimiter="\t"):
        counts = {name: int(row[name]) for name in ("signs", "lines")}
        facts = {name: row[name] == "1" for name in _SEEN if name not in ("certainty", "signs", "lines")}
        seen = Circumstances(float(row["certainty"]), **counts, **facts)  # type: ignore[arg-type]
        found[row["set"]].append(Observation(row["what"], row["name"], row["degradation"], seen, row["right"] == "1"))
    return first.removeprefix("# Source: "), found


def kept_text(seen: Observations, source: str) -> str:
    """The file of observations: a line each, certainty in four digits."""
    out = io.StringIO()
    out.write(f"# Source: {source}\n")
    lines = csv.writer(out, delimiter="\t", lineterminator="\n")
    lines.writerow(("set", "what", "name", "degradation", *_SEEN, "right"))
    for name, held in seen.items():
        for o in held:
            values = [f"{o.seen.certainty:.4f}", *(int(getattr(o.seen, each)) for each in _SEEN[1:])]
            lines.writerow((name, o.what, o.name, o.degradation, *values, int(o.right)))
    return out.getvalue()


def fitted_of(seen: Observations) -> dict[str, tuple[float, ...]]:
    """The weights for fields and for rows."""
    return {what: fitted([o for o in seen["training"] if o.what == what]) for what in ("field", "row")}


def fitted(held: Sequence[Observation]) -> tuple[float, ...]:
    """Weights of the terms by logistic regression; each pushes only the way it may. The same for the same observations."""
    terms = np.array([o.seen.terms for o in held])
    right = np.array([o.right for o in held], float)
    allowed = np.ones(len(TERMS), bool)
    while True:
        weights = _descended(terms * allowed, right)
        wrong = [
            i
            for i, name in enumerate(TERMS)
            if (name in _RISING and weights[i] < 0) or (name in _FALLING and weights[i] > 0)
        ]
        if not wrong:
            return tuple(round(float(w), 4) for w in weights)
        allowed[wrong] = False


def _descended(terms: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Newton's steps to the weights with the greatest likelihood under the ridge; the first term bears none."""
    ridge = np.diag([0.0] + [_RIDGE] * (terms.shape[1] - 1)) + 1e-9 * np.eye(terms.shape[1])
    weights = np.zeros(terms.shape[1])
    for _ in range(50):
        said = 1 / (1 + np.exp(-terms @ weights))
        slope = terms.T @ (right - said) - ridge @ weights
        bend = (terms * (said * (1 - said))[:, None]).T @ terms + ridge
        step = np.linalg.solve(bend, slope)
        weights = weights + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-9))
        if np.abs(step).max() < 1e-9:
            break
    return weights


def written(weights: Weights, seen: Observations, source: str) -> str:
    """The data file."""
    held = seen["training"]
    counted = [
        f"{sum(o.what == what for o in held)} {what}s, {sum(o.what == what and not o.right for o in held)} of them wrong"
        for what in weights
    ]
    lines = [
        "# How sure a recognised value is: weights of a logistic regression on the terms of extractor/confidence.py.",
        f"# Source: {'; '.join(counted)}, in tests/evaluation/observations.tsv,",
        f"# drawn cases: {source}.",
        "# Refit: python -m tests.evaluation.refit (with --collect, the cases are drawn and read anew)",
    ]
    for what, values in weights.items():
        lines += ["", f"[{what}]", *(f"{term} = {value}" for term, value in zip(TERMS, values, strict=True))]
    return "\n".join(lines) + "\n"


def said(held: Iterable[Observation], weights: Weights | None = None) -> list[Said]:
    """The observations as sure as the recogniser was, or as the weights make them."""
    return [
        Said(
            o.what,
            o.name,
            "ocr",
            o.degradation,
            share_right(weights[o.what], o.seen) if weights else o.seen.certainty,
            o.right,
        )
        for o in held
    ]


def _told(readings: Sequence[Said]) -> str:
    figures = calibration_json(readings)
    return "\n         ".join(f"{what}: {_line(figures[what])}" for what in ("fields", "rows"))


def _line(figures: dict[str, Any]) -> str:
    sure, wrong = figures["sure"], figures["sure_and_wrong"]
    bins = "  ".join(f"{b['floor']:.2f}+ {b['exact']}/{b['total']}" for b in figures["bins"])
    error = figures["expected_calibration_error"]
    return f"ECE {error}, said 0.99: {sure['exact']}/{sure['total']}, sure and wrong {wrong['count']} | {bins}"


if __name__ == "__main__":
    main()
