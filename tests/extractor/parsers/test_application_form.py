"""Application forms: blanks that are meant to be blank, and boxes that are ticked."""

import pytest

from extractor.parsers import parse
from models.layout import Origin
from models.papers import ApplicationForm
from tests.extractor.pages import document, page, word


def form(owner: str, certificate: str) -> ApplicationForm:
    face = page(
        [
            (200, 100, "检验检测机构资质认定申请书"),
            (80, 200, "机构名称：海南椰风检测技术有限公司"),
            (80, 230, "统一社会信用代码：91460000MA5TE5T076"),
            (80, 260, f"所属法人单位名称：{owner}"),
            (80, 290, f"原证书编号：{certificate}"),
        ],
        width=595,
        height=842,
    )
    found = [paper for paper in parse(document(face)) if isinstance(paper, ApplicationForm)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("stroke", ["/", "／", "—", "无", "1", "l", "|", "丨"])
def test_a_stroke_is_nobodys_name_however_it_was_recognised(stroke: str) -> None:
    blank = form(stroke, stroke)
    assert blank.legal_entity is None
    assert blank.cma_number is None


def test_what_is_stated_is_kept() -> None:
    stated = form("海南椰风集团有限公司", "222112050321")
    assert stated.legal_entity is not None
    assert stated.legal_entity.name.value == "海南椰风集团有限公司"
    assert stated.cma_number is not None
    assert stated.cma_number.value == "222112050321"


@pytest.mark.parametrize(
    ("printed", "independent"),
    [
        ("●独立法人检验检测机构 ○非独立法人检验检测机构", True),
        ("○独立法人检验检测机构 ●非独立法人检验检测机构", False),
        ("独立法人检验检测机构●非独立法人检验检测机构", False),  # the empty circle was not recognised
        ("●独立法人检验检测机构 非独立法人检验检测机构", True),
        ("独立法人检验检测机构 非独立法人检验检测机构", None),
        ("●独立法人检验检测机构 ●非独立法人检验检测机构", None),
    ],
)
def test_a_tick_belongs_to_what_stands_behind_it(printed: str, independent: bool | None) -> None:
    face = page(
        [
            (200, 100, "检验检测机构资质认定申请书"),
            (80, 200, "机构名称：海南椰风检测技术有限公司"),
            (80, 230, "设施特点"),
            (180, 230, "□固定 ☑多场所"),
            (80, 260, "法律地位"),
            (180, 260, printed),
            (80, 290, "法人类别"),
        ],
        width=595,
        height=842,
    )
    (paper,) = parse(document(face))
    assert isinstance(paper, ApplicationForm)
    assert paper.independent is independent


@pytest.mark.parametrize(("confidence", "independent"), [(0.9, False), (0.4, None)])
def test_boxes_that_cannot_be_relied_on_say_nothing(confidence: float, independent: bool | None) -> None:
    standing = word(180, 260, "○独立法人检验检测机构 ●非独立法人检验检测机构", confidence=confidence, origin=Origin.OCR)
    face = page(
        [
            (200, 100, "检验检测机构资质认定申请书"),
            (80, 200, "机构名称：海南椰风检测技术有限公司"),
            (80, 260, "法律地位"),
            standing,
        ],
        width=595,
        height=842,
    )
    (paper,) = parse(document(face))
    assert isinstance(paper, ApplicationForm)
    assert paper.independent is independent


@pytest.mark.parametrize(
    ("printed", "features"),
    [
        ("□固定 ☑多场所", "多场所"),
        ("☑固定 ☑多场所", "固定、多场所"),
        ("固定", "固定"),
        ("固定、多场所", "固定、多场所"),
        ("☑其他：固定资产", "其他：固定资产"),
        ("固定临时可移动多场所", None),  # a copy that kept none of the boxes
        ("☑固定二临时二可移动 口多场所", "固定"),  # two sides of each box were left
        ("二固定 ☑临时 □可移动其他", "临时"),
        ("☑固定其他", "固定"),
        ("二固定 二临时", None),
        ("□固定 ☑临时 可移动", None),  # the box before 可移动 may have been ticked, too
    ],
)
def test_of_choices_without_boxes_none_is_known_to_be_ticked(printed: str, features: str | None) -> None:
    face = page(
        [
            (200, 100, "检验检测机构资质认定申请书"),
            (80, 200, "机构名称：海南椰风检测技术有限公司"),
            (80, 230, "设施特点"),
            (180, 230, printed),
            (80, 260, "法律地位"),
        ],
        width=595,
        height=842,
    )
    (paper,) = parse(document(face))
    assert isinstance(paper, ApplicationForm)
    assert paper.features is not None
    assert paper.features.text
    assert paper.features.value == features


def test_a_cover_whose_title_was_not_read_is_known_by_its_labels() -> None:
    cover = page(
        [
            (190, 174, "检验检测机构资质认定"),
            (148, 330, "机构名称（印章）：三亚榕衡检测技术事务所"),
            (148, 365, "主管部门：/"),
            (148, 406, "申 请 日 期：2026年10月19日"),
            (148, 447, "专业领域类别：食品检验、农产品质量检验"),
            (148, 490, "希望评审日期："),
            (262, 497, "按告知承诺程序办理"),
            (260, 622, "国家市场监督管理总局制"),
        ],
        width=595,
        height=842,
    )
    (paper,) = parse(document(cover))
    assert isinstance(paper, ApplicationForm)
    assert paper.name.value == "三亚榕衡检测技术事务所"
