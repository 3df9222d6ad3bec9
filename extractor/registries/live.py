"""A registry that is asked over the network, answering as a file does: cached for a stated time, left alone while it fails.

What it cannot answer is said: RegistryUnavailable where it is down, RegistryChanged where its answers no longer mean what the
configuration says. Neither is ever taken for a record that does not exist.
"""

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from extractor.registries.cache import Cache, Fetched
from extractor.registries.files import from_objects
from extractor.registries.keys import keys_of
from extractor.registries.patience import Passing, Patience
from extractor.registries.records import build, parse_day
from models.errors import RegistryChanged, RegistryInvalid, RegistryUnavailable
from models.field import Snapshot
from models.records import RegistryKind

_CODES = ("uscc:", "cnas:", "cma:")
"""Keys that name one thing exactly: an answer about something else means that the question was not understood."""

Question = tuple[str, str, str] | None
"""The key of the papers, the registry's own name for what is asked by, and the value; None asks for everything."""


@dataclass(frozen=True, slots=True)
class Live:
    """How a live registry is used, whatever it is asked over.

    `ask` maps the keys of papers (uscc, name, cnas, cma, place) to the registry's own names; without it all is fetched. `fresh` is for how
    long an answer is used again, `stale` for how long it may stand in where the registry is down. `lag_days` is by how many working days
    the registry runs behind. After `failures` in a row it is left alone for `rest`.
    """

    kind: RegistryKind
    columns: Mapping[str, str] = field(default_factory=dict)
    ask: Mapping[str, str] = field(default_factory=dict)
    fresh: dt.timedelta = dt.timedelta(hours=12)
    stale: dt.timedelta = dt.timedelta(days=7)
    lag_days: int = 0
    failures: int = 3
    rest: dt.timedelta = dt.timedelta(minutes=1)
    patience: Patience = field(default_factory=Patience)


class Source(Protocol):
    """What is asked: a gateway or a view."""

    @property
    def address(self) -> str:
        """Where it is, without anything secret."""

    def fetch(self, question: Question, started: float) -> Fetched:
        """Everything that it says to a question; the deadline counts from `started` (`time.monotonic`). RegistryError."""


