"""Dates and periods as Chinese and English papers print them, and the calendar arithmetic their validity rests on."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from models.numerals import parse_digits, parse_number
from models.text import aligned

__all__ = ["FOREVER", "Period", "add_months", "add_years", "find_dates", "parse_date", "parse_period"]

FOREVER = date(9999, 12, 31)
"""The end of a term without end (长期, 永久, 不约定期限)."""

_ZERO = "〇○◯零oO0"
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_YEAR = r"(?:19|20)[0-9]{2}|9999"
_FORMS = (
    rf"(?<![0-9])(?P<y1>{_YEAR})\s{{0,3}}年\s{{0,3}}(?P<m1>[0-9]{{1,2}})\s{{0,3}}月"
    r"(?:\s{0,3}(?P<d1>[0-9]{1,2})\s{0,3}[日号]|(?!\s{0,3}[0-9]))",
    rf"(?<![0-9.])(?P<y2>{_YEAR})\s?(?P<sep>[-./])\s?(?P<m2>[0-9]{{1,2}})\s?(?P=sep)\s?(?P<d2>[0-9]{{1,2}})(?![0-9])",
    rf"(?P<y3>(?:一九|二[{_ZERO}])[{_ZERO}一二三四五六七八九]{{2}})\s{{0,3}}年\s{{0,3}}(?P<m3>[一二三四五六七八九十]{{1,2}})\s{{0,3}}月"
    r"(?:\s{0,3}(?P<d3>[一二三四五六七八九十廿卅]{1,3})\s{0,3}[日号])?",
    rf"(?<![a-z])(?P<m4>{_ENGLISH})\.?\s?(?P<d4>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s?(?P<y4>{_YEAR})(?![0-9])",
    rf"(?<![0-9])(?P<d5>[0-9]{{1,2}})(?:st|nd|rd|th)?[\s-]?(?P<m5>{_ENGLISH})\.?,?[\s-]?(?P<y5>{_YEAR})(?![0-9])",
)
_DATE = re.compile("|".join(f"(?:{form})" for form in _FORMS), re.IGNORECASE)
_TIME = re.compile(
    r"[t\s]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?\s*(?:z|[+-][0-9]{2}:?[0-9]{2})?", re.IGNORECASE
)

_ENDLESS = re.compile(r"长\s*期|永\s*久|不约定期限|无固定期限|无\s*期\s*限|long[\s-]*term", re.IGNORECASE)
_JOIN = re.compile(r"[\s)]*(?:起)?\s*(?:至|到|-{1,2}|~|to)\s*[(]?\s*", re.IGNORECASE)
_UNTIL = re.compile(r"至\s*:?\s*$|截止日期?\s*:?\s*$|到期日?\s*:?\s*$|to\s*$|until\s*$", re.IGNORECASE)
_SINCE = re.compile(r"自\s*:?\s*$|从\s*$|from\s*$", re.IGNORECASE)
_ONWARD = re.compile(r"\s*(?:起|至|~|-|to\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """A term of validity, both days included; a bound that is not stated is None, an end without end is `FOREVER`."""

    start: date | None
    end: date | None

    def contains(self, day: date) -> bool:
        """Whether the day lies in the term; a bound that is not stated excludes nothing."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


def parse_date(text: str) -> date | None:
    """The date that the whole text is, give or take blanks, a time of day and a full stop; None for anything else.

    A Chinese month without a day (二〇二一年十二月) is its first day. Impossible dates are None.
    """
    folded = aligned(text)
    for day, start, end in find_dates(text):
        rest = folded[end:].rstrip(" \n.,;。")
        if not folded[:start].strip() and (not rest or _TIME.fullmatch(rest)):
            return day
        break
    return None


def find_dates(text: str) -> list[tuple[date, int, int]]:
    """Every possible date in the text, in order: (date, start, end), the offsets into the text as given."""
    return [(day, found.start(), found.end()) for found in _DATE.finditer(aligned(text)) if (day := _date(found))]


def parse_period(text: str) -> Period | None:
    """The term a text states (自…至…, 长期, 有效期至…, …起); None where it states none, or more than one.

    The bounds are as printed, even where the end precedes the start: that is for a check to find.
    """
    folded, dates = aligned(text), find_dates(text)
    if len(dates) == 2:
        (start, _, stop), (end, resume, _) = dates
        return Period(start, end) if _JOIN.fullmatch(folded[stop:resume]) else None
    if len(dates) > 2:
        return None
    endless = _ENDLESS.search(folded) is not None
    if not dates:
        return Period(None, FOREVER) if endless else None
    ((day, start_at, end_at),) = dates
    if endless:
        return Period(day, FOREVER)
    if day == FOREVER or _UNTIL.search(folded[:start_at]):
        return Period(None, day)
    if _SINCE.search(folded[:start_at]) or _ONWARD.match(folded, end_at):
        return Period(day, None)
    return None


def add_months(day: date, months: int) -> date:
    """The same day so many calendar months later (or earlier), clamped to the month's last; never past `FOREVER`."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > FOREVER.year:
        return FOREVER
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """The same day so many years later (or earlier); 29 February becomes the 28th; never past `FOREVER`."""
    return add_months(day, 12 * years)


def _date(found: re.Match[str]) -> date | None:
    year, month, day = next(parts for parts in _parts(found) if parts[0])
    try:
        return date(_number(year.upper().replace("O", "0")), _month(month), _number(day) if day else 1)
    except ValueError:
        return None


def _parts(found: re.Match[str]) -> Iterator[tuple[str, str, str | None]]:
    return ((found[f"y{form}"], found[f"m{form}"], found[f"d{form}"]) for form in range(1, len(_FORMS) + 1))


def _month(text: str) -> int:
    """The month's number from its English name, Arabic digits or Chinese numeral."""
    name = text[:3].lower()
    return _MONTH_NAMES.index(name) + 1 if name in _MONTH_NAMES else _number(text)


def _number(text: str) -> int:
    """A whole number in Arabic digits or Chinese numerals; zero, which no calendar has, where it is neither."""
    value = parse_digits(text) if "十" not in text else parse_number(text)
    return int(value or parse_number(text) or 0)
