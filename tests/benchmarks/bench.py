"""What every benchmark shares: arguments, alternating medians, the memory of a fresh process, how figures are printed."""

import argparse
import gc
import importlib.metadata
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Figures = Mapping[str, object]


def arguments(description: str | None) -> argparse.ArgumentParser:
    """A parser with the two options of every benchmark: `--quick` (ends within 60 s on two cores) and `--json`."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions and pages: under a minute on two cores")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    return parser


def alternate(
    tasks: Mapping[str, Callable[[], object]],
    rounds: int,
    turn: float = 0.0,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """Median seconds of each task: they take turns, after one round that does not count, and so meet the same machine.

    A task goes on for at least `turn` seconds and counts with its mean: short ones then see as much of the machine's moods.
    With `time.process_time` as the clock, seconds are those of the processor: what other programs take does not count. Nor does it
    count how much the modules of all peers hold, which a search for cycles would look through in everybody's time.
    """
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for number in range(rounds + 1):
        if number == 1:
            gc.collect()
            gc.freeze()
        for name, task in tasks.items():
            gc.collect()
            started, runs = clock(), 0
            while not runs or clock() - started < turn:
                task()
                runs += 1
            if number:
                seconds[name].append((clock() - started) / runs)
    gc.unfreeze()
    return {name: statistics.median(taken) for name, taken in seconds.items()}


def peak_mb() -> float:
    """The most memory that this program has held so far, in MB.

    Linux hands `ru_maxrss` down to a child, whose figure would then be its parent's; the high-water mark in /proc is its own.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def fresh(*words: str) -> str:
    """What `python words…` prints, run at the top of the project: for figures that need a process without a history."""
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, *words]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def machine(packages: Sequence[str] = ()) -> dict[str, object]:
    """Where the figures were taken: processor, cores, Python, and the versions of the packages that were measured."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in packages},
    }


def report(name: str, figures: Figures, *, as_json: bool, packages: Sequence[str] = ()) -> None:
    """Print the figures, as `{"benchmark", "machine", "figures"}` or as a table."""
    if as_json:
        print(json.dumps({"benchmark": name, "machine": machine(packages), "figures": figures}, ensure_ascii=False))
        return
    print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in machine(packages).items()))
    groups = {key: value for key, value in figures.items() if isinstance(value, Mapping)}
    single = {key: value for key, value in figures.items() if key not in groups}
    width = max(map(len, [*single, *(key for group in groups.values() for key in group)]), default=0)
    for key, value in single.items():
        print(f"  {key:<{width}}  {value}")
    if groups:  # one column a group, one row a figure
        print("\n  " + " " * width + "".join(f"{key:>10}" for key in groups))
        for key in dict.fromkeys(key for group in groups.values() for key in group):
            print(f"  {key:<{width}}" + "".join(f"{group.get(key, '')!s:>10}" for group in groups.values()))


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
