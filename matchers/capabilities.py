"""Rows of capability against rows of capability: each claimed row and standard finds the accredited one it rests on.

A hash join on (standard, site, object, parameter): one pass over either side, however large. Where an exact partner is
missing, the deepest level at which the two still meet says why. Fuzzy comparison happens only among the few objects under
one standard, site and parameter.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process

from matchers.accredited_index import Index, Neighbours, index_of
from matchers.capability_keys import (
    Capability,
    Key,
    is_recognised,
    limits_of,
    name_of,
    names_of,
    site_key,
    standards_of,
    without_particles,
)

__all__ = ["Capability", "Gap", "Pairing", "align", "limits_of", "rows_with", "site_key"]

_MOST_OBJECTS = 500  # fuzzy comparison of objects inside one block stops here, so that no block costs quadratic time


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


def align(
    claimed: Sequence[Capability], accredited: Sequence[Capability], *, object_likeness: float = 0.7
) -> list[Pairing]:
    """One pairing for each standard of each claimed row, in order; rows without a standard pair by their method's words.

    The same standard (GB and GB/T of one number and year are one text), the same site (none is the main site A), the same
    parameter and object. One cell that lists several parameters or objects (铅、镉) accredits each of them. An object may be
    spelt otherwise, `object_likeness` says how far; a parameter may not.
    """
    index = index_of(accredited)
    return [
        pairing for row, capability in enumerate(claimed) for pairing in _pair(row, capability, index, object_likeness)
    ]


def _pair(row: int, capability: Capability, index: Index, object_likeness: float) -> Iterator[Pairing]:
    site, thing, parameter = site_key(capability.site), name_of(capability.object), name_of(capability.parameter)
    for standard, loose, series, limits in standards_of(capability):
        wanted, names, tolerance = (loose, site, thing, parameter), None, ""
        if wanted in index.entries:
            names = wanted
        elif (near := index.neighbours(loose)) is not None:
            names, tolerance = _partner_names(index, near, wanted, object_likeness)
            if names is None and (names := near.misread(wanted, recognised=is_recognised(capability))) is not None:
                tolerance = f"疑似识别错误，请对照原件：“{thing} {parameter}”与“{names[2]} {names[3]}”"
        if names is None:
            gap, nearest = _gap(index, wanted, series)
            yield Pairing(row, standard, None, gap, nearest)
            continue
        partner, found, wider = index.take(names, standard, limits)
        if found != standard:
            tolerance = "；".join(part for part in (tolerance, f"标准为 {found}，仅强制性与推荐性标识不同") if part)
        yield Pairing(row, standard, partner, wider=wider, tolerance=tolerance)


def _partner_names(index: Index, near: Neighbours, wanted: Key, likeness: float) -> tuple[Key | None, str]:
    """The key under which a partner stands: by every part of a list, as it looks, or under an object spelt otherwise."""
    loose, site, thing, parameter = wanted
    keys = [
        (loose, site, one, each)
        for one in names_of(thing)[1:] or (thing,)
        for each in names_of(parameter)[1:] or (parameter,)
    ]
    if len(keys) > 1 and all(one in index.entries for one in keys):
        return keys[0], "所列对象或参数分别获认可"
    if (found := near.alike(wanted)) is not None:
        return found, f"仅标点或形近的字母、数字不同：“{thing} {parameter}”与“{found[2]} {found[3]}”"
    objects = near.objects.get((site, parameter), ())
    if thing and len(objects) <= _MOST_OBJECTS:
        bare = without_particles(thing)
        same = [one for one in objects if without_particles(one) == bare]
        likest = process.extractOne(thing, same, scorer=fuzz.ratio, score_cutoff=100 * likeness)
        if likest is not None:
            return (loose, site, likest[0], parameter), f"检测对象写法相近：“{thing}”与“{likest[0]}”"
    return None, ""


def _gap(index: Index, wanted: Key, series: str) -> tuple[Gap, int | None]:
    """The first level at which the claim has no counterpart, with an accredited row of the level before."""
    loose, site, thing, parameter = wanted
    near = index.neighbours(loose)
    if near is not None:
        if (found := near.anywhere.get((thing, parameter))) is not None:
            return Gap.SITE, found
        if (found := near.parameters.get((site, parameter))) is not None:
            return Gap.OBJECT, found
        return Gap.PARAMETER, near.first
    found = index.series.get(series)
    return (Gap.STANDARD if found is None else Gap.YEAR), found


def rows_with(pairings: Iterable[Pairing]) -> dict[int, list[Pairing]]:
    """The pairings of each claimed row, in order."""
    found: dict[int, list[Pairing]] = {}
    for pairing in pairings:
        found.setdefault(pairing.claimed, []).append(pairing)
    return found
