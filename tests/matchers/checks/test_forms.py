"""FM-01 to FM-06: what the form and the letter of commitment state."""

import datetime as dt
from dataclasses import replace

import pytest

from models.case import Case
from models.finding import Outcome, Severity
from models.papers import ApplicationForm, BusinessLicence, CommitmentLetter, PaperSource
from tests.matchers.audited import EXPIRES, cma_certificate
from tests.matchers.factory import (
    ADDRESS,
    AS_OF,
    NAME,
    OTHER_CODE,
    annex,
    certificate,
    field,
    form,
    letter,
    licence,
    make_case,
    said,
    unavailable,
)
from tests.matchers.faults_identity import BRANCH, ELSEWHERE, HELD, branch_case, held, owner

MISMATCH, TOLERATED, LACKING, NONE, UNREAD = (
    Outcome.MISMATCH,
    Outcome.TOLERATED,
    Outcome.NOT_PROVIDED,
    Outcome.NOT_APPLICABLE,
    Outcome.UNREADABLE,
)
BLOCKING, MAJOR, MINOR = Severity.BLOCKING, Severity.MAJOR, Severity.MINOR
ENDS = dt.date(2029, 4, 30)


def extension(kind: str = "扩项", number: str | None = HELD, **more: object) -> ApplicationForm:
    return form(**{"application_type": field(kind), "cma_number": field(number), **more})


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (make_case(), []),
        (make_case(form(application_type=field("其他"))), []),
        (make_case(form(application_type=field("复查"))), [(MISMATCH, MAJOR)]),
        (make_case(form(application_type=None)), [(LACKING, MAJOR)]),
        (make_case(form(application_type=field(None))), [(UNREAD, MAJOR)]),
        (make_case(extension("首次"), **held()), [(MISMATCH, MAJOR)]),
        (make_case(extension(number=None), **held()), [(UNREAD, MAJOR)]),
        (make_case(extension(), **held()), []),
        (make_case(extension(cma_expires_on=field(ENDS)), **held()), []),
        (make_case(extension(cma_expires_on=field(dt.date(2031, 1, 1))), **held()), [(MISMATCH, MAJOR)]),
        (make_case(extension(), **held(expires_on=dt.date(2026, 6, 30))), [(MISMATCH, MAJOR)]),
        (make_case(extension(), **held(expires_on=None)), []),
        (make_case(extension()), [(MISMATCH, MAJOR)]),
        (make_case(extension(), **unavailable("cma")), [(Outcome.SOURCE_UNAVAILABLE, MAJOR)]),
        (
            make_case(
                extension(cma_expires_on=field(EXPIRES)), cma_certificate(number=field(HELD)), **unavailable("cma")
            ),
            [(Outcome.SOURCE_UNAVAILABLE, MAJOR)],
        ),
    ],
)
def test_type_of_application(case: Case, expected: list[object]) -> None:
    assert said("FM-01", case) == expected


@pytest.mark.parametrize(
    ("paper", "expected"),
    [
        (letter(), []),
        (letter(name=field(f"{NAME}检测中心")), [(TOLERATED, MAJOR)]),
        (letter(name=field("海南绿岛检测有限公司")), [(MISMATCH, MAJOR)]),
        (letter(name=field(None)), [(UNREAD, MAJOR)]),
        (letter(signatory=field("符明海")), []),
        (letter(signatory=field("王大力")), [(MISMATCH, MAJOR)]),
        (letter(signatory=field(None)), []),
        (letter(signed_on=field(AS_OF)), []),
        (letter(signed_on=field(AS_OF + dt.timedelta(days=1))), [(MISMATCH, MAJOR)]),
        (letter(signed_on=None), [(LACKING, MINOR)]),
        (letter(signed_on=field(None)), [(UNREAD, MAJOR)]),
    ],
)
def test_letter(paper: CommitmentLetter, expected: list[object]) -> None:
    assert said("FM-02", make_case(paper)) == expected


def test_letter_of_nobody_known() -> None:
    assert said("FM-02", make_case(without=[CommitmentLetter])) == [(NONE, MAJOR)]
    alone = make_case(without=[ApplicationForm, BusinessLicence])
    assert said("FM-02", alone) == [(LACKING, MAJOR)]
    assert said("FM-02", branch_case()) == []


