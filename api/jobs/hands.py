"""What the steps of a workflow work with, and how they hold out while the database or the disk is away."""

import errno
import logging
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from api import clock
from api.jobs.desk import DeskDied, Desks, DesksClosed, TaskFailed, TaskRefused
from api.jobs.tasks import Answer, Header
from api.settings import Settings
from api.store import reviews
from api.store.errors import ReviewMissing, StoreUnavailable
from api.store.opened import Store
from api.store.retention import Retention
from api.store.reviews import AUDIT, OPEN, ReviewRow
from extractor.pool import Pool

logger = logging.getLogger(__name__)
T = TypeVar("T")

ACTOR = "service"
_MOST_CRASHES = 2
_LONGEST_PAUSE = 5.0
_STORE_PAUSE = 1.0
_PASSING = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ETIMEDOUT})


class Leaving(BaseException):
    """This worker is going; its workflows stay as they are and others continue them. No Exception, so the engine records no outcome."""


@dataclass(frozen=True, slots=True)
class Hands:
    """`leaving` is set when this worker is to stop; `audits` has a place for each reader that may read for an audit."""

    settings: Settings
    store: Store
    pool: Pool
    desks: Desks
    leaving: threading.Event
    retention: Retention
    audits: threading.Semaphore

    def patiently(self, work: Callable[[], T]) -> T:
        """What `work` gives, tried again for as long as the database or the disk is away; Leaving when the worker is to stop meanwhile."""
        pause = 0.25
        while True:
            try:
                return work()
            except StoreUnavailable as error:
                reason: Exception = error
            except OSError as error:
                if error.errno not in _PASSING:
                    raise
                reason = error
            logger.warning("the store is away, trying again in %.1f s: %s", pause, reason)
            self.pause(pause * random.uniform(0.8, 1.2))  # noqa: S311 - spreads those who wait
            pause = min(2 * pause, _LONGEST_PAUSE)

    def pause(self, seconds: float) -> None:
        """Wait; Leaving when the worker is to stop."""
        if self.leaving.wait(seconds):
            raise Leaving

    @contextmanager
    def reading(self, review: ReviewRow) -> Iterator[None]:
        """While pages are read: those of audits as many at a time as there are readers, so that the next free one takes a live review's."""
        if review.purpose != AUDIT:
            yield
            return
        while not self.audits.acquire(timeout=0.5):
            self.pause(0)
        try:
            yield
        finally:
            self.audits.release()

    def at_desk(self, header: Header, blobs: Sequence[bytes]) -> Answer:
        """The answer of a desk. When one dies or fails another tries; when that does too it is the case's: DeskDied, TaskFailed."""
        crashes = 0
        while True:
            try:
                return self.desks.do(header, blobs)
            except DesksClosed:
                raise Leaving from None
            except TaskRefused as error:
                if error.code != StoreUnavailable.code:
                    raise
                self.pause(_STORE_PAUSE)
            except (DeskDied, TaskFailed) as error:
                if self.leaving.is_set():
                    raise Leaving from None
                crashes += 1
                logger.warning("a desk failed at task %s (%d of %d): %s", header["task"], crashes, _MOST_CRASHES, error)
                if crashes == _MOST_CRASHES:
                    raise

    def blob(self, sha256: str) -> bytes:
        return self.patiently(lambda: self.store.blobs.get(sha256))

    def open_review(self, review_id: str) -> ReviewRow | None:
        """The review if it has not ended."""
        try:
            review = self.patiently(lambda: reviews.get_review(self.store, review_id))
        except ReviewMissing:
            return None
        return review if review.state in OPEN else None

    def fail(self, review_id: str, code: str, message: str) -> None:
        """End the review without a report; `message` is for the person who handed it in."""
        self.patiently(
            lambda: reviews.fail(
                self.store, review_id, code, message, retention=self.retention, actor=ACTOR, now=clock.now()
            )
        )
