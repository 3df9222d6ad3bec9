"""Impact over time: each snapshot that comes in is held against the one before, and what differs is followed to the certificates."""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from api.due import ENDED
from api.holdings import Changed, Opened, compared
from api.impact import (
    Change,
    HolderKind,
    Holding,
    library_effects,
)
from api.impact_bodies import BodyEffect, accreditation_changes, credit_effects, enterprise_effects
from api.store import Store
from api.store.consequences import Consequence, Run, record_run, runs
from api.store.issued import Issued, Rest, batches, digests, drop_certificates, index_certificates, subjects_under
from api.store.snapshots import SnapshotRow, list_snapshots, registries_at
from extractor.registries import index
from extractor.registries.files import Row
from extractor.registries.keys import cma_keys, code_keys, name_keys, series_keys, title_keys
from extractor.registries.records import merged
from extractor.registries.snapshots import FileRegistry, IndexRegistry
from matchers.register import StandardState, index_register, state_of
from matchers.rules import Rules
from matchers.standards import index_library
from models.codes import cma_number
from models.finding import Severity
from models.records import CmaRecord, RegistryKind
from models.standards import StandardRef, find_references

COMPARED = (
    RegistryKind.LIBRARY,
    RegistryKind.STANDARDS,
    RegistryKind.CNAS,
    RegistryKind.ENTERPRISES,
    RegistryKind.CREDIT,
)
_INDEXED = (RegistryKind.CMA, RegistryKind.CMA_ROWS)
_CHECKS = {
    RegistryKind.LIBRARY: "AU-06",
    RegistryKind.STANDARDS: "AU-06",
    RegistryKind.CNAS: "AU-02",
    RegistryKind.ENTERPRISES: "AU-03",
    RegistryKind.CREDIT: "AU-07",
}
_BETTER = frozenset({Change.ADDED, Change.MOVED, Change.TYPE_VARIANT, Change.AMBIGUOUS})
_CODED = "uscc"
_AT_ONCE = 500


def follow(store: Store, folder: Path, rules: Rules, *, actor: str, now: dt.datetime) -> list[tuple[SnapshotRow, Run]]:
    """Look at every snapshot that came in since the last time, in the order in which they came; each with what its run came to.

    `folder` holds this machine's indexes of snapshots. A snapshot of issued certificates renews the index of what they rest on; any
    other is compared with the one before of its kind, at a cost that follows what differs. RegistryError and StoreError; what was
    done until then stays done.
    """
    rows = sorted(list_snapshots(store), key=lambda row: (row.uploaded_at, row.id))
    done = runs(store)
    pending = [row for row in rows if row.id not in done and row.kind in (*COMPARED, *_INDEXED)]
    if any(row.kind in _INDEXED for row in pending):
        renew_index(store, folder, [row for row in rows if row.active])
    followed = []
    for row in pending:
        before = next((o for o in reversed(rows[: rows.index(row)]) if o.kind is row.kind), None)
        followed.append((row, _followed(store, folder, rules, row, before, actor, now)))
    return followed


def _followed(
    store: Store, folder: Path, rules: Rules, row: SnapshotRow, before: SnapshotRow | None, actor: str, now: dt.datetime
) -> Run:
    consequences: Sequence[Consequence] = ()
    differing, other = 0, None
    if row.kind in COMPARED and before is not None:
        old, new = (_opened(store, each, folder) for each in (before, row))
        change = compared(row.kind, old, new)
        differing, other = len(change.removed) + len(change.added), before.id
        consequences = consequences_of(store, change, row.as_of, rules)
    count = record_run(store, row.id, row.kind, other, differing, consequences, actor=actor, now=now)
    return Run(row.id, row.kind.value, other, differing, count, now)


