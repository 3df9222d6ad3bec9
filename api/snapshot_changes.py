"""What a registry file would change: entries that come, go, or say something else than in the snapshot that answers now."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extractor.registries.files import Row
from models.records import RegistryKind

EXAMPLES = 12

IDENTITY: Mapping[RegistryKind, tuple[str, ...]] = {
    RegistryKind.ENTERPRISES: ("unified_social_credit_code", "name"),
    RegistryKind.CREDIT: ("document_number", "unified_social_credit_code", "name"),
    RegistryKind.CNAS: ("registration_number",),
    RegistryKind.CNAS_ROWS: ("owner", "site", "object", "parameter", "method", "code"),
    RegistryKind.CMA: ("number",),
    RegistryKind.CMA_ROWS: ("owner", "site", "object", "parameter", "method", "code"),
    RegistryKind.ITEMS: ("item_id",),
    RegistryKind.LIBRARY: ("code", "title"),
    RegistryKind.STANDARDS: ("code",),
    RegistryKind.EXPERTS: ("expert_id", "name"),
    RegistryKind.VERIFICATIONS: ("number", "verified_on"),
}
"""The fields by which the entries of a registry are told apart."""


@dataclass(frozen=True, slots=True)
class Change:
    """One entry, by its identity: what it said and says; None where it was not there or no longer is."""

    identity: tuple[str, ...]
    before: Row | None
    after: Row | None

    @property
    def fields(self) -> tuple[tuple[str, str, str], ...]:
        """The fields that differ, with the text before and after."""
        before, after = self.before or {}, self.after or {}
        names = dict.fromkeys((*before, *after))
        return tuple(
            (name, before.get(name, ""), after.get(name, "")) for name in names if before.get(name) != after.get(name)
        )


@dataclass(frozen=True, slots=True)
class Changes:
    """How many entries come, go and change, and the first few of each."""

    added: int
    removed: int
    changed: int
    unchanged: int
    examples: tuple[Change, ...]


def changes(kind: RegistryKind, old: Iterable[str], new: Sequence[Row]) -> Changes:
    """What differs between the rows of an index (their JSON texts) and the rows of a file; order does not count."""
    after = Counter(map(_text, new))
    before: list[Row] = []
    same = 0
    for text in old:
        row = json.loads(text)
        plain = _text(row)
        if after[plain] > 0:
            after[plain] -= 1
            same += 1
        else:
            before.append(row)
    gone, come = _by_identity(kind, before), _by_identity(kind, map(json.loads, after.elements()))
    changed: list[Change] = []
    for identity in gone.keys() & come.keys():
        pairs = zip(list(gone[identity]), list(come[identity]), strict=False)
        changed.extend(Change(identity, one, other) for one, other in pairs)
        shared = min(len(gone[identity]), len(come[identity]))
        del gone[identity][:shared], come[identity][:shared]
    added = [Change(identity, None, row) for identity, rows in come.items() for row in rows]
    removed = [Change(identity, row, None) for identity, rows in gone.items() for row in rows]
    first = (*sorted(changed, key=_identity)[:EXAMPLES], *removed[:EXAMPLES], *added[:EXAMPLES])
    return Changes(len(added), len(removed), len(changed), same, first)


def _by_identity(kind: RegistryKind, rows: Iterable[Row]) -> dict[tuple[str, ...], list[Row]]:
    found: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row.get(name, "") for name in IDENTITY[kind])].append(row)
    return found


def _identity(change: Change) -> tuple[str, ...]:
    return change.identity


def _text(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True)
