"""Days: terms of years, and dates as Chinese papers print them."""

import datetime as dt

FOREVER = dt.date(9999, 12, 31)


def years_after(day: dt.date, years: int) -> dt.date:
    """The last day of a term of so many years that begins on `day`."""
    try:
        return day.replace(year=day.year + years) - dt.timedelta(days=1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def chinese_date(day: dt.date) -> str:
    return f"{day.year}年{day.month:02d}月{day.day:02d}日"
