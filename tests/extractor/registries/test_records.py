"""Rows made records: dates, money, statuses and changes as registries write them."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from extractor.registries.keys import keys_of
from extractor.registries.records import build, merged, parse_day
from models.dates import FOREVER
from models.money import Money
from models.records import AccreditationStatus, Change, EntityStatus, RegistryKind, Verified


def enterprise(**row: str):
    return build(RegistryKind.ENTERPRISES, row)


@pytest.mark.parametrize(
    ("printed", "status"),
    [
        ("存续（在营、开业、在册）", EntityStatus.ACTIVE),
        ("存续(在营、开业、在册)", EntityStatus.ACTIVE),
        ("在业", EntityStatus.ACTIVE),
        ("吊销，未注销", EntityStatus.DEAD),
        ("吊销,未注销", EntityStatus.DEAD),
        ("注销", EntityStatus.DEAD),
        ("迁往省外", EntityStatus.MOVED),
        ("经营期限届满", EntityStatus.WARN),
        ("存续（异常）", EntityStatus.ACTIVE),
        ("不详", EntityStatus.UNKNOWN),
        ("", EntityStatus.UNKNOWN),
    ],
)
def test_registration_status(printed: str, status: EntityStatus) -> None:
    record = enterprise(name="海口甲检测有限公司", status=printed)
    assert (record.status, record.status_text) == (status, printed)


def test_a_status_code_counts_where_there_is_no_word() -> None:
    assert enterprise(status_code="1").status is EntityStatus.ACTIVE
    assert enterprise(status_code="7").status is EntityStatus.UNKNOWN


@pytest.mark.parametrize(
    ("printed", "status"),
    [
        ("有效", AccreditationStatus.VALID),
        ("暂停", AccreditationStatus.SUSPENDED),
        ("部分暂停", AccreditationStatus.PARTLY_SUSPENDED),
        ("暂停部分项目", AccreditationStatus.PARTLY_SUSPENDED),
        ("撤销", AccreditationStatus.WITHDRAWN),
        ("注销", AccreditationStatus.CANCELLED),
        ("已过期", AccreditationStatus.EXPIRED),
        ("公布", AccreditationStatus.UNKNOWN),
    ],
)
def test_accreditation_status(printed: str, status: AccreditationStatus) -> None:
    record = build(RegistryKind.CNAS, {"registration_number": "No.CNAS L867", "status": printed})
    assert (record.registration_number, record.status) == ("CNAS L0867", status)


@pytest.mark.parametrize(
    ("row", "amount", "currency"),
    [
        ({"registered_capital": "200.000000万人民币"}, "2000000", "CNY"),
        ({"registered_capital": "5000000"}, "5000000", "CNY"),
        ({"registered_capital_wan": "500"}, "5000000", "CNY"),
        ({"registered_capital_wan": "50", "registered_capital_currency": "美元"}, "500000", "USD"),
    ],
)
def test_capital(row: dict[str, str], amount: str, currency: str) -> None:
    assert enterprise(**row).registered_capital == Money(Decimal(amount), currency)


def test_a_term_stands_in_one_column_or_in_two() -> None:
    one = enterprise(term="2019年03月14日至长期")
    two = enterprise(term_from="20190314", term_to="长期")
    assert (one.term_from, one.term_to) == (two.term_from, two.term_to) == (dt.date(2019, 3, 14), FOREVER)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-06-01", dt.date(2026, 6, 1)),
        ("2026/6/1", dt.date(2026, 6, 1)),
        ("2026年6月1日", dt.date(2026, 6, 1)),
        ("20260601", dt.date(2026, 6, 1)),
        ("1780243200000", dt.date(2026, 6, 1)),
        ("2026-06-01 00:00:00", dt.date(2026, 6, 1)),
        ("长期", FOREVER),
        ("无", None),
        ("20261301", None),
    ],
)
def test_days(text: str, day: dt.date | None) -> None:
    assert parse_day(text) == day


def test_changes_of_every_form() -> None:
    listed = json.dumps([{"altItem_CN": "名称变更", "altBe": "甲", "altAf": "乙", "altDate": "2024-01-02"}, "x"])
    record = enterprise(name="乙", changes=listed, former_names="丙；丁", change_item="住所", change_on="2023-05-06")
    assert record.changes == (
        Change("名称变更", "甲", "乙", dt.date(2024, 1, 2)),
        Change("住所", "", "", dt.date(2023, 5, 6)),
        Change("名称", "丙", "乙", None),
        Change("名称", "丁", "乙", None),
    )
    assert enterprise(name="乙", changes="见附件").changes == ()


def test_an_entity_repeated_for_its_changes_is_one_record() -> None:
    rows = [{"name": "乙", "change_item": "住所", "change_before": str(n), "change_after": "x"} for n in range(3)]
    (record,) = merged(build(RegistryKind.ENTERPRISES, row) for row in rows)
    assert [change.before for change in record.changes] == ["0", "1", "2"]


def test_a_repaired_record_without_a_day_is_not_active() -> None:
    record = build(RegistryKind.CREDIT, {"name": "甲", "listed_on": "2025-01-01", "repair_status": "已修复"})
    assert not record.active_on(dt.date(2026, 1, 1))
    assert build(RegistryKind.CREDIT, {"name": "甲", "listed_on": "2025-01-01"}).active_on(dt.date(2026, 1, 1))


def test_library_codes_are_read_and_unknown_ones_kept() -> None:
    known = build(RegistryKind.LIBRARY, {"code": "GB/T 5009.5－2016 第一法", "remark": "废止"})
    assert known.standard is not None
    assert (known.standard.key, known.remark) == ("GB/T 5009.5-2016", "废止")
    unknown = build(RegistryKind.LIBRARY, {"code": "内部方法", "title": "某法"})
    assert (unknown.standard, unknown.code) == (None, "内部方法")


@pytest.mark.parametrize(
    ("printed", "outcome"),
    [
        ("属实", Verified.TRUE),
        ("不符，须整改", Verified.RECTIFY),
        ("另议", None),
        ("属实性存疑", None),
        ("限期整改", Verified.RECTIFY),
        ("虚假承诺", Verified.FALSE),
        ("", None),
    ],
)
def test_what_a_verification_came_to(printed: str, outcome: Verified | None) -> None:
    row = {"number": "2421 2034 0529", "verified_on": "2026年11月8日", "outcome": printed}
    record = build(RegistryKind.VERIFICATIONS, row)
    assert (record.number, record.verified_on, record.outcome) == ("242120340529", dt.date(2026, 11, 8), outcome)
    assert list(keys_of(record)) == ["cma:242120340529"]


def test_scope_rows_join_title_and_code() -> None:
    record = build(
        RegistryKind.CMA_ROWS, {"owner": "24212034 0529", "method_title": "铅的测定", "code": "GB 5009.12-2023"}
    )
    assert (record.owner, record.method) == ("242120340529", "铅的测定 GB 5009.12-2023")
    assert [standard.key for standard in record.standards] == ["GB 5009.12-2023"]


@pytest.mark.parametrize(
    ("method", "clauses"),
    [
        ("食品中水分的测定 GB 5009.3-2016 第二法", ["第二法"]),
        ("食品中水分的测定 GB 5009.3-2016 第一法；GB 5009.3-2016 第二法", ["第一法", "第二法"]),
        ("食品中水分的测定 GB 5009.3-2016", [None]),
        ("食品中水分的测定 GB 5009.3-2010 第二法", [None]),  # the column of numbers prevails
        ("", [None]),
    ],
)
def test_a_scope_row_is_limited_to_the_clause_that_its_method_names(method: str, clauses: list[str | None]) -> None:
    record = build(RegistryKind.CNAS_ROWS, {"owner": "CNAS L0867", "method": method, "code": "GB 5009.3-2016"})
    assert [(ref.key, ref.clause) for ref in record.standards] == [("GB 5009.3-2016", clause) for clause in clauses]
    assert len(record.limits) == len([clause for clause in clauses if clause])


def test_items_list_their_keywords() -> None:
    record = build(
        RegistryKind.ITEMS,
        {"domain": "食品检验", "object_keywords": "食品、食用农产品", "effective_from": "2026-06-01"},
    )
    assert (record.object_keywords, record.effective_from) == (("食品", "食用农产品"), dt.date(2026, 6, 1))
