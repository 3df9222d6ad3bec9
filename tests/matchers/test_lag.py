"""A mismatch with a registry that may not know yet of what the paper says tells so, and nothing else does."""

import dataclasses
import datetime as dt

import pytest

from matchers.lag import known_until, with_lag
from models.field import Snapshot
from models.finding import Bilingual, Outcome, Remark, Side
from models.records import Answer
from tests.matchers.factory import RULED, annex, enterprise, field, licence, make_case, run

MAY_LAG = "登记数据可能滞后"
DAY = dt.date(2026, 6, 30)  # a Tuesday


@pytest.mark.parametrize(
    ("lag_days", "known"),
    [
        (0, DAY),
        (1, dt.date(2026, 6, 29)),
        (2, dt.date(2026, 6, 26)),
        (3, dt.date(2026, 6, 25)),
        (7, dt.date(2026, 6, 19)),
    ],
)
def test_working_days_are_counted_back(lag_days: int, known: dt.date) -> None:
    assert known_until(Snapshot("enterprises", DAY.isoformat(), "0" * 64, lag_days=lag_days)) == known


@pytest.mark.parametrize(
    ("issued_on", "lag_days", "told"),
    [
        (dt.date(2026, 6, 26), 3, True),
        (dt.date(2026, 6, 25), 3, False),
        (dt.date(2026, 6, 30), 0, False),
        (dt.date(2026, 7, 1), 0, True),
        (None, 3, False),
    ],
)
def test_a_licence_newer_than_the_registry_surely_knows(issued_on: dt.date | None, lag_days: int, told: bool) -> None:
    snapshot = Snapshot("enterprises", DAY.isoformat(), "0" * 64, lag_days=lag_days)
    other = enterprise(name="海南旧名检测技术有限公司")
    case = make_case(licence(issued_on=field(issued_on)), enterprises=Answer((other,), snapshot))
    findings = [finding for finding in run("ID-03", case) if finding.outcome is Outcome.MISMATCH]
    assert findings
    assert [MAY_LAG in finding.message.zh for finding in findings] == [told] * len(findings)
    assert ["may lag" in finding.message.en for finding in findings] == [told] * len(findings)


def test_what_agrees_is_not_told_of() -> None:
    snapshot = Snapshot("enterprises", DAY.isoformat(), "0" * 64, lag_days=30)
    case = make_case(enterprises=Answer((enterprise(),), snapshot))
    assert not any(MAY_LAG in finding.message.zh for finding in run("ID-03", case))


@pytest.mark.parametrize(
    ("registry", "as_of", "told"),
    [
        ("cnas", "2026-06-30", True),
        ("cnas_rows", "2026-06-30", True),
        ("library", "2026-06-30", False),
        ("cnas", "", False),
    ],
)
def test_an_annex_newer_than_the_directory(registry: str, as_of: str, told: bool) -> None:
    case = make_case(annex(issued_on=field(dt.date(2026, 6, 29))))
    seen = Side("名称", "甲", evidence=(RULED,))
    listed = Side("名称", "乙", evidence=(Snapshot(registry, as_of, "0" * 64, lag_days=3),))
    differs = Remark(Outcome.MISMATCH, Bilingual("不一致。", "They differ."), seen, listed)
    assert (MAY_LAG in with_lag(case, differs).message.zh) is told
    assert with_lag(case, dataclasses.replace(differs, right=None)).message == differs.message
