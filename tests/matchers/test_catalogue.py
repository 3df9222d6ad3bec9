"""The catalogue as a whole: a clean case is clean, and one fault is said by exactly the checks it concerns."""

import datetime as dt
import time
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from matchers.checks import CHECKS
from matchers.recommendation import recommend
from matchers.scope import ROW_CHECKS, decide_rows
from models.case import Case
from models.dates import Period
from models.finding import Finding, Outcome
from models.money import Money
from models.papers import BusinessLicence, CnasAnnex, CnasCertificate, CommitmentLetter, Section, Site
from models.records import (
    AccreditationStatus,
    Answer,
    CmaRecord,
    CreditRecord,
    EntityStatus,
    ItemRecord,
    LibraryRecord,
    RegistryKind,
)
from models.report import Recommendation
from tests.matchers import faults_identity, faults_scope
from tests.matchers.factory import (
    AS_OF,
    CODE,
    LIBRARY,
    NAME,
    OTHER_CODE,
    ROWS,
    accreditation,
    annex,
    answered,
    certificate,
    enterprise,
    field,
    form,
    licence,
    make_case,
    ref,
    row,
    scope_record,
    signatory,
    stamps,
    unavailable,
    with_rows,
)

GUANGDONG_CODE = "91440106MA4JURQ205"
FAMILIES = ["ID", "AD", "VA", "CP", "CC", "SC", "ST", "SG", "BS", "BR", "CR", "DU", "TP", "FM", "AU"]
SETTLED = {Outcome.MATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE}


def review(case: Case) -> list[Finding]:
    return [finding for check in CHECKS for finding in check(case)]


def test_every_check_once_in_the_order_of_the_report() -> None:
    ids = [check.id for check in CHECKS]
    assert ids == sorted(set(ids), key=lambda id: (FAMILIES.index(id[:2]), id))
    assert {check.id for check in CHECKS} >= ROW_CHECKS


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_check_is_complete(check: Any) -> None:
    assert check.title.zh
    assert check.title.en
    assert check.basis
    assert all(basis.instrument and basis.edition for basis in check.basis)


def test_a_clean_case_is_clean() -> None:
    case = make_case()
    findings = review(case)
    assert {f.outcome for f in findings} <= SETTLED
    assert {f.check for f in findings} == {check.id for check in CHECKS}
    assert recommend(findings, decide_rows(case, findings))[0] is Recommendation.APPROVE


def test_every_match_shows_what_it_rests_on() -> None:
    for finding in review(make_case()):
        sides = [side for side in (finding.left, finding.right) if side is not None]
        assert finding.outcome is not Outcome.MATCH or sides or finding.check == "CP-01", finding


