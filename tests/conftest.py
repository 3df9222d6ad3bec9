"""What all tests share: the option that writes golden reports anew, and the sample cases, each reviewed once."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import hypothesis
import pytest

from tests.cases import Reviewed, reviewed
from tests.postgres import postgres

__all__ = ["postgres"]

hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write samples/cases/*/report.json anew")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-golden") and os.environ.get("CI"):
        raise pytest.UsageError("golden reports are never written in CI")


@pytest.fixture(scope="session")
def review_of() -> Callable[[Path], Reviewed]:
    """Reviews a sample case; each only once in a session, for reading scans takes seconds."""
    return cache(reviewed)
