"""A sample of a digital page is read in its picture too: which runs, how many, and what two readings come to."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from extractor.crosscheck import MOST, PAGES, crosscheck, is_sampled
from extractor.document import read
from extractor.ocr import Image, OcrEngine, Quad, Reading
from models.errors import OcrFailed, OcrUnavailable
from models.layout import Box, Origin, Page, Word
from tests.cases import CASES, engine

CERTIFICATE = CASES / "clean_company_g3" / "CNAS证书.pdf"


class Says:
    """An engine that reads what it is told to, first of all crops, then of those that are shown again."""

    name = "says"

    def __init__(self, *rounds: Sequence[Reading]) -> None:
        self.rounds = list(rounds)

    def detect(self, image: Image) -> list[Quad]:
        return []

    def recognise(self, crops: Sequence[Image], *, doubtful: bool = False) -> list[Reading]:
        return list(self.rounds.pop(0))


def page(*words: Word) -> Page:
    return Page(1, 595, 842, words, (), Origin.TEXT)


def at(x: float, top: float, text: str) -> Word:
    return Word(text, Box(x, top, x + 10 * len(text), top + 10))


def white(dpi: float) -> Image:
    return np.full((round(842 * dpi / 72), round(595 * dpi / 72), 3), 255, np.uint8)


def test_few_pages_of_long_files_are_looked_at() -> None:
    assert [n for n in range(1, 61) if is_sampled(n, 60)] == [1, 2, 31, 60]
    assert all(is_sampled(n, 3) for n in (1, 2, 3))


def test_a_real_page_says_what_it_shows() -> None:
    (seen,) = read(CERTIFICATE.read_bytes(), "x", engine).pages
    assert seen.readings
    assert any("截止日期" in reading.layer for reading in seen.readings)
    clear = [reading for reading in seen.readings if reading.confidence > 0.99]
    assert clear
    assert all(reading.layer[-2:] == reading.picture[-2:] for reading in clear)


def test_nothing_is_read_twice_without_an_engine(tmp_path: Path) -> None:
    def missing() -> OcrEngine:
        raise OcrUnavailable

    for ocr in (None, missing):
        (seen,) = read(CERTIFICATE.read_bytes(), "x", ocr).pages
        assert seen.readings is None
        assert seen.words


def test_dates_come_first_and_their_number_is_bounded() -> None:
    words = [at(50, 20 * n, f"检测项目第{n:03d}号样品") for n in range(1, 40)] + [at(50, 820, "有效期至2029年12月9日")]
    answers = [Reading("", 0.5)] * MOST
    found = crosscheck(page(*words), 1, white, Says(answers, answers))
    assert len(found) == MOST
    assert found[-1].layer == "有效期至2029年12月9日"
    assert len(crosscheck(page(*words), 60, white, Says(answers[: MOST // PAGES], answers[: MOST // PAGES]))) == 6


def test_what_stands_without_a_gap_is_one_run() -> None:
    words = (at(50, 50, "截止日期："), at(101, 50, "2029-12-09"), at(400, 50, "第一页共三页"))
    said = [Reading("截止日期：2029-12-09", 0.99), Reading("第一页共三页", 0.99)]
    assert [r.layer for r in crosscheck(page(*words), 1, white, Says(said))] == ["截止日期：2029-12-09", "第一页共三页"]


@pytest.mark.parametrize(
    ("first", "second", "picture", "sure"),
    [
        (Reading("2033-12-09", 0.99), Reading("2033-12-09", 0.95), "2033-12-09", 0.95),
        (Reading("2033-12-09", 0.99), Reading("2029-12-09", 0.91), "2029-12-09", 0.91),
        (Reading("2033-12-09", 0.99), Reading("2039-12-09", 0.99), "2033-12-09", 0.0),
    ],
)
def test_what_seems_to_differ_is_read_again(first: Reading, second: Reading, picture: str, sure: float) -> None:
    (reading,) = crosscheck(page(at(50, 50, "2029-12-09")), 1, white, Says([first], [second]))
    assert (reading.picture, reading.confidence) == (picture, sure)


def test_an_engine_that_fails_is_no_fault_of_the_page() -> None:
    with pytest.raises(OcrFailed):
        crosscheck(page(at(50, 50, "2029-12-09")), 1, white, Says([]))
