"""The registries of a folder, asked for what the papers of a case name; a file is opened at the first question."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from extractor.registries import index
from extractor.registries.cache import Cache
from extractor.registries.configured import live_registry
from extractor.registries.files import Contents, Row, read_rows
from extractor.registries.keys import keys_of, may_be_among, numbers_in, questions, series_keys
from extractor.registries.manifest import NAME, Listed, read_live, read_manifest, write_manifest
from extractor.registries.records import build, merged
from models.errors import RegistryError, RegistryInvalid, RegistryUnavailable
from models.field import Snapshot
from models.papers import Paper
from models.records import Answer, CmaRecord, EnterpriseRecord, Registries, RegistryKind, StandardRecord
from models.report import Problem

_BY_STANDARD = frozenset({RegistryKind.LIBRARY, RegistryKind.STANDARDS})


class Registry(Protocol):
    """One registry as it stood on one day."""

    @property
    def snapshot(self) -> Snapshot:
        """What answers cite; raises RegistryError where the registry cannot be opened."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What a reader of its answers should know."""

    @property
    def count(self) -> int:
        """How many rows it holds; raises RegistryError where that cannot be said."""

    def find(self, keys: Collection[str] | None) -> list[Any]:
        """The records found under any of the keys, in the order of the registry; None asks for all."""


