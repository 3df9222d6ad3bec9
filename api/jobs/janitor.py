"""What keeps accepted work from being lost: every worker says that it lives, watches the others, and takes up what lies still.

Nobody's clock is compared with anybody's. A worker is dead when what it last said has not changed for a while as this process counts
seconds, or when it ran on this machine and its process is gone; a worker that cannot look does not count.
"""

import datetime as dt
import logging
import os
import random
import socket
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import OperationalError

from api import clock
from api.jobs.client import AUDITS, REVIEWS, WEBHOOKS, WORK, Jobs
from api.store import reviews
from api.store import webhooks as deliveries
from api.store.errors import ReviewMissing, StoreError
from api.store.listing import unfinished
from api.store.opened import Store
from api.store.retention import Retention
from api.store.webhooks import DeliveryState
from api.store.workers import WorkerRow, beat, forget, workers

if TYPE_CHECKING:
    from dbos import WorkflowStatus

logger = logging.getLogger(__name__)

LOST = (
    "审查多次中断未能完成，请人工审查并反馈。 "
    "The review broke off several times and was given up; please review by hand and tell us."
)
_QUEUES = {"review_case": REVIEWS, "read_part": WORK, "deliver_webhook": WEBHOOKS}
_UNDER_WAY = ("PENDING", "ENQUEUED", "DELAYED")
_MOST_RUNS = 5
_KEPT = dt.timedelta(days=7)
_OVERDUE = dt.timedelta(seconds=3)
"""Seconds that a worker has to hand on what it has just written down, before the janitor does it."""


@dataclass(slots=True)
class Watch:
    """What was last heard of each worker, and since when, on this process's own clock."""

    lapse_seconds: float
    monotonic: Callable[[], float] = time.monotonic
    heard: dict[str, tuple[Any, float]] = field(default_factory=dict)

    def dead(self, rows: Iterable[WorkerRow]) -> list[str]:
        """Those that have been silent for too long, given what all have just said."""
        now = self.monotonic()
        said = {row.id: row.beat_at for row in rows}
        self.heard = {
            name: self.heard[name] if name in self.heard and self.heard[name][0] == word else (word, now)
            for name, word in said.items()
        }
        return [name for name, (_, since) in self.heard.items() if now - since > self.lapse_seconds]

    def blind(self) -> None:
        """Nothing could be heard: whoever was silent meanwhile is not to blame, and everyone's time begins anew."""
        self.heard = {}


