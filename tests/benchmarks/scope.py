"""10,000 claimed rows against libraries of 52,000 and 500,000 rows: asking the library, every check of scope, a decision on each row.

Beside it `rapidfuzz.process.extractOne`, which looks for each standard among all codes of the library, and a brute force that compares
a sample of rows with every accredited row and every library row, to see that both decide alike. Seconds are of the processor, on one core.
"""

import csv
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
from rapidfuzz import fuzz, process

from extractor.registries import Snapshots, import_snapshot, open_snapshots
from matchers.applied import accredited_rows
from matchers.capabilities import limits_of
from matchers.checks import CHECKS
from matchers.limits import is_wider
from matchers.rules import Rules, load_rules
from matchers.scope import decide_rows
from matchers.standards import LibraryState, compare_standards, remark_state
from models.case import Case
from models.finding import Outcome
from models.papers import CapabilityRow
from models.records import Answer, LibraryRecord, RegistryKind
from models.report import Decision
from models.standards import StandardRef
from models.text import key
from tests.benchmarks.bench import arguments, fresh, peak_mb, report
from tests.benchmarks.large_case import (
    AS_OF,
    HEADERS,
    LibraryLine,
    capability_rows,
    large_case,
    library_lines,
    library_records,
)

ROWS = 10_000
SIZES = {"52k": 52_000, "500k": 500_000}
Keyed = tuple[str, str, LibraryRecord]
"""A library row with its standard's key and key without type."""

SCOPE = tuple(check for check in CHECKS if check.id.startswith("SC-"))


def main() -> None:
    """Both libraries in indexed form; the smaller one as a spreadsheet too."""
    options = arguments(__doc__).parse_args()
    rounds, sample = (3, 150) if options.quick else (7, 600)
    figures: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, size in SIZES.items():
            lines = library_lines(size)
            place = Path(folder) / name
            figures[f"import_{name}_s"] = round(_timed(lambda lines=lines, place=place: _import(lines, place)), 2)
            rows = capability_rows(ROWS, lines)
            snapshots = open_snapshots(place)
            case = large_case(rows, Answer())
            seconds = [_timed(lambda case=case, opened=snapshots: decide(case, opened)) for _ in range(rounds + 1)][1:]
            figures[f"s_10k_{name}"] = round(statistics.median(seconds), 3)
            if name == "52k":
                figures |= _against_peers(case, snapshots, lines, sample, statistics.median(seconds))
        figures |= _spreadsheet(Path(folder))
        figures |= _memory(Path(folder))
    report("scope", figures, as_json=options.json, packages=("rapidfuzz", "python-calamine"))


def decide(case: Case, snapshots: Snapshots) -> list[Decision]:
    """What is proposed for each row, the library asked anew."""
    library: Answer[LibraryRecord] = snapshots.answer(case.papers, AS_OF).library
    case = replace(case, registries=replace(case.registries, library=library))
    findings = [finding for check in SCOPE for finding in check(case)]
    if any(finding.outcome in (Outcome.ERROR, Outcome.SOURCE_UNAVAILABLE) for finding in findings):
        raise SystemExit("a check of scope reached no conclusion")
    return [row.decision for row in decide_rows(case, findings)]


def _against_peers(
    case: Case, snapshots: Snapshots, lines: Sequence[LibraryLine], sample: int, ours: float
) -> dict[str, object]:
    """The decisions against brute force, and the time a row takes against one fuzzy search among all codes."""
    decisions, rules = decide(case, snapshots), load_rules()
    records = [
        (r.standard.key, r.standard.key_without_type, r) for r in library_records(lines) if r.standard is not None
    ]
    chosen = random.Random(4).sample(range(ROWS), sample)
    domains = {key(item.domain) for item in case.registries.items.records}
    agreed = sum(decisions[n] is brute_force(case.claimed_rows[n], case, records, domains, rules) for n in chosen)
    codes = [code for _, _, code, _ in lines]
    searched = chosen[:100]

    def search() -> None:
        for n in searched:
            for ref in case.claimed_rows[n].standards:
                process.extractOne(ref.key, codes, scorer=fuzz.ratio)

    peer = statistics.median(_timed(search) for _ in range(3)) / len(searched)
    return {
        "agrees_with_brute_force": agreed / len(chosen),
        "sample": {decision.value: sum(decisions[n] is decision for n in chosen) for decision in Decision},
        "ratio_extract_one": round(peer / (ours / ROWS), 1),
        "extract_one_ms_per_row": round(peer * 1000, 2),
    }


