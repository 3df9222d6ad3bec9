"""Feeding an audit to the engine: so many items at a time, each once, until all have ended."""

import errno
import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from api import clock
from api.audit.manifest import Entry, ItemInvalid, Manifest
from api.reading import Progress, Upload
from api.store import audits
from api.store.audits import AuditRow
from api.store.errors import StoreUnavailable
from api.store.opened import Store
from models.errors import InputError

logger = logging.getLogger(__name__)
T = TypeVar("T")

AHEAD = 200
"""Items that may be under way at a time: enough for dozens of workers, few enough that the queue stays short."""
_LOOK_SECONDS = 0.3
_LONGEST_PAUSE = 15.0
_PASSING = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE})


@dataclass(slots=True)
class Feed:
    """One run of an audit. `submit` hands a review to the engine; what it does not get, the workers find by themselves."""

    store: Store
    audit: AuditRow
    manifest: Manifest
    submit: Callable[[str], None]
    actor: str
    progress: Progress = lambda what, done, total: None
    ahead: int = AHEAD
    most_bytes: int = 600_000_000
    _open: set[str] = field(default_factory=set)
    _started: float = field(default_factory=time.monotonic)
    _taken: int = 0
    _before: int = 0

    def run(self) -> None:
        """Take up every item that was not taken up before, and wait until all have ended."""
        known = patiently(lambda: audits.positions(self.store, self.audit.id))
        self._open = patiently(lambda: audits.under_way(self.store, self.audit.id))
        self._taken, self._before = len(known), len(known) - len(self._open)
        seen: set[str] = set()
        for entry in self.manifest.entries():
            twice = bool(entry.certificate) and entry.certificate in seen
            seen.add(entry.certificate)
            if entry.position in known:
                continue
            self._wait(self.ahead)
            self._take(entry, twice)
            self._taken += 1
        self._wait(1)

    def _wait(self, below: int) -> None:
        """Until fewer than so many items are under way."""
        while len(self._open) >= below:
            self._open = patiently(lambda: audits.under_way(self.store, self.audit.id, self._open))
            self._tell()
            if len(self._open) >= below:
                time.sleep(_LOOK_SECONDS)

    def _take(self, entry: Entry, twice: bool) -> None:
        name = entry.certificate or f"#{entry.position}"
        try:
            if twice:
                raise ItemInvalid(
                    "清单中已有同一证书编号，未重复审查。 The list has this number before; not done twice."
                )
            files = self.manifest.uploads(entry)
            if sum(len(file.data) for file in files) > self.most_bytes:
                raise ItemInvalid("该项的文件过大。 The files of this item are too large.")
        except (InputError, OSError) as error:
            code = error.code if isinstance(error, InputError) else "file_unreadable"
            said = str(error) if isinstance(error, InputError) else f"{error.strerror} {error.filename or ''}".strip()
            patiently(lambda: audits.add_failure(self.store, self.audit.id, entry.position, name, code, said))
            return
        review_id = patiently(
            lambda: audits.add_item(
                self.store,
                self.audit,
                entry.position,
                name,
                files,
                _digest(files),
                actor=self.actor,
                now=clock.now(),
            )
        )
        self._open.add(review_id)
        try:
            self.submit(review_id)
        except Exception as error:  # whatever the engine's database says: the workers take up what it was not told
            logger.warning("review %s could not be submitted: %s", review_id, error)

    def _tell(self) -> None:
        """Done and to do of this run, so that the rate and the time left are those of now."""
        done = self._taken - self._before - len(self._open)
        minutes = (time.monotonic() - self._started) / 60
        rate = f"{done / minutes:.0f} 项/分 items/min" if done and minutes else ""
        self.progress(rate, max(done, 0), self.manifest.count - self._before)


def patiently(work: Callable[[], T]) -> T:
    """What `work` gives, tried again for as long as the database or the disk is away."""
    pause = 0.25
    while True:
        try:
            return work()
        except StoreUnavailable as error:
            logger.warning("the store is away: %s", error)
        except OSError as error:
            if error.errno not in _PASSING:
                raise
            logger.warning("the disk is in trouble: %s", error)
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


def _digest(files: Sequence[Upload]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{len(file.name)}\0{file.name}".encode("utf-8", "surrogatepass"))
        digest.update(hashlib.sha256(file.data).digest())
    return digest.hexdigest()
