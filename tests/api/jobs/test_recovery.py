"""What happens to accepted work when processes, the database or the disk go away: it waits, and then it is finished once."""

import datetime as dt
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from api import clock, webhooks
from api.jobs.janitor import Watch
from api.reading import Upload
from api.store import parts, reviews
from api.store.errors import StoreUnavailable
from api.store.reviews import State
from api.store.workers import WorkerRow, workers
from tests.api.jobs.receiver import receiver
from tests.api.jobs.service import Service, kill, ofd, service, until
from tests.postgres import Postgres

pytestmark = pytest.mark.slow

Make = Callable[..., Service]
PAGES = 20
LONG = Upload("长.ofd", ofd(PAGES))


def test_a_review_passes_from_worker_to_worker(make: Make) -> None:
    """The first is told to go: it finishes its pages and hands over. The second is killed. The third does what is left, and no more."""
    here = make(ZHENGSHEN_LAPSE_SECONDS="600")
    first = here.start("worker")
    with receiver() as hook:
        review_id = here.submit(LONG, callback=hook.url, secrets=[webhooks.new_secret()])
        until(lambda: here.get(review_id).pages_done >= 3, 60, here)
        first.send_signal(signal.SIGTERM)
        assert first.wait(30) == 0
        assert not workers(here.store)
        assert not here.jobs.client.list_workflows(status="PENDING"), "all of its work is on the queues again"
        assert here.get(review_id).state in (State.READING, State.JUDGING)

        def finished() -> dict[str, str]:
            """Who finished which parts. A part is kept a moment before its workflow has ended: only an ended one is not done again."""
            runs = here.jobs.client.list_workflows(workflow_id_prefix=review_id, name="read_part", status="SUCCESS")
            return {run.workflow_id: str(run.executor_id) for run in runs}

        before = finished()
        second = here.start("worker")
        until(lambda: len(finished()) > len(before), 60, here)
        kill(second)
        (dead,) = (row.id for row in workers(here.store))
        by_second = [part for part, worker in finished().items() if worker == dead]
        assert by_second

        here.start("worker")
        assert here.ended(review_id, 60).state is State.DONE
        hook.wait(1)
        runs = here.jobs.client.list_workflows(workflow_id_prefix=review_id, name="read_part")
        assert len(runs) == PAGES, "each part is one workflow, whoever did it"
        done_by = finished()
        assert {done_by[part] for part in by_second} == {dead}, "what the second had finished was not done again"
        assert set(done_by.values()) != {dead}
        planned = [step for step in here.jobs.client.list_workflow_steps(review_id) if "plan" in step["function_name"]]
        assert len(planned) == 1
        time.sleep(0.5)
        assert len(hook.got) == 1
        assert dead not in {row.id for row in workers(here.store)}


def test_the_database_goes_away_and_comes_back(postgres: Postgres, tmp_path: Path) -> None:
    with service(tmp_path / "data", postgres.create()) as here, receiver() as hook:
        here.start("worker")
        review_id = here.submit(LONG, callback=hook.url, secrets=[webhooks.new_secret()])
        until(lambda: here.get(review_id).pages_done >= 5, 60, here)
        postgres.stop()
        try:
            with pytest.raises(StoreUnavailable):
                here.get(review_id)
            time.sleep(float(os.environ.get("ZHENGSHEN_TEST_AWAY_SECONDS", "3")))
        finally:
            postgres.start()
        assert here.ended(review_id, 90).state is State.DONE
        assert len(hook.wait(1)) == 1
        assert here.processes[0].poll() is None, "the worker did not have to be started anew"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB, where this user may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk (in a container: --cap-add SYS_ADMIN)")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_holds_work_up_and_loses_none(small_disk: Path) -> None:
    with service(small_disk / "data", ZHENGSHEN_MIN_FREE_MB="1") as here, receiver() as hook:
        here.start("worker")
        review_id = here.submit(LONG, callback=hook.url, secrets=[webhooks.new_secret()])
        until(lambda: here.get(review_id).pages_done >= 3, 60, here)
        filler = small_disk / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                pass
        time.sleep(2)
        assert here.get(review_id).state is not State.FAILED
        with pytest.raises((StoreUnavailable, OSError)):
            reviews.create_review(
                here.store, [Upload("a", os.urandom(4_000_000))], as_of=dt.date(2026, 11, 1), actor="t", now=clock.now()
            )
        filler.unlink()
        assert here.ended(review_id, 120).state is State.DONE
        assert len(hook.wait(1)) == 1


