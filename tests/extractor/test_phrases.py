"""Phrases of papers: 限制范围, 经营范围 and 授权签字领域, as tables of wordings and what they mean."""

import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from extractor.limits import limits_of, read_limits
from extractor.phrases import fold, marks
from extractor.scopes import read_activities
from extractor.signing import read_signing
from models.phrases import ActivityKind, Limit, Mode, SigningField
from models.standards import StandardRef


def only(*values: str, what: str = "", of: str | None = None) -> Limit:
    return Limit(Mode.ONLY, frozenset(values), what, standard=of)


def but(*values: str, what: str = "", of: str | None = None) -> Limit:
    return Limit(Mode.EXCEPT, frozenset(values), what, standard=of)


def at_most(high: float, unit: str, what: str = "", *, open: bool = False) -> Limit:
    return Limit(Mode.AT_MOST, what=what, high=high, unit=unit, open=open)


def at_least(low: float, unit: str, what: str = "", *, open: bool = False) -> Limit:
    return Limit(Mode.AT_LEAST, what=what, low=low, unit=unit, open=open)


def between(low: float, high: float, unit: str, what: str = "") -> Limit:
    return Limit(Mode.BETWEEN, what=what, low=low, high=high, unit=unit)


def words(text: str) -> Limit:
    return Limit(Mode.WORDS, frozenset({text}))


