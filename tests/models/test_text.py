"""The ladder of text normalisation: each rung, each landing, and that landing twice is landing once."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models import text as t

ANY = st.text() | st.text(
    alphabet="名 称　（）()²①℃ⅡGＧ/／-—一0１９½´¯ﬁ⼀⺠⻔門著薴\n\r\t\u200b\x1b\u0301\ufe0f，,、；ｶﾞ《》µ"
)


@given(ANY)
@example("a ´")
@example("\r\n \n")
def test_every_landing_is_idempotent(text: str) -> None:
    for landing in (t.clean, t.canonical, t.key, t.to_simplified, t.aligned, t.squeeze_labels, t.fold_forms):
        assert landing(landing(text)) == landing(text), landing.__name__
    kept = t.clean(text, keep_lines=True)
    assert t.clean(kept, keep_lines=True) == kept


@given(ANY)
def test_aligned_keeps_every_offset(text: str) -> None:
    assert len(t.aligned(text)) == len(text)


@given(ANY)
def test_keys_do_not_depend_on_the_landing_they_start_from(text: str) -> None:
    assert t.key(t.clean(text)) == t.key(text) == t.key(t.canonical(text))


@given(ANY)
def test_what_is_cleaned_can_be_written_and_holds_no_controls(text: str) -> None:
    cleaned = t.clean(text)
    cleaned.encode("utf-8")
    assert not any(char in cleaned for char in "\n\r\t\x1b\u200b\ufeff\xad")


@pytest.mark.parametrize(
    ("raw", "printed"),
    [
        ("GB/T 3325\x1b -2024\r", "GB/T 3325 -2024"),
        ("ＧＢ／Ｔ　５００９．３－２０１６", "GB/T 5009.3-2016"),
        ("海南\u200b检测\ufeff（有限）公司", "海南检测（有限）公司"),
        ("⽔质 ⻔窗 ⻓度 ⺠⽤", "水质 门窗 长度 民用"),
        ("面积 100 m²，25 ℃，①", "面积 100 m²，25 ℃，①"),
        ("10² ½ Ⅱ级 ㎡ H₂O …", "10² ½ Ⅱ级 ㎡ H₂O …"),
        ("eﬃcient ｶﾞ", "efficient ガ"),
        ("一行\n  二行\r\n三行", "一行 二行 三行"),
        ("\ud800", "\ufffd"),
        ("豈", "豈"),
        ("", ""),
    ],
)
def test_clean_stays_close_to_the_print(raw: str, printed: str) -> None:
    assert t.clean(raw) == printed


def test_clean_keeps_lines_on_request() -> None:
    assert t.clean("名称：\t甲 \r\n\n 地址：乙\u2028丙 ", keep_lines=True) == "名称： 甲\n地址：乙\n丙"


@pytest.mark.parametrize(
    ("raw", "spelling"),
    [
        ("海南（省） 检 测【甲】", "海南(省) 检测(甲)"),
        ("GB／T 1—2020", "GB/T 1-2020"),
        ("“引号”‘单’", "\"引号\"'单'"),
        ("[a]{b}", "(a)(b)"),
        ("plain text", "plain text"),
        ("《 食品 》 、 水", "《食品》、水"),
    ],
)
def test_canonical(raw: str, spelling: str) -> None:
    assert t.canonical(raw) == spelling


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("海南檢測中心（有限公司）", "海南检测中心(有限公司)"),
        ("gb/t 5009.3 - 2016", "GB/T5009.3—2016"),
        ("25 ℃", "25°C"),
        ("100 m²", "100m2"),
        ("H₂O", "h2o"),
        ("⑴水", "(1)水"),
        ("水、气；土", "水,气,土"),
        ("《水质》", "水质"),
        ("⽔", "水"),
        ("Ⅱ级", "II级"),
        ("μg", "µg"),
        ("1½", "1+1/2"),
    ],
)
def test_keys_that_agree(left: str, right: str) -> None:
    assert t.key(left) == t.key(right)


@pytest.mark.parametrize(
    ("left", "right"), [("10²", "102"), ("10⁻³", "10-3"), ("1½", "11/2"), ("氨", "铵"), ("未", "末")]
)
def test_keys_that_differ(left: str, right: str) -> None:
    assert t.key(left) != t.key(right)


@pytest.mark.parametrize(
    ("text", "variant"),
    [("水质", False), ("⽔质", True), ("⻔", True), ("金\uf90a", True), ("﨎", False), ("GB/T 1", False), ("", False)],
)
def test_encoding_variants_are_noticed(text: str, variant: bool) -> None:
    assert t.has_encoding_variant(text) is variant


@pytest.mark.parametrize(
    ("spaced", "joined"),
    [
        ("名　　称", "名称"),
        ("营 业 执 照", "营业执照"),
        ("名 称 海口某公司", "名称 海口某公司"),
        ("住 所：海口市", "住所：海口市"),
        ("法定代表人 张三", "法定代表人 张三"),
        ("成 立 日 期 2019 年 01月12日", "成立日期 2019 年 01月12日"),
        ("甲乙 丙 丁戊", "甲乙 丙 丁戊"),
    ],
)
def test_letter_spaced_labels_are_joined(spaced: str, joined: str) -> None:
    assert t.squeeze_labels(spaced) == joined


def test_aligned_folds_without_moving_anything() -> None:
    assert t.aligned("ＧＢ／Ｔ\u200b５（⽔）\t—") == "GB/T 5(水) -"
    assert t.aligned("plain") == "plain"
