"""AD-04, BS-02, CP-04, CP-05: sites of rows, regulated fields, counted rows, skipped numbers."""

from dataclasses import replace

import pytest

from models.case import Case
from models.finding import Outcome, Severity
from models.papers import ApplicationForm, CnasAnnex, Section, Site
from models.records import LibraryRecord
from tests.matchers.factory import (
    ADDRESS,
    LIBRARY,
    ROWS,
    annex,
    answered,
    field,
    form,
    licence,
    make_case,
    ref,
    row,
    run,
    said,
    scope_record,
    unavailable,
    with_rows,
)

MISMATCH, TOLERATED, NONE = Outcome.MISMATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE
MAJOR, MINOR = Severity.MAJOR, Severity.MINOR
TWO = row(3, "镉", "GB 5009.15-2023; GB 5009.268-2016")


def test_rows_at_sites() -> None:
    assert said("AD-04", make_case()) == []
    nameless = form(rows=tuple(replace(r, site=None) for r in ROWS), sites=())
    assert said("AD-04", make_case(nameless)) == []
    strange = make_case(form(rows=(*ROWS[:2], replace(ROWS[2], site="地址C"))))
    (finding,) = [f for f in run("AD-04", strange) if f.outcome is MISMATCH]
    assert (finding.rows, finding.severity) == ((2,), MAJOR)
    spelled = form(sites=(Site("场所A", ADDRESS),))
    assert said("AD-04", make_case(spelled)) == []


def test_rows_of_the_annex_at_sites() -> None:
    paper = annex(rows=tuple(replace(r, site="B") for r in ROWS))
    assert [f.rows for f in run("AD-04", make_case(paper)) if f.outcome is MISMATCH] == [()]
    alone = make_case(paper, without=[ApplicationForm])
    assert [f.rows for f in run("AD-04", alone) if f.outcome is MISMATCH] == [(0, 1, 2)]
    assert said("AD-04", make_case(annex(rows=()))) == []
    assert said("AD-04", make_case(without=[ApplicationForm, CnasAnnex])) == [(Outcome.NOT_PROVIDED, MAJOR)]


def test_rows_are_counted() -> None:
    assert said("CP-04", make_case()) == []
    more = (scope_record(r) for r in (*ROWS, TWO))
    (finding,) = run("CP-04", make_case(cnas_rows=answered("cnas_rows", *more)))
    assert (finding.outcome, finding.severity) == (MISMATCH, MAJOR)
    assert "仅名录有：镉" in finding.message.zh
    many = (scope_record(row(9, f"参数{n}")) for n in range(9))
    assert "等9项" in run("CP-04", make_case(cnas_rows=answered("cnas_rows", *many)))[0].message.zh


def test_rows_divided_otherwise_are_as_many() -> None:
    parts = (scope_record(replace(TWO, standards=(standard,))) for standard in TWO.standards)
    case = with_rows(*ROWS, TWO, cnas_rows=answered("cnas_rows", *map(scope_record, ROWS), *parts))
    assert said("CP-04", case) == [(TOLERATED, MAJOR)]


def test_nothing_to_count() -> None:
    assert said("CP-04", make_case(cnas_rows=answered("cnas_rows"))) == [(NONE, MAJOR)]
    assert said("CP-04", make_case(annex(rows=()))) == [(NONE, MAJOR)]
    assert said("CP-04", make_case(**unavailable("cnas_rows"))) == [(Outcome.SOURCE_UNAVAILABLE, MAJOR)]


def numbered(*numbers: str, section: Section = Section.TESTING) -> Case:
    """An annex whose rows bear these numbers, each `object/parameter`."""
    pairs = [number.split("/") for number in numbers]
    return make_case(
        annex(
            rows=tuple(
                row(n, object_number=thing, parameter_number=parameter or None, section=section)
                for n, (thing, parameter) in enumerate(pairs)
            )
        )
    )


@pytest.mark.parametrize(
    "numbers",
    [
        ("1/1.1", "1/1.2", "2/2.1"),
        ("1/1.1", "1/1.2", "1/1.2", "1/1.3"),
        ("1/1", "1/2", "2/1", "2/2"),
        ("1/1", "1/2", "2/3", "2/4"),
        ("1/1.1", "2/2.1", "1/1.1", "1/1.2"),
        ("1/(1)", "1/(2)"),
        ("—/1.1", "1/"),
        ("1/1.1", "2/2.1", "1/1.2"),
    ],
)
def test_numbers_run_through(numbers: tuple[str, ...]) -> None:
    assert said("CP-05", numbered(*numbers)) == []


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        (("1/1.1", "1/1.3"), "对象 1 的参数 1.2"),
        (("1/1.1", "1/1.5"), "对象 1 的参数 1.2–1.4"),
        (("1/1.1", "3/3.1"), "对象 2"),
        (("1/1.1", "2/2.3"), "对象 2 的参数 2.1–2.2"),
        (tuple(f"1/1.{n}" for n in range(1, 15, 2)), "等6处"),
    ],
)
def test_numbers_are_skipped(numbers: tuple[str, ...], words: str) -> None:
    (finding,) = run("CP-05", numbered(*numbers))
    assert (finding.outcome, finding.severity) == (MISMATCH, MINOR)
    assert words in finding.message.zh


def test_no_numbers() -> None:
    assert said("CP-05", make_case(annex(rows=tuple(replace(r, object_number=None) for r in ROWS)))) == [(NONE, MINOR)]
    assert said("CP-05", make_case(without=[CnasAnnex])) == [(Outcome.NOT_PROVIDED, MINOR)]


def test_regulated_fields() -> None:
    assert said("BS-02", make_case()) == [(NONE, MINOR)]
    assert said("BS-02", make_case(licence(business_scope=None))) == [(NONE, MINOR)]
    assert said("BS-02", make_case(licence(business_scope=field(None)))) == [(Outcome.UNREADABLE, MINOR)]
    cars = LibraryRecord("机动车排放、安全技术检验", "汽车", "GB 5009.3-2016", "", ref("GB 5009.3-2016"))
    library = answered("library", cars, *LIBRARY[1:], LibraryRecord("食品检验", "无号", "", "", None))
    assert said("BS-02", make_case(library=library)) == [(MISMATCH, MINOR)]
    named = licence(business_scope=field("检验检测服务；机动车检验检测服务"))
    assert said("BS-02", make_case(named, library=library)) == []
