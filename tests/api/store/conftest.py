"""An empty store, once on SQLite and once on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.store import Store, open_store
from tests.api.store.given import Where
from tests.postgres import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def nowhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Where]:
    """A database without any schema."""
    if request.param == "sqlite":
        yield Where(f"sqlite:///{tmp_path}/zhengshen.db", str(tmp_path / "blobs"))
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create()
    yield Where(url, str(tmp_path / "blobs"))
    server.drop(url)


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
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Where]:
    """A database with the newest schema and no rows."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "zhengshen.db")
        yield Where(f"sqlite:///{tmp_path}/zhengshen.db", str(tmp_path / "blobs"))
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create(request.getfixturevalue("migrated_database"))
    yield Where(url, str(tmp_path / "blobs"))
    server.drop(url)


@pytest.fixture
def store(where: Where) -> Iterator[Store]:
    opened = open_store(where)
    yield opened
    opened.close()
