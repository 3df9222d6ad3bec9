"""Identity card and telephone numbers in texts that more people see than need them: lists, logs, reports for other systems."""

import copy
import dataclasses
import json
import re
from typing import Any, TypeVar, cast

from models.codes import uscc
from models.codes.uscc import organisation_code_is_valid

T = TypeVar("T")

_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])([1-8]\d{2})\d{3}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(\d{3}[0-9Xx])(?![0-9A-Za-z])"
)
"""GB 11643: six digits of a division, the date of birth, three of sequence, a check character."""
_MOBILE = re.compile(r"(?<![0-9A-Za-z.*])(1[3-9]\d)([ -]?)\d{4}([ -]?)(\d{4})(?![0-9A-Za-z])")
_LANDLINE = re.compile(r"(?<![0-9A-Za-z./-])(0\d{2,3})([- ])\d{3,4}(\d{4})(?![0-9A-Za-z-])")


def masked(text: str) -> str:
    """The text with the middle of each such number as asterisks: 460***********1234, 138****5678, 0898-****1234.

    A unified social credit code that could be read as one stays: it names a body, not a person.
    """
    text = _IDENTITY.sub(lambda m: m[0] if _is_of_a_body(m[0]) else f"{m[1]}{11 * '*'}{m[2]}", text)
    text = _MOBILE.sub(r"\1\2****\3\4", text)
    return _LANDLINE.sub(lambda m: f"{m[1]}{m[2]}{'*' * (len(m[0]) - len(m[1]) - 5)}{m[3]}", text)


def _is_of_a_body(number: str) -> bool:
    """Whether the number is a credit code and no identity card: each has check characters of its own."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True)) % 11
    card = "10X98765432"[rest] == number[17].upper()
    return not card and uscc.is_valid(number) and organisation_code_is_valid(number)


def masked_values(value: Any) -> Any:
    """The same for every text in a value of JSON; names of members stay."""
    match value:
        case str():
            return masked(value)
        case dict():
            return {name: masked_values(one) for name, one in value.items()}
        case list():
            return [masked_values(one) for one in value]
        case _:
            return value


def masked_json(content: bytes) -> bytes:
    """A JSON document with its texts masked; the very same bytes where there is nothing to mask."""
    text = content.decode()
    if not any(pattern.search(text) for pattern in (_IDENTITY, _MOBILE, _LANDLINE)):
        return content
    return json.dumps(masked_values(json.loads(content)), ensure_ascii=False, separators=(",", ":")).encode()


def masked_texts(value: T) -> T:
    """The same for every text in a value made of dataclasses, tuples, sets and dictionaries; equal values where there is none."""
    return cast(T, _masked(value))


def _masked(value: Any) -> Any:
    kind = type(value)
    if kind is str:
        return masked(value)
    if kind in (tuple, list, frozenset):
        return kind(_masked(one) for one in value)
    if kind is dict:
        return {name: _masked(one) for name, one in value.items()}
    if not dataclasses.is_dataclass(kind):
        return value
    changed = {}
    for field in dataclasses.fields(kind):
        before = getattr(value, field.name)
        if (after := _masked(before)) != before:
            changed[field.name] = after
    if not changed:
        return value
    shown = copy.copy(value)  # not `replace`: what a type demands of its values, asterisks need not meet
    for name, after in changed.items():
        object.__setattr__(shown, name, after)
    return shown
