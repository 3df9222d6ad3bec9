"""Addresses: a table of cases (left, right, outcome, why), parsing, Hainan, and properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.address_parts import parse_address
from matchers.addresses import compare_addresses, in_hainan
from models.finding import Outcome

M, T, X = Outcome.MATCH, Outcome.TOLERATED, Outcome.MISMATCH
FULL = "海南省海口市龙华区滨涯路18号蓝洋大厦3栋5层501室"

ADDRESSES = [
    (FULL, FULL, M, "the same"),
    (FULL, "海南省 海口市 龙华区 滨涯路 18号 蓝洋大厦 3栋 5层 501室", M, "blanks"),
    (FULL, "海南省海口市龙华区滨涯路１８号蓝洋大厦３栋５层５０１室", M, "full-width digits"),
    (FULL, "海口市龙华区滨涯路18号蓝洋大厦3栋5层501室", T, "no province"),
    (FULL, "龙华区滨涯路18号蓝洋大厦3栋5层501室", T, "neither province nor city"),
    (FULL, "滨涯路18号蓝洋大厦3栋5层501室", T, "from the road on"),
    (FULL, "海南海口龙华区滨涯路18号蓝洋大厦3栋5层501室", T, "short names of province and city"),
    (FULL, "海口滨涯路18号蓝洋大厦3栋5层501室", T, "short city, no district"),
    (FULL, "海南省海口市龙华区滨涯路18号蓝洋大厦3幢5层501室", T, "栋 and 幢"),
    (FULL, "海南省海口市龙华区滨涯路18号蓝洋大厦3座5层501室", T, "栋 and 座"),
    (FULL, "海南省海口市龙华区滨涯路18号蓝洋大厦3号楼5层501室", T, "栋 and 号楼"),
    (FULL, "海南省海口市龙华区滨涯路18号蓝洋大厦3#楼5层501室", T, "栋 and #楼"),
    (FULL, "海南省海口市龙华区滨涯路18号蓝洋大厦3栋5楼501室", T, "层 and 楼"),
    (FULL, "海南省海口市龙华区滨涯路18号蓝洋大厦3栋5F501室", T, "层 and F before a room"),
    (FULL, "海南省海口市龙华区滨涯路18号蓝洋大厦三栋五层501室", T, "numerals"),
    (FULL, "海南省海口市龙华区滨涯路18号蓝洋大厦3栋5层501房", T, "室 and 房"),
    (FULL, "海南省海口市龙华区滨涯路18号蓝洋大厦3栋5层501号房", T, "室 and 号房"),
    (FULL, "海南省海口市龙华区滨涯路18号蓝洋大厦3栋5层501", T, "no word for room"),
    (FULL, "海南省海口市龙华区滨涯路18#蓝洋大厦3栋5层501室", T, "号 and #"),
    (FULL, "海南省海口市龙华区滨涯路十八号蓝洋大厦3栋5层501室", T, "number in words"),
    (FULL, "海南省海口市龙华区滨涯路018号蓝洋大厦3栋5层501室", T, "leading zero"),
    (FULL, "海南省海口市龙华区滨涯路18号", T, "building and room left out"),
    (FULL, "海南省海口市龙华区滨涯路18号蓝洋大厦", T, "building number and room left out"),
    (FULL, "海南省海口市龙华区滨涯路18号3栋501室", T, "name of the estate and floor left out"),
    (FULL, FULL + "(自主申报)", T, "a note of the register"),
    ("海口市龙华区滨涯路18号(蓝洋大厦)", "海口市龙华区滨涯路18号", T, "a note in brackets left out"),
    (FULL, "海南省海口市龙华区滨涯路18号蓝洋大厦3栋5层502室", X, "another room"),
    (FULL, "海南省海口市龙华区滨涯路18号蓝洋大厦4栋5层501室", X, "another building"),
    (FULL, "海南省海口市龙华区滨涯路18号蓝洋大厦3栋6层501室", X, "another floor"),
    (FULL, "海南省海口市龙华区滨涯路81号蓝洋大厦3栋5层501室", X, "another number"),
    (FULL, "海南省海口市龙华区滨涯路18-1号蓝洋大厦3栋5层501室", X, "18 and 18-1"),
    (FULL, "海南省海口市龙华区滨海路18号蓝洋大厦3栋5层501室", X, "another road"),
    (FULL, "海南省海口市龙华区滨涯东路18号蓝洋大厦3栋5层501室", X, "the road's eastern part"),
    (FULL, "海南省海口市龙华区滨涯路18号绿岛大厦3栋5层501室", X, "another estate"),
    (FULL, "海南省海口市美兰区滨涯路18号蓝洋大厦3栋5层501室", X, "another district"),
    (FULL, "海南省三亚市滨涯路18号蓝洋大厦3栋5层501室", X, "another city"),
    (FULL, "广东省深圳市龙华区滨涯路18号蓝洋大厦3栋5层501室", X, "another province, a district of the same name"),
    (FULL, "海南省海口市龙华区滨涯路", X, "no number"),
    (FULL, "海南省海口市", X, "only the city"),
    (FULL, "", X, "nothing"),
    ("", "", M, "nothing and nothing"),
    ("海口市", "海南省海口市", T, "one city"),
    ("海口", "海南省海口市", T, "one city, short"),
    ("海口市", "三亚市", X, "two cities"),
    ("琼山市府城镇红城湖路2号", "海口市琼山区府城镇红城湖路2号", T, "琼山市 became a district in 2002"),
    ("海口市新华区滨涯路2号", "海口市龙华区滨涯路2号", T, "新华区 became 龙华区"),
    ("三亚市河东区港口路6号", "三亚市吉阳区港口路6号", T, "河东区 became 吉阳区"),
    ("天津市河东区港口路6号", "天津市吉阳区港口路6号", X, "河东区 elsewhere stays"),
    ("三亚市田独镇荔枝路1号", "三亚市吉阳区荔枝路1号", T, "田独镇 became 吉阳区"),
    ("儋县那大镇中兴街3号", "海南省儋州市那大镇中兴街3号", T, "儋县 became 儋州市"),
    ("通什市海榆路6号", "五指山市海榆路6号", T, "通什 became 五指山"),
    ("琼中县营根镇海榆路6号", "琼中黎族苗族自治县营根镇海榆路6号", T, "short name of a county"),
    ("昌江县石碌镇人民北路9号", "昌江黎族自治县石碌镇人民北路9号", T, "short name of a county"),
    ("白沙县牙叉镇桥南路9号", "白沙黎族自治县牙叉镇桥北路9号", X, "another road in a county"),
    ("海南省儋州市木棠镇", "儋州市木棠镇", T, "a town"),
    ("海南省儋州市木棠镇", "儋州市", X, "the town left out, nothing finer"),
    ("海南省儋州市木棠镇", "儋州市中和镇", X, "another town"),
    ("文昌市龙楼镇红海村委会12号", "海南省文昌市龙楼镇红海村委会12号", T, "a village number"),
    ("文昌市龙楼镇红海村委会12号", "海南省文昌市龙楼镇红海村委会13号", X, "another village number"),
    ("海口市国贸路9号蓝洋公寓2-1108房", "海口市国贸路9号蓝洋公寓2栋1108房", T, "building and room joined by a dash"),
    ("海口市国贸路9号蓝洋公寓2栋2-1108房", "海口市国贸路9号蓝洋公寓2栋1108室", T, "building said twice"),
    ("海口市国贸路9号蓝洋公寓101、102房", "海口市国贸路9号蓝洋公寓101和102室", T, "two rooms"),
    ("海口市国贸路9号蓝洋公寓101、102房", "海口市国贸路9号蓝洋公寓101、103室", X, "another second room"),
    ("海口市国贸路9号首层", "海口市国贸路9号1楼", T, "the ground floor"),
    ("海口市海甸三东路8号", "海口市海甸二东路8号", X, "numbered roads"),
    ("海口市解放二路8号", "海口市解放2路8号", T, "numeral of a road"),
    ("老城经济开发区南一环路69号", "澄迈县老城经济开发区南一环路69号", T, "a zone without its county"),
    ("上海市虹山区水城路555弄13号", "上海市虹山区水城路555弄14号", X, "number in a lane"),
    ("上海市虹山区水城路555弄13号", "虹山区水城路555弄13号", T, "a lane, no city"),
    ("地址：海口市滨涯路18号 邮编：570100", "海口市滨涯路18号", T, "label and postcode"),
    ("海口市蓝洋花园3栋501室", "海口市绿岛花园3栋501室", X, "no road, another estate"),
    ("海口市蓝洋花园3栋501室", "海南省海口市蓝洋花园3幢501房", T, "no road, the same estate"),
    ("三亚市天涯镇", "三亚市凤凰镇", X, "two towns that became one district"),
    ("三亚市天涯镇滨涯路1号", "三亚市凤凰镇滨涯路1号", X, "two towns that became one district, a road"),
    ("三亚市绿岛岭", "黄流镇绿岛岭", X, "a city on one side, a town of any city on the other"),
    ("三亚市绿岛岭", "三亚市天涯区绿岛岭", T, "no road, district left out"),
    ("三亚市滨涯二路", "三亚市滨涯二路汽车站", X, "a road without a number, a landmark on one side"),
    ("三亚市滨涯二路汽车站", "海南省三亚市滨涯二路汽车站", T, "a landmark on a road"),
    ("三亚市滨涯二路", "三亚市吉阳区滨涯二路", T, "a road alone, district left out"),
    ("海口市滨涯路18号之一", "海口市滨涯路18-1号", T, "a sub-number, 之一 and -1"),
    ("海口市滨涯路18号之二101房", "海口市滨涯路18-2号101室", T, "a sub-number before a room"),
    ("海口市滨涯路18号", "海口市滨涯路18号之一", X, "18 and 18之一"),
    ("海口市滨涯路18号", "海口市滨涯路18号附1号", X, "18 and 18附1"),
    ("海口市滨涯路18号附1号", "海口市滨涯路18号附1号201室", T, "a room behind 附1号"),
    ("海口市滨涯路18号、20号", "海口市滨涯路18、20号", T, "two numbers, the word once"),
    ("海口市滨涯路18号、20号", "海口市滨涯路18号", X, "one of two numbers left out"),
    ("海口市滨涯路18号3栋、4栋", "海口市滨涯路18号3、4幢", T, "two buildings, the word once"),
    ("海口市滨涯路18号101-105室", "海口市滨涯路18号101至105房", T, "a range of rooms"),
    ("海口市滨涯路18号101-105室", "海口市滨涯路18号101至106房", X, "another range of rooms"),
    ("海口市滨涯路18号(蓝洋大厦A座2楼)", "海口市滨涯路18号(蓝洋大厦A栋2层)", T, "words inside a note"),
    ("海口市滨涯路18号1层及3层", "海口市滨涯路18号1楼及3楼", T, "words of two floors"),
    ("海口市龙华区海口综合保税区滨涯路18号", "海口综合保税区滨涯路18号", T, "a zone that names its city"),
    ("海南老城经济开发区滨涯路18号", "澄迈县老城经济开发区滨涯路18号", T, "a zone that names its province"),
    ("文昌市龙楼镇红海村民委员会12号", "文昌市龙楼镇红海村委会12号", T, "a village committee"),
    ("吉林省吉林市昌邑区滨涯路18号", "吉林市昌邑区滨涯路18号", T, "a city that is named like its province"),
]


@pytest.mark.parametrize(("left", "right", "outcome", "why"), ADDRESSES)
def test_addresses(left: str, right: str, outcome: Outcome, why: str) -> None:
    comparison = compare_addresses(left, right)
    assert comparison.outcome is outcome, (why, comparison.detail.zh, parse_address(left), parse_address(right))
    assert compare_addresses(right, left).outcome is outcome
    assert bool(comparison.tolerance) is (outcome is T)


def test_the_difference_is_named() -> None:
    comparison = compare_addresses(FULL, FULL.replace("501室", "502室"))
    assert comparison.detail.zh == "房号“501”与“502”不同。"
    assert ("room", "501", "502", 0.0) in comparison.parts
    assert "门牌号" in compare_addresses(FULL, "海口市滨涯路").detail.zh


def test_parts_of_an_address() -> None:
    address = parse_address(FULL)
    assert (address.province, address.city, address.district, address.road, address.number) == (
        "海南省",
        "海口市",
        "龙华区",
        "滨涯路",
        "18",
    )
    assert (address.place, address.building, address.floor, address.room) == ("蓝洋大厦", "3", "5", "501")
    assert parse_address("海口市国贸路7号金城7#605室").building == "7"
    assert parse_address("海口市国贸路7号2单元401").stair == "2"
    assert parse_address("海口市三百零五号").number == "305"
    assert parse_address("海口市一百五号楼").place != ""


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("海南省海口市龙华区滨涯路18号", True),
        ("海口市龙华区滨涯路18号", True),
        ("三亚", True),
        ("儋州市木棠镇", True),
        ("澄迈县老城镇", True),
        ("老城经济开发区南一环路69号", True),
        ("美兰区滨涯路18号", True),
        ("琼山市府城镇", True),
        ("陵水县新村镇", True),
        ("广东省深圳市龙华区滨涯路18号", False),
        ("深圳市龙华区滨涯路18号", False),
        ("青海省海南藏族自治州共和县", False),
        ("海南藏族自治州共和县", False),
        ("天津市河东区津塘路22号", False),
        ("广州市南沙区海滨路1号", False),
        ("上海市海口路300号", False),
        ("龙华区滨涯路18号", None),
        ("南沙区海滨路1号", None),
        ("河东区津塘路22号", None),
        ("滨涯路18号", None),
        ("某某市滨涯路18号", None),
        ("", None),
    ],
)
def test_hainan(address: str, inside: bool | None) -> None:
    assert in_hainan(address) is inside


_PARTS = st.lists(
    st.sampled_from(
        [
            "海南省",
            "海口市",
            "海口",
            "龙华区",
            "木棠镇",
            "红海村",
            "滨涯路",
            "大道",
            "18号",
            "3栋",
            "三幢",
            "5层",
            "501室",
            "101、102房",
            "2-1108",
            "蓝洋大厦",
            "(旁)",
            "A座",
            "之",
            "#",
        ]
    ),
    max_size=9,
).map("".join)


@given(_PARTS | st.text(max_size=15), _PARTS)
def test_addresses_compare_alike_both_ways(left: str, right: str) -> None:
    there, back = compare_addresses(left, right), compare_addresses(right, left)
    assert there.outcome is back.outcome
    assert there.score == back.score
    assert 0.0 <= there.score <= 1.0
    assert compare_addresses(left, left).outcome is M


@pytest.mark.parametrize(
    "text", ["1" * 3000, "A-" * 1500, "1;" * 1500, "海口市" * 1000, "开发区" * 1000, "(" * 3000, "一" * 3000]
)
def test_hostile_text_is_only_text(text: str) -> None:
    assert compare_addresses(text, text).outcome is M
    assert compare_addresses(text, f"{text}路9号").outcome is not M
    assert in_hainan(text) in (True, None)
