"""Invented papers and registries: one case in which everything agrees, to be spoilt by the tests one thing at a time."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, TypeVar

from extractor.limits import limits_of
from extractor.scopes import read_activities
from extractor.signing import read_signing
from matchers.checks import CHECKS
from models.case import Case
from models.dates import Period
from models.field import Field, Region, Snapshot
from models.finding import Finding, Outcome, Severity
from models.layout import Box
from models.papers import (
    AnnexSection,
    ApplicationForm,
    BusinessLicence,
    CapabilityRow,
    CnasAnnex,
    CnasCertificate,
    CommitmentLetter,
    PageStamp,
    PaperSource,
    Section,
    Signatory,
    Site,
)
from models.records import (
    AccreditationRecord,
    AccreditationStatus,
    Answer,
    EnterpriseRecord,
    EntityStatus,
    ItemRecord,
    LibraryRecord,
    Registries,
    ScopeRecord,
)
from models.standards import StandardRef

T = TypeVar("T")

AS_OF = dt.date(2026, 7, 1)
CODE = "91460000MA5TE5T076"
OTHER_CODE = "91460100MAA9ABC12W"
NAME = "海南蓝洋检测技术有限公司"
ADDRESS = "海南省海口市龙华区滨涯路18号蓝洋大厦3栋5层501室"
NUMBER = "CNAS L9901"
PERSON = "符明海"
EXPIRES = dt.date(2030, 3, 14)
SCOPE = "检验检测服务；技术服务、技术开发（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
RULED = Region("f" * 64, 1, Box(10, 10, 90, 20), "")


def field(value: T | None, confidence: float = 1.0, text: str | None = None, **more: Any) -> Field[T]:
    """A field as if read from the papers."""
    return Field(value, str(value) if text is None else text, (RULED,), confidence, **more)


def source(file: str) -> PaperSource:
    return PaperSource(file, file.ljust(64, "0"), (1,))


def snapshot(kind: str) -> Snapshot:
    return Snapshot(kind, "2026-06-30", "a" * 64)


def answered(kind: str, *records: T) -> Answer[T]:
    """A registry that was asked, with what it holds."""
    return Answer(tuple(records), snapshot(kind))


def ref(text: str) -> StandardRef:
    return StandardRef.parse(text)


def row(
    index: int = 0,
    parameter: str | None = "水分",
    method: str = "GB 5009.3-2016",
    limit: str | None = None,
    **more: Any,
) -> CapabilityRow:
    """One capability row; its standards are those that the method names."""
    values: dict[str, Any] = {
        "index": index,
        "section": Section.TESTING,
        "site": "A",
        "object_number": "1",
        "object": "食品",
        "parameter_number": f"1.{index + 1}",
        "parameter": parameter,
        "field_code": None,
        "method": method,
        "standards": tuple(StandardRef.find_all(method)),
        "limitation": limit,
        "evidence": (RULED,),
    }
    values |= more
    limits = limits_of(values["limitation"], values.get("note"), values["standards"])
    return CapabilityRow(**{"limits": limits, **values})


def signatory(name: str, field: str, site: str | None = None, **more: Any) -> Signatory:
    """A signatory whose field was read as the papers' are."""
    return Signatory(name, field, site, **{"signs": read_signing(field), **more})


ROWS = (
    row(0, "水分", "食品中水分的测定 GB 5009.3-2016", "只用第一法"),
    row(1, "灰分", "食品中灰分的测定 GB 5009.4-2016"),
    row(2, "铅", "食品中铅的测定 GB 5009.12-2023"),
)
LIBRARY = tuple(
    LibraryRecord("食品检验", title, code, "", ref(code))
    for title, code in (
        ("食品中水分的测定", "GB 5009.3-2016"),
        ("食品中灰分的测定", "GB 5009.4-2016"),
        ("食品中铅的测定", "GB 5009.12-2023"),
    )
)


def licence(**more: Any) -> BusinessLicence:
    values: dict[str, Any] = {
        "source": source("licence.jpg"),
        "form": "business_licence",
        "unified_social_credit_code": field(CODE),
        "name": field(NAME),
        "responsible_person": field(PERSON, label="法定代表人"),
        "established_on": field(dt.date(2015, 5, 6)),
        "term": field(Period(None, dt.date(9999, 12, 31))),
        "address": field(ADDRESS),
        "business_scope": field(SCOPE),
        "issued_on": field(dt.date(2022, 8, 1)),
    } | more
    scope = values["business_scope"]
    activities = read_activities(scope.value) if scope is not None and scope.value else None
    return BusinessLicence(**{"activities": activities, **values})


def certificate(**more: Any) -> CnasCertificate:
    values: dict[str, Any] = {
        "source": source("certificate.pdf"),
        "registration_number": field(NUMBER),
        "name": field(NAME),
        "address": field(ADDRESS),
        "criteria": field("ISO/IEC 17025:2017"),
        "effective_on": field(dt.date(2024, 3, 15)),
        "expires_on": field(EXPIRES),
        "language": "zh",
    }
    return CnasCertificate(**{**values, **more})


def stamps(
    total: int = 3, number: str | None = NUMBER, pages: Sequence[int | None] | None = None
) -> tuple[PageStamp, ...]:
    listed = range(1, total + 1) if pages is None else pages
    return tuple(
        PageStamp(at, page, None if page is None else total, number, (RULED,)) for at, page in enumerate(listed, 1)
    )


