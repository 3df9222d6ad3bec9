"""A service as `zhengshen serve` runs it, with a client that has every scope."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.api.jobs.service import outside

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Served:
    """The address, a key that opens everything, and the data folder."""

    url: str
    key: str
    data: Path
    process: "subprocess.Popen[str]"

    def client(self, key: str | None = None, **headers: str) -> httpx.Client:
        authorization = {"Authorization": f"Bearer {self.key if key is None else key}"}
        return httpx.Client(base_url=self.url, headers={**authorization, **headers}, timeout=60)


def serve(data: Path, **environment: str) -> Served:
    data.mkdir(parents=True, exist_ok=True)
    variables = {"ZHENGSHEN_DATA": str(data), "ZHENGSHEN_WORKERS": "1", "PYTHONPATH": str(ROOT), **environment}
    log = data / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "serve", "--port", "0"],
            env={**outside(), **variables},
            cwd=data,
            stdout=out,
            stderr=out,
            text=True,
        )
    until = time.monotonic() + 180
    while time.monotonic() < until:
        said = log.read_text("utf-8", "replace")
        address = re.search(r"http://127\.0\.0\.1:\d+", said)
        key = re.search(r"^zs_\S+", said, re.MULTILINE)
        if address and key and _ready(address[0]):
            return Served(address[0], key[0], data, process)
        if process.poll() is not None:
            break
        time.sleep(0.2)
    process.kill()
    process.wait(30)
    raise AssertionError(f"not ready: {log.read_text('utf-8', 'replace')[-3000:]}")


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    here = serve(tmp_path_factory.mktemp("served"), ZHENGSHEN_REQUESTS_PER_MINUTE="100000")
    yield here
    here.process.send_signal(signal.SIGTERM)
    assert here.process.wait(60) == 0
