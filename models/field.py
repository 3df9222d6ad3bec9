"""A value together with where it was seen and how sure that is."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from models.errors import Unread
from models.layout import Box, Origin

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Region:
    """A place on a page of an uploaded file. `document` is the file's sha256, `text` what stands there as printed."""

    document: str
    page: int
    box: Box
    text: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A registry's answer as of a date: `registry` is the kind (`enterprises`, `library`, …), `as_of` and `retrieved_at` are ISO 8601.

    `lag_days` is by how many working days the registry runs behind what happens.
    """

    registry: str
    as_of: str
    sha256: str
    retrieved_at: str = ""
    url: str = ""
    text: str = ""
    lag_days: int = 0


Evidence = Region | Snapshot


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """A value that was read: `value` is None where it should be there and could not be read; `text` is what is printed.

    `confidence` is in [0, 1]. `flags` are stable words: `seal_overlap`, `repaired`, `encoding_variant`, `low_confidence`, `inferred`.
    `label` is the printed label where it varies (法定代表人, 负责人, …). `other` is what another reading of the same ink says where the two
    differ, as under a seal; "" where there is none.
    """

    value: T | None
    text: str
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 1.0
    origin: Origin = Origin.TEXT
    flags: tuple[str, ...] = ()
    label: str = ""
    other: str = ""

    def require(self) -> T:
        """The value; raises `Unread` where there is none."""
        if self.value is None:
            raise Unread(self.label or self.text)
        return self.value

    def map(self, convert: Callable[[T], U | None]) -> "Field[U]":
        """The same evidence with the value converted; a conversion that yields None leaves the field unread."""
        value = None if self.value is None else convert(self.value)
        return Field(value, self.text, self.evidence, self.confidence, self.origin, self.flags, self.label, self.other)

    def flagged(self, *flags: str) -> "Field[T]":
        return replace(self, flags=tuple(dict.fromkeys((*self.flags, *flags))))
