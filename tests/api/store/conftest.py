"""An empty store, once on SQLite and once on PostgreSQL."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.store import Store, open_store
from tests.postgres import Postgres

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Where:
    database_url: str
    store_url: str
    store_key: str | None = None


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Where:
    if request.param == "sqlite":
        return Where(f"sqlite:///{tmp_path}/zhengshen.db", str(tmp_path / "blobs"))
    server: Postgres = request.getfixturevalue("postgres")
    return Where(server.create(), str(tmp_path / "blobs"))


@pytest.fixture
def store(where: Where) -> Iterator[Store]:
    opened = open_store(where)
    yield opened
    opened.close()
