"""Aligning rows: partners, gaps and why, limits, lists in one cell, one to one, and time."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.capabilities import Gap, align, limits_of, rows_with, site_key
from models.layout import Origin
from models.papers import CapabilityRow
from tests.matchers.factory import ROWS, ref, row, scope_record


def test_rows_rest_on_themselves() -> None:
    pairings = align(ROWS, ROWS)
    assert [(p.claimed, p.partner, p.gap, p.wider, p.tolerance) for p in pairings] == [
        (i, i, None, False, "") for i in range(3)
    ]


@pytest.mark.parametrize(
    ("claimed", "gap"),
    [
        (row(method="GB 5009.5-2016"), Gap.STANDARD),
        (row(method="GB 5009.3-2010"), Gap.YEAR),
        (row(site="B", limit="只用第一法"), Gap.SITE),
        (row(parameter="灰分"), Gap.PARAMETER),
        (row(object="饲料"), Gap.OBJECT),
        (row(object=None), Gap.OBJECT),
        (row(method="实验室自编方法"), Gap.STANDARD),
    ],
)
def test_gaps(claimed: object, gap: Gap) -> None:
    (pairing,) = align([claimed], ROWS)  # type: ignore[list-item]
    assert pairing.gap is gap
    assert pairing.partner is None
    assert (pairing.nearest is None) is (gap is Gap.STANDARD)


def test_chemical_names_are_not_alike() -> None:
    accredited = [row(0, "亚硝酸盐", "GB 5009.33-2016"), row(1, "氨氮", "HJ 535-2009")]
    claimed = [row(0, "硝酸盐", "GB 5009.33-2016"), row(1, "铵氮", "HJ 535-2009")]
    assert [p.gap for p in align(claimed, accredited)] == [Gap.PARAMETER, Gap.PARAMETER]


@pytest.mark.parametrize(
    ("claimed", "accredited", "alike"),
    [
        ("大肠埃希氏菌0157:H7/NM", "大肠埃希氏菌O157:H7/NM", True),
        ("大肠埃希氏菌O157：H7NM", "大肠埃希氏菌O157:H7/NM", True),
        ("维生素Bl2", "维生素B12", True),
        ("合成着色剂(柠檬黄、日落黄)", "合成着色剂(柠檬黄日落黄)", True),
        ("2,4-滴", "2.4-滴", True),
        ("24-滴", "2,4-滴", False),
        ("筛余(1.5mm)", "筛余(15mm)", False),
        ("PM10", "PM2.5", False),
        ("1,2-二氯乙烷", "1,1-二氯乙烷", False),
        ("六价铬", "铬", False),
        ("甲胺磷", "甲氨磷", False),
        ("维生素B6", "维生素B8", False),
        ("α-六六六", "β-六六六", False),
    ],
)
def test_parameters_that_look_the_same(claimed: str, accredited: str, alike: bool) -> None:
    (pairing,) = align([row(0, claimed)], [row(0, accredited)])
    assert (pairing.partner == 0) is alike
    assert ("形近" in pairing.tolerance) is alike
    (other,) = align([row(0, accredited)], [row(0, claimed)])
    assert (other.partner == 0) is alike


@pytest.mark.parametrize(
    ("claimed", "accredited", "misread"),
    [
        (("食晶", "水分"), ("食品", "水分"), True),
        (("食品", "隔"), ("食品", "镉"), True),
        (("土壤", "络"), ("士壤", "铬"), False),  # two characters
        (("食品", "三甲氨"), ("食品", "三甲胺"), False),  # chemistry
        (("食品", "氯化物"), ("食品", "氟化物"), False),
        (("食品", "正己烯"), ("食品", "正己烷"), False),
        (("食品", "维生素B3"), ("食品", "维生素B8"), False),  # digits are never guessed
        (("食品", "亚硝酸盐"), ("食品", "硝酸盐"), False),
        (("食品", "灰分"), ("食品", "水分"), False),
        (("食晶", "灰分"), ("食品", "水分"), False),
    ],
)
def test_misread_characters_are_tolerated_on_scans(
    claimed: tuple[str, str], accredited: tuple[str, str], misread: bool
) -> None:
    def rows(names: tuple[str, str], origin: Origin) -> list[CapabilityRow]:
        return [row(0, names[1], object=names[0], origin=origin)]

    for mine, theirs in ((Origin.OCR, Origin.TEXT), (Origin.TEXT, Origin.OCR)):
        (pairing,) = align(rows(claimed, mine), rows(accredited, theirs))
        assert (pairing.partner == 0) is misread
        assert ("疑似识别错误" in pairing.tolerance) is misread
    (printed,) = align(rows(claimed, Origin.TEXT), rows(accredited, Origin.TEXT))
    assert printed.partner is None


def test_the_type_of_a_standard_is_tolerated() -> None:
    (pairing,) = align([row(method="GB/T 5009.3-2016", limit="只用第一法")], ROWS)
    assert pairing.partner == 0
    assert "GB 5009.3-2016" in pairing.tolerance


def test_an_object_spelt_otherwise_is_tolerated() -> None:
    accredited = [row(object="婴幼儿谷类辅助食品及其制品"), row(1, object="水泥")]
    (pairing,) = align([row(object="婴幼儿谷类辅助食品及制品")], accredited)
    assert pairing.partner == 0
    assert "写法相近" in pairing.tolerance
    (other,) = align([row(object="婴幼儿谷类辅助食品及制品")], accredited, object_likeness=1.0)
    assert other.gap is Gap.OBJECT
    (both,) = align([row(object="婴幼儿谷类辅助食品及制品", method="GB/T 5009.3-2016")], accredited)
    assert "；" in both.tolerance


def test_a_large_block_is_not_searched() -> None:
    accredited = [row(index, object=f"食品样品第{index}号") for index in range(501)]
    (pairing,) = align([row(object="食品样品第7号啊")], accredited)
    assert pairing.gap is Gap.OBJECT


def test_a_list_accredits_each_of_its_things() -> None:
    accredited = [row(0, "铅、镉", "GB/T 1-2020"), row(1, "2,4-滴", "GB/T 1-2020")]
    assert [p.partner for p in align([row(0, "镉", "GB/T 1-2020"), row(1, "铅、镉", "GB/T 1-2020")], accredited)] == [
        0,
        0,
    ]
    assert align([row(0, "4-滴", "GB/T 1-2020")], accredited)[0].gap is Gap.PARAMETER


def test_a_list_may_be_accredited_row_by_row() -> None:
    accredited = [row(0, "铅", "GB/T 1-2020"), row(1, "镉", "GB/T 1-2020")]
    (pairing,) = align([row(0, "铅、镉", "GB/T 1-2020")], accredited)
    assert pairing.partner == 0
    assert "分别" in pairing.tolerance
    assert align([row(0, "铅、汞", "GB/T 1-2020")], accredited)[0].gap is Gap.PARAMETER


def test_limits_choose_the_partner() -> None:
    accredited = [row(0, limit="只用第一法"), row(1, limit="只用第二法")]
    claimed = [
        row(0, limit="只用第二法"),
        row(1, limit="只用第一法"),
        row(2, limit=None),
        row(3, limit="只用第一法；不做采样"),
    ]
    pairings = align(claimed, accredited)
    assert [p.partner for p in pairings] == [1, 0, 0, 0]
    assert [p.wider for p in pairings] == [False, False, True, False]


def test_one_to_one_while_rows_last() -> None:
    accredited = [row(0), row(1)]
    assert [p.partner for p in align([row(0), row(1), row(2)], accredited)] == [0, 1, 1]


def test_every_standard_of_a_cell_needs_a_partner() -> None:
    claimed = row(method="GB 5009.3-2016；GB 5009.4-2016")
    found = rows_with(align([claimed], [row(method="GB 5009.3-2016")]))
    assert [p.gap for p in found[0]] == [None, Gap.STANDARD]


def test_methods_without_a_code_pair_by_their_words() -> None:
    own = row(method="海水 浊度 实验室自编方法")
    assert align([own], [row(method="海水浊度实验室自编方法")])[0].partner == 0


def test_where_limits_stand() -> None:
    noted = row(note="只用第一法；新增")
    assert {limit.values for limit in limits_of(noted)} == {frozenset({"第1法"})}
    clause = replace(ref("GB 5009.12-2023 第一法"), limitation="不做水产")
    assert len(limits_of(row(standards=(clause,)), clause)) == 2
    assert len(limits_of(row(standards=(clause,)))) == 0
    assert limits_of(scope_record(row(limit="只用第一法"))) == limits_of(row(limit="只用第一法"))


@pytest.mark.parametrize(("site", "letter"), [(None, "A"), ("", "A"), ("A", "A"), ("地址：B", "B"), ("b", "B")])
def test_sites(site: str | None, letter: str) -> None:
    assert site_key(site) == letter


_GRID = [row(i, f"参数{i % 7}", f"GB/T {1000 + i // 14}-2020", site="AB"[i // 7 % 2]) for i in range(70)]


@given(st.sets(st.integers(0, 69), max_size=12), st.randoms())
def test_each_deleted_row_is_missed(deleted: set[int], rng: object) -> None:
    kept = [each for index, each in enumerate(_GRID) if index not in deleted]
    rng.shuffle(kept)  # type: ignore[attr-defined]
    pairings = align(_GRID, kept)
    assert {p.claimed for p in pairings if p.gap is not None} == deleted
    partners = [p.partner for p in pairings if p.partner is not None]
    assert len(partners) == len(set(partners)) == 70 - len(deleted)


def test_ten_thousand_rows(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        row(i, f"参数{i}", f"GB/T {1000 + i % 900}.{i % 7 + 1}-2020", object=f"样品{i % 40}") for i in range(10_000)
    ]
    start = time.perf_counter()
    pairings = align(rows, rows)
    taken = time.perf_counter() - start
    assert all(p.partner is not None for p in pairings)
    with capsys.disabled():
        print(f"\n10,000 rows aligned in {taken:.2f} s")  # noqa: T201
