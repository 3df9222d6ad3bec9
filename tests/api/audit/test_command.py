"""The command: what it refuses, and that an audit goes on only as it was begun."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from tests.api.audit.given import listed
from tests.cases import CASES


@pytest.fixture
def run(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Runs `zhengshen audit` on a list with one certificate and ends it as Ctrl-C does, before any item is done."""
    monkeypatch.setenv("ZHENGSHEN_DATA", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    shutil.copy(migrated, tmp_path / "data" / "zhengshen.db")
    listed(tmp_path / "papers", 1)

    def stop(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("api.audit.feeding.Feed.run", stop)

    def call(*more: str, as_of: str = "2026-11-01") -> Result:
        given = ("--output", str(tmp_path / "out"), "--workers", "0", "--as-of", as_of)
        return CliRunner().invoke(main, ["audit", str(tmp_path / "papers" / "清单.csv"), *given, *more])

    return call


def test_an_audit_that_was_cut_off_goes_on_only_when_told(run) -> None:  # type: ignore[no-untyped-def]
    cut_off = run()
    assert cut_off.exit_code == 130
    assert "--resume" in cut_off.stderr
    refused = run()
    assert refused.exit_code == 2
    assert "--resume" in refused.stderr
    assert run("--resume").exit_code == 130


def test_resuming_what_never_began_begins_it(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert run("--resume").exit_code == 130
    assert (tmp_path / "out" / "audit.json").exists()


@pytest.mark.parametrize("changed", ["list", "day", "registry", "database"])
def test_what_has_changed_since_is_not_gone_on_with(run, changed: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    run()
    more, day, said = ["--resume"], "2026-11-01", ""
    if changed == "list":
        listed(tmp_path / "papers", 2)
        said = "清单已改变"
    elif changed == "day":
        day, said = "2026-11-02", "审查日"
    elif changed == "registry":
        more += ["--registry", str(CASES / "demo_mixed" / "registry")]
        said = "快照已改变"
    else:
        (tmp_path / "data" / "zhengshen.db").unlink()
        said = "数据库中没有它"
    refused = run(*more, as_of=day)
    assert refused.exit_code == 2
    assert said in refused.stderr


def test_a_list_or_registry_that_cannot_be_used_ends_it_before_anything_is_done(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    bad = tmp_path / "registry"
    bad.mkdir()
    (bad / "registry.toml").write_text('[cma]\nfile = "cma.csv"\nas_of = 2026-10-31\n')
    (bad / "cma.csv").write_text("a,b\n1,2\n")
    refused = run("--registry", str(bad))
    assert refused.exit_code == 2
    assert "cma.csv" in refused.stderr
    (tmp_path / "papers" / "清单.csv").unlink()
    assert run().exit_code == 2
