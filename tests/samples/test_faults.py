"""Faults: each changes its case, always in the same way, and declares checks that exist."""

import importlib
import re
from collections import Counter

import pytest

from samples.generate.cases import RECIPES, made
from samples.generate.faults import FAULTS, Fault
from samples.generate.invent import invent
from samples.generate.near_misses import NEAR_MISSES
from samples.generate.plan import Plan

ALL = [*FAULTS.values(), *NEAR_MISSES.values()]
BY_PLAN = {
    "unit_of_the_legal_entity",
    "extension_of_a_held_certificate",
    "individual_business",
    "partnership",
    "authorised_unit",
    "english_certificate_beside",
    "certificate_of_an_institution",
    "english_section_behind",
    "calibration_not_claimed",
}
"""Those whose plan alone makes the difference."""


def known_ids() -> set[str]:
    return {check.id for check in importlib.import_module("matchers.checks").CHECKS}


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_changes_the_case_and_does_so_every_time(fault: Fault) -> None:
    for seed in range(5):
        clean = invent(seed, fault.planned(Plan()))
        assert fault.apply(clean) == fault.apply(clean)
        assert (fault.apply(clean) != clean) == (fault.name not in BY_PLAN)


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_declared_checks_are_known(fault: Fault) -> None:
    assert fault.checks
    assert fault.title.endswith(".")
    assert all(re.fullmatch(r"[A-Z]{2}-\d\d", check) for check in (*fault.checks, *fault.also))
    assert set(fault.checks) <= known_ids()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda fault: fault.name)
def test_a_fault_parts_the_languages_only_where_it_says_so(fault: Fault) -> None:
    for seed in range(2):
        annex = fault.apply(invent(seed, fault.planned(Plan(english=True)))).annex
        chinese, english = (
            Counter(cited.standard.code for row in rows if row.section == "testing" for cited in row.citations)
            for rows in (annex.rows, annex.english_rows)
        )
        assert not english or chinese == english or "CC-03" in (*fault.checks, *fault.also)


def test_no_name_is_used_twice() -> None:
    assert not FAULTS.keys() & NEAR_MISSES.keys()


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_recipes_can_be_made(recipe: object) -> None:
    case, faults = made(recipe)  # type: ignore[arg-type]
    assert [fault.name for fault in faults] == list(recipe.faults)  # type: ignore[attr-defined]
    assert case.application
    assert case.application.rows
