"""A text layer against what recognition read in its picture: which differences count."""

import pytest

from matchers.layers import contradicts
from models.layout import Box, TwoReadings

PLACE = Box(0, 0, 10, 10)


@pytest.mark.parametrize(
    ("layer", "picture", "differs", "why"),
    [
        ("截止日期：2029-12-09", "截止日期：2033-12-09", True, "digits"),
        ("海南汐正检测有限公司", "海南汐政检测有限公司", True, "a character that looks alike is another one"),
        ("CNAS L0867", "CNAS L0887", True, "6 and 8 are digits"),
        ("GB 5009.3-2016", "GB 5009.3-2010", True, "6 is never taken for 0"),
        ("有效期至2029年", "有效期至2029年5月", True, "more is shown than the text says"),
        ("十一项", "十项", False, "a stroke may be a dash or a rule"),
        ("CNAS-CL01", "CNAS-CLO1", False, "O for 0"),
        ("91460000MA5TEST1X5", "914600OOMA5TESTIX5", False, "letters for digits in a code"),
        ("（注册号：CNAS L0867）", "(注册号:CNASL0867)", False, "width and blanks"),
        ("www.cnas.org.cn", "www.cnas.0rg.cm", False, "letters alone"),
        ("檢測機構", "检测机构", False, "traditional forms"),
        ("二〇二九年", "二O二九年", False, "the sign for zero"),
        ("水分、灰分", "水分灰分", False, "punctuation"),
        ("检测—项目", "检测一项目", False, "a dash is read as the ideograph"),
    ],
)
def test_contradicts(layer: str, picture: str, differs: bool, why: str) -> None:
    assert contradicts(TwoReadings(PLACE, layer, picture, 0.99)) is differs, why


def test_an_unsure_reading_proves_nothing() -> None:
    assert not contradicts(TwoReadings(PLACE, "2029-12-09", "2033-12-09", 0.94))
