"""The recommendation: every line of its table, and that what was not read or asked never leads to approval."""

import pytest

from matchers.recommendation import recommend
from models.finding import Finding, Outcome, Severity
from models.report import Decision, Problem, Recommendation, RowDecision
from tests.matchers.factory import ROWS
from tests.matchers.test_scope import finding

ISSUE, OUT, HUMAN = Decision.ISSUE, Decision.EXCLUDE, Decision.HUMAN
R = Recommendation
BLOCKING, MAJOR, MINOR = Severity.BLOCKING, Severity.MAJOR, Severity.MINOR


def rows(*decisions: Decision) -> tuple[RowDecision, ...]:
    return tuple(RowDecision(row, decision) for row, decision in zip(ROWS, decisions, strict=False))


@pytest.mark.parametrize(
    ("found", "decisions", "recommended"),
    [
        ([], (ISSUE, ISSUE, ISSUE), R.APPROVE),
        ([finding(outcome=Outcome.MATCH, rows=())], (ISSUE, ISSUE, ISSUE), R.APPROVE),
        ([finding(outcome=Outcome.TOLERATED, rows=())], (ISSUE, ISSUE, ISSUE), R.APPROVE),
        ([finding(outcome=Outcome.NOT_APPLICABLE, rows=())], (ISSUE, ISSUE, ISSUE), R.APPROVE),
        ([finding("VA-06", severity=MINOR, rows=())], (ISSUE, ISSUE, ISSUE), R.APPROVE),
        ([finding("SC-01", severity=MINOR)], (ISSUE, OUT, ISSUE), R.APPROVE_IN_PART),
        ([finding("SC-04")], (ISSUE, OUT, ISSUE), R.APPROVE_IN_PART),
        ([finding("SC-04", severity=MAJOR)], (ISSUE, HUMAN, ISSUE), R.HUMAN),
        ([], (ISSUE, HUMAN, ISSUE), R.HUMAN),
        ([], (), R.HUMAN),
        ([finding("ID-06", severity=MAJOR, rows=())], (ISSUE, ISSUE, ISSUE), R.HUMAN),
        ([finding("SC-04", rows=(0, 1, 2))], (OUT, OUT, OUT), R.REFUSE_ROUTE),
        ([finding("VA-01", rows=())], (ISSUE, ISSUE, ISSUE), R.REFUSE_ROUTE),
        ([finding("CR-01", rows=()), finding("CP-01", rows=())], (ISSUE, ISSUE, ISSUE), R.REFUSE_ROUTE),
        ([finding("ID-02", rows=())], (ISSUE, ISSUE, ISSUE), R.CORRECT),
        ([finding("CP-01", Outcome.NOT_PROVIDED, rows=())], (HUMAN, HUMAN, HUMAN), R.CORRECT),
        ([finding("CP-02", severity=MAJOR, rows=(), suspected=True)], (ISSUE, ISSUE, ISSUE), R.HUMAN),
        ([finding("ID-06", severity=MINOR, rows=(), suspected=True)], (ISSUE, ISSUE, ISSUE), R.HUMAN),
        ([finding("ID-06", severity=MINOR, rows=(), suspected=True)], (ISSUE, OUT, ISSUE), R.HUMAN),
        (
            [finding("VA-01", rows=()), finding("ID-06", severity=MINOR, rows=(), suspected=True)],
            (ISSUE,),
            R.REFUSE_ROUTE,
        ),
        ([finding("CP-01", Outcome.NOT_PROVIDED, MAJOR, rows=())], (ISSUE, ISSUE, ISSUE), R.HUMAN),
        ([finding("CP-03", rows=())], (ISSUE, ISSUE, ISSUE), R.CORRECT),
        ([finding("AD-02", rows=(0,))], (OUT, ISSUE, ISSUE), R.APPROVE_IN_PART),
        ([finding("AD-02", rows=(0,)), finding("ST-01", severity=MAJOR, rows=(1,))], (OUT, ISSUE, ISSUE), R.HUMAN),
        ([finding("AD-03", rows=()), finding("ID-02", rows=())], (ISSUE, ISSUE, ISSUE), R.REFUSE_ROUTE),
        ([finding("SC-01", severity=MINOR, rows=(0, 1, 2))], (OUT, OUT, OUT), R.REFUSE_ROUTE),
        ([finding("ID-02", rows=())], (OUT, OUT, OUT), R.CORRECT),
    ],
)
def test_table(found: list[Finding], decisions: tuple[Decision, ...], recommended: Recommendation) -> None:
    recommendation, why = recommend(found, rows(*decisions))
    assert recommendation is recommended
    assert why.zh
    assert "{" not in why.zh + why.en


@pytest.mark.parametrize("outcome", [Outcome.UNREADABLE, Outcome.SOURCE_UNAVAILABLE, Outcome.ERROR])
@pytest.mark.parametrize("severity", list(Severity))
@pytest.mark.parametrize("decisions", [(ISSUE, ISSUE, ISSUE), (ISSUE, OUT, ISSUE)])
def test_no_answer_no_approval(outcome: Outcome, severity: Severity, decisions: tuple[Decision, ...]) -> None:
    recommendation, why = recommend([finding("CC-03", outcome, severity, ())], rows(*decisions))
    assert recommendation is R.HUMAN
    assert "CC-03" in why.zh


def test_a_problem_forbids_approval() -> None:
    recommendation, why = recommend(
        [], rows(ISSUE, ISSUE, ISSUE), [Problem("a.pdf", "corrupt_pdf", "损坏"), Problem("a.pdf", "x", "y", 3)]
    )
    assert recommendation is R.HUMAN
    assert why.zh.count("a.pdf") == 1


def test_why_names_the_checks() -> None:
    _, why = recommend([finding("VA-01", rows=()), finding("VA-01", rows=()), finding("AD-03", rows=())], rows(ISSUE))
    assert "VA-01、AD-03" in why.zh
