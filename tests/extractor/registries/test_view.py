"""A registry that is a view of somebody's database: SQLite and a real PostgreSQL, read only, away, slow and changed."""

import datetime as dt
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from extractor.registries import open_snapshots
from models.records import Registries
from tests.extractor.registries.test_snapshots import form
from tests.postgres import Postgres

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
TABLE = """
CREATE TABLE enterprise (code TEXT, name TEXT, state TEXT, founded DATE, changed DATE);
INSERT INTO enterprise VALUES
    ('91460100MAA9ABC12W', '海口椰风检测技术有限公司', '存续', '2019-03-14', '2026-11-20'),
    ('91460000MA5TE5T076', '海南蓝湾质检（集团）有限公司', '注销', '2015-01-01', '2026-11-19');
CREATE VIEW "v 企业 100%" AS SELECT code, name, state AS "登记状态", founded AS "成立日期", changed FROM enterprise;
"""
ENTRY = """
[enterprises]
view = "v 企业 100%"
database = "ENTERPRISES"
ask = {uscc = "code", name = "name"}
as_of = "changed"
timeout_seconds = 1
deadline_seconds = 4
tries = 2
[enterprises.columns]
code = "unified_social_credit_code"
"""

Ask = Callable[..., tuple[Registries, tuple[str, ...]]]


class Database:
    """A database of the registry's own, where statements can be run."""

    def __init__(self, url: str, run: Callable[[str], None]) -> None:
        self.url, self.run = url, run


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        path = tmp_path / "theirs.db"

        def run(statements: str) -> None:
            with closing(sqlite3.connect(path)) as connection:
                connection.executescript(statements)

        run(TABLE)
        yield Database(f"sqlite:///{path}", run)
        return
    import psycopg

    server: Postgres = request.getfixturevalue("postgres")
    url = server.create()

    def execute(statements: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute(statements)

    execute(TABLE)
    yield Database(url, execute)
    server.drop(url)


@pytest.fixture
def ask(database: Database, tmp_path: Path) -> Ask:
    def asking(
        name: str = "海口椰风检测技术有限公司",
        code: str = "91460100MAA9ABC12W",
        entry: str = ENTRY,
        url: str = database.url,
    ) -> tuple[Registries, tuple[str, ...]]:
        (tmp_path / "registry.toml").write_text(entry, "utf-8")
        snapshots = open_snapshots(tmp_path, {"ENTERPRISES": url}, clock=lambda: NOW)
        answers = snapshots.answer([form(name, code)], NOW.date())
        return answers, tuple(problem.code for problem in snapshots.problems())

    return asking


def test_it_answers_what_the_papers_name(ask: Ask) -> None:
    answers, problems = ask()
    (record,) = answers.enterprises.records
    assert (record.name, record.status_text, record.established_on) == (
        "海口椰风检测技术有限公司",
        "存续",
        dt.date(2019, 3, 14),
    )
    snapshot = answers.enterprises.snapshot
    assert snapshot is not None
    assert (snapshot.as_of, snapshot.url) == ("2026-11-20", "view:v 企业 100%")
    assert problems == ()
    assert [r.name for r in ask("海南蓝湾质检(集团)有限公司", "")[0].enterprises.records] == [
        "海南蓝湾质检（集团）有限公司"
    ]
    nobody, problems = ask("没有的公司", "")
    assert (nobody.enterprises.records, nobody.enterprises.available, problems) == ((), True, ())


def test_values_are_never_sql(ask: Ask) -> None:
    answers, _ = ask("'; DROP TABLE enterprise; --", "")
    assert answers.enterprises.available
    assert ask()[0].enterprises.records


def test_without_keys_to_ask_by_all_is_read(ask: Ask) -> None:
    entry = ENTRY.replace('ask = {uscc = "code", name = "name"}\n', "")
    assert len(ask(entry=entry)[0].enterprises.records) == 1


@pytest.mark.parametrize(
    "change",
    [
        'DROP VIEW "v 企业 100%"',
        'DROP VIEW "v 企业 100%"; CREATE VIEW "v 企业 100%" AS SELECT code AS c, name, state FROM enterprise',
        'DROP VIEW "v 企业 100%"; CREATE VIEW "v 企业 100%" AS SELECT code, name FROM enterprise',
    ],
    ids=["view", "asked column", "dating column"],
)
def test_a_view_that_has_changed_is_not_answered_from(database: Database, ask: Ask, change: str) -> None:
    database.run(change)
    answers, problems = ask()
    assert not answers.enterprises.available
    assert problems == ("registry_changed",)
    assert "v 企业 100%" in answers.enterprises.unavailable


def test_a_database_that_is_away_is_unavailable(ask: Ask, tmp_path: Path) -> None:
    for url in (f"postgresql://u:hidden@/x?host={tmp_path}", f"sqlite:///{tmp_path}/nowhere.db", "oracle://x"):
        answers, problems = ask(url=url)
        assert not answers.enterprises.available
        assert problems == ("registry_unavailable",)
        assert "hidden" not in answers.enterprises.unavailable


def test_a_view_that_takes_too_long_is_given_up(database: Database, ask: Ask) -> None:
    if database.url.startswith("postgresql"):
        slow = "SELECT e.*, pg_sleep(60)::text FROM enterprise e"
    else:
        slow = (
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) "
            "SELECT e.*, (SELECT max(i) FROM n) FROM enterprise e"
        )
    database.run(f'DROP VIEW "v 企业 100%"; CREATE VIEW "v 企业 100%" AS {slow}')
    started = time.monotonic()
    answers, problems = ask()
    assert time.monotonic() - started < 8
    assert "超时" in answers.enterprises.unavailable
    assert problems == ("registry_unavailable",)


def test_a_view_cannot_make_us_write(database: Database, ask: Ask) -> None:
    if not database.url.startswith("postgresql"):
        pytest.skip("views of SQLite cannot write at all")
    database.run(
        "CREATE TABLE seen (n INT); CREATE FUNCTION note() RETURNS INT LANGUAGE sql AS 'INSERT INTO seen VALUES (1) RETURNING n';"
        'DROP VIEW "v 企业 100%"; CREATE VIEW "v 企业 100%" AS SELECT code, name, changed, note() FROM enterprise'
    )
    answers, _ = ask()
    assert not answers.enterprises.available


def test_it_is_back_when_the_database_is(postgres: Postgres, tmp_path: Path) -> None:
    import psycopg

    url = postgres.create()
    with psycopg.connect(url) as connection:
        connection.execute(TABLE)
    (tmp_path / "registry.toml").write_text(ENTRY, "utf-8")

    def available() -> bool:
        snapshots = open_snapshots(tmp_path, {"ENTERPRISES": url}, clock=lambda: NOW)
        return snapshots.answer([form("x", "91460100MAA9ABC12W")], NOW.date()).enterprises.available

    assert available()
    postgres.stop(signal.SIGINT)
    try:
        assert not available()
    finally:
        postgres.start()
    assert available()
    postgres.drop(url)
