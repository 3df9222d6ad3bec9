"""Likeness of texts: what recognition confuses is cheap, what chemistry tells apart is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.likeness import confusable, cost, likeness, shapes

TEXTS = st.text(alphabet="测侧检栓氨胺O0有限公司", max_size=12)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("检测", "检测", 1.0),
        ("检测", "检侧", 1 - 0.3 / 2),
        ("检测", "检验", 0.5),
        ("检测", "检", 0.5),
        ("检测", "", 0.0),
        ("", "", 1.0),
        ("GB O1", "GB 01", 1 - 0.3 / 5),
        ("液氨", "液胺", 0.5),
        ("正己烷", "正己烯", 1 - 1 / 3),
        ("氟化物", "氯化物", 1 - 1 / 3),
        ("镉", "隔", 0.7),
    ],
)
def test_a_table(left: str, right: str, expected: float) -> None:
    assert likeness(left, right) == pytest.approx(expected)


@pytest.mark.parametrize("pair", ["氨胺", "胺铵", "氟氯", "氯氰", "烷烯", "烯炔", "羟羰"])
def test_chemistry_is_never_cheap(pair: str) -> None:
    assert cost(*pair) == 1.0
    assert frozenset(pair) not in confusable()


@given(TEXTS, TEXTS)
def test_properties(left: str, right: str) -> None:
    score = likeness(left, right)
    assert score == pytest.approx(likeness(right, left))
    assert 0 <= score <= 1
    assert (score == 1) is (left == right)


def test_characters_of_one_shape_stand_for_each_other() -> None:
    for pair in ("品晶", "镉隔", "未本", "末术", "木未"):
        assert len({character.translate(shapes()) for character in pair}) == 1
    for pair in ("氨胺", "氟氯", "烷烯", "水火"):
        assert len({character.translate(shapes()) for character in pair}) == 2
    assert "O0".translate(shapes()) == "O0"
