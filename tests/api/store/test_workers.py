"""Heartbeats: the last one counts, and one caller alone takes over what a silent process left."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

from api.store import Store
from api.store.workers import WorkerRow, beat, forget, workers
from tests.api.store.given import NOW, after

FIRST = WorkerRow("worker-1", "worker", "host", 1, NOW, NOW, {"rss_mb": 100})


def test_the_last_beat_counts(store: Store) -> None:
    beat(store, FIRST)
    beat(store, dataclasses.replace(FIRST, id="api-1", role="api"))
    later = dataclasses.replace(FIRST, beat_at=after(1), facts={"rss_mb": 200})
    beat(store, later)
    assert workers(store) == [dataclasses.replace(FIRST, id="api-1", role="api"), later]


def test_one_alone_takes_over(store: Store) -> None:
    beat(store, FIRST)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: forget(store, FIRST.id), range(4))) == 1
    assert workers(store) == []
