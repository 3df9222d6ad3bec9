"""Pages that are not tried again: for good after a crash, for a day after a time-out, by this version of the code only."""

import datetime as dt
import json
from pathlib import Path

from click.testing import CliRunner

from api import clock
from api.cli import main
from api.settings import Settings
from api.store import Store, open_store
from api.store.quarantine import FORGIVEN_AFTER, lift, pages_set_aside, quarantined, set_aside
from tests.api.store.given import NOW

FILE, OTHER = "a" * 64, "b" * 64


def test_pages_are_set_aside_for_one_version(store: Store) -> None:
    for page, cause in ((3, "crash"), (3, "memory"), (4, "timeout"), (0, "opening")):
        set_aside(store, FILE, page, cause, "1.0", NOW)
    assert pages_set_aside(store, FILE, "1.0", NOW) == {0, 3, 4}
    assert pages_set_aside(store, OTHER, "1.0", NOW) == set()
    assert pages_set_aside(store, FILE, "1.1", NOW) == set()
    assert [one.cause for one in quarantined(store, NOW) if one.page == 3] == ["crash"], "what came first stands"
    set_aside(store, OTHER, 1, "crash", "1.1", NOW)
    assert [(one.sha256, one.page) for one in quarantined(store, NOW)] == [(OTHER, 1)]


def test_what_took_too_long_is_tried_again_the_next_day(store: Store) -> None:
    set_aside(store, FILE, 1, "timeout", "1.0", NOW)
    set_aside(store, FILE, 2, "crash", "1.0", NOW)
    assert pages_set_aside(store, FILE, "1.0", NOW + FORGIVEN_AFTER - dt.timedelta(seconds=1)) == {1, 2}
    assert pages_set_aside(store, FILE, "1.0", NOW + FORGIVEN_AFTER) == {2}


def test_it_can_be_lifted(store: Store) -> None:
    set_aside(store, FILE, 1, "crash", "1.0", NOW)
    set_aside(store, OTHER, 1, "crash", "1.0", NOW)
    assert (lift(store, FILE), lift(store, FILE)) == (1, 0)
    assert [one.sha256 for one in quarantined(store, NOW)] == [OTHER]


def test_the_command_lists_and_lifts(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    opened = open_store(settings)
    set_aside(opened, FILE, 3, "crash", "1.0", clock.now())
    opened.close()
    there = {"ZHENGSHEN_DATA": str(tmp_path)}
    listed = CliRunner().invoke(main, ["quarantine", "--json"], env=there)
    (one,) = json.loads(listed.output)
    assert (one["sha256"], one["page"], one["cause"]) == (FILE, 3, "crash")
    assert FILE in CliRunner().invoke(main, ["quarantine"], env=there).output
    assert "1 lifted" in CliRunner().invoke(main, ["quarantine", "--lift", FILE], env=there).output
    assert json.loads(CliRunner().invoke(main, ["quarantine", "--json"], env=there).output) == []
