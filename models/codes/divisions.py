"""Division codes (行政区划代码, GB/T 2260): provinces of China, and Hainan down to its counties, former codes included.

The digits of a former code may name another county today, so a division inside an old number proves nothing about
an address.
"""

import re
from functools import cache

from models.codes import InvalidCode, InvalidComponent, InvalidFormat, InvalidLength
from models.data import read_rows

__all__ = ["compact", "format", "is_hainan", "is_valid", "name_of", "names_of", "province_of", "validate"]

_SEPARATORS = re.compile(r"\s")


def compact(text: str) -> str:
    """The digits without blanks."""
    return _SEPARATORS.sub("", text)


def validate(text: str) -> str:
    """The six-digit code; only the province, and in Hainan the county, are known well enough to be refused."""
    code = compact(text)
    if not (code.isascii() and code.isdecimal()):
        raise InvalidFormat(text)
    if len(code) != 6:
        raise InvalidLength(text)
    if province_of(code) is None or (is_hainan(code) and not names_of(code)):
        raise InvalidComponent(text)
    return code


def is_valid(text: str) -> bool:
    """Whether the text is a division code as far as this table reaches."""
    try:
        validate(text)
    except InvalidCode:
        return False
    return True


def format(text: str) -> str:
    """The code as printed: six digits."""
    return compact(text)


def name_of(code: str) -> str | None:
    """The division's name today, else its former one; None outside the table. Two and four digits will do."""
    return next(iter(names_of(code)), None)


def names_of(code: str) -> tuple[str, ...]:
    """Every name the code has had, today's first: 469025 is 白沙 today and was 定安."""
    full = compact(code).ljust(6, "0")
    if full.endswith("0000") and full[:2] in _provinces():
        return (_provinces()[full[:2]],)
    return _hainan().get(full, ())


def province_of(code: str) -> str | None:
    """The name of the province the code begins with; None where there is none."""
    return _provinces().get(compact(code)[:2])


def is_hainan(code: str) -> bool:
    """Whether the code lies in 海南省."""
    return compact(code).startswith("46")


@cache
def _provinces() -> dict[str, str]:
    return {row[0]: row[1] for row in read_rows("divisions_provinces.tsv")}


@cache
def _hainan() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for code, name, _ in sorted(read_rows("divisions_hainan.tsv"), key=lambda row: row[2] == "former"):
        names[code] = (*names.get(code, ()), name)
    return names
