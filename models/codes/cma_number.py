"""资质认定证书编号: twelve digits YYAAFFDDNNNN since 2015, before that ten digits and a class letter.

>>> parts("230020349767").issuer, parts("230020349767").field
('国家认监委', '综合')
>>> is_hainan("232112050001")
True
>>> find("证书编号:232112050001 名称")
'232112050001'
"""

import re
from dataclasses import dataclass
from functools import cache

from models.codes import InvalidCode, InvalidComponent, InvalidFormat, InvalidLength
from models.data import read_rows
from models.text import aligned, clean, upper_ascii

__all__ = ["Parts", "compact", "find", "format", "is_hainan", "is_valid", "parts", "validate"]

_BLANKS = re.compile(r"[\s\-]")
_FORMER = re.compile(r"(?:19|20)[0-9]{8}[A-Z]")
_IN_TEXT = re.compile(r"(?<![0-9A-Za-z.\-])(?:[0-9]{12}|[0-9](?: [0-9]){11}|(?:19|20)[0-9]{8}\s?[A-Z])(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a certificate number says: year of issue, names of issuer, field and department, serial.

    Field and department are None on the numbers of before 2015, the class letter on those since.
    """

    year: int
    issuer: str
    field: str | None
    department: str | None
    serial: int
    class_letter: str | None


def compact(text: str) -> str:
    """The digits and letter, width folded, upper case, without blanks."""
    return upper_ascii(_BLANKS.sub("", clean(text)))


def validate(text: str) -> str:
    """The number; raises InvalidLength, InvalidFormat, or InvalidComponent where a part is not in its table."""
    number = compact(text)
    if len(number) not in (11, 12):
        raise InvalidLength(text)
    is_former = len(number) == 11
    if not (_FORMER.fullmatch(number) if is_former else number.isascii() and number.isdecimal()):
        raise InvalidFormat(text)
    if is_former:
        known = number[4:6] in _names("issuer")
    else:
        places = (("issuer", number[2:4]), ("field", number[4:6]), ("department", number[6:8]))
        known = all(code in _names(part) for part, code in places) and number[8:] != "0000"
    if not known:
        raise InvalidComponent(text)
    return number


def is_valid(text: str) -> bool:
    """Whether the text is a certificate number of either form."""
    try:
        validate(text)
    except InvalidCode:
        return False
    return True


def format(text: str) -> str:
    """The number as certificates print it: without separators."""
    return compact(text)


def parts(text: str) -> Parts:
    """What the number says; raises InvalidCode."""
    number = validate(text)
    issuers = _names("issuer")
    if len(number) == 11:
        return Parts(int(number[:4]), issuers[number[4:6]], None, None, int(number[6:10]), number[10])
    field, department = _names("field")[number[4:6]], _names("department")[number[6:8]]
    return Parts(2000 + int(number[:2]), issuers[number[2:4]], field, department, int(number[8:]), None)


def is_hainan(text: str) -> bool:
    """Whether the text is a valid number that Hainan issued."""
    return is_valid(text) and parts(text).issuer == "海南"


def find(text: str) -> str | None:
    """The first valid number in running text, letter-spaced digits included; None without any."""
    numbers = (found[0] for found in _IN_TEXT.finditer(aligned(text)))
    return next((compact(number) for number in numbers if is_valid(number)), None)


@cache
def _names(part: str) -> dict[str, str]:
    return {code: name for table, code, name in read_rows("cma_number_parts.tsv") if table == part}
