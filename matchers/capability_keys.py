"""What capability rows are found by: site, object and parameter as names, standards as keys, and the limits on them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Protocol

from matchers.likeness import shapes
from models.layout import Origin
from models.phrases import Limit
from models.standards import StandardRef
from models.text import key

_PARTICLES = re.compile(r"及其|以及|及|其|和|与|的|等|[()<>《》;,.·/]")
_PUNCTUATION = re.compile(r"[()<>《》;,·:/\-]|(?<![0-9])\.|\.(?![0-9])")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[;,.·:/\-](?=[0-9])")
_UNLIMITED: frozenset[Limit] = frozenset()
_LOOKS = str.maketrans("OIL|", "0111")

Key = tuple[str, str, str, str]
"""Standard without its type, site, object and parameter."""


class Capability(Protocol):
    """What rows of annexes, forms and registries have in common."""

    @property
    def site(self) -> str | None: ...
    @property
    def object(self) -> str | None: ...
    @property
    def parameter(self) -> str | None: ...
    @property
    def method(self) -> str: ...
    @property
    def standards(self) -> tuple[StandardRef, ...]: ...
    @property
    def limitation(self) -> str | None: ...
    @property
    def limits(self) -> tuple[Limit, ...]: ...


def limits_of(capability: Capability, ref: StandardRef | None = None) -> frozenset[Limit]:
    """Every limit that holds for one standard of a row; without a standard those that hold for the whole row."""
    return _limits_on(capability.limits, ref.key if ref is not None else None) if capability.limits else _UNLIMITED


@lru_cache(maxsize=65536)
def _limits_on(limits: tuple[Limit, ...], standard: str | None) -> frozenset[Limit]:
    return frozenset(replace(limit, standard=None) for limit in limits if limit.standard in (None, standard))


@lru_cache(maxsize=4096)
def site_key(site: str | None) -> str:
    """A site's letter; a row without one belongs to the main site A."""
    return key(site or "").removeprefix("地址").removeprefix("场所").strip(":()") or "A"


def standards_of(capability: Capability) -> Iterator[tuple[str, str, str, frozenset[Limit]]]:
    """Key, key without type, series and limits of each standard; the words of the method where it names none."""
    if not capability.standards:
        words = f"「{key(capability.method)}」"
        yield words, words, words, limits_of(capability)
    for ref in capability.standards:
        yield ref.key, ref.key_without_type, ref.series, limits_of(capability, ref)


@lru_cache(maxsize=65536)
def name_of(text: str | None) -> str:
    """A name as it is compared; empty where there is none."""
    return key(text) if text else ""


@lru_cache(maxsize=65536)
def names_of(name: str) -> tuple[str, ...]:
    """The name, and each thing it lists; a name such as 2,4-滴 is no list."""
    parts = name.split(";")
    listed = len(parts) > 1 and all(any("一" <= char <= "鿿" for char in part) for part in parts)
    return (name, *parts) if listed else (name,)


def is_recognised(capability: Capability) -> bool:
    """Rows of registries were never recognised."""
    return getattr(capability, "origin", Origin.TEXT) is Origin.OCR


def shaped(wanted: Key) -> Key:
    """The key with each Chinese character of object and parameter as the chief one of its shape."""
    return wanted[0], wanted[1], wanted[2].translate(shapes()), wanted[3].translate(shapes())


def inked(wanted: Key) -> Key:
    """The key with object and parameter as they look on paper."""
    return wanted[0], wanted[1], _ink(wanted[2]), _ink(wanted[3])


@lru_cache(maxsize=65536)
def _ink(name: str) -> str:
    """A name as it looks: without punctuation but between digits (2,4-滴), O as 0, I, L and | as 1. No Chinese character is another."""
    return _PUNCTUATION.sub("", _BETWEEN_DIGITS.sub(".", name)).translate(_LOOKS)


@lru_cache(maxsize=4096)
def without_particles(name: str) -> str:
    """What names a thing, without the words that only join. Anything else that differs may be another thing: 氯 is not 氟."""
    return _PARTICLES.sub("", name)