LIMITS: list[tuple[str, tuple[Limit, ...]]] = [
    ("只用第一法", (only("第1法"),)),
    ("只用第1法", (only("第1法"),)),
    ("（只用第一法）", (only("第1法"),)),
    ("只 用 第 一 法", (only("第1法"),)),
    ("僅限第一法", (only("第1法"),)),
    ("只用第二篇第一法", (only("第2篇第1法"),)),
    ("只用第十二法", (only("第12法"),)),
    ("只用第一法、第二法", (only("第1法", "第2法"),)),
    ("只用第一、二法", (only("第1法", "第2法"),)),
    ("只用第3部分", (only("第3部分"),)),
    ("只用附录A", (only("附录A"),)),
    ("只用第三法 2,6-二氯靛酚滴定法", (only("第3法"),)),
    ("只用方法2异烟酸-吡唑啉酮分光光度法", (only("方法2"),)),
    ("只用硫酸钡重量法(基准法)", (only("硫酸钡重量法(基准法)"),)),
    ("只做液相色谱-质谱/质谱法", (only("液相色谱-质谱/质谱法"),)),
    ("仅限室内空气", (only("室内空气"),)),
    ("只测：铅、镉", (only("铅", "镉"),)),
    ("只测柠檬黄、日落黄", (only("柠檬黄", "日落黄"),)),
    ("只用饱和烃", (only("饱和烃"),)),
    ("蔬菜仅限韭菜", (only("韭菜", what="蔬菜"),)),
    ("铅只用第一法，镉只用第二法", (only("第1法", what="铅"), only("第2法", what="镉"))),
    ("GB 5009.268-2016只用第一法", (only("第1法", of="GB 5009.268-2016"),)),
    ("NY/T 761-2008只用第2部分", (only("第2部分", of="NY/T 761-2008"),)),
    ("GB 5009.268只用第一法", (only("第1法", of="GB 5009.268"),)),
    ("GB 5009.268-2016、GB 5009.12-2023只用第一法", (
        only("第1法", of="GB 5009.268-2016"), only("第1法", of="GB 5009.12-2023"))),
    ("只用GB/T 5009.3-2016第一法", (only("第1法", of="GB/T 5009.3-2016"),)),
    ("只用GB/T 5009.3-2016", (only("GB/T 5009.3-2016"),)),
    ("不做现场采样", (but("现场采样"),)),
    ("现场采样不做", (but("现场采样"),)),
    ("不测1,2-二氯丙烷", (but("1;2-二氯丙烷"),)),
    ("不测N,N-二甲基甲酰胺、苯胺", (but("N;N-二甲基甲酰胺", "苯胺"),)),
    ("不做4-氨基偶氮苯", (but("4-氨基偶氮苯"),)),
    ("不做铅；不做镉", (but("铅", "镉"),)),
    ("不适用于液体", (but("液体"),)),
    ("除铅、镉外", (but("铅", "镉"),)),
    ("除铅、镉外，其他均做", (but("铅", "镉"),)),
    ("抗压强度除外", (but("抗压强度"),)),
    ("除第一法外，不做", (only("第1法"),)),
    ("除第一法外均不做", (only("第1法"),)),
    ("除铅外，只用第一法", (only("第1法"), but("铅"))),
    ("只用第一法；不做现场采样", (only("第1法"), but("现场采样"))),
    ("只用第一法，不做现场采样", (only("第1法"), but("现场采样"))),
    ("只用第一法 不做现场采样", (only("第1法"), but("现场采样"))),
    ("1、只用第一法；2、不做第三法", (only("第1法"), but("第3法"))),
    ("≤ 1000 ℃", (at_most(1000, "°C"),)),
    ("温度≤1000℃", (at_most(1000, "°C", "温度"),)),
    ("限300℃以下", (at_most(300, "°C"),)),
    ("不超过 100kN", (at_most(100, "kN"),)),
    ("最大100吨", (at_most(100, "吨"),)),
    ("抗压强度只做2000kN以下", (at_most(2000, "kN", "抗压强度"),)),
    ("只做直径≤50mm的钢筋", (at_most(50, "mm", "直径的钢筋"),)),
    ("小于50mm", (at_most(50, "mm", open=True),)),
    ("≥0.5mm", (at_least(0.5, "mm"),)),
    ("限10kV及以上", (at_least(10, "kV"),)),
    ("不做300℃以下", (at_least(300, "°C", open=True),)),
    ("不做1000V以上", (at_most(1000, "V", open=True),)),
    ("(0～300) mm", (between(0, 300, "mm"),)),
    ("(-40～150) ℃", (between(-40, 150, "°C"),)),
    ("1 mg～500 mg", (between(1, 500, "mg"),)),
    ("限5mm以上100mm以下", (between(5, 100, "mm"),)),
    ("1 g～20 kg", (words("1G~20KG"),)),
    ("只做部分参数", (Limit(Mode.PART, frozenset({"只做部分参数"})),)),
    ("变更", (words("变更"),)),
    ("限值判定", (words("限值判定"),)),
    ("除尘器", (words("除尘器"),)),
    ("不限", ()),
    ("全部参数", ()),
    *((blank, ()) for blank in ("", "—", "/", "无", "。", " ")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "limits"), LIMITS)
def test_limits(text: str, limits: tuple[Limit, ...]) -> None:
    assert read_limits(text) == limits


def test_where_the_limits_of_a_row_stand() -> None:
    refs = tuple(StandardRef.find_all("GB 5009.12-2023 第一法；GB 5009.268-2016"))
    lead, all_metals = (ref.key for ref in refs)
    assert limits_of(None, None, refs) == (only("第1法", of=lead),)
    assert limits_of("只测铅", "有效", refs) == (only("铅"), only("第1法", of=lead))
    assert limits_of("GB 5009.268只用第二法", None, refs[1:]) == (only("第2法", of=all_metals),)
    assert limits_of("GB 5009.286-2016只用第二法", None, refs[1:]) == (
        only("第2法"),
    )  # a number that the row does not name


