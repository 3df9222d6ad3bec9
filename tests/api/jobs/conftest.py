"""A service with one worker on SQLite and one on PostgreSQL, shared by the tests that leave it as it was; and empty ones for the others."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.api.jobs.service import Service, service, until
from tests.postgres import Postgres

BACKENDS = ("sqlite", "postgresql")


@pytest.fixture(scope="module", params=BACKENDS)
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """With a worker that is ready."""
    postgres: Postgres | None = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with service(tmp_path_factory.mktemp("service"), postgres.create() if postgres else "") as here:
        here.start("worker")
        until(lambda: "is ready with" in here.said(), 60, here)
        yield here


@pytest.fixture(params=BACKENDS)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Makes a service without any process; the keywords are variables of its environment."""
    postgres: Postgres | None = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with ExitStack() as stack:
        yield lambda **environment: stack.enter_context(
            service(tmp_path / "data", postgres.create() if postgres else "", **environment)
        )
