"""Memory over mixed pages (digital, scanned, photographed), read and parsed as applications are: the figure is what never comes back.

Rounds of the same mix of pages are read by a pool of two processes and parsed here. The readers do not make way for fresh ones, as they
would in service, so that what they keep shows. After each round the memory of every process is printed on stderr.

Figures: `drift_mb_per_hour`, the slope (Theil and Sen's) of the memory of all processes together in the second half;
`own_drift_mb_per_hour` and `reader_drift_mb_per_hour`, the same of this process and of all readers; `pages`, `minutes`, `peak_mb` of
all together, `replaced`, readers that reached ZHENGSHEN_RECYCLE_MB's default all the same; `serial_equals_concurrent`, whether every
file of the mix is read byte for byte alike by two processes at once and by this one alone.

2,000 pages take a few minutes, in which the comings and goings of a few MB pass for hundreds an hour: `--pages 20000` takes half an hour.
"""

import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from api.reading import Upload, parse_files
from extractor.document import read
from extractor.ocr import default_engine
from extractor.ocr.choice import EngineChoice
from extractor.pool import Pool, Rules
from samples.generate.degrade import photographed, scanned
from samples.generate.degrade.files import filed
from samples.generate.draw.annex import draw_annex
from samples.generate.draw.fonts import register
from samples.generate.draw.licence import draw_licence
from samples.generate.invent import invent
from samples.generate.plan import Plan
from tests.benchmarks import bench

PAGES, QUICK_PAGES = 2_000, 30
MIXES = 4
"""Different applications that take turns."""
RULES = Rules(workers=2, threads=1, pages_per_worker=10**9)


def mix(seed: int, *, quick: bool) -> list[Upload]:
    """One application's files: a digital annex, a scanned one, a photographed licence."""
    facts = invent(seed, Plan(generation=("G1", "G2", "G3")[seed % 3], objects=3 if quick else 48, parameters=8))
    short = invent(seed, Plan(generation="G3", objects=1, parameters=6))
    scan = scanned(draw_annex(short.annex).pdf, "light", seed)[: 2 if quick else 5]
    photo = photographed(draw_licence(facts.licence), "light", seed)
    return [
        Upload(f"{seed} 附件.pdf", draw_annex(facts.annex).pdf),
        Upload(f"{seed} 扫描.pdf", filed(scan, ".pdf", 75, grey=True)),
        Upload(f"{seed} 执照.jpg", filed(photo, ".jpg", 80)),
    ]


@dataclass(frozen=True, slots=True)
class Moment:
    """Hours since the start, and the MB that each process holds, this one and the readers."""

    hours: float
    pages: int
    own: float
    readers: dict[int, float]

    @property
    def all(self) -> float:
        return self.own + sum(self.readers.values())

    def __str__(self) -> str:
        readers = "  ".join(f"reader {pid} {size:5.0f}" for pid, size in self.readers.items())
        return (
            f"{self.hours * 60:6.1f} min  {self.pages:5} pages  all {self.all:5.0f} MB: this {self.own:5.0f}  {readers}"
        )


def resident(pid: int) -> float:
    """MB that a process holds now; 0 once it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The median of the slopes between all pairs of points: a few outliers do not move it. 0 for fewer than two points."""
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points, 2) if b[0] > a[0]]
    return statistics.median(slopes) if slopes else 0.0


def soaked(pool: Pool, mixes: Sequence[list[Upload]], pages: int) -> list[Moment]:
    """Reads mix after mix until so many pages are done; the memory after each."""
    started, done, moments = time.monotonic(), 0, []
    while done < pages:
        reading = parse_files(mixes[len(moments) % len(mixes)], pool=pool)
        if reading.problems:
            raise SystemExit(f"{reading.problems[0]}")
        done += reading.pages
        readers = {pid: resident(pid) for pid in pool.children()}
        moments.append(Moment((time.monotonic() - started) / 3600, done, resident(os.getpid()), readers))
        print(moments[-1], file=sys.stderr, flush=True)
    return moments


def figures_of(moments: Sequence[Moment]) -> dict[str, float]:
    """The slopes and the peak."""
    late = moments[len(moments) // 2 :]
    pids = {pid for moment in moments for pid in moment.readers}
    return {
        "drift_mb_per_hour": round(slope([(m.hours, m.all) for m in late]), 1),
        "own_drift_mb_per_hour": round(slope([(m.hours, m.own) for m in late]), 1),
        "reader_drift_mb_per_hour": round(slope([(m.hours, sum(m.readers.values())) for m in late]), 1),
        "pages": moments[-1].pages,
        "minutes": round(moments[-1].hours * 60, 1),
        "peak_mb": round(max(moment.all for moment in moments)),
        "replaced": len(pids) - max(len(moment.readers) for moment in moments),
    }


def all_alike(pool: Pool, mixes: Sequence[list[Upload]]) -> bool:
    """Whether the pool's processes, which take turns with the pages of each file, read what this process reads alone."""
    engine = default_engine(threads=1)
    files = [upload for mix in mixes for upload in mix]
    return all(
        repr(pool.read(file.data, file.name)) == repr(read(file.data, file.name, lambda: engine)) for file in files
    )


def main() -> None:
    parser = bench.arguments(__doc__)
    parser.add_argument("--pages", type=int, default=PAGES, help=f"how many pages to read (default {PAGES})")
    options = parser.parse_args()
    register()
    mixes = [mix(seed, quick=options.quick) for seed in range(1, 2 if options.quick else MIXES + 1)]
    with Pool(EngineChoice(), RULES) as pool:
        figures: dict[str, object] = dict(
            figures_of(soaked(pool, mixes, QUICK_PAGES if options.quick else options.pages))
        )
        figures["serial_equals_concurrent"] = all_alike(pool, mixes)
    bench.report("soak", figures, as_json=options.json, packages=("openvino", "pypdfium2", "rapidocr"))


if __name__ == "__main__":
    main()
