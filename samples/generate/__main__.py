"""`python -m samples.generate --seed N --count K --output DIR [--degrade WHAT]` draws cases; `--committed` redraws samples/cases."""

import argparse
import sys
from pathlib import Path

from samples.generate.cases import FOLDER, RECIPES, write_recipe
from samples.generate.degrade import DEGRADATIONS, LEVELS, STRENGTHS, parse_wears, told
from samples.generate.draw.fonts import FontsMissing, register
from samples.generate.facts import Case
from samples.generate.faults import FAULTS
from samples.generate.invent import invent
from samples.generate.package import PARTS, Delivery, random_deliveries, worn_deliveries, write_case
from samples.generate.plan import Plan


def main() -> int:
    options = parser().parse_args()
    try:
        register()
    except FontsMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    if options.committed:
        wanted = [recipe for recipe in RECIPES if not options.only or recipe.name in options.only]
        for recipe in wanted:
            write_recipe(recipe, options.output or FOLDER)
            print(recipe.name)
        return 0
    for seed in range(options.seed, options.seed + options.count):
        parts = frozenset(options.parts) if options.parts else None
        write_numbered(seed, options.output, options.degrade, parts, short=options.short)
    return 0


def write_numbered(
    seed: int, folder: Path, degradation: str, parts: frozenset[str] | None = None, *, short: bool = False
) -> None:
    """Even seeds give clean cases, odd ones a case with one fault; the faults take turns. `degradation` as `--degrade` takes it.

    `short` makes annexes and applications of few rows.
    """
    names = list(FAULTS)
    faults = (FAULTS[names[seed // 2 % len(names)]],) if seed % 2 else ()
    plan = Plan(
        english=seed % 5 == 0,
        calibration=seed % 7 == 0,
        holds_cma=seed % 6 == 4 or "cma" in (parts or ()),
        sites=1 + (seed % 4 == 2),
        objects=2 * short,
        parameters=6 * short,
    )
    for fault in faults:
        plan = fault.planned(plan)
    case = invent(seed, plan)
    for fault in faults:
        case = fault.apply(case)
    noted = "" if degradation == "none" else degradation
    deliveries = deliveries_on_paper(case, deliveries_of(degradation, seed))
    write_case(case, folder / f"case_{seed:04d}", faults, deliveries, noted, parts)


def deliveries_of(degradation: str, seed: int) -> dict[str, Delivery] | None:
    """How the parts of a case arrive; None = as digital files."""
    if degradation == "none":
        return None
    return random_deliveries(seed, degradation) if degradation in LEVELS else worn_deliveries(parse_wears(degradation))


def deliveries_on_paper(case: Case, deliveries: dict[str, Delivery] | None) -> dict[str, Delivery] | None:
    """Without the parts whose files were handled: what was done to a file is in the file, no scan of its pages shows it."""
    handled = {handling.part for handling in case.handlings}
    return deliveries and {part: delivery for part, delivery in deliveries.items() if part not in handled}


def degradation_of(text: str) -> str:
    """The option as typed, its names in the order in which they are applied and each with its strength."""
    if text == "none" or text in LEVELS:
        return text
    try:
        return told(parse_wears(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m samples.generate", description=__doc__)
    made.add_argument("--seed", type=int, default=1, help="first seed; every seed gives the same case each time")
    made.add_argument("--count", type=int, default=1, help="how many cases")
    made.add_argument("--output", type=Path, help="folder to write into")
    made.add_argument(
        "--degrade",
        type=degradation_of,
        default="none",
        metavar="none|LEVEL|NAME[:STRENGTH],...",
        help=f"none = digital files; {', '.join(LEVELS)} = scans and photographs, everything at once; or named degradations: "
        f"{', '.join(DEGRADATIONS)}, each {', '.join(STRENGTHS)} (medium unless said)",
    )
    made.add_argument(
        "--parts", nargs="*", metavar="PART", choices=PARTS, help=f"only these papers: {', '.join(PARTS)}"
    )
    made.add_argument("--short", action="store_true", help="annexes and applications of few rows")
    made.add_argument("--committed", action="store_true", help="redraw the kept cases")
    made.add_argument("--only", nargs="*", metavar="NAME", help="with --committed: only these cases")
    return made


if __name__ == "__main__":
    arguments = parser().parse_args()
    if not arguments.committed and arguments.output is None:
        parser().error("--output is needed unless --committed is given")
    sys.exit(main())
