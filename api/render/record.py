"""What people decided on a case, as lines of a table: what it was about, what was said, why, by whom and when."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from api.clock import BEIJING
from api.render.words import word
from models.decided import Correction, Decided, FinalWord, FindingWord
from models.finding import Finding, Verdict
from models.report import Report

_SAID = {Verdict.CONFIRMED: "确认", Verdict.DISMISSED: "排除", Verdict.UNSURE: "存疑"}


@dataclass(frozen=True, slots=True)
class Line:
    """One act of a person on a case; `outcome` in words."""

    about: str
    outcome: str
    reason: str
    by: str
    at: str


def record(report: Report, people: Decided) -> tuple[Line, ...]:
    """The decision first, then words on findings, corrections of fields, rows together as they were decided. Times are China's."""
    return (*_final(people.final), *_findings(report, people), *_corrections(report, people), *_rows(people))


def final_line(final: FinalWord) -> str:
    """The decision in a few words, with who made it and when."""
    seconded = f"，复核：{final.seconded_by}" if final.seconded_by else "" if final.stands else "，待复核"
    at = moment(final.seconded_at or final.at)
    return f"{word('final', final.decision).zh}（审批决定：{final.by}{seconded}，{at}）"


def moment(at: dt.datetime) -> str:
    """A moment as people in China write it, to the minute."""
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def _final(final: FinalWord | None) -> Iterator[Line]:
    if final is None:
        return
    decision = word("final", final.decision).zh
    yield Line(
        "审批决定", decision if final.stands else f"{decision}（待复核）", final.reason, final.by, moment(final.at)
    )
    if final.seconded_by and final.seconded_at:
        yield Line("审批决定", "复核同意", "", final.seconded_by, moment(final.seconded_at))


def _findings(report: Report, people: Decided) -> Iterator[Line]:
    found = {finding.fingerprint: finding for finding in report.findings}
    order = {fingerprint: place for place, fingerprint in enumerate(found)}
    spoken = [each for each in people.findings if each.fingerprint in found]
    for each in sorted(spoken, key=lambda one: order[one.fingerprint]):
        said = f"{_SAID[each.verdict]}（复核：{each.seconded_by}）" if each.seconded_by else _SAID[each.verdict]
        yield Line(_about(found[each.fingerprint], each), said, each.reason, each.by, moment(each.at))


def _about(finding: Finding, _: FindingWord) -> str:
    subject = f" · {finding.subject}" if finding.subject else ""
    return f"{finding.check} {finding.title.zh}{subject}：{finding.message.zh}"


def _corrections(report: Report, people: Decided) -> Iterator[Line]:
    for each in people.corrections:
        outcome = (
            f"“{each.before or '未能识别'}” 更正为 “{each.value}”"
            if each.value is not None
            else f"“{each.before}” 无法辨认"
        )
        yield Line(_place(report, each), outcome, each.reason, each.by, moment(each.at))


def _place(report: Report, correction: Correction) -> str:
    number, _, path = correction.place.partition("/")
    paper = report.papers[int(number)]
    steps = path.split(".")
    name = word("fields", steps[0]).zh
    if len(steps) == 3:
        name = f"{word('fields', steps[0]).zh} 第 {int(steps[1]) + 1} 项 {word('fields', steps[2]).zh}"
    elif len(steps) == 2:
        name = f"{name} {word('fields', steps[1]).zh}"
    return f"{word('kinds', paper.kind).zh}（{paper.source.file}）{name}"


def _rows(people: Decided) -> Iterator[Line]:
    for _, together in groupby(sorted(people.rows, key=lambda each: (each.act, each.row)), lambda each: each.act):
        words = list(together)
        numbers = "、".join(str(each.row + 1) for each in words[:12])
        about = f"能力项第 {numbers} 行" + (f" 等 {len(words)} 行" if len(words) > 12 else "")
        yield Line(about, word("decisions", words[0].decision).zh, words[0].reason, words[0].by, moment(words[0].at))
