"""CNAS registration numbers (注册号): `CNAS L0867`, `CNAS IB0123`, `CNAS C001-M`.

>>> validate("No.CNAS L0867")
'CNAS L0867'
>>> find("认可证书 CNAS-PD20/09-B/1 注册号：L1856 地址")
'CNAS L1856'
>>> candidates("10867")
('CNAS L0867', 'CNAS L10867')
"""

import re
from functools import cache

from models.codes import InvalidCode, InvalidComponent, InvalidFormat
from models.data import read_rows
from models.text import aligned, clean, unify_marks, upper_ascii

__all__ = ["candidates", "compact", "find", "find_all", "format", "is_valid", "kind_name", "kind_of", "validate"]

_KINDS = "GLP|IB|MT|PT|RM|BL|TB|L|C"
_PREFIX = re.compile(r"^(?:(?:注册|认可)(?:编)?号:?|REGISTRATIONNO\.?:?)?(?:NO\.?:?)?(?:CNAS[-.]?)?")
_SPACES = re.compile(r"\s")
_FROM_DIGITS = re.compile(r"[0-9].*")
_NUMBER = re.compile(r"([A-Z]{1,3})0*([0-9]{1,5})((?:-[A-Z0-9]{1,4})?)")
_BODY = rf"(?:{_KINDS})\s?[0-9]{{1,5}}(?:-[A-Z0-9]{{1,4}})?(?![A-Za-z0-9])"
_IN_TEXT = (
    re.compile(rf"(?<![A-Za-z0-9])CNAS\s{{0,3}}({_BODY})"),
    re.compile(rf"(?:注册(?:编)?号|[Rr]egistration\s?[Nn]o\.?)\s?:?\s?({_BODY})"),
    re.compile(r"(?<![A-Za-z0-9/\-])((?:L|IB|MT|PT|RM)[0-9]{4,5})(?![A-Za-z0-9/.\-])"),
)
_LOOKS_LIKE_DIGIT = str.maketrans("OQDIL|ZSBG", "0001112586")
_LOOKS_LIKE_KIND = {"IB": ("IB", "1B", "LB", "|B", "I8", "|8"), "L": ("L", "1", "I", "|")}


def compact(text: str) -> str:
    """Kind, digits and suffix, upper case, without blanks, labels and the word CNAS."""
    return _PREFIX.sub("", _SPACES.sub("", upper_ascii(unify_marks(clean(text)))))


def validate(text: str) -> str:
    """The canonical number, four digits at least (`CNAS L0867`); raises InvalidFormat or InvalidComponent."""
    found = _NUMBER.fullmatch(compact(text))
    if found is None or int(found[2]) == 0:
        raise InvalidFormat(text)
    kind, number, suffix = found.groups()
    if kind not in _names():
        raise InvalidComponent(text)
    width = 3 if kind == "C" else 4  # certification bodies are numbered C001 and up
    return f"CNAS {kind}{int(number):0{width}d}{suffix}"


def is_valid(text: str) -> bool:
    """Whether the text is a registration number, with or without its label."""
    try:
        validate(text)
    except InvalidCode:
        return False
    return True


def format(text: str) -> str:
    """The number as certificates print it: `CNAS L0867`."""
    return validate(text)


def find(text: str) -> str | None:
    """The first number in running text: after CNAS, else after 注册号, else standing alone; None without any."""
    return next(iter(find_all(text)), None)


def find_all(text: str) -> list[str]:
    """Every number in running text, in order: those after CNAS, else those after 注册号, else those standing alone."""
    text = aligned(text)
    for pattern in _IN_TEXT:
        if numbers := [number for number in pattern.findall(text) if is_valid(number)]:
            return [validate(number) for number in numbers]
    return []


def kind_of(number: str) -> str:
    """The letters of a valid number: L laboratory, IB inspection body, MT medical laboratory …; raises InvalidCode."""
    return _FROM_DIGITS.sub("", validate(number).removeprefix("CNAS "))


def kind_name(number: str) -> str:
    """What the number accredits, in Chinese; raises InvalidCode."""
    return _names()[kind_of(number)]


def candidates(text: str) -> tuple[str, ...]:
    """The laboratory and inspection numbers a recogniser's reading may stand for, likeliest first; a directory decides.

    A valid number is the only candidate for itself. Otherwise the first characters may be a misread L or IB, and the
    rest misread digits.
    """
    if is_valid(text):
        return (validate(text),)
    read = compact(text)
    readings = [
        kind + rest
        for kind, looks in _LOOKS_LIKE_KIND.items()
        for look in looks
        if read.startswith(look) and 3 <= len(rest := read[len(look) :].translate(_LOOKS_LIKE_DIGIT)) <= 5
    ]
    if len(read) == 5 and read.isdecimal():  # a lost L before five digits
        readings.append("L" + read.translate(_LOOKS_LIKE_DIGIT))
    return tuple(dict.fromkeys(validate(reading) for reading in readings if is_valid(reading)))


@cache
def _names() -> dict[str, str]:
    return {row[0]: row[1] for row in read_rows("cnas_kinds.tsv")}
