"""Values beside their labels, and remarks by hand that stand beside the values."""

import pytest

from extractor.labels import values_beside, values_in_table
from models.layout import Origin
from tests.extractor.pages import page, word

LABELS = {"person": ("法定代表人",), "address": ("住所",)}


@pytest.mark.parametrize(
    ("size", "origin", "sure"), [(16.0, Origin.OCR, False), (13.5, Origin.OCR, True), (18.0, Origin.TEXT, True)]
)
def test_a_word_larger_than_the_value_beside_it_may_be_a_remark(size: float, origin: Origin, sure: bool) -> None:
    words = [
        word(60, 100, "法定代表人", origin=origin),
        word(160, 100, "吴芳芳", origin=origin),
        word(240, 100, "第2页", size, origin=origin),
        word(60, 140, "住所", origin=origin),
        word(160, 140, "海口市", origin=origin),
    ]
    person, address = values_beside(page(words), LABELS)
    assert person.value.text == "吴芳芳第2页"
    assert (person.value.confidence >= 0.95) is sure
    assert address.value.confidence == 1.0


@pytest.mark.parametrize(
    ("misread", "address"),
    [
        ("圣营场所", "海口市龙华区"),  # one letter wrong: 经营场所
        ("圣曾场昕", None),  # a label, but which?
    ],
)
def test_a_label_that_was_misread_keeps_its_value_from_the_one_above(misread: str, address: str | None) -> None:
    labels = {"type": ("主体类型",), "address": ("经营场所",), "person": ("经营者",), "date": ("注册日期",)}
    rows = [("主体类型", "个体工商户"), (misread, "海口市龙华区"), ("经 营 者", "吴昕"), ("注册日期", "2013年07月08日")]
    words = [
        word(x, 100 + 24 * i, text, origin=Origin.OCR)
        for i, row in enumerate(rows)
        for x, text in zip((60, 160), row, strict=True)
    ]
    found = {item.label.name: item.value.text for item in values_beside(page(words), labels)}
    assert found["type"] == "个体工商户"
    assert found["person"] == "吴昕"
    assert found.get("address") == address


def test_what_stands_at_the_labels_in_the_text_layer_is_as_it_says() -> None:
    labels = {"type": ("主体类型",), "person": ("经营人员",)}
    words = [
        word(60, 100, "主体类型"),
        word(160, 100, "个体工商户"),
        word(60, 124, "经营人员"),
        word(60, 148, "经曾人员"),
    ]
    assert {item.label.name for item in values_beside(page(words), labels)} == {"type", "person"}


def test_remains_of_rules_beside_a_label_and_headings_of_lists_in_forms() -> None:
    """In a photographed form a piece of a rule was read as 一, and the heading of the list of places gave the address."""
    rows = [["一地址", "海口市龙华区"], ["地址", "邮编"], ["E-mail", "地址"]]
    (form,) = page([], [(100.0, (60.0, 200.0, 400.0), rows)], origin=Origin.OCR).tables
    (address,) = values_in_table(form, 1, {"address": ("地址",)})
    assert address.value.text == "海口市龙华区"
    assert address.label.spelling == "地址"


def test_a_value_level_with_its_label_is_not_the_next_ones_whose_box_reaches_up_to_it() -> None:
    """Lines that slant on a photograph have boxes half as high again as their pitch: an expiry date was the date of issue."""
    labels = {"from": ("生效日期",), "to": ("截止日期",)}
    words = [
        word(60, 100, "生效日期：2024-07-10", 31, origin=Origin.OCR),
        word(60, 121, "截止日期：2030-07-09", 31, origin=Origin.OCR),
    ]
    found = {item.label.name: item.value.text for item in values_beside(page(words), labels)}
    assert found == {"from": "2024-07-10", "to": "2030-07-09"}
