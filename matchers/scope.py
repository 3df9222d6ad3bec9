"""What is proposed for each claimed row: issue it, leave it out, or let a person decide, always with the checks that say so."""

from collections.abc import Iterable

from models.case import Case
from models.finding import Finding, Outcome, Severity
from models.report import Decision, RowDecision

ROW_CHECKS = frozenset(
    {"SC-01", "SC-02", "SC-03", "SC-04", "SC-05", "SC-06", "SC-07", "AD-02", "AD-03", "VA-03", "CC-05", "ST-05"}
)
"""The checks that judge rows."""

_EXCLUDING = frozenset({"SC-01"})  # calibration is 提示, and still no row of a CMA certificate
_INDISPENSABLE = frozenset({"SC-01", "SC-02", "SC-03", "SC-04", "SC-05", "SC-06", "SC-07"})
"""Without an answer from one of these no row can be issued without a person."""

_NO_ANSWER = frozenset({Outcome.UNREADABLE, Outcome.NOT_PROVIDED, Outcome.SOURCE_UNAVAILABLE, Outcome.ERROR})


def decide_rows(case: Case, findings: Iterable[Finding]) -> tuple[RowDecision, ...]:
    """One decision for each claimed row, in order. The worst finding on a row decides; all that speak against it are reasons."""
    rows = case.claimed_rows
    decisions = [Decision.ISSUE] * len(rows)
    reasons: dict[int, dict[str, None]] = {}
    suggestions: dict[int, str] = {}
    for finding in findings:
        decision = _decision(finding)
        if decision is None:
            continue
        instead = _suggestion(finding)
        for index in finding.rows or (range(len(rows)) if finding.outcome in _NO_ANSWER else ()):
            reasons.setdefault(index, {})[finding.check] = None
            decisions[index] = max(decisions[index], decision, key=_ORDER.index)
            if instead:
                suggestions.setdefault(index, instead)
    return tuple(
        RowDecision(row, decision, tuple(reasons.get(index, ())), suggestions.get(index))
        for index, (row, decision) in enumerate(zip(rows, decisions, strict=True))
    )


_ORDER = (Decision.ISSUE, Decision.HUMAN, Decision.EXCLUDE)


def _decision(finding: Finding) -> Decision | None:
    """What a finding means for its rows; None where it says nothing about rows."""
    if finding.outcome is Outcome.MISMATCH and finding.rows:
        if finding.suspected_misreading:
            return Decision.HUMAN
        if finding.severity is Severity.BLOCKING or finding.check in _EXCLUDING:
            return Decision.EXCLUDE
        return Decision.HUMAN if finding.severity is Severity.MAJOR else None
    return Decision.HUMAN if finding.outcome in _NO_ANSWER and finding.check in _INDISPENSABLE else None


def _suggestion(finding: Finding) -> str | None:
    """The code that the library has instead: of a standard that it lacks (SC-04) or has abolished (SC-05)."""
    suggests = finding.check == "SC-04" or (finding.check == "SC-05" and finding.severity is Severity.BLOCKING)
    return (
        finding.right.value if suggests and finding.outcome is Outcome.MISMATCH and finding.right is not None else None
    )
