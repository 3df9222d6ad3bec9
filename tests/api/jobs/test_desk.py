"""Desks: child processes that judge; one that dies is noticed, replaced, and costs one task one more try."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.jobs.desk import DeskDied, Desks, DesksClosed, TaskFailed, TaskRefused
from api.settings import Settings
from tests.api.jobs.service import until

FILE = {"task": "unpack", "names": ["a.jpg"]}
NOTHING = {
    "task": "judge",
    "review": "rev_none",
    "files": [],
    "problems": [],
    "as_of": "2026-11-01",
    "purpose": "application",
}


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    made = Desks(Settings(data=tmp_path_factory.mktemp("data"), workers=1))
    yield made
    made.close()


def test_a_task_is_done(desks: Desks) -> None:
    answer, blobs = desks.do(FILE, [b"abc"])
    assert answer["files"][0]["name"] == "a.jpg"
    assert blobs == []


def test_what_a_person_must_know_is_told(desks: Desks) -> None:
    with pytest.raises(TaskRefused) as refused:
        desks.do(NOTHING)
    assert refused.value.code == "input_error"


def test_a_fault_of_the_program_ends_the_task_only(desks: Desks) -> None:
    with pytest.raises(TaskFailed):
        desks.do({"task": "no such task"})
    assert desks.do(FILE, [b"abc"])[0]["files"]


def test_parts_of_another_version_are_refused(desks: Desks) -> None:
    with pytest.raises(TaskRefused) as refused:
        desks.do({**NOTHING, "files": [{"name": "a", "parts": 1}]}, [b"made by another version"])
    assert refused.value.code == "stale_parts"


def test_one_that_is_killed_at_work_is_noticed_and_replaced(desks: Desks) -> None:
    (process,) = desks.children()
    os.kill(process, signal.SIGSTOP)
    threading.Timer(0.3, os.kill, (process, signal.SIGKILL)).start()
    with pytest.raises(DeskDied):
        desks.do(FILE, [b"abc"])
    assert desks.do(FILE, [b"abc"])[0]["files"]
    assert desks.children() != [process]


def test_memory_is_limited(tmp_path: Path) -> None:
    small = Desks(Settings(data=tmp_path, workers=1, worker_mb=150))
    try:
        with pytest.raises((DeskDied, TaskFailed)):
            small.do(FILE, [b"\0" * 200_000_000])
    finally:
        small.close()


def test_they_end_with_their_worker(tmp_path: Path) -> None:
    made = Desks(Settings(data=tmp_path, workers=1))
    until(made.children, 20)
    (process,) = made.children()
    made.close()
    with pytest.raises(DesksClosed):
        made.do(FILE, [b"abc"])
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
