"""Days and terms: how long something is still valid, and whether two dates are one."""

import calendar
import datetime as dt

from models.dates import FOREVER
from models.finding import Bilingual, Comparison, Outcome


def days_left(last_day: dt.date, on: dt.date) -> int:
    """Days from `on` to the last day of validity: 0 on that last day itself, negative from the day after."""
    return (last_day - on).days


def compare_dates(left: dt.date, right: dt.date) -> Comparison:
    """Two dates: equal or not; how far apart they are is said, never tolerated. A term without end equals only itself."""
    if left == right:
        return Comparison(Outcome.MATCH, 1.0, Bilingual("日期相同。", "The dates are equal."))
    if FOREVER in (left, right):
        detail = Bilingual("一侧为长期。", "One of them has no end.")
    else:
        apart = abs((left - right).days)
        detail = Bilingual(f"相差{apart}天。", f"{apart} days apart.")
    return Comparison(Outcome.MISMATCH, 0.0, detail)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same-numbered day so many months later, the last of the month where there is none; the first day does not count."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
