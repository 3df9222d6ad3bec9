"""Text outside the tables: their places are left blank, and lines that the detector gave in parts are one again."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest

from extractor import free_text, lighting
from extractor.crops import Line
from extractor.levelling import levelled
from extractor.ocr import Image, Quad, Reading
from extractor.textlines import Area

PAPER = 214


def quad(left: int, top: int, right: int, bottom: int) -> Quad:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


class Finder:
    """A detector that finds a line in the middle of every picture, and keeps the pictures."""

    name = "finder"

    def __init__(self) -> None:
        self.shown: list[Image] = []

    def detect(self, image: Image) -> list[Quad]:
        self.shown.append(image)
        high, wide = image.shape[0] // 2, image.shape[1] // 2
        return [quad(wide - 40, high - 8, wide + 40, high + 8)]

    def recognise(self, crops: Sequence[Image], *, doubtful: bool = False) -> list[Reading]:
        return [Reading("", 0.0) for _ in crops]


def sheet(*letters: tuple[int, int, int, int]) -> Image:
    paper = np.full((700, 900, 3), PAPER, np.uint8)
    for left, top, right, bottom in letters:
        cv2.rectangle(paper, (left, top), (right - 1, bottom - 1), (20, 20, 20), -1)
    return paper


BESIDE = ((100, 300, 140, 330), (760, 300, 800, 330))
TABLE = ((200, 200, 700, 210), (200, 490, 700, 500), (250, 300, 400, 330))
LETTERS = ((100, 300, 130, 330), (150, 300, 180, 330), (200, 300, 230, 330))


@pytest.mark.parametrize(
    ("quads", "count"),
    [
        ((quad(96, 296, 185, 334), quad(165, 296, 236, 334)), 1),  # the second letter stands in both
        ((quad(96, 296, 190, 334), quad(182, 296, 236, 334)), 2),  # what they share is paper
        ((quad(96, 296, 185, 334), quad(165, 320, 236, 358)), 2),  # not beside each other
        ((quad(96, 296, 185, 334), quad(165, 296, 236, 396)), 2),  # of another size
    ],
)
def test_two_parts_of_a_line_are_one(quads: tuple[Quad, Quad], count: int) -> None:
    ink = cv2.bitwise_not(sheet(*LETTERS)[:, :, 0])
    ink = np.where(ink > 100, 255, 0).astype(np.uint8)
    whole = free_text._whole(quads, ink)
    assert len(whole) == count
    if count == 1:
        np.testing.assert_array_equal(whole[0], quad(96, 296, 236, 334))


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (quad(115, 295, 236, 335), [130, 236]),  # it begins in a letter of the column
        (quad(60, 295, 115, 335), [60, 100]),  # it ends in one
        (quad(140, 295, 236, 335), [140, 236]),
        (quad(115, 340, 236, 380), [115, 236]),  # the next line
        (quad(98, 295, 128, 335), [98, 128]),  # the letter itself once more
    ],
)
def test_a_line_ends_where_a_column_of_letters_stands(line: Quad, left: list[int]) -> None:
    letters = [Area(100, y, 130, y + 30) for y in (200, 300, 400)]
    cut = free_text.beside(line, letters, (700, 900))
    assert [cut[:, 0].min(), cut[:, 0].max()] == left
    np.testing.assert_array_equal(cut[:, 1], line[:, 1])


def test_nothing_is_found_where_a_table_was() -> None:
    """The table's place is as bright as the paper, and what the detector sees there all the same is no text."""
    table, detector = Area(200, 200, 700, 500), Finder()
    page = sheet((400, 60, 480, 90), *BESIDE, *TABLE)
    (line,) = free_text.lines(levelled(page), [table], detector)
    assert line[:, 1].max() < 200  # above the table; the line found beside it lay on it
    assert len(detector.shown) == 2
    beside = detector.shown[1]
    assert abs(int(beside.max()) - PAPER) <= 6
    assert np.count_nonzero(beside.min(axis=2) < PAPER // 2) <= 2 * 41 * 31


def test_a_blank_place_is_as_bright_as_the_paper_around_it() -> None:
    light = np.linspace(250, 150, 900)[None, :, None]
    page = np.broadcast_to(light, (700, 900, 3)).astype(np.uint8).copy()
    page[200:210, 100:800] = page[390:400, 100:800] = 10
    blank = lighting.blanked(page, [Area(100, 200, 800, 400)])
    assert np.abs(blank[200:400, 120:780].astype(int) - light[:, 120:780]).max() < 8
    np.testing.assert_array_equal(blank[:150], page[:150])
    assert lighting.blanked(page, []) is page


def test_letters_of_a_background_are_no_text() -> None:
    """Pale letters, of whatever colour, are left out; print in gold is as dark as black in one of its colours."""
    paper = np.full((60, 200, 3), PAPER, np.uint8)

    def line(*ink: int, high: int = 60) -> Line:
        pixels = paper.copy()
        cv2.putText(pixels, "CMA", (20, 45), 0, 1.5, ink, 4)
        return Line(Area(0, 0, 200, high), pixels, np.zeros((high, 200), np.uint8))

    black, gold, pale = line(20, 20, 20), line(205, 160, 40), line(PAPER - 20, PAPER - 25, PAPER - 30)
    title, across = line(20, 20, 20, high=200), line(130, 130, 130, high=200)
    small = line(130, 130, 130)
    kept = free_text.printed([black, black, gold, pale, title, across, small])
    assert list(map(id, kept)) == list(map(id, (black, black, gold, title, small)))
    assert free_text.printed([]) == []


def test_a_line_far_from_the_others_is_shown_to_the_detector_without_the_empty_page() -> None:
    """Amid so much paper it saw no page number, and the edges of a photographed sheet are dark from top to bottom."""
    page = np.full((1400, 1000, 3), PAPER, np.uint8)
    page[:, :5] = page[:, -5:] = 30
    for top in (100, 1300):
        for left in range(400, 520, 20):
            page[top : top + 20, left : left + 8] = 20
    finder = Finder()
    found = free_text.lines(levelled(page), [], finder)
    assert len(found) == 2
    assert all(picture.shape[0] < 200 for picture in finder.shown)
    page[300:1200:4, 100:900:40] = 20  # something all over it
    dirty = Finder()
    free_text.lines(levelled(page), [], dirty)
    assert [picture.shape[0] > 1200 for picture in dirty.shown] == [True]


def test_a_slanted_line_beside_those_under_a_seal_is_kept() -> None:
    """The upright rectangles around slanted lines overlap; the line above a seal was taken for the one in it, and lost."""
    slanted = [quad(100, 200 + 44 * i, 800, 230 + 44 * i) for i in range(3)]
    for line in slanted:
        line[1:3, 1] -= 70
    page = sheet()
    cv2.circle(page, (450, 255), 30, (190, 170, 30), -1)  # a gold seal on the third line alone

    class Slanted(Finder):
        def detect(self, image: Image) -> list[Quad]:
            top = 0 if image.shape[0] == 700 else int(slanted[0][:, 1].min()) - 4
            return [line - np.array((0, top), np.float32) for line in slanted]

    level = replace(levelled(page), text=np.full((700, 900), 255, np.uint8), opaque=[Area(430, 240, 470, 270)])
    found = free_text.lines(level, [], Slanted())
    assert sorted(float(line[0, 1]) for line in found) == pytest.approx([200, 244, 288], abs=30)
