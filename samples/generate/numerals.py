"""Writes amounts of money as licences do: 壹仟万元整."""

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"


def capital_in_words(yuan: Decimal) -> str:
    """`10000000` -> 壹仟万元整; whole yuan below a trillion."""
    number, words = int(yuan), ""
    for unit, size in (("亿", 10**8), ("万", 10**4), ("", 1)):
        part, number = divmod(number, size)
        if part:
            words += group_in_words(part, leading_zero=bool(words) and part < 1000) + unit
    return f"{words}元整"


def group_in_words(number: int, *, leading_zero: bool) -> str:
    """One to four digits: 1050 -> 壹仟零伍拾."""
    words, gap = ("零" if leading_zero else ""), False
    for unit, size in (("仟", 1000), ("佰", 100), ("拾", 10), ("", 1)):
        digit = number // size % 10
        if digit:
            words += ("零" if gap else "") + DIGITS[digit] + unit
            gap = False
        elif words.strip("零") and number % size:
            gap = True
    return words
