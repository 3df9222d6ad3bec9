"""SC-08, SC-09 and ST-01 to ST-04: repeated rows, methods without a number, and what the register says of standards."""

import datetime as dt
from dataclasses import replace

import pytest

from matchers.register import StandardState, index_register, state_of, title_likeness
from matchers.rules import load_rules
from models.finding import Outcome, Severity
from models.papers import ApplicationForm, CnasAnnex, Section
from models.records import LibraryRecord, StandardRecord
from tests.matchers.factory import (
    AS_OF,
    LIBRARY,
    ROWS,
    answered,
    form,
    make_case,
    ref,
    row,
    run,
    said,
    unavailable,
    with_rows,
)
from tests.matchers.faults_scope import registered, standard

X, T, NA, NP = Outcome.MISMATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE, Outcome.NOT_PROVIDED
SILENT = Outcome.SOURCE_UNAVAILABLE
M, N = Severity.MAJOR, Severity.MINOR
REGISTERED = ("ST-01", "ST-02", "ST-03", "ST-04")


def test_sc_08() -> None:
    again = replace(ROWS[1], index=3, parameter_number="1.9")
    assert said("SC-08", with_rows(*ROWS)) == []
    (found,) = [f for f in run("SC-08", with_rows(*ROWS, again)) if f.outcome is X]
    assert found.rows == (1, 3)
    assert found.severity is N
    assert "GB 5009.4-2016" in found.message.zh
    others = (
        replace(again, site="B"),
        replace(again, object="茶叶"),
        replace(again, limitation="只用第二法"),
        row(3, "灰分", "食品中灰分的测定 GB 5009.4-2016 第一法"),
    )
    for other in others:
        assert said("SC-08", with_rows(*ROWS, other)) == [], other
    assert said("SC-08", with_rows(again, replace(again, index=1))) == [(X, N)]
    unnumbered = row(0, "色度", "目视比色法")
    assert said("SC-08", with_rows(unnumbered, replace(unnumbered, index=1))) == [(X, N)]
    assert said("SC-08", with_rows(replace(ROWS[0], section=Section.CALIBRATION))) == [(NA, N)]
    assert said("SC-08", make_case(without=[ApplicationForm, CnasAnnex])) == [(NP, N)]


def test_sc_09() -> None:
    own, book = row(3, "色度", "自编方法 目视比色法"), row(3, "色度", "《水和废水监测分析方法》（第四版增补版）")
    title = LibraryRecord("食品检验", own.method, "", "", None)
    assert said("SC-09", with_rows(*ROWS)) == []
    assert said("SC-09", with_rows(*ROWS, own)) == [(X, M)]
    assert said("SC-09", with_rows(own)) == [(X, M)]
    assert said("SC-09", with_rows(*ROWS, book)) == [(X, M)]
    assert said("SC-09", with_rows(*ROWS, replace(own, method=""))) == [(X, M)]
    assert said("SC-09", with_rows(*ROWS, replace(own, confidence=0.5))) == [(X, N)]
    assert said("SC-09", with_rows(*ROWS, own, library=answered("library", *LIBRARY, title))) == [(T, M)]
    assert said("SC-09", with_rows(*ROWS, own, **unavailable("library"))) == [(X, M)]
    assert said("SC-09", with_rows(replace(ROWS[0], section=Section.CALIBRATION))) == [(NA, M)]
    assert said("SC-09", make_case(without=[ApplicationForm, CnasAnnex])) == [(NP, M)]


@pytest.mark.parametrize("id", REGISTERED)
def test_without_a_register(id: str) -> None:
    severity = N if id == "ST-03" else M
    assert said(id, make_case(**unavailable("standards"))) == [(SILENT, severity)]
    assert said(id, make_case(without=[ApplicationForm, CnasAnnex])) == [(NP, severity)]
    assert said(id, with_rows(row(0, "色度", "自编方法"))) == [(NA, severity)]


TOMORROW, YESTERDAY = AS_OF + dt.timedelta(days=1), AS_OF - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (standard("GB 5009.3-2016"), []),
        (standard("GB 5009.3-2016", "废止"), [(X, M)]),
        (standard("GB 5009.3-2016", "被代替", replaced_by="GB 5009.3-2025"), [(X, M)]),
        (standard("GB 5009.3-2016", "废止", abolished_on=AS_OF), [(X, M)]),
        (standard("GB 5009.3-2016", "废止", abolished_on=TOMORROW), []),
        (standard("GB 5009.3-2016", "现行", abolished_on=YESTERDAY), [(X, M)]),
        (standard("GB 5009.3-2016", "被代替", abolished_on=YESTERDAY), [(X, M)]),
        (standard("GB 5009.3-2016", "即将实施"), [(T, N)]),
        (standard("GB 5009.3-2016", "现行", effective_on=TOMORROW), [(T, N)]),
        (standard("GB 5009.3-2016", "即将实施", effective_on=YESTERDAY), []),
        (standard("GB 5009.3-2016", "现行（即将废止）"), []),
        (standard("GB 5009.3-2016", "备案"), [(NA, M)]),
        (standard("GB/T 5009.3-2016", "废止"), [(NA, M)]),
        (StandardRecord("不详", "食品中水分的测定", "废止", None), [(NA, M)]),
    ],
)
def test_st_01(record: StandardRecord, expected: list[tuple[Outcome, Severity]]) -> None:
    assert said("ST-01", make_case(**registered(record))) == expected