T, R, O = ActivityKind.TESTING, ActivityKind.TRADE, ActivityKind.OTHER  # noqa: E741
PERMIT = "（依法须经批准的项目，经相关部门批准后方可开展经营活动，具体经营项目以相关部门批准文件或许可证件为准）"
FREE = "（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"
SCOPES: list[tuple[str, list[tuple[str, ActivityKind, bool]]]] = [
    ("检验检测服务", [("检验检测服务", T, False)]),
    ("检验检测服务；环保咨询服务", [("检验检测服务", T, False), ("环保咨询服务", O, False)]),
    (f"检验检测服务{PERMIT}", [("检验检测服务", T, False)]),
    (f"技术服务{FREE}", [("技术服务", O, False)]),
    ("技术服务（不含检验检测）", [("技术服务", O, False), ("检验检测", T, True)]),
    ("技术服务（检验检测除外）", [("技术服务", O, False), ("检验检测", T, True)]),
    ("检验检测服务(司法鉴定、机动车除外)", [("检验检测服务", T, False), ("司法鉴定", T, True), ("机动车", O, True)]),
    ("技术咨询，不含检测、检验；软件开发",
     [("技术咨询", O, False), ("检测", T, True), ("检验", T, True), ("软件开发", O, False)]),
    ("不得从事检验检测、认证活动；计量技术服务",
     [("检验检测", T, True), ("认证活动", O, True), ("计量技术服务", T, False)]),
    ("除检验检测外的技术服务", [("检验检测", T, True), ("技术服务", O, False)]),
    ("除医疗器械、药品外的检验检测服务",
     [("医疗器械", O, True), ("药品", O, True), ("检验检测服务", T, False)]),
    ("检测服务不含采样", [("检测服务", T, False), ("采样", O, True)]),
    ("检验检测除外", [("检验检测", T, True)]),
    ("检测设备销售", [("检测设备销售", R, False)]),
    ("检测技术开发", [("检测技术开发", R, False)]),
    ("检测技术咨询服务", [("检测技术咨询服务", T, False)]),
    ("实验分析仪器销售", [("实验分析仪器销售", O, False)]),
    ("试验机制造", [("试验机制造", R, False)]),
    ("环境检测及技术咨询", [("环境检测及技术咨询", T, False)]),
    ("自动化检测设备、机械设备的研发", [("自动化检测设备", R, False), ("机械设备的研发", O, False)]),
    ("机动车检测", [("机动车检测", T, False)]),
    ("检测机动车尾气", [("检测机动车尾气", T, False)]),
    ("室外环境检测", [("室外环境检测", T, False)]),
    ("软件测试", [("软件测试", O, False)]),
    ("职业卫生技术服务、放射卫生技术服务", [("职业卫生技术服务", T, False), ("放射卫生技术服务", T, False)]),
    ("雷电防护装置检测。", [("雷电防护装置检测", T, False)]),
    ("建筑材料、零部件的检验检测（凭资质证经营）；机械销售",
     [("建筑材料", O, False), ("零部件的检验检测", T, False), ("机械销售", O, False)]),
    ("检测服务（不含检验检测", [("检测服务", T, False), ("检验检测", T, True)]),
    ("依法须经批准的项目，经相关部门批准后方可开展经营活动", []),
    ("电子器件制造。（除许可业务外，可自主依法经营法律法规非禁止或限制的项目）", [("电子器件制造", O, False)]),
    ("開展農產品檢測", [("開展農產品檢測", T, False)]),
    ("", []),
    ("；；。", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "activities"), SCOPES)
def test_scopes(text: str, activities: list[tuple[str, ActivityKind, bool]]) -> None:
    found = read_activities(text)
    assert [(each.text, each.kind, each.excluded) for each in found] == activities
    assert all(text[slice(*each.span)] == each.text for each in found)


def test_sections_of_a_scope() -> None:
    text = f"许可项目：检验检测服务；室内环境检测{PERMIT}一般项目：环保咨询服务{FREE}"
    found = [(each.section, each.text) for each in read_activities(text)]
    assert found == [("许可项目", "检验检测服务"), ("许可项目", "室内环境检测"), ("一般项目", "环保咨询服务")]


EVERYTHING = SigningField(True)


