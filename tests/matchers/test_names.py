"""Names of bodies and people: tables of cases (left, right, outcome, why) and properties."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.names import Relation, compare_names, compare_persons, is_former_name, parse_name, unit_relation
from models.finding import Outcome
from models.records import Change

M, T, X = Outcome.MATCH, Outcome.TOLERATED, Outcome.MISMATCH

NAMES = [
    ("海南蓝洋检测技术有限公司", "海南蓝洋检测技术有限公司", M, "the same"),
    ("海南 蓝洋 检测技术 有限公司", "海南蓝洋检测技术有限公司", M, "blanks between characters"),
    ("海南蓝洋检测技术有限公司\n", "海南蓝洋检测技术有限公司", M, "line end"),
    ("蓝洋（海南）检测有限公司", "蓝洋(海南)检测有限公司", M, "width of brackets"),
    ("蓝洋〔海南〕检测有限公司", "蓝洋（海南）检测有限公司", M, "kind of brackets"),
    ("海南ＡＢＣ检测有限公司", "海南ABC检测有限公司", M, "full-width letters"),
    ("海南abc检测有限公司", "海南ABC检测有限公司", M, "letter case"),
    ("海南蓝洋检测有限公司", "海南藍洋檢測有限公司", T, "traditional characters"),
    ("海南蓝洋(集团)有限公司", "海南蓝洋集团有限公司", T, "brackets left out"),
    ("蓝洋(海南)检测有限公司", "蓝洋海南检测有限公司", T, "brackets left out around the place"),
    ("海南蓝洋检测有限公司", "海南蓝洋检测有限责任公司", T, "synonymous form"),
    ("海南蓝洋检测股份有限公司", "海南蓝洋检测股份公司", T, "short form of 股份有限公司"),
    ("海南省蓝洋检测有限公司", "海南蓝洋检测有限公司", T, "place with and without 省"),
    ("海口市蓝洋检测有限公司", "海口蓝洋检测有限公司", T, "place with and without 市"),
    ("海南省海口市蓝洋检测有限公司", "海南海口蓝洋检测有限公司", T, "both levels"),
    ("澄迈县蓝洋检测有限公司", "澄迈蓝洋检测有限公司", T, "place with and without 县"),
    ("海南蓝洋检测有限公司。", "海南蓝洋检测有限公司", X, "a mark that is no bracket is not explained away"),
    ("海南琼海检测有限公司", "海南琼华检测有限公司", X, "one character of the 字号"),
    ("海南蓝洋检测有限公司", "海南蓝详检测有限公司", X, "one character of the 字号, alike in shape"),
    ("海南蓝洋检测有限公司", "海南兰洋检测有限公司", X, "a homophone in the 字号"),
    ("海南己方检测有限公司", "海南已方检测有限公司", X, "confusable character in the 字号"),
    ("海南中测检测有限公司", "海南中侧检测有限公司", X, "confusable 测 and 侧"),
    ("海南蓝洋检测有限公司", "海南蓝洋洋检测有限公司", X, "a character more"),
    ("海南蓝洋检测有限公司", "海南蓝检测有限公司", X, "a character less"),
    ("海南蓝洋检测有限公司", "海南洋蓝检测有限公司", X, "characters exchanged"),
    ("海南蓝洋检测有限公司", "海南蓝洋检验有限公司", X, "another trade"),
    ("海南蓝洋检测有限公司", "海南蓝洋检验检测有限公司", X, "a wider trade"),
    ("海南蓝洋检测技术有限公司", "海南蓝洋检测科技有限公司", X, "技术 and 科技"),
    ("海南蓝洋检测技术有限公司", "海南蓝洋检测有限公司", X, "trade word left out"),
    ("海南蓝洋环境检测有限公司", "海南蓝洋环保检测有限公司", X, "环境 and 环保"),
    ("海南蓝洋检测有限公司", "广东蓝洋检测有限公司", X, "another province"),
    ("海口蓝洋检测有限公司", "三亚蓝洋检测有限公司", X, "another city"),
    ("海南蓝洋检测有限公司", "海口蓝洋检测有限公司", X, "province against city"),
    ("海南蓝洋检测有限公司", "蓝洋检测有限公司", X, "no place"),
    ("海南海口蓝洋检测有限公司", "海口蓝洋检测有限公司", X, "one level left out is another registered name"),
    ("海南蓝洋检测有限公司", "蓝洋(海南)检测有限公司", X, "the place elsewhere in the name"),
    ("海南蓝洋检测有限公司", "海南蓝洋检测股份有限公司", X, "another form"),
    ("海南蓝洋检测有限公司", "海南蓝洋检测集团有限公司", X, "a group"),
    ("海南蓝洋检测有限公司", "海南蓝洋检测中心", X, "an institution"),
    ("海南蓝洋检测有限公司", "海南蓝洋检测有限公司三亚分公司", X, "a branch"),
    ("海南蓝洋检测有限公司三亚分公司", "海南蓝洋检测有限公司海口分公司", X, "another branch"),
    ("海南蓝洋检测有限公司第一分公司", "海南蓝洋检测有限公司第二分公司", X, "another numbered branch"),
    ("海南省环境监测中心", "海南省环境监测中心站", X, "中心 and 中心站"),
    ("海南省疾病预防控制中心", "海南省疾病预防控制中心", M, "an institution, the same"),
    ("海南省疾病预防控制中心", "海南省疾病预防控制中心实验室", X, "its laboratory is not it"),
    ("海口市疾病预防控制中心", "三亚市疾病预防控制中心", X, "another city's centre"),
    ("海口市龙华区疾病预防控制中心", "海口市琼山区疾病预防控制中心", X, "another district's centre"),
    ("南海渔业研究所", "东海渔业研究所", X, "another sea"),
    ("Hainan Lanyang Testing Co., Ltd.", "Hainan Lanyang Testing Co., Ltd.", M, "an English name"),
    ("Hainan Lanyang Testing Co., Ltd.", "HAINAN LANYANG TESTING CO., LTD.", M, "English letter case"),
    ("Hainan Lanyang Testing Co., Ltd.", "海南蓝洋检测有限公司", X, "two languages prove nothing"),
    ("Hainan Lanyang Testing Co., Ltd.", "Hainan Lanyang Testing Inc.", X, "another English form"),
    ("", "", M, "nothing and nothing"),
    ("海南蓝洋检测有限公司", "", X, "nothing is no name"),
    ("海南一二三检测有限公司", "海南一二二检测有限公司", X, "numerals in the 字号"),
    ("海南3C检测有限公司", "海南8C检测有限公司", X, "confusable digits"),
    ("海南O2检测有限公司", "海南02检测有限公司", X, "letter O and zero"),
    ("儋州蓝洋检测有限公司", "瞻州蓝洋检测有限公司", X, "a misread place is said, not tolerated"),
    ("海南蓝洋检测有限公司", "海南蓝洋检测有限公可", X, "a misread form is said, not tolerated"),
    ("蓝洋合伙企业(有限合伙)", "蓝洋合伙企业（有限合伙）", M, "partnership, width"),
    ("蓝洋合伙企业(有限合伙)", "蓝洋合伙企业(普通合伙)", X, "another partnership"),
    ("海南蓝洋·绿岛检测有限公司", "海南蓝洋绿岛检测有限公司", T, "a dot left out"),
    ("海南蓝洋-绿岛检测有限公司", "海南蓝洋绿岛检测有限公司", T, "a dash left out"),
    ("蓝洋(海南)检测有限公司", "蓝洋检测(海南)有限公司", X, "the brackets elsewhere in the name"),
    ("蓝洋(海南)检测有限公司", "蓝洋(海南省)检测有限公司", T, "the place in brackets with 省"),
    (
        "五指山市供销社蓝洋有限责任公司",
        "五指山市供销社蓝洋有限公司",
        T,
        "a form inside the name, the company's at its end",
    ),
    ("白沙黎族自治县供销合作联社", "白沙供销合作联社", T, "an autonomous county and its short name"),
]


@pytest.mark.parametrize(("left", "right", "outcome", "why"), NAMES)
def test_names(left: str, right: str, outcome: Outcome, why: str) -> None:
    comparison = compare_names(left, right)
    assert comparison.outcome is outcome, (why, comparison)
    assert compare_names(right, left).outcome is outcome
    assert bool(comparison.tolerance) is (outcome is T)
    assert (comparison.score == 1.0) is (outcome is M)


def test_the_difference_is_named() -> None:
    comparison = compare_names("海南中测检测有限公司", "海南中侧检测有限公司")
    assert "字号" in comparison.detail.zh
    assert "“测”≠“侧”" in comparison.detail.zh
    assert "字形相近" in comparison.detail.zh
    assert "字形相近" not in compare_names("海南琼海检测有限公司", "海南琼华检测有限公司").detail.zh


def test_parts_of_a_name() -> None:
    name = parse_name("上海蓝洋化工有限公司宝山分公司化验室")
    assert (name.division, name.core, name.industry, name.form, name.unit) == (
        "上海",
        "蓝洋",
        "化工",
        "有限公司",
        "宝山分公司化验室",
    )
    assert parse_name("海南琼海检测有限公司").core == "琼海"
    assert parse_name("蓝洋(海南)检测有限公司").placed == "inside"
    assert parse_name("海南省环境监测中心").form == "中心"
    assert parse_name("蓝洋分公司").form == ""
    assert parse_name("蓝洋(某地)检测").placed == ""


CHANGES = (
    Change("名称变更", "海南旧名检测有限公司", "海南中名检测有限公司", dt.date(2020, 5, 1)),
    Change("企业名称", "海南中名检测有限公司", "海南新名检测有限公司", dt.date(2023, 5, 1)),
)


@pytest.mark.parametrize(
    ("left", "on", "outcome"),
    [
        ("海南中名检测有限公司", dt.date(2023, 4, 30), T),
        ("海南中名检测有限公司", dt.date(2023, 5, 1), T),
        ("海南中名检测有限公司", dt.date(2023, 5, 2), X),
        ("海南中名检测有限公司", None, X),
        ("海南旧名检测有限公司", dt.date(2020, 5, 1), T),
        ("海南旧名检测有限公司", dt.date(2021, 1, 1), X),
        ("海南别名检测有限公司", dt.date(2019, 1, 1), X),
    ],
)
def test_former_names(left: str, on: dt.date | None, outcome: Outcome) -> None:
    assert compare_names(left, "海南新名检测有限公司", former=CHANGES, on=on).outcome is outcome
    assert compare_names("海南新名检测有限公司", left, former=CHANGES, on=on).outcome is outcome


def test_a_former_name_of_another_body_is_no_excuse() -> None:
    comparison = compare_names("海南旧名检测有限公司", "海南他人检测有限公司", former=CHANGES, on=dt.date(2019, 1, 1))
    assert comparison.outcome is X


def test_a_change_without_a_day_is_not_tolerated() -> None:
    undated = (Change("名称", "海南旧名检测有限公司", "海南新名检测有限公司", None),)
    comparison = compare_names("海南旧名检测有限公司", "海南新名检测有限公司", former=undated, on=dt.date(2019, 1, 1))
    assert comparison.outcome is X
    assert "日期不详" in comparison.detail.zh
    assert is_former_name("海南旧名检测有限公司", undated)
    assert not is_former_name("海南新名检测有限公司", undated)


@pytest.mark.parametrize(
    ("unit", "entity", "relation"),
    [
        ("海南蓝洋检测有限公司", "海南蓝洋检测有限责任公司", Relation.SAME),
        ("上海蓝洋化工有限公司宝山分公司化验室", "上海蓝洋化工有限公司", Relation.UNIT),
        ("上海蓝洋化工有限公司宝山分公司化验室", "上海蓝洋化工有限公司宝山分公司", Relation.UNIT),
        ("海南蓝洋石化有限公司技术中心", "海南蓝洋石化有限公司", Relation.UNIT),
        ("海南蓝洋石化有限公司第二实验室", "海南蓝洋石化有限公司", Relation.UNIT),
        ("海南蓝洋石化有限公司（检测中心）", "海南蓝洋石化有限公司", Relation.UNIT),
        ("海南省蓝洋疾病预防控制中心理化检验所", "海南省蓝洋疾病预防控制中心", Relation.UNIT),
        ("海南蓝洋石化有限公司物业部", "海南蓝洋石化有限公司", Relation.UNPROVEN),
        ("海南蓝洋技术中心", "海南蓝洋石化有限公司", Relation.UNPROVEN),
        ("海南绿岛技术中心", "海南蓝洋石化有限公司", Relation.OTHER),
        ("广东蓝洋技术中心", "海南蓝洋石化有限公司", Relation.OTHER),
        ("海南蓝祥石化有限公司技术中心", "海南蓝洋石化有限公司", Relation.OTHER),
        ("海南蓝洋", "", Relation.OTHER),
    ],
)
def test_units(unit: str, entity: str, relation: Relation) -> None:
    assert unit_relation(unit, entity) is relation


@pytest.mark.parametrize(
    ("left", "right", "outcome"),
    [
        ("符明海", "符 明 海", M),
        ("阿依古丽·买买提", "阿依古丽•买买提", M),
        ("阿依古丽·买买提", "阿依古丽买买提", T),
        ("阿依古丽·买买提", "阿依古丽.买买提", T),
        ("陈国强", "陳國強", T),
        ("王峰", "王峯", T),
        ("吕群", "呂羣", T),
        ("李喆", "李哲", X),
        ("李堃", "李坤", X),
        ("张昇", "张升", X),
        ("邱伟", "丘伟", X),
        ("符明海", "符明", X),
        ("符明海", "王大力", X),
    ],
)
def test_persons(left: str, right: str, outcome: Outcome) -> None:
    assert compare_persons(left, right).outcome is outcome
    assert compare_persons(right, left).outcome is outcome


_WORDS = st.lists(
    st.sampled_from(
        [
            "海南",
            "海口市",
            "蓝洋",
            "琼海",
            "检测",
            "技术",
            "(海南)",
            "（集团）",
            "有限公司",
            "有限责任公司",
            "中心",
            "三亚分公司",
            "实验室",
            "Ａ1",
            "藍",
            "·",
        ]
    ),
    max_size=7,
).map("".join)


@given(_WORDS | st.text(max_size=12), _WORDS)
def test_names_compare_alike_both_ways(left: str, right: str) -> None:
    there, back = compare_names(left, right), compare_names(right, left)
    assert there.outcome is back.outcome
    assert there.score == back.score
    assert 0.0 <= there.score <= 1.0
    assert compare_names(left, left).outcome is M
    assert unit_relation(left, left) is Relation.SAME


@given(st.text(max_size=8), st.text(max_size=8))
def test_persons_compare_alike_both_ways(left: str, right: str) -> None:
    there = compare_persons(left, right)
    assert there.outcome is compare_persons(right, left).outcome
    assert 0.0 <= there.score <= 1.0
    assert compare_persons(left, left).outcome is M


@pytest.mark.parametrize(
    ("read", "printed", "may_be_misread"),
    [
        ("澄迈鹿屿测试技术事务所(特殊晋通合伙)", "澄迈鹿屿测试技术事务所(特殊普通合伙)", True),
        ("海南南溟检测有限公可", "海南南溟检测有限公司", True),
        ("海南南溟检侧技术有限公司", "海南南溟检测技术有限公司", True),
        ("海南南溟分折测试有限公司", "海南南溟分析测试有限公司", True),
        ("海南南溟检验技术有限公司", "海南南溟检测技术有限公司", False),  # another word, not another reading
        ("海南南冥检测有限公司", "海南南溟检测有限公司", False),  # the trade name
        ("海南中侧检测有限公司", "海南中测检测有限公司", False),
        ("儋州南溟检测有限公司", "瞻州南溟检测有限公司", False),
        ("海南南溟检侧有限公可", "海南南溟检测有限公司", False),  # two characters
        ("海南南溟检测有限公司", "海南南溟检测有限公司三亚分公司", False),
        ("海南南溟检测中心", "海南南溟检侧中心", True),
        ("海南南溟检测院", "海南南溟检测所", False),
    ],
)
def test_what_recognition_may_have_made_of_a_name(read: str, printed: str, may_be_misread: bool) -> None:
    for left, right in ((read, printed), (printed, read)):
        comparison = compare_names(left, right)
        assert comparison.outcome is Outcome.MISMATCH
        assert comparison.misread is may_be_misread
