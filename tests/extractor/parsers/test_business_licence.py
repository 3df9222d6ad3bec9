"""Business licences as recognition reads them: stretched labels, labels of two lines, letters of the watermark between them."""

import pytest

from extractor.parsers import parse
from models.layout import Box, Origin, Page, Word
from models.papers import BusinessLicence
from tests.extractor.pages import document

ADDRESS = "海南省三亚市天涯区迎宾路360号汇林大厦8楼806房"
SCOPE = "开展食品、水质、环境空气的检验检测，提供质量安全技术服务、咨询和培训。"


def recognised(*words: tuple[str, float, float, float, float]) -> Page:
    """A photographed licence: each word as text and x0, top, x1, bottom."""
    placed = (Word(text, Box(*box), 0.99, Origin.OCR) for text, *box in words)
    return Page(1, 2339.0, 1654.0, tuple(placed), (), Origin.OCR)


def licence_of(page: Page) -> BusinessLicence:
    (paper,) = parse(document(page))
    assert isinstance(paper, BusinessLicence)
    return paper


def test_a_letter_of_the_watermark_does_not_tear_a_line_apart() -> None:
    licence = licence_of(
        recognised(
            ("统一社会信用代码", 227, 437, 578, 479),
            ("91460000MAD7N4DC4N", 228, 494, 591, 530),
            ("营业执照", 900, 400, 1400, 520),
            ("名", 234, 734, 267, 771),
            ("称 三亚屿安检测技术服务中心", 422, 727, 912, 774),
            ("X", 915, 687, 1009, 774),  # seen in the pattern of the paper
            ("出 资 额人民币壹佰万元整", 1318, 720, 1863, 771),
            ("类", 235, 813, 271, 851),
            ("型个人独资企业", 420, 805, 706, 856),
            ("成立日期 2014年10月13日", 1315, 796, 1829, 857),
            ("敬", 1050, 765, 1198, 912),  # a letter of 营业执照, large and pale across the sheet
            ("投资人欧阳昕", 218, 867, 611, 948),
            ("住", 1319, 887, 1365, 937),
            ("所 海南省三亚市天涯区迎宾路360号汇林", 1506, 873, 2161, 936),
            ("大厦8楼806房", 1578, 930, 1792, 972),
            ("经营范围", 228, 968, 472, 1019),
            ("许可项目：检验检测服务", 490, 968, 1262, 1008),
            ("登记机关", 1468, 1253, 1703, 1308),
            ("2023年03月12日", 1831, 1337, 2126, 1381),
        )
    )
    assert licence.name.value == "三亚屿安检测技术服务中心"
    assert licence.responsible_person.value == "欧阳昕"
    assert licence.address.value == ADDRESS


def test_a_value_read_in_one_word_with_the_end_of_a_label_of_two_lines_is_kept() -> None:
    licence = licence_of(
        recognised(
            ("事业单位法人证书", 673, 396, 1494, 510),
            ("统一社会信用代码", 330, 521, 555, 556),
            ("12460000320352080P", 333, 565, 602, 594),
            ("名", 336, 652, 361, 680),
            ("称 文昌市鲸准食品检验检测中心", 489, 648, 904, 683),
            ("宗", 336, 715, 359, 745),
            ("旨和开展食品、水质、环境空气的检验检测，提供", 359, 706, 1099, 754),
            ("开办资金￥1000万元", 1195, 712, 1561, 751),
            ("业", 335, 752, 364, 780),
            ("务", 389, 755, 417, 781),
            ("范", 442, 755, 471, 782),
            ("围", 497, 755, 522, 781),
            ("质量安全技术服务、咨询和培训。", 541, 749, 952, 786),
            ("住", 332, 809, 369, 849),
            ("所", 493, 814, 532, 847),
            ("文昌市龙楼镇航天大道12号国际航天城产业服", 538, 814, 1096, 851),
            ("务中心4层406室", 545, 852, 740, 885),
            ("法定代表人符昕", 332, 911, 605, 950),
        )
    )
    assert licence.business_scope.value == SCOPE


