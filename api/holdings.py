"""Snapshots compared with the rows of issued certificates and of open cases: where they lie and how they are looked up."""

import datetime as dt
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from api.impact import (
    Difference,
    Effect,
    HolderKind,
    Holding,
    Impact,
    accreditation_effects,
    differing,
    library_effects,
    status_effects,
    tally,
)
from api.inputs import uploads_in
from api.reading import OcrFactory, Progress, parse_files
from extractor.registries import Listed, Snapshots, index, open_snapshots
from extractor.registries.files import Row
from extractor.registries.keys import cnas_keys, code_keys, keys_of, name_keys, questions, series_keys, title_keys
from extractor.registries.records import build
from extractor.registries.snapshots import FileRegistry, IndexRegistry
from matchers.rules import Rules, load_rules
from matchers.standards import index_library
from models.case import Case
from models.errors import InputError
from models.records import AccreditationRecord, Registries, RegistryKind
from models.report import Problem
from models.standards import StandardRef, find_references

_DIGITS = re.compile(r"[0-9]+")

Opened = FileRegistry | IndexRegistry

NAMES = {
    RegistryKind.LIBRARY: "code",
    RegistryKind.STANDARDS: "code",
    RegistryKind.CNAS: "registration_number",
    RegistryKind.ENTERPRISES: "unified_social_credit_code",
    RegistryKind.CREDIT: "document_number",
}
"""The registries that can be compared, and the field by which their entries are told apart."""


def opened(path: Path, kind: RegistryKind) -> Opened:
    """The snapshot of one kind in a folder with `registry.toml`, or in a file by itself; InputError where there is none."""
    if path.is_dir():
        registry = open_snapshots(path).registries.get(kind)
        if isinstance(registry, FileRegistry | IndexRegistry):
            return registry
        raise InputError(f"{path} 中没有 {kind.value} 的登记数据。 There is no snapshot of {kind.value} in {path}.")
    if not path.is_file():
        raise InputError(f"文件不存在：{path}。 No such file: {path}.")
    listed = Listed(kind, path.name, dt.date.min)
    return (IndexRegistry if path.suffix == index.SUFFIX else FileRegistry)(path.parent, listed)


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that is not decided yet: its claimed rows, and the keys of the accreditations that its papers name."""

    name: str
    rows: tuple[Holding, ...]
    accreditations: frozenset[str]


@dataclass(frozen=True, slots=True)
class Changed:
    """Two snapshots of one registry, what differs between them, and the keys under which that is found.

    `removed` and `added` are the rows that only the old and only the new snapshot holds.
    """

    kind: RegistryKind
    old: Opened
    new: Opened
    difference: Difference
    keys: frozenset[str]
    removed: Sequence[Row] = ()
    added: Sequence[Row] = ()

    def found(self, registry: Opened) -> list[Any]:
        """Every record of one of the two under a changed key, changed itself or not."""
        return _found(registry, self)


def impact(
    pairs: Iterable[tuple[RegistryKind, Path, Path]],
    issued: Snapshots,
    cases: Path | None = None,
    ocr: OcrFactory | None = None,
    progress: Progress | None = None,
    rules: Rules | None = None,
) -> tuple[Impact, tuple[Problem, ...]]:
    """What each (kind, new, old) changes for issued rows and open cases, and which files of cases could not be used.

    `rules` are those of the route (None: of the one that comes with the program); they say what the library's 备注 mean.
    The snapshots are compared row by row first; only what differs is parsed, and only rows that rest on it are looked up.
    """
    changes = [compared(kind, opened(old, kind), opened(new, kind)) for kind, new, old in pairs]
    problems: list[Problem] = []
    effects: list[Effect] = []
    if any(change.keys for change in changes):
        of_standards = frozenset[str]().union(*(c.keys for c in changes if c.kind is not RegistryKind.CNAS))
        waiting = list(_open_cases(cases, ocr, progress, problems)) if cases else []
        claimed = [row for case in waiting for row in case.rows if not of_standards.isdisjoint(_keys(row))]
        holdings = [*_issued(issued, of_standards), *claimed] if of_standards else []
        effects = [effect for change in changes for effect in _effects(change, holdings, issued, waiting, rules)]
    return Impact(tuple(change.difference for change in changes), tuple(effects)), tuple(problems)


def compared(kind: RegistryKind, old: Opened, new: Opened) -> Changed:
    """What differs between two snapshots; equal files are not even read."""
    sides = (_named(old), _named(new))
    if old.snapshot.sha256 == new.snapshot.sha256:
        return Changed(kind, old, new, Difference(kind, *sides), frozenset())
    removed, added = differing(*_unequal(old, new))
    keys = frozenset(key for row in (*removed, *added) for key in keys_of(build(kind, row)))
    difference = Difference(kind, *sides, *tally(removed, added, NAMES[kind]))
    return Changed(kind, old, new, difference, keys, removed, added)


def _named(registry: Opened) -> tuple[str, str]:
    """The day of a snapshot, or its file's name where none is stated, and its hash."""
    as_of = registry.listed.as_of
    return registry.path.name if as_of == dt.date.min else as_of.isoformat(), registry.snapshot.sha256


