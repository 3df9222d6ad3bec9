"""An empty store, once on SQLite and once on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.store import Store, open_store
from tests.api.store.given import Where
from tests.postgres import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def nowhere(request: pytest.FixtureRequest, tmp_path: Path) -> Where:
    """A database without any schema."""
    if request.param == "sqlite":
        return Where(f"sqlite:///{tmp_path}/zhengshen.db", str(tmp_path / "blobs"))
    server: Postgres = request.getfixturevalue("postgres")
    return Where(server.create(), str(tmp_path / "blobs"))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated")
    opened = open_store(Where(f"sqlite:///{folder}/zhengshen.db", str(folder)))
    opened.database.compact()
    opened.close()
    return folder / "zhengshen.db"


@pytest.fixture(scope="session")
def migrated_database(postgres: Postgres) -> str:
    url = postgres.create()
    open_store(Where(url, "memory://unused")).close()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Where:
    """A database with the newest schema and no rows."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "zhengshen.db")
        return Where(f"sqlite:///{tmp_path}/zhengshen.db", str(tmp_path / "blobs"))
    server: Postgres = request.getfixturevalue("postgres")
    return Where(server.create(request.getfixturevalue("migrated_database")), str(tmp_path / "blobs"))


@pytest.fixture
def store(where: Where) -> Iterator[Store]:
    opened = open_store(where)
    yield opened
    opened.close()
