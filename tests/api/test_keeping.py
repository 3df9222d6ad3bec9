"""The commands on keys, the log and what is kept: what they print and how they end."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from api.cli import main
from api.settings import Settings
from api.store import open_store
from api.store.keys import KeyRing
from api.store.schema import LOG
from tests.api.store.given import NOW, given_done

Run = Callable[..., Result]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("ZHENGSHEN_DATA", str(settings.data))
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_a_key_is_made_rotated_and_taken_back(run: Run, settings: Settings) -> None:
    assert "没有密钥" in run("keys", "list").stdout
    made = run("keys", "create", "海易办", "--scope", "submit", "--scope", "read", "--days", "90")
    assert (made.exit_code, made.stdout.startswith("zs_")) == (0, True)
    (key,) = json.loads(run("keys", "list", "--json").stdout)["keys"]
    assert (key["name"], key["scopes"], key["opens"]) == ("海易办", ["read", "submit"], True)
    fresh = json.loads(run("keys", "rotate", key["id"], "--overlap-hours", "0", "--json").stdout)
    store = open_store(settings)
    ring = KeyRing(store)
    from api.clock import now

    assert ring.verify(made.stdout.strip(), now()) is None
    assert ring.verify(fresh["key"], now()) is not None
    assert run("keys", "revoke", fresh["id"]).exit_code == 0
    assert ring.verify(fresh["key"], now()) is None
    store.close()
    assert "失效" in run("keys", "list").stdout
    assert run("keys", "revoke", "nobody").exit_code == 2
    assert run("keys", "create", "x").exit_code == 2


def test_the_log_is_verified_and_listed(run: Run, settings: Settings) -> None:
    run("keys", "create", "k", "--scope", "read")
    verified = run("log", "verify", "--json")
    head = json.loads(verified.stdout)["head"]
    assert (verified.exit_code, head[:2]) == (0, "1:")
    assert run("log", "verify", "--head", head).exit_code == 0
    assert run("log", "verify", "--head", "9:" + "0" * 64).exit_code == 1
    (entry,) = json.loads(run("log", "list", "--json").stdout)["entries"]
    assert (entry["action"], entry["actor"][:4]) == ("key.created", "cli:")
    assert "key.created" in run("log", "list").stdout
    store = open_store(settings)
    store.database.write(lambda connection: connection.exec_driver_sql("DROP TRIGGER log_refuses_update"))
    store.database.write(lambda connection: connection.execute(sa.update(LOG).values(actor="nobody")))
    store.close()
    broken = run("log", "verify")
    assert (broken.exit_code, "第 1 条被改动" in broken.stderr) == (1, True)


def test_a_backup_is_restored_elsewhere(
    run: Run, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(settings)
    given_done(store, now=NOW)
    store.close()
    made = run("backup", tmp_path / "backup", "--json")
    assert (made.exit_code, json.loads(made.stdout)["blobs"]) == (0, 3)
    refused = run("backup", tmp_path / "backup")
    assert (refused.exit_code, "不是空的" in refused.stderr) == (2, True)
    assert run("restore", tmp_path / "backup").exit_code == 2
    monkeypatch.setenv("ZHENGSHEN_DATA", str(tmp_path / "elsewhere"))
    restored = run("restore", tmp_path / "backup")
    assert (restored.exit_code, "3 个文件" in restored.stdout) == (0, True)
    assert run("log", "verify").exit_code == 0
    assert run("restore", tmp_path / "nowhere").exit_code == 2


def test_a_lost_file_is_named(run: Run, settings: Settings, tmp_path: Path) -> None:
    store = open_store(settings)
    lost = given_done(store).files[0].sha256
    store.blobs.delete(lost)
    store.close()
    made = run("backup", tmp_path / "backup")
    assert (made.exit_code, lost in made.stderr) == (1, True)


def test_a_case_is_held_until_the_hold_is_lifted(run: Run, settings: Settings) -> None:
    store = open_store(settings)
    held = given_done(store, now=NOW.replace(year=2020)).id
    store.close()
    assert run("hold", held).exit_code == run("hold", held, "--reason", "x", "--lift").exit_code == 2
    assert run("hold", "rev_0", "--reason", "x").exit_code == 2
    assert run("hold", held, "--reason", "行政复议〔2026〕3号").exit_code == 0
    assert json.loads(run("sweep", "--json").stdout)["reviews"] == 0
    assert run("hold", held, "--lift").exit_code == 0
    assert json.loads(run("sweep", "--json").stdout)["reviews"] == 1


def test_what_is_past_its_retention_is_swept(run: Run, settings: Settings) -> None:
    store = open_store(settings)
    given_done(store, now=NOW.replace(year=2020))
    store.close()
    assert json.loads(run("sweep", "--json").stdout) == {"reviews": 1, "papers": 0, "orphans": 0}
    assert "案件 0 件" in run("sweep").stdout