@dataclass(slots=True)
class Janitor:
    """One for each worker process. `running` gives the ids of the workflows that run in it."""

    store: Store
    jobs: Jobs
    me: WorkerRow
    watch: Watch
    retention: Retention
    running: Callable[[], Collection[str]]
    facts: Callable[[], dict[str, Any]]
    _stray: set[str] = field(default_factory=set)
    _swept: float = field(default_factory=time.monotonic)

    def tick(self) -> None:
        """One round. Whatever fails is tried again in the next."""
        if not self.beat():
            self.watch.blind()
            return
        try:
            others = [row for row in workers(self.store) if row.id != self.me.id]
            silent = self.watch.dead(others)
            for worker in {*silent, *(row.id for row in others if gone(row))}:
                self.bury(worker)
            self._own_strays()
            self._reviews_without_workflow()
            self._deliveries_without_workflow()
            self._sweep()
        except (StoreError, OperationalError) as error:
            logger.warning("the round was cut short: %s", type(error).__name__)
            self.watch.blind()
        except Exception:
            logger.exception("the round failed")

    def beat(self) -> bool:
        """Leave a sign of life; False where that was not possible."""
        try:
            self.me = replace(self.me, beat_at=clock.now(), facts=self.facts())
            beat(self.store, self.me)
        except StoreError as error:
            logger.warning("no sign of life could be left: %s", error)
            return False
        return True

    def bury(self, worker: str) -> None:
        """Put a dead worker's workflows back on their queues; whoever takes one continues after its last finished step."""
        found = self.jobs.client.list_workflows(
            status="PENDING", executor_id=worker, load_input=False, load_output=False
        )
        self._requeue(found)
        forget(self.store, worker)
        logger.warning("worker %s is gone; %d workflows are taken up", worker, len(found))

    def leave(self) -> None:
        """This worker goes in an orderly way: its workflows back on the queues, its name off the list."""
        self.bury(self.me.id)

    def _requeue(self, found: "Iterable[WorkflowStatus]") -> None:
        for workflow in found:
            queue = workflow.queue_name if workflow.queue_name == AUDITS else _QUEUES.get(workflow.name)
            if queue is not None:
                self.jobs.client.resume_workflow(workflow.workflow_id, queue_name=queue)

    def _own_strays(self) -> None:
        """Workflows that the engine counts as running here and that do not: a fault of the database or the disk cut them off."""
        found = self.jobs.client.list_workflows(
            status="PENDING", executor_id=self.me.id, load_input=False, load_output=False
        )
        running = self.running()
        idle = {workflow.workflow_id for workflow in found} - set(running)
        self._requeue(w for w in found if w.workflow_id in idle & self._stray)
        self._stray = idle - self._stray

    def _reviews_without_workflow(self) -> None:
        """The list of reviews is the list of work: one that has not ended and that no workflow cares for is submitted again."""
        due = clock.now() - _OVERDUE
        under_way = self.jobs.client.list_workflows(
            status=list(_UNDER_WAY), name="review_case", load_input=False, load_output=False
        )
        cared_for = {workflow.workflow_id.partition("~")[0] for workflow in under_way}
        for review_id in unfinished(self.store):
            if review_id in cared_for:
                continue
            runs = self.jobs.client.list_workflows(
                workflow_id_prefix=review_id, name="review_case", load_input=False, load_output=False
            )
            if any(run.status in _UNDER_WAY for run in runs):
                continue
            try:
                review = reviews.get_review(self.store, review_id)
            except ReviewMissing:
                continue
            if review.state not in reviews.OPEN or review.updated_at > due:
                continue
            if len(runs) >= _MOST_RUNS:
                reviews.fail(
                    self.store,
                    review_id,
                    "review_lost",
                    LOST,
                    retention=self.retention,
                    actor="service",
                    now=clock.now(),
                )
                continue
            logger.warning("review %s is submitted again (run %d)", review_id, len(runs) + 1)
            self.jobs.submit(review_id, again=len(runs), audit=review.purpose == reviews.AUDIT)

    def _deliveries_without_workflow(self) -> None:
        """Asking for the attempt that is due anyway changes nothing where its workflow exists."""
        due = clock.now() - _OVERDUE
        for delivery in deliveries.deliveries(self.store, state=DeliveryState.PENDING):
            if delivery.next_at is None or delivery.next_at < due:
                self.jobs.deliver(delivery.id, delivery.attempts + 1)

    def _sweep(self) -> None:
        """Once an hour: forget what the engine finished a week ago, and let go what has been kept for long enough."""
        if time.monotonic() - self._swept < 3_600 * random.uniform(0.9, 1.1):  # noqa: S311 - spreads the load
            return
        from api.store.deletion import sweep

        self._swept = time.monotonic()
        before = (clock.now() - _KEPT).isoformat()
        old = self.jobs.client.list_workflows(
            completed_before=before, limit=10_000, load_input=False, load_output=False
        )
        self.jobs.client.delete_workflows([workflow.workflow_id for workflow in old])
        sweep(self.store, clock.now())


def gone(row: WorkerRow) -> bool:
    """Whether the process ran on this machine and is no more."""
    if row.host != host():
        return False
    try:
        os.kill(row.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def host() -> str:
    """This machine, and of its process tables the one in which our process ids count: containers may share a name."""
    try:
        return f"{socket.gethostname()}/{os.readlink('/proc/self/ns/pid')}"  # noqa: PTH115
    except OSError:
        return socket.gethostname()
