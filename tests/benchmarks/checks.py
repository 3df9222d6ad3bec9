"""The whole catalogue of checks over 10,000 claimed rows, and over half as many to show that time grows with the rows."""

import time
from collections import Counter
from dataclasses import replace

from matchers.checks import CHECKS
from matchers.scope import decide_rows
from models.case import Case
from models.finding import Outcome
from tests.benchmarks.bench import alternate, arguments, report
from tests.benchmarks.large_case import answered, capability_rows, large_case, library_lines, library_records

ROWS = 10_000
LIBRARY = 20_000


def main() -> None:
    """Seconds for every check and the decision on every row, on one core, with nothing kept from the round before."""
    options = arguments(__doc__).parse_args()
    lines = library_lines(LIBRARY)
    rows = capability_rows(ROWS, lines)
    library = answered("library", tuple(library_records(lines)))
    cases = {"s_10k_rows": large_case(rows, library), "s_5k_rows": large_case(rows[: ROWS // 2], library)}
    tasks = {name: lambda case=case: judge(case) for name, case in cases.items()}
    seconds = alternate(tasks, 3 if options.quick else 7)
    outcomes = judge(cases["s_10k_rows"])
    slowest = sorted(_each(cases["s_10k_rows"]).items(), key=lambda item: -item[1])[:5]
    figures = {
        **{name: round(taken, 3) for name, taken in seconds.items()},
        "twice_the_rows": round(seconds["s_10k_rows"] / seconds["s_5k_rows"], 2),
        "checks": len(CHECKS),
        "findings": sum(outcomes.values()),
        "errors": outcomes[Outcome.ERROR],
        "slowest": ", ".join(f"{check} {taken:.3f}" for check, taken in slowest),
    }
    report("checks", figures, as_json=options.json, packages=("rapidfuzz",))


def judge(case: Case) -> Counter[Outcome]:
    """Every check and every row's decision on a case that remembers nothing; how often each outcome was found."""
    case = unused(case)
    findings = [finding for check in CHECKS for finding in check(case)]
    decide_rows(case, findings)
    return Counter(finding.outcome for finding in findings)


def unused(case: Case) -> Case:
    """The same case without what was derived from it."""
    return replace(case)


def _each(case: Case) -> dict[str, float]:
    """Seconds of each check in the order of the catalogue; the first that needs a shared index pays for it."""
    case, taken = unused(case), dict[str, float]()
    for check in CHECKS:
        started = time.perf_counter()
        check(case)
        taken[check.id] = time.perf_counter() - started
    return taken


if __name__ == "__main__":
    main()
