"""SG-02 to SG-04: fields of signing, titles, and signatories of other bodies."""

from dataclasses import replace

import pytest

from models.case import Sighting, SightingKind
from models.finding import Outcome, Severity
from models.papers import (
    ApplicationForm,
    BusinessLicence,
    CapabilityRow,
    CnasAnnex,
    CnasCertificate,
    LegalEntity,
    Section,
    Site,
)
from models.phrases import SigningField
from tests.matchers.audited import cma_annex, held_case
from tests.matchers.factory import (
    ADDRESS,
    NAME,
    ROWS,
    annex,
    certificate,
    field,
    form,
    make_case,
    row,
    run,
    said,
    signatory,
    with_rows,
)
from tests.matchers.faults_scope import OTHER, met

X, T, NA, NP = Outcome.MISMATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE, Outcome.NOT_PROVIDED
M = Severity.MAJOR


def signs(field: str, **more: object) -> ApplicationForm:
    return form(signatories=(signatory("陈立新", field, title="工程师", **more),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "covered"),
    [
        ("全部检测项目", True),
        ("所有授权检测项目", True),
        ("食品检测", True),
        ("食品、农产品检测", True),
        ("理化检测", False),
        ("建筑材料检测", False),
        (
            "水和废水检测",
            True,
        ),  # 水 is in 水分: a field of one character says little, and is given the benefit of the doubt
        ("检测报告签发", True),
        ("水泥、混凝土", False),
    ],
)
def test_sg_02(words: str, covered: bool) -> None:
    case = make_case(replace(signs(words), rows=ROWS[:1]))
    assert said("SG-02", case) == ([] if covered else [(X, M)])


def test_sg_02_by_what_was_understood() -> None:
    assert said("SG-02", make_case(signs("一切", signs=SigningField(True)))) == []
    assert said("SG-02", make_case(signs("食品", signs=SigningField(False, ("食品",))))) == []
    assert said("SG-02", make_case(signs("全部", signs=SigningField(False, ("钢筋",))))) == [(X, M)]


def test_sg_02_at_the_site_of_the_row() -> None:
    rows: tuple[CapabilityRow, ...] = (ROWS[0], replace(ROWS[1], site="B"))
    sites = (Site("A", ADDRESS), Site("B", "海南省三亚市吉阳区荔枝沟路9号"))
    people = (signatory("陈立新", "全部检测项目", "A"),)
    (found,) = [f for f in run("SG-02", make_case(form(rows=rows, sites=sites, signatories=people))) if f.outcome is X]
    assert found.rows == (1,)
    assert "场所B" in found.message.zh
    assert said("SG-02", make_case(form(rows=rows, sites=sites, signatories=(replace(people[0], site=None),)))) == []
    unlisted = (ROWS[0], replace(ROWS[1], site="Z"))
    assert said("SG-02", make_case(form(rows=unlisted, signatories=people))) == []  # AD-04 says that there is no site Z


def test_sg_02_without() -> None:
    nobody = make_case(form(signatories=()), annex(signatories=()))
    assert said("SG-02", nobody) == [(NP, M)]
    assert said("SG-02", make_case(form(signatories=()))) == []  # those of the annex sign
    assert said("SG-02", make_case(form(rows=(), signatories=()))) == []
    assert said("SG-02", make_case(without=[ApplicationForm, CnasAnnex])) == [(NP, M)]
    assert said("SG-02", with_rows(replace(ROWS[0], section=Section.CALIBRATION))) == [(NA, M)]
    nameless = row(0, "灰分", "GB 5009.4-2016", object=None)
    case = make_case(form(rows=(nameless,), signatories=(signatory("陈立新", "钢筋"),)))
    assert said("SG-02", case) == [(X, M)]


@pytest.mark.parametrize(
    ("title", "outcome"),
    [
        ("技术负责人/高级工程师", None),
        ("工程师", None),
        ("检测部主任（同等能力）", None),
        ("正高级工程师", None),
        ("助理工程师", X),
        ("检测部主任", X),
        ("助理工程师、工程师", None),
        (None, NP),
    ],
)
def test_sg_03(title: str | None, outcome: Outcome | None) -> None:
    case = make_case(form(signatories=(signatory("陈立新", "全部", title=title),)))
    assert said("SG-03", case) == ([(outcome, M)] if outcome else [])


def test_sg_03_without() -> None:
    assert said("SG-03", make_case(form(signatories=()))) == [(NP, M)]
    assert said("SG-03", make_case(without=[ApplicationForm])) == [(NP, M)]
    unsure = make_case(form(signatories=(signatory("陈立新", "全部", title="助理工程师", confidence=0.5),)))
    assert said("SG-03", unsure) == [(X, Severity.MINOR)]


def test_sg_04() -> None:
    assert said("SG-04", make_case()) == [(NA, M)]
    assert said("SG-04", replace(make_case(), elsewhere=())) == []
    assert said("SG-04", replace(make_case(), elsewhere=met(SightingKind.SIGNATORY, "陈立新"))) == [(X, M)]
    assert said("SG-04", replace(make_case(), elsewhere=met(SightingKind.SIGNATORY, "王大力"))) == []
    assert said("SG-04", replace(make_case(), elsewhere=(Sighting(SightingKind.FILE, "陈立新", OTHER),))) == []
    assert said("SG-04", make_case(without=[ApplicationForm])) == [(NP, M)]


def test_sg_04_on_another_bodys_certificate() -> None:
    assert said("SG-04", held_case()) == [(NA, M)]
    assert said("SG-04", held_case(cma_annex(name=None))) == [(NA, M)]
    assert said("SG-04", held_case(cma_annex(name=field(OTHER)))) == [(X, M)]
    assert said("SG-04", held_case(cma_annex(name=field(f"{NAME}检测中心")))) == [(NA, M)]
    owner = form(legal_entity=LegalEntity(field(OTHER)))
    assert said("SG-04", held_case(cma_annex(name=field(OTHER)), owner)) == [(NA, M)]
    legal = certificate(legal_entity=field(OTHER))
    assert said("SG-04", held_case(cma_annex(name=field(OTHER)), legal)) == [(NA, M)]
    bare = held_case(cma_annex(name=field(OTHER)), form(name=field(None)), without=[BusinessLicence, CnasCertificate])
    assert said("SG-04", bare) == [(NA, M)]