class LiveRegistry:
    """One live registry for one review: what it has answered so far is what its snapshot cites."""

    def __init__(self, live: Live, source: Source, cache: Cache | None, clock: Callable[[], dt.datetime]) -> None:
        self.live = live
        self.source = source
        self.cache = cache
        self.clock = clock
        self._answers: dict[Question, Fetched] = {}
        self._notices: dict[str, None] = {}
        configured = json.dumps([live.kind, source.address, dict(live.columns), dict(live.ask)], sort_keys=True)
        self._id = f"{live.kind.value}-{hashlib.sha256(configured.encode()).hexdigest()[:16]}"

    @property
    def snapshot(self) -> Snapshot:
        """The answers so far: the oldest day among them, and a hash over all. RegistryUnavailable where there are none."""
        if not self._answers:
            raise RegistryUnavailable(
                f"{self.live.kind.value} 为在线登记数据（{self.source.address}），审查时查询。 "
                f"{self.live.kind.value} is live ({self.source.address}) and asked when a case is reviewed."
            )
        oldest = min(self._answers.values(), key=lambda fetched: fetched.retrieved_at)
        digest = hashlib.sha256()
        for question in sorted(self._answers, key=str):
            digest.update(
                json.dumps([question, self._answers[question].rows], ensure_ascii=False, default=str).encode()
            )
        days = [_day(fetched) for fetched in self._answers.values()]
        return Snapshot(
            self.live.kind.value,
            min(days).isoformat(),
            digest.hexdigest(),
            oldest.retrieved_at.isoformat(timespec="seconds"),
            self.source.address,
            lag_days=self.live.lag_days,
        )

    @property
    def notices(self) -> tuple[str, ...]:
        return tuple(self._notices)

    @property
    def count(self) -> int:
        raise RegistryUnavailable("在线接口不提供总数。 A live registry has no number of records to tell.")

    def find(self, keys: Collection[str] | None) -> list[Any]:
        """The records found under any of the keys, each once. RegistryUnavailable, RegistryChanged."""
        started = time.monotonic()
        if keys is not None and not keys:
            self._answers.setdefault(("", "", ""), Fetched((), "", self.clock()))
            return []
        found: dict[str, Any] = {}
        for question in self._questions(keys):
            fetched = self._answers.get(question) or self._answer(question, started)
            self._answers[question] = fetched
            for row, record in self._records(fetched, question):
                if keys is None or not set(keys).isdisjoint(keys_of(record)):
                    found.setdefault(row, record)
        return list(found.values())

    def _questions(self, keys: Collection[str] | None) -> list[Question]:
        if not self.live.ask or keys is None:
            return [None]
        asked: dict[Question, None] = {}
        for key in sorted(keys):
            what, _, value = key.partition(":")
            if what in self.live.ask:
                asked.update({(key, self.live.ask[what], spelling): None for spelling in _spellings(what, value)})
        if not asked:
            raise RegistryUnavailable(
                f"{self.live.kind.value} 接口只能按 {'、'.join(self.live.ask)} 查询，材料中没有读到。 "
                f"{self.live.kind.value} can only be asked by {', '.join(self.live.ask)}, which the papers do not give."
            )
        return list(asked)

    def _answer(self, question: Question, started: float) -> Fetched:
        now, asked = self.clock(), json.dumps(question, ensure_ascii=False)
        known = self.cache.known(self._id, asked) if self.cache else None
        if known and dt.timedelta() <= now - known.retrieved_at <= self.live.fresh:
            return known
        try:
            fetched = self._fetched(question, started, now)
        except RegistryUnavailable as error:
            if known and now - known.retrieved_at <= self.live.stale:
                self._notices[
                    f"{error} 使用 {known.retrieved_at:%Y-%m-%d %H:%M} UTC 取得的结果。 "
                    f"The answer of {known.retrieved_at:%Y-%m-%d %H:%M} UTC was used."
                ] = None
                return known
            raise
        if self.cache:
            self.cache.keep(self._id, asked, fetched, now - max(self.live.fresh, self.live.stale))
        return fetched

    def _fetched(self, question: Question, started: float, now: dt.datetime) -> Fetched:
        """Ask the source itself, unless it has failed too often of late."""
        until = self.cache.failing_until(self._id) if self.cache else None
        if until is not None and now < until <= now + self.live.rest:
            raise RegistryUnavailable(
                f"{self.live.kind.value} 接口连续失败，暂停查询至 {until:%H:%M:%S} UTC。 "
                f"{self.live.kind.value} kept failing and is left alone until {until:%H:%M:%S} UTC."
            )
        try:
            fetched = self.source.fetch(question, started)
            self._understood(fetched, question)
        except Passing:
            if self.cache:
                self.cache.failed(self._id, self.live.failures, now + self.live.rest)
            raise
        if self.cache:
            self.cache.worked(self._id)
        return fetched

    def _understood(self, fetched: Fetched, question: Question) -> None:
        """RegistryChanged where the rows are no records of this kind, or are about something that was not asked."""
        records = [record for _, record in self._records(fetched, question)]
        nameless = [record for record in records if next(iter(keys_of(record)), None) is None]
        if (
            records
            and len(nameless) == len(records)
            and self.live.kind not in {RegistryKind.ITEMS, RegistryKind.EXPERTS}
        ):
            raise changed(self.live.kind, "返回的记录没有名称和编号", "its records have neither names nor numbers")
        if fetched.as_of and parse_day(fetched.as_of) is None:
            raise changed(self.live.kind, f"数据日期 {fetched.as_of!r} 不是日期", f"its date {fetched.as_of!r} is none")
        if question is None or not records:
            return
        key = question[0]
        if key.startswith(_CODES) and not any(key in keys_of(record) for record in records):
            raise changed(self.live.kind, "返回的不是所查询的对象", "it answers about something that was not asked")

    def _records(self, fetched: Fetched, question: Question) -> Iterator[tuple[str, Any]]:
        if not fetched.rows:
            return
        try:
            contents = from_objects(enumerate(fetched.rows, 1), self.live.kind, self.live.columns, self.source.address)
        except RegistryInvalid as error:
            raise changed(self.live.kind, "返回的字段与配置不符", "its fields are not those configured") from error
        for _, row in contents.rows:
            yield json.dumps(row, ensure_ascii=False, sort_keys=True), build(self.live.kind, row)


def changed(kind: RegistryKind, zh: str, en: str) -> RegistryChanged:
    """The error for an answer that no longer means what the configuration says."""
    return RegistryChanged(
        f"{kind.value} 接口：{zh}，请核对 registry.toml 中的接口配置。 "
        f"{kind.value}: {en}; check its configuration in registry.toml."
    )


def secret(live: Live, environment: Mapping[str, str], name: str) -> str:
    """What an environment variable holds; RegistryUnavailable where it is not set."""
    if value := environment.get(name):
        return value
    raise RegistryUnavailable(
        f"{live.kind.value} 接口所需的环境变量 {name} 没有设置。 "
        f"{live.kind.value} needs the environment variable {name}, which is not set."
    )


def _spellings(what: str, value: str) -> Sequence[str]:
    """Registries compare as text: names go with either kind of brackets, CNAS numbers with and without the letters before them."""
    if what == "name":
        return list(dict.fromkeys((value, value.replace("(", "（").replace(")", "）"))))
    return [value, value.removeprefix("CNAS ")] if what == "cnas" else [value]


def _day(fetched: Fetched) -> dt.date:
    """The day that the source states, else the day on which it was asked."""
    return parse_day(fetched.as_of) or fetched.retrieved_at.date()
