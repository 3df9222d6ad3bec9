"""Numbers as a spreadsheet shows them: 226 in the format 0000 is 0226, 1.1 in the format 0.00 is 1.10, 46327 may be a date."""

import datetime as dt
import re

_BUILT_IN = {1: "0", 2: "0.00", 9: "0%", 10: "0.00%"}  # ECMA-376 part 1, 18.8.30
_BUILT_IN_DATES = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
_PLAIN = re.compile(r"0{1,20}(?:\.(0{1,20}))?(%?)")
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATE = re.compile(r"[yd]", re.IGNORECASE)
_EPOCH_1900, _EPOCH_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)  # noqa: DTZ001 - a spreadsheet knows no zones
_LAST_DAY = 2_958_465  # 9999-12-31


def format_code(number: int, own: dict[int, str]) -> str:
    """The format with this number: one of the file's `own`, else a built-in one; "" (general) where it is neither."""
    return own.get(number) or ("yyyy-mm-dd" if number in _BUILT_IN_DATES else _BUILT_IN.get(number, ""))


def shown(value: float, code: str, *, since_1904: bool = False) -> str:
    """The number in that format: dates as ISO, zeros kept that the format asks for; else the shortest form without a needless point."""
    first = _LITERAL.sub("", code.split(";")[0])
    if plain := _PLAIN.fullmatch(first):
        percent = plain.group(2)
        digits = len(plain.group(1) or "")
        text = f"{value * (100 if percent else 1):.{digits}f}"
        width = len(first) - len(percent)
        return text.zfill(width + text.startswith("-")) + percent
    if _DATE.search(first) and 0 <= value < _LAST_DAY:
        return ((_EPOCH_1904 if since_1904 else _EPOCH_1900) + dt.timedelta(days=value)).date().isoformat()
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
