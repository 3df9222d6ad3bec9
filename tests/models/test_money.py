"""Amounts: every printed form, the numerals beneath them, and the corpora of others."""

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.money import Money, parse_money
from models.numerals import parse_digits, parse_number

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
with_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("壹仟万元整", "10000000", "CNY"),
        ("壹仟萬圓正", "10000000", "CNY"),
        ("人民币壹仟万元整", "10000000", "CNY"),
        ("（人民币）壹佰万元", "1000000", "CNY"),
        ("伍佰万元整（人民币）", "5000000", "CNY"),
        ("壹佰万元人民币整", "1000000", "CNY"),
        ("壹仟零伍拾万元", "10500000", "CNY"),
        ("1000万元人民币", "10000000", "CNY"),
        ("1000.000000万人民币", "10000000", "CNY"),
        ("500.00万美元", "5000000", "USD"),
        ("$500万", "5000000", "USD"),
        ("1,000,000元", "1000000", "CNY"),
        ("１，０００．５０元", "1000.5", "CNY"),
        ("1,110.5(万元(人民币))", "11105000", "CNY"),
        ("135.6万人民币", "1356000", "CNY"),
        ("100(万香港元)", "1000000", "HKD"),
        ("20万元美元", "200000", "USD"),
        ("123元1角1分", "123.11", "CNY"),
        ("玖仟陆佰陆拾伍圆壹角捌分", "9665.18", "CNY"),
        ("壹佰元零伍分", "100.05", "CNY"),
        ("三百万", "3000000", "CNY"),
        ("0元", "0", "CNY"),
    ],
)
def test_printed_amounts(text: str, amount: str, currency: str) -> None:
    money = parse_money(text)
    assert money == Money(Decimal(amount), currency)
    assert str(money) == f"{amount} {currency}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1000",
        "10()",
        "无",
        "三万五元",
        "1,5万元",
        "约100万元",
        "100万美元港元",
        "一一元",
        "万元",
        "1.2.3元",
        "9" * 90 + "元",
    ],
)
def test_what_states_no_one_amount(text: str) -> None:
    assert parse_money(text) is None


@given(st.integers(0, 10**9), st.sampled_from(["元", "万元", "万元人民币", "万人民币"]))
def test_arabic_amounts(number: int, unit: str) -> None:
    factor = 10_000 if unit.startswith("万") else 1
    if number:
        assert (
            parse_money(f"{number:,}{unit}") == parse_money(f"{number}{unit}") == Money(Decimal(number * factor), "CNY")
        )


def test_long_numerals_end_quickly() -> None:
    assert parse_number("亿" * 100_000) is None
    assert parse_number("亿" * 60) is None
    assert parse_digits("1" * 10_000) is None


def test_positional_digits() -> None:
    assert parse_digits("二〇二一") == 2021
    assert parse_digits("2021") == 2021
    assert parse_digits("十") is None
    assert parse_digits("") is None


@pytest.mark.parametrize("text", ["一百五", "一百点", "点五", "一点大", "十百", "三亿五", "百", "一万二万"])
def test_colloquial_and_broken_numerals_are_no_numbers(text: str) -> None:
    assert parse_number(text) is None


def _vectors(name: str) -> Any:
    return json.loads((CORPUS / "vectors" / name).read_text(encoding="utf-8"))


@with_corpus
def test_numerals_of_another_suite() -> None:
    vectors = _vectors("cn2an_cn2an.json")
    judged = 0
    for text, value in vectors["strict_data_dict"]:
        if text.startswith("负"):
            continue
        amount = parse_money(text) if text[-1] in "整正元圆角分" else None
        assert (amount.amount if amount else parse_number(text)) == Decimal(str(value)), text
        judged += 1
    assert judged > 80
    for text in vectors["error_strict_datas"]:
        assert parse_number(text) is None, text
    for value, (plain, capital, amount_text, _) in _vectors("cn2an_an2cn.json")["input_data"]:
        if isinstance(value, int) and value >= 0:
            assert parse_number(plain) == parse_number(capital) == value
            assert parse_money(amount_text) == Money(Decimal(value), "CNY")


CURRENCIES = {
    "元": "CNY",
    "港元": "HKD",
    "美元": "USD",
    "日元": "JPY",
    "欧元": "EUR",
    "新台币": "TWD",
    "泰铢": "THB",
    "卢布": "RUB",
}
COLLOQUIAL = {"两个亿卢布", "十块三毛", "一百三十五块六角七分钱", "233,333，333,434.344元"}  # speech; thirds of a 分


@with_corpus
def test_exact_amounts_of_another_suite() -> None:
    judged = 0
    for text, answer in _vectors("jionlp_money_parser.json")["money_string_list"]:
        if answer["definition"] == "accurate" and text not in COLLOQUIAL:
            assert parse_money(text) == Money(Decimal(answer["num"]), CURRENCIES[answer["case"]]), text
            judged += 1
    assert judged >= 15


@with_corpus
@pytest.mark.parametrize("name", ["hainan_companies_1980_1999.csv", "companies_national_sample.csv"])
def test_capital_as_registers_print_it(name: str) -> None:
    with (CORPUS / "registry" / name).open(encoding="utf-8-sig", newline="") as file:
        printed = [row["注册资金"] for row in csv.DictReader(file) if row["注册资金"] not in ("", "N/A")]
    unread = [text for text in printed if parse_money(text) is None]
    assert all(text.endswith("()") for text in unread)  # a number with no unit at all
    assert len(unread) <= len(printed) * 0.015
    assert all(0 <= money.amount < 10**12 for text in printed if (money := parse_money(text)))
