"""The invented cases: valid codes, one story told everywhere, the same case for the same seed."""

import random

import pytest

from samples.generate.catalogue import citation_of, objects, standards
from samples.generate.codes import break_credit_code, credit_check_character, credit_code, organisation_check_character
from samples.generate.entities import KINDS
from samples.generate.facts import MethodStyle, method_text
from samples.generate.invent import invent
from samples.generate.numerals import capital_in_words
from samples.generate.plan import Plan

SEEDS = range(40)


@pytest.mark.parametrize(
    "code", ["9144030071526726XG", "914403001922038216", "91350100M000100Y43", "12460000428200003X"]
)
def test_check_character_of_published_codes(code: str) -> None:
    assert credit_check_character(code[:17]) == code[17]


def test_codes_pass_both_check_digits() -> None:
    for seed in SEEDS:
        code = invent(seed).licence.code
        assert credit_check_character(code[:17]) == code[17]
        assert organisation_check_character(code[8:16]) == code[16]
        assert code[2:4] == "46"


def test_a_broken_code_fails() -> None:
    rng = random.Random(1)
    for _ in range(50):
        code = break_credit_code(credit_code(rng, "91", "460000"), rng)
        assert credit_check_character(code[:17]) != code[17]


def test_equal_seeds_give_equal_cases() -> None:
    for seed in SEEDS:
        assert invent(seed) == invent(seed)
    assert invent(1) != invent(2)


@pytest.mark.parametrize("entity", sorted(KINDS))
def test_papers_of_a_clean_case_agree(entity: str) -> None:
    for seed in range(6):
        case = invent(seed, Plan(entity=entity, sites=1 + seed % 3, english=True))
        assert case.certificate
        assert case.application
        assert case.certificate.registration_number == case.annex.registration_number == case.application.cnas_number
        assert case.application.code == case.licence.code
        assert set(case.application.rows) <= set(case.annex.rows)
        assert {s.name for s in case.application.signatories} <= {s.name for s in case.annex.signatories}
        assert case.annex.effective_on <= case.as_of <= case.annex.expires_on
        own = next(e for e in case.world.enterprises if e.code == case.licence.code)
        assert (own.name, own.address, own.person) == (case.licence.name, case.licence.address, case.licence.person)
        chinese = [row.keys() for row in case.annex.rows if row.section == "testing"]
        assert [row.keys() for row in case.annex.english_rows] == chinese


def test_every_claimed_standard_is_in_the_library() -> None:
    for seed in SEEDS:
        case = invent(seed)
        listed = {line.code for line in case.world.library if not line.remark}
        assert case.application
        assert all(c.standard.code in listed for row in case.application.rows for c in row.citations)


def test_catalogue_is_large_and_consistent() -> None:
    assert len(standards()) >= 150
    assert sum(len(thing.parameters) for thing in objects()) >= 800
    citation = citation_of("GB 5009.17-2021 第一篇 第一法 @只用第一法")
    assert (citation.standard.key, citation.clause, citation.limitation) == (
        "GB 5009.17-2021",
        "第一篇 第一法",
        "只用第一法",
    )


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        (10000000, "壹仟万元整"),
        (10500000, "壹仟零伍拾万元整"),
        (120000000, "壹亿贰仟万元整"),
        (1050, "壹仟零伍拾元整"),
        (2008000, "贰佰万捌仟元整"),
    ],
)
def test_capital_in_words(yuan: int, words: str) -> None:
    from decimal import Decimal

    assert capital_in_words(Decimal(yuan)) == words


def test_tight_methods_keep_latin_words_apart_from_codes() -> None:
    tight = MethodStyle(tight=True)
    assert method_text(citation_of("GB 5009.4-2016 第一法"), tight).endswith("灰分的测定GB5009.4-2016 第一法")
    assert method_text(citation_of("ISO 105-X12:2016"), tight).endswith("rubbing ISO105-X12:2016")
