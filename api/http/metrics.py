"""Figures for Prometheus: what this process counts itself, and what the store knows at the moment of asking."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api import clock
from api.store.listing import count_reviews
from api.store.opened import Store
from api.store.snapshots import list_snapshots
from api.store.webhooks import DeliveryState, deliveries
from api.store.workers import workers

if TYPE_CHECKING:
    import datetime as dt

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Meters:
    """The counters of one HTTP process, and its view of the store. Safe from several threads."""

    def __init__(self, store: Store) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "zhengshen_requests",
            "Requests answered, by method, route and status",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "zhengshen_request_seconds",
            "Time until the answer began",
            ["method", "route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._registry.register(StoreFigures(store))

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; `route` is the path's pattern, so that ids do not multiply."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """The exposition format, version 0.0.4."""
        return generate_latest(self._registry)


class StoreFigures(Collector):
    """Reviews by state, pending webhooks, the age of each registry's snapshot, and what the workers tell of themselves."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def describe(self) -> list[Metric]:
        """Nothing in advance: asking the database is for the time of asking."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The figures now."""
        now = clock.now()
        reviews = GaugeMetricFamily("zhengshen_reviews", "Reviews by state", labels=["state"])
        for state, number in count_reviews(self._store).items():
            reviews.add_metric([state.value], number)
        yield reviews
        pending = GaugeMetricFamily("zhengshen_webhooks_pending", "Webhook deliveries not yet done")
        pending.add_metric([], len(deliveries(self._store, state=DeliveryState.PENDING)))
        yield pending
        ages = GaugeMetricFamily("zhengshen_snapshot_age_days", "Days since a registry's snapshot", labels=["registry"])
        for row in list_snapshots(self._store, active=True):
            ages.add_metric([row.kind.value], _days(now.date(), row.as_of))
        yield ages
        beats = GaugeMetricFamily("zhengshen_worker_beat_age_seconds", "Since a worker was alive", labels=["worker"])
        memory = GaugeMetricFamily(
            "zhengshen_worker_memory_mb", "Memory of a worker and its readers", labels=["worker"]
        )
        for worker in workers(self._store):
            beats.add_metric([worker.id], (now - worker.beat_at).total_seconds())
            for number, held in enumerate(worker.facts.get("memory_mb", ())):
                memory.add_metric([worker.id, str(number)], float(held))
        yield beats
        yield memory


def _days(today: "dt.date", day: "dt.date") -> int:
    return (today - day).days
