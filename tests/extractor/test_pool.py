"""The pool of reading processes: what crashes, hangs or eats memory costs its page, and nothing else changes what is read."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from extractor import crew
from extractor.document import Limits, read
from extractor.ocr.choice import EngineChoice
from extractor.parts import join
from extractor.pool import Pool, PoolClosed, Rules
from models.errors import CorruptPdf, EmptyFile, UnreadableFile
from models.layout import Document
from tests.cases import CASES, engine
from tests.extractor.engines import HARMFUL, HARMLESS, DeadlyLimits, Engines, marked

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SIX = marked(HARMLESS, HARMLESS, HARMFUL, HARMLESS, HARMLESS, HARMLESS)
CALM, TWELVE = marked(*[HARMLESS] * 6), marked(*[HARMLESS] * 12)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def same(data: bytes, found: Document) -> bool:
    """Whether it is what this process reads with an engine that finds no text."""
    return found == read(data, found.name, lambda: Engines(Path(os.devnull))())


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        ("segfault", "page_crashed"),
        ("garbage", "page_crashed"),
        ("memory", "page_memory"),
        ("hang", "page_timeout"),
    ],
)
def test_a_harmful_page_is_tried_in_two_processes_and_then_a_fault(harm: str, code: str, log: Path) -> None:
    engines = Engines(log, harm)
    with Pool(engines, Rules(page_seconds=1.5, memory_mb=4_000)) as pool:
        document = pool.read(SIX, "a.pdf")
    assert [(fault.page, fault.code) for fault in document.faults] == [(3, code)]
    assert "3" in document.faults[0].message
    assert [page.number for page in document.pages] == [1, 2, 4, 5, 6]
    assert len({sight.pid for sight in engines.sights(harmful=True)}) == 2
    assert len(engines.sights(harmful=True)) == 2


def test_a_page_that_ends_its_process_once_is_read_by_the_next(log: Path) -> None:
    engines = Engines(log, "kill", times=1)
    with Pool(engines) as pool:
        assert same(SIX, pool.read(SIX, "a.pdf"))
        assert pool.engine_name == "test engine"
    assert len({sight.pid for sight in engines.sights(harmful=True)}) == 2


def test_the_pages_of_a_short_file_follow_its_plan_and_are_tried_twice_too(log: Path) -> None:
    engines = Engines(log, "kill", times=1)
    with Pool(engines) as pool:
        assert pool.plan(SIX).at_once
        assert not engines.sights()
        assert not pool.read(SIX, "a.pdf").faults
    assert len(engines.sights(harmful=False)) == 5


def test_a_file_that_loses_too_many_pages_is_given_up(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "MOST_LOST", 1)
    data = marked(*[HARMFUL] * 12)
    with Pool(Engines(log, "kill")) as pool:
        codes = [fault.code for fault in pool.read(data, "a.pdf").faults]
    assert codes.count("page_abandoned") >= 6
    assert set(codes) == {"page_crashed", "page_abandoned"}
    assert len(codes) == 12


def test_a_file_that_ends_its_process_when_it_is_opened_cannot_be_used(log: Path) -> None:
    with Pool(Engines(log), limits=DeadlyLimits(owner=os.getpid())) as pool, pytest.raises(UnreadableFile):
        pool.read(CALM, "a.pdf")


def test_processes_are_replaced_after_so_many_pages_and_from_so_much_memory(log: Path) -> None:
    engines = Engines(log)
    for rules in (Rules(pages_per_worker=2), Rules(recycle_mb=1)):
        with Pool(engines, rules) as pool:
            assert same(TWELVE, pool.read(TWELVE, "a.pdf"))
        assert len({sight.pid for sight in engines.sights()}) >= 2
        log.unlink()


def test_a_process_killed_from_outside_costs_nothing(log: Path) -> None:
    engines = Engines(log, seconds=0.2)
    with Pool(engines) as pool:
        killer = threading.Thread(target=lambda: (appears(log), os.kill(pool.children()[0], signal.SIGKILL)))
        killer.start()
        assert same(CALM, pool.read(CALM, "a.pdf"))
        killer.join()
    assert len({sight.pid for sight in engines.sights()}) == 2


def test_processes_start_when_the_work_is_worth_them_and_then_use_one_thread_each(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines = Engines(log, seconds=0.3)
    with Pool(engines, Rules(workers=2)) as pool:
        pool.read(CALM, "a.pdf")
        assert len(pool.children()) == 1
        monkeypatch.setattr(crew, "_GROWTH_SECONDS", 0.5)
        monkeypatch.setattr(crew, "available_mb", lambda: 100.0)
        pool.read(CALM, "a.pdf")
        assert len(pool.children()) == 1
        monkeypatch.undo()
        monkeypatch.setattr(crew, "_GROWTH_SECONDS", 0.5)
        assert same(TWELVE, pool.read(TWELVE, "a.pdf"))
        assert len(pool.children()) == 2
    sights = engines.sights()
    assert len({sight.pid for sight in sights}) == 2
    assert (sights[0].threads, sights[-1].threads) == (0, 1)


def test_processes_for_several_files_start_together_as_far_as_there_is_memory(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines = Engines(log)
    with Pool(engines, Rules(workers=2)) as pool:
        with monkeypatch.context() as little:
            little.setattr(crew, "available_mb", lambda: 100.0)
            pool.warm(3)
        assert same(CALM, pool.read(CALM, "a.pdf"))
        assert len(pool.children()) == 1
        pool.warm(3)
        deadline = time.monotonic() + 10
        while len(pool.children()) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert same(TWELVE, pool.read(TWELVE, "a.pdf"))
        pool.warm(3)
        assert len(pool.children()) == 2
    assert engines.sights()[-1].threads == 1


def test_readers_have_no_network_and_limits(log: Path) -> None:
    for question in ("network", "limits"):
        with Pool(Engines(log, question), Rules(memory_mb=5_000)) as pool:
            pool.read(marked(HARMLESS), "a.pdf")
    network, limits = [sight.note for sight in Engines(log).sights()]
    assert limits == "5000000000 1000000000 0"
    assert network == ("PermissionError" if sys.platform == "linux" else "ConnectionRefusedError")


def test_files_that_cannot_be_used_are_refused_as_ever(log: Path) -> None:
    with Pool(Engines(log), limits=Limits(bytes=10_000)) as pool:
        with pytest.raises(EmptyFile):
            pool.read(b"", "a.pdf")
        with pytest.raises(CorruptPdf, match="PDF 已损坏"):
            pool.read(b"%PDF-1.7 and nothing more", "a.pdf")
        assert same(CALM, pool.read(CALM, "a.pdf"))


def test_who_waits_is_told_when_no_process_can_be_had() -> None:
    with Pool(lambda _: engine()) as pool:  # cannot be handed to another process
        for _ in range(2):
            with pytest.raises(RuntimeError, match="no reader can be started"):
                pool.read(CALM, "a.pdf")
        assert not pool.children()


def test_parts_of_a_file_and_progress(log: Path) -> None:
    told: list[tuple[int, int]] = []
    with Pool(Engines(log)) as pool:
        assert pool.plan(CALM).ranges(4) == [(1, 4), (5, 6)]
        part = pool.read_part(CALM, 2, 4, lambda done, total: told.append((done, total)))
        with pytest.raises(ValueError, match="5 to 7 of 6"):
            pool.read_part(CALM, 5, 7)
    assert [page.number for page in part.pages] == [2, 3, 4]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_closing_ends_those_who_wait(log: Path) -> None:
    pool = Pool(Engines(log, "hang"))
    closer = threading.Thread(target=lambda: (appears(log), pool.close()))
    closer.start()
    with pytest.raises(PoolClosed):
        pool.read(marked(HARMFUL), "a.pdf")
    closer.join()
    assert not pool.children()
    with pytest.raises(PoolClosed):
        pool.plan(CALM)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_its_program(stop: signal.Signals, log: Path) -> None:
    program = (
        "import signal, sys\nfrom pathlib import Path\nfrom extractor.pool import Pool\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job is born deaf to it\n"
        "from tests.extractor.engines import HARMFUL, Engines, marked\n"
        "with Pool(Engines(Path(sys.argv[1]), 'hang')) as pool:\n    pool.read(marked(HARMFUL))"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(log)], cwd=ROOT, stderr=subprocess.DEVNULL) as parent:
        appears(log)
        parent.send_signal(stop)
        parent.wait(10)
    (sight,) = Engines(log).sights()
    ends(sight.pid)


@pytest.mark.parametrize("name", ["clean_60_page_annex/附件.pdf", "clean_scanned/申请书.pdf"])
def test_real_files_read_by_two_processes_are_as_if_read_by_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "_GROWTH_SECONDS", 0.0)
    data = (CASES / name).read_bytes()
    with Pool(EngineChoice(), Rules(workers=2)) as pool:
        found = join([pool.read_part(data, 1, pool.plan(data).page_count)], name)
        assert len(pool.children()) == 2
    assert repr(found) == repr(read(data, name, engine))


def appears(path: Path) -> None:
    """Waits until the file is there."""
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ends(pid: int) -> None:
    """Waits until no process has this number, or it is dead and only not yet waited for."""
    deadline = time.monotonic() + 10
    while (status := Path(f"/proc/{pid}/stat")).exists() and status.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < deadline, f"process {pid} lives on"
        time.sleep(0.02)