def test_st_01_says_what_replaces_it_and_which_rows() -> None:
    case = make_case(
        **registered(standard("GB 5009.3-2016", "被代替", replaced_by="GB 5009.3-2025", abolished_on=AS_OF))
    )
    (found,) = [f for f in run("ST-01", case) if f.outcome is X]
    assert found.rows == (0,)
    assert found.right is not None
    assert found.right.value == "GB 5009.3-2025"
    unsure = with_rows(replace(ROWS[0], confidence=0.5), **registered(standard("GB 5009.3-2016", "废止")))
    assert [(f.severity, f.suspected_misreading) for f in run("ST-01", unsure) if f.outcome is X] == [(N, True)]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ((standard("GB 5009.3-2025"),), [(X, M)]),
        ((standard("GB 5009.3-2010"),), []),
        ((standard("GB 5009.3-2016"),), []),
        ((standard("GB 5009.3-2025", "即将实施"),), [(T, M)]),
        ((standard("GB 5009.3-2025", "废止"),), []),
        ((standard("GB 5009.3-2027", "即将实施"), standard("GB 5009.3-2025")), [(X, M)]),
        ((standard("GB 5009.33-2025"),), []),
    ],
)
def test_st_02(records: tuple[StandardRecord, ...], expected: list[tuple[Outcome, Severity]]) -> None:
    assert said("ST-02", make_case(**registered(*records))) == expected


def test_st_02_cannot_tell_of_a_standard_without_a_year() -> None:
    assert said("ST-02", with_rows(row(0, "铅", "GB 5009.12"), **registered(standard("GB 5009.12-2023")))) == []


@pytest.mark.parametrize(
    ("printed", "amendment", "expected"),
    [
        ("GB 5009.3-2016", "现行", [(X, N)]),
        ("GB 5009.3-2016", "即将实施", []),
        ("GB 5009.3-2016/XG1-2020", "现行", []),
        ("GB 5009.4-2016", "现行", []),
    ],
)
def test_st_03(printed: str, amendment: str, expected: list[tuple[Outcome, Severity]]) -> None:
    case = with_rows(row(0, "水分", printed), **registered(standard("GB 5009.3-2016/XG1-2020", amendment)))
    assert said("ST-03", case) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("食品中水分的测定", []),
        ("食品安全国家标准 食品中水分的测定", []),
        ("国家标准 检验检测方法 食品中水分的测定（修订版）", []),
        ("婴幼儿食品中牛磺酸的含量", [(X, M)]),
    ],
)
def test_st_04(title: str, expected: list[tuple[Outcome, Severity]]) -> None:
    assert said("ST-04", make_case(**registered(standard("GB 5009.3-2016", title=title)))) == expected


def test_st_04_shows_both_names_and_how_alike_they_are() -> None:
    case = make_case(**registered(standard("GB 5009.3-2016", title="道路用沥青的软化点")))
    (found,) = [f for f in run("ST-04", case) if f.outcome is X]
    assert "食品中水分的测定" in found.message.zh
    assert "道路用沥青的软化点" in found.message.zh
    assert found.comparison is not None
    assert found.comparison.score < load_rules().title_likeness


@pytest.mark.parametrize(
    ("left", "right", "agree"),
    [
        ("食品中铅的测定", "食品安全国家标准 食品中铅的测定", True),
        ("水质 pH值的测定", "水质 pH 值的测定 电极法", True),
        ("食品中铅的测定", "食品中镉的测定", True),  # one character: the number decides, not the name
        ("铅", "土壤质量 铅、镉的测定", False),
        ("钢筋拉伸试验", "食品中铅的测定", False),
    ],
)
def test_titles(left: str, right: str, agree: bool) -> None:
    score, shortened = title_likeness(left, right)
    assert (shortened or score >= load_rules().title_likeness) is agree
    assert title_likeness(right, left) == pytest.approx((score, shortened))


def test_a_register_of_many_editions() -> None:
    rules = load_rules()
    register = index_register(
        [standard(f"GB 5009.3-{year}", "废止" if year < 2016 else "现行") for year in (2003, 2010, 2016)], rules
    )
    newer = register.newer(ref("GB 5009.3-2003"), AS_OF)
    assert newer is not None
    assert newer.code == "GB 5009.3-2016"
    assert register.newer(ref("GB 5009.3-2016"), AS_OF) is None
    record = register.record(ref("GB 5009.3-2010"))
    assert record is not None
    assert state_of(record, AS_OF, rules) is StandardState.ABOLISHED


def test_the_form_may_be_missing() -> None:
    assert said("SC-08", make_case(form(rows=()))) == []
