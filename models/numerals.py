"""Chinese numerals, positional (二〇二一) and with units (壹仟万, 一百二十三点五, 3千万), as numbers."""

import re
from decimal import Decimal

__all__ = ["NUMERALS", "parse_digits", "parse_number"]

_NUMERAL = "〇○◯零一二三四五六七八九壹贰叁肆伍陆柒捌玖两弍弎貳參叄陸兩拾佰仟億萬"
_DIGIT = "0000" + "123456789" * 2 + "22323362" + "十百千亿万"
_FOLD = str.maketrans(_NUMERAL, _DIGIT, "") | str.maketrans({"廿": "2十", "卅": "3十"})
NUMERALS = _NUMERAL + "十百千亿万廿卅"  # every character that can stand in a Chinese integer

_LONGEST = 60  # characters; no amount or date is longer, and the recursion below is bounded by it
_RUN_OF_DIGITS = re.compile("[一二三四五六七八九壹贰叁肆伍陆柒捌玖两弍弎貳參叄陸兩]{2}")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_SCALED = re.compile(r"([0-9]+(?:\.[0-9]+)?)([十百千])")
_SECTION = re.compile(r"(?:([1-9])千)?(0?)(?:([1-9]?)百)?(0?)(?:([1-9]?)十)?(0?)([1-9]?)")
_SCALES = {"十": 10, "百": 100, "千": 1000}


def parse_digits(text: str) -> int | None:
    """The number whose digits are written one by one (二〇二一, 2021); None where a unit or anything else stands."""
    digits = text.translate(_FOLD)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST else None


def parse_number(text: str) -> Decimal | None:
    """The value of a numeral with units, Chinese, Arabic or mixed (3千万, 1000.5万); None where it is not one.

    The grammar is the strict one of amounts: 一百零五 is 105, but 三万五 and 一百五 (35,000? 30,005?) are not numbers.
    """
    if len(text) > _LONGEST or _RUN_OF_DIGITS.search(text):
        return None
    whole, point, fraction = text.translate(_FOLD).partition("点")
    value = _value(whole)
    if not point or value is None:
        return value
    return value + Decimal(f"0.{fraction}") if fraction.isascii() and fraction.isdecimal() else None


def _value(text: str) -> Decimal | None:
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = text.rpartition(unit)
        if found:
            high, low = _value(head), _value(tail) if tail else Decimal(0)
            colloquial = len(tail) == 1 and tail != "0" and tail.isdecimal()  # 三万五
            if high is None or low is None or not 0 <= low < size or colloquial:
                return None
            return high * size + low
    return _section(text)


def _section(text: str) -> Decimal | None:
    """A number below 万: plain digits, one scaled decimal (2.5千), or digits with 千百十 in falling order."""
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if scaled := _SCALED.fullmatch(text):
        return Decimal(scaled[1]) * _SCALES[scaled[2]]
    found = _SECTION.fullmatch(text)
    if found is None or not text:
        return None
    thousands, after_thousands, hundreds, after_hundreds, tens, after_tens, ones = found.groups()
    if hundreds == "" and not after_thousands:  # 百一 without its digit
        return None
    if ones and tens is None and not (after_thousands or after_hundreds or after_tens):  # 一百五
        return None
    places = ((thousands, 1000), (hundreds, 100), (tens, 10), (ones or None, 1))
    return Decimal(sum(int(digit or 1) * scale for digit, scale in places if digit is not None))