FAULTS: dict[str, tuple[Case, str, Recommendation]] = {
    "check digit": (
        make_case(
            licence(unified_social_credit_code=field(CODE[:-1] + "7")),
            form(unified_social_credit_code=field(CODE[:-1] + "7")),
        ),
        "ID-01 ID-02",
        Recommendation.CORRECT,
    ),
    "another code on the form": (
        make_case(form(unified_social_credit_code=field(OTHER_CODE))),
        "ID-02",
        Recommendation.CORRECT,
    ),
    "another registered name": (
        make_case(enterprises=answered("enterprises", enterprise(name="海南蓝祥检测技术有限公司"))),
        "ID-03",
        Recommendation.CORRECT,
    ),
    "another body's certificate": (
        make_case(certificate(name=field("海南绿岛检测技术有限公司")), annex(name=field("海南绿岛检测技术有限公司"))),
        "ID-04 ID-05",
        Recommendation.REFUSE_ROUTE,
    ),
    "another name on the form": (make_case(form(name=field("海南绿岛检测有限公司"))), "ID-05", Recommendation.HUMAN),
    "another person on the form": (make_case(form(responsible_person=field("王大力"))), "ID-06", Recommendation.HUMAN),
    "moved": (
        make_case(enterprises=answered("enterprises", enterprise(address="海南省海口市龙华区国贸路2号"))),
        "AD-01",
        Recommendation.HUMAN,
    ),
    "a site that is not accredited": (
        make_case(form(sites=(Site(None, "海南省三亚市吉阳区荔枝沟路9号"),))),
        "AD-02",
        Recommendation.REFUSE_ROUTE,
    ),
    "expired": (
        make_case(
            certificate(effective_on=field(dt.date(2020, 7, 1)), expires_on=field(dt.date(2026, 6, 30))),
            annex(expires_on=field(dt.date(2026, 6, 30))),
            cnas=answered("cnas", accreditation(expires_on=dt.date(2026, 6, 30))),
        ),
        "VA-01",
        Recommendation.REFUSE_ROUTE,
    ),
    "not yet in force": (
        make_case(
            certificate(effective_on=field(dt.date(2026, 7, 2)), expires_on=field(dt.date(2032, 7, 1))),
            annex(expires_on=field(dt.date(2032, 7, 1))),
            cnas=answered("cnas", accreditation(expires_on=dt.date(2032, 7, 1))),
        ),
        "VA-02",
        Recommendation.REFUSE_ROUTE,
    ),
    "withdrawn": (
        make_case(cnas=answered("cnas", accreditation(status=AccreditationStatus.WITHDRAWN))),
        "VA-03",
        Recommendation.REFUSE_ROUTE,
    ),
    "an old annex": (make_case(annex(expires_on=field(dt.date(2027, 1, 1)))), "VA-04", Recommendation.HUMAN),
    "a newer annex exists": (
        make_case(cnas=answered("cnas", accreditation(updated_on=dt.date(2026, 1, 1)))),
        "VA-05",
        Recommendation.HUMAN,
    ),
    "dissolved": (
        make_case(enterprises=answered("enterprises", enterprise(status=EntityStatus.DEAD))),
        "VA-07",
        Recommendation.REFUSE_ROUTE,
    ),
    "no commitment letter": (make_case(without=[CommitmentLetter]), "CP-01", Recommendation.CORRECT),
    "a page is missing": (make_case(annex(stamps=stamps(3, pages=[1, 3]))), "CP-02", Recommendation.CORRECT),
    "no signatories in the annex": (make_case(annex(sections=annex().sections[1:])), "CP-03", Recommendation.CORRECT),
    "another annex": (
        make_case(annex(registration_number=field("CNAS L9902"), stamps=stamps(3, "CNAS L9902"))),
        "CC-01",
        Recommendation.CORRECT,
    ),
    "another name on the annex": (make_case(annex(name=field("海南绿岛检测有限公司"))), "CC-02", Recommendation.HUMAN),
    "English rows differ": (
        make_case(annex(rows=(*ROWS, replace(ROWS[0], language="en")))),
        "CC-03",
        Recommendation.APPROVE,
    ),
    "a row forged into the annex": (
        with_rows(*ROWS, row(3, "钙", "GB 5009.12-2023"), cnas_rows=answered("cnas_rows", *map(scope_record, ROWS))),
        "CP-04 CC-05",
        Recommendation.HUMAN,
    ),
    "calibration": (
        with_rows(*ROWS, row(3, "质量", "JJG 99-2022", section=Section.CALIBRATION, parameter_number="1.1")),
        "SC-01",
        Recommendation.APPROVE_IN_PART,
    ),
    "a row added": (
        with_rows(*ROWS, row(3, "钙", "GB 5009.12-2023"), accredited=ROWS),
        "SC-02",
        Recommendation.APPROVE_IN_PART,
    ),
    "a limit dropped": (
        with_rows(replace(ROWS[0], limitation=None, limits=()), *ROWS[1:], accredited=ROWS),
        "SC-03",
        Recommendation.APPROVE_IN_PART,
    ),
    "not in the library": (
        make_case(library=answered("library", *LIBRARY[1:])),
        "SC-04",
        Recommendation.APPROVE_IN_PART,
    ),
    "abolished": (
        make_case(library=answered("library", replace(LIBRARY[0], remark="废止"), *LIBRARY[1:])),
        "SC-05",
        Recommendation.APPROVE_IN_PART,
    ),
    "not among the matters": (
        make_case(
            library=answered("library", replace(LIBRARY[0], domain="雷电防护"), *LIBRARY[1:]),
            items=answered("items", ItemRecord("1", "食品检验")),
        ),
        "SC-06",
        Recommendation.APPROVE_IN_PART,
    ),
    "medical devices": (
        with_rows(
            *ROWS,
            row(3, "无菌", "YY/T 0471-2004", object="敷料"),
            library=answered(
                "library", *LIBRARY, LibraryRecord("医疗器械检验", "敷料", "YY/T 0471-2004", "", ref("YY/T 0471-2004"))
            ),
            items=answered("items", ItemRecord("1", "食品检验"), ItemRecord("2", "医疗器械检验")),
        ),
        "SC-07",
        Recommendation.APPROVE_IN_PART,
    ),
    "a year missing": (with_rows(*ROWS, row(3, "铅", "GB 5009.12")), "SC-04 ST-05", Recommendation.HUMAN),
    "a strange signatory": (
        make_case(form(signatories=(signatory("王大力", "全部", title="工程师"),))),
        "SG-01",
        Recommendation.HUMAN,
    ),
    "no testing in the scope": (
        make_case(licence(business_scope=field("日用百货销售"))),
        "BS-01",
        Recommendation.HUMAN,
    ),
    "serious breach of trust": (
        make_case(credit=answered("credit", CreditRecord(CODE, NAME, "严重违法失信名单"))),
        "CR-01",
        Recommendation.REFUSE_ROUTE,
    ),
    "abnormal operation": (
        make_case(credit=answered("credit", CreditRecord(CODE, NAME, "经营异常名录"))),
        "CR-06",
        Recommendation.HUMAN,
    ),
    "an individual business": (make_case(licence(entity_type=field("个体工商户"))), "ID-07", Recommendation.HUMAN),
    "another capital": (
        make_case(
            licence(registered_capital=field(Money(Decimal(1_000_000), "CNY"))),
            enterprises=answered("enterprises", enterprise(registered_capital=Money(Decimal(5_000_000), "CNY"))),
        ),
        "ID-08",
        Recommendation.APPROVE,
    ),
    "a code of another province": (
        make_case(
            licence(unified_social_credit_code=field(GUANGDONG_CODE)),
            form(unified_social_credit_code=field(GUANGDONG_CODE)),
            enterprises=answered("enterprises", enterprise(unified_social_credit_code=GUANGDONG_CODE)),
        ),
        "ID-09",
        Recommendation.APPROVE,
    ),
    "a row at an unlisted site": (
        with_rows(*ROWS, row(3, "钙", "GB 5009.12-2023", site="C", object_number="1", parameter_number="1.1")),
        "AD-04",
        Recommendation.HUMAN,
    ),
    "a term of four years": (
        make_case(certificate(effective_on=field(dt.date(2026, 3, 15)))),
        "VA-06",
        Recommendation.APPROVE,
    ),
    "the licence's term has ended": (
        make_case(licence(term=field(Period(dt.date(2015, 5, 6), dt.date(2025, 5, 5))))),
        "VA-08",
        Recommendation.HUMAN,
    ),
    "an old edition": (make_case(certificate(criteria=field("ISO/IEC 17025:2005"))), "VA-09", Recommendation.HUMAN),
    "a number skipped": (with_rows(*ROWS, row(4, "钙", "GB 5009.12-2023")), "CP-05", Recommendation.APPROVE),
    "a regulated field": (
        with_rows(*ROWS, row(3, "缺陷", "GB 5009.12-2023", object="特种设备")),
        "BS-02",
        Recommendation.APPROVE,
    ),
    "already certified": (
        make_case(cma=answered("cma", CmaRecord("232120990001", NAME, CODE))),
        "DU-01",
        Recommendation.CORRECT,
    ),
    "outside Hainan": (
        make_case(
            licence(address=field("广东省湛江市人民大道9号")),
            enterprises=answered("enterprises", enterprise(address="广东省湛江市人民大道9号")),
        ),
        "AD-03",
        Recommendation.REFUSE_ROUTE,
    ),
}


