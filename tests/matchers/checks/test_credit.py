"""CR-02 to CR-05 and CR-07 to CR-09: bars with a look-back, and records that count while they are active."""

import datetime as dt

import pytest

from matchers.periods import months_after
from models.finding import Outcome, Severity
from models.papers import BusinessLicence
from models.records import CreditRecord
from tests.matchers.factory import AS_OF, CODE, NAME, OTHER_CODE, answered, field, licence, make_case, said, unavailable
from tests.matchers.faults_scope import listed

X, T, NP = Outcome.MISMATCH, Outcome.TOLERATED, Outcome.NOT_PROVIDED
B, M = Severity.BLOCKING, Severity.MAJOR
SEVERITIES = {"CR-02": B, "CR-03": B, "CR-04": B, "CR-05": B, "CR-07": M, "CR-08": M, "CR-09": M}
YESTERDAY = AS_OF - dt.timedelta(days=1)
WITHDRAWN = ("撤销行政许可", "以欺骗手段取得，撤销资质认定证书")
FALSE = ("不予行政许可", "申请资质认定时提供虚假材料")


@pytest.mark.parametrize(
    ("id", "category", "reason", "more", "outcome"),
    [
        ("CR-02", *WITHDRAWN, {"days": 100}, X),
        ("CR-02", *WITHDRAWN, {"days": 1095}, X),
        ("CR-02", *WITHDRAWN, {"days": 1097}, T),
        ("CR-02", *WITHDRAWN, {"days": 100, "repaired_on": YESTERDAY}, X),
        ("CR-02", "撤销行政许可", "撤销食品生产许可", {}, None),
        ("CR-03", *FALSE, {"days": 365}, X),
        ("CR-03", *FALSE, {"days": 367}, T),
        ("CR-03", "不予行政许可", "申请食品经营许可时提供虚假材料", {}, None),
        ("CR-04", "信用承诺", "虚假承诺", {"days": 4000}, X),
        ("CR-04", "信用承诺", "已履行", {}, None),
        ("CR-05", "行政许可", "撤回告知承诺申请", {"days": 3000}, X),
        ("CR-05", "行政许可", "撤回食品经营许可申请", {}, None),
        ("CR-07", "行政处罚", "出具的检验检测报告失实", {"days": 700}, X),
        ("CR-07", "行政处罚", "出具的检验检测报告失实", {"days": 740}, T),
        ("CR-07", "行政处罚", "出具的检验检测报告失实", {"repaired_on": YESTERDAY}, T),
        ("CR-07", "行政处罚", "未按规定设置消防设施", {}, None),
        ("CR-07", "行政许可", "检验检测机构资质认定", {}, None),
        ("CR-08", "失信被执行人", "", {}, X),
        ("CR-08", "失信被执行人", "", {"removed_on": YESTERDAY}, T),
        ("CR-08", "失信被执行人", "", {"removed_on": AS_OF}, X),
        ("CR-09", "监督检查", "尚未办结", {}, X),
        ("CR-09", "立案调查", "", {"removed_on": YESTERDAY}, T),
        ("CR-09", "行政许可", "监督检查合格", {}, None),
    ],
)
def test_records(id: str, category: str, reason: str, more: dict[str, object], outcome: Outcome | None) -> None:
    case = make_case(**listed(category, reason, **more))  # type: ignore[arg-type]
    assert said(id, case) == ([(outcome, SEVERITIES[id])] if outcome else [])


@pytest.mark.parametrize("id", SEVERITIES)
def test_without(id: str) -> None:
    assert said(id, make_case()) == []
    assert said(id, make_case(**unavailable("credit"))) == [(Outcome.SOURCE_UNAVAILABLE, M)]
    assert said(id, make_case(without=[BusinessLicence])) == [(NP, M)]
    assert said(id, make_case(licence(unified_social_credit_code=field(None)))) == [(Outcome.UNREADABLE, M)]
    assert said(id, make_case(licence(unified_social_credit_code=field(CODE, 0.5)))) == []


def test_a_record_without_a_day_counts() -> None:
    record = CreditRecord(CODE, NAME, *WITHDRAWN)
    assert said("CR-02", make_case(credit=answered("credit", record))) == [(X, B)]


def test_anothers_record_does_not() -> None:
    record = CreditRecord(OTHER_CODE, NAME, *WITHDRAWN, listed_on=YESTERDAY)
    assert said("CR-02", make_case(credit=answered("credit", record))) == []


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2024, 2, 29), 12, (2025, 2, 28)),
        ((2026, 5, 6), 2, (2026, 7, 6)),
        ((2026, 11, 30), 3, (2027, 2, 28)),
        ((2026, 1, 15), -2, (2025, 11, 15)),
        ((2026, 12, 1), 0, (2026, 12, 1)),
    ],
)
def test_months(day: tuple[int, int, int], months: int, expected: tuple[int, int, int]) -> None:
    assert months_after(dt.date(*day), months) == dt.date(*expected)