def consequences_of(store: Store, change: Changed, as_of: dt.date, rules: Rules) -> list[Consequence]:
    """What a changed registry means for what certificates rest on; only keys that some certificate has are looked at."""
    match change.kind:
        case RegistryKind.LIBRARY:
            return list(_of_library(change, subjects_under(store, change.keys), as_of, rules))
        case RegistryKind.STANDARDS:
            return list(_of_standards(change, subjects_under(store, change.keys), as_of, rules))
        case RegistryKind.CNAS:
            effects = accreditation_changes(change.found(change.old), change.found(change.new))
        case RegistryKind.ENTERPRISES:
            effects = enterprise_effects(merged(change.found(change.old)), merged(change.found(change.new)))
        case _:
            effects = credit_effects(change.found(change.old), change.found(change.new), rules, as_of)
    held = set(subjects_under(store, {key for effect in effects for key, _ in _pairs_of_body(effect)}))
    return [
        Consequence(
            key,
            subject,
            _CHECKS[change.kind],
            effect.severity,
            change.kind,
            effect.change.value,
            effect.subject,
            effect.before,
            effect.after,
            "",
            effect.true_on or as_of,
            effect.true_on is not None,
        )
        for effect in effects
        for key, subject in _pairs_of_body(effect)
        if (key, subject) in held
    ]


def renew_index(store: Store, folder: Path, active: Sequence[SnapshotRow]) -> int:
    """Index what the certificates of the active snapshots rest on; only those that differ from what is indexed are parsed; how many."""
    of_kind = {row.kind: row for row in active if row.kind in _INDEXED}
    face = of_kind.get(RegistryKind.CMA)
    if face is None:
        return 0
    faces: dict[str, CmaRecord] = {}
    for record in _opened(store, face, folder).find(None):
        if record.number and not _has_ended(record, face.as_of):
            faces[record.number] = record
    rows = of_kind.get(RegistryKind.CMA_ROWS)
    opened = _opened(store, rows, folder) if rows is not None else None
    fresh, known = _digests(faces, opened), digests(store)
    drop_certificates(store, known.keys() - fresh.keys())
    differing = [number for number, digest in fresh.items() if known.get(number) != digest]
    return index_certificates(store, _issued(differing, faces, fresh, opened))


def _digests(faces: dict[str, CmaRecord], rows: Opened | None) -> dict[str, str]:
    hashes = {
        number: hashlib.sha256(f"{face.name}\n{face.unified_social_credit_code}".encode())
        for number, face in faces.items()
    }
    owners: dict[str, str] = {}
    for text in index.row_texts(rows.path) if rows is not None else ():
        row = json.loads(text)
        printed = row.get("owner", "")
        owner = owners.get(printed) or owners.setdefault(printed, cma_number.compact(printed))
        if owner in hashes:
            hashes[owner].update(f"\n{_method(row)}".encode())
    return {number: found.hexdigest() for number, found in hashes.items()}


def _issued(
    numbers: Iterable[str], faces: dict[str, CmaRecord], hashes: dict[str, str], rows: Opened | None
) -> Iterator[Issued]:
    for some in batches(numbers, _AT_ONCE):
        methods: dict[str, list[str]] = defaultdict(list)
        for row in index.find_rows(rows.path, set(cma_keys(some))) if rows is not None else ():
            methods[cma_number.compact(row.get("owner", ""))].append(_method(row))
        for number in some:
            face = faces[number]
            rests = (*_rests_of_body(face), *_rests(methods.get(number, ())))
            yield Issued(number, face.name, face.unified_social_credit_code, hashes[number], rests)


def _rests_of_body(face: CmaRecord) -> list[Rest]:
    """The holder by credit code and by name; a name beside a code says so, for bodies of one name are told apart by it."""
    codes = list(code_keys([face.unified_social_credit_code]))
    return [*map(Rest, codes), *(Rest(key, _CODED if codes else "") for key in name_keys([face.name]))]


def _rests(methods: Iterable[str]) -> list[Rest]:
    """The standards of rows, each once, with the first row (from 1) and the number of rows that rest on it."""
    found: dict[tuple[str, str], Rest] = {}
    for number, method in enumerate(methods, 1):
        for pair in _subjects(method):
            rest = found.get(pair) or Rest(*pair, first_row=number)
            found[pair] = replace(rest, rows=rest.rows + 1)
    return list(found.values())


