"""Kills at random: HTTP process, worker and database end by SIGKILL while reviews come in; each must end once all the same.

`python -m tests.benchmarks.chaos [--reviews N] [--seed S] [--sqlite]` starts the service as an operator would, with a database and two
receivers of webhooks of its own; a client posts N reviews and insists until each is accepted. `lost`, `doubled` and `wrong` must be 0.
"""

import argparse
import contextlib
import dataclasses
import itertools
import json
import random
import re
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import psycopg

from api import clock, webhooks
from api.store import log, reviews
from api.store import webhooks as stored
from api.store.errors import StoreError
from api.store.keys import Scope, create_key
from api.store.listing import list_reviews
from api.store.reviews import State
from api.store.webhooks import DeliveryState
from tests.api.jobs.receiver import Receiver, receiver
from tests.api.jobs.service import Service, ofd, service
from tests.postgres import Postgres, binaries

SIZES = (1, 3, 8, 20)
"""Pages of the papers that are posted; four to a part."""
_INSIST_SECONDS = 180.0
_BACK = {"http": "Application startup complete", "worker": "is ready with"}
"""What a process says when it is there."""


@dataclass(slots=True)
class Outcome:
    """What became of the run. `lost`, `doubled`, `wrong` count reviews; `repeated` counts webhooks that came again with the same id."""

    accepted: int = 0
    done: int = 0
    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    repeated: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    log_whole: bool = False
    why: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        return {**dataclasses.asdict(self), "kills": dict(self.kills)}


@dataclass(slots=True)
class Chaos:
    """The service under fire. `pause` is the longest time between two kills; each is killed `rounds` times, without it to the end."""

    here: Service
    port: int
    key: str
    postgres: Postgres | None
    rng: random.Random
    pause: float
    rounds: int = 0
    outcome: Outcome = field(default_factory=Outcome)
    over: threading.Event = field(default_factory=threading.Event)

    def kill_at_random(self) -> None:
        """Until it is over: wait, pick somebody, end them, and let what was ended come back: nothing gets done by who only starts.

        Everybody's turn comes, in an order that chance deals anew each round.
        """
        victims = ["http", "worker"] + (["database"] if self.postgres else [])
        turns = itertools.chain.from_iterable(self.rng.sample(victims, len(victims)) for _ in self._rounds())
        while not self.over.wait(self.rng.uniform(0.2, 1) * self.pause) and (victim := next(turns, None)):
            if victim == "database" and self.postgres:
                kill_database(self.postgres)
                self.over.wait(self.rng.uniform(0.1, 2.0))
                self.postgres.start()
                self.outcome.kills[victim] += 1
                continue
            said = _BACK[victim]
            before = self.here.said().count(said)
            if self._kill(victim):
                self.outcome.kills[victim] += 1
                while self.here.said().count(said) == before and not self.over.wait(0.1):
                    pass

    def _rounds(self) -> Iterable[int]:
        return range(self.rounds) if self.rounds else itertools.count()

    def _kill(self, name: str) -> bool:
        """End the process of that name that was started last; the supervisor starts another."""
        started = re.findall(rf"{name} started as process (\d+)", self.here.said())
        try:
            psutil.Process(int(started[-1])).kill()
        except (IndexError, psutil.NoSuchProcess):
            return False
        return True

    def post(self, number: int, client: httpx.Client, callback: str, secret: str) -> str:
        """Hand in a review and insist until it is accepted; its id. The key makes that safe, however often an answer is lost.

        AssertionError where the service refuses for good or is away for minutes.
        """
        until = time.monotonic() + _INSIST_SECONDS
        pages = SIZES[number % len(SIZES)]
        files = {"files": (f"附件{number}.ofd", ofd(pages, f"第{number}件"), "application/ofd")}
        asked = {"as_of": "2026-11-01", "callback": {"url": callback, "secrets": [secret]}}
        head = {"authorization": f"Bearer {self.key}", "idempotency-key": f"chaos-{number}"}
        while time.monotonic() < until:
            try:
                answer = client.post("/v1/reviews", files=files, data={"data": json.dumps(asked)}, headers=head)
            except httpx.HTTPError:
                time.sleep(0.2)
                continue
            if answer.status_code == 202:
                return str(answer.json()["id"])
            if answer.status_code not in (429, 500, 503):
                raise AssertionError(f"{answer.status_code}: {answer.text[:500]}")
            time.sleep(0.2)
        raise AssertionError(f"the service did not come back: {self.here.said()[-2_000:]}")


def durable(postgres: Postgres) -> str:
    """A database that has written down what it says it has, as every installation should; tests are set up to be quick otherwise."""
    url = postgres.create()
    name = url.partition("@/")[2].partition("?")[0]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit TO on')
    return url


def kill_database(postgres: Postgres) -> None:
    """Every process of the server at once, as when the machine's memory runs out."""
    process = postgres._process
    if process is None:
        return
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()
    psutil.wait_procs(family, timeout=10)
    postgres.stop(signal.SIGKILL)
    (Path(postgres.data) / "postmaster.pid").unlink(missing_ok=True)