def annex(**more: Any) -> CnasAnnex:
    values: dict[str, Any] = {
        "source": source("annex.pdf"),
        "registration_number": field(NUMBER),
        "name": field(NAME),
        "sites": (Site("A", ADDRESS, evidence=(RULED,)),),
        "rows": ROWS,
        "signatories": (signatory("陈立新", "全部检测项目", "A"), signatory("吴海燕", "食品检测", "A")),
        "sections": (
            AnnexSection("授权签字人", Section.SIGNATORIES, "zh", "A", None, (1,)),
            AnnexSection("检测能力", Section.TESTING, "zh", "A", None, (2, 3)),
        ),
        "index": (),
        "stamps": stamps(),
        "issued_on": field(dt.date(2025, 6, 10)),
        "expires_on": field(EXPIRES),
    }
    return CnasAnnex(**{**values, **more})


def form(**more: Any) -> ApplicationForm:
    values: dict[str, Any] = {
        "source": source("form.pdf"),
        "name": field(NAME),
        "unified_social_credit_code": field(CODE),
        "address": field(ADDRESS),
        "responsible_person": field(PERSON),
        "rows": ROWS,
        "signatories": (signatory("陈立新", "全部检测项目", "A", title="技术负责人/高级工程师"),),
        "sites": (Site("A", ADDRESS),),
        "application_type": field("首次"),
        "independent": True,
        "cnas_number": field(NUMBER),
    }
    return ApplicationForm(**{**values, **more})


def letter(**more: Any) -> CommitmentLetter:
    values: dict[str, Any] = {"source": source("letter.pdf"), "name": field(NAME), "signed": True, "sealed": True}
    values["signed_on"] = field(dt.date(2026, 6, 20))
    return CommitmentLetter(**{**values, **more})


def enterprise(**more: Any) -> EnterpriseRecord:
    values: dict[str, Any] = {
        "unified_social_credit_code": CODE,
        "name": NAME,
        "responsible_person": PERSON,
        "status": EntityStatus.ACTIVE,
        "status_text": "存续（在营、开业、在册）",
        "address": ADDRESS,
    }
    return EnterpriseRecord(**{**values, **more})


def accreditation(**more: Any) -> AccreditationRecord:
    values: dict[str, Any] = {
        "registration_number": NUMBER,
        "name": NAME,
        "expires_on": EXPIRES,
        "updated_on": dt.date(2025, 6, 10),
        "status": AccreditationStatus.VALID,
        "status_text": "有效",
    }
    return AccreditationRecord(**{**values, **more})


def scope_record(of: CapabilityRow, **more: Any) -> ScopeRecord:
    """The directory's row for an annex row."""
    values: dict[str, Any] = {
        "owner": NUMBER,
        "site": of.site,
        "object": of.object or "",
        "parameter": of.parameter or "",
        "method": of.method,
        "standards": of.standards,
        "limitation": of.limitation or "",
        "limits": of.limits,
    }
    return ScopeRecord(**{**values, **more})


def registries(**more: Any) -> Registries:
    values: dict[str, Any] = {
        "enterprises": answered("enterprises", enterprise()),
        "credit": answered("credit"),
        "cnas": answered("cnas", accreditation()),
        "cnas_rows": answered("cnas_rows", *(scope_record(each) for each in ROWS)),
        "cma": answered("cma"),
        "cma_rows": answered("cma_rows"),
        "items": answered("items", ItemRecord("1", "食品检验")),
        "library": answered("library", *LIBRARY),
        "standards": answered("standards"),
    }
    return Registries(**{**values, **more})


def make_case(
    *papers: Any, without: Sequence[type] = (), as_of: dt.date = AS_OF, unread: tuple[str, ...] = (), **asked: Any
) -> Case:
    """The case in which everything agrees; `papers` take the place of those of their kind, `asked` that of registries."""
    given = [*papers]
    for usual in (licence(), certificate(), annex(), form(), letter()):
        if type(usual) not in without and not any(type(paper) is type(usual) for paper in papers):
            given.append(usual)
    return Case(tuple(given), registries(**asked), as_of, unread)


def with_rows(*rows: CapabilityRow, accredited: Sequence[CapabilityRow] | None = None, **more: Any) -> Case:
    """A case that claims these rows; accredited, and in the directory, are the same unless said otherwise."""
    given = tuple(rows) if accredited is None else tuple(accredited)
    more.setdefault("cnas_rows", answered("cnas_rows", *(scope_record(each) for each in given)))
    return make_case(form(rows=tuple(rows)), annex(rows=given), **more)


def run(id: str, case: Case) -> list[Finding]:
    """The findings of one check of the catalogue."""
    return {check.id: check for check in CHECKS}[id](case)


def said(id: str, case: Case) -> list[tuple[Outcome, Severity]]:
    """What a check says, matches left out."""
    return [(f.outcome, f.severity) for f in run(id, case) if f.outcome is not Outcome.MATCH]


def unavailable(*kinds: str) -> dict[str, Any]:
    """Registries that could not be asked, as arguments of `make_case`."""
    return {kind: Answer(unavailable="没有快照") for kind in kinds}
