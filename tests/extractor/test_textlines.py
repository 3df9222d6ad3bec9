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


def test_the_halves_of_a_letter_are_one_line_where_the_height_of_lines_is_known() -> None:
    dark = np.zeros((400, 300), np.uint8)
    for top, bottom in ((100, 115), (118, 137), (150, 184)):  # the roof of 宗, what stands under it, and 业
        dark[top:bottom, 100:134] = 255
    cell = Area(95, 90, 139, 195)
    (found,) = lines_in(dark, [cell], usual=33.0)
    assert [(line.top, line.bottom) for line in found.lines] == [(100, 137), (150, 184)]
