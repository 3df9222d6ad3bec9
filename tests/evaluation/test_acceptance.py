"""The measure of acceptance: what counts as missed and as false, and when it is reached."""

from typing import Any

import pytest

from tests.evaluation.acceptance import Figures


def case(clean: int, false: int = 0, **checks: tuple[int, int, int]) -> dict[str, Any]:
    """An evaluation of one case; of each check how often it was expected, found, and fired."""
    return {
        "pages": 9,
        "checks": {
            "clean_cases": clean,
            "false_mismatches": {"AD-01": false} if false else {},
            "by_check": {
                name: {"expected": expected, "found": found, "fired": fired}
                for name, (expected, found, fired) in checks.items()
            },
        },
    }


def test_counting() -> None:
    figures = Figures()
    figures.add("1", case(0, ID=(1, 1, 1), SC=(1, 0, 0), CP=(0, 0, 1)))
    figures.add("2", case(1, false=2))
    assert (figures.cases, figures.clean, figures.pages) == (2, 1, 18)
    assert (figures.seeded, figures.found, figures.missed) == (2, 1, ["1 SC"])
    assert (figures.recall, figures.false_per_clean_case) == (0.5, 2.0)
    assert dict(figures.fired_beside) == {"CP": 1}


@pytest.mark.parametrize(
    ("found", "false", "digital", "scanned"), [(100, 0, True, True), (99, 5, False, True), (98, 0, False, False)]
)
def test_what_is_to_be_reached(found: int, false: int, digital: bool, scanned: bool) -> None:
    figures = Figures()
    for seed in range(100):
        figures.add(str(seed), case(0, ID=(1, int(seed < found), int(seed < found))))
        figures.add(str(seed), case(1, false=int(seed < false)))
    assert (figures.reaches(digital=True), figures.reaches(digital=False)) == (digital, scanned)


def test_nothing_counted_is_not_reached() -> None:
    assert not Figures().reaches(digital=True)
