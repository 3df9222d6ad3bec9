"""The draft 补正通知 as content: what the applicant can put right, where it stands, and what to hand in."""

import datetime as dt
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from api.render.annex import NO_NAME, chinese, draft_annex, shown
from api.render.catalogue import basis_line
from api.render.text import problem_place
from api.render.words import word
from matchers.basis import HAINAN_DRAFT, LICENSING_LAW
from models.errors import InputError
from models.field import Evidence, Region, Snapshot
from models.finding import Finding, Outcome, Side
from models.report import Report

_PAGES_SHOWN = 8
_ASKED = frozenset({Outcome.MISMATCH, Outcome.NOT_PROVIDED, Outcome.UNREADABLE})


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to correct: what is wrong, each value with the place where it stands, and what to hand in."""

    wrong: str
    values: tuple[str, ...]
    hand_in: str


@dataclass(frozen=True, slots=True)
class RowItem:
    """Claimed rows that the applicant may change, by their places in the application."""

    places: str
    what: str
    wrong: str
    hand_in: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A draft letter. `set_aside` counts objections left out because they may be misreadings of ours: a person looks first."""

    name: str
    as_of: dt.date
    items: tuple[Item, ...]
    rows: tuple[RowItem, ...]
    bases: tuple[str, ...]
    set_aside: int

    @property
    def asks_nothing(self) -> bool:
        return not self.items and not self.rows


def draft_notice(report: Report) -> Notice:
    """What to ask of the applicant; what only the authority or a register can settle is left out."""
    open_findings = [f for f in report.findings if f.is_objection and f.outcome in _ASKED and not _is_internal(f.check)]
    sure = [finding for finding in open_findings if not finding.suspected_misreading]
    places = _Places(report)
    of_case = [finding for finding in _once(sure) if not finding.rows]
    of_rows = [finding for finding in sure if finding.rows]
    files = [_file_item(place, message) for place, message in _unusable(report)]
    items = (*files, *(_item(finding, places) for finding in of_case))
    law = [basis_line(LICENSING_LAW.article(32))] if items or of_rows else []
    cited = (b for f in (*of_case, *of_rows) for b in f.basis if b.instrument != HAINAN_DRAFT.name)  # not enacted
    bases = dict.fromkeys([*law, *map(basis_line, cited)])
    name = draft_annex(report).name
    return Notice(
        name="（申请人名称）" if name == NO_NAME else name,
        as_of=report.as_of,
        items=items,
        rows=tuple(_row_item(finding) for finding in of_rows),
        bases=tuple(bases),
        set_aside=len(open_findings) - len(sure),
    )


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """What is asked for already is not asked for again: a paper that is missing, a field that could not be read."""
    listed = list(findings)
    paper_missing = any(f.check == "CP-01" and f.outcome is Outcome.NOT_PROVIDED for f in listed)
    unread: set[str] = set()
    for finding in listed:
        if finding.outcome is Outcome.NOT_PROVIDED and paper_missing and finding.check != "CP-01":
            continue
        if finding.outcome is Outcome.UNREADABLE and finding.left is not None:
            if finding.left.label in unread:
                continue
            unread.add(finding.left.label)
        yield finding


def _item(finding: Finding, places: "_Places") -> Item:
    sides = [side for side in (finding.left, finding.right) if side is not None]
    return Item(
        shown(finding.message.zh),
        tuple(places.value(side, finding.outcome) for side in sides),
        _words()["unreadable"] if finding.outcome is Outcome.UNREADABLE else _asked(finding.check),
    )


def _row_item(finding: Finding) -> RowItem:
    numbers = "、".join(str(index + 1) for index in finding.rows)
    what = finding.left.value if finding.left is not None and finding.left.value else finding.subject
    return RowItem(f"第 {numbers} 项", shown(what), shown(finding.message.zh), _asked(finding.check))


def _file_item(place: str, message: str) -> Item:
    return Item(f"文件“{place}”无法使用：{chinese(message)}", (), _words()["file"])


def _unusable(report: Report) -> Iterator[tuple[str, str]]:
    """Files that were handed in and cannot be used; what failed on our side is not the applicant's."""
    codes = _codes(InputError)
    for problem in report.problems:
        if problem.code in codes:
            yield problem_place(problem), problem.message


def _codes(kind: type[InputError]) -> set[str]:
    return {kind.code}.union(*(_codes(narrower) for narrower in kind.__subclasses__()))


class _Places:
    """Where a value stands, in words: file and pages, or the register and its day."""

    def __init__(self, report: Report) -> None:
        self.files = {
            paper.source.sha256: f"{word('kinds', paper.kind).zh}“{paper.source.file}”" for paper in report.papers
        }

    def value(self, side: Side, outcome: Outcome) -> str:
        """The side's label, value and places in one line."""
        missing = "未能识别" if outcome is Outcome.UNREADABLE else "无"
        where = "；".join(self._places(side.evidence))
        said = f"“{shown(side.value)}”" if side.value else missing
        return f"{side.label}：{said}{f'（见{where}）' if where else ''}"

    def _places(self, evidence: Sequence[Evidence]) -> Iterator[str]:
        pages: dict[str, dict[int, None]] = {}
        for place in evidence:
            if isinstance(place, Region):
                pages.setdefault(self.files.get(place.document, "所提交文件"), {})[place.page] = None
        for file, numbers in pages.items():
            listed = "、".join(str(page) for page in sorted(numbers)[:_PAGES_SHOWN])
            yield f"{file}第 {listed} {'等页' if len(numbers) > _PAGES_SHOWN else '页'}"
        for registry, as_of in dict.fromkeys((s.registry, s.as_of) for s in evidence if isinstance(s, Snapshot)):
            name = word("registries", registry).zh
            yield f"{name}，截至 {as_of}" if as_of else name


def _asked(check: str) -> str:
    words = _words()
    return str(words["ask"].get(check, words["default"]))


def _is_internal(check: str) -> bool:
    internal = _words()["internal"]
    return check in internal or check.partition("-")[0] in internal


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("notice.toml").read_text("utf-8"))
