"""Audits with 1, 2 and 4 worker processes on a real PostgreSQL, then with one of two killed at random; all must find the same.

`python -m tests.benchmarks.audit [--quick] [--json] [--items N] [--timed N]`. The items are licence photos, certificates with their
papers, and digital annexes of 20 pages; a few are drawn and then listed again and again under certificates of their own. Each worker
has one reader of one thread, so that more workers mean more processors at work and nothing else. `lost` and `doubled` count items
over all runs, `differing` the outputs that are not, sorted, byte for byte those of the same items elsewhere: under fire and in a
serial run, with 1, 2 and 4 workers. `impact_s` is how long 500 changed rows of the library take to be followed to 100,000 issued
certificates.
"""

import contextlib
import csv
import dataclasses
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import psutil
import sqlalchemy as sa

from api.audit import opening
from api.audit.feeding import Feed
from api.audit.manifest import Manifest, open_manifest
from api.audit.writing import write_audit
from api.store.audits import AuditRow
from api.store.schema import AUDIT_ITEMS, BLOB_OWNERS, BLOBS, REVIEW_FILES, REVIEWS
from samples.generate.draw.fonts import register
from samples.generate.facts import Case, World
from samples.generate.faults_scope import audited
from samples.generate.invent import invent
from samples.generate.package import Delivery, write_case
from samples.generate.plan import Plan
from samples.generate.registries import write_registry
from tests.api.jobs.service import Service, kill, service, until
from tests.benchmarks.bench import arguments, report
from tests.benchmarks.chaos import database
from tests.benchmarks.impact_issued import impact_seconds
from tests.benchmarks.load import annex

PHOTO, CERTIFICATE, ANNEX = "licence_photo", "certificate", "annex_20"
KINDS = (PHOTO, CERTIFICATE, ANNEX)
SHARES = {PHOTO: 0.35, CERTIFICATE: 0.4, ANNEX: 0.25}
READY = "is ready with"
OUTPUT = ("items.jsonl", "findings.jsonl", "rows.jsonl")
_DRAWN = 4


@dataclass(frozen=True, slots=True)
class Stock:
    """What is audited: a folder of papers, the files of each kind of item, the registries that know them, and the day."""

    folder: Path
    files: Mapping[str, Sequence[str]]
    case: Case

    @property
    def registry(self) -> Path:
        return self.folder / "registry"

    def manifest(self, name: str, counts: Mapping[str, int]) -> Manifest:
        """A list with so many items of each kind, one kind after the other; the name tells two lists with the same items apart."""
        path = self.folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(("证书编号", "文件", name))
            serial = 0
            for kind in KINDS:
                for number in range(counts.get(kind, 0)):
                    serial += 1
                    paths = self.files[kind]
                    lines.writerow((f"24212034{serial:04}", paths[number % len(paths)], ""))
        return open_manifest(path)


def drawn(folder: Path, count: int = _DRAWN) -> Stock:
    """Draws so many cases, and puts what their registries know together."""
    register()
    cases = [audited(invent(seed, Plan(holds_cma=True, objects=3))) for seed in range(count)]
    files: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for number, case in enumerate(cases):
        photo, papers = folder / f"photo{number}", folder / f"papers{number}"
        write_case(
            case, photo, deliveries={"licence": Delivery("photo", ".jpg", "light")}, parts=frozenset({"licence"})
        )
        write_case(case, papers, parts=frozenset({"licence", "certificate", "cma"}))
        for place in (photo, papers):
            shutil.rmtree(place / "registry")
        files[PHOTO].append(photo.name)
        files[CERTIFICATE].append(papers.name)
    (folder / "annex.pdf").write_bytes(annex(20))
    files[ANNEX].append("annex.pdf")
    names = [each.name for each in dataclasses.fields(World)]
    known = {name: tuple(dict.fromkeys(x for case in cases for x in getattr(case.world, name))) for name in names}
    write_registry(World(**known), cases[0].as_of, folder / "registry")
    return Stock(folder, files, cases[0])