def test_a_label_of_two_lines_may_lose_a_letter() -> None:
    licence = licence_of(
        recognised(
            ("事业单位法人证书", 690, 390, 1522, 511),
            ("统一社会信用代码", 339, 513, 569, 551),
            ("12460000320352080P", 341, 556, 623, 589),
            ("名", 337, 640, 374, 714),
            ("称 文昌市鲸准食品检验检测中心", 500, 642, 923, 682),
            ("和开展食品、水质、环境空气的检验检测，提供", 495, 705, 1119, 749),
            ("宗", 341, 716, 370, 740),
            ("业", 340, 747, 370, 776),
            ("务", 395, 748, 424, 778),
            ("范", 449, 748, 480, 779),
            ("围", 506, 750, 526, 778),
            ("质量安全技术服务、咨询和培训。", 527, 746, 970, 783),
            ("法定代表人符昕", 335, 881, 642, 921),
        )
    )
    assert licence.name.value == "文昌市鲸准食品检验检测中心"
    assert licence.business_scope.value == SCOPE


def test_what_is_left_of_a_lost_scope_does_not_run_into_the_name() -> None:
    licence = licence_of(
        recognised(
            ("事业单位法人证书", 681, 405, 1506, 519),
            ("统一社会信用代码", 333, 528, 560, 562),
            ("12460000320352080P", 334, 569, 609, 602),
            ("名", 335, 654, 371, 695),
            ("称 文昌市鲸准食品检验检测中心", 495, 654, 832, 691),
            ("宗", 339, 720, 368, 751),
            ("旨", 424, 722, 447, 751),
            ("和", 501, 722, 530, 751),
            ("提供质量", 995, 723, 1105, 751),
            ("住", 337, 815, 374, 857),
            ("所 文昌市龙楼镇航天大道12号", 498, 819, 970, 856),
            ("法定代表人符昕", 335, 881, 642, 921),
        )
    )
    assert licence.name.value == "文昌市鲸准食品检验检测中心"
    assert licence.business_scope.value is None


def test_a_letter_of_a_label_with_a_smear_below_it_is_no_watermark() -> None:
    licence = licence_of(
        recognised(
            ("统一社会信用代码", 83, 156, 210, 172),
            ("91460000MA9HNGNQ77", 83, 177, 214, 191),
            ("营业执照", 243, 131, 599, 221),
            ("名", 82, 259, 101, 296),
            ("称 东方南溟质量检测有限公司", 153, 261, 329, 277),
            ("类", 83, 290, 101, 308),
            ("型 有限责任公司", 152, 290, 362, 308),
            ("许可项目：检验检测服务；环境保护监测；室内环境检测（依法须", 175, 350, 454, 363),
            ("经营范围", 82, 348, 171, 366),
            ("经批准的项目，经相关部门批准后方可开展经营活动，具体经营项", 176, 362, 454, 375),
            ("目以相关部门批准文件或许可证件为准)一般项目：环保咨询服务；", 177, 374, 457, 387),
            ("标准化服务；实验分析仪器销售（除依法须经批准的项目外，凭营", 177, 387, 454, 399),
            ("业执照依法自主开展经营活动)", 177, 399, 305, 411),
            ("市场主体应当于每年1月1日至6月30日通过", 399, 549, 558, 561),
            ("登记机关", 542, 443, 626, 461),
        )
    )
    assert licence.name.value == "东方南溟质量检测有限公司"


def test_a_speck_between_the_lines_of_a_scope_does_not_end_it() -> None:
    licence = licence_of(
        recognised(
            ("事业单位法人证书", 694, 389, 1511, 506),
            ("统一社会信用代码", 347, 518, 574, 555),
            ("12460000320352080P", 348, 561, 627, 594),
            ("名", 345, 646, 381, 713),
            ("称 文昌市鲸准食品检验检测中心", 507, 645, 840, 680),
            ("宗", 342, 709, 385, 757),
            ("旨和开展环境空气、土壤、农产品的检验检测，提", 380, 702, 1126, 752),
            ("业", 347, 749, 382, 784),
            ("务范围", 379, 750, 546, 783),
            ("e", 546, 760, 554, 768),
            ("供质量安全技术服务、咨询和培训。", 553, 747, 997, 780),
            ("住", 341, 806, 381, 853),
            ("所 文昌市龙楼镇航天大道12号", 504, 808, 1131, 850),
        )
    )
    assert licence.name.value == "文昌市鲸准食品检验检测中心"
    assert "提供质量安全技术服务、咨询和培训。" in (licence.business_scope.value or "")


