"""The short form of the chaos benchmark: a few kills while a few reviews come in; nothing is lost, doubled or wrong."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.benchmarks import chaos
from tests.postgres import Postgres


@pytest.mark.slow
def test_kills_at_random_lose_nothing(postgres: Postgres, tmp_path: Path) -> None:
    """On both databases at once, for most of it is waiting for processes to come back."""

    def run(database: Postgres | None) -> chaos.Outcome:
        folder = tmp_path / ("postgresql" if database else "sqlite")
        return chaos.run(folder, 5, seed=3, postgres=database, pause=2, patience=90, rounds=1)

    with ThreadPoolExecutor() as threads:
        outcomes = list(threads.map(run, [None, postgres]))
    for outcome, victims in zip(outcomes, ({"http", "worker"}, {"http", "worker", "database"}), strict=True):
        assert outcome.accepted == outcome.done >= 5
        assert (outcome.lost, outcome.doubled, outcome.wrong) == (0, 0, 0), outcome.why
        assert outcome.kills.keys() == victims
        assert outcome.log_whole
