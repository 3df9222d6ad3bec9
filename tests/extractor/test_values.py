"""Printed text as values: what is no part of them."""

import pytest

from extractor.values import text_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (")三亚市蕉澜环境监测站", "三亚市蕉澜环境监测站"),
        ("：（海南）检测中心", "（海南）检测中心"),
        ("琼岭检测（海南）有限公司", "琼岭检测（海南）有限公司"),
        ("海口市 龙华区\n海垦路3号", "海口市龙华区海垦路3号"),
        (" ：）", None),
        ("", None),
    ],
)
def test_a_value_without_what_stands_beside_it(text: str, value: str | None) -> None:
    assert text_value(text) == value
