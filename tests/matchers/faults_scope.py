"""Cases with one discrepancy each, for the checks on scope, standards, signatories, credit, duplicates and audits."""

import datetime as dt
from dataclasses import replace
from typing import Any

from models.case import Case, Sighting, SightingKind
from models.records import Answer, Change, CreditRecord, LibraryRecord, StandardRecord
from models.report import Recommendation
from tests.matchers.audited import (
    STANDARD,
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
    OTHER_CODE,
    ROWS,
    accreditation,
    annex,
    answered,
    enterprise,
    field,
    form,
    letter,
    make_case,
    ref,
    row,
    scope_record,
    signatory,
    with_rows,
)

APPROVE, PART, HUMAN = Recommendation.APPROVE, Recommendation.APPROVE_IN_PART, Recommendation.HUMAN
REFUSE = Recommendation.REFUSE_ROUTE
OTHER = "海南绿岛检测有限公司"


def standard(code: str, status: str = "现行", title: str = "食品中水分的测定", **more: Any) -> StandardRecord:
    """One record of the register of standards."""
    return StandardRecord(code, title, status, ref(code), **more)


def registered(*records: StandardRecord) -> dict[str, Answer[Any]]:
    return {"standards": answered("standards", *records)}


WATER = "GB 19298-2014"


def citing_case(*cites: str, claimed: str = "GB 5009.3-2016", title: str = "包装饮用水") -> Case:
    """A case that claims a method and a product standard, which cites these; the library holds the usual three and the product."""
    product = LibraryRecord("食品检验", title, WATER, "", ref(WATER))
    return with_rows(
        row(0, "水分", f"食品中水分的测定 {claimed}"),
        row(1, "感官", f"{title} {WATER}"),
        library=answered("library", *LIBRARY, product),
        **registered(standard(WATER, title=title, cites=tuple(ref(code) for code in cites))),
    )


def listed(category: str, reason: str = "", days: int = 100, **more: Any) -> dict[str, Answer[Any]]:
    """A record of the applicant, decided so many days before the judgement."""
    record = CreditRecord(CODE, NAME, category, reason, listed_on=AS_OF - dt.timedelta(days=days), **more)
    return {"credit": answered("credit", record)}


def met(kind: SightingKind, value: str, code: str = OTHER_CODE) -> tuple[Sighting, ...]:
    """The same thing in another body's case."""
    return (Sighting(kind, value, OTHER, code, "2026-0042"),)


BOOK = "水和废水监测分析方法（第四版增补版）"

FAULTS: dict[str, tuple[Case, str, Recommendation]] = {
    "a cited method that is not claimed": (citing_case("GB 5009.12-2023"), "SC-10", APPROVE),
    "a row said twice": (
        with_rows(*ROWS, replace(ROWS[1], index=3, parameter_number="1.4"), accredited=ROWS),
        "SC-08",
        APPROVE,
    ),
    "a method without a number": (with_rows(*ROWS, row(3, "色度", "自编方法 目视比色法")), "SC-04 SC-09", HUMAN),
    "standard withdrawn": (make_case(**registered(standard("GB 5009.3-2016", "废止"))), "ST-01", HUMAN),
    "a newer edition": (make_case(**registered(standard("GB 5009.3-2025"))), "ST-02", HUMAN),
    "an amendment": (
        make_case(**registered(standard("GB 5009.3-2016"), standard("GB 5009.3-2016/XG1-2020"))),
        "ST-03",
        APPROVE,
    ),
    "another title": (
        make_case(**registered(standard("GB 5009.3-2016", title="婴幼儿食品中牛磺酸的含量"))),
        "ST-04",
        HUMAN,
    ),
    "nobody signs for it": (
        make_case(form(signatories=(signatory("陈立新", "建筑材料检测", "A", title="高级工程师"),))),
        "SG-02",
        HUMAN,
    ),
    "a junior title": (
        make_case(form(signatories=(signatory("陈立新", "全部检测项目", "A", title="助理工程师"),))),
        "SG-03",
        HUMAN,
    ),
    "a signatory of another body": (
        replace(make_case(), elsewhere=met(SightingKind.SIGNATORY, "陈立新")),
        "SG-04",
        HUMAN,
    ),
    "certificate withdrawn": (
        make_case(**listed("撤销行政许可", "以欺骗手段取得，撤销资质认定证书")),
        "CR-02",
        REFUSE,
    ),
    "false material": (make_case(**listed("不予许可", "申请资质认定时提供虚假材料")), "CR-03", REFUSE),
    "a false promise": (make_case(**listed("信用承诺", "虚假承诺")), "CR-04", REFUSE),
    "a commitment withdrawn": (make_case(**listed("行政许可", "撤回告知承诺申请")), "CR-05", REFUSE),
    "penalty": (make_case(**listed("行政处罚", "检测数据不真实")), "CR-07", HUMAN),
    "debtor in default": (make_case(**listed("失信被执行人")), "CR-08", HUMAN),
    "a pending case": (make_case(**listed("立案调查")), "CR-09", HUMAN),
    "another body's accreditation": (
        make_case(cnas=answered("cnas", accreditation(unified_social_credit_code=OTHER_CODE))),
        "DU-02",
        REFUSE,
    ),
    "a file submitted twice": (
        make_case(letter(source=replace(letter().source, file="copy.pdf", sha256="licence.jpg".ljust(64, "0")))),
        "DU-03",
        APPROVE,
    ),
    "a row held already": (held_case(cma_annex(rows=(ROWS[1],))), "DU-04", APPROVE),
    "another body in the same rooms": (
        make_case(
            cma=answered("cma", cma_record(name=OTHER, unified_social_credit_code=OTHER_CODE, number="242100200002"))
        ),
        "DU-05",
        HUMAN,
    ),
    "issued beyond the library": (
        audit_case(library=answered("library", *LIBRARY)),
        "AU-01",
        HUMAN,
    ),
    "accreditation narrowed": (
        audit_case(annex(rows=ROWS), cnas_rows=answered("cnas_rows", *map(scope_record, ROWS))),
        "AU-01 AU-02",
        HUMAN,
    ),
    "moved since issue": (
        audit_case(
            enterprises=answered(
                "enterprises",
                enterprise(changes=(Change("住所变更", "海南省海口市龙华区国贸路2号", ADDRESS, dt.date(2025, 1, 5)),)),
            )
        ),
        "AU-03",
        HUMAN,
    ),
    "promises not verified": (audit_case(cma=answered("cma", cma_record(commitment_checked_on=None))), "AU-04", HUMAN),
    "a number of nobody": (
        audit_case(
            cma_certificate(number=field("249900200001")),
            cma_annex(number=field("249900200001")),
            cma=answered("cma", cma_record(number="249900200001")),
        ),
        "AU-05",
        HUMAN,
    ),
    "withdrawn since issue": (
        audit_case(**registered(replace(STANDARD, status="废止", abolished_on=dt.date(2026, 1, 1)))),
        "AU-06",
        HUMAN,
    ),
    "listed since issue": (audit_case(**listed("经营异常名录")), "CR-06 AU-07", HUMAN),
    "certified elsewhere": (
        audit_case(cma_certificate(address=field("海南省三亚市吉阳区荔枝沟路9号"))),
        "AU-08",
        HUMAN,
    ),
    "two certificates": (
        audit_case(cma=answered("cma", cma_record(), cma_record(number="242100200007"))),
        "AU-09",
        HUMAN,
    ),
    "signatory left": (audit_case(cma_annex(signatories=(signatory("王大力", "全部检测项目"),))), "AU-10", HUMAN),
}
