"""Ink that stands level with detected lines and belongs to none of them."""

import cv2
import numpy as np
import pytest

from extractor.crops import Line
from extractor.ocr import Reading
from extractor.overlooked import is_read_beside, pieces
from extractor.textlines import Area

LINE = Area(300, 100, 600, 140)


def page() -> np.ndarray:
    text = np.zeros((400, 800), np.uint8)
    text[104:136, 300:600:9] = 255  # the detected line
    return text


def test_a_character_apart_from_its_line_is_found_whole() -> None:
    text = page()
    cv2.rectangle(text, (100, 106), (106, 134), 255, -1)  # two strokes of one sign
    cv2.rectangle(text, (112, 106), (130, 134), 255, -1)
    cv2.rectangle(text, (200, 106), (228, 134), 255, -1)
    assert pieces(text, [LINE], []) == [Area(100, 106, 131, 135), Area(200, 106, 229, 135)]


def test_what_stands_between_lines_or_reaches_over_them_is_left_alone() -> None:
    text = page()
    cv2.rectangle(text, (100, 150), (130, 180), 255, -1)  # below the line
    cv2.rectangle(text, (40, 20), (60, 380), 255, -1)  # a frame
    cv2.rectangle(text, (700, 118), (704, 122), 255, -1)  # a speck
    assert pieces(text, [LINE], []) == []


def test_ink_in_tables_and_stamps_is_not_looked_at() -> None:
    text = page()
    cv2.rectangle(text, (100, 106), (130, 134), 255, -1)
    assert pieces(text, [LINE], [Area(80, 80, 150, 160)]) == []


@pytest.mark.parametrize(
    ("piece", "text", "said", "beside"),
    [
        (Area(290, 100, 320, 140), "2", "2026年", True),  # the detector had cut into the first letter
        (Area(280, 100, 301, 140), "2", "2026年", False),  # the first of two
        (Area(290, 100, 320, 140), "1", "2026年", False),
        (Area(575, 100, 620, 140), "年", "2026年", True),
        (Area(240, 100, 299, 140), "2", "2026年", False),  # does not reach into it
        (Area(290, 100, 620, 140), "2026年", "2026年", False),  # the longer one stays
    ],
)
def test_a_piece_of_a_letter_that_its_line_was_read_with_is_known(
    piece: Area, text: str, said: str, *, beside: bool
) -> None:
    line = Line(LINE, np.zeros((56, 316, 3), np.uint8), np.zeros((40, 300), np.uint8))
    positions = (0.05, 0.27, 0.5, 0.72, 0.94)
    assert is_read_beside(piece, text, line, Reading(said, 0.9, positions)) is beside
    assert not is_read_beside(piece, text, line, Reading(said, 0.9))


def test_an_empty_page_has_none() -> None:
    assert pieces(np.zeros((50, 50), np.uint8), [], []) == []
