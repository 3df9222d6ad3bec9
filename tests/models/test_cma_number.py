"""CMA certificate numbers: both forms, their parts, Hainan's, and search in running text."""

import doctest
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.codes import InvalidCode, InvalidComponent, InvalidFormat, InvalidLength, cma_number

HAINAN = re.compile(r"\d{2}21(0\d|1\d|2[01])([0-2]\d|3[0-4])\d{4}")


def test_parts_of_both_forms() -> None:
    national = cma_number.Parts(2023, "国家认监委", "综合", "其他", 9767, None)
    assert cma_number.parts("230020349767") == national
    assert cma_number.parts("2013 190124 z") == cma_number.Parts(2013, "广东", None, None, 124, "Z")
    assert cma_number.format("２３２１ 1205 0001") == "232112050001"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("23211205001", InvalidFormat),
        ("2321120500011", InvalidLength),
        ("", InvalidLength),
        ("23211205000A", InvalidFormat),
        ("233212050001", InvalidComponent),
        ("232122050001", InvalidComponent),
        ("232112350001", InvalidComponent),
        ("232112050000", InvalidComponent),
        ("2013990124Z", InvalidComponent),
    ],
)
def test_each_error_has_its_name(text: str, error: type[InvalidCode]) -> None:
    with pytest.raises(error):
        cma_number.validate(text)
    assert not cma_number.is_valid(text)
    assert not cma_number.is_hainan(text)


@given(st.from_regex(r"\A[0-9]{2}2[0-2][0-2][0-9][0-3][0-9]{5}\Z"))
def test_hainan_is_what_the_rule_says(number: str) -> None:
    expected = HAINAN.fullmatch(number) is not None and number[8:] != "0000"
    assert cma_number.is_hainan(number) is expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("证书编号：232112050001 名称：甲", "232112050001"),
        ("证书编号：2 3 2 1 1 2 0 5 0 0 0 1", "232112050001"),
        ("编号 2013190124Z。", "2013190124Z"),
        ("91460000MA5TE5T076", None),
        ("电话 139123456789012", None),
        ("999999999999 232112050001", "232112050001"),
        ("", None),
    ],
)
def test_numbers_in_running_text(text: str, number: str | None) -> None:
    assert cma_number.find(text) == number


def test_the_examples_in_the_docstring_hold() -> None:
    assert doctest.testmod(cma_number).failed == 0
