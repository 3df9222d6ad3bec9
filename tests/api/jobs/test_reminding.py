"""The day's round of deadlines: told once, by the worker that has been there longest, and again where nobody answered."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api import clock, webhooks
from api.jobs import reminding
from api.jobs.reminding import Reminder
from api.settings import Settings, settings_from
from api.store import Store, open_store
from api.store.supervision import record_correction
from api.store.webhooks import subscribe
from api.store.workers import WorkerRow, beat, forget
from tests.api.jobs.receiver import receiver

MORNING = dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC)  # nine o'clock in Beijing
BEFORE = MORNING - dt.timedelta(hours=2)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_from({"ZHENGSHEN_DATA": str(tmp_path), "ZHENGSHEN_WEBHOOK_HOSTS": "127.0.0.1"})


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


def worker(store: Store, name: str, started: dt.datetime) -> str:
    beat(store, WorkerRow(name, "worker", "here", 1, started, MORNING, {}))
    return name


def round_of(reminder: Reminder) -> None:
    """What a tick begins, to its end."""
    reminder.tick()
    if reminder._round is not None:
        reminder._round.join(30)


def test_the_oldest_worker_tells_once_a_day(
    store: Store, settings: Settings, at: Callable[[dt.datetime], None]
) -> None:
    record_correction(store, "hyb-7", "乙公司", dt.date(2026, 11, 10), 5, actor="user:li", now=BEFORE)
    old, new = worker(store, "old", BEFORE), worker(store, "new", MORNING)
    with receiver() as there:
        subscribe(store, there.url, [webhooks.new_secret()], actor="key:k", now=BEFORE)
        first, second = (Reminder(settings, store, name, {}) for name in (old, new))
        at(BEFORE)
        round_of(first)
        assert there.got == []
        at(MORNING)
        round_of(second)
        assert there.got == []
        round_of(first)
        assert len(there.got) == 1
        forget(store, old)
        second._not_before = 0.0
        round_of(second)
        assert len(there.got) == 1  # told already, whoever asks
        record_correction(store, "hyb-8", "丙公司", dt.date(2026, 11, 11), 5, actor="user:li", now=MORNING)
        second._not_before = 0.0
        round_of(second)
        assert len(there.got) == 1  # today is done
        at(MORNING + dt.timedelta(days=1))
        round_of(second)
        assert len(there.got) == 2


def test_who_could_not_be_reached_is_tried_again_later_the_same_day(
    store: Store, settings: Settings, at: Callable[[dt.datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    record_correction(store, "hyb-7", "乙公司", dt.date(2026, 11, 10), 5, actor="user:li", now=BEFORE)
    monkeypatch.setattr(reminding, "_AGAIN_SECONDS", 0.3)
    at(MORNING)
    with receiver(answers=(500, 204)) as there:
        subscribe(store, there.url, [webhooks.new_secret()], actor="key:k", now=BEFORE)
        reminder = Reminder(settings, store, worker(store, "one", BEFORE), {})
        round_of(reminder)
        reminder.tick()
        assert len(there.got) == 1
        time.sleep(0.35)
        round_of(reminder)
        assert len(there.got) == 2
        time.sleep(0.35)
        round_of(reminder)
        assert len(there.got) == 2
