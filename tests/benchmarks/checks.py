"""The whole catalogue of checks over 10,000 claimed rows, and over half as many to show that time grows with the rows."""

import statistics
import time
from collections import Counter
from dataclasses import replace

from matchers.checks import CHECKS
from matchers.scope import decide_rows
from models.case import Case
from models.finding import Outcome
from tests.benchmarks.bench import arguments, report
from tests.benchmarks.large_case import answered, capability_rows, large_case, library_lines, library_records

ROWS = 10_000
LIBRARY = 20_000


def main() -> None:
    """Processor seconds for every check and the decision on every row, on one core, with nothing kept from the round before."""
    options = arguments(__doc__).parse_args()
    lines = library_lines(LIBRARY)
    rows = capability_rows(ROWS, lines)
    cited = {
        ref.series for row in rows for ref in row.standards
    }  # a library answers with the series that the papers cite
    library = answered("library", tuple(r for r in library_records(lines) if r.standard and r.standard.series in cited))
    cases = {"s_10k_rows": large_case(rows, library), "s_5k_rows": large_case(rows[: ROWS // 2], library)}
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(4 if options.quick else 8):
        for name, case in cases.items():
            started = time.process_time()
            judge(case)
            taken[name].append(time.process_time() - started)
    seconds = {name: statistics.median(rounds[1:]) for name, rounds in taken.items()}  # the first round fills caches
    outcomes = judge(cases["s_10k_rows"])
    slowest = sorted(_each(cases["s_10k_rows"]).items(), key=lambda item: -item[1])[:5]
    figures = {
        **{name: round(median, 3) for name, median in seconds.items()},
        "twice_the_rows": round(seconds["s_10k_rows"] / seconds["s_5k_rows"], 2),
        "checks": len(CHECKS),
        "findings": sum(outcomes.values()),
        "errors": outcomes[Outcome.ERROR],
        "slowest": ", ".join(f"{check} {each:.3f}" for check, each in slowest),
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
        started = time.process_time()
        check(case)
        taken[check.id] = time.process_time() - started
    return taken


if __name__ == "__main__":
    main()
