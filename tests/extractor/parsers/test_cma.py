"""CMA certificates and their annexes."""

import datetime as dt

import pytest

from extractor.parsers import parse
from models.papers import CmaAnnex, CmaCertificate
from tests.extractor.pages import document, page


def test_certificate_as_described_from_a_real_one() -> None:
    face = page(
        [
            (240, 150, "检验检测机构"),
            (240, 190, "资质认定证书"),
            (360, 240, "证书编号：222112050321"),
            (80, 280, "名称：海南椰风检测技术有限公司"),
            (80, 310, "地址：海南省海口市秀英区永万路12号椰风产业园"),
            (115, 330, "3号楼2层"),
            (80, 370, "经审查，你机构已具备国家有关法律、行政法规规定的基本"),
            (80, 390, "条件和能力，现予批准，可以向社会出具具有证明作用的数据和"),
            (80, 410, "结果，特发此证。资质认定包括检验检测机构计量认证。"),
            (80, 440, "检验检测能力及授权签字人见证书附表。"),
            (80, 460, "你机构对外出具检验检测报告或证书的法律责任由海南椰风检测技术有限公司承担。"),
            (90, 560, "许可使用标志"),
            (90, 640, "222112050321"),
            (330, 560, "发证日期：2022年05月16日"),
            (330, 590, "有效期至：2028年05月15日"),
            (330, 620, "发证机关：海南省市场监督管理局"),
            (80, 720, "请在有效期届满前3个月提出复查申请，不再另行通知。"),
            (80, 740, "本证书由国家认证认可监督管理委员会监制，在中华人民共和国境内有效。"),
        ],
        width=595,
        height=842,
    )
    (certificate,) = parse(document(face))
    assert isinstance(certificate, CmaCertificate)
    assert certificate.number.value == "222112050321"
    assert certificate.name.value == "海南椰风检测技术有限公司"
    assert certificate.address.value == "海南省海口市秀英区永万路12号椰风产业园3号楼2层"
    assert certificate.issued_on.value == dt.date(2022, 5, 16)
    assert certificate.expires_on.value == dt.date(2028, 5, 15)
    assert certificate.issuing_authority is not None
    assert certificate.issuing_authority.value == "海南省市场监督管理局"


def test_annex_with_capability_and_signatories() -> None:
    capability = page(
        [
            (200, 30, "批准海南椰风检测技术有限公司检验检测的能力范围"),
            (60, 60, "证书编号：222112050321"),
            (400, 60, "审批日期：2022年05月16日"),
            (60, 80, "地址：海南省海口市秀英区永万路12号"),
            (600, 80, "第1页 共2页"),
        ],
        [
            (
                110,
                [40, 80, 200, 240, 340, 600, 700, 780],
                [
                    [
                        "序号",
                        "类别(产品/项目/参数)",
                        "产品/项目/参数",
                        "",
                        "依据的标准（方法）名称及编号（含年号）",
                        "限制范围",
                        "说明",
                    ],
                    [None, None, "序号", "名称", None, None, None],
                    [
                        "1",
                        "生活饮用水",
                        "1.1",
                        "色度",
                        "生活饮用水标准检验方法 GB/T 5750.4-2023",
                        "只用铂-钴标准比色法",
                        "",
                    ],
                    [None, None, "1.2", "浑浊度", "生活饮用水标准检验方法 GB/T 5750.4-2023", "", ""],
                ],
            )
        ],
    )
    people = page(
        [(200, 30, "批准海南椰风检测技术有限公司授权签字人及领域表"), (60, 60, "证书编号：222112050321")],
        [
            (
                110,
                [40, 80, 200, 340, 600, 780],
                [
                    ["序号", "姓名", "职务/职称", "授权签字领域", "备注"],
                    ["1", "吉丽华", "技术负责人/高级工程师", "水质检测", ""],
                ],
            )
        ],
        number=2,
    )
    (annex,) = parse(document(capability, people))
    assert isinstance(annex, CmaAnnex)
    assert annex.number.value == "222112050321"
    assert annex.name is not None
    assert annex.name.value == "海南椰风检测技术有限公司"
    assert annex.approved_on is not None
    assert annex.approved_on.value == dt.date(2022, 5, 16)
    assert [
        (r.object, r.parameter_number, r.parameter, [s.key for s in r.standards], r.limitation) for r in annex.rows
    ] == [
        ("生活饮用水", "1.1", "色度", ["GB/T 5750.4-2023"], "只用铂-钴标准比色法"),
        ("生活饮用水", "1.2", "浑浊度", ["GB/T 5750.4-2023"], None),
    ]
    assert [(s.name, s.title, s.field) for s in annex.signatories] == [("吉丽华", "技术负责人/高级工程师", "水质检测")]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        (["批准海南椰风食品检测有限公司", "检验检测的能力范围"], "海南椰风食品检测有限公司"),
        (["批准海南椰风食品检验检测有限公司检验检测的能力范围"], "海南椰风食品检验检测有限公司"),
        (["批准海南椰风检测有限公司食品检验检测能力范围"], "海南椰风检测有限公司"),
        (["批准海南椰风检测有限公司", "非食品检验检测的能力范围"], "海南椰风检测有限公司"),
        (["批准海南椰风食品检测有限公司非食品授权签字人及领域表"], "海南椰风食品检测有限公司"),
    ],
)
def test_the_name_in_the_title_may_hold_the_word_food(title: list[str], name: str) -> None:
    words = [(200.0, 30.0 + 20 * i, line) for i, line in enumerate(title)]
    table = [
        [
            "序号",
            "类别(产品/项目/参数)",
            "产品/项目/参数",
            "",
            "依据的标准（方法）名称及编号（含年号）",
            "限制范围",
            "说明",
        ]
    ]
    annex = page([*words, (60, 80, "证书编号：222112050321")], [(110, [40, 80, 200, 240, 340, 600, 700, 780], table)])
    (paper,) = parse(document(annex))
    assert isinstance(paper, CmaAnnex)
    assert paper.name is not None
    assert paper.name.value == name