@dataclass(slots=True)
class Memory:
    """The most memory that one worker held, with its reader and its desk, MB; and that in the first and the last third of the run."""

    seen: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def weigh(self, here: Service) -> None:
        while not self.over.wait(0.5):
            most = 0.0
            for worker in here.processes:
                if worker.poll() is None:
                    with contextlib.suppress(psutil.Error):
                        tree = psutil.Process(worker.pid)
                        family = [tree, *tree.children(recursive=True)]
                        most = max(most, sum(member.memory_info().rss for member in family) / 1e6)
            self.seen.append(most)

    def growth(self) -> float:
        """By how much the last third of the run was above the first."""
        third = max(1, len(self.seen) // 3)
        return max(self.seen[-third:], default=0.0) - max(self.seen[third : 2 * third], default=0.0)


@dataclass(frozen=True, slots=True)
class Run:
    """One audit that ran to its end: seconds in all and for each kind, seconds of processors that its workers took, what it wrote,
    how many items are missing or there twice."""

    seconds: float
    cpu: float
    of_kind: Mapping[str, float]
    output: Path
    lost: int
    doubled: int


def audit(here: Service, stock: Stock, counts: Mapping[str, int], name: str) -> Run:
    """Audit so many items of each kind with the workers that are there, and write what was found."""
    manifest = stock.manifest(name, counts)
    run = opening.opened(here.settings, here.store, manifest, stock.registry, stock.case.as_of, "benchmark")
    feed = Feed(here.store, run, manifest, lambda review: here.jobs.submit(review, audit=True), "benchmark")
    started, cpu = time.time(), _cpu(here)
    feed.run()
    seconds, cpu = time.time() - started, _cpu(here) - cpu
    output = stock.folder / f"output-{name}"
    output.mkdir()
    write_audit(here.store, run, manifest, output, here.settings.rules.commitment_months)
    print(f"{name}: {manifest.count} items in {seconds:.0f} s", file=sys.stderr, flush=True)
    return Run(seconds, cpu, _by_kind(here, run, counts, started), output, *_census(here, run, manifest))


def _cpu(here: Service) -> float:
    """Seconds of processors that the workers that live have taken so far, with their readers and desks, those that ended included."""
    taken = 0.0
    for worker in here.processes:
        with contextlib.suppress(psutil.Error):
            tree = psutil.Process(worker.pid)
            times = [tree.cpu_times(), *(child.cpu_times() for child in tree.children(recursive=True))]
            taken += sum(each.user + each.system + each.children_user + each.children_system for each in times)
    return taken


def _by_kind(here: Service, run: AuditRow, counts: Mapping[str, int], started: float) -> dict[str, float]:
    """Seconds between the end of one kind's last item and that of the next."""
    mine = sa.select(AUDIT_ITEMS.c.position, REVIEWS.c.finished_at).join(
        REVIEWS, REVIEWS.c.id == AUDIT_ITEMS.c.review_id
    )
    ended = here.store.database.read(lambda c: c.execute(mine.where(AUDIT_ITEMS.c.audit_id == run.id)).all())
    seconds, first, before = {}, 1, started
    for kind in KINDS:
        last = first + counts.get(kind, 0) - 1
        here_ended = [row.finished_at.timestamp() for row in ended if first <= row.position <= last]
        if here_ended:
            seconds[kind] = max(max(here_ended) - before, 1e-3)
            before = max(before, *here_ended)
        first = last + 1
    return seconds


def _census(here: Service, run: AuditRow, manifest: Manifest) -> tuple[int, int]:
    """Items without a finished review, and items or reviews beyond one for each."""
    mine = sa.select(AUDIT_ITEMS.c.position, REVIEWS.c.state).join(REVIEWS, REVIEWS.c.id == AUDIT_ITEMS.c.review_id)
    rows = here.store.database.read(lambda c: c.execute(mine.where(AUDIT_ITEMS.c.audit_id == run.id)).all())
    made = sa.select(sa.func.count()).select_from(REVIEWS).where(REVIEWS.c.purpose == "audit")
    listed = sa.select(sa.func.count()).select_from(AUDIT_ITEMS).where(AUDIT_ITEMS.c.review_id.is_not(None))
    reviews, items = here.store.database.read(lambda c: (c.scalar(made), c.scalar(listed)))
    done = Counter(row.position for row in rows if row.state == "done")
    beyond = sum(number - 1 for number in done.values()) + ((reviews or 0) - (items or 0))
    return manifest.count - len(done), beyond


@contextlib.contextmanager
def killing(here: Service, rng: random.Random, pause: float, most: int = 1_000) -> Iterator[list[int]]:
    """Meanwhile, workers end by SIGKILL at random and others take their places; yields the list of those that were killed."""
    over, killed = threading.Event(), list[int]()

    def go_on() -> None:
        while len(killed) < most and not over.wait(rng.uniform(0.3, 1) * pause):
            victim = rng.choice([worker for worker in here.processes if worker.poll() is None])
            before = here.said().count(READY)
            kill(victim)
            killed.append(victim.pid)
            here.start("worker")
            while here.said().count(READY) == before and not over.wait(0.1):
                pass

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


def grow(here: Service, count: int) -> None:
    """So many workers, each ready and warm."""
    while sum(worker.poll() is None for worker in here.processes) < count:
        before = here.said().count(READY)
        here.start("worker")
        until(lambda: here.said().count(READY) > before, 180, here)  # noqa: B023 - waited for at once


def shrink(here: Service, count: int) -> None:
    """So many workers, the others ended as their operator ends them."""
    rest = [worker for worker in here.processes if worker.poll() is None][count:]
    for worker in rest:
        worker.terminate()
    for worker in rest:
        worker.wait(60)


@contextlib.contextmanager
def single(folder: Path, database_url: str) -> Iterator[Service]:
    """A service whose workers have one reader of one thread each."""
    some = {"ZHENGSHEN_WORKERS": "1", "ZHENGSHEN_READER_THREADS": "1", "ZHENGSHEN_PAGES_PER_PART": ""}
    with service(folder, database_url, **some) as here:
        here.log.touch()
        yield here


def alone(folder: Path, database_url: str, stock: Stock, counts: Mapping[str, int]) -> Run:
    """The serial run: one worker on a database of its own."""
    with single(folder, database_url) as here:
        grow(here, 1)
        return audit(here, stock, counts, "serial")


def measured(
    folder: Path,
    workers: Sequence[int],
    timed: Mapping[str, int],
    shown: Mapping[str, int],
    pause: float,
    most_kills: int = 1_000,
) -> dict[str, object]:
    """The figures: `timed` items of each kind with each number of workers; `shown` ones while one of two is killed, beside one alone."""
    with (
        database(folder) as postgres,
        ThreadPoolExecutor(1) as beside,
        single(folder / "data", postgres.create()) as here,
    ):
        (folder / "papers").mkdir()
        stock = drawn(folder / "papers")
        empty = database_size(here)
        memory = Memory()
        runs: dict[int, Run] = {}
        weigher = threading.Thread(target=memory.weigh, args=(here,))
        weigher.start()
        try:
            for number in workers:
                grow(here, number)
                audit(here, stock, dict.fromkeys(KINDS, number), f"warm{number}")
                runs[number] = audit(here, stock, timed, f"with{number}")
            shrink(here, 2)
            pending = beside.submit(alone, folder / "serial", postgres.create(), stock, shown)  # neither is timed
            with killing(here, random.Random(1), pause, most_kills) as killed:
                last = audit(here, stock, shown, "killed")
            serial = pending.result()
        finally:
            memory.over.set()
            weigher.join()
        said = here.said()
        cost = cost_per_item(here, empty)
    every = [*runs.values(), last, serial]
    total = sum(timed.values())
    rate = {number: round(total * 60 / run.seconds, 1) for number, run in runs.items()}
    alike = [(last, serial), *pairwise(runs.values())]
    return {
        "items_per_minute": {str(number): value for number, value in rate.items()},
        **{
            f"items_per_minute_{kind}": {
                str(number): round(timed[kind] * 60 / run.of_kind[kind], 1) for number, run in runs.items()
            }
            for kind in KINDS
        },
        "scaling_2": round(rate[2] / rate[1], 2),
        "cpu_s_per_item": {str(number): round(run.cpu / total, 2) for number, run in runs.items()},
        "items": total,
        "items_while_killing": sum(shown.values()),
        "lost": sum(run.lost for run in every),
        "doubled": sum(run.doubled for run in every),
        "differing": sum(differs(run.output, other.output) for run, other in alike),
        "kills": len(killed),
        "buried": said.count("is gone;"),
        "peak_mb_per_worker": round(max(memory.seen)),
        "growth_mb_per_worker": round(memory.growth()),
        **cost,
    }


def database_size(here: Service) -> int:
    """Bytes of the database with its indexes."""
    size = sa.text("SELECT pg_database_size(current_database())")
    return int(here.store.database.read(lambda connection: connection.scalar(size)) or 0)


def cost_per_item(here: Service, empty: int) -> dict[str, object]:
    """What an item leaves behind: rows and bytes in the database, which held `empty` bytes before, and bytes of its report."""
    counted = sa.func.count()
    papers, audited = sa.select(REVIEW_FILES.c.sha256), sa.select(AUDIT_ITEMS.c.review_id)
    theirs = sa.select(BLOB_OWNERS.c.sha256).where(BLOB_OWNERS.c.owner.in_(audited))
    own = sa.select(sa.func.sum(BLOBS.c.size)).where(BLOBS.c.sha256.in_(theirs), BLOBS.c.sha256.not_in(papers))
    tables = ("reviews", "review_files", "idempotency", "audit_items", "blobs", "blob_owners", "log", "log_details")
    with here.store.database.engine.connect() as connection:
        items = connection.scalar(sa.select(counted).select_from(AUDIT_ITEMS)) or 1
        rows = sum(connection.scalar(sa.select(counted).select_from(sa.table(name))) or 0 for name in tables)
        steps = connection.scalar(sa.text("SELECT count(*) FROM dbos.operation_outputs")) or 0
        flows = connection.scalar(sa.text("SELECT count(*) FROM dbos.workflow_status")) or 0
        kept = int(connection.scalar(own) or 0)
        connections = connection.scalar(
            sa.text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        )
    return {
        "rows_per_item": round(rows / items, 1),
        "engine_rows_per_item": round((steps + flows) / items, 1),
        "database_kb_per_item": round((database_size(here) - empty) / items / 1e3, 1),
        "report_kb_per_item": round(kept / items / 1e3, 1),
        "connections_per_worker": round(
            connections / max(1, sum(worker.poll() is None for worker in here.processes)), 1
        ),
    }


def differs(left: Path, right: Path) -> bool:
    """Whether any of the tables is not, sorted, byte for byte the same."""
    return any(
        sorted((left / n).read_bytes().splitlines()) != sorted((right / n).read_bytes().splitlines()) for n in OUTPUT
    )


def mixed(items: int) -> dict[str, int]:
    """So many items, shared out between the kinds."""
    return {kind: max(2, round(items * share)) for kind, share in SHARES.items()}


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--items", type=int, default=2_000, help="items of the run with kills and of the serial one")
    parser.add_argument("--timed", type=int, default=200, help="items of each of the runs that are timed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zsaudit-") as name:
        if options.quick:
            figures = measured(Path(name), (1, 2), mixed(12), mixed(12), pause=4, most_kills=1)
        else:
            figures = measured(Path(name), (1, 2, 4), mixed(options.timed), mixed(options.items), pause=45)
    certificates = 10_000 if options.quick else 100_000
    figures["impact_s"] = round(impact_seconds(certificates)["impact_s"], 2)
    figures["impact_certificates"] = certificates
    report("audit", figures, as_json=options.json, packages=("dbos", "psycopg"))


if __name__ == "__main__":
    main()
