"""Lines of text in a mask of dark pixels, where the picture ends."""

import numpy as np
import pytest

from extractor.textlines import Area, overprinted_rule


@pytest.mark.parametrize("right", [399, 397, 390])
def test_a_rule_at_the_edge_of_the_picture_has_nothing_beyond_it(right: int) -> None:
    dark = np.zeros((600, 400), np.uint8)
    dark[:, right] = 255
    line, inside = Area(10, 100, right - 1, 120), Area(5, 90, right, 130)
    assert overprinted_rule(dark, line, inside) is None
