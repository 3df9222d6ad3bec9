"""Many frozen dataclass instances at once, a column at a time: a page has hundreds of words, boxes and cells."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cache
from itertools import repeat
from typing import Any, TypeVar

T = TypeVar("T")


def instances(kind: type[T], count: int, *columns: Iterable[Any]) -> list[T]:
    """`count` instances of a dataclass with slots: each column holds the values of one field, in the order of the fields.

    Fields without a column get their default. Equal to calling `kind(*row)` for each row, without a Python frame a call.
    """
    made = list(map(object.__new__, repeat(kind, count)))
    dataclass: Any = kind
    setters, defaults = _setters(dataclass)
    for setter, values in zip(setters, (*columns, *map(repeat, defaults[len(columns) :])), strict=True):
        deque(map(setter, made, values), maxlen=0)
    return made


@cache
def _setters(kind: Any) -> tuple[list[Callable[[Any, Any], None]], list[Any]]:
    """For each field what writes its slot, past the frozen `__setattr__`, and its default."""
    return [getattr(kind, f.name).__set__ for f in fields(kind)], [f.default for f in fields(kind)]
