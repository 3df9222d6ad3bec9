"""The accredited side of an alignment: rows by full key at once, and what else stands under a standard once a claim asks for it.

Most claims meet a row under their own key, so nothing but that key is laid down for every row; whatever explains a gap or tolerates
a spelling is worked out for one standard when a claim under it first goes without.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from matchers.capability_keys import (
    Capability,
    Key,
    inked,
    is_recognised,
    name_of,
    names_of,
    shaped,
    site_key,
    standards_of,
)
from matchers.limits import is_wider
from models.phrases import Limit

_Entry = tuple[str, frozenset[Limit], int]
"""A standard with its type, the limits on it, and the row."""

_VERDICTS: tuple[bool | None, ...] = (False, None, True)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What is accredited under one standard: the first row of each place and name, and the keys as they look.

    `first` is the standard's first row; `parameters` are by site and parameter, `anywhere` by object and parameter, `objects` by
    site and parameter in the order of the rows. `keys` are all of them, `recognised` those of rows in pictures.
    """

    first: int
    parameters: dict[tuple[str, str], int] = field(default_factory=dict)
    anywhere: dict[tuple[str, str], int] = field(default_factory=dict)
    objects: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)
    keys: dict[Key, None] = field(default_factory=dict)
    recognised: set[Key] = field(default_factory=set)
    _inks: dict[Key, Key] = field(default_factory=dict)
    _shapes: dict[Key, Key] = field(default_factory=dict)

    def add(self, row: int, capability: Capability, loose: str) -> None:
        """One more row under this standard."""
        site, recognised = site_key(capability.site), is_recognised(capability)
        for parameter in names_of(name_of(capability.parameter)):
            self.parameters.setdefault((site, parameter), row)
            for thing in names_of(name_of(capability.object)):
                self.anywhere.setdefault((thing, parameter), row)
                self.objects.setdefault((site, parameter), {})[thing] = None
                key = (loose, site, thing, parameter)
                self.keys[key] = None
                if recognised:
                    self.recognised.add(key)

    def alike(self, wanted: Key) -> Key | None:
        """The key that looks the same on paper."""
        if not self._inks:
            for standing in self.keys:
                self._inks.setdefault(inked(standing), standing)
        return self._inks.get(inked(wanted))

    def misread(self, wanted: Key, *, recognised: bool) -> Key | None:
        """The key of which one character of object or parameter was taken for one of its shape, where either side was recognised."""
        if not recognised and not self.recognised:
            return None
        if not self._shapes:
            for standing in self.keys:
                self._shapes.setdefault(shaped(standing), standing)
        found = self._shapes.get(shaped(wanted))
        if found is None or not (recognised or found in self.recognised):
            return None
        differing = sum(
            a != b for mine, theirs in zip(wanted, found, strict=True) for a, b in zip(mine, theirs, strict=False)
        )
        return found if differing == 1 else None


@dataclass(slots=True)
class _Group:
    """Accredited rows of one key, by type of standard and limits, with the next unused one."""

    rows: dict[tuple[str, frozenset[Limit]], list[int]] = field(default_factory=dict)
    used: dict[tuple[str, frozenset[Limit]], int] = field(default_factory=dict)

    def take(self, standard: str, limits: frozenset[Limit]) -> tuple[int, str, bool | None]:
        """The best row: its own limits first, then limits that hold the claim, then any; one to one while rows last."""
        best = (standard, limits)
        if best not in self.rows:
            best = min(self.rows, key=lambda kind: (_VERDICTS.index(is_wider(limits, kind[1])), kind[0] != standard))
        at = self.used.get(best, 0)
        self.used[best] = at + 1
        return self.rows[best][min(at, len(self.rows[best]) - 1)], best[0], is_wider(limits, best[1])


@dataclass(frozen=True, slots=True)
class Index:
    """`entries` by full key, `standards` the rows under a standard without its type, `series` the first row of any edition."""

    accredited: Sequence[Capability]
    entries: dict[Key, list[_Entry]] = field(default_factory=dict)
    standards: dict[str, list[int]] = field(default_factory=dict)
    series: dict[str, int] = field(default_factory=dict)
    _groups: dict[Key, _Group] = field(default_factory=dict)
    _neighbours: dict[str, Neighbours] = field(default_factory=dict)

    def take(self, names: Key, standard: str, limits: frozenset[Limit]) -> tuple[int, str, bool | None]:
        """Row, standard and whether the claim is wider, of the best row under a key that has some."""
        entries = self.entries[names]
        if len(entries) == 1:
            found, held, row = entries[0]
            return row, found, held != limits and is_wider(limits, held)
        if names not in self._groups:
            self._groups[names] = _grouped(entries)
        return self._groups[names].take(standard, limits)

    def neighbours(self, loose: str) -> Neighbours | None:
        """What stands under this standard; None where nothing does."""
        rows = self.standards.get(loose)
        if rows is None:
            return None
        if loose not in self._neighbours:
            near = self._neighbours[loose] = Neighbours(rows[0])
            for row in rows:
                near.add(row, self.accredited[row], loose)
        return self._neighbours[loose]


def index_of(accredited: Sequence[Capability]) -> Index:
    """Every accredited row under each of its standards, and each object and parameter that its cells list."""
    index = Index(accredited)
    for row, capability in enumerate(accredited):
        site = site_key(capability.site)
        objects, parameters = names_of(name_of(capability.object)), names_of(name_of(capability.parameter))
        for standard, loose, series, limits in standards_of(capability):
            index.series.setdefault(series, row)
            index.standards.setdefault(loose, []).append(row)
            entry = (standard, limits, row)
            for parameter in parameters:
                for thing in objects:
                    index.entries.setdefault((loose, site, thing, parameter), []).append(entry)
    return index


def _grouped(entries: Iterable[_Entry]) -> _Group:
    group = _Group()
    for standard, limits, row in entries:
        group.rows.setdefault((standard, limits), []).append(row)
    return group
