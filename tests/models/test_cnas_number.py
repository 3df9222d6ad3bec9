"""CNAS registration numbers: canonical form, search in running text, plausible readings."""

import doctest
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.codes import InvalidComponent, InvalidFormat, cnas_number

EXCERPTS = Path(__file__).parents[3] / "shared" / "corpus" / "annex_text"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("CNAS L0867", "CNAS L0867"),
        ("No.CNAS L0867", "CNAS L0867"),
        ("No. CNAS L3068", "CNAS L3068"),
        ("注册号：L1856", "CNAS L1856"),
        ("注册号：CNAS L1234", "CNAS L1234"),
        ("Registration No. CNAS L1234", "CNAS L1234"),
        ("ＣＮＡＳ　Ｌ１７４６８", "CNAS L17468"),
        ("l290", "CNAS L0290"),
        ("CNAS IB0123", "CNAS IB0123"),
        ("CNAS C001-M", "CNAS C001-M"),
        ("L00867", "CNAS L0867"),
    ],
)
def test_canonical_form(text: str, number: str) -> None:
    assert cnas_number.validate(text) == cnas_number.format(text) == number
    assert cnas_number.validate(number) == number


@given(st.sampled_from(["L", "IB", "MT", "PT", "RM", "BL", "TB", "GLP"]), st.integers(1, 99999))
def test_every_number_is_its_own_canonical_form(kind: str, number: int) -> None:
    text = f"CNAS {kind}{number:04d}"
    assert cnas_number.validate(text) == text
    assert cnas_number.kind_of(text) == kind
    assert cnas_number.find(f"证书号 No.{text} 第 1 页") == text


@pytest.mark.parametrize("text", ["", "CNAS", "10867", "L", "L123456", "CNAS-CL01:2018", "L0000"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(InvalidFormat):
        cnas_number.validate(text)
    assert not cnas_number.is_valid(text)


def test_unknown_letters_are_a_wrong_component() -> None:
    with pytest.raises(InvalidComponent):
        cnas_number.validate("CNAS Q0867")


def test_kinds() -> None:
    assert cnas_number.kind_name("CNAS L0867") == "实验室"
    assert cnas_number.kind_name("CNAS IB0123") == "检验机构"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("CNAS-PD19/06-A/1 No.CNAS L0867 名称", "CNAS L0867"),
        ("No.CNASAL1 0001234", None),
        ("认可证书 CNAS-CL01 注册号:L1856 地址", "CNAS L1856"),
        ("(Registration No. IB0123)", "CNAS IB0123"),
        ("L3501 路 CNAS L0001", "CNAS L0001"),
        ("编号 L0290，共 3 页", "CNAS L0290"),
        ("型号 XL0290 与 L029 与 L0290-2", None),
        ("CNAS L0000", None),
        ("", None),
    ],
)
def test_numbers_in_running_text(text: str, number: str | None) -> None:
    assert cnas_number.find(text) == number


def test_every_number_of_the_surest_kind_is_found() -> None:
    assert cnas_number.find_all("CNAS L0867 第1页 CNAS L0867 第2页 L9999") == ["CNAS L0867", "CNAS L0867"]


@pytest.mark.parametrize(
    ("text", "plausible"),
    [
        ("CNAS L0867", ("CNAS L0867",)),
        ("LO867", ("CNAS L0867",)),
        ("CNAS IO867", ("CNAS L0867",)),
        ("1B0123", ("CNAS IB0123", "CNAS L80123")),
        ("10867", ("CNAS L0867", "CNAS L10867")),
        ("?0867", ()),
        ("", ()),
    ],
)
def test_plausible_readings(text: str, plausible: tuple[str, ...]) -> None:
    assert cnas_number.candidates(text) == plausible


def test_the_examples_in_the_docstring_hold() -> None:
    assert doctest.testmod(cnas_number).failed == 0


@pytest.mark.skipif(not EXCERPTS.is_dir(), reason="the corpus is not beside the project")
@pytest.mark.parametrize("number", ["L0867", "L1856", "L3044", "L3245"])
def test_real_annexes(number: str) -> None:
    (file,) = EXCERPTS.glob(f"{number}_*.txt")
    assert set(cnas_number.find_all(file.read_text(encoding="utf-8"))) == {f"CNAS {number}"}