def _unequal(old: Opened, new: Opened) -> tuple[Iterable[Row], Iterable[Row]]:
    """The rows that may differ: of two indexes those whose text is not in both, for comparing texts is far cheaper than parsing them."""
    if not (isinstance(old, IndexRegistry) and isinstance(new, IndexRegistry)):
        return rows_of(old), rows_of(new)
    before, after = Counter(index.row_texts(old.path)), Counter(index.row_texts(new.path))
    return map(json.loads, (before - after).elements()), map(json.loads, (after - before).elements())


def rows_of(registry: Opened) -> Iterable[Row]:
    """Every row of a snapshot, in the order of its file."""
    if isinstance(registry, FileRegistry):
        return (row for _, row in registry.contents.rows)
    return index.find_rows(registry.path, None)


def _effects(
    change: Changed,
    holdings: Sequence[Holding],
    issued: Snapshots,
    waiting: Sequence[OpenCase],
    rules: Rules | None,
) -> list[Effect]:
    old, new = (_found(registry, change) for registry in (change.old, change.new))
    if change.kind is RegistryKind.LIBRARY:
        rules = rules or load_rules()
        return library_effects(holdings, index_library(old, rules), index_library(new, rules))
    if change.kind is RegistryKind.STANDARDS:
        return status_effects(holdings, old, new)
    return accreditation_effects(old, new, lambda record: _resting_on(record, issued, waiting))


def _found(registry: Opened, change: Changed) -> list[Any]:
    """Every record under a changed key, changed itself or not: an index is asked, a file's rows go through the sieve."""
    if not change.keys or isinstance(registry, IndexRegistry) or change.kind is RegistryKind.CNAS:
        return registry.find(change.keys) if change.keys else []
    sieve = _Sieve(change.keys)
    rows = (
        row for row in rows_of(registry) if sieve.may_hold(row.get("code", "")) or sieve.may_hold(row.get("title", ""))
    )
    records = (build(change.kind, row) for row in rows)
    return [record for record in records if not change.keys.isdisjoint(keys_of(record))]


def _resting_on(record: AccreditationRecord, issued: Snapshots, waiting: Sequence[OpenCase]) -> Iterator[Holding]:
    """The certificates of the accredited body, by credit code or name, and the cases whose papers name the accreditation."""
    certificates = issued.registries.get(RegistryKind.CMA)
    if certificates is not None:
        bodies = {*code_keys([record.unified_social_credit_code]), *name_keys([record.name, record.legal_entity])}
        for certificate in certificates.find(bodies):
            yield Holding(HolderKind.CERTIFICATE, certificate.number, 0)
    numbers = frozenset(cnas_keys([record.registration_number]))
    for case in waiting:
        if not numbers.isdisjoint(case.accreditations):
            yield Holding(HolderKind.CASE, case.name, 0)


def _issued(issued: Snapshots, keys: frozenset[str]) -> Iterator[Holding]:
    """The rows of issued certificates found under any of the keys; the others are passed over unparsed."""
    registry = issued.registries.get(RegistryKind.CMA_ROWS)
    if not isinstance(registry, FileRegistry | IndexRegistry):
        return
    counted: Counter[str] = Counter()
    sieve = _Sieve(keys)
    for row in rows_of(registry):
        owner = row.get("owner", "")
        counted[owner] += 1
        text = row.get("code") or row.get("method") or row.get("method_title", "")
        if not sieve.may_hold(text) or keys.isdisjoint(_keys_in(text)):
            continue
        record = build(RegistryKind.CMA_ROWS, row)
        yield Holding(
            HolderKind.CERTIFICATE,
            record.owner,
            counted[owner],
            record.site or "",
            record.object,
            record.parameter,
            record.method,
            record.standards,
        )


