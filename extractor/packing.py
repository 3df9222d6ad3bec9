"""Dataclasses made bytes and opened again without trust: typed JSON, compressed, that holds values and can name no code."""

import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Convert = Callable[[Any], Any]

MOST_BYTES = 1_000_000_000
"""Unpacked; a page of an annex has about 40,000."""
_FAST = 1  # zlib's level: words shrink to a tenth, and a higher level takes longer than reading the page


class Malformed(ValueError):
    """Bytes that `pack` did not make, or made of other types than these."""


def pack(value: Any) -> bytes:
    """A dataclass of dataclasses, enumerations, tuples, string-keyed dicts and plain values, as bytes that begin with its schema."""
    kind: Any = type(value)
    text = json.dumps(_encoder(kind)(value), ensure_ascii=False, separators=(",", ":"), default=_plain)
    return schema(kind) + zlib.compress(text.encode("utf-8", "surrogatepass"), _FAST)


def unpack(kind: type[T], data: bytes) -> T:
    """The value again, equal to the one packed. Malformed for anything else than a value of just these types."""
    wanted: Any = kind
    mark = schema(wanted)
    if not data.startswith(mark):
        raise Malformed("made by another version")
    try:
        inflate = zlib.decompressobj()
        text = inflate.decompress(data[len(mark) :], MOST_BYTES)
        if not inflate.eof or inflate.unused_data:
            raise Malformed("cut short or too long")
        value: T = _decoder(wanted)(json.loads(text.decode("utf-8", "surrogatepass")))
    except (zlib.error, ValueError, TypeError, RecursionError) as error:
        raise Malformed(str(error)) from error
    return value


@cache
def schema(kind: Any) -> bytes:
    """8 bytes that change with any field, its name or type, of the dataclass and of those in it."""
    return hashlib.sha256("\n".join(sorted(_described(kind, {}).values())).encode()).digest()[:8]


def _described(kind: Any, found: dict[Any, str]) -> dict[Any, str]:
    if kind in found:
        return found
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        found[kind] = f"{kind.__name__}({', '.join(f'{f.name}: {hints[f.name]}' for f in fields(kind))})"
        for hint in hints.values():
            _described(hint, found)
    elif isinstance(kind, type) and issubclass(kind, Enum):
        found[kind] = f"{kind.__name__}({', '.join(str(member.value) for member in kind)})"
    else:
        for argument in get_args(kind):
            _described(argument, found)
    return found


def _plain(value: Any) -> Any:
    """A number of numpy's as Python's."""
    return value.item()


@cache
def _encoder(kind: Any) -> Convert:
    """Values of this type as what JSON has: a dataclass is the list of its fields."""
    if is_dataclass(kind):
        names = [field.name for field in fields(kind)]
        return lambda value: [_encoded(getattr(value, name)) for name in names]
    if issubclass(kind, Enum):
        return lambda value: value.value
    if issubclass(kind, tuple | list):
        return lambda value: [_encoded(one) for one in value]
    if issubclass(kind, dict):
        return lambda value: {key: _encoded(one) for key, one in value.items()}
    return lambda value: value


def _encoded(value: Any) -> Any:
    kind: Any = value.__class__
    return value if kind in _ATOMS else _encoder(kind)(value)


_ATOMS = frozenset({str, int, float, bool, NoneType})


@cache
def _decoder(kind: Any) -> Convert:
    """What makes a value of this type from what JSON gives, or raises ValueError or TypeError."""
    arguments = get_args(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        return _dataclass_decoder(kind)
    if get_origin(kind) is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            every = _decoder(arguments[0])
            return lambda value: tuple([every(one) for one in _a(list, value)])
        each = [_decoder(argument) for argument in arguments]
        return lambda value: tuple(make(one) for make, one in zip(each, _a(list, value), strict=True))
    if get_origin(kind) is dict and arguments[0] is str:
        of_value = _decoder(arguments[1])
        return lambda value: {key: of_value(one) for key, one in _a(dict, value).items()}
    if get_origin(kind) in (Union, UnionType) and len(arguments) == 2 and NoneType in arguments:
        given = _decoder(next(argument for argument in arguments if argument is not NoneType))
        return lambda value: None if value is None else given(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        members: dict[Any, Enum] = {member.value: member for member in kind}
        return lambda value: members[value] if value in members else kind(value)
    if kind is float:
        return _number
    if kind in _ATOMS:
        return lambda value: _a(kind, value)
    raise NotImplementedError(f"{kind} cannot be packed")


def _dataclass_decoder(kind: type) -> Convert:
    hints = get_type_hints(kind)
    parts = [_decoder(hints[field.name]) for field in fields(kind)]

    def make(value: Any) -> Any:
        return kind(*[part(one) for part, one in zip(parts, _a(list, value), strict=True)])

    return make


def _a(kind: type, value: Any) -> Any:
    if value.__class__ is not kind:
        raise TypeError(f"{kind.__name__} expected, not {type(value).__name__}")
    return value


def _number(value: Any) -> Any:
    return value if value.__class__ is float else _a(int, value)
