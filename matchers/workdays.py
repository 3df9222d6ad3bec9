"""工作日: which days are worked, by the State Council's notices, and terms counted in them; never a guess beyond the years known."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from matchers.data import read_bytes

_DAY = dt.timedelta(days=1)
_SATURDAY = 5


class YearNotCovered(LookupError):
    """该年的放假安排尚未录入工作日历。 The working days of a year are not known yet."""

    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days off and the weekends worked of some years, with the notice by which each was fixed."""

    notices: Mapping[int, str]
    off: frozenset[dt.date]
    work: frozenset[dt.date]

    def is_worked(self, day: dt.date) -> bool:
        """Whether the day is a working day; raises YearNotCovered."""
        if day.year not in self.notices:
            raise YearNotCovered(day.year)
        return day in self.work or (day.weekday() < _SATURDAY and day not in self.off)

    def after(self, day: dt.date, working_days: int) -> dt.date:
        """The last day of a term of so many working days, the day itself not counted; raises YearNotCovered."""
        for _ in range(working_days):
            day += _DAY
            while not self.is_worked(day):
                day += _DAY
        return day

    def worked_from(self, day: dt.date) -> dt.date:
        """The day itself or the first working day after it (民法典 第203条); raises YearNotCovered."""
        while not self.is_worked(day):
            day += _DAY
        return day


@cache
def load_calendar() -> Calendar:
    """The calendar that comes with the program (`data/holidays.toml`)."""
    return parse_calendar(read_bytes("holidays.toml"))


def parse_calendar(data: bytes) -> Calendar:
    """A calendar from TOML; ValueError where a day is none, or a term of days off ends before it begins."""
    years = tomllib.loads(data.decode("utf-8"))
    off: set[dt.date] = set()
    for table in years.values():
        for first, last in table["off"]:
            begins, ends = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
            if ends < begins:
                raise ValueError(f"{first} to {last} is no term")
            off.update(begins + n * _DAY for n in range((ends - begins).days + 1))
    work = frozenset(dt.date.fromisoformat(day) for table in years.values() for day in table["work"])
    return Calendar({int(year): table["notice"] for year, table in years.items()}, frozenset(off), work)
