"""A hand-made case and its report: every kind of finding, invented people and companies."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from models.dates import FOREVER, Period
from models.field import Field, Region, Snapshot
from models.finding import Basis, Bilingual, Comparison, Finding, Outcome, Severity, Side
from models.layout import Box, Origin
from models.money import Money
from models.papers import (
    BusinessLicence,
    CapabilityRow,
    CnasAnnex,
    CnasCertificate,
    PaperSource,
    Section,
    Signatory,
    Site,
)
from models.report import Decision, Problem, Recommendation, Report, RowDecision, RunInfo
from models.standards import find_all

LICENCE, CERTIFICATE, ANNEX = "1" * 64, "2" * 64, "3" * 64
LIBRARY = Snapshot("library", "2026-06-01", "ab" * 32)
ENTERPRISES = Snapshot("enterprises", "2026-11-01", "cd" * 32)


def region(document: str = LICENCE, page: int = 1) -> Region:
    return Region(document, page, Box(100.04, 200.0, 260.0, 216.06))


def seen(value: object, text: str = "", document: str = LICENCE, confidence: float = 1.0, **more: object) -> Field[Any]:
    return Field(value, text or str(value), (region(document),), confidence, Origin.OCR, **more)  # type: ignore[arg-type]


def capability(index: int, parameter: str, method: str, limitation: str | None = None) -> CapabilityRow:
    return CapabilityRow(
        index=index,
        section=Section.TESTING,
        site="A",
        object_number="1",
        object="食品",
        parameter_number=f"1.{index + 1}",
        parameter=parameter,
        field_code="0226",
        method=method,
        standards=tuple(find_all(method)),
        limitation=limitation,
        confidence=0.98765,
        evidence=(region(ANNEX, 3),),
    )


@pytest.fixture
def licence() -> BusinessLicence:
    return BusinessLicence(
        source=PaperSource("营业执照.jpg", LICENCE, (1,), ("营业执照",), 0.99),
        form="business_licence",
        unified_social_credit_code=seen("91460100MAA9ABC12W"),
        name=seen("海口椰风检测技术有限公司"),
        responsible_person=seen("陈海涛", label="法定代表人"),
        registered_capital=seen(Money(Decimal("5000000"), "CNY"), "伍佰万元整"),
        established_on=seen(dt.date(2019, 3, 14), "2019年03月14日"),
        term=seen(Period(dt.date(2019, 3, 14), FOREVER), "2019年03月14日至长期"),
        address=seen("海南省海口市龙华区滨海大道115号海垦国际金融中心18层", confidence=0.83, flags=("seal_overlap",)),
        issued_on=seen(None, "", confidence=0.2, flags=("seal_overlap",)),
    )


@pytest.fixture
def certificate() -> CnasCertificate:
    return CnasCertificate(
        source=PaperSource("CNAS证书.pdf", CERTIFICATE, (1,), ("实验室认可证书",)),
        registration_number=seen("CNAS L9876", document=CERTIFICATE),
        name=seen("海口椰风检测技术有限公司", document=CERTIFICATE),
        address=seen("海南省海口市龙华区滨海大道115号", document=CERTIFICATE),
        criteria=seen("ISO/IEC 17025:2017", document=CERTIFICATE),
        effective_on=seen(dt.date(2023, 5, 8), document=CERTIFICATE),
        expires_on=seen(dt.date(2029, 5, 7), document=CERTIFICATE),
        language="zh",
    )


@pytest.fixture
def annex() -> CnasAnnex:
    return CnasAnnex(
        source=PaperSource("CNAS附件.pdf", ANNEX, (1, 2, 3)),
        registration_number=seen("CNAS L9876", document=ANNEX),
        name=None,
        sites=(Site("A", "海口市龙华区滨海大道115号", evidence=(region(ANNEX),), confidence=0.97),),
        rows=(
            capability(0, "水分", "食品中水分的测定 GB 5009.3-2016", "只用第一法"),
            capability(1, "铅", "食品中铅的测定 GB 5009.12-2017"),
            capability(2, "吊白块", "自编方法 HNJC-03"),
        ),
        signatories=(Signatory("王琼", "全部检测项目", "A", evidence=(region(ANNEX, 2),)),),
        sections=(),
        index=(),
        stamps=(),
    )


def finding(
    check: str = "ID-03",
    outcome: Outcome = Outcome.MISMATCH,
    severity: Severity = Severity.BLOCKING,
    left: str | None = "海口椰风检测技术有限公司",
    right: str | None = "海口椰凤检测技术有限公司",
    **more: object,
) -> Finding:
    return Finding(
        check=check,
        title=Bilingual("营业执照名称与登记名称一致", "The name on the licence is the registered name"),
        outcome=outcome,
        severity=severity,
        message=Bilingual("营业执照名称与登记名称不同：“风”与“凤”。", "The names differ in one character."),
        basis=(Basis("检验检测机构资质认定管理办法", "第9条", "2021"), Basis("公告2026年第14号", verified=False)),
        left=Side("营业执照名称", left, left or "", Origin.OCR, (region(),), 0.83),
        right=Side("登记名称", right, "", None, (ENTERPRISES,)),
        comparison=Comparison(
            outcome,
            0.96123456,
            Bilingual("字号有一字不同", "one character of the trade name differs"),
            parts=(("区划", "海口", "海口", 1.0), ("字号", "椰风", "椰凤", 0.5)),
        ),
        advice=Bilingual("请核对执照原件与登记系统。", "Compare the original with the register."),
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def report(licence: BusinessLicence, certificate: CnasCertificate, annex: CnasAnnex) -> Report:
    return Report(
        recommendation=Recommendation.CORRECT,
        why=Bilingual("存在 1 项阻断问题，补正后可继续。", "One blocking finding; it can be corrected."),
        as_of=dt.date(2026, 11, 22),
        findings=(
            finding(),
            finding(
                "AD-01",
                Outcome.MISMATCH,
                Severity.MAJOR,
                "滨海大道115号18层",
                "滨海大道115号16层",
                suspected_misreading=True,
            ),
            finding("SC-04", Outcome.NOT_PROVIDED, Severity.MAJOR, None, None, rows=(1, 2), subject="GB 5009.12"),
            finding("CR-01", Outcome.SOURCE_UNAVAILABLE, Severity.MAJOR, None, None),
            finding("VA-01", Outcome.MISMATCH, Severity.MINOR, "2026-12-30", "2026-11-22"),
            finding("ID-06", Outcome.TOLERATED, Severity.MAJOR, "陈海涛", "陈海濤"),
            finding("ID-02", Outcome.MATCH, Severity.BLOCKING, "91460100MAA9ABC12W", "91460100MAA9ABC12W"),
            finding("BR-01", Outcome.NOT_APPLICABLE, Severity.BLOCKING, None, None),
        ),
        rows=(
            RowDecision(annex.rows[0], Decision.ISSUE),
            RowDecision(annex.rows[1], Decision.EXCLUDE, ("SC-04",), "GB 5009.12-2023"),
            RowDecision(annex.rows[2], Decision.HUMAN, ("SC-09",)),
        ),
        papers=(licence, certificate, annex),
        run=RunInfo("0.1.0", "68-0123456789ab", "rapidocr 3.10 openvino", (ENTERPRISES, LIBRARY), 3.21),
        problems=(
            Problem("空白.pdf", "empty_file", "文件为空，请重新上传。"),
            Problem("CNAS附件.pdf", "ocr_failed", "识别失败。", 2),
        ),
    )