def brute_force(row: CapabilityRow, case: Case, library: Sequence[Keyed], domains: set[str], rules: Rules) -> Decision:
    """The decision on one row from the definition alone: every accredited row and every library row is looked at."""
    verdicts = [Decision.ISSUE]
    for ref in row.standards:
        verdicts += [_accredited(row, ref, case), _listed(ref, library, domains, rules)]
    order = (Decision.ISSUE, Decision.HUMAN, Decision.EXCLUDE)
    return max(verdicts, key=order.index)


def _accredited(row: CapabilityRow, ref: StandardRef, case: Case) -> Decision:
    """Whether some accredited row has the same site, object, parameter and standard, and limits that hold the claim."""
    wider: list[bool | None] = []
    for other in accredited_rows(case):
        same = (row.site, row.object, row.parameter) == (other.site, other.object, other.parameter)
        for theirs in other.standards if same else ():
            if compare_standards(ref, theirs).outcome is not Outcome.MISMATCH:
                wider.append(is_wider(limits_of(row, ref), limits_of(other, theirs)))
    if False in wider:
        return Decision.ISSUE
    return Decision.HUMAN if None in wider else Decision.EXCLUDE


def _listed(ref: StandardRef, library: Sequence[Keyed], domains: set[str], rules: Rules) -> Decision:
    """The best standing among all library rows of the same number and year, then those that differ in type alone."""
    same = [record for code, _, record in library if code == ref.key]
    states = [remark_state(record.remark, rules) for record in same]
    if LibraryState.IN_LIB in states:
        return Decision.ISSUE if any(key(record.domain) in domains for record in same) else Decision.EXCLUDE
    if states:
        return Decision.HUMAN if LibraryState.CITE_ONLY in states else Decision.EXCLUDE
    variant = any(typeless == ref.key_without_type for _, typeless, _ in library)
    return Decision.HUMAN if variant else Decision.EXCLUDE


def _spreadsheet(folder: Path) -> dict[str, object]:
    """A published library as XLSX: read whole, and made an index."""
    place, lines = folder / "xlsx", library_lines(SIZES["52k"])
    place.mkdir()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in (HEADERS, *lines):
        sheet.append(line)
    book.save(place / "library.xlsx")
    (place / "registry.toml").write_text(f'[library]\nfile = "library.xlsx"\nas_of = {AS_OF}\n', "utf-8")

    def read() -> None:
        registry = open_snapshots(place).registries[RegistryKind.LIBRARY]
        if registry.count != len(lines):
            raise SystemExit("the spreadsheet was not read whole")

    rows = capability_rows(ROWS, lines)
    case = large_case(rows, Answer())
    return {
        "read_xlsx_52k_s": round(statistics.median(_timed(read) for _ in range(3)), 2),
        "index_xlsx_52k_s": round(
            _timed(lambda: import_snapshot(RegistryKind.LIBRARY, place / "library.xlsx", AS_OF, folder / "indexed")), 2
        ),
        "open_index_52k_s": round(_timed(lambda: decide(_one_row(case), open_snapshots(folder / "indexed"))), 3),
        "read_and_decide_xlsx_52k_s": round(_timed(lambda: decide(case, open_snapshots(place))), 2),
    }


def _one_row(case: Case) -> Case:
    """The case with its first row only: what is left of the time is that of opening the library."""
    papers = tuple(replace(paper, rows=paper.rows[:1]) if hasattr(paper, "rows") else paper for paper in case.papers)
    return replace(case, papers=papers)


def _import(lines: Sequence[LibraryLine], place: Path) -> None:
    """The library as an index in its own folder."""
    source = place.with_suffix(".csv")
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((HEADERS, *lines))
    import_snapshot(RegistryKind.LIBRARY, source, AS_OF, place)


def _memory(folder: Path) -> dict[str, object]:
    """The most memory of a fresh process that decides the rows against each library, beside one that only makes the rows."""
    peaks: dict[str, object] = {
        f"peak_mb_{name}": round(
            float(fresh("-m", "tests.benchmarks.scope", "--peak", str(folder / name), str(size))), 1
        )
        for name, size in SIZES.items()
    }
    return peaks


def _peak(place: Path, size: int) -> None:
    case = large_case(capability_rows(ROWS, library_lines(min(size, SIZES["52k"]))), Answer())
    decide(case, open_snapshots(place))
    print(peak_mb())


def _timed(task: Callable[[], object]) -> float:
    started = time.process_time()
    task()
    return time.process_time() - started


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peak"]:
        _peak(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
