"""What reading doubtful lines again gains: cells and rows of scanned annexes that are exact without the ladder and with it.

The annexes are drawn by `samples.generate` in all three generations and made into 200-dpi scans of each degree of wear, and of 110 dpi
(`coarse`). Cells count as exact when they agree with the text layer of the same page, widths and spaces aside; a row when its cells do.

Figures, by degree of wear: `cells`, `rows`, `cells_wrong` and `rows_exact` (each `off` and `on`), `sure_and_wrong` (wrong cells read with
at least 0.95), `rungs` (lines read again and texts replaced by each), and `costs` (seconds with the ladder / without it).
"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from extractor import scan, tables
from extractor.ladder import DOUBT
from extractor.ocr import Image, OcrEngine, default_engine
from extractor.pdf import open_pdf
from models.layout import Table
from samples.generate.degrade import scanned
from samples.generate.draw.annex import draw_annex
from samples.generate.draw.fonts import register
from samples.generate.invent import invent
from samples.generate.plan import Plan
from tests.benchmarks import bench
from tests.benchmarks.scanned_annex import plain

WEAR = {"light": ("light", 200), "medium": ("medium", 200), "strong": ("strong", 200), "coarse": ("medium", 110)}
WAYS = {"off": False, "on": True}
FIRST_SEED = 31


@dataclass(slots=True)
class Counted:
    """What was counted for one degree of wear, each for the ladder `off` and `on`."""

    cells: int = 0
    rows: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    sure: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(WAYS, 0.0))
    lines: Counter[str] = field(default_factory=Counter)
    gained: Counter[str] = field(default_factory=Counter)

    def figures(self) -> dict[str, object]:
        """As they are printed."""
        return {
            "cells": self.cells,
            "rows": self.rows,
            "cells_wrong": {way: self.wrong[way] for way in WAYS},
            "rows_exact": {way: round(self.exact[way] / max(1, self.rows), 4) for way in WAYS},
            "sure_and_wrong": {way: self.sure[way] for way in WAYS},
            "rungs": {name: {"lines": self.lines[name], "gained": self.gained[name]} for name in self.lines},
            "costs": round(self.seconds["on"] / self.seconds["off"], 3),
        }


def pages(level: str, dpi: int, annexes: int, most: int) -> Iterator[tuple[tuple[Table, ...], Image]]:
    """The true tables of each page with its scan."""
    for seed in range(FIRST_SEED, FIRST_SEED + annexes):
        plan = Plan(generation=f"G{1 + seed % 3}", objects=4, parameters=8)
        pdf = draw_annex(invent(seed, plan).annex).pdf
        with open_pdf(pdf) as file:
            for number, picture in enumerate(scanned(pdf, level, seed, dpi)[:most], 1):
                page = file.read_page(number)
                yield tables.build(page.words, page.rulings)[0], picture


def count(counted: Counted, truth: tuple[Table, ...], picture: Image, dpi: int, ocr: OcrEngine) -> None:
    """Reads the page both ways and adds what came of it."""
    counted.cells += sum(len(table.cells) for table in truth)
    counted.rows += sum(table.rows for table in truth)
    for way, ladder in WAYS.items():
        started = time.process_time()
        page = scan.read_scan(picture, 72 / dpi, ocr, ladder=ladder)
        counted.seconds[way] += time.process_time() - started
        for step in page.steps:
            counted.lines[step.name] += step.lines
            counted.gained[step.name] += step.gained
        for number, table in enumerate(truth):
            seen = page.tables[number] if number < len(page.tables) else None
            read = {(c.row, c.column): c for c in seen.cells} if seen else {}
            for cell in table.cells:
                other = read.get((cell.row, cell.column))
                if other is None or plain(other.text) != plain(cell.text):
                    counted.wrong[way] += 1
                    counted.sure[way] += other is not None and other.confidence >= DOUBT
            if seen is not None and seen.rows == table.rows:
                both = zip(table.grid(), seen.grid(), strict=True)
                counted.exact[way] += sum([plain(c.text) for c in a] == [plain(c.text) for c in b] for a, b in both)


def main() -> None:
    options = bench.arguments(__doc__).parse_args()
    register()
    ocr = default_engine()
    figures = {}
    for name, (level, dpi) in WEAR.items():
        counted = Counted()
        for truth, picture in pages(level, dpi, 1 if options.quick else 6, 3 if options.quick else 6):
            count(counted, truth, picture, dpi, ocr)
        figures[name] = counted.figures()
    bench.report("ladder", figures, as_json=options.json, packages=["rapidocr", "openvino", "opencv-python-headless"])


if __name__ == "__main__":
    main()
