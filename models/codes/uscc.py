"""统一社会信用代码 (GB 32100-2015): eighteen characters, two check digits, and the 15-digit 注册号 it replaced.

>>> validate("9146 0000 MA5TE5T0 76")
'91460000MA5TE5T076'
>>> validate("91460000MA5TE5T077")
Traceback (most recent call last):
    ...
models.codes.InvalidChecksum: 91460000MA5TE5T077
>>> department_of("12460000428200003X")
Department(name='机构编制', category='事业单位')
>>> division_of("91460100MAA9ABC12W")
'460100'
>>> repair("9146OOOOMA5TE5T076") is None  # four letters O: too many to prove
True
>>> repair("91460O00MA5TE5T076")
'91460000MA5TE5T076'
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product

from models.codes import InvalidChecksum, InvalidCode, InvalidComponent, InvalidFormat, InvalidLength
from models.codes.divisions import province_of
from models.data import read_rows
from models.text import fold_forms, upper_ascii

__all__ = [
    "Department",
    "compact",
    "department_of",
    "division_of",
    "format",
    "is_valid",
    "is_valid_registration_number",
    "organisation_code_is_valid",
    "repair",
    "validate",
]

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {char: value for value, char in enumerate(_ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_DIGITS = "0123456789"
_SEPARATORS = re.compile(r"[\s\-·.]")
_MOST_REPAIRS = 2


@dataclass(frozen=True, slots=True)
class Department:
    """Who registered the organisation, and as what; the category is None where the standard lists none."""

    name: str
    category: str | None


def compact(text: str) -> str:
    """The characters of the code: width folded, upper case, without blanks and separators."""
    return upper_ascii(_SEPARATORS.sub("", fold_forms(text)))


def validate(text: str) -> str:
    """The code in its canonical form; raises InvalidLength, InvalidFormat, InvalidComponent or InvalidChecksum.

    A few codes really issued in pilot areas fail the check digit; here they are invalid, a register may say otherwise.
    """
    code = compact(text)
    if len(code) != 18:
        raise InvalidLength(text)
    if any(char not in _allowed(place) for place, char in enumerate(code) if place):
        raise InvalidFormat(text)
    if code[0] not in _departments():
        raise InvalidComponent(text)
    if _check_digit(code) != code[17]:
        raise InvalidChecksum(text)
    return code


def is_valid(text: str) -> bool:
    """Whether the text is a well-formed code whose check digit holds."""
    try:
        validate(text)
    except InvalidCode:
        return False
    return True


def format(text: str) -> str:
    """The code as licences print it: eighteen characters without separators."""
    return compact(text)


def department_of(code: str) -> Department:
    """Who registered the organisation and as what; raises InvalidComponent where no department has that character."""
    code = compact(code)
    names = _departments().get(code[:1])
    if names is None:
        raise InvalidComponent(code)
    return Department(names[""], names.get(code[1:2]))


def division_of(code: str) -> str:
    """The six digits of the registering authority's division; not evidence of where the organisation sits today."""
    return compact(code)[2:8]


def organisation_code_is_valid(code: str) -> bool:
    """Whether characters 9 to 17, the organisation code, satisfy GB 11714; advisory, for some registrants fail it."""
    body = compact(code)[8:17]
    if len(body) != 9:
        return False
    total = sum(int(char, 36) * weight for char, weight in zip(body, _ORGANISATION_WEIGHTS, strict=False))
    check = 11 - total % 11
    return body[8] == {10: "X", 11: "0"}.get(check, str(check))


def repair(text: str) -> str | None:
    """The one code that the text can be a misreading of; None where there is none, or more than one.

    At most two characters are replaced, by what a recogniser confuses them with; what cannot stand in its place is
    replaced first. A reading counts only if both check digits and the province prove it; the fewest replacements win.
    A valid code is its own repair.
    """
    code = compact(text)
    if is_valid(code):
        return code
    if len(code) != 18:
        return None
    wrong = [place for place, char in enumerate(code) if char not in _allowed(place)]
    for extra in range(_MOST_REPAIRS - len(wrong) + 1):
        proven = {reading for reading in _readings(code, wrong, extra) if _is_proven(reading)}
        if proven:
            return proven.pop() if len(proven) == 1 else None
    return None


def is_valid_registration_number(text: str) -> bool:
    """Whether the text is a 15-digit 注册号, which ends in an ISO 7064 MOD 11,10 check digit."""
    number = compact(text)
    if len(number) != 15 or not (number.isascii() and number.isdecimal()):
        return False
    state = 10
    for digit in number[:14]:
        state = 2 * ((state + int(digit)) % 10 or 10) % 11
    return (11 - state) % 10 == int(number[14])


def _check_digit(code: str) -> str:
    total = sum(_VALUES[char] * weight for char, weight in zip(code, _WEIGHTS, strict=False))
    return _ALPHABET[-total % 31]


def _allowed(place: int) -> str:
    """The characters that can stand in a place: department, category, six digits of the division, the rest."""
    if place == 0:
        return "".join(_departments())
    return _DIGITS if place < 8 else _ALPHABET


def _readings(code: str, wrong: list[int], extra: int) -> Iterator[str]:
    """The code with every wrong place and so many others replaced by what they may have been."""
    others = [place for place in range(18) if place not in wrong]
    for places in combinations(others, extra):
        changed = (*wrong, *places)
        for chars in product(*(_alternatives(code[place], place) for place in changed)):
            reading = list(code)
            for place, char in zip(changed, chars, strict=True):
                reading[place] = char
            yield "".join(reading)


def _alternatives(char: str, place: int) -> list[str]:
    return [meant for meant in _confusions().get(char, "") if meant in _allowed(place)]


def _is_proven(code: str) -> bool:
    return is_valid(code) and organisation_code_is_valid(code) and province_of(division_of(code)) is not None


@cache
def _departments() -> dict[str, dict[str, str]]:
    departments: dict[str, dict[str, str]] = {}
    for department, category, name in read_rows("uscc_departments.tsv"):
        departments.setdefault(department, {})[category] = name
    return departments


@cache
def _confusions() -> dict[str, str]:
    return {row[0]: row[1] for row in read_rows("uscc_confusions.tsv")}
