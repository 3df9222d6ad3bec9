"""What a new snapshot changes: standards and accreditations that issued rows and open cases rest on and that stand otherwise now."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from matchers.standards import Library, LibraryState, Standing
from models.records import AccreditationRecord, RegistryKind, StandardRecord
from models.standards import StandardRef

Row = dict[str, str]
"""A row of a registry file: field name -> text."""


class Change(StrEnum):
    """What became of a standard in the library, of its status, of an accreditation, or of a body that holds certificates."""

    ADDED = "added"
    ABOLISHED = "abolished"
    CITE_ONLY = "cite_only"
    SERIES_ONLY = "series_only"
    TYPE_VARIANT = "type_variant"
    AMBIGUOUS = "ambiguous"
    REMOVED = "removed"
    MOVED = "moved"
    STATUS = "status"
    RENAMED = "renamed"
    LISTED = "listed"
    ENDED = "ended"


_CHANGES = {
    LibraryState.IN_LIB: Change.ADDED,
    LibraryState.ABOLISHED: Change.ABOLISHED,
    LibraryState.CITE_ONLY: Change.CITE_ONLY,
    LibraryState.SERIES_ONLY: Change.SERIES_ONLY,
    LibraryState.TYPE_VARIANT: Change.TYPE_VARIANT,
    LibraryState.AMBIGUOUS: Change.AMBIGUOUS,
    LibraryState.NOT_IN_LIB: Change.REMOVED,
}


class HolderKind(StrEnum):
    """What holds a row."""

    CERTIFICATE = "certificate"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Holding:
    """A row that rests on standards: of an issued certificate (by number) or of an open case (by name).

    `row` counts from 1 within its holder, as the file or the report has it; 0 stands for all rows of the holder.
    """

    kind: HolderKind
    holder: str
    row: int
    site: str = ""
    object: str = ""
    parameter: str = ""
    method: str = ""
    standards: tuple[StandardRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """One standard or accreditation that stands otherwise now, with every row that rests on it.

    `before` and `after` are states of the library, or statuses as the registry prints them; `suggestion` is the code to apply for now.
    """

    registry: RegistryKind
    change: Change
    subject: str
    before: str
    after: str
    suggestion: str
    holdings: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """How two snapshots of a registry differ: names and hashes, and how many entries were added, removed or changed."""

    registry: RegistryKind
    old: tuple[str, str]
    new: tuple[str, str]
    added: int = 0
    removed: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Impact:
    """Every difference that was looked for, and every effect found."""

    differences: tuple[Difference, ...]
    effects: tuple[Effect, ...]


def differing(old: Iterable[Row], new: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """The rows that only the old and that only the new snapshot holds; rows that merely moved are in neither."""
    before, after = Counter(map(_frozen, old)), Counter(map(_frozen, new))
    return [dict(row) for row in before - after], [dict(row) for row in after - before]


def _frozen(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(row.items()))


def tally(removed: Sequence[Row], added: Sequence[Row], name: str) -> tuple[int, int, int]:
    """Entries added, removed and changed, entries being told apart by the field `name`."""
    before, after = ({row.get(name, "") for row in rows} for rows in (removed, added))
    return len(after - before), len(before - after), len(before & after)


def library_effects(holdings: Iterable[Holding], old: Library, new: Library) -> list[Effect]:
    """The standards (and methods without a number) whose state or 领域 differs between the two libraries."""
    effects = []
    for subject, find, held in _by_subject(holdings):
        before, after = find(old), find(new)
        change = _change(before, after)
        if change is not None:
            suggestion = "" if after.state is LibraryState.IN_LIB else after.suggestion or ""
            said = (_said(before, change), _said(after, change))
            effects.append(Effect(RegistryKind.LIBRARY, change, subject, *said, suggestion, held))
    return effects


def _by_subject(
    holdings: Iterable[Holding],
) -> list[tuple[str, Callable[[Library], Standing], tuple[Holding, ...]]]:
    """Each standard once, or each method without one, with how it is looked up and the rows that rest on it."""
    held: dict[str, list[Holding]] = defaultdict(list)
    references: dict[str, StandardRef] = {}
    for holding in holdings:
        for ref in holding.standards:
            references[ref.key] = ref
        for subject in dict.fromkeys(ref.key for ref in holding.standards) or [holding.method]:
            held[subject].append(holding)
    return [(subject, _lookup(subject, references.get(subject)), tuple(rows)) for subject, rows in held.items()]


def _lookup(method: str, ref: StandardRef | None) -> Callable[[Library], Standing]:
    return lambda library: library.standing(ref) if ref is not None else library.titled(method)


def _change(before: Standing, after: Standing) -> Change | None:
    if before.state is not after.state:
        return _CHANGES[after.state]
    if after.state in (LibraryState.IN_LIB, LibraryState.CITE_ONLY) and _domains(before) != _domains(after):
        return Change.MOVED
    return None


def _said(standing: Standing, change: Change) -> str:
    return "、".join(sorted(_domains(standing))) if change is Change.MOVED else standing.state.value


def _domains(standing: Standing) -> frozenset[str]:
    return frozenset(record.domain for record in standing.records)


def status_effects(
    holdings: Iterable[Holding], old: Iterable[StandardRecord], new: Iterable[StandardRecord]
) -> list[Effect]:
    """The standards whose printed status differs, or that one of the two registers lacks."""
    before, after = _statuses(old), _statuses(new)
    effects = []
    for subject, _, held in _by_subject(holdings):
        was, now = before.get(subject), after.get(subject)
        if (was.status if was else "") != (now.status if now else ""):
            texts = (was.status if was else "", now.status if now else "")
            replaced_by = now.replaced_by if now else ""
            effects.append(Effect(RegistryKind.STANDARDS, Change.STATUS, subject, *texts, replaced_by, held))
    return effects


def _statuses(records: Iterable[StandardRecord]) -> dict[str, StandardRecord]:
    return {record.standard.key: record for record in records if record.standard is not None}


def accreditation_effects(
    old: Iterable[AccreditationRecord],
    new: Iterable[AccreditationRecord],
    holders: Callable[[AccreditationRecord], Iterable[Holding]],
) -> list[Effect]:
    """The accreditations whose status, expiry or suspended items differ, with those who rest on them; `holders` says who does."""
    before = {record.registration_number: record for record in old}
    after = {record.registration_number: record for record in new}
    effects = []
    for number in dict.fromkeys([*before, *after]):
        was, now = before.get(number), after.get(number)
        record = now or was
        if record is None or standing_of(was) == standing_of(now):
            continue
        change = Change.ADDED if was is None else Change.REMOVED if now is None else Change.STATUS
        held = tuple(holders(record))
        if held:
            effects.append(Effect(RegistryKind.CNAS, change, number, standing_of(was), standing_of(now), "", held))
    return effects


def standing_of(record: AccreditationRecord | None) -> str:
    """Status, last day and what is suspended, in one line."""
    if record is None:
        return ""
    until = f"至 {record.expires_on.isoformat()}" if record.expires_on else ""
    return " ".join(part for part in (record.status_text or record.status.value, until, record.suspended_items) if part)
