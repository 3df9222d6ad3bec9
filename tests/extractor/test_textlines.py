"""Lines of text in a mask of dark pixels: where the picture ends, and what is a line."""

import numpy as np
import pytest

from extractor.textlines import Area, lines_in, overprinted_rule


@pytest.mark.parametrize("right", [399, 397, 390])
def test_a_rule_at_the_edge_of_the_picture_has_nothing_beyond_it(right: int) -> None:
    dark = np.zeros((600, 400), np.uint8)
    dark[:, right] = 255
    line, inside = Area(10, 100, right - 1, 120), Area(5, 90, right, 130)
    assert overprinted_rule(dark, line, inside) is None


@pytest.mark.parametrize(
    ("before", "behind", "falling"),
    [
        ((110, 113), (113, 117), True),  # 、
        ((111, 115), (111, 115), False),  # -
        ((114, 118), (110, 114), False),  # the tail of a comma
        ((112, 116), (0, 0), False),
    ],
)
@pytest.mark.parametrize("far", [1, 4])
def test_a_sign_printed_on_a_rule_is_seen_and_whether_it_falls(
    before: tuple[int, int], behind: tuple[int, int], falling: bool, far: int
) -> None:
    dark = np.zeros((2339, 1654), np.uint8)
    dark[:, 300:303] = 255
    dark[slice(*before), 297:300] = 255
    dark[slice(*behind), 303 : 303 + far] = 255
    found = overprinted_rule(dark, Area(10, 100, 288, 122), Area(5, 90, 298, 130))
    assert found is not None
    assert (found.rule.left, found.rule.right) == (300, 303)
    assert found.falling is (falling and far > 1)  # a pixel is the rule's own


def test_the_halves_of_a_letter_are_one_line_where_the_height_of_lines_is_known() -> None:
    dark = np.zeros((400, 300), np.uint8)
    for top, bottom in ((100, 115), (118, 137), (150, 184)):  # the roof of 宗, what stands under it, and 业
        dark[top:bottom, 100:134] = 255
    cell = Area(95, 90, 139, 195)
    (found,) = lines_in(dark, [cell], usual=33.0)
    assert [(line.top, line.bottom) for line in found.lines] == [(100, 137), (150, 184)]
