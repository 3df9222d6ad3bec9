"""The draft 附表 as content: the rows that can be issued, numbered anew, and those that cannot or need a person, each with its reasons."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from api.render.catalogue import basis_line
from api.render.text import SETTLED, problem_place
from api.render.words import word
from models.field import Field
from models.finding import Finding, Outcome
from models.papers import ApplicationForm, BusinessLicence, CapabilityRow, CnasAnnex, CnasCertificate, Signatory, Site
from models.report import Decision, Report, RowDecision
from models.text import clean, key

P = TypeVar("P")

NO_NAME = "（机构名称未能识别）"
NONE_GIVEN = "—"

_VERDICTS = {
    Outcome.NOT_PROVIDED: "未提交",
    Outcome.UNREADABLE: "未能识别",
    Outcome.SOURCE_UNAVAILABLE: "未能查询",
    Outcome.ERROR: "未能核查",
}


@dataclass(frozen=True, slots=True)
class IssuedRow:
    """A row to issue: `group` numbers its 类别, `number` its parameter within (`3.12`), `claimed` is its place in the application."""

    group: int
    category: str
    number: str
    parameter: str
    method: str
    limitation: str
    note: str
    site: str
    claimed: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not proposed: what was found, the law, and what can be done."""

    found: str
    basis: str
    advice: str


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A claimed row that is not proposed, by its place in the application (from 1), with at least one reason."""

    claimed: int
    row: CapabilityRow
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class DraftAnnex:
    """Everything the draft shows. `concerns` are what a person must weigh about the case as a whole, `notes` what a reader should know."""

    name: str
    legal_entity: str
    address: str
    sites: tuple[str, ...]
    as_of: dt.date
    recommendation: str
    why: str
    issued: tuple[IssuedRow, ...]
    refused: tuple[HeldRow, ...]
    undecided: tuple[HeldRow, ...]
    signatories: tuple[Signatory, ...]
    concerns: tuple[Reason, ...]
    notes: tuple[str, ...]
    made_by: str

    @property
    def shows_sites(self) -> bool:
        """Whether the place of work tells rows apart."""
        held = (row.row.site for row in (*self.refused, *self.undecided))
        return len(self.sites) > 1 or len({*(row.site for row in self.issued), *map(shown, held)}) > 1


def draft_annex(report: Report) -> DraftAnnex:
    """The draft of a report. Every claimed row stands in exactly one of `issued`, `refused` and `undecided`."""
    form = _first(report, ApplicationForm)
    annex, certificate = _first(report, CnasAnnex), _first(report, CnasCertificate)
    licence = _first(report, BusinessLicence)
    decided: dict[Decision, list[tuple[int, RowDecision]]] = defaultdict(list)
    for index, decision in enumerate(report.rows):
        decided[decision.decision].append((index, decision))
    findings = _by_row(report.findings)
    people, open_people = _signatories(report, form, annex)
    return DraftAnnex(
        name=_said(*(paper.name for paper in (form, certificate, licence) if paper is not None)) or NO_NAME,
        legal_entity=_said(form.legal_entity.name) if form is not None and form.legal_entity is not None else "",
        address=_said(*(paper.address for paper in (form, certificate, licence) if paper is not None)),
        sites=_sites((form.sites if form is not None else ()) or (annex.sites if annex is not None else ())),
        as_of=report.as_of,
        recommendation=word("recommendations", report.recommendation).zh,
        why=report.why.zh,
        issued=_issued(decided[Decision.ISSUE]),
        refused=tuple(_held(index, row, findings) for index, row in decided[Decision.EXCLUDE]),
        undecided=tuple(_held(index, row, findings) for index, row in decided[Decision.HUMAN]),
        signatories=people,
        concerns=(*_concerns(report), *open_people),
        notes=_notes(report, form),
        made_by=_made_by(report),
    )


def _issued(rows: Iterable[tuple[int, RowDecision]]) -> tuple[IssuedRow, ...]:
    """Equal 类别 of one site together, and equal parameters within, both in the order of their first row; numbered without holes."""
    groups: dict[tuple[str, str], dict[str, list[tuple[int, CapabilityRow]]]] = {}
    for index, decision in rows:
        row = decision.row
        parameters = groups.setdefault((key(row.site or ""), key(row.object or "")), {})
        parameters.setdefault(key(row.parameter or ""), []).append((index, row))
    return tuple(
        IssuedRow(
            group=group,
            category=shown(_first_row(parameters).object) or NONE_GIVEN,
            number=f"{group}.{number}",
            parameter=shown(alike[0][1].parameter) or NONE_GIVEN,
            method=by_standard(row),
            limitation=shown(row.limitation),
            note=shown(row.note),
            site=shown(row.site),
            claimed=index + 1,
        )
        for group, parameters in enumerate(groups.values(), 1)
        for number, alike in enumerate(parameters.values(), 1)
        for index, row in alike
    )


def _first_row(parameters: dict[str, list[tuple[int, CapabilityRow]]]) -> CapabilityRow:
    return next(iter(parameters.values()))[0][1]


def _held(index: int, decision: RowDecision, findings: dict[int | None, list[Finding]]) -> HeldRow:
    against = [f for f in (*findings[index], *findings[None]) if f.check in decision.reasons]
    if decision.decision is Decision.EXCLUDE:  # what could not be asked does not exclude
        against = [f for f in against if f.outcome is Outcome.MISMATCH] or against
    reasons = [reason_of(finding) for finding in against]
    if decision.said:
        reasons.insert(0, Reason(f"审批人员决定：{shown(decision.said)}", "", ""))
    reasons = reasons or [Reason("须由审批人员判断。", "", "")]
    if decision.suggestion:
        instead = f"可改为申请“{decision.suggestion}”（须已获 CNAS 认可）。"
        reasons[0] = Reason(reasons[0].found, reasons[0].basis, f"{instead}{reasons[0].advice}")
    return HeldRow(index + 1, decision.row, tuple(reasons))


def _by_row(findings: Iterable[Finding]) -> dict[int | None, list[Finding]]:
    """What speaks against each claimed row; under None what concerns all of them because a check got no answer."""
    found: dict[int | None, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.outcome in SETTLED:
            continue
        if not finding.rows and finding.outcome is not Outcome.MISMATCH:
            found[None].append(finding)
        for index in dict.fromkeys(finding.rows):
            found[index].append(finding)
    return found


def reason_of(finding: Finding) -> Reason:
    """A finding in words: what was seen; where nothing was, also what it would have been held against."""
    doubt = "疑似识别错误：" if finding.suspected_misreading else ""
    what = "" if finding.outcome is Outcome.MISMATCH else f"{finding.title.zh}——{_VERDICTS[finding.outcome]}："
    return Reason(
        f"{doubt}{what}{finding.message.zh}（{finding.check}）",
        "；".join(map(basis_line, finding.basis)),
        finding.advice.zh if finding.advice else "",
    )


def _concerns(report: Report) -> Iterable[Reason]:
    """Objections to the case as a whole, and what could not be used."""
    for finding in report.findings:
        if finding.is_objection and not finding.rows and not _is_of_people(finding):
            yield reason_of(finding)
    for problem in report.problems:
        yield Reason(f"未能处理（{problem_place(problem)}）：{chinese(problem.message)}", "", "")


def _signatories(
    report: Report, form: ApplicationForm | None, annex: CnasAnnex | None
) -> tuple[tuple[Signatory, ...], list[Reason]]:
    """Who is proposed, and why others are not: an objection to a person holds that person; where none could be compared, all."""
    applied = form.signatories if form is not None else ()
    if not applied and annex is not None:
        applied = tuple(person for person in annex.signatories if person.language == "zh")
    against = [f for f in report.findings if _is_of_people(f)]
    held = {p.name for p in applied for f in against if f.subject == p.name or f.subject.startswith(f"{p.name} ")}
    uncompared = any(f.check == "SG-01" and not f.subject for f in against)
    proposed = () if uncompared else tuple(person for person in applied if person.name not in held)
    return proposed, [reason_of(finding) for finding in against]


def _is_of_people(finding: Finding) -> bool:
    return finding.check.startswith("SG-") and finding.is_objection and not finding.rows


def _notes(report: Report, form: ApplicationForm | None) -> tuple[str, ...]:
    notes = []
    if report.rows and (form is None or not form.rows):
        notes.append("申请书未附能力表，本稿按 CNAS 附件所列全部能力项拟制。")
    return tuple(notes)


def _made_by(report: Report) -> str:
    used = "、".join(f"{word('registries', s.registry).zh} {s.as_of}" for s in report.run.registries) or "无"
    return f"审查日 {report.as_of}；登记数据：{used}；证审 {report.run.code}，规则 {report.run.rules}"


def _sites(sites: Sequence[Site]) -> tuple[str, ...]:
    return tuple(f"{shown(site.code)}：{shown(site.address)}" if site.code else shown(site.address) for site in sites)


def _said(*fields: Field[str] | None) -> str:
    """The first of the fields that could be read."""
    return next((shown(field.value) for field in fields if field is not None and field.value), "")


def _first(report: Report, kind: type[P]) -> P | None:
    return next((paper for paper in report.papers if isinstance(paper, kind)), None)


def by_standard(row: CapabilityRow) -> str:
    """The method as claimed, each further standard that has a title on a line of its own."""
    text, after = shown(row.method), 1
    for standard in row.standards[1:]:
        start = text.find(standard.title, after) if standard.title else -1
        if start > 0:
            text = f"{text[:start].rstrip()}\n{text[start:]}"
            after = start + len(standard.title or "")
    return text


def shown(text: str | None) -> str:
    """Text of a paper fit to print: without controls and needless blanks, its lines kept."""
    return clean(text or "", keep_lines=True)


def chinese(message: str) -> str:
    """The Chinese sentence of a message that says everything in both languages."""
    zh, stop, _ = message.partition("。 ")
    return zh + "。" if stop else zh
