"""SC-01 to SC-07 and ST-05."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from matchers.scope import decide_rows
from models.file_facts import FileFacts
from models.finding import Finding, Outcome, Severity
from models.papers import ApplicationForm, CapabilityRow, CnasAnnex, Section, Site
from models.records import ItemRecord, LibraryRecord
from models.report import Decision
from tests.matchers.factory import (
    ADDRESS,
    AS_OF,
    LIBRARY,
    ROWS,
    annex,
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

X, T, NA, NP, SILENT = (
    Outcome.MISMATCH,
    Outcome.TOLERATED,
    Outcome.NOT_APPLICABLE,
    Outcome.NOT_PROVIDED,
    Outcome.SOURCE_UNAVAILABLE,
)
B, M, N = Severity.BLOCKING, Severity.MAJOR, Severity.MINOR


def library(*more: tuple[str, str, str]) -> dict[str, object]:
    """The usual library with (code, 备注, 领域) added."""
    return {"library": answered("library", *LIBRARY, *(LibraryRecord(d, "某标准", c, r, ref(c)) for c, r, d in more))}


def against(id: str, *rows: CapabilityRow, **more: object) -> list[Finding]:
    return [f for f in run(id, with_rows(*rows, **more)) if f.outcome is not Outcome.MATCH]


@pytest.mark.parametrize("id", ["SC-01", "SC-02", "SC-03", "SC-04", "SC-05", "SC-06", "SC-07", "ST-05"])
def test_without_rows(id: str) -> None:
    assert said(id, make_case(annex(rows=()), form(rows=()))) == [(NP, N if id == "SC-01" else M)]


@pytest.mark.parametrize("id", ["SC-02", "SC-03", "SC-04", "SC-05", "SC-06", "ST-05"])
def test_nothing_but_calibration(id: str) -> None:
    findings = run(id, with_rows(row(0, section=Section.CALIBRATION)))
    assert [f.outcome for f in findings] == [NA]


def test_sc_01() -> None:
    calibration = row(3, section=Section.CALIBRATION, object="砝码", parameter="质量", method="JJG 99-2022")
    (finding,) = against("SC-01", *ROWS, calibration)
    assert (finding.outcome, finding.severity, finding.rows) == (X, N, (3,))
    assert said("SC-01", with_rows(*ROWS, row(3, section=Section.INSPECTION))) == []
    (finding,) = run("SC-01", with_rows(row(0, section=Section.CRITERIA)))
    assert finding.rows == (0,)


def test_sc_02_does_not_accuse_where_a_page_of_the_annex_is_unread() -> None:
    claimed = row(3, "砷", "GB 5009.11-2024")
    lost = FileFacts("附件.pdf", annex().source.sha256, "application/pdf", (), unread_pages=(3, 5))
    (found,) = [f for f in run("SC-02", replace(with_rows(*ROWS, claimed, accredited=ROWS), files=(lost,))) if f.rows]
    assert (found.outcome, found.rows) == (Outcome.UNREADABLE, (3,))
    assert "“附件.pdf”第3、5页" in found.message.zh
    other = replace(lost, sha256="9" * 64)
    assert X in [f.outcome for f in run("SC-02", replace(with_rows(*ROWS, claimed, accredited=ROWS), files=(other,)))]
    (found,) = run("SC-03", replace(with_rows(*ROWS), files=(lost,)))
    assert found.outcome is Outcome.MATCH


@pytest.mark.parametrize(
    ("claimed", "words"),
    [
        (row(3, "砷", "GB 5009.11-2024"), "没有标准“GB 5009.11-2024”"),
        (row(3, "水分", "GB 5009.3-2010"), "其他年号"),
        (row(3, "水分", "GB 5009.12-2023"), "没有参数“水分”"),
        (row(3, "铅", "GB 5009.12-2023", object="饲料"), "没有检测对象“饲料”"),
        (row(3, "铅", "GB 5009.12-2023", site="B"), "其他场所"),
    ],
)
def test_sc_02(claimed: CapabilityRow, words: str) -> None:
    (finding,) = against("SC-02", *ROWS, claimed, accredited=ROWS)
    assert (finding.outcome, finding.severity, finding.rows) == (X, B, (3,))
    assert words in finding.message.zh
    (doubtful,) = against("SC-02", *ROWS, replace(claimed, confidence=0.5), accredited=ROWS)
    assert (doubtful.severity, doubtful.suspected_misreading) == (M, True)


def test_sc_02_doubts_what_may_stand_in_the_annex_misread() -> None:
    claimed = row(3, "淀粉", "食品安全国家标准 食品中淀粉的测定 GB 5009.9-2023")
    garbled = row(3, "淀粉", "食品安全国家标准 食品中淀粉的测定 GB 02265009.9-2023")
    for accredited, doubted in (((*ROWS, replace(garbled, confidence=0.08)), True), ((*ROWS, garbled), False)):
        (finding,) = against("SC-02", *ROWS, claimed, accredited=accredited)
        assert (finding.outcome, finding.suspected_misreading) == (X, doubted)
    unlike = replace(row(3, "密度", "煤焦油类产品密度试验方法 GB/T 2281-2008"), confidence=0.08)
    (finding,) = against("SC-02", *ROWS, claimed, accredited=(*ROWS, unlike))
    assert not finding.suspected_misreading


def test_sc_02_tolerates_the_type_of_a_standard() -> None:
    assert said("SC-02", with_rows(row(0, method="GB/T 5009.3-2016"), accredited=(row(0),))) == [(T, B)]


def test_sc_02_one_remark_for_each_row() -> None:
    rows = tuple(row(i, f"参数{i}") for i in range(20))
    findings = against("SC-02", *rows, accredited=rows[5:])
    assert [f.rows for f in findings] == [(i,) for i in range(5)]
    assert len({f.fingerprint for f in findings}) == 5


def test_sc_02_sites_go_by_address() -> None:
    other = "海南省三亚市吉阳区荔枝沟路9号"
    rows = (row(0, site="B"),)
    case = make_case(
        form(rows=rows, sites=(Site("A", other), Site("B", ADDRESS))),
        annex(rows=(row(0, site="A"),), sites=(Site("A", ADDRESS),)),
    )
    assert said("SC-02", case) == []


def test_sc_02_without_a_table_the_annex_is_the_claim() -> None:
    (finding,) = run("SC-02", make_case(form(rows=())))
    assert finding.outcome is Outcome.MATCH
    assert "申请书未附能力表" in finding.message.zh
    assert [f.outcome for f in run("SC-02", make_case(without=[ApplicationForm]))] == [Outcome.MATCH]
    assert said("SC-02", make_case(without=[CnasAnnex])) == [(NP, M)]


def test_sc_03() -> None:
    assert said("SC-03", make_case()) == []
    (dropped,) = against("SC-03", row(0, limit=None), accredited=(row(0, limit="只用第一法"),))
    assert (dropped.outcome, dropped.severity, dropped.rows) == (X, B, (0,))
    assert "只用第一法" in dropped.message.zh
    assert against("SC-03", row(0, limit="只用第一法"), accredited=(row(0),)) == []
    assert against("SC-03", row(0, limit="只用第1法"), accredited=(row(0, limit="只用第一法"),)) == []
    (unsure,) = against("SC-03", row(0, limit="见说明甲"), accredited=(row(0, limit="见说明乙"),))
    assert (unsure.outcome, unsure.severity) == (X, M)
    clause = (row(0, method="GB 5009.12-2023 第一法"),)
    (named,) = against("SC-03", row(0, method="GB 5009.12-2023"), accredited=clause)
    assert named.severity is B
    assert [f.outcome for f in run("SC-03", with_rows(row(0, "砷"), accredited=ROWS))] == [NA]


@pytest.mark.parametrize(
    ("method", "more", "severity", "suggestion"),
    [
        ("GB 5009.99-2020", [], B, None),
        ("GB 5009.3-2010", [], B, "GB 5009.3-2016"),
        ("GB/T 5009.3-2016", [], M, "GB 5009.3-2016"),
        ("GB 5009.3", [], M, "GB 5009.3-2016"),
        ("实验室自编方法", [], M, None),
        ("", [], M, None),
    ],
)
def test_sc_04(method: str, more: list[tuple[str, str, str]], severity: Severity, suggestion: str | None) -> None:
    (finding,) = against("SC-04", *ROWS, row(3, "水分", method), **library(*more))
    assert (finding.outcome, finding.severity, finding.rows) == (X, severity, (3,))
    assert finding.right is not None
    assert finding.right.value == suggestion


def test_sc_04_one_remark_for_each_standard() -> None:
    rows = [row(i, f"参数{i}", "GB 1-2020") for i in range(12)]
    (finding,) = [f for f in against("SC-04", *rows, **library()) if f.outcome is X]
    assert finding.rows == tuple(range(12))
    assert "等12项" in finding.message.zh


def test_sc_04_a_doubtful_reading_is_apart() -> None:
    rows = (row(0, method="GB 1-2020"), row(1, method="GB 1-2020", confidence=0.4))
    findings = [f for f in against("SC-04", *rows, **library()) if f.outcome is X]
    assert [(f.rows, f.severity) for f in findings] == [((0,), B), ((1,), M)]


def test_sc_04_a_cell_with_one_good_standard_is_for_a_person() -> None:
    (finding,) = against("SC-04", row(0, method="GB 5009.3-2016；GB 1-2020"), **library())
    assert (finding.severity, finding.rows) == (M, (0,))
    assert "其他标准已收录" in finding.message.zh


def test_sc_05() -> None:
    assert said("SC-05", make_case()) == []
    old = row(3, "砷", "GB/T 5009.11-2014")
    extra = library(("GB/T 5009.11-2014", "废止", "食品检验"), ("GB 5009.11-2024", "", "食品检验"))
    (finding,) = against("SC-05", *ROWS, old, **extra)
    assert (finding.severity, finding.rows) == (B, (3,))
    assert "GB 5009.11-2024" in finding.message.zh
    cited = library(
        ("GB/T 5009.11-2014", "废止，仅限能力项目库范围内现行有效产品标准引用本标准及监督抽检时申请", "食品检验")
    )
    (finding,) = against("SC-05", *ROWS, old, **cited)
    assert (finding.severity, finding.rows) == (M, (3,))


@pytest.mark.parametrize("id", ["SC-04", "SC-05", "SC-06"])
def test_a_silent_library(id: str) -> None:
    assert said(id, make_case(**unavailable("library"))) == [(SILENT, M)]


def test_sc_06() -> None:
    assert said("SC-06", make_case(items=answered("items", ItemRecord("1", "生态环境监测")))) == [(X, B)] * 3 + [
        (NA, M)
    ]
    assert said("SC-06", make_case(**unavailable("items"))) == [(SILENT, M)]
    both = library(("GB 5009.3-2016", "", "生态环境监测"))
    items = answered("items", ItemRecord("1", "生态环境监测"))
    (finding,) = [f for f in run("SC-06", with_rows(ROWS[0], ROWS[1], items=items, **both)) if f.outcome is X]
    assert finding.rows == (1,)


@pytest.mark.parametrize(
    ("start", "end", "passes"),
    [
        (AS_OF, AS_OF, True),
        (AS_OF + dt.timedelta(days=1), None, False),
        (None, AS_OF - dt.timedelta(days=1), False),
        (None, None, True),
    ],
)
def test_sc_06_days(start: dt.date | None, end: dt.date | None, passes: bool) -> None:
    items = answered("items", ItemRecord("1", "食品检验", effective_from=start, effective_to=end))
    assert (said("SC-06", make_case(items=items)) == []) is passes


@pytest.mark.parametrize(
    ("claimed", "more", "expected"),
    [
        (row(0, object="食品"), [], []),
        (row(0, object="保健食品"), [], [(X, M)]),
        (row(0, object="食品（保健食品除外）"), [], []),
        (row(0, object="非医疗器械类产品"), [], []),
        (row(0, object="婴幼儿配方食品", method="婴幼儿配方食品和乳粉 GB 5413.1-2010"), [], [(X, B)]),
        (row(0, object="敷料", method="YY/T 0471-2004"), [("YY/T 0471-2004", "", "医疗器械检验")], [(X, B)]),
        (
            row(0, object="敷料", method="YY/T 0471-2004", confidence=0.3),
            [("YY/T 0471-2004", "", "医疗器械检验")],
            [(X, M)],
        ),
        (
            row(0, object="敷料", method="YY/T 0471-2004"),
            [("YY/T 0471-2004", "", "医疗器械检验"), ("YY/T 0471-2004", "", "产品质量检验")],
            [(X, M)],
        ),
        (row(0, object=None), [], []),
    ],
)
def test_sc_07(
    claimed: CapabilityRow, more: list[tuple[str, str, str]], expected: list[tuple[Outcome, Severity]]
) -> None:
    assert said("SC-07", with_rows(claimed, **library(*more))) == expected


def test_sc_07_without_the_library() -> None:
    assert said("SC-07", make_case(**unavailable("library"))) == [(SILENT, M)]
    special = row(0, object="保健食品", method="保健食品中某成分的测定 GB 9999-2020")
    assert said("SC-07", with_rows(special, **unavailable("library"))) == [(X, B), (SILENT, M)]


def test_st_05() -> None:
    assert said("ST-05", make_case()) == []
    (finding,) = against("ST-05", *ROWS, row(3, "水分", "GB 5009.3"), row(4, "灰分", "GB 5009.3"))
    assert (finding.outcome, finding.severity, finding.rows) == (X, M, (3, 4))
    (latest,) = against("ST-05", *ROWS, row(3, "水分", "GB 5009.3", note="采用最新版本"))
    assert (latest.outcome, latest.rows) == (T, ())
    assert [f.outcome for f in run("ST-05", with_rows(row(0, method="实验室自编方法")))] == [NA]
    assert [f.outcome for f in run("ST-05", with_rows(row(0, method="GB 5009.3")))] == [X]


def test_decisions_follow() -> None:
    rows = (
        *ROWS,
        row(3, "砷", "GB 5009.11-2024"),
        row(4, "水分", "GB/T 5009.3-2016", limit="只用第一法"),
        row(5, section=Section.CALIBRATION),
    )
    case = with_rows(*rows, accredited=rows)
    findings = [f for id in ("SC-01", "SC-02", "SC-03", "SC-04", "SC-05") for f in run(id, case)]
    decisions = decide_rows(case, findings)
    assert [d.decision for d in decisions] == [Decision.ISSUE] * 3 + [
        Decision.EXCLUDE,
        Decision.HUMAN,
        Decision.EXCLUDE,
    ]
    assert [d.reasons for d in decisions[3:]] == [("SC-04",), ("SC-04",), ("SC-01",)]
    assert [d.suggestion for d in decisions[3:]] == [None, "GB 5009.3-2016", None]


def misread(*rows: CapabilityRow, **more: Any) -> tuple[CapabilityRow, ...]:
    return tuple(replace(row, object="食晶", **more) for row in rows)


def test_one_misread_object_is_one_finding() -> None:
    case = with_rows(*misread(*ROWS), accredited=ROWS)
    (finding,) = [f for f in run("SC-02", case) if f.outcome is X]
    assert finding.rows == (0, 1, 2)
    assert "申请第 1、2、3 项" in finding.message.zh
    assert "食晶" in finding.message.zh
    assert finding.right is not None
    assert "食品" in (finding.right.value or "")
    assert len(finding.left.evidence if finding.left else ()) == 3


def test_sure_and_unsure_readings_stay_apart() -> None:
    case = with_rows(*misread(*ROWS[:2]), *misread(ROWS[2], confidence=0.6), accredited=ROWS)
    found = [f for f in run("SC-02", case) if f.outcome is X]
    assert [(f.rows, f.suspected_misreading) for f in found] == [((0, 1), False), ((2,), True)]


def test_other_causes_stay_apart() -> None:
    other = row(3, "铬", "食品中铬的测定 GB 5009.123-2023")
    case = with_rows(*misread(*ROWS[:2]), replace(ROWS[2], parameter="镉"), other, accredited=ROWS)
    assert [f.rows for f in run("SC-02", case) if f.outcome is X] == [(0, 1), (2,), (3,)]


def test_rows_of_one_misread_object_are_one_finding_against_the_directory() -> None:
    case = make_case(annex(rows=misread(*ROWS)), form(rows=misread(*ROWS)))
    found = [f for f in run("CC-05", case) if f.outcome is X and f.severity is Severity.BLOCKING]
    assert [f.rows for f in found] == [(0, 1, 2)]
