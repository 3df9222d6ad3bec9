"""`zhengshen serve`: one command, one port, a key on the first start, processes that come back, and an orderly end."""

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.api.jobs.service import Service, kill, ofd, service, until


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("serve") / "data") as here:
        here.start("serve", "--port", "0")
        until(lambda: "is ready with" in here.said() and "startup complete" in here.said(), 90, here)
        yield here


def address(here: Service) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+", here.said())
    assert found
    return found[0]


def child(here: Service, name: str) -> psutil.Process:
    return psutil.Process(int(re.findall(rf"{name} started as process (\d+)", here.said())[-1]))


def test_the_key_of_the_first_start_opens_everything(served: Service) -> None:
    key = re.search(r"zs_\w+", served.said())
    assert key
    head = {"authorization": f"Bearer {key[0]}"}
    files = {"files": ("附件.ofd", ofd(2), "application/ofd")}
    assert httpx.post(f"{address(served)}/v1/reviews", files=files).status_code == 401
    answer = httpx.post(f"{address(served)}/v1/reviews", files=files, headers={**head, "prefer": "wait=30"}, timeout=60)
    assert answer.status_code == 200
    assert [paper["pages"] for paper in answer.json()["papers"]] == [2]


def test_a_caller_waits_while_a_killed_http_process_comes_back(served: Service) -> None:
    """The supervisor holds the port, so nobody is refused."""
    before = child(served, "http").pid
    child(served, "http").kill()
    assert httpx.get(f"{address(served)}/livez", timeout=60).status_code == 200
    assert child(served, "http").pid != before


def test_sigterm_ends_everything_in_order(served: Service) -> None:
    children = psutil.Process(served.processes[0].pid).children(recursive=True)
    served.processes[0].send_signal(signal.SIGTERM)
    assert served.processes[0].wait(60) == 0
    assert "has gone" in served.said()
    until(lambda: not any(alive(process) for process in children), 30, served)


def test_nothing_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    with service(tmp_path / "data") as here:
        supervisor = here.start("serve", "--port", "0")
        until(lambda: "is ready with" in here.said(), 90, here)
        children = psutil.Process(supervisor.pid).children(recursive=True)
        kill(supervisor)
        until(lambda: not any(alive(process) for process in children), 60, here)


def alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken, service(tmp_path / "data") as here:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = here.start("serve", "--port", str(taken.getsockname()[1]))
        assert process.wait(60) == 2
        assert "Cannot listen" in here.said()