class _Sieve:
    """Tells cheaply which texts may cite one of the keys: those that print the first digits of its number, or are its title."""

    def __init__(self, keys: frozenset[str]) -> None:
        series = [key for key in keys if key.startswith("series:")]
        numbers = {key: _DIGITS.search(key) for key in series if key.isascii()}
        self.heads = frozenset(found.group() for found in numbers.values() if found)
        self.titles = keys - frozenset(series)
        self.is_fine = len(series) == sum(found is not None for found in numbers.values())

    def may_hold(self, text: str) -> bool:
        """Never wrongly False: a key without digits of its own, or with other than ASCII letters, lets everything through."""
        runs = _DIGITS.findall(unicodedata.normalize("NFKC", text))
        joined = map("".join, pairwise(runs))  # the key of DB46/T 123 runs area and number together
        cited = not self.is_fine or not self.heads.isdisjoint(runs) or not self.heads.isdisjoint(joined)
        return cited or (bool(self.titles) and not self.titles.isdisjoint(title_keys([text])))


def _keys(row: Holding) -> frozenset[str]:
    return frozenset(series_keys(row.standards) if row.standards else title_keys([row.method]))


@lru_cache(maxsize=200_000)
def _keys_in(text: str) -> frozenset[str]:
    """The keys of the standards in a text, of the text itself where there are none; methods recur from row to row."""
    references = find_references(text)
    return frozenset(series_keys(references) if references else title_keys([text]))


def _open_cases(
    folder: Path, ocr: OcrFactory | None, progress: Progress | None, problems: list[Problem]
) -> Iterator[OpenCase]:
    """Each case of a folder: by its report where there is one, else by its papers, which are read anew."""
    if not folder.is_dir():
        raise InputError(f"案件目录不存在：{folder}。 There is no folder of cases {folder}.")
    for entry in sorted(folder.iterdir()):
        report = entry / "report.json" if entry.is_dir() else entry
        if report.suffix == ".json" and report.is_file():
            case = _reported(report, entry.stem if entry.is_file() else entry.name)
            if case is not None:
                yield case
        elif entry.is_dir() and not entry.name.startswith("."):
            reading = parse_files(uploads_in([entry]), ocr, progress)
            problems.extend(Problem(f"{entry.name}/{p.file}", p.code, p.message, p.page) for p in reading.problems)
            claimed = Case(reading.papers, Registries(), dt.date.min).claimed_rows
            rows = (
                Holding(
                    HolderKind.CASE,
                    entry.name,
                    number,
                    row.site or "",
                    row.object or "",
                    row.parameter or "",
                    row.method,
                    row.standards,
                )
                for number, row in enumerate(claimed, 1)
            )
            yield OpenCase(entry.name, tuple(rows), questions(reading.papers).accreditations)


def _reported(path: Path, name: str) -> OpenCase | None:
    """A case by what `review --json` said of it; None for JSON that is no report."""
    try:
        shape = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}：不是可读的 JSON。 {path} is no readable JSON.") from error
    if not isinstance(shape, dict) or not {"rows", "papers", "findings"} <= shape.keys():
        return None
    try:
        rows = tuple(_reported_row(name, number, entry["row"]) for number, entry in enumerate(shape["rows"], 1))
        fields = [paper["fields"].get(field) for paper in shape["papers"] for field in _ACCREDITATION]
        numbers = [str(field["value"] or "") for field in fields if field]
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}：不是审查报告。 {path} is no report of a review.") from error
    return OpenCase(name, rows, frozenset(cnas_keys(numbers)))


_ACCREDITATION = ("registration_number", "cnas_number")


def _reported_row(name: str, number: int, row: dict[str, Any]) -> Holding:
    method = row["method"] or ""
    site, thing, parameter = (row[field] or "" for field in ("site", "object", "parameter"))
    return Holding(HolderKind.CASE, name, number, site, thing, parameter, method, _standards(row, method))


def _standards(row: dict[str, Any], method: str) -> tuple[StandardRef, ...]:
    found = [ref for standard in row["standards"] for ref in find_references(standard["key"])]
    return tuple(found or find_references(method))
