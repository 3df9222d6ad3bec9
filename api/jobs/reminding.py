"""Once a day subscribers are told of deadlines that are near or have passed, by the worker that has been there longest."""

import datetime as dt
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from api import clock
from api.clock import BEIJING
from api.settings import Settings
from api.store.opened import Store
from api.store.webhooks import subscriptions
from api.store.workers import workers
from models.errors import ReviewError

logger = logging.getLogger(__name__)

_FROM_HOUR = 8
"""Of the day in Beijing: nobody reads it earlier."""
_AGAIN_SECONDS = 3_600.0
"""After this it is tried again where somebody could not be reached."""


@dataclass(slots=True)
class Reminder:
    """One for each worker process; `environment` names the registries that are asked for issued certificates."""

    settings: Settings
    store: Store
    me: str
    environment: Mapping[str, str]
    _done: dt.date | None = None
    _not_before: float = 0.0
    _round: threading.Thread | None = field(default=None, repr=False)

    def tick(self) -> None:
        """Begins the day's round, beside all other work, where it is not done yet."""
        today = clock.now().astimezone(BEIJING)
        if self._done == today.date() or today.hour < _FROM_HOUR or time.monotonic() < self._not_before:
            return
        if self._round is None or not self._round.is_alive():
            self._not_before = time.monotonic() + _AGAIN_SECONDS
            self._round = threading.Thread(target=self._tell, args=(today,), daemon=True)
            self._round.start()

    def _tell(self, today: dt.datetime) -> None:
        from api.deadlines import EVENTS, deadlines, notify

        try:
            if min((row.started_at, row.id) for row in workers(self.store))[1] != self.me:
                return  # another one does; should it go, the next round is this one's
            asked = [each.events for each in subscriptions(self.store) if each.disabled_at is None]
            if any(not events or {*events} & {*EVENTS.values()} for events in asked):
                found = deadlines(self.settings, self.store, self.environment, today.date())
                sent, failed = notify(self.settings, self.store, found, clock.now())
                logger.info("told of %d deadlines; %d subscribers could not be reached", sent, failed)
                if failed:
                    return
            self._done = today.date()
        except ReviewError as error:
            logger.warning("the deadlines of the day could not be told: %s", error)
        except Exception:
            logger.exception("the deadlines of the day could not be told")
