"""Digital annex pages: every row of every table, against the tools that read tables and against what PDFium alone takes.

The annexes are those of `annex_pages`, in all their styles; where LibreOffice is installed there is also one exported from a
Word file. A row counts as exact when all nine columns are, spaces aside, after filling merged cells down and across pages; the
same code turns the cells of every tool into rows. pdfplumber is timed on the same pages as we are, the slower tools on two.

Times are seconds of the processor, for all of them run on one core: what else the machine does then hardly counts.

Figures: `ratio_pdfplumber` (its time / ours), `over_pdfium` (ours / loading the pages, their text and path objects through
pypdfium2), `over_lowest_floor` (the same, the path objects by this project's own quicker calls), `ms_per_page` and
`rows_exact` (0 to 1), each the worst over the styles drawn here; `ms_per_page_20`, `_100`, `_300`, for
annexes of so many pages, the worst over the styles, and `growth`, the last of them / the first; `s_read_and_parse_300`, from
the bytes of 300 pages to the rows of an annex, by the clock on the wall, and `cpu_s_read_and_parse_300`; `peak_mb` of a fresh
process that reads 100 pages and keeps none, `peak_mb_300`, and by tool.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from extractor.pdf import open_pdf
from tests.benchmarks import bench
from tests.benchmarks.annex_pages import STYLES, annex
from tests.benchmarks.annex_readers import READERS, exact, floor, installed, lowest_floor, rows_of
from tests.benchmarks.annex_word import exported, has_office

#: Tools that are timed on few pages, for they are slow.
SLOW = ("docling_parse", "camelot", "pymupdf")
LONG = (20, 100, 300)

#: Run in a process that imports nothing but what the tool takes.
_READ_ALL = """
import sys
from collections import deque
from pathlib import Path
from tests.benchmarks.annex_readers import READERS
from tests.benchmarks.bench import peak_mb
deque(READERS[sys.argv[1]](Path(sys.argv[2]).read_bytes()), maxlen=0)
print(peak_mb())
"""


#: The same as a user has it: to the rows of an annex, what is loaded on the way included.
_TO_ROWS = """
import json, sys, time
from pathlib import Path
from extractor.document import read
from extractor.parsers import parse
data = Path(sys.argv[1]).read_bytes()
wall, cpu = time.perf_counter(), time.process_time()
(paper,) = parse(read(data, "annex.pdf"))
print(json.dumps([len(paper.rows), time.perf_counter() - wall, time.process_time() - cpu]))
"""


def memory(tool: str, pages: int) -> float:
    """Peak MB of a fresh process in which the tool reads an annex of so many pages and keeps none of them."""
    data, _ = annex(pages, "rect")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "annex.pdf"
        path.write_bytes(data)
        return round(float(bench.fresh("-c", _READ_ALL, tool, str(path))), 1)


def side_by_side(data: bytes, rounds: int, *, tools: list[str]) -> dict[str, float]:
    """Milliseconds a page of each tool, and of the two floors, taking turns."""
    with open_pdf(data) as file:
        pages = file.page_count
    tasks: dict[str, Callable[[], object]] = {tool: lambda tool=tool: list(READERS[tool](data)) for tool in tools}
    tasks |= {"floor": lambda: floor(data), "lowest_floor": lambda: lowest_floor(data)}
    taken = bench.alternate(tasks, rounds, turn=0.25, clock=time.process_time)
    return {name: 1000 * seconds / pages for name, seconds in taken.items()}


def style_figures(style: str, pages: int, rounds: int, slow: int) -> dict[str, object]:
    """One style: times and ratios against all tools, exact rows of all; the slow tools read `slow` pages, none of them if 0."""
    data, truth = exported(pages) if style == "word" else annex(pages, style)
    ms = side_by_side(data, rounds, tools=["ours", "pdfplumber"])
    figures: dict[str, object] = {
        "ratio_pdfplumber": round(ms["pdfplumber"] / ms["ours"], 2),
        "over_pdfium": round(ms["ours"] / ms["floor"], 2),
        "over_lowest_floor": round(ms["ours"] / ms["lowest_floor"], 2),
        "ms_per_page": round(ms["ours"], 2),
        "pdfplumber_ms_per_page": round(ms["pdfplumber"], 1),
        "floor_ms_per_page": round(ms["floor"], 2),
        "lowest_floor_ms_per_page": round(ms["lowest_floor"], 2),
        "rows_exact": exact(rows_of(READERS["ours"](data)), truth),
        "pdfplumber_rows_exact": exact(rows_of(READERS["pdfplumber"](data)), truth),
    }
    others = [tool for tool in installed() if tool in SLOW] if slow else []
    if others:
        data, truth = exported(slow) if style == "word" else annex(slow, style)
        ms = side_by_side(data, rounds, tools=["ours", *others])
        for tool in others:
            figures[f"ratio_{tool}"] = round(ms[tool] / ms["ours"], 1)
            figures[f"{tool}_ms_per_page"] = round(ms[tool], 1)
            figures[f"{tool}_rows_exact"] = round(exact(rows_of(READERS[tool](data)), truth), 4)
    return figures


def lengths(pages: tuple[int, ...], styles: tuple[str, ...], rounds: int) -> dict[str, object]:
    """Milliseconds a page as annexes grow, the worst over the styles: they must stay what they are."""
    worst = dict.fromkeys(pages, 0.0)
    for style in styles:
        annexes = {count: annex(count, style)[0] for count in pages}
        tasks = {str(n): lambda data=data: rows_of(READERS["ours"](data)) for n, data in annexes.items()}
        taken = bench.alternate(tasks, rounds, turn=0.5, clock=time.process_time)
        for count in pages:
            worst[count] = max(worst[count], 1000 * taken[str(count)] / count)
    figures: dict[str, object] = {f"ms_per_page_{count}": round(ms, 2) for count, ms in worst.items()}
    return {**figures, "growth": round(worst[pages[-1]] / worst[pages[0]], 3)}


def read_and_parse(pages: int, rounds: int) -> tuple[float, float]:
    """Seconds from the bytes of a digital annex to its rows, by the wall's clock and the processor's, each the median of fresh processes.

    Fresh, for a process that holds other tools and what they left looks through all of that whenever it looks for cycles.
    """
    data, truth = annex(pages, "rect")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "annex.pdf"
        path.write_bytes(data)
        taken = [json.loads(bench.fresh("-c", _TO_ROWS, str(path))) for _ in range(rounds)]
    assert all(rows >= len(truth) for rows, _, _ in taken)
    wall, cpu = (round(statistics.median(each), 2) for each in list(zip(*taken, strict=True))[1:])
    return wall, cpu


def main() -> None:
    """Run the benchmark."""
    options = bench.arguments(__doc__.splitlines()[0] if __doc__ else None).parse_args()
    quick = options.quick
    pages, rounds = (3 if quick else 20), 5
    styles = STYLES if quick or not has_office() else (*STYLES, "word")
    by_style = {
        style: style_figures(style, pages, rounds, slow=(style == "stroke") if quick else 2) for style in styles
    }
    drawn = [by_style[style] for style in STYLES]

    def worst(name: str, choose: Callable[[list[float]], float]) -> float:
        return choose([float(str(figures[name])) for figures in drawn])

    long = (20, 100) if quick else LONG
    headline: dict[str, object] = {
        "ratio_pdfplumber": worst("ratio_pdfplumber", min),
        "over_pdfium": worst("over_pdfium", max),
        "over_lowest_floor": worst("over_lowest_floor", max),
        "ms_per_page": worst("ms_per_page", max),
        "rows_exact": worst("rows_exact", min),
        **lengths(long, ("rect",) if quick else STYLES, rounds),
    }
    if not quick:
        headline["s_read_and_parse_300"], headline["cpu_s_read_and_parse_300"] = read_and_parse(300, rounds)
    headline["peak_mb"] = memory("ours", 100)
    if not quick:
        headline["peak_mb_300"] = memory("ours", 300)
        headline |= {f"peak_mb_{tool}": memory(tool, 20) for tool in installed()}
    headline["word_export"] = "measured" if "word" in styles else "left out" if has_office() else "no LibreOffice here"
    packages = [
        "pypdfium2",
        "numpy",
        *(tool.replace("_", "-") for tool in installed() if tool not in ("ours", "camelot")),
    ]
    packages += ["camelot-py"] if "camelot" in installed() else []
    bench.report("digital_annex", {**headline, **by_style}, as_json=options.json, packages=packages)


if __name__ == "__main__":
    main()