def areas(*names: str, but: tuple[str, ...] = ()) -> SigningField:
    return SigningField(False, names, but)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("全部检测项目", EVERYTHING),
        ("全部", EVERYTHING),
        ("全部检测参数", EVERYTHING),
        ("所有项目", EVERYTHING),
        ("认可的全部检测能力", EVERYTHING),
        ("本次申请的所有项目", EVERYTHING),
        ("A场所全部检测项目", EVERYTHING),
        ("授权签字领域：全部检测能力范围", EVERYTHING),
        ("全 部 检 测 项 目", EVERYTHING),
        ("全部检测项目（微生物除外）", SigningField(True, (), ("微生物",))),
        ("全部检测项目（不含微生物、噪声）", SigningField(True, (), ("微生物", "噪声"))),
        ("除微生物外的全部检测项目", SigningField(True, (), ("微生物",))),
        ("除微生物、噪声外全部项目", SigningField(True, (), ("微生物", "噪声"))),
        ("不含微生物的全部项目", SigningField(True, (), ("微生物",))),
        ("食品检测", areas("食品")),
        ("食品类产品检测项目", areas("食品类产品")),
        ("食品、农产品检测", areas("食品", "农产品")),
        ("水和废水、环境空气、噪声检测", areas("水", "废水", "环境空气", "噪声")),
        ("理化检测（农药残留、兽药残留）", areas("农药残留", "兽药残留")),
        ("化学分析(仅限水质)", areas("水质")),
        ("食品（包括保健食品）检测", areas("食品", "保健食品")),
        ("理化检测（L0001）", areas("理化")),
        ("微生物检测", areas("微生物")),
        ("建筑材料检测", areas("建筑材料")),
        ("理化、微生物", areas("理化", "微生物")),
        ("全部食品检测项目", areas("食品")),
        ("食品检测（不含微生物）", areas("食品", but=("微生物",))),
        ("食品检测，微生物除外", areas("食品", but=("微生物",))),
        ("除微生物外的食品检测", areas("食品", but=("微生物",))),
        ("饱和烃检测", areas("饱和烃")),
        ("紫外光谱分析", areas("紫外光谱分析")),
        ("生态环境监测；食品检测", areas("生态环境", "食品")),
        ("食品检测\n环境监测", areas("食品", "环境")),
        ("检测", areas()),
        ("检测报告签发", areas()),
        ("", areas()),
    ],
)
def test_signing_fields(text: str, field: SigningField) -> None:
    assert read_signing(text) == field


@pytest.mark.parametrize("read", [read_limits, read_activities, read_signing])
@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "(a",
        ")",
        "检测、",
        "除",
        "除检测外、",
        "1",
        "1,2-",
        "1~",
        "≤1",
        "只用第一法，",
        "不含",
        "检测和",
        "GB 5009.3-2016、",
    ],
)
def test_hostile_texts_take_bounded_time(read: Callable[[str], object], piece: str) -> None:
    for text in (piece * 50, piece * 20_000):
        start = time.perf_counter()
        read(text)
        assert time.perf_counter() - start < 5


def test_ten_thousand_cells_with_three_hundred_wordings() -> None:
    cells = [f"只用第一法；不做参数{number % 300}" for number in range(10_000)]
    read_limits(cells[0])
    start = time.perf_counter()
    for cell in cells:
        assert len(limits_of(cell, None, ())) == 2
    assert time.perf_counter() - start < 3


def test_marks_prefer_the_longest_words_and_keep_offsets() -> None:
    text = fold("除饱和烃，外观外")
    found = [(mark.label, mark.text) for mark in marks("limits", text)]
    assert found == [("besides", "除"), ("joint", ","), ("outside", "外")]
    assert all(text[mark.start : mark.end] == mark.text for mark in marks("limits", text))


def test_spacy_is_loaded_for_phrases_only_and_without_its_command_line() -> None:
    program = """
import sys
from extractor.limits import read_limits
import extractor.scopes, extractor.signing
assert "spacy" not in sys.modules
read_limits("—")
assert "spacy" not in sys.modules
read_limits("只用第一法")
assert "spacy" in sys.modules and "spacy.cli" not in sys.modules and "spacy.cli.info" not in sys.modules
import spacy.cli
"""
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True)
