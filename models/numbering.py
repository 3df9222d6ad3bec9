"""The numbers that a capability table prints before its objects and parameters: where they skip."""

import re
from collections.abc import Iterable, Iterator

from models.papers.capability import CapabilityRow

_LAST_FIGURE = re.compile(r"(\d{1,4})\D*$")


def holes(rows: Iterable[CapabilityRow]) -> Iterator[tuple[str, CapabilityRow]]:
    """The numbers that one section of one site skips, each with the row after them.

    Objects are numbered over the section, parameters over their object or on through the section. A number may repeat (two
    methods, known double numbering) and begin again at 1; it may not jump ahead.
    """
    last_object, last_parameter = 0, 0
    seen: dict[str, int] = {}
    for row in rows:
        printed = row.object_number or ""
        if (number := _ordinal(printed)) is not None:
            if number > last_object + 1:
                yield f"对象 {_range('', last_object + 1, number - 1)}", row
            if number == 1 < last_object:
                seen.clear()
            last_object = 1 if number == 1 else max(number, last_object)
        if (number := _ordinal(row.parameter_number)) is not None:
            own = seen.get(printed, 0)
            if number > own + 1 and number != last_parameter + 1:
                prefix = (row.parameter_number or "").strip().removesuffix(str(number))
                yield f"对象 {printed} 的参数 {_range(prefix, own + 1, number - 1)}", row
            seen[printed] = max(own, number)
            last_parameter = number


def _ordinal(printed: str | None) -> int | None:
    """The last figure of `1`, `1.2` or `(3)`; None where there is none."""
    found = _LAST_FIGURE.search(printed or "")
    return int(found[1]) if found else None


def _range(prefix: str, first: int, last: int) -> str:
    return f"{prefix}{first}" if first == last else f"{prefix}{first}–{prefix}{last}"
