"""Audits by the real engine: workers and the command itself end by SIGKILL, more join, and the outcome is that of a quiet serial run."""

import json
import shutil
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from api import clock
from api.audit import opening
from api.audit.feeding import Feed
from api.audit.manifest import Manifest, open_manifest
from api.reading import Upload
from api.store.audits import under_way
from api.store.reviews import State
from api.store.schema import AUDIT_ITEMS, REVIEWS
from tests.api.audit.given import listed, number_of
from tests.api.jobs.service import ROOT, Service, kill, ofd, service, until
from tests.cases import CASES
from tests.postgres import Postgres

REGISTRY = CASES / "demo_mixed" / "registry"
ITEMS = 12


def mixed(folder: Path) -> Manifest:
    """Papers of one, three and twelve pages, a real certificate, one that is no paper, one that is not there."""
    listed(folder, ITEMS, pages=(1, 3, 12))
    shutil.copy(CASES / "clean_institution_g1" / "CNAS证书.pdf", folder / "a.pdf")
    (folder / "b.pdf").write_bytes(b"%PDF-1.7 broken")
    more = [(number_of(ITEMS + n), name) for n, name in enumerate(("a.pdf;1.ofd", "b.pdf", "无.pdf"), 1)]
    path = folder / "清单.csv"
    path.write_text(path.read_text("utf-8") + "".join(f"{number},{name},\n" for number, name in more), "utf-8")
    return open_manifest(path)


@pytest.fixture
def program(tmp_path: Path) -> dict[str, str]:
    """A copy of the program to run: an audit only goes on by the very code that began it, and this one nobody works on."""
    for package in ("api", "extractor", "matchers", "models"):
        shutil.copytree(ROOT / package, tmp_path / "program" / package, ignore=shutil.ignore_patterns("__pycache__"))
    return {"PYTHONPATH": str(tmp_path / "program")}


def command(manifest: Manifest, output: Path, *more: str) -> Sequence[str]:
    registry = ("--registry", str(REGISTRY))
    return ("audit", str(manifest.path), "--output", str(output), *registry, "--as-of", "2026-11-01", *more)


def reviews_of(here: Service) -> tuple[int, int]:
    """Reviews that are items of audits, and those of them that are done or failed."""
    made = sa.select(REVIEWS.c.state).where(REVIEWS.c.purpose == "audit")
    states = here.store.database.read(lambda connection: list(connection.scalars(made)))
    return len(states), sum(state in (State.DONE, State.FAILED) for state in states)


def waited(here: Service, process: "subprocess.Popen[bytes]", seconds: float = 240) -> int:
    until(lambda: process.poll() is not None, seconds, here)
    return int(process.returncode)


@pytest.mark.slow
def test_kills_change_nothing_in_what_is_found(postgres: Postgres, program: dict[str, str], tmp_path: Path) -> None:
    manifest = mixed(tmp_path / "papers")
    with service(tmp_path / "serial", ZHENGSHEN_PAGES_PER_PART="4") as here:
        serial = here.start(*command(manifest, tmp_path / "quiet", "--workers", "1", "--json"), **program)
        assert waited(here, serial) == 1, here.said()
    with service(tmp_path / "many", postgres.create(), ZHENGSHEN_PAGES_PER_PART="4", ZHENGSHEN_WORKERS="1") as here:
        first = here.start("worker", **program)
        unlucky = here.start(*command(manifest, tmp_path / "fire", "--workers", "0"), **program)
        until(lambda: reviews_of(here)[1] >= 3, 120, here)
        kill(first)
        kill(unlucky)
        again = here.start(*command(manifest, tmp_path / "fire", "--resume", "--workers", "1"), **program)
        assert waited(here, again) == 1, here.said()
        assert reviews_of(here) == (ITEMS + 2, ITEMS + 2), "one review for each item that has files"
        both = sa.select(AUDIT_ITEMS.c.position)
        assert sorted(here.store.database.read(lambda c: list(c.scalars(both)))) == list(range(1, ITEMS + 4))
    quiet, fire = tmp_path / "quiet", tmp_path / "fire"
    names = sorted(path.name for path in quiet.iterdir())
    assert names == sorted(path.name for path in fire.iterdir())
    for name in names:
        assert (quiet / name).read_bytes() == (fire / name).read_bytes(), name
    told = json.loads((fire / "audit.json").read_text("utf-8"))
    assert told["finished"] is True
    assert sum(told["items"].values()) == ITEMS + 3
    assert told["items"]["failed"] == 2


@pytest.mark.slow
def test_reviews_that_somebody_waits_for_come_first(tmp_path: Path) -> None:
    """One reader; two long papers of an audit are being read when a review comes in: its pages are read before the rest of theirs."""
    manifest = listed(tmp_path / "papers", 2, pages=(25,))
    with service(tmp_path / "data", ZHENGSHEN_WORKERS="1") as here:
        run = opening.opened(here.settings, here.store, manifest, REGISTRY, clock.now().date(), "test")
        feed = Feed(here.store, run, manifest, lambda review: here.jobs.submit(review, audit=True), "test")
        feeding = threading.Thread(target=feed.run)
        feeding.start()
        here.start("worker")
        until(lambda: any(here.get(item).pages_done >= 2 for item in under_way(here.store, run.id)), 120, here)
        live = here.submit(Upload("申请.ofd", ofd(15)))
        assert here.ended(live, 120).state is State.DONE
        assert len(under_way(here.store, run.id)) == 2, "neither paper of the audit was done before"
        parts = here.jobs.client.list_workflows(name="read_part", load_input=False, load_output=False)
        taken = sorted((part.dequeued_at or 1 << 62, part.workflow_id) for part in parts)
        order = [workflow.startswith(live) for _, workflow in taken]
        first, last = order.index(True), len(order) - 1 - order[::-1].index(True)
        between = order[first : last + 1].count(False)
        assert between < order.count(True), "few were taken, while the review was still putting its pages on the queue"
        feeding.join(120)
        assert not under_way(here.store, run.id)
