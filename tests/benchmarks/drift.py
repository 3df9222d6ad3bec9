"""Memory of the running service over an hour: does any of its processes keep what it should give back?

Starts `zhengshen serve` as an operator would, on SQLite. Clients, one for each core, post licence photos and annexes of 20 and 60 pages
in turn, take each report, its workbook and a picture of a page, and rest so that `--rest` seconds lie between two reviews of one
client. The resident memory of every process is noted all the while and printed on stderr once a minute.

Figures, each a slope (Theil and Sen's) once the first third is over: `<role>_mb_per_hour` of the supervisor, the HTTP process, the
worker, the desks and the readers, and `drift_mb_per_hour`, their sum. Readers make way for fresh ones at ZHENGSHEN_RECYCLE_MB and are a
gigabyte apart from one minute to the next, so of them it is the slope of the most in each five minutes, which says whether their
ceiling rises. Below half an hour all of this is mostly noise.
"""

import hashlib
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

from tests.benchmarks.bench import arguments, report
from tests.benchmarks.load import Load, annex, photo, running
from tests.benchmarks.soak import slope

_EVERY = 5.0
ROLES = ("supervisor", "http", "worker", "readers", "desks")


@dataclass(frozen=True, slots=True)
class Moment:
    """Seconds since the start and the MB that each role's processes hold together."""

    seconds: float
    mb: dict[str, float]

    @property
    def all(self) -> float:
        return sum(self.mb.values())

    def __str__(self) -> str:
        return f"{self.seconds / 60:5.1f} min  all {self.all:6.0f} MB  " + "  ".join(
            f"{role} {self.mb[role]:5.0f}" for role in ROLES
        )


def weighed(supervisor: psutil.Process) -> dict[str, float]:
    """MB of each role at this moment."""
    held = dict.fromkeys(ROLES, 0.0)
    known = {
        supervisor.pid: "supervisor",
        **dict(zip((c.pid for c in mains(supervisor)), ("http", "worker"), strict=False)),
    }
    for process in (supervisor, *supervisor.children(recursive=True)):
        try:
            role = known.get(process.pid) or (
                "readers" if "extractor.reader" in " ".join(process.cmdline()) else "desks"
            )
            held[role] += process.memory_info().rss / 1e6
        except psutil.NoSuchProcess:
            continue
    return held


def mains(supervisor: psutil.Process) -> list[psutil.Process]:
    """The HTTP process and the worker: the supervisor starts them in this order, after the tracker that Python keeps for itself."""
    spawned = [child for child in supervisor.children() if "spawn_main" in " ".join(child.cmdline())]
    return sorted(spawned, key=lambda child: child.pid)


def drift(moments: list[Moment], role: str) -> float:
    """MB an hour, of the medians of minutes: what comes and goes with each review is no drift. Of readers, of five minutes' most."""
    span, usual = (300, max) if role == "readers" else (60, statistics.median)
    late = [moment for moment in moments if moment.seconds > moments[-1].seconds / 3]
    spans: dict[int, list[float]] = {}
    for moment in late:
        spans.setdefault(int(moment.seconds // span), []).append(moment.mb[role])
    return round(slope([(place * span / 3600, usual(sizes)) for place, sizes in spans.items()]), 1)


def kept_busy(load: Load, kinds: Sequence[tuple[str, bytes]], seconds: float, rest: float, done: Counter[str]) -> None:
    """Review after review of each kind in turn, and what people fetch of each."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        name, data = kinds[done.total() % len(kinds)]
        began = time.monotonic()
        made = load.review(name, data)
        done[name if made else "turned away"] += 1
        if made:
            for path in ("report", "report.xlsx", f"files/{hashlib.sha256(data).hexdigest()}/pages/1"):
                load.client.get(f"/v1/reviews/{made}/{path}").raise_for_status()
        load.client.get("/metrics").raise_for_status()
        load.over.wait(max(0.0, rest - (time.monotonic() - began)))


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rest", type=float, default=0.0, help="least seconds from one review to the next")
    options = parser.parse_args()
    seconds = 20.0 if options.quick else options.minutes * 60
    moments: list[Moment] = []
    done: Counter[str] = Counter()
    kinds = [("营业执照.jpg", photo()), ("附件.pdf", annex(20)), ("营业执照.jpg", photo()), ("附件.pdf", annex(60))]
    with running() as load:
        supervisor = psutil.Process(load.here.processes[0].pid)
        asking = threading.Thread(target=load.ask)
        asking.start()
        clients = [
            threading.Thread(target=kept_busy, args=(load, kinds, seconds, options.rest, done))
            for _ in range(load.here.settings.workers)
        ]
        for client in clients:
            client.start()
        started, told = time.monotonic(), 0.0
        while any(client.is_alive() for client in clients):
            time.sleep(_EVERY)
            moments.append(Moment(time.monotonic() - started, weighed(supervisor)))
            if moments[-1].seconds - told >= 60:
                told = moments[-1].seconds
                print(moments[-1], file=sys.stderr, flush=True)
        load.over.set()
        asking.join()
    drifts = {role: drift(moments, role) for role in ROLES}
    figures: dict[str, object] = {
        "drift_mb_per_hour": round(sum(drifts.values()), 1),
        **{f"{role}_mb_per_hour": rate for role, rate in drifts.items()},
        "minutes": round(moments[-1].seconds / 60, 1),
        "peak_mb": round(max(moment.all for moment in moments)),
        "reviews": done.total(),
        "status_calls": len(load.latencies),
    }
    report("drift", figures, as_json=options.json, packages=("dbos", "fastapi", "uvicorn"))


if __name__ == "__main__":
    main()