FAULTS.update(faults_scope.FAULTS)
FAULTS.update(faults_identity.FAULTS)


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_is_said_by_its_checks_alone(fault: str) -> None:
    case, ids, recommended = FAULTS[fault]
    findings = review(case)
    assert " ".join(dict.fromkeys(f.check for f in findings if f.outcome not in SETTLED)) == ids
    assert recommend(findings, decide_rows(case, findings))[0] is recommended


@pytest.mark.parametrize("name", FAULTS)
def test_whoever_is_told_of_a_fault_is_told_what_to_do(name: str) -> None:
    told = [finding for finding in review(FAULTS[name][0]) if finding.outcome is Outcome.MISMATCH]
    assert not [f.check for f in told if f.advice is None or not f.advice.zh or not f.advice.en]


def test_every_check_has_a_fault() -> None:
    assert {id for _, ids, _ in FAULTS.values() for id in ids.split()} == {check.id for check in CHECKS}


@pytest.mark.parametrize(
    "kind",
    [k.value for k in RegistryKind if k.value not in ("experts", "standards", "cma_rows", "verifications")],
)
def test_a_silent_registry_never_leads_to_approval(kind: str) -> None:
    case = make_case(**unavailable(kind))
    findings = review(case)
    assert any(f.outcome is Outcome.SOURCE_UNAVAILABLE for f in findings)
    assert recommend(findings, decide_rows(case, findings))[0] is Recommendation.HUMAN


@pytest.mark.parametrize("kind", [BusinessLicence, CnasCertificate, CnasAnnex])
def test_a_missing_paper_is_to_be_submitted(kind: type) -> None:
    case = make_case(without=[kind])
    findings = review(case)
    assert not any(f.outcome is Outcome.ERROR for f in findings)
    assert recommend(findings, decide_rows(case, findings))[0] is Recommendation.CORRECT


def test_nothing_at_all() -> None:
    case = Case((), replace(make_case().registries, library=Answer()), AS_OF)
    findings = review(case)
    assert not any(f.outcome in (Outcome.ERROR, Outcome.MATCH) for f in findings)
    assert recommend(findings, decide_rows(case, findings))[0] is Recommendation.CORRECT


def test_fingerprints_are_distinct_and_stable() -> None:
    case = FAULTS["a row added"][0]
    first, second = [[f.fingerprint for f in review(case)] for _ in range(2)]
    assert first == second
    assert len(set(first)) == len(first)


def test_a_large_case(capsys: pytest.CaptureFixture[str]) -> None:
    many = tuple(
        row(i, f"参数{i}", f"GB/T {1000 + i % 900}.{i % 7 + 1}-2020", object=f"样品{i % 40}") for i in range(2_000)
    )
    library = {r.method: LibraryRecord("食品检验", r.method, r.method, "", r.standards[0]) for r in many}
    case = with_rows(*many, library=answered("library", *library.values()))
    start = time.perf_counter()
    findings = review(case)
    taken = time.perf_counter() - start
    assert {f.outcome for f in findings} <= SETTLED
    with capsys.disabled():
        print(f"\nthe whole catalogue over 2,000 rows in {taken:.2f} s")  # noqa: T201
