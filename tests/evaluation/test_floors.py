"""The fixed small set is read at least as well as it ever was."""

import tomllib
from pathlib import Path

import pytest

from api.tally import Rows, Said, Score, Tally
from samples.generate.draw.fonts import missing_packages
from tests.evaluation.floors import DRAWN, FIGURES, FLOORS, below, of_drawn, raised, written

HELD = tomllib.loads(FLOORS.read_text("utf-8"))


@pytest.mark.slow
@pytest.mark.skipif(bool(missing_packages()), reason="drawing needs fonts")
@pytest.mark.parametrize("level", DRAWN)
def test_drawn_dirt_is_read_as_well_as_before(level: str, tmp_path: Path) -> None:
    tally = of_drawn(level, tmp_path)
    assert not below(HELD, level, tally), [str(mistake) for mistake in tally.mistakes]


def test_floors_only_rise() -> None:
    tally = Tally(fields=Score(99, 100), rows=Rows(50, 50, 50, Score(500, 500), 500, 500))
    tally.said = [Said("field", "name", "ocr", "light", 0.995, right) for right in (True, True, True, False)]
    first = raised({}, {"light": tally})
    assert first["light"] == {"fields": 0.98, "rows": 0.98, "cells": 0.999, "sure": 0.5, "honest": 0.5}
    higher = {"light": dict.fromkeys(FIGURES, 0.99)}
    assert raised(higher, {"light": tally})["light"] == {**higher["light"], "cells": 0.999}
    assert tomllib.loads(written(first)) == first


def test_every_group_has_every_floor() -> None:
    assert set(HELD) == {*DRAWN, "kept"}
    assert all(set(floors) == set(FIGURES) and all(0 < f <= 1 for f in floors.values()) for floors in HELD.values())
