"""Lists without rules: columns by alignment under a known heading, rows by gaps, and pages that only look like one."""

from dataclasses import replace

import pytest

from extractor.aligned import with_aligned_table
from extractor.parsers import parse
from models.layout import Origin, Page
from models.papers import CnasAnnex
from tests.extractor.pages import Placed, document, page

HEAD: list[Placed] = [(60, 40, "认可证书附件（注册号：CNAS L0867）"), (60, 60, "附件3 认可的检测能力范围")]
FOOT: list[Placed] = [(60, 570, "No. CNAS L0867"), (600, 570, "第 1 页 共 1 页")]
HEADING: list[Placed] = [
    (42, 100, "序号"),
    (90, 100, "检测对象"),
    (180, 100, "序号"),
    (240, 100, "检测项目"),
    (420, 100, "检测标准（方法）"),
    (680, 100, "说明"),
]
BODY: list[Placed] = [
    (46, 130, "1"),
    (96, 130, "食品"),
    (182, 130, "1.1"),
    (240, 130, "水分"),
    (360, 130, "食品安全国家标准 食品中水分的测定"),
    (360, 145, "GB 5009.3-2016"),
    (670, 130, "只用第一法"),
    (182, 170, "1.2"),
    (240, 170, "灰分"),
    (360, 170, "食品安全国家标准 食品中灰分的测定"),
    (360, 185, "GB 5009.4-2016"),
    (46, 210, "2"),
    (96, 210, "饲料"),
    (182, 210, "2.1"),
    (240, 210, "粗蛋白"),
    (360, 210, "饲料中粗蛋白的测定 GB/T 6432-2018"),
]


def annex(sheet: Page) -> CnasAnnex:
    (paper,) = parse(document(sheet))
    assert isinstance(paper, CnasAnnex)
    return paper


@pytest.mark.parametrize("origin", [Origin.TEXT, Origin.OCR])
def test_a_list_without_rules_gives_its_rows(origin: Origin) -> None:
    read = annex(page([*HEAD, *HEADING, *BODY, *FOOT], origin=origin))
    assert [(row.object_number, row.object, row.parameter_number, row.parameter) for row in read.rows] == [
        ("1", "食品", "1.1", "水分"),
        ("1", "食品", "1.2", "灰分"),
        ("2", "饲料", "2.1", "粗蛋白"),
    ]
    assert [[ref.key for ref in row.standards] for row in read.rows] == [
        ["GB 5009.3-2016"],
        ["GB 5009.4-2016"],
        ["GB/T 6432-2018"],
    ]
    assert [row.note for row in read.rows] == ["只用第一法", None, None]
    assert [(stamp.number, stamp.total) for stamp in read.stamps] == [(1, 1)]


def test_texts_that_stand_in_the_middle_of_their_rows_keep_together() -> None:
    centred = [(x, 137 if x < 300 and y == 130 else 177 if x < 300 and y == 170 else y, text) for x, y, text in BODY]
    read = annex(page([*HEAD, *HEADING, *centred]))
    assert [row.method for row in read.rows] == [
        "食品安全国家标准 食品中水分的测定GB 5009.3-2016",
        "食品安全国家标准 食品中灰分的测定GB 5009.4-2016",
        "饲料中粗蛋白的测定 GB/T 6432-2018",
    ]


def test_a_heading_of_two_lines_is_one_heading() -> None:
    two = [(x, y, text.replace("检测标准（方法）", "检测标准")) for x, y, text in HEADING] + [
        (420.0, 113.0, "（方法）")
    ]
    assert len(annex(page([*HEAD, *two, *BODY])).rows) == 3


def test_a_page_with_a_ruled_table_is_left_alone() -> None:
    ruled = page([*HEAD, *HEADING, *BODY], [(300.0, (40, 140, 240), [["a", "b"], ["c", "d"]])])
    assert with_aligned_table(ruled) is ruled


@pytest.mark.parametrize(
    "words",
    [
        [],
        HEAD,
        [*HEAD, *HEADING],
        [*HEAD, (60, 100, "地址"), (160, 100, "说明"), (260, 100, "名称"), (60, 130, "海南省海口市")],
        [
            *HEAD,
            *HEADING,
            *(
                (
                    40.0,
                    130.0 + 15 * n,
                    "本附件所列能力经中国合格评定国家认可委员会评审，予以认可，范围以本附件为准。" * 2,
                )
                for n in range(6)
            ),
        ],
    ],
)
def test_words_without_columns_make_no_table(words: list[Placed]) -> None:
    sheet = page(words)
    assert with_aligned_table(sheet) is sheet


def test_the_words_of_the_list_are_no_longer_free() -> None:
    sheet = with_aligned_table(page([*HEAD, *HEADING, *BODY, *FOOT]))
    assert {word.text for word in sheet.words} == {text for _, _, text in (*HEAD, *FOOT)}
    assert replace(sheet, words=(), tables=()) == page([])
