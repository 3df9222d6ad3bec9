"""限制范围: what limits say, and which goes beyond which."""

import pytest

from matchers.limits import Limit, Mode, clause_limit, is_wider, parse_limits


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("只用第一法", Limit(Mode.ONLY, frozenset({"第1法"}))),
        ("只用第1法", Limit(Mode.ONLY, frozenset({"第1法"}))),
        ("仅限室内空气", Limit(Mode.ONLY, frozenset({"室内空气"}))),
        ("只测：铅、镉", Limit(Mode.ONLY, frozenset({"铅", "镉"}))),
        ("不做现场采样", Limit(Mode.EXCEPT, frozenset({"现场采样"}))),
        ("除铅、镉外", Limit(Mode.EXCEPT, frozenset({"铅", "镉"}))),
        ("抗压强度除外", Limit(Mode.EXCEPT, frozenset({"抗压强度"}))),
        ("限300℃以下", Limit(Mode.MAX, frozenset(), 300.0, "°C")),
        ("不超过 100kN", Limit(Mode.MAX, frozenset(), 100.0, "KN")),
        ("≥0.5mm", Limit(Mode.MIN, frozenset(), 0.5, "MM")),
        ("限10kV及以上", Limit(Mode.MIN, frozenset(), 10.0, "KV")),
        ("变更", Limit(Mode.WORDS, frozenset({"变更"}))),
    ],
)
def test_modes(text: str, limit: Limit) -> None:
    assert parse_limits(text) == {limit}


@pytest.mark.parametrize("text", ["", "—", "/", "无", "。"])
def test_no_limit(text: str) -> None:
    assert parse_limits(text) == frozenset()


def test_several_limits() -> None:
    assert {limit.mode for limit in parse_limits("只用第一法；不做现场采样")} == {Mode.ONLY, Mode.EXCEPT}


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
        ("只用第一法", "只用第一法、第二法", False),
        ("不做铅", "不做铅、镉", True),
        ("不做铅、镉", "不做铅", False),
        ("只做铅", "不做铅", True),
        ("只做铅", "不做镉", None),
        ("不做铅", "只做镉", True),
        ("限200℃以下", "限300℃以下", False),
        ("限300℃以下", "限300℃以下", False),
        ("限301℃以下", "限300℃以下", True),
        ("限5mm以上", "限3mm以上", False),
        ("限2mm以上", "限3mm以上", True),
        ("限300K以下", "限300℃以下", None),
        ("参见说明", "见备注", None),
        ("只用第一法；不做采样", "只用第一法", False),
        ("只用第一法", "只用第一法；不做采样", None),
        ("不做采样", "只用第一法；不做采样", True),
    ],
)
def test_wider(claimed: str, accredited: str, wider: bool | None) -> None:
    assert is_wider(parse_limits(claimed), parse_limits(accredited)) is wider


def test_a_clause_is_a_limit() -> None:
    assert is_wider([], [clause_limit("第一法")]) is True
    assert is_wider([clause_limit("第一法")], parse_limits("只用第一法")) is False
    assert is_wider([clause_limit("(4.1)")], [clause_limit("4.1")]) is False
