"""ID-01 to ID-06: each fires on its fault and stays silent on a near miss."""

import datetime as dt
from typing import Any

import pytest

from models.finding import Outcome, Severity
from models.layout import Origin
from models.papers import ApplicationForm, BusinessLicence, CnasCertificate, LegalEntity
from models.records import Change
from tests.matchers.factory import (
    CODE,
    NAME,
    OTHER_CODE,
    PERSON,
    accreditation,
    annex,
    answered,
    certificate,
    enterprise,
    field,
    form,
    licence,
    make_case,
    run,
    said,
    unavailable,
)

X, T, NA, NP = Outcome.MISMATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE, Outcome.NOT_PROVIDED
UNREAD, SILENT = Outcome.UNREADABLE, Outcome.SOURCE_UNAVAILABLE
B, M, N = Severity.BLOCKING, Severity.MAJOR, Severity.MINOR
BAD = CODE[:-1] + "7"


def entity(**more: Any) -> Any:
    return answered("enterprises", enterprise(**more))


@pytest.mark.parametrize(
    ("code", "words"),
    [(BAD, "校验位不符"), (CODE[:-1], "18 位"), ("I" + CODE[1:], "不允许的字符"), ("91460O00MA5TE5T076", CODE)],
)
def test_id_01_fires(code: str, words: str) -> None:
    (finding,) = run("ID-01", make_case(licence(unified_social_credit_code=field(code))))
    assert (finding.outcome, finding.severity) == (X, B)
    assert words in finding.message.zh


def test_id_01_doubtful_reading() -> None:
    assert said("ID-01", make_case(licence(unified_social_credit_code=field(BAD, 0.6)))) == [(X, M)]


def test_id_01_tolerates() -> None:
    repaired = field(CODE, text="91460O00MA5TE5T076", flags=("repaired",))
    assert said("ID-01", make_case(licence(unified_social_credit_code=repaired))) == [(T, B)]
    issued = make_case(
        licence(unified_social_credit_code=field(BAD)), enterprises=entity(unified_social_credit_code=BAD)
    )
    assert said("ID-01", issued) == [(T, B)]
    assert said("ID-01", make_case(licence(unified_social_credit_code=field(CODE.lower())))) == []


def test_id_01_organisation_code_is_advisory() -> None:
    (finding,) = run("ID-01", make_case(licence(unified_social_credit_code=field(OTHER_CODE))))
    assert finding.outcome is Outcome.MATCH


def test_id_01_unread() -> None:
    assert said("ID-01", make_case(licence(unified_social_credit_code=field(None)))) == [(UNREAD, M)]


def test_id_02() -> None:
    assert said("ID-02", make_case()) == []
    assert said("ID-02", make_case(form(unified_social_credit_code=field(OTHER_CODE)))) == [(X, B)]
    assert said("ID-02", make_case(enterprises=answered("enterprises"))) == [(X, B)]
    assert said("ID-02", make_case(enterprises=entity(unified_social_credit_code=OTHER_CODE))) == [(X, B)]
    assert said("ID-02", make_case(form(unified_social_credit_code=field(CODE.lower())))) == []


def test_id_02_says_both_values() -> None:
    (finding,) = [
        f for f in run("ID-02", make_case(form(unified_social_credit_code=field(OTHER_CODE)))) if f.outcome is X
    ]
    assert finding.left is not None
    assert finding.right is not None
    assert (finding.left.value, finding.right.value) == (CODE, OTHER_CODE)
    assert CODE in finding.message.zh
    assert OTHER_CODE in finding.message.zh


def test_id_02_without_a_side() -> None:
    assert said("ID-02", make_case(**unavailable("enterprises"))) == [(SILENT, M)]
    assert said("ID-02", make_case(form(unified_social_credit_code=None))) == [(NA, M)]
    assert said("ID-02", make_case(form(unified_social_credit_code=field(None)))) == [(UNREAD, M)]
    assert said("ID-02", make_case(without=[ApplicationForm])) == []
    assert said("ID-02", make_case(without=[BusinessLicence])) == [(NP, M)]
    assert said("ID-02", make_case(licence(unified_social_credit_code=field(None)))) == [(UNREAD, M)]


