"""The schema: made on an empty database, upgraded with its rows, by one process at a time, the same on both databases."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from api.store import Store, log, open_store, reviews
from api.store.database import connect
from api.store.errors import SchemaUnknown, StoreUnavailable
from api.store.migrate import SCRIPTS, current_revision, migrate, newest_revision
from api.store.opened import Places
from api.store.schema import METADATA
from tests.api.store.given import NOW, Where, given_done

OPEN = """
import sys
from api.store import open_store
from tests.api.store.given import NOW, Where
store = open_store(Where(sys.argv[1], sys.argv[2]))
store.keep("rev_1", [sys.argv[3].encode()], NOW)
store.close()
"""
NEXT = '''"""A step of the schema as one will come."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "next", "{head}"


def upgrade() -> None:
    op.add_column("reviews", sa.Column("handler", sa.Text))
    op.get_bind().execute(sa.text("UPDATE reviews SET handler = 'user:li'"))
    {more}
'''


def scripts_with_next(folder: Path, more: str = "") -> Path:
    scripts = folder / "migrations"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "next.py").write_text(NEXT.format(head=newest_revision(), more=more))
    return scripts


def test_an_empty_database_gets_the_schema_that_the_code_means(nowhere: Where) -> None:
    store = open_store(nowhere)
    differences = store.database.read(
        lambda connection: compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), METADATA
        )
    )
    assert differences == []
    assert store.database.read(current_revision) == newest_revision()
    given_done(store)
    store.close()


def test_a_first_database_with_rows_is_upgraded(nowhere: Where) -> None:
    database = connect(nowhere.database_url)
    migrate(database, "0001")
    moment = NOW if not database.is_sqlite else NOW.replace(tzinfo=None)
    review = {
        "id": "rev_1",
        "version": 1,
        "state": "queued",
        "created_at": moment,
        "updated_at": moment,
        "as_of": NOW.date(),
        "purpose": "application",
        **dict.fromkeys(("pages_done", "pages_total", "blocking", "major", "minor"), 0),
        **dict.fromkeys(
            ("progress_note", "name", "unified_social_credit_code", "registration_number", "certificate_number"), ""
        ),
    }
    first = sa.MetaData()

    def fill(connection: sa.Connection) -> None:
        first.reflect(connection, only=["reviews"])
        connection.execute(sa.insert(first.tables["reviews"]).values(**review))

    database.write(fill)
    database.engine.dispose()
    store = open_store(nowhere)
    assert reviews.get_review(store, "rev_1").created_at == NOW
    assert reviews.start_reading(store, "rev_1", 1, NOW)
    store.close()


def test_the_next_step_keeps_what_is_there(store: Store, tmp_path: Path) -> None:
    done = given_done(store)
    migrate(store.database, scripts=scripts_with_next(tmp_path))
    migrate(store.database, scripts=tmp_path / "migrations")  # nothing left to do
    handlers = store.database.read(lambda c: c.exec_driver_sql("SELECT handler FROM reviews").scalars().all())
    assert handlers == ["user:li"]
    assert (
        reviews.get_review(store, done.id) == done
    )  # code of the former edition reads on while the new one is rolled out
    assert log.verify(store).ok
    assert store.blobs.get(done.files[0].sha256)


def test_a_step_that_fails_changes_nothing(store: Store, tmp_path: Path) -> None:
    done = given_done(store)
    with pytest.raises(ZeroDivisionError):
        migrate(store.database, scripts=scripts_with_next(tmp_path, "1 / 0"))
    assert store.database.read(current_revision) == newest_revision()
    assert reviews.get_review(store, done.id) == done


def test_a_database_of_a_newer_program_is_left_alone(store: Store, where: Places, tmp_path: Path) -> None:
    migrate(store.database, scripts=scripts_with_next(tmp_path))
    with pytest.raises(SchemaUnknown, match="升级程序"):
        open_store(where)


def test_processes_that_start_at_once_migrate_once(nowhere: Where) -> None:
    command = [sys.executable, "-c", OPEN, nowhere.database_url, nowhere.store_url]
    started = [subprocess.Popen([*command, str(n)], stderr=subprocess.PIPE, text=True) for n in range(3)]
    assert [(process.communicate(timeout=120)[1], process.returncode) for process in started] == [("", 0)] * 3
    store = open_store(nowhere)
    assert len(list(store.blobs.names())) == 3
    store.close()


def test_a_database_that_cannot_be_reached_is_said_to_be_away(tmp_path: Path) -> None:
    for url in (f"postgresql://postgres@/x?host={tmp_path}", f"sqlite:///{tmp_path}/file/x.db"):
        (tmp_path / "file").write_text("in the way of a folder")
        with pytest.raises(StoreUnavailable, match="稍后重试"):
            open_store(Where(url, str(tmp_path)))
