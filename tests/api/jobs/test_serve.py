"""`zhengshen serve`: one command, one port, a key on the first start, processes that come back, and an orderly end."""

import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from api import webhooks
from api.serve import bound
from tests.api.jobs.service import ROOT, Service, kill, ofd, service, until
from tests.benchmarks.chaos import free_port
from tests.loops import finished


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
    key = re.search(r"zs_\S+", served.said())
    assert key
    head = {"authorization": f"Bearer {key[0]}"}
    files = {"files": ("附件.ofd", ofd(2), "application/ofd")}
    assert httpx.post(f"{address(served)}/v1/reviews", files=files).status_code == 401
    answer = httpx.post(f"{address(served)}/v1/reviews", files=files, headers={**head, "prefer": "wait=30"}, timeout=60)
    assert answer.status_code == 200
    assert [paper["pages"] for paper in answer.json()["papers"]] == [2]


def test_the_exchange_of_the_samples(served: Service, tmp_path: Path) -> None:
    """The client hands in a folder and keeps report and draft; the receiver believes the service's webhook and nobody else's."""
    key = re.search(r"zs_\S+", served.said())
    assert key
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "附件.ofd").write_bytes(ofd(2))
    port, secret = free_port(), webhooks.new_secret()
    command = [sys.executable, "-u", "-m"]
    there = {"cwd": ROOT, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([*command, "samples.client.receiver", secret, str(port)], **there) as receiver:  # type: ignore[call-overload]
        try:
            until(lambda: answers(port), 30)
            forged = httpx.post(f"http://127.0.0.1:{port}", content=b"{}", headers={"webhook-id": "evt_1"})
            assert forged.status_code == 401
            wanted = ["--url", address(served), "--key", key[0], "--into", str(tmp_path / "kept")]
            callback = ["--callback", f"http://127.0.0.1:{port}/told", secret]
            subprocess.run(
                [*command, "samples.client.client", tmp_path / "case", *wanted, *callback],
                check=True,
                timeout=90,
                **there,
            )
            kept = {path.suffix: path for path in (tmp_path / "kept").iterdir()}
            assert json.loads(kept[".json"].read_bytes())["papers"][0]["pages"] == 2
            assert kept[".xlsx"].read_bytes().startswith(b"PK")
            told = receiver.stdout.readline()
            assert "review.done" in told
            assert kept[".json"].stem in told
        finally:
            receiver.kill()


def answers(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


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


def test_answers_do_not_wait_for_acknowledgements() -> None:
    """Nagle's algorithm and delayed acknowledgements add 40 ms to answers; asyncio turns it off where it knows that it is TCP."""

    async def accepted() -> int:
        with bound("127.0.0.1", 0) as sock:
            told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

            async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                line = writer.get_extra_info("socket")
                told.set_result(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
                writer.close()

            server = await asyncio.start_server(answer, sock=sock)
            async with server:
                _, writer = await asyncio.open_connection(*sock.getsockname())
                writer.close()
                return await asyncio.wait_for(told, 30)

    assert finished(accepted()) == 1


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken, service(tmp_path / "data") as here:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = here.start("serve", "--port", str(taken.getsockname()[1]))
        assert process.wait(60) == 2
        assert "Cannot listen" in here.said()
