"""Brings the database to the newest schema when a process starts, one process at a time."""

import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store.database import Database
from api.store.errors import SchemaUnknown

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

SCRIPTS = Path(__file__).parent / "migrations"

_LOCK = 0x5A53_4D47  # advisory lock of PostgreSQL: who holds it migrates
_IN_THIS_PROCESS = threading.Lock()  # Alembic's `op` is one for the whole process


def migrate(database: Database, revision: str = "head", scripts: Path = SCRIPTS) -> None:
    """Upgrade to a revision, in one transaction; others wait until it is done and then find nothing to do. SchemaUnknown."""
    if revision == "head" and database.read(current_revision) == newest_revision(scripts):
        return
    with _IN_THIS_PROCESS:
        database.write(lambda connection: _upgrade(connection, revision, _directory(scripts)))


def current_revision(connection: Connection) -> str | None:
    """The revision of the schema; None where the database is empty."""
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


@cache
def newest_revision(scripts: Path = SCRIPTS) -> str:
    """The revision that this code works with."""
    return str(_directory(scripts).get_current_head())


def _upgrade(connection: Connection, revision: str, scripts: "ScriptDirectory") -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL lock_timeout = 0"))  # a long migration elsewhere is waited for
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    known = {script.revision for script in scripts.walk_revisions()}
    if not {current_revision(connection) or "", revision} <= known | {"", "head"}:
        raise SchemaUnknown
    with EnvironmentContext(
        Config(),
        scripts,
        fn=lambda now, _: scripts._upgrade_revs(revision, now),
    ) as environment:
        environment.configure(connection=connection, transactional_ddl=True, transaction_per_migration=False)
        environment.run_migrations()


def _directory(scripts: Path) -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(scripts))
