"""An issued certificate in which everything agrees, for the tests of audits."""

import datetime as dt
from dataclasses import replace
from typing import Any

from models.case import Case, Purpose
from models.papers import CmaAnnex, CmaCertificate
from models.records import Answer, CmaRecord, LibraryRecord, StandardRecord
from tests.matchers.factory import (
    ADDRESS,
    AS_OF,
    CODE,
    LIBRARY,
    NAME,
    ROWS,
    annex,
    answered,
    field,
    form,
    make_case,
    ref,
    row,
    scope_record,
    signatory,
    source,
)

CMA_NUMBER = "242100200001"
ISSUED = dt.date(2024, 5, 6)
EXPIRES = dt.date(2030, 5, 5)
HELD = row(3, "蛋白质", "食品中蛋白质的测定 GB 5009.5-2016")
HELD_RECORD = LibraryRecord("食品检验", "食品中蛋白质的测定", "GB 5009.5-2016", "", ref("GB 5009.5-2016"))
STANDARD = StandardRecord("GB 5009.5-2016", "食品中蛋白质的测定", "现行", ref("GB 5009.5-2016"))


def cma_certificate(**more: Any) -> CmaCertificate:
    values: dict[str, Any] = {
        "source": source("cma.pdf"),
        "number": field(CMA_NUMBER),
        "name": field(NAME),
        "address": field(ADDRESS),
        "issued_on": field(ISSUED),
        "expires_on": field(EXPIRES),
    }
    return CmaCertificate(**{**values, **more})


def cma_annex(**more: Any) -> CmaAnnex:
    values: dict[str, Any] = {
        "source": source("cma_annex.pdf"),
        "number": field(CMA_NUMBER),
        "name": field(NAME),
        "rows": (replace(HELD, site=None),),
        "signatories": (signatory("陈立新", "全部检测项目"),),
    }
    return CmaAnnex(**{**values, **more})


def cma_record(**more: Any) -> CmaRecord:
    values: dict[str, Any] = {
        "number": CMA_NUMBER,
        "name": NAME,
        "unified_social_credit_code": CODE,
        "address": ADDRESS,
        "issued_on": ISSUED,
        "expires_on": EXPIRES,
        "status": "有效",
        "commitment_checked_on": dt.date(2024, 6, 20),
    }
    return CmaRecord(**{**values, **more})


def held_case(*papers: Any, purpose: Purpose = Purpose.APPLICATION, **more: Any) -> Case:
    """An extension asked for by a body that holds a certificate for one row."""
    asked: dict[str, Answer[Any]] = {
        "cma": answered("cma", cma_record()),
        "cnas_rows": answered("cnas_rows", *map(scope_record, (*ROWS, HELD))),
        "library": answered("library", *LIBRARY, HELD_RECORD),
        "standards": answered("standards", STANDARD),
        **{name: more.pop(name) for name in list(more) if isinstance(more[name], Answer)},
    }
    usual = (
        cma_certificate(),
        cma_annex(),
        annex(rows=(*ROWS, HELD)),
        form(application_type=field("扩项"), cma_number=field(CMA_NUMBER)),
    )
    without = more.pop("without", ())
    given = [*papers]
    given += [p for p in usual if type(p) not in without and not any(type(p) is type(q) for q in papers)]
    return replace(make_case(*given, without=without, **asked, **more), purpose=purpose)


def audit_case(*papers: Any, **more: Any) -> Case:
    """The same papers, looked at again after the certificate was issued."""
    return held_case(*papers, purpose=Purpose.AUDIT, **more)


def at(case: Case, day: dt.date = AS_OF) -> Case:
    """The case as judged on another day."""
    return replace(case, as_of=day)
