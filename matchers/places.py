"""The gazetteer: provinces and cities of the country, the districts, zones and renamed places of Hainan."""

from dataclasses import dataclass
from functools import cache

from matchers.data import read_pairs

HAINAN = "海南"


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the gazetteer: `level` is province, city or district; `short` the name without 省, 市 and the like."""

    level: str
    name: str
    short: str
    within: str


@cache
def places() -> tuple[Place, ...]:
    """Every division of `divisions.tsv`, in its order."""
    return tuple(
        Place(level, name, short, within) for level, name, short, within in _padded(read_pairs("divisions.tsv"), 4)
    )


@cache
def of_level(level: str) -> dict[str, Place]:
    """Full and short names of one level; the longest names come first, so the first prefix found is the right one."""
    found = {name: place for place in places() if place.level == level for name in (place.name, place.short)}
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


@cache
def hainan(kind: str) -> dict[str, str]:
    """One kind of entry of `hainan.tsv` (renamed, spelling, shared, zone): name as met -> name or place now, longest first."""
    found = {name: now for entry, name, now, _ in _padded(read_pairs("hainan.tsv"), 4) if entry == kind}
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


@cache
def hainan_only_in() -> dict[str, str]:
    """Older names that are met elsewhere too -> the city in which alone they mean the place of today."""
    return {name: city for _, name, _, city in _padded(read_pairs("hainan.tsv"), 4) if city}


def _padded(rows: tuple[tuple[str, ...], ...], width: int) -> list[tuple[str, ...]]:
    return [(*row, *[""] * (width - len(row))) for row in rows]