def test_a_scope_whose_marks_were_misread_still_has_its_activities() -> None:
    licence = licence_of(
        recognised(
            ("统一社会信用代码", 227, 437, 578, 479),
            ("91460000MAD7N4DC4N", 228, 494, 591, 530),
            ("营业执照", 900, 400, 1400, 520),
            ("名称 三亚屿安检测技术服务中心", 234, 734, 912, 771),
            ("经营范围 许可项目：检验检测服务：室内环境检测", 234, 890, 1050, 930),
            ("（依法频经批准的项目，经相关部门批准后方可开", 422, 930, 1050, 970),
            ("展经营活动）一般项目：标准化服务", 422, 970, 1050, 1010),
        )
    )
    scope = licence.business_scope
    assert scope is not None
    assert (
        scope.value
        == "许可项目：检验检测服务；室内环境检测（依法频经批准的项目，经相关部门批准后方可开展经营活动）一般项目：标准化服务"
    )
    assert scope.flags == ("repaired",)  # its marks; its letters were read with certainty
    assert licence.activities is not None
    assert [activity.text for activity in licence.activities] == ["检验检测服务", "室内环境检测", "标准化服务"]


def test_what_no_such_value_can_hold_is_none_of_it() -> None:
    """A digit seen in the pattern behind the kind; the capital, whose label was lost, under the investor's name."""
    licence = licence_of(
        recognised(
            ("营业执照", 600, 250, 1000, 340),
            ("统一社会信用代码91460000MAQJ918637", 381, 385, 888, 420),
            ("名", 207, 468, 230, 495),
            ("称", 349, 465, 385, 500),
            ("海南琼峰衡食品检测服务中心", 419, 463, 751, 498),
            ("类", 207, 522, 232, 550),
            ("型", 348, 513, 384, 561),
            ("个人独资企业", 421, 519, 576, 552),
            ("11", 600, 522, 620, 550),
            ("投资人", 196, 618, 389, 670),
            ("周建澜", 419, 627, 503, 662),
            ("壹佰万元整", 420, 681, 551, 715),
            ("成立日期", 200, 732, 387, 772),
            ("2010年12月11日", 417, 736, 598, 769),
            ("经营范围", 200, 788, 385, 825),
            ("许可项目：检验检测服务", 419, 792, 1059, 824),
        )
    )
    assert licence.entity_type is not None
    assert licence.entity_type.value == "个人独资企业"
    assert licence.responsible_person.value == "周建澜"
    assert "repaired" in licence.responsible_person.flags


@pytest.mark.parametrize(
    ("code", "capital", "value", "flags"),
    [
        ("91460000MAQJ918637", "人民币1000万元", "91460000MAQJ918637", [False, False]),
        ("91460000MAQJ9186375", "1000元", "91460000MAQJ918637", [True, True]),  # a stroke of the seal; 万 lost
        ("591460000MAQJ918637", "1000元", "91460000MAQJ918637", [True, True]),
        ("91460000MAQJ91863", "3万元", "91460000MAQJ91863", [True, False]),
    ],
)
def test_what_no_code_and_no_capital_is_like_is_not_sure(
    code: str, capital: str, value: str, flags: list[bool]
) -> None:
    licence = licence_of(
        recognised(
            ("营业执照", 600, 250, 1000, 340),
            ("统一社会信用代码", 381, 385, 588, 420),
            (code, 600, 385, 888, 420),
            ("名称", 207, 468, 330, 495),
            ("海南琼峰衡食品检测服务中心", 419, 463, 751, 498),
            ("注册资本", 207, 522, 330, 550),
            (capital, 421, 519, 576, 552),
            ("经营范围", 200, 788, 385, 825),
            ("许可项目：检验检测服务", 419, 792, 1059, 824),
        )
    )
    assert licence.unified_social_credit_code.value == value
    assert licence.registered_capital is not None
    strange = [bool({"repaired", "low_confidence"} & set(licence.unified_social_credit_code.flags))]
    assert [*strange, "low_confidence" in licence.registered_capital.flags] == flags


@pytest.mark.parametrize(
    ("read", "name"),
    [
        ("周建澜壹佰万元整", "周建澜"),
        ("周建澜1000万元", "周建澜"),
        ("陆元九", "陆元九"),
        ("万陆元", "万陆元"),
        ("李万元", "李万元"),
        ("壹佰万元整", None),
    ],
)
def test_a_name_may_hold_what_looks_like_money(read: str, name: str | None) -> None:
    licence = licence_of(
        recognised(
            ("营业执照", 600, 250, 1000, 340),
            ("统一社会信用代码91460000MAQJ918637", 381, 385, 888, 420),
            ("名称", 207, 468, 330, 495),
            ("海南琼峰衡食品检测服务中心", 419, 463, 751, 498),
            ("投资人", 207, 522, 330, 550),
            (read, 421, 519, 576, 552),
        )
    )
    assert licence.responsible_person.value == name