def test_id_02_takes_the_legal_persons_code() -> None:
    owner = LegalEntity(field(NAME), unified_social_credit_code=field(CODE))
    assert said("ID-02", make_case(form(unified_social_credit_code=field(OTHER_CODE), legal_entity=owner))) == []


def test_id_03() -> None:
    assert said("ID-03", make_case()) == []
    assert said("ID-03", make_case(enterprises=entity(name="海南蓝祥检测技术有限公司"))) == [(X, B)]
    assert said("ID-03", make_case(enterprises=entity(name="海南蓝洋检测技术有限责任公司"))) == [(T, B)]
    assert said("ID-03", make_case(enterprises=entity(name="海南藍洋检测技术有限公司"))) == [(T, B)]
    assert said("ID-03", make_case(licence(name=field("***")))) == [(NA, M)]
    assert said("ID-03", make_case(licence(name=field(None)))) == [(UNREAD, M)]


@pytest.mark.parametrize(
    ("issued", "expected"),
    [(dt.date(2023, 5, 1), [(T, B)]), (dt.date(2023, 5, 2), [(X, M)]), (None, [(X, M)])],
)
def test_id_03_former_name(issued: dt.date | None, expected: list[tuple[Outcome, Severity]]) -> None:
    change = Change("名称变更", NAME, "海南新名检测有限公司", dt.date(2023, 5, 1))
    day = field(issued) if issued else None
    case = make_case(licence(issued_on=day), enterprises=entity(name="海南新名检测有限公司", changes=(change,)))
    assert said("ID-03", case) == expected


@pytest.mark.parametrize(
    ("paper", "expected"),
    [
        ({"name": field(NAME)}, []),
        ({"name": field(f"{NAME}检测中心")}, [(T, B)]),
        ({"name": field("海南蓝洋技术中心")}, [(X, M)]),
        ({"name": field("海南绿岛检测技术有限公司")}, [(X, B)]),
        ({"name": field("海南绿岛检测技术有限公司", 0.6)}, [(X, M)]),
        ({"name": field("海南蓝洋技术中心"), "legal_entity": field(NAME)}, []),
        ({"name": field(f"{NAME}检测中心"), "legal_entity": field("海南绿岛检测技术有限公司")}, [(X, B)]),
        ({"name": field(None)}, [(UNREAD, M)]),
        ({"name": field("Lanyang Testing"), "language": "en"}, [(NP, M)]),
    ],
)
def test_id_04(paper: dict[str, Any], expected: list[tuple[Outcome, Severity]]) -> None:
    assert said("ID-04", make_case(certificate(**paper))) == expected


def test_id_04_more_sides() -> None:
    known = answered("cnas", accreditation(legal_entity=NAME))
    assert said("ID-04", make_case(certificate(name=field("海南蓝洋技术中心")), cnas=known)) == []
    branch = licence(name=field(f"{NAME}三亚分公司"))
    assert said("ID-04", make_case(branch, certificate(legal_entity=field(NAME)))) == [(T, B)]
    assert said("ID-04", make_case(without=[CnasCertificate])) == [(NP, M)]
    change = Change("名称变更", "海南旧名检测有限公司", NAME, dt.date(2025, 1, 1))
    renamed = make_case(certificate(name=field("海南旧名检测有限公司")), enterprises=entity(changes=(change,)))
    assert said("ID-04", renamed) == [(T, B)]


def test_id_05() -> None:
    assert said("ID-05", make_case(form(name=field(f"{NAME}检测中心")))) == [(T, M), (T, M)]
    assert said("ID-05", make_case(form(name=field("海南绿岛检测有限公司")))) == [(X, M), (X, M)]
    assert said("ID-05", make_case(form(name=field(None)))) == [(UNREAD, M)]
    assert said("ID-05", make_case(licence(name=field(None)))) == [(UNREAD, M)]
    assert said("ID-05", make_case(without=[CnasCertificate, BusinessLicence])) == [(NP, M)]
    assert said("ID-05", make_case(without=[ApplicationForm])) == [(NP, M)]
    assert said("ID-05", make_case(certificate(language="en", name=field("Lanyang")))) == []


