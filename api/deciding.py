"""The report after people decided: what they dismissed no longer counts, what they decided on rows overrules. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from api.review import worst_first
from matchers.recommendation import recommend
from matchers.scope import decide_rows
from models.case import Case
from models.decided import Decided, FindingWord, RowWord
from models.finding import Finding, Outcome, Severity, Verdict
from models.records import Registries
from models.report import Report, RowDecision

QUIET = frozenset({Outcome.MATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class Change:
    """A finding that judging again brought, took away or altered; one of the two is None where it is new or gone."""

    before: Finding | None
    after: Finding | None


def decided(report: Report, people: Decided) -> Report:
    """The report as people decided: without the findings whose dismissal counts, the rows decided anew and then as people say.

    The recommendation follows from what is left; the machine's findings themselves stay as they were found.
    """
    words = {word.fingerprint: word for word in people.findings}
    findings = tuple(
        finding for finding in report.findings if not is_dismissed(finding, words.get(finding.fingerprint))
    )
    rows = report.rows
    if len(findings) < len(report.findings):
        rows = decide_rows(Case(report.papers, Registries(), report.as_of), findings)
    rows = _overruled(rows, {word.row: word for word in people.rows})
    recommendation, why = recommend(findings, rows, report.problems)
    return replace(report, findings=worst_first(findings), rows=rows, recommendation=recommendation, why=why)


def is_dismissed(finding: Finding, word: FindingWord | None) -> bool:
    """Whether a dismissal counts: of a blocking finding only with a second person's."""
    if word is None or word.verdict is not Verdict.DISMISSED:
        return False
    return bool(word.seconded_by) or not is_blocking(finding)


def is_blocking(finding: Finding) -> bool:
    """Whether the finding objects and blocks."""
    return finding.severity is Severity.BLOCKING and finding.outcome not in QUIET


def needs_second(*reports: Report) -> bool:
    """Whether deciding takes two people: a report, the first one or one made after corrections, has a finding that blocks."""
    return any(is_blocking(finding) for report in reports for finding in report.findings)


def undecided(report: Report, people: Decided) -> tuple[Finding, ...]:
    """The findings that object and on which nobody said a word that counts, worst first."""
    words = {word.fingerprint: word for word in people.findings}
    return tuple(f for f in report.findings if f.is_objection and not _is_settled(f, words.get(f.fingerprint)))


def changes(before: Report, after: Report) -> tuple[Change, ...]:
    """What judging again changed, worst first. Findings that all is well are told of only where they were, or become, objections."""
    gone = _missing(before.findings, after.findings)
    new = _missing(after.findings, before.findings)
    found: list[Change] = []
    for finding in new:
        old = next((one for one in gone if _same_question(one, finding)), None)
        if old is not None:
            gone.remove(old)
        found.append(Change(old, finding))
    found += [Change(old, None) for old in gone]
    told = [change for change in found if _objects(change.before) or _objects(change.after)]
    order = worst_first([f for f in (change.after or change.before for change in told) if f is not None])
    return tuple(sorted(told, key=lambda change: order.index(_shown(change))))


def _overruled(rows: Iterable[RowDecision], words: Mapping[int, RowWord]) -> tuple[RowDecision, ...]:
    return tuple(
        replace(row, decision=word.decision, said=word.reason or "由审批人员决定")
        if (word := words.get(index))
        else row
        for index, row in enumerate(rows)
    )


def _is_settled(finding: Finding, word: FindingWord | None) -> bool:
    return is_dismissed(finding, word) or (word is not None and word.verdict is Verdict.CONFIRMED)


def _missing(of: Iterable[Finding], among: Collection[Finding]) -> list[Finding]:
    known = {finding.fingerprint for finding in among}
    return [finding for finding in of if finding.fingerprint not in known]


def _same_question(one: Finding, other: Finding) -> bool:
    return (one.check, one.subject) == (other.check, other.subject)


def _objects(finding: Finding | None) -> bool:
    return finding is not None and finding.outcome not in QUIET


def _shown(change: Change) -> Finding:
    shown = change.after or change.before
    assert shown is not None
    return shown
