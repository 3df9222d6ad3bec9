"""Dates and periods: every printed form, nothing impossible, and calendar arithmetic that a calendar confirms."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.dates import FOREVER, Period, add_months, add_years, find_dates, parse_date, parse_period

DAY = date(2028, 3, 14)
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
CHINESE = dict(zip("0123456789", "〇一二三四五六七八九", strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "2028年3月14日",
        "2028年03月14日",
        " 2028 年 03月14 日 ",
        "2028年\n3月14日",
        "2028-03-14",
        "2028.03.14",
        "2028. 3. 14",
        "2028/3/14",
        "2028-03-14T00:00:00",
        "2028-03-14 08:30:00.000+08:00",
        "二〇二八年三月十四日",
        "二○二八年三月十四日",
        "二零二八年三月十四日",
        "二O二八年三月十四日",
        "２０２８年３⽉１４⽇",
        "Mar. 14, 2028",
        "March 14 2028",
        "14 March 2028",
        "14th March, 2028",
        "14-Mar-2028",
        "2028年3月14号。",
    ],
)
def test_printed_forms(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二○二一年十二月", date(2021, 12, 1)),
        ("2021年12月", date(2021, 12, 1)),
        ("二〇二一年十月廿日", date(2021, 10, 20)),
        ("一九九九年一月卅一日", date(1999, 1, 31)),
        ("9999-12-31", FOREVER),
    ],
)
def test_months_and_sentinels(text: str, day: date) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2021年2月30日",
        "2021年13月1日",
        "2021-00-10",
        "二〇二一年二月三十日",
        "三〇二一年二月三日",
        "Octopus 12, 2021",
        "Febtober 12, 2021",
        "12021-01-01",
        "2021-01-011",
        "2021-01.01",
        "编号 2028-03-14",
        "2028-03-14 有效",
        "2021年12月 5",
        "长期",
    ],
)
def test_what_is_not_one_date(text: str) -> None:
    assert parse_date(text) is None


@given(DAYS)
def test_every_day_survives_every_form(day: date) -> None:
    year = "".join(CHINESE[digit] for digit in f"{day.year}")
    month, number = (_spell(value) for value in (day.month, day.day))
    for text in (
        f"{day:%Y年%m月%d日}",
        f"{day.year} 年 {day.month} 月 {day.day} 日",
        day.isoformat(),
        f"{day:%Y.%m.%d}",
        f"{year}年{month}月{number}日",
        f"{day:%b. %d, %Y}",
        f"{day:%d %B %Y}",
    ):
        assert parse_date(text) == day, text


def _spell(value: int) -> str:
    tens, ones = divmod(value, 10)
    return ("" if tens == 0 else "十" if tens == 1 else CHINESE[str(tens)] + "十") + (
        CHINESE[str(ones)] if ones else ""
    )


def test_found_dates_stand_where_they_are_said_to() -> None:
    text = "签发日期:２００９年02月10日 有效期至:2012.02.09 (Dec. 15, 2021) 2010年2月31日"
    found = find_dates(text)
    assert [day for day, _, _ in found] == [date(2009, 2, 10), date(2012, 2, 9), date(2021, 12, 15)]
    assert [text[start:end] for _, start, end in found] == ["２００９年02月10日", "2012.02.09", "Dec. 15, 2021"]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("自2019年01月01日至长期", Period(date(2019, 1, 1), FOREVER)),
        ("2019-01-01 至 长 期", Period(date(2019, 1, 1), FOREVER)),
        ("长期（自2019年1月1日）", Period(date(2019, 1, 1), FOREVER)),
        ("长期", Period(None, FOREVER)),
        ("永久", Period(None, FOREVER)),
        ("不约定期限", Period(None, FOREVER)),
        ("2019年01月01日至2049年12月31日", Period(date(2019, 1, 1), date(2049, 12, 31))),
        ("自 2019年01月01日 起至 2049年12月31日 止", Period(date(2019, 1, 1), date(2049, 12, 31))),
        ("2019-01-01 - 2049-12-31", Period(date(2019, 1, 1), date(2049, 12, 31))),
        ("2019.01.01～2049.12.31", Period(date(2019, 1, 1), date(2049, 12, 31))),
        ("2019-01-01 to 9999-12-31", Period(date(2019, 1, 1), FOREVER)),
        ("2049-12-31至2019-01-01", Period(date(2049, 12, 31), date(2019, 1, 1))),
        ("有效期至：2028年3月14日", Period(None, DAY)),
        ("截止日期 2028-03-14", Period(None, DAY)),
        ("9999-12-31", Period(None, FOREVER)),
        ("自2028年3月14日", Period(DAY, None)),
        ("2028年3月14日起", Period(DAY, None)),
        ("2028-03-14 至", Period(DAY, None)),
        ("2028-03-14", None),
        ("2028-03-14 2029-03-14", None),
        ("2028-03-14至2029-03-14至2030-03-14", None),
        ("六年", None),
    ],
)
def test_periods(text: str, period: Period | None) -> None:
    assert parse_period(text) == period


@given(DAYS, DAYS, DAYS)
def test_a_period_holds_its_bounds_and_what_lies_between(start: date, end: date, day: date) -> None:
    assert Period(start, end).contains(day) is (start <= day <= end)
    assert Period(None, end).contains(day) is (day <= end)
    assert Period(start, None).contains(day) is (start <= day)


@given(DAYS, st.integers(-600, 600))
def test_months_move_the_month_and_clamp_the_day(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(1)).day == 1)


def test_years() -> None:
    assert add_years(date(2024, 2, 29), 6) == date(2030, 2, 28)
    assert add_years(date(2022, 3, 15), 6) - timedelta(1) == DAY
    assert add_years(FOREVER, 1) == FOREVER
