"""The short form of the chaos benchmark: a few kills while a few reviews come in; nothing is lost, doubled or wrong."""

from pathlib import Path

import pytest

from tests.benchmarks import chaos
from tests.postgres import Postgres


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_kills_at_random_lose_nothing(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    postgres: Postgres | None = request.getfixturevalue("postgres") if database == "postgresql" else None
    outcome = chaos.run(tmp_path, 6, seed=3, postgres=postgres, pause=3, patience=60)
    assert outcome.accepted == outcome.done == 6
    assert (outcome.lost, outcome.doubled, outcome.wrong) == (0, 0, 0)
    assert outcome.kills, "nobody was killed"
    assert outcome.log_whole