@lru_cache(maxsize=100_000)
def _subjects(method: str) -> tuple[tuple[str, str], ...]:
    """(key, subject) of every standard in a method; of one without any, its title. Methods recur from certificate to certificate."""
    references = find_references(method)
    if not references:
        return tuple((key, method) for key in title_keys([method]))
    pairs = ((key, _subject(ref)) for ref in references for key in series_keys([ref]))
    return tuple(dict.fromkeys(pairs))


def _subject(ref: StandardRef) -> str:
    """The text by which the very standard is known again: its key, or where that alone would not be read as it, what was printed."""
    again = find_references(ref.key)
    return ref.key if len(again) == 1 and again[0].key == ref.key else ref.printed


def _reference(key: str, subject: str) -> StandardRef | None:
    return next((ref for ref in find_references(subject) if key in series_keys([ref])), None)


def _of_library(
    change: Changed, pairs: Sequence[tuple[str, str]], as_of: dt.date, rules: Rules
) -> Iterator[Consequence]:
    old, new = (index_library(change.found(registry), rules) for registry in (change.old, change.new))
    for key, subject in pairs:
        ref = _reference(key, subject)
        holding = Holding(HolderKind.CERTIFICATE, "", 0, method=subject, standards=(ref,) if ref else ())
        for effect in library_effects([holding], old, new):
            severity = Severity.MINOR if effect.change in _BETTER else Severity.MAJOR
            said = (effect.change.value, effect.subject, effect.before, effect.after, effect.suggestion)
            yield Consequence(
                key, subject, _CHECKS[change.kind], severity, change.kind, *said, true_on=as_of, stated=False
            )


def _of_standards(
    change: Changed, pairs: Sequence[tuple[str, str]], as_of: dt.date, rules: Rules
) -> Iterator[Consequence]:
    """A standard that left the register says nothing: no register holds every family."""
    old, new = (index_register(change.found(registry), rules) for registry in (change.old, change.new))
    ended = (StandardState.ABOLISHED, StandardState.SUPERSEDED)
    for key, subject in pairs:
        ref = _reference(key, subject)
        was, now = (register.record(ref) if ref is not None else None for register in (old, new))
        if ref is None or now is None or (was is not None and was.status == now.status):
            continue
        announced = now.abolished_on if now.abolished_on is not None and now.abolished_on > as_of else None
        gone = announced is not None or state_of(now, as_of, rules) in ended
        if was is None and not gone:
            continue
        yield Consequence(
            key,
            subject,
            _CHECKS[change.kind],
            Severity.MAJOR if gone and announced is None else Severity.MINOR,
            change.kind,
            Change.ABOLISHED.value if gone else Change.STATUS.value,
            ref.key,
            was.status if was is not None else "",
            now.status,
            now.replaced_by,
            (now.abolished_on if gone else now.effective_on) or as_of,
            (now.abolished_on if gone else now.effective_on) is not None,
        )


def _pairs_of_body(effect: BodyEffect) -> list[tuple[str, str]]:
    """By credit code and, for certificates without one, by name; a body without code by its names alone."""
    codes, names = list(code_keys([effect.code])), list(dict.fromkeys(name_keys(effect.names)))
    pairs = [(key, "") for key in (*codes, *names)]
    return pairs if codes else [*pairs, *((key, _CODED) for key in names)]


def _has_ended(record: CmaRecord, day: dt.date) -> bool:
    lapsed = record.expires_on is not None and record.expires_on < day
    return lapsed or any(word in record.status for word in ENDED)


def _method(row: Row) -> str:
    text: str = row.get("code") or row.get("method") or row.get("method_title", "")
    return text


def _opened(store: Store, row: SnapshotRow, folder: Path) -> Opened:
    registry = registries_at(store, [row], folder)[row.kind]
    assert isinstance(registry, FileRegistry | IndexRegistry)
    return registry
