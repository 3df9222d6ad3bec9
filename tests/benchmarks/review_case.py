"""The 60-page digital case with a licence photo: `zhengshen review` in a fresh process, start-up included."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.bench import arguments, report

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "samples" / "cases" / "clean_60_page_annex"


def main() -> None:
    """Median over fresh processes; the first run, which may compile the recognition models, does not count."""
    options = arguments(__doc__).parse_args()
    command = [sys.executable, "-m", "api.cli", "review", str(CASE), "--registry", str(CASE / "registry")]
    command += ["--as-of", "2026-11-01", "--format", "json", "--output", os.devnull]
    runs = [_run(command) for _ in range(4 if options.quick else 6)][1:]
    walls, cpus, peaks = zip(*runs, strict=True)
    figures = {
        "wall_s": round(statistics.median(walls), 2),
        "cpu_s": round(statistics.median(cpus), 2),
        "peak_mb": round(max(peaks), 1),
    }
    report("review_case", figures, as_json=options.json, packages=("openvino", "pypdfium2"))


def _run(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, processor seconds, peak MB of one process."""
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"the review ended with {process.returncode}")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
