"""What readers hand on to each other: values of `models` and `extractor` made bytes, compressed, and opened without trust."""

import io
import pickle
import zlib
from typing import Any

from models.errors import ReviewError

_PLAIN = {
    "builtins": {"frozenset", "set", "complex", "bytearray", "range", "slice"},
    "collections": {"OrderedDict"},
    "datetime": {"date", "datetime", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "types": {"MappingProxyType"},
}
_OURS = ("models.", "api.reading.", "api.jobs.tasks.", "extractor.document.", "extractor.pool.", "extractor.parts.")


class ForeignParcel(ReviewError):
    """中间结果包含不允许的内容。 An interim result holds what it must not hold."""

    code = "foreign_parcel"


def pack(value: Any) -> bytes:
    """The value as bytes; page after page of words shrinks to about a tenth."""
    return zlib.compress(pickle.dumps(value, protocol=5), 1)


def unpack(data: bytes) -> Any:
    """The value again. Only our own dataclasses and enumerations and plain values are made: a reader that a file has taken over
    cannot make the process that opens its result run anything. ForeignParcel where it tries."""
    return _Unpickler(io.BytesIO(zlib.decompress(data))).load()


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if name in _PLAIN.get(module, ()):
            return super().find_class(module, name)
        if f"{module}.".startswith(_OURS) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise ForeignParcel(f"{module}.{name}")
