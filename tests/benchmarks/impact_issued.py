"""How long a new library of 52,000 rows, 500 of them changed, takes to be followed to 100,000 issued certificates."""

import datetime as dt
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from api.consequences import follow
from api.settings import Settings
from api.store import Store, open_store
from api.store.consequences import touched
from api.store.issued import Issued, Rest, index_certificates
from api.store.snapshots import upload_snapshot
from matchers.rules import load_rules
from models.records import RegistryKind

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
LIBRARY_ROWS = 52_000
STANDARDS_EACH = 12


def impact_seconds(certificates: int = 100_000, changed: int = 500, database_url: str = "") -> dict[str, float]:
    """`impact_s`: from the stored snapshot to findings in the store. Also its seconds of CPU, those of the upload, the findings."""
    draw = random.Random(7)
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(data=Path(place), database_url=database_url)
        store = open_store(settings)
        try:
            index_certificates(store, _certificates(certificates, draw))
            cache = Path(place) / "registries"
            marks = frozenset(draw.sample(range(LIBRARY_ROWS), changed))
            _upload(store, cache, frozenset(), "2026-06-01", NOW)
            follow(store, cache, load_rules(), actor="bench", now=NOW)
            started = time.perf_counter()
            _upload(store, cache, marks, "2026-09-01", NOW + dt.timedelta(minutes=1))
            uploaded, working = time.perf_counter(), time.process_time()
            ((_, run),) = follow(store, cache, load_rules(), actor="bench", now=NOW)
            ended, worked = time.perf_counter(), time.process_time()
            assert run.differing == 2 * changed
            assert run.findings == _expected(certificates, marks)
            assert touched(store, limit=1)[0].change == "abolished"
        finally:
            store.close()
    return {
        "impact_s": ended - uploaded,
        "impact_cpu_s": worked - working,
        "upload_s": uploaded - started,
        "findings": float(run.findings),
        "index_rows": float(certificates * (STANDARDS_EACH + 1)),
    }


def _code(number: int) -> str:
    return f"GB/T {10_000 + number}-{2001 + number % 20}"


def _rests_on(certificate: int) -> Iterator[int]:
    """The standards of a certificate: spread so that each is held by about as many."""
    return ((certificate * STANDARDS_EACH + step * 7919) % LIBRARY_ROWS for step in range(STANDARDS_EACH))


def _certificates(count: int, draw: random.Random) -> Iterator[Issued]:
    for certificate in range(count):
        standards = sorted(set(_rests_on(certificate)))
        rests = [Rest(f"series:GB{10_000 + number}", _code(number), 1 + row, 1) for row, number in enumerate(standards)]
        yield Issued(
            f"24{certificate:010}",
            f"第{certificate}检测有限公司",
            "",
            f"{draw.getrandbits(64):x}",
            [Rest(f"name:第{certificate}检测有限公司"), *rests],
        )


def _expected(certificates: int, marks: frozenset[int]) -> int:
    return sum(len(marks.intersection(_rests_on(certificate))) for certificate in range(certificates))


def _upload(store: Store, cache: Path, abolished: frozenset[int], day: str, now: dt.datetime) -> None:
    rows = (
        f"产品质量检验,产品第{number}号试验方法,{_code(number)},{'废止' if number in abolished else ''}"
        for number in range(LIBRARY_ROWS)
    )
    data = "\n".join(["领域,标准名称,标准编号,备注", *rows, ""]).encode()
    upload_snapshot(
        store,
        RegistryKind.LIBRARY,
        "library.csv",
        data,
        dt.date.fromisoformat(day),
        actor="bench",
        now=now,
        indexes=cache,
    )


if __name__ == "__main__":
    for name, value in impact_seconds().items():
        print(f"{name} {value:.2f}")
