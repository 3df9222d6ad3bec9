"""A report kept for later drawing: dataclasses as compressed JSON, typed by pydantic, opened without trust in whoever wrote it."""

import zlib
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from extractor.packing import Malformed

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")

_MOST_BYTES = 1_000_000_000


def pack(value: Any) -> bytes:
    """The value as bytes."""
    kind: Any = type(value)
    return zlib.compress(_adapter(kind).dump_json(value), 1)


def unpack(kind: type[T], data: bytes) -> T:
    """The value again, equal to the one packed. Malformed where its types have changed since, or the bytes are others."""
    wanted: Any = kind
    try:
        inflate = zlib.decompressobj()
        text = inflate.decompress(data, _MOST_BYTES)
        if not inflate.eof:
            raise Malformed("cut short or too long")
        value: T = _adapter(wanted).validate_json(text)
    except (zlib.error, ValueError) as error:  # pydantic's are ValueErrors
        raise Malformed(str(error)[:500]) from error
    return value


@cache
def _adapter(kind: Any) -> "TypeAdapter[Any]":
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
