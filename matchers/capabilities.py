"""Rows of capability against rows of capability: each claimed row and standard finds the accredited one it rests on.

A hash join on (standard, site, object, parameter): one pass over either side, however large. Where an exact partner is
missing, the deepest level at which the two still meet says why. Fuzzy comparison happens only among the few objects under
one standard, site and parameter.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from rapidfuzz import fuzz, process

from matchers.likeness import shapes
from matchers.limits import is_wider
from models.layout import Origin
from models.phrases import Limit
from models.standards import StandardRef
from models.text import key

__all__ = ["Capability", "Gap", "Pairing", "align", "limits_of"]

_PARTICLES = re.compile(r"及其|以及|及|其|和|与|的|等|[()<>《》;,.·/]")
_PUNCTUATION = re.compile(r"[()<>《》;,·:/\-]|(?<![0-9])\.|\.(?![0-9])")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[;,.·:/\-](?=[0-9])")
_LOOKS = str.maketrans("OIL|", "0111")
_MOST_OBJECTS = 500  # fuzzy comparison of objects inside one block stops here, so that no block costs quadratic time


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


class Gap(StrEnum):
    """Why a claimed row and standard has no accredited partner: the first level at which the two part."""

    STANDARD = "standard"
    YEAR = "year"
    SITE = "site"
    PARAMETER = "parameter"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Pairing:
    """One standard of one claimed row. `partner` is the accredited row it rests on, None where there is none.

    `gap` says why there is none and `nearest` the accredited row that comes closest. `wider` tells whether the claim goes beyond
    the partner's limits, None where words alone cannot tell. `tolerance` names what was tolerated to find the partner.
    """

    claimed: int
    standard: str
    partner: int | None
    gap: Gap | None = None
    nearest: int | None = None
    wider: bool | None = False
    tolerance: str = ""


@dataclass(slots=True)
class _Group:
    """Accredited rows alike in standard, site, object and parameter, by type of standard and limits, with the next unused one."""

    rows: dict[tuple[str, frozenset[Limit]], list[int]] = field(default_factory=dict)
    used: dict[tuple[str, frozenset[Limit]], int] = field(default_factory=dict)

    def add(self, standard: str, limits: frozenset[Limit], row: int) -> None:
        self.rows.setdefault((standard, limits), []).append(row)

    def take(self, standard: str, limits: frozenset[Limit]) -> tuple[int, str, bool | None]:
        """The best row: its own limits first, then limits that hold the claim, then any; one to one while rows last."""
        best = (standard, limits)
        if best not in self.rows:
            best = min(self.rows, key=lambda kind: (_VERDICTS.index(is_wider(limits, kind[1])), kind[0] != standard))
        at = self.used.get(best, 0)
        self.used[best] = at + 1
        return self.rows[best][min(at, len(self.rows[best]) - 1)], best[0], is_wider(limits, best[1])


_VERDICTS: tuple[bool | None, ...] = (False, None, True)
_Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class _Index:
    """The accredited side: groups by full key, and a first row for each level above, to say how far a claim gets."""

    groups: dict[_Key, _Group] = field(default_factory=dict)
    levels: dict[tuple[str, ...], int] = field(default_factory=dict)
    objects: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    inks: dict[_Key, _Key] = field(default_factory=dict)
    shapes: dict[_Key, _Key] = field(default_factory=dict)
    recognised: set[_Key] = field(default_factory=set)

    def alike(self, wanted: _Key) -> _Key | None:
        """The key that looks the same on paper; worked out for all keys when first asked, for most claims never ask."""
        if not self.inks:
            for standing in self.groups:
                self.inks.setdefault(_inked(standing), standing)
        return self.inks.get(_inked(wanted))

    def misread(self, wanted: _Key, *, recognised: bool) -> _Key | None:
        """The key of which one character of object or parameter was taken for one of its shape, where either side was recognised."""
        if not recognised and not self.recognised:
            return None
        if not self.shapes:
            for standing in self.groups:
                self.shapes.setdefault(_shaped(standing), standing)
        found = self.shapes.get(_shaped(wanted))
        if found is None or not (recognised or found in self.recognised):
            return None
        differing = sum(
            a != b for mine, theirs in zip(wanted, found, strict=True) for a, b in zip(mine, theirs, strict=False)
        )
        return found if differing == 1 else None

    def add(self, row: int, capability: Capability) -> None:
        site = site_key(capability.site)
        objects, parameters = _names(capability.object), _names(capability.parameter)
        recognised = _is_recognised(capability)
        for standard, loose, series, limits in _standards(capability):
            self.levels.setdefault(("series", series), row)
            self.levels.setdefault(("standard", loose), row)
            for parameter in parameters:
                self.levels.setdefault(("parameter", loose, site, parameter), row)
                for thing in objects:
                    self.levels.setdefault(("anywhere", loose, thing, parameter), row)
                    group = self.groups.get((loose, site, thing, parameter))
                    if group is None:
                        group = self.groups[loose, site, thing, parameter] = _Group()
                        self.objects.setdefault((loose, site, parameter), []).append(thing)
                    if recognised:
                        self.recognised.add((loose, site, thing, parameter))
                    group.add(standard, limits, row)


def align(
    claimed: Sequence[Capability], accredited: Sequence[Capability], *, object_likeness: float = 0.7
) -> list[Pairing]:
    """One pairing for each standard of each claimed row, in order; rows without a standard pair by their method's words.

    The same standard (GB and GB/T of one number and year are one text), the same site (none is the main site A), the same
    parameter and object. One cell that lists several parameters or objects (铅、镉) accredits each of them. An object may be
    spelt otherwise, `object_likeness` says how far; a parameter may not.
    """
    index = _Index()
    for row, capability in enumerate(accredited):
        index.add(row, capability)
    return [
        pairing for row, capability in enumerate(claimed) for pairing in _pair(row, capability, index, object_likeness)
    ]


def limits_of(capability: Capability, ref: StandardRef | None = None) -> frozenset[Limit]:
    """Every limit that holds for one standard of a row; without a standard those that hold for the whole row."""
    return _limits_on(capability.limits, ref.key if ref is not None else None)


@lru_cache(maxsize=65536)
def _limits_on(limits: tuple[Limit, ...], standard: str | None) -> frozenset[Limit]:
    return frozenset(replace(limit, standard=None) for limit in limits if limit.standard in (None, standard))


@lru_cache(maxsize=4096)
def site_key(site: str | None) -> str:
    """A site's letter; a row without one belongs to the main site A."""
    return key(site or "").removeprefix("地址").removeprefix("场所").strip(":()") or "A"