class FileRegistry:
    """A registry in a plain file: read whole at the first question, then kept."""

    def __init__(self, directory: Path, listed: Listed) -> None:
        self.path = directory / listed.file
        self.listed = listed

    @cached_property
    def data(self) -> bytes:
        return _bytes(self.path)

    @cached_property
    def snapshot(self) -> Snapshot:
        return _snapshot(self.listed, hashlib.sha256(self.data).hexdigest())

    @cached_property
    def contents(self) -> Contents:
        return read_rows(self.data, self.listed.file, self.listed.kind, self.listed.columns)

    @property
    def notices(self) -> tuple[str, ...]:
        return self.contents.notices(self.listed.file) if "contents" in self.__dict__ else ()

    @property
    def count(self) -> int:
        return len(self.contents.rows)

    @cached_property
    def records(self) -> list[Any]:
        return [build(self.listed.kind, row) for _, row in self.contents.rows]

    @cached_property
    def positions(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for position, record in enumerate(self.records):
            for key in keys_of(record):
                found[key].append(position)
        return found

    def find(self, keys: Collection[str] | None) -> list[Any]:
        if keys is None:
            return self.records
        if self.listed.kind in _BY_STANDARD and "records" not in self.__dict__:
            return self._find_standards(frozenset(keys))
        positions = {position for key in keys for position in self.positions.get(key, ())}
        return [self.records[position] for position in sorted(positions)]

    def _find_standards(self, keys: frozenset[str]) -> list[Any]:
        """Only the rows that may be meant are parsed: a library holds fifty thousand, a case asks for some hundred."""
        numbers = numbers_in(keys)
        rows = (row for _, row in self.contents.rows if may_be_among(row.get("code", ""), numbers))
        records = (build(self.listed.kind, row) for row in rows)
        return [record for record in records if not keys.isdisjoint(keys_of(record))]


class IndexRegistry:
    """A registry that was imported: answers come straight from the index."""

    def __init__(self, directory: Path, listed: Listed) -> None:
        self.path = directory / listed.file
        self.listed = listed

    @cached_property
    def meta(self) -> index.Meta:
        if not self.path.is_file():
            raise _missing(self.path)
        meta = index.read_meta(self.path)
        if meta.kind != self.listed.kind.value:
            raise RegistryInvalid(
                f"{self.listed.file} 是 {meta.kind} 的索引，而 {NAME} 把它列为 {self.listed.kind.value}。 "
                f"{self.listed.file} is an index of {meta.kind}, not of {self.listed.kind.value}."
            )
        return meta

    @cached_property
    def snapshot(self) -> Snapshot:
        return _snapshot(self.listed, self.meta.sha256)

    @property
    def notices(self) -> tuple[str, ...]:
        return self.meta.notices

    @property
    def count(self) -> int:
        return self.meta.count

    def find(self, keys: Collection[str] | None) -> list[Any]:
        return [build(self.listed.kind, row) for row in index.find_rows(self.path, keys)]


class Snapshots:
    """The registries of one folder. `problems` collects what went wrong or was noticed while they answered."""

    def __init__(self, registries: Mapping[RegistryKind, Registry], unlisted: Sequence[str] = ()) -> None:
        self.registries = registries
        self.unlisted = tuple(unlisted)
        self._failures: dict[str, Problem] = {}

    def answer(self, papers: Sequence[Paper], as_of: dt.date) -> Registries:
        """What the registries say about what the papers name. `as_of` is the day of judgement, for registries that keep history.

        A registry that is missing or cannot be read answers `unavailable` with the reason, never an empty match.
        """
        asked = questions(papers)
        cma: Answer[CmaRecord] = self._ask(RegistryKind.CMA, asked.certificates | asked.entities | asked.places)
        issued = asked.certificates | {f"cma:{record.number}" for record in cma.records}
        standards: Answer[StandardRecord] = self._ask(RegistryKind.STANDARDS, asked.standards)
        cited = frozenset(key for record in standards.records for key in series_keys(record.cites)) - asked.standards
        if cited:
            further: Answer[StandardRecord] = self._ask(RegistryKind.STANDARDS, cited)
            standards = Answer(standards.records + further.records, standards.snapshot, standards.unavailable)
        return Registries(
            enterprises=self._enterprises(asked.entities),
            credit=self._ask(RegistryKind.CREDIT, asked.entities),
            cnas=self._ask(RegistryKind.CNAS, asked.accreditations),
            cnas_rows=self._ask(RegistryKind.CNAS_ROWS, asked.accreditations),
            cma=cma,
            cma_rows=self._ask(RegistryKind.CMA_ROWS, issued),
            items=self._ask(RegistryKind.ITEMS, None),
            library=self._ask(RegistryKind.LIBRARY, asked.standards | cited),
            standards=standards,
            verifications=self._ask(RegistryKind.VERIFICATIONS, issued),
        )

    def problems(self) -> tuple[Problem, ...]:
        """Registries that could not be asked, what was noticed in those that could, and files that are listed nowhere."""
        noticed = [
            Problem(kind.value, "registry_notice", notice)
            for kind, registry in self.registries.items()
            if kind.value not in self._failures
            for notice in registry.notices
        ]
        unlisted = [
            Problem(
                name,
                "registry_unlisted",
                f"{name} 未列入 {NAME}，没有使用；请写明其种类和 as_of。 {name} is not listed in {NAME} and was not used.",
            )
            for name in self.unlisted
        ]
        return (*self._failures.values(), *noticed, *unlisted)

    def _enterprises(self, keys: Collection[str]) -> Answer[EnterpriseRecord]:
        answer: Answer[EnterpriseRecord] = self._ask(RegistryKind.ENTERPRISES, keys)
        return Answer(merged(answer.records), answer.snapshot, answer.unavailable)

    def _ask(self, kind: RegistryKind, keys: Collection[str] | None) -> Answer[Any]:
        registry = self.registries.get(kind)
        if registry is None:
            return Answer(unavailable=f"没有提供 {kind.value} 的登记数据。 No snapshot of {kind.value} was given.")
        try:
            return Answer(tuple(registry.find(keys)), registry.snapshot)
        except RegistryError as error:
            self._failures[kind.value] = Problem(kind.value, error.code, str(error))
            return Answer(unavailable=str(error))


def open_snapshots(
    directory: Path | None,
    environment: Mapping[str, str] | None = None,
    cache: Path | None = None,
    clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
) -> Snapshots:
    """The registries listed in `directory/registry.toml`, unopened; None gives none. RegistryInvalid where the list itself is wrong.

    Live ones take their secrets from `environment` and keep what they are told in the file `cache`, for all processes that name it.
    """
    if directory is None:
        return Snapshots({})
    if not directory.is_dir():
        raise RegistryInvalid(f"登记数据目录不存在：{directory}。 There is no registry folder {directory}.")
    listed = read_manifest(directory)
    registries: dict[RegistryKind, Registry] = {
        kind: (IndexRegistry if entry.file.endswith(index.SUFFIX) else FileRegistry)(directory, entry)
        for kind, entry in listed.items()
    }
    kept = None if cache is None else Cache(cache)
    for kind, described in read_live(directory).items():
        registries[kind] = live_registry(directory / NAME, kind, described, environment or {}, kept, clock)
    files = {entry.file for entry in listed.values()}
    named_like_one = (path.name for path in sorted(directory.iterdir()) if path.stem in set(RegistryKind))
    return Snapshots(registries, [name for name in named_like_one if name not in files])


def import_snapshot(
    kind: RegistryKind, file: Path, as_of: dt.date, directory: Path, columns: Mapping[str, str] | None = None
) -> index.Meta:
    """Index a registry file into `directory` and list it there, in place of the snapshot of that kind listed before.

    The former index file stays: reports that cite it can be reproduced. RegistryInvalid where the file cannot be read.
    """
    data = _bytes(file)
    directory.mkdir(parents=True, exist_ok=True)
    listed = read_manifest(directory) if (directory / NAME).exists() else {}
    name = f"{kind.value}-{as_of.isoformat()}-{hashlib.sha256(data).hexdigest()[:8]}{index.SUFFIX}"
    meta = index_file(data, file.name, kind, directory / name, columns)
    entry = Listed(
        kind, name, as_of, source=file.name, retrieved_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    )
    write_manifest(directory, {**listed, kind: entry})
    return meta


def index_file(
    data: bytes, name: str, kind: RegistryKind, target: Path, columns: Mapping[str, str] | None = None
) -> index.Meta:
    """Write the index of a registry file, whose `name` tells the format; RegistryInvalid where the file cannot be read."""
    contents = read_rows(data, name, kind, columns)
    meta = index.Meta(kind.value, hashlib.sha256(data).hexdigest(), name, len(contents.rows), contents.notices(name))
    index.write_index(target, meta, _entries(kind, contents))
    return meta


def indexed(directory: Path, listed: Listed) -> Registry:
    """The registry of an index; RegistryError where there is none, or one that this edition of the program cannot use."""
    registry = IndexRegistry(directory, listed)
    _ = registry.meta
    return registry


def _entries(kind: RegistryKind, contents: Contents) -> Iterator[tuple[Row, frozenset[str]]]:
    return ((row, frozenset(keys_of(build(kind, row)))) for _, row in contents.rows)


def _snapshot(listed: Listed, sha256: str) -> Snapshot:
    return Snapshot(
        listed.kind.value, listed.as_of.isoformat(), sha256, listed.retrieved_at, listed.url, lag_days=listed.lag_days
    )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise _missing(path) from None
    except OSError as error:
        raise RegistryUnavailable(
            f"{path.name}：无法读取（{error.strerror}）。 {path.name}: cannot be read."
        ) from error


def _missing(path: Path) -> RegistryUnavailable:
    return RegistryUnavailable(f"登记数据文件不存在：{path.name}。 There is no registry file {path.name}.")
