"""Printed text -> values, the conversions that several parsers share; None where the text does not say one."""

import datetime as dt
import re

from models.codes import uscc
from models.dates import find_dates
from models.field import Field
from models.layout import Origin
from models.text import clean, tighten, upper_ascii

CHOSEN, OPEN = "☑√✓✔●■◉☒▣", "□○◯☐"
"""Signs of a choice that is made, and of one that is not."""

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z](?:\s?[0-9A-Za-z]){16,18}(?![0-9A-Za-z])")
_MONTH_SIGN_MISREAD = re.compile(r"(年\s?\d{2}\s?)[日目曰](?=\s?\d{1,2}\s?日)")
_WITHOUT_MONTH_SIGN = re.compile(r"(年\s?(?:0[1-9]|1[0-2]))\s?(?=(?:0[1-9]|[12]\d|3[01])\s?日)")
_WITHOUT_DAY_SIGN = re.compile(r"年\s?\d{1,2}\s?月\s?\d{2}(?![\d日号])")
_MONTH_ALONE = re.compile(r"月\s*$")
_SITE_CODE = re.compile(r"(?:[\W_一丨十]|1\s)*([A-Z]\d?)[\W_一丨]*")
_SURE = 0.9
_CLOSING = ")）]】〕 "


def text_value(text: str) -> str | None:
    """As printed, without line breaks and the blanks between Chinese characters; None where nothing is left.

    No value begins by closing a bracket: that is a rule beside the first character, read as a sign.
    """
    return tighten(clean(text)).strip(" :：").lstrip(_CLOSING) or None


def date_value(text: str) -> dt.date | None:
    """The first date in the text, a month without a day as its first; signs may be lost as `_repaired` says, a digit may not."""
    return next((day for day, _, _ in find_dates(_repaired(text))), None)


def day_value(text: str) -> dt.date | None:
    """The first date in the text that names its day: what papers of authority bear, where a month alone has lost the day to a seal."""
    repaired = _repaired(text)
    return next((day for day, start, end in find_dates(repaired) if not _MONTH_ALONE.search(repaired[start:end])), None)


def _repaired(text: str) -> str:
    """With the 日 that a seal took from a day of two digits, and the 月 that looks like 日, or is lost, behind a month of two.

    Behind one digit such a 日 may be what is left of 2月.
    """
    months = _WITHOUT_MONTH_SIGN.sub(r"\g<1>月", _MONTH_SIGN_MISREAD.sub(r"\g<1>月", clean(text)))
    return _WITHOUT_DAY_SIGN.sub(r"\g<0>日", months)


def without_blanks(text: str) -> str | None:
    """For codes and persons' names, which have no blanks of their own."""
    return re.sub(r"\s+", "", clean(text)) or None


def site_code(text: str) -> str:
    """The code of a site (场所代码), a capital letter and perhaps a digit, without the signs that rules beside it gave."""
    code = _SITE_CODE.fullmatch(text)
    return code.group(1) if code else text


def code_in(text: str) -> re.Match[str] | None:
    """The first run of 17 to 19 letters and digits that can be a 统一社会信用代码; more than letters only."""
    return next((m for m in _CODE.finditer(text) if sum(c.isdigit() for c in m.group()) >= 6), None)


def credit_code(printed: Field[str]) -> Field[str]:
    """统一社会信用代码 as read, in canonical form.

    What recognition misread is repaired only where that is certain to be its error: the text came from a picture, it holds a
    letter that no code may hold or was read with doubt, and exactly one reading has a valid check digit. A code that is simply
    printed wrong stays wrong. What a seal or a frame adds before or behind a valid code is none of it; no code is longer or shorter.
    """
    if printed.value is None:
        return printed
    compact = re.sub(r"\s+", "", upper_ascii(printed.value))
    doubtful = printed.confidence < _SURE or any(c not in _ALPHABET for c in compact)
    if not uscc.is_valid(compact) and printed.origin is Origin.OCR and doubtful:
        repaired = uscc.repair(compact)
        if repaired is not None:
            return printed.map(lambda _: repaired).flagged("repaired")
    if len(compact) != 18 and printed.origin is Origin.OCR:
        within = [part for part in (compact[:-1], compact[1:]) if uscc.is_valid(part)]
        if len(within) == 1:
            return printed.map(lambda _: within[0]).flagged("repaired")
        return printed.map(lambda _: compact).flagged("low_confidence")
    return printed.map(lambda _: compact)
