"""Printed text as values: what is no part of them, and dates of which a seal took something."""

import datetime as dt

import pytest

from extractor.values import date_value, day_value, site_code, text_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (")三亚市蕉澜环境监测站", "三亚市蕉澜环境监测站"),
        ("：（海南）检测中心", "（海南）检测中心"),
        ("琼岭检测（海南）有限公司", "琼岭检测（海南）有限公司"),
        ("海口市 龙华区\n海垦路3号", "海口市龙华区海垦路3号"),
        (" ：）", None),
        ("", None),
    ],
)
def test_a_value_without_what_stands_beside_it(text: str, value: str | None) -> None:
    assert text_value(text) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A", "A"),
        ("一A ,", "A"),
        ("|B2", "B2"),
        ("1 A|", "A"),
        ("十A ,", "A"),
        ("A、B", "A、B"),  # two sites
        ("海口一厂A", "海口一厂A"),
        ("一", "一"),
        ("", ""),
    ],
)
def test_the_code_of_a_site_without_the_rules_beside_it(text: str, code: str) -> None:
    assert site_code(text) == code


@pytest.mark.parametrize(
    ("text", "day", "month"),
    [
        ("2025年11月29日", (2025, 11, 29), None),
        ("2025年11月29", (2025, 11, 29), None),
        ("2025年12日09日", (2025, 12, 9), None),
        ("2025年1209日", (2025, 12, 9), None),
        ("2025年129日", None, None),  # 1月29日 or 12月9日
        ("2030年1日06日", None, None),  # 12月: the sign is what was left of 2月
        ("2025年11月", None, (2025, 11, 1)),
        ("二〇二五年十一月", None, (2025, 11, 1)),
        ("2025年11月，2025年11月29日", (2025, 11, 29), (2025, 11, 1)),
        ("2025年", None, None),
    ],
)
def test_a_date_that_names_its_day(
    text: str, day: tuple[int, int, int] | None, month: tuple[int, int, int] | None
) -> None:
    assert day_value(text) == (day and dt.date(*day))
    first = month or day
    assert date_value(text) == (first and dt.date(*first))