def test_address_of_the_form() -> None:
    assert said("FM-03", make_case()) == []
    assert said("FM-03", make_case(form(address=field(ELSEWHERE)))) == [(MISMATCH, MAJOR)]
    at_site = replace(annex().sites[0], address=ELSEWHERE)
    assert said("FM-03", make_case(form(address=field(ELSEWHERE)), annex(sites=(at_site,)))) == []
    assert said("FM-03", make_case(form(address=field(None)))) == [(UNREAD, MAJOR)]
    assert said("FM-03", make_case(form(address=None))) == [(NONE, MAJOR)]
    lonely = make_case(form(sites=()), annex(sites=()), licence(address=None), certificate(address=field(None)))
    assert said("FM-03", lonely) == [(LACKING, MAJOR)]


def test_legal_person_of_the_form() -> None:
    def case(**more: object) -> Case:
        parent = owner(**{"responsible_person": field("符明海"), "address": field(ADDRESS), **more})
        return branch_case(form(name=field(BRANCH), legal_entity=parent, independent=False))

    assert said("FM-03", case()) == []
    assert said("FM-03", case(responsible_person=field("王大力"))) == [(MISMATCH, MAJOR)]
    assert said("FM-03", case(address=field(ELSEWHERE))) == [(MISMATCH, MAJOR)]
    assert said("FM-03", case(responsible_person=field(None), address=None)) == []
    assert said("FM-03", case(unified_social_credit_code=field(OTHER_CODE))) == []  # ID-06 compares the licensed body
    assert said("FM-03", case(unified_social_credit_code=field("12460000428200003X"))) == []  # BR-01 says it is unknown
    blind = branch_case(**unavailable("enterprises"))
    assert said("FM-03", blind) == [(Outcome.SOURCE_UNAVAILABLE, MAJOR)]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (make_case(), []),
        (branch_case(), []),
        (make_case(form(independent=False)), [(MISMATCH, MAJOR)]),
        (make_case(form(legal_entity=owner(name=field("海南绿岛集团有限公司")))), [(MISMATCH, MAJOR)]),
        (make_case(form(legal_entity=owner())), []),
        (make_case(certificate(legal_entity=field("海南绿岛集团有限公司"))), [(MISMATCH, MAJOR)]),
        (branch_case(form(name=field(BRANCH), independent=True)), [(MISMATCH, MAJOR)]),
        (make_case(form(independent=None)), [(UNREAD, MINOR)]),
        (make_case(form(independent=None, source=PaperSource("application", "", ()))), [(NONE, MAJOR)]),
        (make_case(form(legal_class=field("企业法人"))), []),
        (make_case(form(legal_class=field("其他"))), []),
        (make_case(form(legal_class=field("事业法人"))), [(MISMATCH, MINOR)]),
        (make_case(form(legal_class=field("事业法人")), without=[BusinessLicence]), []),
    ],
)
def test_legal_standing(case: Case, expected: list[object]) -> None:
    assert said("FM-04", case) == expected


def test_facilities() -> None:
    def case(mine: str | None, theirs: str | None, ticked: str | None = None) -> Case:
        site = form().sites[0]
        paper = form(sites=(replace(site, features=mine),), features=field(ticked) if ticked else None)
        return make_case(paper, annex(sites=(replace(annex().sites[0], features=theirs),)))

    assert said("FM-05", make_case()) == [(NONE, MINOR)]
    assert said("FM-05", case("固定", "固定设施")) == []
    assert said("FM-05", case("固定、临时", "临时；固定")) == []
    assert said("FM-05", case("可移动", "固定")) == [(MISMATCH, MINOR)]
    assert said("FM-05", case(None, "固定")) == [(NONE, MINOR)]
    assert said("FM-05", case("固定", None)) == [(NONE, MINOR)]
    assert said("FM-05", case(None, None, "固定")) == []
    assert said("FM-05", case(None, None, "固定、多场所")) == [(MISMATCH, MINOR)]


@pytest.mark.parametrize(
    ("number", "record", "expected"),
    [
        (HELD, {}, []),
        (HELD, {"issued_on": dt.date(2021, 5, 1)}, [(MISMATCH, MINOR)]),
        (HELD, {"issued_on": None}, []),
        ("231920340001", {}, [(MISMATCH, MINOR)]),
        ("239920340001", {}, [(MISMATCH, MINOR)]),
        ("2013210124Z", {}, []),
        (None, {}, [(UNREAD, MINOR)]),
    ],
)
def test_number_of_the_certificate_held(number: str | None, record: dict[str, object], expected: list[object]) -> None:
    assert said("FM-06", make_case(extension(number=number), **held(**record))) == expected


def test_no_certificate_held() -> None:
    assert said("FM-06", make_case()) == [(NONE, MINOR)]
    assert said("FM-06", make_case(without=[ApplicationForm])) == [(LACKING, MINOR)]