def _pair(row: int, capability: Capability, index: _Index, object_likeness: float) -> Iterator[Pairing]:
    site, thing, parameter = site_key(capability.site), _name(capability.object), _name(capability.parameter)
    for standard, loose, series, limits in _standards(capability):
        wanted = (loose, site, thing, parameter)
        names, tolerance = _partner_names(index, wanted, object_likeness)
        if names is None and (names := index.misread(wanted, recognised=_is_recognised(capability))) is not None:
            tolerance = f"疑似识别错误，请对照原件：“{thing} {parameter}”与“{names[2]} {names[3]}”"
        if names is None:
            gap, nearest = _gap(index, loose, series, site, thing, parameter)
            yield Pairing(row, standard, None, gap, nearest)
            continue
        partner, found, wider = index.groups[names].take(standard, limits)
        if found != standard:
            tolerance = "；".join(part for part in (tolerance, f"标准为 {found}，仅强制性与推荐性标识不同") if part)
        yield Pairing(row, standard, partner, wider=wider, tolerance=tolerance)


def _partner_names(index: _Index, wanted: _Key, likeness: float) -> tuple[_Key | None, str]:
    """The key under which a partner stands: exactly, by every part of a list, or under an object spelt otherwise."""
    if wanted in index.groups:
        return wanted, ""
    loose, site, thing, parameter = wanted
    keys = [
        (loose, site, one, each)
        for one in _names_of(thing)[1:] or (thing,)
        for each in _names_of(parameter)[1:] or (parameter,)
    ]
    if len(keys) > 1 and all(one in index.groups for one in keys):
        return keys[0], "所列对象或参数分别获认可"
    if (found := index.alike(wanted)) is not None:
        return found, f"仅标点或形近的字母、数字不同：“{thing} {parameter}”与“{found[2]} {found[3]}”"
    objects = index.objects.get((loose, site, parameter), [])
    if thing and len(objects) <= _MOST_OBJECTS:
        bare = _without_particles(thing)
        same = [one for one in objects if _without_particles(one) == bare]
        likest = process.extractOne(thing, same, scorer=fuzz.ratio, score_cutoff=100 * likeness)
        if likest is not None:
            return (loose, site, likest[0], parameter), f"检测对象写法相近：“{thing}”与“{likest[0]}”"
    return None, ""


