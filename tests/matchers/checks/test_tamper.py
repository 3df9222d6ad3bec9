"""CP-06 and TP: legibility, and hints that a file was worked on."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from models.case import Case
from models.file_facts import FileFacts
from models.finding import Outcome, Severity
from models.layout import Origin
from models.papers import CmaAnnex
from tests.matchers.audited import cma_annex, cma_certificate
from tests.matchers.factory import (
    CODE,
    EXPIRES,
    OTHER_CODE,
    accreditation,
    annex,
    answered,
    certificate,
    enterprise,
    field,
    licence,
    make_case,
    run,
    said,
)
from tests.matchers.faults_identity import CHINA, FAULTS, LATER, MADE, coded, file_of, filed, page

MISMATCH, NONE = Outcome.MISMATCH, Outcome.NOT_APPLICABLE
MAJOR, MINOR = Severity.MAJOR, Severity.MINOR
TP = tuple(f"TP-{number:02d}" for number in range(1, 11))
SCANNED: dict[str, Any] = {"origin": Origin.OCR, "confidence": 0.97}
EARLY = dt.datetime(2024, 1, 1, 9, 0, tzinfo=CHINA)


@pytest.mark.parametrize("id", [*TP, "CP-06"])
def test_without_files_there_is_nothing_to_look_at(id: str) -> None:
    assert [outcome for outcome, _ in said(id, make_case())] == [NONE]


@pytest.mark.parametrize("id", [*TP, "CP-06"])
def test_an_ordinary_file_gives_no_hint(id: str) -> None:
    fine = file_of(
        producer="Microsoft: Print To PDF", creator="WPS", created=MADE, modified=MADE + dt.timedelta(hours=3)
    )
    assert said(id, filed(fine)) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (file_of(pages=(page(skew=-5.4, **SCANNED),)), [(MISMATCH, MAJOR)]),
        (file_of(pages=(page(origin=Origin.OCR, confidence=0.6),)), [(MISMATCH, MAJOR)]),
        (file_of(unread_pages=(2,)), [(MISMATCH, MAJOR)]),
        (file_of(pages=(page(skew=1.4, **SCANNED),)), []),
    ],
)
def test_legibility(facts: FileFacts, expected: list[object]) -> None:
    assert said("CP-06", filed(facts)) == expected


@pytest.mark.parametrize(
    ("id", "facts", "hints"),
    [
        ("TP-01", file_of(creator="Adobe Photoshop 21"), 1),
        ("TP-01", file_of(producer="福昕高级PDF编辑器"), 1),
        ("TP-01", file_of(producer="pdftk"), 0),
        ("TP-02", file_of(created=MADE, modified=LATER), 1),
        ("TP-02", file_of(created=MADE), 0),
        ("TP-02", file_of(created=dt.datetime(1970, 1, 1, tzinfo=CHINA), modified=LATER), 0),
        ("TP-03", file_of(pages=(page(1), page(2), page(3, width=842.0, height=595.0))), 0),
        ("TP-03", file_of(pages=(page(1), page(2), page(3, width=600.0))), 0),
        ("TP-03", file_of(pages=(page(1), page(2, width=700.0))), 0),
        ("TP-03", file_of(pages=(page(1), page(2, width=700.0), page(3))), 1),
        ("TP-03", file_of(pages=(page(1), page(2, width=700.0, photographed=True), page(3))), 0),
        ("TP-03", file_of(pages=()), 0),
        ("TP-04", file_of(pages=(page(1, **SCANNED), page(2, **SCANNED), page(3))), 1),
        ("TP-04", file_of(pages=(page(1), page(2), page(3, origin=Origin.OCR))), 0),
        ("TP-04", file_of(pages=(page(1), page(2), page(3, **SCANNED), page(4, **SCANNED))), 0),
        ("TP-05", file_of(pages=(page(notes=("invisible_text",), **SCANNED),)), 0),
        ("TP-06", file_of(revisions=1), 0),
        ("TP-06", file_of(revisions=3), 1),
        ("TP-06", file_of(revisions=2, signatures=1, signature_valid=True), 0),
        ("TP-06", file_of(revisions=3, signatures=1, signature_valid=True), 1),
        ("TP-10", file_of(signatures=1, signature_valid=True, signature_covers_all=True), 0),
        ("TP-10", file_of(signatures=1, signature_valid=True, signature_covers_all=False), 1),
        ("TP-08", file_of(created=EARLY), 1),
        ("TP-08", file_of(created=dt.datetime(2025, 6, 9, 23, 0, tzinfo=CHINA)), 0),
    ],
)
def test_hints(id: str, facts: FileFacts, hints: int) -> None:
    assert said(id, filed(facts)) == [(MISMATCH, MINOR)] * hints


def test_older_than_its_paper() -> None:
    held = filed(file_of("cma.pdf", created=EARLY), case=make_case(cma_certificate()))
    assert said("TP-08", held) == [(MISMATCH, MINOR)]
    dated = cma_annex(approved_on=field(dt.date(2026, 1, 1)))
    assert said("TP-08", filed(file_of("cma_annex.pdf", created=EARLY), case=make_case(dated))) == [(MISMATCH, MINOR)]
    undated: CmaAnnex = cma_annex()
    assert said("TP-08", filed(file_of("cma_annex.pdf", created=EARLY), case=make_case(undated))) == []
    unread = make_case(annex(issued_on=field(None)))
    assert said("TP-08", filed(file_of(created=EARLY), case=unread)) == []


def test_two_kinds_of_hint_weigh_more() -> None:
    case, _, _ = FAULTS["edited and saved again"]
    assert said("TP-01", case) == said("TP-02", case) == [(MISMATCH, MAJOR)]
    assert "同一文件另有" in run("TP-01", case)[0].message.zh


def test_hints_on_different_files_do_not_support_each_other() -> None:
    case = filed(file_of(producer="GIMP"), file_of("licence.jpg", created=MADE, modified=LATER))
    assert said("TP-01", case) == said("TP-02", case) == [(MISMATCH, MINOR)]


def test_saving_again_is_one_act_however_it_shows() -> None:
    again = filed(file_of(created=MADE, modified=LATER, revisions=2))
    assert said("TP-02", again) == said("TP-06", again) == [(MISMATCH, MINOR)]
    edited = filed(file_of(producer="GIMP", created=MADE, modified=LATER, revisions=2))
    assert said("TP-01", edited) == said("TP-06", edited) == [(MISMATCH, MAJOR)]


def test_signatures() -> None:
    broken = filed(file_of(signatures=1, signature_valid=False, signed_by="CNAS"))
    assert said("TP-10", broken) == [(MISMATCH, MAJOR)]
    assert "CNAS" in run("TP-10", broken)[0].message.zh
    unknown = filed(file_of(signatures=1), file_of("licence.jpg"))
    assert said("TP-10", unknown) == [(NONE, MINOR)]
    (held,) = run("TP-10", filed(file_of(signatures=1, signature_valid=True, signed_by="CNAS")))
    assert "“annex.pdf”（CNAS）" in held.message.zh


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((), []),
        (("https://example.org/a",), []),
        ((f"https://www.gsxt.gov.cn/%7B{CODE}%7D",), []),
        ((f"http://www.gsxt.gov.cn/{CODE.lower()}",), []),
        ((OTHER_CODE, CODE), []),
        ((f"http://www.gsxt.gov.cn/{OTHER_CODE}",), [(MISMATCH, MAJOR)]),
    ],
)
def test_codes_on_a_licence(texts: tuple[str, ...], expected: list[object]) -> None:
    case = make_case(licence(source=coded("licence.jpg", *texts)))
    assert said("TP-09", filed(file_of("licence.jpg"), case=case)) == expected
    unread = make_case(licence(source=coded("licence.jpg", *texts), unified_social_credit_code=field(None)))
    assert said("TP-09", filed(file_of("licence.jpg"), case=unread)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://las.cnas.org.cn/LAS_FQ/publish?licNo=L9901", []),
        ("https://cnas.org.cn/x CNAS L9901", []),
        ("注册号：CNAS L0991", [(MISMATCH, MAJOR)]),
        ("CNAS L0099", [(MISMATCH, MAJOR)]),
        ("https://cnas.org.cn.example.org/L9901", [(MISMATCH, MINOR)]),
        ("HTTP://query.example.org/?CNAS L9901", [(MISMATCH, MINOR)]),
    ],
)
def test_codes_on_an_accreditation(text: str, expected: list[object]) -> None:
    case = make_case(certificate(source=coded("certificate.pdf", text)))
    assert said("TP-09", filed(file_of("certificate.pdf"), case=case)) == expected


def conflicting(**more: Any) -> Case:
    return filed(file_of(producer="GIMP"), file_of("licence.jpg", producer="GIMP"), case=make_case(**more))


def test_a_contradicted_register_weighs_more() -> None:
    other = accreditation(expires_on=EXPIRES.replace(year=2028))
    assert [severity for _, severity in said("TP-01", conflicting(cnas=answered("cnas", other)))] == [MAJOR, MINOR]
    founded = enterprise(established_on=dt.date(2011, 1, 1))
    assert [s for _, s in said("TP-01", conflicting(enterprises=answered("enterprises", founded)))] == [MINOR, MAJOR]
    bare = filed(file_of(producer="GIMP"), case=make_case(licence(established_on=None), annex(expires_on=None)))
    assert said("TP-01", bare) == [(MISMATCH, MINOR)]
    blind = filed(file_of(producer="GIMP"), case=make_case(certificate(expires_on=field(None)), cnas=answered("cnas")))
    assert said("TP-01", blind) == [(MISMATCH, MINOR)]


def test_page_numbers_elsewhere() -> None:
    case, _, _ = FAULTS["a page number elsewhere"]
    assert said("TP-07", case) == [(MISMATCH, MINOR)]
    few = replace(case, papers=tuple(_fewer(paper) for paper in case.papers))
    assert said("TP-07", few) == []


def _fewer(paper: Any) -> Any:
    """An annex with too few pages to say what is usual."""
    return replace(paper, stamps=paper.stamps[3:]) if hasattr(paper, "stamps") else paper
