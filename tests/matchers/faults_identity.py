"""Cases with one discrepancy each, for the checks on branches, files as files, the form and the letter."""

import datetime as dt
from dataclasses import replace
from typing import Any

from models.case import Case
from models.field import Field
from models.file_facts import FileFacts, PageFacts
from models.layout import Origin, TwoReadings
from models.papers import BusinessLicence, LegalEntity, PaperSource, UnknownPaper
from models.records import CmaRecord, EntityStatus
from models.report import Recommendation
from tests.matchers.factory import (
    CODE,
    NAME,
    OTHER_CODE,
    RULED,
    annex,
    answered,
    certificate,
    enterprise,
    field,
    form,
    letter,
    licence,
    make_case,
    source,
    stamps,
)

APPROVE, CORRECT, HUMAN = Recommendation.APPROVE, Recommendation.CORRECT, Recommendation.HUMAN
REFUSE = Recommendation.REFUSE_ROUTE
BRANCH = f"{NAME}海口分公司"
CHINA = dt.timezone(dt.timedelta(hours=8))
MADE = dt.datetime(2026, 6, 1, 9, 0, tzinfo=CHINA)
HELD = "232120340001"
ANOTHER_DATE = TwoReadings(RULED.box, "截止日期：2029-12-09", "截止日期：2033-12-09", 0.97)


def page(number: int = 1, **more: Any) -> PageFacts:
    values: dict[str, Any] = {"number": number, "width": 595.0, "height": 842.0, "origin": Origin.TEXT}
    return PageFacts(**{**values, **more})


def file_of(name: str = "annex.pdf", pages: tuple[PageFacts, ...] | None = None, **more: Any) -> FileFacts:
    """The facts of the file in which `factory.source(name)` lies."""
    listed = tuple(page(n) for n in (1, 2, 3)) if pages is None else pages
    return FileFacts(
        **{"file": name, "sha256": name.ljust(64, "0"), "media_type": "application/pdf", "pages": listed, **more}
    )


def filed(*files: FileFacts, case: Case | None = None) -> Case:
    """A case with these files; its annex fills pages 1 to 8 of `annex.pdf`."""
    spread = annex(source=PaperSource("annex.pdf", "annex.pdf".ljust(64, "0"), tuple(range(1, 9))))
    return replace(case or make_case(spread), files=files)


def coded(file: str, *texts: str) -> PaperSource:
    """The source of a paper with QR codes that say these texts."""
    return replace(source(file), barcodes=tuple(replace(RULED, text=text) for text in texts))


def authorisation(opening: str = "法人授权书\n我单位授权其独立开展检验检测活动") -> UnknownPaper:
    return UnknownPaper(source("法人授权书.pdf"), opening)


def branch_licence(**more: Any) -> BusinessLicence:
    kind: Field[str] = field("有限责任公司分公司")
    return licence(
        **{"name": field(BRANCH), "entity_type": kind, "unified_social_credit_code": field(OTHER_CODE), **more}
    )


def owner(**more: Any) -> LegalEntity:
    values: dict[str, Any] = {"name": field(NAME), "unified_social_credit_code": field(CODE)}
    return LegalEntity(**{**values, **more})


def branch_case(*papers: Any, parent: Any = None, **more: Any) -> Case:
    """A clean case of a branch: accredited itself, its legal person active, its authorisation handed in."""
    given: list[Any] = [
        branch_licence(),
        certificate(name=field(BRANCH), legal_entity=field(NAME)),
        annex(name=field(BRANCH)),
        form(name=field(BRANCH), unified_social_credit_code=field(OTHER_CODE), legal_entity=owner(), independent=False),
        letter(name=field(BRANCH)),
        authorisation(),
    ]
    kinds = {type(paper) for paper in papers}
    own = enterprise(unified_social_credit_code=OTHER_CODE, name=BRANCH)
    asked = {"enterprises": answered("enterprises", own, parent or enterprise()), **more}
    return make_case(*papers, *(paper for paper in given if type(paper) not in kinds), **asked)


def held(**more: Any) -> dict[str, Any]:
    """The register of issued certificates with one of the applicant's."""
    values: dict[str, Any] = {
        "number": HELD,
        "name": NAME,
        "unified_social_credit_code": CODE,
        "issued_on": dt.date(2023, 5, 1),
        "expires_on": dt.date(2029, 4, 30),
    }
    return {"cma": answered("cma", CmaRecord(**{**values, **more}))}