def test_id_06() -> None:
    assert said("ID-06", make_case()) == []
    assert said(
        "ID-06", make_case(form(responsible_person=field("李喆")), licence(responsible_person=field("李哲")))
    ) == [(X, M), (X, M)]
    assert said("ID-06", make_case(enterprises=entity(responsible_person="符 明海"))) == []
    assert said("ID-06", make_case(licence(responsible_person=None))) == [(NA, M)]
    assert said("ID-06", make_case(licence(responsible_person=field(None)))) == [(UNREAD, M)]
    assert said("ID-06", make_case(form(responsible_person=field(None)))) == [(UNREAD, M)]
    assert said("ID-06", make_case(form(responsible_person=None))) == []
    assert said("ID-06", make_case(**unavailable("enterprises"))) == [(SILENT, M)]
    assert said("ID-06", make_case(without=[ApplicationForm])) == []
    assert said("ID-06", make_case(enterprises=entity(responsible_person=""))) == []


@pytest.mark.parametrize(("day", "severity"), [(dt.date(2022, 8, 1), M), (dt.date(2022, 8, 2), N)])
def test_id_06_licence_not_renewed(day: dt.date, severity: Severity) -> None:
    change = Change("法定代表人变更", PERSON, "王大力", day)
    case = make_case(enterprises=entity(responsible_person="王大力", changes=(change,)))
    assert said("ID-06", case) == [(X, severity)]


def test_id_06_takes_the_legal_persons_representative() -> None:
    owner = LegalEntity(field(NAME), responsible_person=field(PERSON))
    case = make_case(form(responsible_person=field("王主任"), legal_entity=owner, independent=False))
    assert said("ID-06", case) == []
    other = LegalEntity(field("海南绿岛检测技术有限公司"), responsible_person=field("王主任"))
    branch = form(responsible_person=field(PERSON), legal_entity=other, independent=False)
    assert said("ID-06", make_case(branch)) == []
    assert said("ID-06", make_case(form(responsible_person=field("王主任"), legal_entity=other))) == [(X, M)]


def test_several_copies_of_the_licence() -> None:
    case = make_case(
        licence(copy=field("正本")), licence(copy=field("副本"), name=field("海南蓝祥检测技术有限公司")), annex()
    )
    assert [(f.outcome, f.subject) for f in run("ID-03", case)] == [
        (Outcome.MATCH, "营业执照（正本）"),
        (X, "营业执照（副本）"),
    ]


def test_a_branch_applies_with_its_parents_licence() -> None:
    branch = licence(name=field(f"{NAME}三亚分公司"), unified_social_credit_code=field(OTHER_CODE))
    known = answered(
        "enterprises", enterprise(), enterprise(name=f"{NAME}三亚分公司", unified_social_credit_code=OTHER_CODE)
    )
    case = make_case(licence(), branch, form(unified_social_credit_code=field(OTHER_CODE)), enterprises=known)
    assert said("ID-02", case) == [(NA, M)]
    copy = licence(unified_social_credit_code=field(OTHER_CODE))
    forged = make_case(licence(), copy, form(unified_social_credit_code=field(OTHER_CODE)))
    assert (X, B) in said("ID-02", forged)


@pytest.mark.parametrize(("origin", "outcome"), [(Origin.OCR, Outcome.TOLERATED), (Origin.TEXT, Outcome.MISMATCH)])
def test_what_recognition_may_have_made_of_a_name_is_tolerated_on_scans_only(origin: Origin, outcome: Outcome) -> None:
    read = field(NAME.replace("有限公司", "有限公可"), origin=origin)
    (finding,) = [f for f in run("ID-03", make_case(licence(name=read))) if f.outcome is not Outcome.MATCH]
    assert finding.outcome is outcome
    assert ("疑似识别错误" in finding.message.zh) is (origin is Origin.OCR)
