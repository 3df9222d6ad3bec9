"""AU-01 to AU-10: an issued certificate looked at again."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from models.case import Case, SightingKind
from models.field import Snapshot
from models.finding import Outcome, Severity
from models.papers import (
    ApplicationForm,
    BusinessLicence,
    CmaAnnex,
    CmaCertificate,
    CnasAnnex,
    CnasCertificate,
    Section,
    Signatory,
)
from models.records import (
    AccreditationStatus,
    Change,
    CreditRecord,
    EntityStatus,
    LibraryRecord,
    VerificationRecord,
    Verified,
)
from tests.matchers.audited import (
    CMA_NUMBER,
    EXPIRES,
    HELD,
    HELD_RECORD,
    ISSUED,
    STANDARD,
    at,
    audit_case,
    cma_annex,
    cma_certificate,
    cma_record,
    held_case,
)
from tests.matchers.factory import (
    ADDRESS,
    AS_OF,
    CODE,
    LIBRARY,
    NAME,
    ROWS,
    accreditation,
    annex,
    answered,
    certificate,
    enterprise,
    field,
    ref,
    row,
    run,
    said,
    scope_record,
    signatory,
    unavailable,
)
from tests.matchers.faults_scope import OTHER, listed, met, registered

X, T, NA, NP = Outcome.MISMATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE, Outcome.NOT_PROVIDED
SILENT, UNREAD = Outcome.SOURCE_UNAVAILABLE, Outcome.UNREADABLE
M, N = Severity.MAJOR, Severity.MINOR
IDS = [f"AU-{number:02d}" for number in range(1, 11)]
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("id", IDS)
def test_only_for_audits_with_a_certificate(id: str) -> None:
    severity = N if id == "AU-04" else M
    assert said(id, audit_case()) == []
    assert said(id, held_case()) == [(NA, severity)]
    assert said(id, audit_case(without=[CmaCertificate, CmaAnnex])) == [(NP, severity)]


@pytest.mark.parametrize(
    ("id", "kind"),
    [
        ("AU-01", "library"),
        ("AU-02", "cnas"),
        ("AU-02", "cnas_rows"),
        ("AU-03", "enterprises"),
        ("AU-04", "cma"),
        ("AU-06", "standards"),
        ("AU-07", "credit"),
        ("AU-09", "cma"),
    ],
)
def test_registries_that_are_silent(id: str, kind: str) -> None:
    assert said(id, audit_case(**unavailable(kind))) == [(SILENT, N if id == "AU-04" else M)]


def issued(*rows: Any, **more: Any) -> Case:
    return audit_case(cma_annex(rows=rows), **more)


def test_au_01() -> None:
    stranger = row(4, "镍", "GB 5009.5-2016")
    assert said("AU-01", issued(HELD, stranger)) == [(X, M)]
    assert said("AU-01", issued(stranger)) == [(X, M)]
    assert said("AU-01", issued(replace(HELD, site="B"))) == [(X, M)]
    assert said("AU-01", issued(HELD, library=answered("library", *LIBRARY))) == [(X, M)]
    abolished = answered("library", *LIBRARY, replace(HELD_RECORD, remark="废止"))
    assert said("AU-01", issued(HELD, library=abolished)) == []
    variant = LibraryRecord("食品检验", "蛋白质", "GB/T 5009.5-2016", "", ref("GB/T 5009.5-2016"))
    assert said("AU-01", issued(HELD, library=answered("library", variant))) == []
    assert said("AU-01", issued()) == [(NP, M)]
    assert said("AU-01", issued(replace(HELD, section=Section.CALIBRATION))) == [(NP, M)]
    assert said("AU-01", audit_case(without=[CnasAnnex])) == [(NP, M)]
    unnumbered = row(3, "色度", "目视比色法")
    both = audit_case(cma_annex(rows=(unnumbered,)), annex(rows=(*ROWS, unnumbered)))
    assert said("AU-01", both) == []


def listing(**more: Any) -> dict[str, Any]:
    return {"cnas": answered("cnas", accreditation(**more))}


@pytest.mark.parametrize(
    ("record", "outcome"),
    [
        (listing(status=AccreditationStatus.SUSPENDED), X),
        (listing(expires_on=AS_OF - DAY), X),
        (listing(expires_on=AS_OF), None),
        (listing(expires_on=None), None),
        (listing(status=AccreditationStatus.PARTLY_SUSPENDED, suspended_items="GB 5009.5-2016"), X),
        (listing(status=AccreditationStatus.PARTLY_SUSPENDED, suspended_items="GB 5009.3-2016"), None),
        ({"cnas": answered("cnas")}, X),
        ({"cnas_rows": answered("cnas_rows", *map(scope_record, ROWS))}, X),
    ],
)
def test_au_02(record: dict[str, Any], outcome: Outcome | None) -> None:
    assert said("AU-02", audit_case(**record)) == ([(outcome, M)] if outcome else [])


def test_au_02_without_a_number() -> None:
    assert said("AU-02", audit_case(without=[CnasAnnex, CnasCertificate, ApplicationForm])) == [(NP, M)]
    unread = audit_case(certificate(registration_number=field(None)), without=[CnasAnnex, ApplicationForm])
    assert said("AU-02", unread) == [(UNREAD, M)]


def entity(**more: Any) -> dict[str, Any]:
    return {"enterprises": answered("enterprises", enterprise(**more))}


@pytest.mark.parametrize(
    ("record", "outcome"),
    [
        (entity(changes=(Change("住所变更", "甲", "乙", ISSUED + DAY),)), X),
        (entity(changes=(Change("法定代表人变更", "甲", "乙", AS_OF),)), X),
        (entity(changes=(Change("名称变更", "甲", NAME, ISSUED),)), None),
        (entity(changes=(Change("名称变更", "甲", NAME, AS_OF + DAY),)), None),
        (entity(changes=(Change("名称变更", "甲", NAME, None),)), None),
        (entity(changes=(Change("经营范围变更", "甲", "乙", ISSUED + DAY),)), None),
        (entity(status=EntityStatus.DEAD, status_text="注销"), X),
        (entity(status=EntityStatus.MOVED, status_text=""), X),
        (entity(status=EntityStatus.WARN), None),
        (entity(name=OTHER), X),
        (entity(name=OTHER, changes=(Change("名称变更", NAME, OTHER, AS_OF),)), X),
        ({"enterprises": answered("enterprises")}, NA),
    ],
)
def test_au_03(record: dict[str, Any], outcome: Outcome | None) -> None:
    assert said("AU-03", audit_case(**record)) == ([(outcome, M)] if outcome else [])


def test_au_03_without() -> None:
    assert said("AU-03", audit_case(without=[BusinessLicence])) == [(NP, M)]
    assert said("AU-03", audit_case(cma_certificate(issued_on=field(None)))) == [(UNREAD, M)]
    assert said("AU-03", audit_case(cma_certificate(name=field(None)))) == []


DUE = dt.date(2024, 7, 6)


@pytest.mark.parametrize(
    ("checked", "as_of", "expected"),
    [
        (DUE, AS_OF, []),
        (DUE + DAY, AS_OF, [(X, N)]),
        (None, DUE - 16 * DAY, [(T, N)]),
        (None, DUE - 15 * DAY, [(X, N)]),
        (None, DUE, [(X, N)]),
        (None, DUE + DAY, [(X, M)]),
    ],
)
def test_au_04(checked: dt.date | None, as_of: dt.date, expected: list[tuple[Outcome, Severity]]) -> None:
    case = at(audit_case(cma=answered("cma", cma_record(commitment_checked_on=checked))), as_of)
    assert said("AU-04", case) == expected


def test_au_04_without() -> None:
    assert said("AU-04", audit_case(cma=answered("cma"))) == [(X, M)]
    assert said("AU-04", audit_case(cma_certificate(issued_on=field(None)))) == [(UNREAD, N)]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([(DUE, Verified.TRUE)], []),
        ([(DUE + DAY, Verified.TRUE)], [(X, N)]),
        ([(DUE, None)], []),
        ([(DUE, Verified.RECTIFY)], [(X, N)]),
        ([(DUE, Verified.FALSE)], [(X, M)]),
        ([(DUE + DAY, Verified.FALSE)], [(X, M), (X, N)]),
        ([(DUE - DAY, Verified.RECTIFY), (DUE, Verified.TRUE)], []),
        ([(None, Verified.FALSE)], [(X, M), (X, M)]),
    ],
)
def test_au_04_takes_what_a_verification_came_to(
    entries: list[tuple[dt.date | None, Verified | None]], expected: list[tuple[Outcome, Severity]]
) -> None:
    recorded = [VerificationRecord(CMA_NUMBER, day, outcome) for day, outcome in entries]
    other = VerificationRecord("242100209999", DUE, Verified.FALSE)
    case = audit_case(
        cma=answered("cma", cma_record(commitment_checked_on=None)),
        verifications=answered("verifications", *recorded, other),
    )
    assert said("AU-04", case) == expected


def test_au_04_takes_no_unknown_outcome_for_a_match() -> None:
    doubted = VerificationRecord(CMA_NUMBER, DUE, None, "属实性存疑")
    assert [f.outcome for f in run("AU-04", audit_case(verifications=answered("verifications", doubted)))] == [X]


def test_au_04_shows_the_record_that_it_goes_by() -> None:
    (finding,) = run(
        "AU-04", audit_case(verifications=answered("verifications", VerificationRecord(CMA_NUMBER, DUE, Verified.TRUE)))
    )
    assert finding.right is not None
    (shown,) = finding.right.evidence
    assert isinstance(shown, Snapshot)
    assert (finding.right.value, shown.registry) == (str(DUE), "verifications")


@pytest.mark.parametrize(
    ("number", "expires", "expected"),
    [
        ("242100200001", EXPIRES, []),
        ("242100200001", EXPIRES + DAY, []),
        ("242100200001", EXPIRES + 2 * DAY, [(X, M)]),
        ("242100200001", EXPIRES - 400 * DAY, [(T, M)]),
        ("242100200001", ISSUED, [(X, M)]),
        ("249900200001", EXPIRES, [(X, M)]),
        ("249900200001", EXPIRES - 400 * DAY, [(X, M)]),
        ("241900200001", EXPIRES, [(X, M)]),
        ("252100200001", EXPIRES, [(X, M)]),
        ("252100200001", EXPIRES + 400 * DAY, [(X, M), (X, M)]),
    ],
)
def test_au_05(number: str, expires: dt.date, expected: list[tuple[Outcome, Severity]]) -> None:
    assert said("AU-05", audit_case(cma_certificate(number=field(number), expires_on=field(expires)))) == expected


@pytest.mark.parametrize("name", ["number", "issued_on", "expires_on"])
def test_au_05_unread(name: str) -> None:
    assert said("AU-05", audit_case(cma_certificate(**{name: field(None)}))) == [(UNREAD, M)]


def test_au_06() -> None:
    assert said("AU-06", audit_case(**registered(replace(STANDARD, status="废止")))) == [(X, M), (NA, M)]
    replaced = replace(STANDARD, status="被代替", replaced_by="GB 5009.5-2025", abolished_on=AS_OF)
    assert said("AU-06", audit_case(**registered(replaced))) == [(X, N), (NA, M)]
    assert said("AU-06", audit_case(**registered())) == [(NA, M)]
    assert said("AU-06", issued(row(0, "色度", "目视比色法"))) == [(NA, M)]


@pytest.mark.parametrize(
    ("record", "outcome"),
    [
        (listed("经营异常名录"), X),
        (listed("行政处罚", "未按规定年报"), X),
        (listed("经营异常名录", removed_on=AS_OF - DAY), T),
        (listed("经营异常名录", days=1000), None),
        (listed("行政许可"), None),
        ({"credit": answered("credit", CreditRecord(CODE, NAME, "经营异常名录"))}, None),
        ({"credit": answered("credit", CreditRecord(CODE, NAME, "经营异常名录", listed_on=AS_OF + DAY))}, None),
    ],
)
def test_au_07(record: dict[str, Any], outcome: Outcome | None) -> None:
    assert said("AU-07", audit_case(**record)) == ([(outcome, M)] if outcome else [])


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (ADDRESS, []),
        (ADDRESS.removeprefix("海南省"), [(T, M)]),
        ("海南省三亚市吉阳区荔枝沟路9号", [(X, M)]),
        ("广东省湛江市人民大道9号", [(X, M)]),
    ],
)
def test_au_08(address: str, expected: list[tuple[Outcome, Severity]]) -> None:
    assert said("AU-08", audit_case(cma_certificate(address=field(address)))) == expected


def test_au_08_without() -> None:
    assert said("AU-08", audit_case(cma_certificate(address=field(None)))) == [(UNREAD, M)]
    assert said("AU-08", audit_case(without=[CnasAnnex, CnasCertificate])) == [(NA, M)]


def test_au_09() -> None:
    second = cma_record(number="242100200007")
    for records, expected in (
        ((second,), [(X, M)]),
        ((replace(second, address=""),), [(X, M)]),
        ((replace(second, address="海南省三亚市吉阳区荔枝沟路9号"),), []),
        ((replace(second, status="注销"),), []),
        ((replace(second, unified_social_credit_code="91460100MAA9ABC12W"),), []),
    ):
        assert said("AU-09", audit_case(cma=answered("cma", cma_record(), *records))) == expected, records
    two = audit_case(cma_certificate(), cma_certificate(number=field("242100200007")))
    assert said("AU-09", two) == [(X, M)]


def test_au_10() -> None:
    def signed(*people: Signatory) -> Case:
        return audit_case(cma_annex(signatories=people))

    still, gone = signatory("陈立新", "全部检测项目"), signatory("王大力", "食品")
    assert said("AU-10", signed(still, gone)) == [(X, M)]
    assert said("AU-10", signed(gone)) == [(X, M)]
    assert said("AU-10", signed(replace(still, name="陳立新"))) == []
    assert said("AU-10", signed()) == [(NP, M)]
    assert said("AU-10", audit_case(annex(rows=(*ROWS, HELD), signatories=()))) == [(NP, M)]
    assert said("AU-10", replace(signed(still), elsewhere=met(SightingKind.SIGNATORY, "陈立新"))) == [(X, M)]
    assert said("AU-10", replace(signed(still), elsewhere=met(SightingKind.SIGNATORY, "李四"))) == []
    (found,) = [f for f in run("AU-10", signed(still, gone)) if f.outcome is X]
    assert "王大力" in found.message.zh