LATER = MADE + dt.timedelta(days=40)
ELSEWHERE = "海南省三亚市吉阳区荔枝沟路9号"

FAULTS: dict[str, tuple[Case, str, Recommendation]] = {
    "a page askew": (filed(file_of(pages=(page(skew=7.0),))), "CP-06", HUMAN),
    "a branch without authorisation": (branch_case(UnknownPaper(source("x.pdf"), "报价单")), "BR-01", CORRECT),
    "a branch of a dissolved company": (branch_case(parent=enterprise(status=EntityStatus.DEAD)), "BR-01", REFUSE),
    "only the company is accredited": (
        branch_case(
            branch_licence(address=field("海南省海口市秀英区长流镇1号")),
            certificate(name=field(NAME)),
            annex(name=field(NAME)),
            enterprises=answered(
                "enterprises",
                enterprise(unified_social_credit_code=OTHER_CODE, name=BRANCH, address="海南省海口市秀英区长流镇1号"),
                enterprise(),
            ),
        ),
        "BR-02",
        REFUSE,
    ),
    "a laboratory without authorisation": (make_case(form(independent=False, legal_entity=owner())), "BR-03", HUMAN),
    "written by an editor": (filed(file_of(producer="Adobe Photoshop CC")), "TP-01", APPROVE),
    "saved again": (filed(file_of(created=MADE, modified=LATER)), "TP-02", APPROVE),
    "a page of another size": (
        filed(file_of(pages=(page(1), page(2, width=640.0), page(3), page(4)))),
        "TP-03",
        APPROVE,
    ),
    "a page scanned": (
        filed(file_of(pages=(page(1), page(2), page(3, origin=Origin.OCR, confidence=0.98)))),
        "TP-04",
        APPROVE,
    ),
    "a picture of another date": (filed(file_of(pages=(page(readings=(ANOTHER_DATE,)),))), "CC-04", HUMAN),
    "hidden text": (filed(file_of(pages=(page(notes=("invisible_text",)),))), "TP-05", APPROVE),
    "a page number elsewhere": (
        filed(
            file_of(pages=tuple(page(n) for n in range(1, 7))),
            case=make_case(
                annex(
                    sections=(*annex().sections[:1], replace(annex().sections[1], pages=(1, 2, 3, 4, 5, 6))),
                    stamps=tuple(
                        replace(
                            s,
                            evidence=(
                                replace(s.evidence[0], box=s.evidence[0].box.expanded(30 if s.page == 4 else 0)),
                            ),
                        )
                        for s in stamps(6)
                    ),
                )
            ),
        ),
        "TP-07",
        APPROVE,
    ),
    "older than its paper": (filed(file_of(created=dt.datetime(2024, 1, 1, 9, 0, tzinfo=CHINA))), "TP-08", APPROVE),
    "appended to": (filed(file_of(revisions=2)), "TP-06", APPROVE),
    "another code in the QR code": (
        filed(file_of("licence.jpg"), case=make_case(licence(source=coded("licence.jpg", OTHER_CODE)))),
        "TP-09",
        HUMAN,
    ),
    "a broken signature": (filed(file_of(revisions=2, signatures=1, signature_valid=False)), "TP-10", HUMAN),
    "edited and saved again": (
        filed(file_of(producer="GIMP 2.10", created=MADE, modified=LATER)),
        "TP-01 TP-02",
        HUMAN,
    ),
    "an extension of nothing": (make_case(form(application_type=field("扩项"))), "FM-01", HUMAN),
    "another body's letter": (make_case(letter(name=field("海南绿岛检测有限公司"))), "FM-02", HUMAN),
    "an unknown address": (make_case(form(address=field(ELSEWHERE))), "FM-03", HUMAN),
    "dependence without a legal person": (make_case(form(independent=False), authorisation()), "FM-04", HUMAN),
    "several sites ticked": (make_case(form(features=field("多场所"))), "FM-05", APPROVE),
    "another province's certificate": (
        make_case(
            form(application_type=field("扩项"), cma_number=field("231920340001")),
            **held(number="231920340001", unified_social_credit_code=OTHER_CODE, name="海南绿岛检测有限公司"),
        ),
        "FM-06",
        APPROVE,
    ),
}
