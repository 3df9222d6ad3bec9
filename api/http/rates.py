"""How often one caller may ask: a bucket of tokens for each, filled at a steady rate."""

import threading
import time
from collections import OrderedDict

_CALLERS = 10_000


class Rates:
    """At most `per_minute` requests a minute from each caller, with bursts of a sixth of that at once. Safe from several threads."""

    def __init__(self, per_minute: int) -> None:
        self._rate = per_minute / 60
        self._most = max(1.0, per_minute / 6)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, caller: str) -> float:
        """0 where the caller may go on, which takes one token; else the seconds until it may."""
        now = time.monotonic()
        with self._lock:
            tokens, since = self._buckets.pop(caller, (self._most, now))
            tokens = min(self._most, tokens + (now - since) * self._rate)
            allowed = tokens >= 1
            self._buckets[caller] = (tokens - 1 if allowed else tokens, now)
            while len(self._buckets) > _CALLERS:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self._rate
