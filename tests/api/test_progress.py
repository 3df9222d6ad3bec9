"""What people see while a command works: pages done of all, on one line of a terminal, and nothing in a file."""

import os
import subprocess
import sys
from pathlib import Path

from api.reading import PageCount
from api.terminal import _cut

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import time
from api.terminal import progress_bar
with progress_bar("读取 reading") as progress:
    progress("第 1/300 页 附件.pdf", 1, 301)
    time.sleep(2.1)
    progress("第 150/300 页 附件.pdf", 150, 301)
"""


def test_pages_of_all_files_are_counted_together() -> None:
    told: list[tuple[str, int, int]] = []
    counted = PageCount(2, lambda *what: told.append(what))
    first, second = counted.of(0, "a.pdf"), counted.of(1, "b.pdf")
    first(1, 300)
    second(1, 4)
    first(2, 300)
    assert told == [("第 1/300 页 a.pdf", 1, 301), ("第 1/4 页 b.pdf", 2, 304), ("第 2/300 页 a.pdf", 3, 304)]


def test_the_bar_is_drawn_on_a_terminal_after_two_seconds_and_wiped_in_the_end() -> None:
    ours, theirs = os.openpty()
    with os.fdopen(theirs, "wb") as terminal:
        subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, stderr=terminal, check=True, timeout=60)
    drawn = os.read(ours, 10_000).decode()
    os.close(ours)
    lines = drawn.replace("\x1b[2K", "").split("\r")
    assert [line for line in lines if "第" in line] == [lines[1]]
    assert lines[1].startswith("读取 reading ███████████░")
    assert "150/301 约剩 0:0" in lines[1]
    assert lines[-1] == ""


def test_nothing_is_drawn_into_a_file() -> None:
    command = [sys.executable, "-c", PROGRAM.replace("2.1", "0")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_line_is_cut_to_the_terminal_by_the_width_of_its_signs() -> None:
    assert _cut("第 1 页", 80) == "第 1 页"
    assert _cut("附件附件", 5) == "附件"
    assert _cut("abc", 2) == "ab"
