"""The durable workflows: a case from its files to its report, its pages in parts, and the webhooks that tell of it.

Workflows carry ids and small JSON only; bytes lie in the store.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dbos import DBOS, DBOSConfiguredInstance, SetEnqueueOptions, SetWorkflowID

from api import tracing, webhooks
from api.jobs import delivering, steps
from api.jobs.client import APPLICATION, BEHIND, WEBHOOKS, WORK
from api.jobs.hands import Hands
from api.jobs.steps import Plan
from api.logs import CONTEXT

logger = logging.getLogger(__name__)


@DBOS.dbos_class("Cases")
class Cases(DBOSConfiguredInstance):
    """The workflows on one set of hands. `under_way` are those that run here at this moment, by id."""

    def __init__(self, hands: Hands) -> None:
        super().__init__(APPLICATION)
        self.hands = hands
        self.under_way: set[str] = set()
        self._lock = threading.Lock()

    @DBOS.workflow(name="review_case")
    def review_case(self, review_id: str) -> str:
        """Read the files of a review and judge them; the state that it ended in."""
        with self._seen("review_case"):
            plan = self.plan(review_id)
            places = steps.places(plan)
            if len(places) == 1:
                self.read(review_id, *places[0])
            else:
                # Part n of one case competes with part n of the others: a small case does not wait for all of a large one.
                start = 1 + BEHIND if plan.get("audit") else 1
                for turn, (file, first, last) in enumerate(places, start):
                    part = f"{DBOS.workflow_id}.{file['sha256'][:16]}.{first}"
                    with SetWorkflowID(part), SetEnqueueOptions(priority=turn):
                        DBOS.enqueue_workflow(WORK, self.read_part, review_id, file, first, last)
                self.wait_for_parts(review_id, [[file["sha256"], first] for file, first, _ in places])
            state = self.judge(review_id, plan)
            for delivery_id in self.pending_deliveries(review_id):
                with SetWorkflowID(f"{delivery_id}.1"):
                    DBOS.enqueue_workflow(WEBHOOKS, self.deliver_webhook, delivery_id, 1)
            return state

    @DBOS.workflow(name="read_part")
    def read_part(self, review_id: str, file: dict[str, Any], first: int, last: int) -> None:
        """Read pages `first` to `last` of a file on whichever worker is free."""
        with self._seen("read_part"):
            self.read(review_id, file, first, last)

    @DBOS.workflow(name="deliver_webhook")
    def deliver_webhook(self, delivery_id: str, attempt: int) -> str:
        """One attempt to deliver; the next one, if there is to be one, is a workflow of its own that no thread waits for."""
        with self._seen("deliver_webhook"):
            wait = self.wait_before(attempt + 1)
            outcome = self.attempt(delivery_id, attempt, wait)
            if outcome == delivering.AGAIN and wait is not None:
                with SetWorkflowID(f"{delivery_id}.{attempt + 1}"), SetEnqueueOptions(delay_seconds=wait):
                    DBOS.enqueue_workflow(WEBHOOKS, self.deliver_webhook, delivery_id, attempt + 1)
            return outcome

    @DBOS.step()
    def plan(self, review_id: str) -> Plan:
        with tracing.span("plan", review=review_id):
            return steps.plan(self.hands, review_id)

    @DBOS.step()
    def read(self, review_id: str, file: dict[str, Any], first: int, last: int) -> None:
        with tracing.span("read", review=review_id, first_page=first, last_page=last):
            steps.read(self.hands, review_id, file, first, last)

    @DBOS.step()
    def wait_for_parts(self, review_id: str, wanted: list[list[Any]]) -> None:
        steps.wait_for(self.hands, review_id, {(sha256, first) for sha256, first in wanted})

    @DBOS.step()
    def judge(self, review_id: str, plan: Plan) -> str:
        with tracing.span("judge", review=review_id):
            state = steps.judge(self.hands, review_id, plan)
        logger.info("review %s is %s", review_id, state)
        return state

    @DBOS.step()
    def pending_deliveries(self, review_id: str) -> list[str]:
        return delivering.pending(self.hands, review_id)

    @DBOS.step()
    def wait_before(self, attempt: int) -> float | None:
        """Drawn once and then kept: a step that runs again finds the same."""
        return webhooks.wait_before(attempt)

    @DBOS.step()
    def attempt(self, delivery_id: str, attempt: int, wait: float | None) -> str:
        with tracing.span("deliver", delivery=delivery_id, attempt=attempt):
            return delivering.attempt(self.hands, delivery_id, attempt, wait)

    @contextmanager
    def _seen(self, name: str) -> Iterator[None]:
        workflow = str(DBOS.workflow_id)
        with self._lock:
            self.under_way.add(workflow)
        token = CONTEXT.set({**CONTEXT.get(), "workflow": workflow})
        try:
            with tracing.span(name, workflow=workflow):
                yield
        finally:
            CONTEXT.reset(token)
            with self._lock:
                self.under_way.discard(workflow)