def test_parts_that_are_no_use_are_read_again(tmp_path: Path) -> None:
    """Of another version of the program, or without their bytes since the database was set back to an earlier moment."""
    with service(tmp_path / "data") as here:
        ids = []
        for bytes_gone in (False, True):
            paper = Upload("附件.ofd", ofd(2, str(bytes_gone)))
            row, _ = reviews.create_review(here.store, [paper], as_of=dt.date(2026, 11, 1), actor="t", now=clock.now())
            content = f"of another version {bytes_gone}".encode()
            part = parts.save_part(here.store, row.id, row.files[0].sha256, 1, 1, content, clock.now())
            if bytes_gone:
                here.store.blobs.delete(part.sha256)
            here.jobs.submit(row.id)
            ids.append(row.id)
        here.start("worker")
        for review_id in ids:
            assert here.ended(review_id, 90).state is State.DONE
            assert f"review {review_id} is submitted again (run 2)" in here.said()


@pytest.fixture(scope="module")
def shifted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A library that shifts the wall clock of who loads it, and the file that says by how many seconds."""
    folder = tmp_path_factory.mktemp("clock")
    source = Path(__file__).with_name("shifted_clock.c")
    try:
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", folder / "clock.so", source, "-ldl"], check=True)
    except FileNotFoundError:
        pytest.skip("no C compiler: apt-get install gcc libc6-dev")
    (folder / "shift").write_text("0")
    return folder / "clock.so", folder / "shift"


def test_a_clock_that_jumps_costs_nothing(tmp_path: Path, shifted: tuple[Path, Path]) -> None:
    """Two workers share a review; one of them finds its clock three hours ahead in the middle of it, and then three behind."""
    library, shift = shifted
    with service(tmp_path / "data") as here, receiver() as hook:
        here.start("worker", LD_PRELOAD=str(library), SHIFT_FILE=str(shift))
        here.start("worker")
        until(lambda: here.said().count("is ready with") == 2, 60, here)
        for turn, jump in enumerate((3 * 3_600, -3 * 3_600), start=1):
            review_id = here.submit(LONG, callback=hook.url, secrets=[webhooks.new_secret()])
            until(lambda review_id=review_id: here.get(review_id).pages_done >= 3, 60, here)  # type: ignore[misc]
            shift.write_text(str(jump))
            assert here.ended(review_id, 60).state is State.DONE
            assert len(hook.wait(turn, 30)) == turn
            # The review may be done before the shifted worker says again that it lives.
            until(lambda jump=jump: _ahead(workers(here.store)) == {jump > 0, False}, 30, here)  # type: ignore[misc]
        assert "is gone" not in here.said(), "nobody was taken for dead"


def _ahead(rows: Iterable[WorkerRow]) -> set[bool]:
    """Whether workers' clocks are ahead of ours."""
    return {row.beat_at > clock.now() + dt.timedelta(hours=1) for row in rows}


def row(name: str, beat_at: dt.datetime) -> WorkerRow:
    return WorkerRow(name, "worker", "elsewhere", 1, beat_at, beat_at, {})


def test_a_worker_is_dead_when_it_says_nothing_new() -> None:
    seconds = [0.0]
    watch = Watch(10, lambda: seconds[0])
    start = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    assert watch.dead([row("a", start), row("b", start)]) == []
    seconds[0] = 9
    assert watch.dead([row("a", start), row("b", start + dt.timedelta(seconds=9))]) == []
    seconds[0] = 11
    assert watch.dead([row("a", start), row("b", start + dt.timedelta(seconds=9))]) == ["a"]


@pytest.mark.parametrize("jump", [dt.timedelta(hours=5), -dt.timedelta(days=400)])
def test_nobody_dies_of_a_clock_that_jumps(jump: dt.timedelta) -> None:
    """Another machine's clock jumps, or ours: what it says is compared with what it said, and time is counted here."""
    seconds = [0.0]
    watch = Watch(10, lambda: seconds[0])
    says = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    for tick in range(8):
        seconds[0] = 3.0 * tick
        says += jump if tick == 4 else dt.timedelta(seconds=3)
        assert watch.dead([row("a", says)]) == []


def test_who_could_not_look_accuses_nobody() -> None:
    seconds = [0.0]
    watch = Watch(10, lambda: seconds[0])
    says = row("a", dt.datetime(2026, 11, 22, tzinfo=dt.UTC))
    watch.dead([says])
    seconds[0] = 60
    watch.blind()
    assert watch.dead([says]) == []
    seconds[0] = 71
    assert watch.dead([says]) == ["a"]
