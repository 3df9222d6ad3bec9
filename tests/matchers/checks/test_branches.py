"""BR-01 to BR-03: whose branch it is, whether it is accredited itself, who authorised it."""

import pytest

from models.case import Case
from models.finding import Outcome, Severity
from models.papers import UnknownPaper
from models.records import EntityStatus
from tests.matchers.factory import (
    CODE,
    NAME,
    OTHER_CODE,
    annex,
    answered,
    certificate,
    enterprise,
    field,
    form,
    licence,
    make_case,
    said,
    source,
    unavailable,
)
from tests.matchers.faults_identity import (
    BRANCH,
    authorisation,
    branch_case,
    branch_licence,
    owner,
)

MISMATCH, TOLERATED, LACKING, NONE = Outcome.MISMATCH, Outcome.TOLERATED, Outcome.NOT_PROVIDED, Outcome.NOT_APPLICABLE
BLOCKING, MAJOR = Severity.BLOCKING, Severity.MAJOR


def of(parent: object, **more: object) -> Case:
    """A branch whose form names this legal person."""
    paper = form(
        name=field(BRANCH), unified_social_credit_code=field(OTHER_CODE), legal_entity=parent, independent=False
    )
    return branch_case(paper, **more)


def test_a_branch_in_order() -> None:
    assert said("BR-01", branch_case()) == []
    assert said("BR-02", branch_case()) == []
    assert said("BR-03", branch_case()) == [(NONE, MAJOR)]
    assert said("BR-01", make_case()) == [(NONE, MAJOR)]


def test_a_branch_known_by_its_name_alone() -> None:
    assert said("BR-01", branch_case(branch_licence(entity_type=None))) == []


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (of(None), [(LACKING, BLOCKING)]),
        (of(owner(unified_social_credit_code=None)), [(LACKING, BLOCKING)]),
        (of(owner(unified_social_credit_code=field(CODE[:-1] + "7"))), [(MISMATCH, BLOCKING)]),
        (of(owner(unified_social_credit_code=field("12460000428200003X"))), [(MISMATCH, BLOCKING)]),
        (of(owner(name=field("海南绿岛检测有限公司"))), [(MISMATCH, MAJOR), (MISMATCH, BLOCKING)]),
        (branch_case(parent=enterprise(status=EntityStatus.DEAD)), [(MISMATCH, BLOCKING)]),
        (branch_case(parent=enterprise(status=EntityStatus.WARN)), [(MISMATCH, MAJOR)]),
        (branch_case(UnknownPaper(source("x.pdf"), "报价单")), [(LACKING, BLOCKING)]),
        (of(owner(name=field(None))), [(Outcome.UNREADABLE, MAJOR)]),
        (branch_case(**unavailable("enterprises")), [(Outcome.SOURCE_UNAVAILABLE, MAJOR)]),
    ],
)
def test_the_legal_person_of_a_branch(case: Case, expected: list[object]) -> None:
    assert said("BR-01", case) == expected


def test_the_legal_person_on_its_own_licence() -> None:
    """Both licences are looked at: the company's is no branch's."""
    both = make_case(
        branch_licence(),
        licence(source=source("company.jpg")),
        authorisation(),
        enterprises=answered(
            "enterprises", enterprise(unified_social_credit_code=OTHER_CODE, name=BRANCH), enterprise()
        ),
    )
    assert said("BR-01", both) == [(NONE, MAJOR)]


def test_accredited_itself() -> None:
    parent = certificate(name=field(NAME))
    assert said("BR-02", branch_case(parent)) == [(TOLERATED, BLOCKING)]
    away = branch_licence(address=field("海南省海口市秀英区长流镇1号"))
    assert said("BR-02", branch_case(parent, away)) == [(MISMATCH, BLOCKING)]
    assert said("BR-02", branch_case(parent, branch_licence(address=None), annex(sites=()))) == [(MISMATCH, BLOCKING)]
    assert said("BR-02", branch_case(certificate(name=field(None)))) == [(Outcome.UNREADABLE, MAJOR)]


def test_a_laboratory_that_is_no_legal_person() -> None:
    assert said("BR-03", make_case()) == [(NONE, MAJOR)]
    lab = form(independent=False, legal_entity=owner())
    assert said("BR-03", make_case(lab)) == [(LACKING, MAJOR)]
    assert said("BR-03", make_case(lab, authorisation())) == []
    assert said("BR-03", make_case(lab, authorisation(""))) == []  # its file name says what it is
