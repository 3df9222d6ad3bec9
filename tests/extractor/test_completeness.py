"""Rows that may have been lost in reading: numbers that skip, pages and tables that gave none, pages that are not there."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from extractor.completeness import losses
from extractor.parsers import parse
from models.layout import Box, Document, Origin, Page
from tests.extractor.pages import document, page

XS = (40, 70, 140, 180, 280, 560, 660)
HEADER: list[str | None] = ["序号", "检测对象", "序号", "检测项目", "检测标准（方法）", "说明"]
HEAD = [(60.0, 40.0, "认可证书附件（注册号：CNAS L0867）"), (60.0, 60.0, "附件3 认可的检测能力范围")]
CMA_HEAD = [(60.0, 40.0, "批准海南青禾检测有限公司检验检测能力范围"), (60.0, 60.0, "证书编号：262100340012")]
Row = list[str | None]


def rows(first: int, last: int, leave_out: Sequence[int] = ()) -> list[Row]:
    return [
        ["1", "食品", f"1.{n}", f"项目{n}号", f"食品中项目{n}的测定 GB 5009.{n}-2016", ""]
        for n in range(first, last + 1)
        if n not in leave_out
    ]


def sheet(
    number: int,
    listed: list[Row],
    head: Sequence[tuple[float, float, str]] = (),
    foot: str = "",
    *,
    header: bool = True,
) -> Page:
    words = [*head, *([(600.0, 570.0, foot)] if foot else [])]
    table = [(100.0, XS, [HEADER, *listed] if header else listed)] if listed else []
    return page(words, table, number=number, origin=Origin.OCR)


def found_in(*pages: Page) -> list[tuple[str, int]]:
    return found(document(*pages))


def found(read: Document) -> list[tuple[str, int]]:
    papers = parse(read)
    assert [paper.kind for paper in papers] in (["cnas_annex"], ["cma_annex"])
    return [(fault.code, fault.page) for fault in losses(read, papers)]


def test_an_annex_that_adds_up_is_no_problem() -> None:
    pages = [sheet(1, rows(1, 8), HEAD), sheet(2, rows(9, 16)), sheet(3, rows(17, 20), header=False)]
    assert found_in(*pages) == []


def test_a_number_that_skips_in_a_scan_is_told_with_its_page() -> None:
    pages = [sheet(1, rows(1, 8), HEAD), sheet(2, rows(9, 16, leave_out=[12]))]
    assert found_in(*pages) == [("numbers_skip", 2)]
    (fault,) = losses(read := document(*pages), parse(read))
    assert "1.12" in fault.message


def test_numbers_that_skip_in_a_text_layer_are_no_matter_of_reading() -> None:
    digital = page(HEAD, [(100.0, XS, [HEADER, *rows(1, 8, leave_out=[4])])])
    assert found_in(digital) == []


def test_a_page_amid_a_list_whose_table_was_not_seen_is_told() -> None:
    words = [(60.0 + 90 * (i % 5), 120.0 + 20 * (i // 5), f"项目{i}号") for i in range(20)]
    bare = page(words, number=2, origin=Origin.OCR)
    pages = [sheet(1, rows(1, 8), HEAD), bare, sheet(3, rows(9, 16))]
    assert found_in(*pages) == [("rows_outside_tables", 2)]


@pytest.mark.parametrize("number", [1, 2])
def test_standards_outside_every_table_are_told_on_any_page(number: int) -> None:
    codes = [(60.0, 300.0 + 20 * n, f"食品中某物的测定 GB 5009.{n}-2016") for n in range(3)]
    pages = [sheet(1, rows(1, 3), HEAD), sheet(2, rows(4, 6))]
    spoilt = page(codes, number=1, origin=Origin.OCR).words
    pages[number - 1] = replace(pages[number - 1], words=(*pages[number - 1].words, *spoilt))
    assert found_in(*pages) == [("rows_outside_tables", number)]


def test_the_standard_of_the_accreditation_is_no_lost_row() -> None:
    words = [*HEAD, *((60.0, 300.0 + 20 * n, "认可依据：ISO/IEC 17025:2017") for n in range(4))]
    assert found_in(page(words, [(100.0, XS, [HEADER, *rows(1, 3)])], origin=Origin.OCR)) == []


def test_a_table_whose_heading_is_unknown_is_told_unless_it_goes_on_or_lists_criteria() -> None:
    strange: list[Row] = [["甲", "乙", "丙", "丁"], ["一", "二", "三", "四"], ["五", "六", "七", "八"]]
    odd = (400.0, (40, 140, 240, 340, 440), strange)
    first = page(HEAD, [(100.0, XS, [HEADER, *rows(1, 3)]), odd], origin=Origin.OCR)
    assert found_in(first) == [("table_not_understood", 1)]
    criteria = page([(60.0, 60.0, "附件5 认可的判定标准")], [odd], number=2, origin=Origin.OCR)
    assert found_in(sheet(1, rows(1, 3), HEAD), criteria) == []


def test_a_table_with_torn_rules_wants_a_second_look_in_a_scan_only() -> None:
    whole = sheet(1, rows(1, 3), HEAD)
    torn = replace(whole, tables=tuple(replace(table, complete=False) for table in whole.tables))
    assert found_in(torn) == [("table_torn", 1)]
    assert found_in(replace(torn, origin=Origin.TEXT)) == []


@pytest.mark.parametrize(("stamps", "missing"), [((1, 2), []), ((1, 3), [("pages_missing", 1)]), ((1, 0), [])])
def test_pages_that_a_cma_annex_counts_must_be_there(stamps: tuple[int, int], missing: list[tuple[str, int]]) -> None:
    feet = [f"第 {n} 页 共 {max(2, *stamps)} 页" if n else "" for n in stamps]
    pages = [sheet(1, rows(1, 4), CMA_HEAD, feet[0]), sheet(2, rows(5, 8), (), feet[1])]
    assert found_in(*pages) == missing


BLANK: Row = ["", "", "", "", "", ""]


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        (rows(1, 8, leave_out=[4, 5]), []),  # withdrawn from the certificate
        (rows(3, 8), []),
        ([*rows(1, 3), BLANK, *rows(5, 8)], [("numbers_skip", 1)]),  # there is a row, and nothing was read in it
        ([BLANK, *rows(2, 8)], [("numbers_skip", 1)]),
        ([*rows(1, 3), ["1", "", "1.4", "", "", ""], *rows(5, 8)], [("numbers_skip", 1)]),
    ],
)
def test_a_cma_annex_may_leave_numbers_out_where_no_row_can_be_missing(
    listed: list[Row], told: list[tuple[str, int]]
) -> None:
    assert found_in(sheet(1, listed, CMA_HEAD)) == told


def leaning(straight: Page, by: float) -> Page:
    """The page with its tables' cells moved down by so many points for each point to the right, as the whole box around each."""

    def leant(box: Box) -> Box:
        return Box(box.x0, box.top + by * box.x0, box.x1, box.bottom + by * box.x1)

    return replace(
        straight,
        tables=tuple(
            replace(t, box=leant(t.box), cells=tuple(replace(c, box=leant(c.box)) for c in t.cells))
            for t in straight.tables
        ),
    )


@pytest.mark.parametrize("by", [-0.04, -0.015, 0.015, 0.04])
@pytest.mark.parametrize(
    ("listed", "told"),
    [(rows(3, 8, leave_out=[6]), 0), ([BLANK, *rows(3, 8)], 1), ([*rows(1, 3), BLANK, *rows(5, 8)], 1)],
)
def test_on_a_leaning_page_a_row_still_stands_right_under_another(listed: list[Row], told: int, by: float) -> None:
    assert len(found_in(leaning(sheet(1, listed, CMA_HEAD), by))) == told


def test_a_cma_annex_that_skips_between_two_pages_is_told() -> None:
    pages = [sheet(1, rows(1, 4), CMA_HEAD), sheet(2, rows(7, 9))]
    assert found_in(*pages) == [("numbers_skip", 2)]


def test_a_cma_annex_that_skips_between_two_tables_is_told() -> None:
    tables = [(100.0, XS, [HEADER, *rows(1, 3)]), (400.0, XS, [HEADER, *rows(5, 8)])]
    assert found_in(page(CMA_HEAD, tables, origin=Origin.OCR)) == [("numbers_skip", 1)]
