"""限制范围: which limit goes beyond which."""

import pytest

from extractor.limits import limits_of, read_limits
from matchers.limits import is_wider
from models.standards import StandardRef


@pytest.mark.parametrize(
    ("claimed", "accredited", "wider"),
    [
        ("", "", False),
        ("只用第一法", "", False),
        ("", "只用第一法", True),
        ("只用第一法", "只用第一法", False),
        ("只用第1法", "只用第一法", False),
        ("只用第二法", "只用第一法", True),
        ("只用第一法、第二法", "只用第一法", True),
        ("只用第一、二法", "只用第一法、第二法", False),
        ("只用第一法", "只用第一法、第二法", False),
        ("只用第三法", "只用第三法 2,6-二氯靛酚滴定法", False),
        ("不做铅", "不做铅、镉", True),
        ("不做铅、镉", "不做铅", False),
        ("不做铅；不做镉", "不做铅、镉", False),
        ("只做铅", "不做铅", True),
        ("只做铅", "不做镉", None),
        ("不做铅", "只做镉", True),
        ("限200℃以下", "限300℃以下", False),
        ("限300℃以下", "限300℃以下", False),
        ("≤300℃", "限300℃以下", False),
        ("限301℃以下", "限300℃以下", True),
        ("≤300℃", "小于300℃", True),
        ("小于300℃", "≤300℃", False),
        ("不做300℃以上", "≤300℃", False),
        ("限5mm以上", "限3mm以上", False),
        ("限2mm以上", "限3mm以上", True),
        ("限3mm以上", "大于3mm", True),
        ("5～10 mm", "1～20 mm", False),
        ("5～30 mm", "1～20 mm", True),
        ("5～30 mm", "限5mm以上", False),
        ("限5mm以上", "5～30 mm", True),
        ("限300K以下", "限300℃以下", None),
        ("≤5 mPa", "≤5 MPa", None),
        ("≤5 KN", "≤5 kN", False),
        ("温度≤5℃", "湿度≤5℃", None),
        ("铅只用第一法", "镉只用第一法", None),
        ("铅只用第二法", "铅只用第一法", True),
        ("参见说明", "见备注", None),
        ("部分参数", "部分项目", None),
        ("只用第一法；不做采样", "只用第一法", False),
        ("只用第一法", "只用第一法；不做采样", None),
        ("不做采样", "只用第一法；不做采样", True),
        ("只测柠檬黄、日落黄胭脂红", "只测柠檬黄、日落黄、胭脂红", False),
        ("只测柠檬黄、日落黄、胭脂红", "只测柠檬黄、日落黄胭脂红", False),
        ("只测柠檬黄、日落黄胭脂红、亮蓝", "只测柠檬黄、日落黄、胭脂红", True),
        ("只测柠檬黄、日落黄胭脂", "只测柠檬黄、日落黄、胭脂红", True),
        ("不测汞、铅镉", "不测汞、铅、镉", False),
        ("不测汞、铅", "不测汞、铅镉", True),
    ],
)
def test_wider(claimed: str, accredited: str, wider: bool | None) -> None:
    assert is_wider(read_limits(claimed), read_limits(accredited)) is wider


def test_a_clause_is_a_limit() -> None:
    def clause(text: str) -> tuple[StandardRef, ...]:
        return (StandardRef.parse(f"GB 5009.3-2016 {text}"),)

    plain = limits_of(None, None, clause(""))
    first, point = limits_of(None, None, clause("第一法")), limits_of(None, None, clause("(4.1)"))
    assert plain == ()
    assert is_wider(plain, first) is True
    assert is_wider(first, limits_of("GB 5009.3-2016只用第一法", None, clause(""))) is False
    assert is_wider(point, limits_of(None, None, clause("4.1"))) is False
