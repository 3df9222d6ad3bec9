"""How often and how long a live registry is asked: tries with growing pauses, within one deadline."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from models.errors import RegistryUnavailable

T = TypeVar("T")

_FIRST_PAUSE = 0.2  # seconds, doubled with each try
_LONGEST_PAUSE = 5.0


class Passing(RegistryUnavailable):
    """登记数据接口暂时没有应答。 The registry did not answer for the moment."""

    def __init__(self, message: str | None = None, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after
        """Seconds for which the registry asked to be left alone."""


@dataclass(frozen=True, slots=True)
class Patience:
    """`timeout` is for one try, `deadline` for all of them and the pauses between; seconds."""

    timeout: float = 5.0
    tries: int = 3
    deadline: float = 30.0


def patiently(patience: Patience, started: float, ask: Callable[[float], T]) -> T:
    """What `ask` answers, given the seconds that one try may take. Tried again where it raises `Passing` and time is left.

    `started` is the reading of `time.monotonic` from which the deadline counts, so that several questions can share one.
    """
    failure = Passing()
    for number in range(patience.tries):
        left = started + patience.deadline - time.monotonic()
        if left <= 0:
            break
        try:
            return ask(min(patience.timeout, left))
        except Passing as error:
            failure = error
        pause = random.uniform(0.5, 1.5) * min(_FIRST_PAUSE * 2**number, _LONGEST_PAUSE)  # noqa: S311 - spreads callers
        if number + 1 < patience.tries:
            time.sleep(max(0.0, min(max(pause, failure.after), started + patience.deadline - time.monotonic())))
    raise failure
