"""Handing work to the job engine without being part of it: what the HTTP process and the command line use."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.settings import Settings

if TYPE_CHECKING:
    from dbos import DBOSClient

logger = logging.getLogger(__name__)

APPLICATION = "zhengshen"
SHAPE = "1"
"""Grows when the steps of a workflow change, so that a worker never continues with other steps than it began with."""
REVIEWS, AUDITS, WORK, WEBHOOKS = "reviews", "audits", "work", "webhooks"
BEHIND = 1_000_000
"""Added to the priority of an audit's parts: those of reviews that somebody waits for come first."""


@dataclass(frozen=True, slots=True)
class Jobs:
    """A line to the job engine. Safe from several threads; nothing runs in this process."""

    client: "DBOSClient"

    def submit(self, review_id: str, again: int = 0, audit: bool = False) -> None:
        """Have a review done. Asking twice is asking once; `again` distinguishes a further run of one that was lost.

        Items of an `audit` have a queue of their own, so that however many there are no review waits behind them.
        """
        workflow = f"{review_id}~{again}" if again else review_id
        self.client.enqueue(_options("review_case", AUDITS if audit else REVIEWS, workflow), review_id)

    def deliver(self, delivery_id: str, attempt: int) -> None:
        """Have a webhook delivered, beginning with that attempt; asking twice is asking once."""
        self.client.enqueue(_options("deliver_webhook", WEBHOOKS, f"{delivery_id}.{attempt}"), delivery_id, attempt)

    def cancel(self, review_id: str) -> None:
        """Take what was submitted for a review off the queues; parts under way notice by themselves that the review has ended."""
        from dbos import error

        with suppress(error.DBOSException):
            self.client.cancel_workflow(review_id, cancel_children=True)

    def close(self) -> None:
        self.client.destroy()


def open_jobs(settings: Settings) -> Jobs:
    """A line to the job engine, its tables brought up to date. Errors of the database's own are raised, not waited for."""
    from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer

    quiet()
    prepare(settings.jobs_url)
    DBOS.migrate(settings.jobs_url)
    return Jobs(
        DBOSClient(
            system_database_url=settings.jobs_url,
            serializer=DBOSPortableJSONSerializer(),
            application_name=APPLICATION,
            retry_connection_errors=False,
        )
    )


def prepare(jobs_url: str) -> None:
    """Give a new SQLite file its folder and a write-ahead log, so that readers do not wait for writers."""
    if not jobs_url.startswith("sqlite"):
        return
    import sqlite3
    from pathlib import Path

    path = Path(jobs_url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=30)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


def quiet() -> None:
    """The engine's own log says what ours says better; its warnings stay."""
    logging.getLogger("dbos").setLevel(logging.WARNING)


def _options(workflow: str, queue: str, workflow_id: str) -> Any:
    return {
        "workflow_name": workflow,
        "queue_name": queue,
        "workflow_id": workflow_id,
        "app_version": SHAPE,
        "class_name": "Cases",
        "instance_name": APPLICATION,
    }
