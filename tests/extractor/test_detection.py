"""Lines out of the detector's map of probabilities."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from extractor.ocr.detection import quads


def bars(*places: tuple[int, int, int, int], joined: float = 0.0) -> NDArray[np.float32]:
    """A map with sure bars (left, top, right, bottom), their left ends joined from the first to the last by ink of that probability."""
    made = np.zeros((200, 800), np.float32)
    left, top, bottom = places[0][0], places[0][1], places[-1][3]
    made[top:bottom, left : left + 15] = joined
    for left, top, right, bottom in places:
        made[top:bottom, left:right] = 1.0
    return made


UPPER, LOWER = (20, 60, 700, 72), (20, 100, 600, 112)


def middles(found: list[NDArray[np.float32]]) -> list[tuple[int, int]]:
    return [(round(float(q[:, 0].mean())), round(float(q[:, 1].mean()))) for q in found]


@pytest.mark.parametrize("joined", [0.0, 0.4, 0.7, 0.9])
def test_lines_that_run_together_in_their_labels_are_both_found(joined: float) -> None:
    found = middles(quads(bars(UPPER, LOWER, joined=joined), 1.0, 200, 800))
    assert found == [
        (pytest.approx(360, abs=2), pytest.approx(66, abs=2)),
        (pytest.approx(310, abs=2), pytest.approx(106, abs=2)),
    ]


def test_parted_lines_get_their_whole_height_back() -> None:
    apart, parted = (quads(bars(UPPER, LOWER, joined=joined), 1.0, 200, 800) for joined in (0.0, 0.7))
    for one, other in zip(apart, parted, strict=True):
        assert np.abs(one - other).max() <= 2


def test_a_faint_patch_is_no_line() -> None:
    assert quads(np.full((200, 800), 0.4, np.float32), 1.0, 200, 800) == []


def arc(sag: int) -> NDArray[np.float32]:
    """A line twelve pixels high and 700 long, its middle so much higher than its ends, a little fainter between its signs."""
    made = np.zeros((200, 800), np.float32)
    for x in range(50, 750):
        y = 120 - round(sag * np.sin(np.pi * (x - 50) / 700))
        made[y - 6 : y + 6, x] = 0.75 if x % 20 < 4 else 1.0
    return made


@pytest.mark.parametrize("sag", [0, 25, 45, 70])
def test_a_line_that_does_not_lie_straight_is_found_in_pieces(sag: int) -> None:
    """On a photograph of a bent page a whole line was lost: it does not fill its rectangle."""
    found = quads(arc(sag), 1.0, 200, 800)
    assert (len(found) == 1) is (sag == 0)
    ends = sorted((float(q[:, 0].min()), float(q[:, 0].max())) for q in found)
    assert ends[0][0] < 50
    assert ends[-1][1] > 750
    for (_, end), (start, _) in pairwise(ends):
        assert abs(start - end) < 24, "each goes on where the one before ends"


def test_a_seals_ring_is_no_bent_line() -> None:
    ring = np.zeros((300, 300), np.float32)
    cv2.circle(ring, (150, 150), 110, 1.0, 12)
    assert quads(ring, 1.0, 300, 300) == []
