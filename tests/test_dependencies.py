"""No pinned dependency is older than the first version without its known weaknesses."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = tomllib.loads((ROOT / "tests" / "dependency_floors.toml").read_text("utf-8"))
PINNED = dict(re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;]+)", (ROOT / "constraints.txt").read_text("utf-8")))


def _name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _parts(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_pinned_and_installed_versions_are_beyond_their_floors(name: str) -> None:
    floor = FLOORS[name]
    assert floor["source"].startswith("https://")
    found = [pin for pinned, pin in PINNED.items() if _name(pinned) == name]
    try:
        found.append(version(name))
    except PackageNotFoundError:
        assert found, "not used any more: take it off the list"
    assert all(_parts(one) >= _parts(floor["at_least"]) for one in found), (found, floor["why"])


def test_the_comparison_sees_an_older_version() -> None:
    assert _parts("0.0.9") < _parts("0.0.18") < _parts("0.1")
