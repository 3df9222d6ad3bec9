"""`python -m tests.evaluation.refit`: fits extractor/data/confidence.toml on drawn cases and shows what it says of held-back ones."""

import argparse
import dataclasses
import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.calibration import calibration_json
from api.tally import Said
from extractor.confidence import TERMS, Circumstances, share_right
from tests.cases import engine
from tests.evaluation.drawn import Observation, degradations, draw, observed

DATA = Path(__file__).resolve().parents[2] / "extractor" / "data" / "confidence.toml"
TRAINING, HELD_BACK = 610_000, 620_000
"""First seeds; nothing else is drawn with seeds near them."""
CASES, CASES_HELD_BACK = 36, 24
_RIDGE = 0.5
"""Pulls the weights towards none: a circumstance that was hardly ever met says hardly anything."""
_RISING = ("certainty", "proven")
_FALLING = ("length", "lines", "disputed", "sealed", "repaired")
"""Terms that may only raise, or only lower, the share that is expected."""

Observations = dict[str, list[Observation]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=CASES, help="cases to fit on")
    options.add_argument("--held-back", type=int, default=CASES_HELD_BACK, help="cases to judge the fit by")
    options.add_argument(
        "--observations", type=Path, help="a file to keep what was read in, used again where it exists"
    )
    options.add_argument("--dry", action="store_true", help="show only, write no data")
    chosen = options.parse_args()
    seen = _kept(chosen.observations) or {
        "training": collected(TRAINING, degradations(chosen.cases)),
        "held_back": collected(HELD_BACK, degradations(chosen.held_back, 7)),
    }
    if chosen.observations:
        chosen.observations.write_text(json.dumps(seen, default=dataclasses.asdict, ensure_ascii=False), "utf-8")
    weights = {what: fitted([o for o in seen["training"] if o.what == what]) for what in ("field", "row")}
    if not chosen.dry:
        DATA.write_text(written(weights, seen["training"], chosen.cases), "utf-8")
    for name, held in seen.items():
        print(f"{name}: {len(held)} values, {sum(not o.right for o in held)} wrong")
        print("  before", _told(_said(held)))
        print("  after ", _told(_said(held, weights)))


def collected(first: int, worn: Sequence[str]) -> list[Observation]:
    """What was read of one case for each degradation, seeds counted from `first`."""
    found: list[Observation] = []
    with tempfile.TemporaryDirectory() as folder:
        for seed, degradation in enumerate(worn, first):
            case = draw(Path(folder), seed, degradation)
            truth = json.loads((case / "truth.json").read_text("utf-8"))
            found += observed(case, truth, engine)
            print(seed, degradation, len(found), flush=True)
    return found


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


def written(weights: dict[str, tuple[float, ...]], held: Sequence[Observation], cases: int) -> str:
    """The data file."""
    count = {what: sum(o.what == what for o in held) for what in weights}
    wrong = {what: sum(o.what == what and not o.right for o in held) for what in weights}
    lines = [
        "# How sure a recognised value is: weights of a logistic regression on the terms of extractor/confidence.py.",
        f"# Source: drawn cases {TRAINING} to {TRAINING + cases - 1}, read with {engine().name}:",
        *(f"# {count[what]} {what}s, {wrong[what]} of them wrong." for what in weights),
        f"# Refit: python -m tests.evaluation.refit --cases {cases}",
    ]
    for what, values in weights.items():
        lines += ["", f"[{what}]", *(f"{term} = {value}" for term, value in zip(TERMS, values, strict=True))]
    return "\n".join(lines) + "\n"


def _said(held: Iterable[Observation], weights: dict[str, tuple[float, ...]] | None = None) -> list[Said]:
    """As sure as the recogniser was, or as the weights make it."""
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


def _told(said: Sequence[Said]) -> str:
    figures = calibration_json(said)
    return "\n         ".join(f"{what}: {_line(figures[what])}" for what in ("fields", "rows"))


def _line(figures: dict[str, Any]) -> str:
    sure, wrong = figures["sure"], figures["sure_and_wrong"]
    bins = "  ".join(f"{b['floor']:.2f}+ {b['exact']}/{b['total']}" for b in figures["bins"])
    error = figures["expected_calibration_error"]
    return f"ECE {error}, said 0.99: {sure['exact']}/{sure['total']}, sure and wrong {wrong['count']} | {bins}"


def _kept(path: Path | None) -> Observations:
    if path is None or not path.is_file():
        return {}
    return {
        name: [Observation(**{**o, "seen": Circumstances(**o["seen"])}) for o in held]
        for name, held in json.loads(path.read_text("utf-8")).items()
    }


if __name__ == "__main__":
    main()
