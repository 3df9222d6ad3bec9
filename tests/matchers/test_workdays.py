"""Working days by the notices of the State Council, and terms counted in them."""

import datetime as dt

import pytest

from matchers.workdays import YearNotCovered, load_calendar, parse_calendar


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-01-02", False),  # a Friday off
        ("2026-01-04", True),  # a Sunday worked for it
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-05-09", True),
        ("2026-10-10", True),
        ("2026-11-21", False),  # an ordinary Saturday
        ("2026-11-23", True),
        ("2025-10-08", False),
        ("2024-09-14", True),
        ("2023-10-07", True),
    ],
)
def test_a_day_is_worked_as_the_notice_says(day: str, worked: bool) -> None:
    assert load_calendar().is_worked(dt.date.fromisoformat(day)) is worked


@pytest.mark.parametrize(
    ("begins", "days", "ends"),
    [
        ("2026-11-20", 1, "2026-11-23"),  # Friday: the first day counted is Monday
        ("2026-11-20", 5, "2026-11-27"),
        ("2026-09-30", 5, "2026-10-13"),  # eight days off, Saturday the 10th worked
        ("2026-02-13", 2, "2026-02-24"),  # Saturday the 14th worked, then nine days off
        ("2025-12-30", 3, "2026-01-05"),  # into the next year, Sunday the 4th worked
    ],
)
def test_a_term_of_working_days_does_not_count_its_first_day(begins: str, days: int, ends: str) -> None:
    assert load_calendar().after(dt.date.fromisoformat(begins), days) == dt.date.fromisoformat(ends)


def test_a_year_without_notice_is_said_not_guessed() -> None:
    calendar, last = load_calendar(), max(load_calendar().notices)
    with pytest.raises(YearNotCovered) as caught:
        calendar.after(dt.date(last, 12, 30), 5)
    assert caught.value.year == last + 1
    with pytest.raises(YearNotCovered):
        calendar.worked_from(dt.date(last + 1, 1, 1))


def test_a_last_day_off_moves_to_the_next_day_worked() -> None:
    assert load_calendar().worked_from(dt.date(2026, 10, 3)) == dt.date(2026, 10, 8)
    assert load_calendar().worked_from(dt.date(2026, 10, 9)) == dt.date(2026, 10, 9)


def test_every_year_has_a_notice_and_days_of_its_own() -> None:
    calendar = load_calendar()
    assert all(calendar.notices.values())
    assert {day.year for day in calendar.off | calendar.work} == set(calendar.notices)
    assert not calendar.off & calendar.work
    assert all(day.weekday() >= 5 for day in calendar.work)


def test_a_term_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="no term"):
        parse_calendar(b'[2030]\nnotice = "n"\noff = [["2030-01-03", "2030-01-01"]]\nwork = []\n')
