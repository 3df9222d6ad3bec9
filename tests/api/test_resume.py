"""A command that is interrupted goes on from the pages it has recognised; real commands, real signals, real recognition."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from api.reading import Upload, parse_files
from api.render.json import parse_json
from samples.generate.degrade.files import image_pdf
from tests.cases import engine

ROOT = Path(__file__).resolve().parents[2]
PAGES = 16


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A PDF of small scanned pages, each with its number."""
    pages = []
    for number in range(PAGES):
        page = Image.new("RGB", (500, 160), "white")
        ImageDraw.Draw(page).text((40, 60), f"SHEET NUMBER {1000 + number}", "black", font_size=36)
        pages.append(page)
    path = tmp_path / "scan.pdf"
    path.write_bytes(image_pdf(pages, 80, 100))
    return path


def started(scan: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "ZHENGSHEN_DATA": str(scan.parent / "data"), "ZHENGSHEN_WORKERS": "1"}
    # A shell's background job is born deaf to SIGINT, and whoever it starts inherits that.
    hearing = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); from api.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", hearing, "parse", str(scan), "--json", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True)


def kept(scan: Path) -> Path | None:
    return next((scan.parent / "data" / "cache" / "pages").glob("*.pages"), None)


def interrupted(scan: Path, by: signal.Signals, size: int) -> tuple[int, str]:
    """Runs the command until more than `size` bytes of pages are kept, then sends the signal: exit code and stderr."""
    with started(scan) as command:
        deadline = time.monotonic() + 120
        while (file := kept(scan)) is None or file.stat().st_size <= size:
            assert command.poll() is None, "the command ended before it could be interrupted"
            assert time.monotonic() < deadline
            time.sleep(0.005)
        command.send_signal(by)
        _, said = command.communicate(timeout=30)
    return command.returncode, said


def finished(scan: Path) -> tuple[dict[str, Any], str]:
    with started(scan) as command:
        shown, said = command.communicate(timeout=120)
    assert command.returncode in (0, 1)
    return json.loads(shown), said


def test_an_interrupted_command_goes_on_where_it_stopped(scan: Path) -> None:
    code, said = interrupted(scan, signal.SIGINT, 0)
    assert code == 130
    assert "重新运行即可继续" in said
    file = kept(scan)
    assert file is not None
    before = file.stat().st_size
    code, _ = interrupted(scan, signal.SIGKILL, before)
    assert code == -signal.SIGKILL
    assert file.stat().st_size > before
    resumed, said = finished(scan)
    pages = int(said.partition("沿用上次中断前识别的 ")[2].split()[0])
    assert 2 <= pages < PAGES
    assert kept(scan) is None
    reading = parse_files([Upload(scan.name, scan.read_bytes())], engine)
    assert resumed == json.loads(json.dumps(parse_json(reading.papers, reading.problems)))
    assert "SHEET NUMBER 1000" in json.dumps(resumed)
