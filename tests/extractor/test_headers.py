"""Header rows: what each column means, also where recognition tore a narrow heading."""

import pytest

from extractor.headers import recognise
from models.papers import Section
from tests.extractor.pages import page

XS = [40, 70, 140, 170, 250, 500, 580, 640]


def test_a_torn_heading_is_still_a_heading() -> None:
    rows = [
        ["宁口", "类别(检测对象)", "产品/项目/参数", "", "依据的标准(方法)名称及编号(含年号)", "限制范围", "说明"],
        ["厅", None, "序号", "名称", None, None, None],
        ["1", "糕点", "1.1", "脂肪", "食品中脂肪的测定GB 5009.6-2016", "只用第一法", ""],
    ]
    (table,) = page([], [(100, XS, rows)]).tables
    header = recognise(table)
    assert header is not None
    assert header.section is Section.TESTING
    assert header.rows == 2
    assert header.columns == (
        "object_number",
        "object",
        "parameter_number",
        "parameter",
        "method",
        "limitation",
        "note",
    )


@pytest.mark.parametrize("site", ["所在1场所", "所在F场所", "_所在场所"])
def test_a_rule_through_a_heading_is_no_letter_of_it(site: str) -> None:
    rows = [
        [
            "序号",
            "类别(检测对象)",
            "产品/项目/参数",
            "",
            "依据的标准(方法)名称及编号(含年号)",
            "限制范围",
            "1说明 |",
            site,
        ],
        [None, None, "序号", "名称", None, None, None, None],
        ["1", "糕点", "1.1", "脂肪", "食品中脂肪的测定GB 5009.6-2016", "只用第一法", "", "A"],
    ]
    (table,) = page([], [(100, [*XS, 700], rows)]).tables
    header = recognise(table)
    assert header is not None
    assert header.columns[-2:] == ("note", "site")


def test_a_first_row_of_short_values_is_no_heading() -> None:
    rows = [
        ["序号", "检测对象", "序号", "检测项目/参数", "检测标准（方法）", "限制范围", "说明"],
        ["1", "水", "1", "pH", "HJ 1147-2020", "", ""],
        ["", "", "2", "铅", "GB/T 7475-1987", "", ""],
    ]
    (table,) = page([], [(100, XS, rows)]).tables
    header = recognise(table)
    assert header is not None
    assert header.rows == 1


def test_other_tables_have_no_header_of_ours() -> None:
    (table,) = page([], [(100, [40, 200, 400], [["姓名", "电话"], ["甲", "1"]])]).tables
    assert recognise(table) is None