def _is_recognised(capability: Capability) -> bool:
    """Rows of registries were never recognised."""
    return getattr(capability, "origin", Origin.TEXT) is Origin.OCR


def _shaped(wanted: _Key) -> _Key:
    return wanted[0], wanted[1], wanted[2].translate(shapes()), wanted[3].translate(shapes())


def _inked(wanted: _Key) -> _Key:
    return wanted[0], wanted[1], _ink(wanted[2]), _ink(wanted[3])


@lru_cache(maxsize=65536)
def _ink(name: str) -> str:
    """A name as it looks: without punctuation but between digits (2,4-滴), O as 0, I, L and | as 1. No Chinese character is another."""
    return _PUNCTUATION.sub("", _BETWEEN_DIGITS.sub(".", name)).translate(_LOOKS)


@lru_cache(maxsize=4096)
def _without_particles(name: str) -> str:
    """What names a thing, without the words that only join. Anything else that differs may be another thing: 氯 is not 氟."""
    return _PARTICLES.sub("", name)


def _gap(index: _Index, loose: str, series: str, site: str, thing: str, parameter: str) -> tuple[Gap, int | None]:
    """The first level at which the claim has no counterpart, with an accredited row of the level before."""
    ladder = (
        (("anywhere", loose, thing, parameter), Gap.SITE),
        (("parameter", loose, site, parameter), Gap.OBJECT),
        (("standard", loose), Gap.PARAMETER),
        (("series", series), Gap.YEAR),
    )
    for level, gap in ladder:
        if level in index.levels:
            return gap, index.levels[level]
    return Gap.STANDARD, None


def _standards(capability: Capability) -> Iterator[tuple[str, str, str, frozenset[Limit]]]:
    """Key, key without type, series and limits of each standard; the words of the method where it names none."""
    if not capability.standards:
        words = f"「{key(capability.method)}」"
        yield words, words, words, limits_of(capability)
    for ref in capability.standards:
        yield ref.key, ref.key_without_type, ref.series, limits_of(capability, ref)


def _name(text: str | None) -> str:
    return _key(text) if text else ""


def _names(text: str | None) -> tuple[str, ...]:
    return _names_of(_name(text))


@lru_cache(maxsize=65536)
def _key(text: str) -> str:
    return key(text)


@lru_cache(maxsize=65536)
def _names_of(name: str) -> tuple[str, ...]:
    """The name, and each thing it lists; a name such as 2,4-滴 is no list."""
    parts = name.split(";")
    listed = len(parts) > 1 and all(any("一" <= char <= "鿿" for char in part) for part in parts)
    return (name, *parts) if listed else (name,)


def rows_with(pairings: Iterable[Pairing]) -> dict[int, list[Pairing]]:
    """The pairings of each claimed row, in order."""
    found: dict[int, list[Pairing]] = {}
    for pairing in pairings:
        found.setdefault(pairing.claimed, []).append(pairing)
    return found
