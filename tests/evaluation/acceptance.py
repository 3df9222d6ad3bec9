"""Draws cases, reviews each, and says what was missed or false: `python -m tests.evaluation.acceptance --seed N --count K`."""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.evaluate import evaluate, evaluation_json
from samples.generate.__main__ import degradation_of, write_numbered
from tests.cases import engine

RECALL = {True: 1.0, False: 0.99}
FALSE = {True: 0.02, False: 0.1}
"""What is to be reached, by whether the papers are digital: seeded discrepancies found, false mismatches for each clean case."""


@dataclass(slots=True)
class Figures:
    """What the cases so far amount to; `seeded` and `found` count checks that a seeded discrepancy must make fire."""

    cases: int = 0
    clean: int = 0
    pages: int = 0
    seeded: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)
    false: Counter[str] = field(default_factory=Counter)
    fired_beside: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, figures: dict[str, Any]) -> None:
        """Count one case by the answer of its evaluation."""
        checks = figures["checks"]
        self.cases += 1
        self.clean += checks["clean_cases"]
        self.pages += figures["pages"]
        for check, counted in checks["by_check"].items():
            self.seeded += counted["expected"]
            self.found += counted["found"]
            self.missed += [f"{name} {check}"] * (counted["expected"] - counted["found"])
            if counted["fired"] and not counted["expected"] and not checks["clean_cases"]:
                self.fired_beside[check] += 1
        self.false.update(checks["false_mismatches"])

    @property
    def recall(self) -> float | None:
        return self.found / self.seeded if self.seeded else None

    @property
    def false_per_clean_case(self) -> float | None:
        return self.false.total() / self.clean if self.clean else None

    def __str__(self) -> str:
        rate = "-" if self.false_per_clean_case is None else f"{self.false_per_clean_case:.4f}"
        return (
            f"{self.cases} cases, {self.pages} pages: {self.found} of {self.seeded} seeded found; {self.false.total()} false "
            f"mismatches in {self.clean} clean cases ({rate}) {dict(self.false)}; beside seeded ones {dict(self.fired_beside)}"
        )

    def reaches(self, digital: bool) -> bool:
        """Whether this is what was to be reached; nothing counted is not reached."""
        recall, rate = self.recall, self.false_per_clean_case
        return recall is not None and recall >= RECALL[digital] and rate is not None and rate <= FALSE[digital]


def main() -> int:
    made = argparse.ArgumentParser(prog="python -m tests.evaluation.acceptance", description=__doc__)
    made.add_argument(
        "--seed", type=int, required=True, help="first seed: even ones give clean cases, odd ones one discrepancy each"
    )
    made.add_argument("--count", type=int, default=100)
    made.add_argument("--step", type=int, default=1, help="take every so manieth seed")
    made.add_argument(
        "--degrade", type=degradation_of, default="none", help="as samples.generate has it; light is a clean scan"
    )
    made.add_argument("--short", action="store_true", help="annexes and applications of few rows")
    made.add_argument(
        "--text-only", action="store_true", help="recognise nothing: quick, and blind to what pictures show"
    )
    made.add_argument("--keep", type=Path, help="a folder that keeps the cases in which something was missed or false")
    made.add_argument("--json", action="store_true", help="one JSON object at the end")
    options = made.parse_args()
    total = Figures()
    told = sys.stderr if options.json else sys.stdout
    for seed in range(options.seed, options.seed + options.count * options.step, options.step):
        total_missed, total_false = len(total.missed), total.false.total()
        with tempfile.TemporaryDirectory() as folder:
            write_numbered(seed, Path(folder), options.degrade, short=options.short)
            started = time.perf_counter()
            tally = evaluate(Path(folder), None if options.text_only else engine)
            figures = evaluation_json(tally)
            total.add(str(seed), figures)
            seconds = time.perf_counter() - started
            mistakes = [str(mistake) for mistake in tally.mistakes]
            if options.keep and (len(total.missed), total.false.total()) != (total_missed, total_false):
                options.keep.mkdir(parents=True, exist_ok=True)
                shutil.copytree(Path(folder) / f"case_{seed}", options.keep / f"case_{seed}", dirs_exist_ok=True)
        print(f"{seed}: {seconds:.1f} s, {figures['pages']} pages", *mistakes, sep="\n  ", file=told, flush=True)
        if total.cases % 10 == 0:
            print(total, file=told, flush=True)
    print(total, *total.missed, sep="\n", file=told)
    if options.json:
        rate = {"recall": total.recall, "false_mismatches_per_clean_case": total.false_per_clean_case}
        counted = {name: getattr(total, name) for name in ("cases", "clean", "pages", "seeded", "found", "missed")}
        print(
            json.dumps(
                {**counted, **rate, "false": total.false, "fired_beside": total.fired_beside}, ensure_ascii=False
            )
        )
    return 0 if total.reaches(options.degrade == "none") else 1


if __name__ == "__main__":
    sys.exit(main())
