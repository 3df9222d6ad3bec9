"""What is proposed for each row, and with which reasons."""

import pytest

from matchers.basis import CMA_RULES
from matchers.scope import decide_rows
from models.finding import Bilingual, Finding, Outcome, Severity, Side
from models.report import Decision
from tests.matchers.factory import annex, form, make_case

ISSUE, EXCLUDE, HUMAN = Decision.ISSUE, Decision.EXCLUDE, Decision.HUMAN


def finding(
    check: str = "SC-02",
    outcome: Outcome = Outcome.MISMATCH,
    severity: Severity = Severity.BLOCKING,
    rows: tuple[int, ...] = (1,),
    suspected: bool = False,
    right: str | None = None,
) -> Finding:
    words = Bilingual("话", "words")
    side = Side("右", right)
    return Finding(
        check,
        words,
        outcome,
        severity,
        words,
        (CMA_RULES.article(9),),
        right=side,
        rows=rows,
        suspected_misreading=suspected,
    )


@pytest.mark.parametrize(
    ("found", "decisions"),
    [
        ([], [ISSUE, ISSUE, ISSUE]),
        ([finding()], [ISSUE, EXCLUDE, ISSUE]),
        ([finding(severity=Severity.MAJOR)], [ISSUE, HUMAN, ISSUE]),
        ([finding(severity=Severity.MINOR)], [ISSUE, ISSUE, ISSUE]),
        ([finding(suspected=True)], [ISSUE, HUMAN, ISSUE]),
        ([finding("SC-01", severity=Severity.MINOR)], [ISSUE, EXCLUDE, ISSUE]),
        ([finding("SC-01", severity=Severity.MINOR, suspected=True)], [ISSUE, HUMAN, ISSUE]),
        ([finding(severity=Severity.MAJOR), finding("SC-04")], [ISSUE, EXCLUDE, ISSUE]),
        ([finding("SC-04"), finding(severity=Severity.MAJOR)], [ISSUE, EXCLUDE, ISSUE]),
        ([finding("SC-04", Outcome.SOURCE_UNAVAILABLE, Severity.MAJOR, ())], [HUMAN] * 3),
        ([finding("SC-04", Outcome.ERROR, Severity.MAJOR, ())], [HUMAN] * 3),
        ([finding("SC-02", Outcome.NOT_PROVIDED, Severity.MAJOR, ())], [HUMAN] * 3),
        ([finding("SC-02", Outcome.UNREADABLE, Severity.MAJOR, (2,))], [ISSUE, ISSUE, HUMAN]),
        ([finding("CC-05", Outcome.SOURCE_UNAVAILABLE, Severity.MAJOR, ())], [ISSUE] * 3),
        ([finding("ID-03", rows=())], [ISSUE] * 3),
        ([finding("SC-02", Outcome.MATCH, rows=(0, 1, 2))], [ISSUE] * 3),
        ([finding("SC-02", Outcome.TOLERATED, rows=(0, 1, 2))], [ISSUE] * 3),
    ],
)
def test_decisions(found: list[Finding], decisions: list[Decision]) -> None:
    assert [row.decision for row in decide_rows(make_case(), found)] == decisions


def test_reasons_are_listed_once_in_the_order_of_the_report() -> None:
    found = [finding("SC-02"), finding("SC-04"), finding("SC-04"), finding("SC-05", severity=Severity.MINOR)]
    assert decide_rows(make_case(), found)[1].reasons == ("SC-02", "SC-04")


def test_the_first_suggestion_stands() -> None:
    found = [
        finding("SC-02", right="另一项"),
        finding("SC-04", right="GB 5009.3-2016"),
        finding("SC-05", right="GB 1-2020"),
    ]
    assert [row.suggestion for row in decide_rows(make_case(), found)] == [None, "GB 5009.3-2016", None]


def test_a_limiting_remark_is_no_suggestion() -> None:
    found = [finding("SC-05", severity=Severity.MAJOR, right="废止，仅限引用")]
    assert decide_rows(make_case(), found)[1].suggestion is None


def test_no_rows_no_decisions() -> None:
    assert decide_rows(make_case(annex(rows=()), form(rows=())), [finding(rows=())]) == ()