def run(
    folder: Path, count: int, seed: int, postgres: Postgres | None, pause: float, patience: float, rounds: int = 0
) -> Outcome:
    """Post `count` reviews under fire, then hold fire and wait until all has ended, for `patience` seconds at most.

    With `rounds`, reviews are posted until everybody was killed so many times.
    """
    rng = random.Random(seed)
    url = durable(postgres) if postgres else ""
    secret = webhooks.new_secret()
    with (
        receiver() as own,
        receiver() as standing,
        service(folder / "data", url, ZHENGSHEN_PAGES_PER_PART="4", ZHENGSHEN_REQUESTS_PER_MINUTE="100000") as here,
    ):
        _, key = create_key(here.store, "chaos", list(Scope), actor="chaos", now=clock.now())
        stored.subscribe(here.store, standing.url, [secret], actor="chaos", now=clock.now())
        port = free_port()
        here.start("serve", "--port", str(port))
        chaos = Chaos(here, port, key, postgres, rng, pause, rounds)
        started = time.monotonic()
        accepted: dict[int, str] = {}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            until_alive(client)
            killer = threading.Thread(target=chaos.kill_at_random)
            killer.start()
            try:
                while len(accepted) < count or (rounds and killer.is_alive()):
                    number = len(accepted)
                    accepted[number] = chaos.post(number, client, f"{own.url}/{number}", secret)
                    time.sleep(rng.uniform(0, pause / (4 if rounds else 20)))
                while unfinished_of(here) > count // 4:
                    time.sleep(0.2)
            finally:
                chaos.over.set()
                killer.join()
            wait_for_the_end(here, patience)
        judge(chaos.outcome, here, accepted, own, standing)
        chaos.outcome.seconds = round(time.monotonic() - started, 1)
        return chaos.outcome


def judge(outcome: Outcome, here: Service, accepted: dict[int, str], own: Receiver, standing: Receiver) -> None:
    """Compare what was accepted with what became of it, in the store and at the receivers."""
    rows, _ = list_reviews(here.store, limit=10 * len(accepted) + 10)
    outcome.accepted = len(accepted)
    outcome.done = sum(row.state is State.DONE for row in rows)
    outcome.doubled = len(rows) - len(set(accepted.values()))
    outcome.lost = len(set(accepted.values()) - {row.id for row in rows if row.state is State.DONE})
    expected = Counter(row.id for row in rows)
    for hook in (own, standing):
        told: dict[str, set[str]] = {}
        for got in hook.got:
            if review_id := json.loads(got.body)["data"].get("review_id"):  # the service tells of deadlines, too
                told.setdefault(review_id, set()).add(got.headers["webhook-id"])
        outcome.lost += len(set(expected) - set(told))
        outcome.doubled += sum(len(ids) - 1 for ids in told.values())
        outcome.repeated += len(hook.got) - len({got.headers["webhook-id"] for got in hook.got})
    reports: dict[int, set[str]] = {}
    for number, review_id in accepted.items():
        row = reviews.get_review(here.store, review_id)
        report = json.loads(reviews.report_of(here.store, row) or b"{}")
        pages = SIZES[number % len(SIZES)]
        whole = [paper["pages"] for paper in report.get("papers", [])] == [pages] and not report.get("problems")
        finished = [entry for entry in log.entries(here.store, subject=review_id) if entry.action == "review.done"]
        sent = stored.deliveries(here.store, review_id=review_id)
        once = len(finished) == 1 and [one.state for one in sent] == [DeliveryState.DELIVERED] * 2
        if not (whole and once):
            outcome.wrong += 1
            outcome.why.append(
                f"{row.state} {row.error_code} {[one.state.value for one in sent]} {len(finished)} ended"
            )
        reports.setdefault(pages, set()).add(
            json.dumps([[f["check"], f["outcome"]] for f in report.get("findings", [])], sort_keys=True)
        )
    outcome.wrong += sum(len(kinds) - 1 for kinds in reports.values())
    outcome.log_whole = log.verify(here.store).ok


def unfinished_of(here: Service) -> int:
    from api.store.listing import unfinished

    try:
        return len(unfinished(here.store))
    except StoreError:
        return sys.maxsize


def wait_for_the_end(here: Service, patience: float) -> None:
    """Until every review has ended and every webhook was delivered; what is not there then counts as lost."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with contextlib.suppress(StoreError):
            if not unfinished_of(here) and not stored.deliveries(here.store, state=DeliveryState.PENDING):
                return
        time.sleep(0.2)


def until_alive(client: httpx.Client) -> None:
    for _ in range(600):
        with contextlib.suppress(httpx.HTTPError):
            if client.get("/livez").status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the service did not start")


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextlib.contextmanager
def database(folder: Path) -> Iterator[Postgres]:
    """A PostgreSQL server for this run."""
    found = binaries()
    if found is None:
        raise SystemExit("PostgreSQL is not installed; use --sqlite")
    place = folder / "pg"
    place.mkdir()
    folder.chmod(0o755)
    server = Postgres(found, place)
    try:
        yield server
    finally:
        server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause", type=float, default=8.0, help="longest time between two kills, seconds")
    parser.add_argument("--sqlite", action="store_true", help="SQLite in place of PostgreSQL; nobody can kill that")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zschaos-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        postgres = None if asked.sqlite else stack.enter_context(database(folder))
        outcome = run(folder, asked.reviews, asked.seed, postgres, asked.pause, patience=300)
    figures = outcome.figures()
    if asked.json:
        print(json.dumps({"benchmark": "chaos", "figures": figures}))
    else:
        for label, value in figures.items():
            print(f"{label:12} {value}")
    sys.exit(1 if outcome.lost or outcome.doubled or outcome.wrong or not outcome.log_whole else 0)


if __name__ == "__main__":
    main()
