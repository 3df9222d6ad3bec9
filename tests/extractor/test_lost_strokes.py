"""The thin stroke of 一 that a copier lost, told by its place; never where other ink is, or another numeral could be."""

import numpy as np
import pytest

from extractor.crops import Line
from extractor.lost_strokes import restored
from extractor.ocr import Reading
from extractor.textlines import Area

HEIGHT, MARGIN = 22, 4


def read(text: str, places: tuple[int, ...], *dots: tuple[int, int]) -> Reading:
    """The reading of a line of letters in a square grid of `HEIGHT`, restored; `dots` are ink at row and column, in pixels."""
    width = HEIGHT * (max(places) + 1)
    ink = np.zeros((HEIGHT, width), np.uint8)
    for sign, place in zip(text, places, strict=True):
        ink[1 : HEIGHT - 1, HEIGHT * place + 2 : HEIGHT * (place + 1) - 2] = 0 if sign == "-" else 255
    for row, column in dots:
        ink[row : row + 2, column : column + 3] = 255
    pixels = np.full((HEIGHT + 2 * MARGIN, width + 2 * MARGIN, 3), 255, np.uint8)
    positions = tuple((MARGIN + HEIGHT * (place + 0.5)) / pixels.shape[1] for place in places)
    return restored(Line(Area(0, 0, width, HEIGHT), pixels, ink), Reading(text, 0.97, positions))


def test_dots_at_half_height_between_the_letters_are_a_one() -> None:
    found = read("只用第法", (0, 1, 2, 4), (10, 72), (11, 82))
    assert found.text == "只用第一法"
    assert found.confidence <= 0.6
    assert found.other == "只用第法"
    assert len(found.positions) == 5


def test_what_the_dots_were_read_as_gives_way() -> None:
    assert read("第-法", (0, 1, 2), (10, 28)).text == "第一法"
    assert read("式般压力表", (0, 2, 3, 4, 5), (10, 28)).text == "式一般压力表"


@pytest.mark.parametrize(
    ("text", "places", "dots"),
    [
        ("第法", (0, 2), ()),  # nothing is left: it may have been any numeral
        ("第法", (0, 2), ((4, 30), (17, 30))),  # 二
        ("第法", (0, 2), ((4, 30), (10, 30), (17, 30))),  # 三
        ("第法", (0, 1), ()),  # no room
        ("方法", (0, 2), ((10, 30),)),  # a dash, or anything
        ("第二法", (0, 1, 2), ()),
        ("一般", (0, 1), ()),
    ],
)
def test_nothing_is_made_up(text: str, places: tuple[int, ...], dots: tuple[tuple[int, int], ...]) -> None:
    found = read(text, places, *dots)
    assert (found.text, found.confidence, found.other) == (text, 0.97, "")


def test_a_reading_without_places_stays() -> None:
    line = Line(Area(0, 0, 4, 4), np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), np.uint8))
    assert restored(line, Reading("第法", 0.9)) == Reading("第法", 0.9)
