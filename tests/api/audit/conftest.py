"""An empty store on SQLite."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.store import Store, open_store
from tests.api.store.given import Where


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated")
    opened = open_store(Where(f"sqlite:///{folder}/zhengshen.db", str(folder)))
    opened.database.compact()
    opened.close()
    return folder / "zhengshen.db"


@pytest.fixture
def store(migrated: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(migrated, tmp_path / "zhengshen.db")
    opened = open_store(Where(f"sqlite:///{tmp_path}/zhengshen.db", str(tmp_path / "blobs")))
    yield opened
    opened.close()
