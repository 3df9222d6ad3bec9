"""The service under load, with a real client on loopback: reviews a minute by kind, answers to status calls meanwhile, memory over time.

Starts `zhengshen serve` with SQLite and a reader for each core. Clients keep a few reviews of one kind under way at a time; another one
asks for the status of a review fifty times a second. `drift_mb_per_hour` is the slope of the resident memory of all processes of the
service over the last two thirds of the run, in which all kinds take turns; below half an hour (`drift_minutes`) it is mostly noise.
"""

import contextlib
import io
import itertools
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import pypdfium2

from api import clock
from api.store.keys import Scope, create_key
from tests.api.jobs.service import Service, service
from tests.benchmarks.bench import arguments, report
from tests.benchmarks.chaos import free_port, until_alive

CASES = Path(__file__).resolve().parents[2] / "samples" / "cases"
ASKS_A_SECOND = 50
_WAIT = 60


@dataclass(slots=True)
class Load:
    """A running service and what was measured on it: seconds of status calls, (seconds, MB) of its memory."""

    here: Service
    client: httpx.Client
    seen: str = ""
    latencies: list[float] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def review(self, name: str, data: bytes) -> str:
        """Post one review and wait for its report: its id, or nothing where the service had no room."""
        answer = self.client.post(
            "/v1/reviews",
            files={"files": (name, data)},
            data={"data": json.dumps({"as_of": "2026-11-01"})},
            headers={"prefer": f"wait={_WAIT}"},
        )
        if answer.status_code == 503:
            time.sleep(1)
            return ""
        answer.raise_for_status()
        if answer.status_code == 200:
            return answer.headers["content-location"].split("/")[3]
        made = str(answer.json()["id"])
        self.seen = made
        while self.client.get(f"/v1/reviews/{made}").json()["state"] not in {"done", "failed"}:
            time.sleep(0.25)
        return made

    def rate(self, name: str, data: bytes, seconds: float, at_once: int) -> float:
        """Reviews a minute with `at_once` of them under way; those still running at the end count up to the moment they end."""
        until, done = time.monotonic() + seconds, itertools.count()
        last = [time.monotonic()] * at_once
        started = time.monotonic()

        def keep_on(place: int) -> None:
            while time.monotonic() < until or last[place] == started:
                if self.review(name, data):
                    next(done)
                last[place] = time.monotonic()

        last = [started] * at_once
        threads = [threading.Thread(target=keep_on, args=(place,)) for place in range(at_once)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return round(next(done) * 60 / (max(last) - started), 1)

    def ask(self) -> None:
        """Ask for a review's status again and again, noting how long each answer takes."""
        while not self.over.wait(1 / ASKS_A_SECOND):
            started = time.perf_counter()
            self.client.get(f"/v1/reviews/{self.seen}").raise_for_status()
            self.latencies.append(time.perf_counter() - started)

    def weigh(self) -> None:
        """Note the memory of all processes of the service once a second."""
        process = psutil.Process(self.here.processes[0].pid)
        while not self.over.wait(1):
            total = 0
            for member in (process, *process.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    total += member.memory_info().rss
            self.memory.append((time.monotonic(), total / 1e6))


def annex(pages: int) -> bytes:
    """A digital annex of so many pages, made of those of a sample."""
    out = io.BytesIO()
    with (
        contextlib.closing(pypdfium2.PdfDocument(CASES / "clean_60_page_annex" / "附件.pdf")) as source,
        contextlib.closing(pypdfium2.PdfDocument.new()) as made,
    ):
        wanted = list(itertools.islice(itertools.cycle(range(len(source))), pages))
        made.import_pages(source, wanted)
        made.save(out)
    return out.getvalue()


@contextlib.contextmanager
def running() -> Iterator[Load]:
    """A service with its own data, warmed up by one photo."""
    with tempfile.TemporaryDirectory(prefix="zsload-") as name:
        more = {"ZHENGSHEN_REQUESTS_PER_MINUTE": "1000000", "ZHENGSHEN_LAPSE_SECONDS": "15"}
        with service(Path(name), ZHENGSHEN_WORKERS="", ZHENGSHEN_PAGES_PER_PART="", **more) as here:
            _, key = create_key(here.store, "load", list(Scope), actor="load", now=clock.now())
            port = free_port()
            here.start("serve", "--port", str(port))
            head = {"authorization": f"Bearer {key}"}
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=_WAIT + 60, headers=head) as client:
                until_alive(client)
                load = Load(here, client)
                load.seen = client.post("/v1/reviews", files={"files": ("a.jpg", photo())}).json()["id"]
                while client.get(f"/v1/reviews/{load.seen}").json()["state"] not in {"done", "failed"}:
                    time.sleep(0.2)
                yield load


def photo() -> bytes:
    return (CASES / "clean_photo_licence" / "营业执照副本.jpg").read_bytes()


def slope(points: list[tuple[float, float]]) -> float:
    """Least squares over the last two thirds, per hour."""
    late = points[len(points) // 3 :]
    if len(late) < 2:
        return 0.0
    return statistics.linear_regression(*zip(*late, strict=True)).slope * 3600


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--minutes", type=float, default=6.0, help="how long in all; an hour for the drift of memory")
    options = parser.parse_args()
    seconds = 24.0 if options.quick else options.minutes * 60
    kinds = {"licence_photo": photo(), "annex_20": annex(20), "annex_300": annex(20 if options.quick else 300)}
    if options.quick:
        del kinds["annex_300"]
    rounds = max(1, round(seconds / 360))
    with running() as load:
        others = [threading.Thread(target=load.ask), threading.Thread(target=load.weigh)]
        for thread in others:
            thread.start()
        rates: dict[str, list[float]] = {kind: [] for kind in kinds}
        for _ in range(rounds):
            for kind, data in kinds.items():
                name = "营业执照.jpg" if kind == "licence_photo" else "附件.pdf"
                at_once = 2 if kind == "annex_300" else 2 * load.here.settings.workers
                rates[kind].append(load.rate(name, data, seconds / rounds / len(kinds), at_once))
        load.over.set()
        for thread in others:
            thread.join()
    quantiles = statistics.quantiles(load.latencies, n=100)
    figures = {
        "reviews_per_minute": {kind: statistics.median(found) for kind, found in rates.items()},
        "status_p50_ms": round(1e3 * quantiles[49], 1),
        "status_p99_ms": round(1e3 * quantiles[98], 1),
        "status_calls": len(load.latencies),
        "peak_mb": round(max(mb for _, mb in load.memory)),
        "drift_mb_per_hour": round(slope(load.memory), 1),
        "drift_minutes": round((load.memory[-1][0] - load.memory[0][0]) / 60, 1),
    }
    report("load", figures, as_json=options.json, packages=("dbos", "fastapi", "uvicorn"))


if __name__ == "__main__":
    main()
