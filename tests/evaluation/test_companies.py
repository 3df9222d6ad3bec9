"""A sample of real companies: however people write one it is the same, and its nearest neighbours are others."""

import random

import pytest

from matchers.addresses import compare_addresses
from tests.evaluation import companies
from tests.evaluation.companies import REGISTRY, addresses_result, full_width, names_result, rewritten

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not REGISTRY.is_dir(), reason="the registry is not beside the project"),
]
SAMPLE = 250


def test_a_company_is_itself_and_no_neighbour() -> None:
    everyone = companies.companies()
    assert len(everyone) > 4500
    sample = random.Random(7).sample(everyone, SAMPLE)
    for result in (names_result(sample, everyone), addresses_result(sample, everyone)):
        assert result.rewritten.total() > 3 * SAMPLE
        assert result.neighbours > SAMPLE
        assert result.missed == []
        assert result.taken_for_one == []


def test_the_measure_can_fail() -> None:
    everyone = companies.companies()[:50]
    names = [company.name for company in everyone]
    wrong = rewritten(
        [f"{name}1号" for name in names], lambda _, other: compare_addresses("某路1号", other), [full_width]
    )
    assert len(wrong.missed) == len(names)
