"""A worker process: takes workflows off the queues, feeds its readers, says that it lives, and goes without losing anything."""

import logging
import os
import secrets
import signal
import threading
from typing import Any

from api import clock, tracing
from api.jobs.client import APPLICATION, AUDITS, REVIEWS, SHAPE, WEBHOOKS, WORK, Jobs, open_jobs, quiet
from api.jobs.desk import Desks, resident_mb
from api.jobs.hands import Hands
from api.jobs.janitor import Janitor, Watch, host
from api.jobs.reminding import Reminder
from api.options import limits, ocr_factory
from api.settings import Settings
from api.store.errors import StoreError
from api.store.opened import Store, open_store
from api.store.retention import retention_of
from api.store.workers import WorkerRow, beat
from extractor.pool import Pool, Rules

logger = logging.getLogger(__name__)

DRAIN_SECONDS = 25
_POLL_SECONDS = 0.15
_POLL_AUDITS_SECONDS = 0.5  # nobody waits for one item, and there is always another to read meanwhile
_WEBHOOKS_AT_ONCE = 16


def run_worker(settings: Settings, leaving: threading.Event | None = None) -> None:
    """Work until SIGTERM or SIGINT, or until `leaving` is set; pages that are being read are finished first, for a while."""
    leave = leaving or threading.Event()
    if leaving is None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: leave.set())
    opened = _opened(settings, leave)
    if opened is None:
        return
    store, jobs = opened
    tracing.start("worker")
    me = WorkerRow(
        id=f"{host().partition('/')[0]}-{os.getpid()}-{secrets.token_hex(4)}",
        role="worker",
        host=host(),
        pid=os.getpid(),
        started_at=clock.now(),
        beat_at=clock.now(),
        facts={},
    )
    retention = retention_of(settings.retention)
    stopping = threading.Event()
    beat(store, me)
    pool, desks = _pool(settings), Desks(settings)
    cases = _launch(
        settings, me.id, Hands(settings, store, pool, desks, stopping, retention, threading.Semaphore(settings.workers))
    )

    def facts() -> dict[str, Any]:
        processes = [os.getpid(), *pool.children(), *desks.children()]
        return {"memory_mb": [resident_mb(pid) for pid in processes], "workflows": len(cases.under_way)}

    janitor = Janitor(store, jobs, me, Watch(settings.lapse_seconds), retention, lambda: tuple(cases.under_way), facts)
    reminder = Reminder(settings, store, me.id, dict(os.environ))
    tick = min(3.0, settings.lapse_seconds / 5)
    logger.info("worker %s is ready with %d readers", me.id, settings.workers)
    while not leave.wait(tick):
        janitor.tick()
        reminder.tick()
    _drain(janitor, stopping, tick)
    pool.close()
    desks.close()
    janitor.leave()
    jobs.close()
    store.close()
    tracing.stop()
    logger.info("worker %s has gone", me.id)
    if leaving is None:
        # Threads may still sit in the engine waiting for outcomes that others will write now.
        logging.shutdown()
        os._exit(0)


def _opened(settings: Settings, leave: threading.Event) -> tuple[Store, Jobs] | None:
    """The store and the line to the engine, as soon as they can be had; None when told to leave before."""
    while True:
        try:
            return open_store(settings), open_jobs(settings)
        except (StoreError, OSError) as error:
            logger.warning("waiting for the store: %s", error)
        except Exception as error:
            if type(error).__module__.partition(".")[0] != "sqlalchemy":
                raise
            logger.warning("waiting for the job engine's database: %s", error)
        if leave.wait(1.0):
            return None


def _pool(settings: Settings) -> Pool:
    rules = Rules(
        workers=settings.workers,
        threads=settings.reader_threads,
        page_seconds=settings.page_seconds,
        recycle_mb=settings.recycle_mb,
        memory_mb=settings.worker_mb,
    )
    return Pool(ocr_factory(settings), rules, limits(settings))


def _launch(settings: Settings, executor: str, hands: Hands) -> Any:
    from dbos import DBOS, DBOSPortableJSONSerializer

    from api.jobs.cases import Cases

    DBOS(
        config={
            "name": APPLICATION,
            "system_database_url": settings.jobs_url,
            "application_version": SHAPE,
            "executor_id": executor,
            "serializer": DBOSPortableJSONSerializer(),
            "console_log_level": "WARNING",
            "use_listen_notify": False,
            "scheduler_polling_interval_sec": 300.0,
        }
    )
    quiet()
    cases = Cases(hands)
    DBOS.listen_queues([REVIEWS, AUDITS, WORK, WEBHOOKS])
    DBOS.launch()
    at_once = {
        REVIEWS: 2 * settings.workers + 2,
        AUDITS: settings.workers + 2,  # one is read by each reader while others are planned or judged
        WORK: settings.workers + 1,
        WEBHOOKS: _WEBHOOKS_AT_ONCE,
    }
    for queue, number in at_once.items():
        DBOS.register_queue(
            queue,
            worker_concurrency=number,
            polling_interval_sec=_POLL_AUDITS_SECONDS if queue == AUDITS else _POLL_SECONDS,
            on_conflict="always_update",
        )
    return cases


def _drain(janitor: Janitor, stopping: threading.Event, tick: float) -> None:
    """Take nothing new, let go what only waits, and give the pages that are being read the time to be finished."""
    from dbos import DBOS

    stopping.set()
    ending = threading.Thread(
        target=DBOS.destroy, kwargs={"workflow_completion_timeout_sec": DRAIN_SECONDS}, daemon=True
    )
    ending.start()
    while ending.is_alive():
        ending.join(tick)
        janitor.beat()
