"""CNAS annexes as recognition leaves them: what rules and dots became, and headings whose table was lost."""

import pytest

from extractor.parsers import parse
from models.layout import Origin
from models.papers import CnasAnnex
from tests.extractor.annex_pages import TOP, XS, annex_of, foot, merged_header
from tests.extractor.pages import document, page


@pytest.mark.parametrize(
    ("printed", "numbers", "origin"),
    [
        (("11", "1.2", "13", "13"), ["1.1", "1.2", "1.3", "1.3"], Origin.OCR),
        (
            ("1.1", "1.2", "14", "1.5"),
            ["1.1", "1.2", "14", "1.5"],
            Origin.OCR,
        ),  # 1.3 is missing: what this is, is not known
        (("9", "10", "11", "12"), ["9", "10", "11", "12"], Origin.OCR),
        (("11", "12", "13", "14"), ["11", "12", "13", "14"], Origin.TEXT),
    ],
)
def test_a_number_that_lost_its_dot(printed: tuple[str, ...], numbers: list[str], origin: Origin) -> None:
    lines = [
        ["1", "食品", no, f"钾·钠{i}", "0226", f"钾、钠的测定 GB/T 5009.{i}-2003", "", ""]
        for i, no in enumerate(printed, 3)
    ]
    face = page([*TOP, *foot(1, 1)], [(140, XS, merged_header(lines))], origin=origin)
    rows = annex_of(face).rows
    assert [row.parameter_number for row in rows] == numbers
    assert rows[0].parameter == ("钾、钠3" if origin is Origin.OCR else "钾·钠3")


@pytest.mark.parametrize(("printed", "number"), [("_1", "1"), ("1|", "1"), ("一", "一"), ("1.2-3", "1.2-3")])
def test_rules_beside_a_number_are_no_part_of_it(printed: str, number: str) -> None:
    face = page(
        [*TOP, *foot(1, 1)],
        [
            (
                140,
                XS,
                merged_header([[printed, "食品", "1.1", "水分", "0226", "食品中水分的测定 GB/T5009.3-2003", "", ""]]),
            )
        ],
    )
    (row,) = annex_of(face).rows
    assert row.object_number == number


def test_the_headings_of_a_table_without_rules_are_no_name() -> None:
    face = page(
        [
            (200, 70, "实验室认可证书附件"),
            (240, 110, "（注册号：CNAS L3697）"),
            (190, 614, "名称"),
            (252, 614, "代码"),
            (252, 700, "0403"),
        ],
        width=595,
        height=842,
    )
    (paper,) = parse(document(face))
    assert isinstance(paper, CnasAnnex)
    assert paper.name is None


@pytest.mark.parametrize(("origin", "field"), [(Origin.OCR, "食品、农产品检测"), (Origin.TEXT, "食品·农产品检测")])
def test_a_point_in_a_field_of_signing_is_a_comma_where_it_was_recognised(origin: Origin, field: str) -> None:
    rows: list[list[str | None]] = [["姓名", "授权签字领域", "说明"], ["王晓·棠", "食品·农产品检测", ""]]
    face = page([*TOP, *foot(1, 1), (60, 100, "授权签字人")], [(140, [40, 200, 500, 640], rows)], origin=origin)
    (person,) = annex_of(face).signatories
    assert (person.name, person.field) == ("王晓·棠", field)
