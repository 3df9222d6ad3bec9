"""Values beside their labels, and remarks by hand that stand beside the values."""

import pytest

from extractor.labels import values_beside
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
