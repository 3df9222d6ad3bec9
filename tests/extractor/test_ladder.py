"""Doubtful lines read again: ink that no character explains, readings that agree or do not, and what is asked in which order."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from reportlab.pdfgen.canvas import Canvas

from extractor.crops import Line
from extractor.ladder import DOUBT, Step, closer, reread, unexplained
from extractor.ocr import Image, OcrEngine, Quad, Reading, default_engine
from extractor.rulings import ink
from extractor.scan import read_scan
from extractor.textlines import Area
from models.text import to_simplified
from samples.generate.degrade import rendered
from samples.generate.draw.fonts import SONG, register
from samples.generate.draw.ink import text as write

MARGIN = 5


@pytest.fixture(scope="module")
def engine() -> OcrEngine:
    return default_engine()


def printed(text: str, dpi: int = 200, size: float = 9.0) -> Line:
    """The text as it is printed in a cell, cut out with a margin of five pixels."""
    register()
    canvas = Canvas("line.pdf", pagesize=(len(text) * size + 40, 40))
    write(canvas, 20, 16, text, size, SONG)
    (page,) = rendered(canvas.getpdfdata(), dpi)
    dark = ink(np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), np.uint8))
    ys, xs = np.nonzero(dark)
    area = Area(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)
    return Line(area, area.expanded(MARGIN, MARGIN).of(page), area.of(dark))


def plain(text: str) -> str:
    """Without blanks and in simplified signs."""
    return to_simplified(text).replace(" ", "")


def without(reading: Reading, sign: str) -> Reading:
    """The reading as if the sign had been overlooked."""
    at = reading.text.index(sign)
    places = reading.positions[:at] + reading.positions[at + 1 :]
    return Reading(reading.text[:at] + reading.text[at + 1 :], 0.999, places)


@pytest.mark.parametrize(
    "text", ["汞、砷", "柠檬黄、日落黄、胭脂红", "食品中果糖、葡萄糖的测定 GB 5009.8-2023", "不做现场采样。仅限实验室"]
)
def test_a_sign_that_was_overlooked_is_found_by_its_ink(text: str, engine: OcrEngine) -> None:
    line = printed(text)
    sign = "。" if "。" in text else "、"
    (lost,) = engine.recognise([line.pixels])
    if lost.text.count(sign) == text.count(sign):
        assert not unexplained(line, lost)
        lost = without(lost, sign)
    assert unexplained(line, lost)
    (found,), steps = reread([line], [lost], engine)
    assert plain(found.text) == plain(text)
    assert found.other == lost.text
    assert sum(step.gained for step in steps) == 1


@pytest.mark.parametrize(
    "text", ["GB/T 5009.12-2017 第一法", "大肠菌群", "1.10", "(0～200)mm", "实 验 室 认 可", "U=0.3 %（k=2）"]
)
def test_lines_read_in_full_leave_no_ink(text: str, engine: OcrEngine) -> None:
    line = printed(text)
    (reading,) = engine.recognise([line.pixels])
    assert not unexplained(line, reading)


def test_ink_that_no_way_of_reading_explains_makes_the_line_unsure(engine: OcrEngine) -> None:
    line = printed("总砷       铅")
    (whole,) = engine.recognise([line.pixels])
    spoilt = line.ink.copy()
    middle = spoilt.shape[1] // 2
    spoilt[8:18, middle - 4 : middle + 5] = 255  # a stain that the picture does not show
    (reading,), _ = reread([Line(line.area, line.pixels, spoilt)], [whole], engine)
    assert reading.text == whole.text
    assert reading.confidence < 0.65 < whole.confidence


class Told:
    """An engine that gives the answers it was told, one after the other, then what nobody may take, and keeps the pictures."""

    name = "told"

    def __init__(self, *answers: Reading) -> None:
        self.answers = list(answers)
        self.shown: list[Image] = []

    def detect(self, image: Image) -> list[Quad]:
        return []

    def recognise(self, crops: Sequence[Image], *, doubtful: bool = False) -> list[Reading]:
        self.shown += crops
        return [self.answers.pop(0) if self.answers else Reading("不取", 0.999) for _ in crops]


@pytest.fixture(scope="module")
def line() -> Line:
    return printed("硝基呋喃类")


def test_nothing_is_read_twice_without_doubt(line: Line) -> None:
    engine = Told()
    sure = Reading("硝基呋喃类", DOUBT)
    assert reread([line], [sure], engine) == ([sure], ())
    assert reread([], [], engine) == ([], ())
    assert reread([line], [Reading("", 0.0)], engine) == ([Reading("", 0.0)], ())
    assert engine.shown == []


@pytest.mark.parametrize(
    ("first", "answers", "text", "other", "least", "most"),
    [
        (("甲乙", 0.8), [("甲乙", 0.9)], "甲乙", "", 0.9, 0.9),
        (("甲乙", 0.8), [("甲 乙", 0.7)], "甲乙", "", 0.8, 0.8),
        (("甲乙", 0.9), [("甲己", 0.8), ("甲己", 0.85)], "甲己", "甲乙", 0.7, 0.8),
        (("甲乙", 0.9), [("甲己", 0.8), ("甲已", 0.7), ("甲", 0.6)], "甲乙", "甲己", 0.6, 0.75),
        (("09", 0.83), [("C", 0.01), ("CO", 0.09), ("CO", 0.2)], "09", "CO", 0.7, 0.8),
        (("甲乙", 0.5), [("", 0.0), ("", 0.0), ("", 0.0)], "甲乙", "", 0.5, 0.5),
        (("黃", 0.6), [("黄", 0.7)], "黄", "", 0.7, 0.7),
    ],
)
def test_agreement_decides_and_the_other_reading_is_kept(
    line: Line,
    first: tuple[str, float],
    answers: list[tuple[str, float]],
    text: str,
    other: str,
    least: float,
    most: float,
) -> None:
    engine = Told(*(Reading(*answer) for answer in answers))
    (reading,), steps = reread([line], [Reading(*first)], engine)
    assert (reading.text, reading.other) == (text, other)
    assert least <= reading.confidence <= most
    assert [step.lines for step in steps] == [1] * len(answers)


def test_under_a_seal_only_what_is_clearly_surer_outvotes_the_first_reading(line: Line) -> None:
    answers = [Reading("2025年", 0.85), Reading("2025年", 0.9)]
    for sealed, text in ((False, "2025年"), (True, "2026年")):
        found, _ = reread([replace(line, sealed=sealed)], [Reading("2026年", 0.8)], Told(*answers))
        assert found[0].text == text


@pytest.mark.parametrize(
    ("first", "lost", "sure"),
    [
        ("2031年09月20日", "2031年0020日", 0.88),  # half a date
        ("2029年12日09日", "2029年1日09日", 0.88),  # a sign that is known counts less than a digit
        ("年04月17日", "年1月17日", 0.95),  # the year stands apart
    ],
)
def test_under_a_seal_what_lost_digits_of_a_date_is_only_a_rival(
    line: Line, first: str, lost: str, sure: float
) -> None:
    answers = [Reading(lost, 0.88), Reading(lost, sure)]
    (found,), _ = reread([replace(line, sealed=True)], [Reading(first, 0.7)], Told(*answers))
    assert (found.text, found.other) == (first, lost)
    assert found.confidence < 0.6


def test_under_a_seal_two_dates_that_differ_in_their_hidden_last_sign_are_one(line: Line) -> None:
    answers = [Reading("2022年12月04", 0.99), Reading("2022年12月04", 0.99)]
    (found,), steps = reread([replace(line, sealed=True)], [Reading("2022年12月04日", 0.74)], Told(*answers))
    assert (found.text, found.confidence) == ("2022年12月04日", 0.74)
    assert [step.lines for step in steps] == [1]


def test_a_finer_picture_is_asked_first_and_the_second_engine_last(line: Line) -> None:
    engine, second = Told(*(Reading(text, 0.5) for text in "一二三四")), Told(Reading("五", 0.9))
    fine = np.zeros((90, 400, 3), np.uint8)
    made: list[OcrEngine] = []

    def other() -> OcrEngine:
        made.append(second)
        return second

    (reading,), steps = reread([line], [Reading("六", 0.4)], engine, other, lambda _: fine)
    assert [step.name for step in steps] == ["finer", "closer", "wider", "sharper", "second"]
    assert engine.shown[0] is fine
    assert second.shown == [line.pixels]
    assert made == [second]
    assert reading.text == "五"
    assert steps[-1] == Step("second", 1, 1)


def test_lines_that_are_settled_climb_no_further(line: Line) -> None:
    """A few lines are shown in all ways at once, but no more is taken than settles them; many go up rung by rung."""
    readings = [Reading("甲", 0.5), Reading("丙", 0.5), Reading("丁", 0.99)]
    few = Told(Reading("甲", 0.6), Reading("乙", 0.6), Reading("不取", 0.99), Reading("丙", 0.6))
    many = Told(*[Reading("甲", 0.6), Reading("乙", 0.6)] * 4, *[Reading("丙", 0.6)] * 4)
    for engine, times in ((few, 1), (many, 4)):
        found, steps = reread([line] * 3 * times, readings * times, engine)
        assert [reading.text for reading in found] == ["甲", "丙", "丁"] * times
        assert [(step.name, step.lines) for step in steps] == [("closer", 2 * times), ("wider", times)]
    assert len(few.shown) == 6
    assert len(many.shown) == 12


def test_closer_cuts_the_margin_away(line: Line) -> None:
    nearer = closer(line)
    assert nearer is not None
    assert line.area.height - 4 <= nearer.shape[0] <= line.area.height + 2
    assert closer(Line(line.area, nearer, line.ink)) is None


@pytest.mark.parametrize(("sign", "read"), [("、", "只测四环素类、磺胺类"), ("", "只测四环素类磺胺类")])
def test_a_comma_printed_on_the_rule_behind_a_full_line_is_read(sign: str, read: str, engine: OcrEngine) -> None:
    register()
    canvas = Canvas("page.pdf", pagesize=(842, 300))
    canvas.setLineWidth(0.6)
    canvas.grid([40, 140, 200, 340, 460], [40, 80, 120, 160])
    for row, texts in enumerate((("食品", "水分", "测定方法", "维持"), ("饲料", "灰分", "测定方法", "变更"))):
        for x, text in zip((60, 150, 220, 380), texts, strict=True):
            write(canvas, x, 136 - 40 * row, text, 9, SONG)
    write(canvas, 142, 64, "只测四环素类" + sign, 9, SONG)
    write(canvas, 142, 50, "磺胺类", 9, SONG)
    (picture,) = rendered(canvas.getpdfdata(), 200)
    page = read_scan(picture, 72 / 200, engine)
    (table,) = page.tables
    (cell,) = [cell for cell in table.cells if (cell.row, cell.column) == (2, 1)]
    assert cell.text == read
    assert (cell.confidence < 0.85) is bool(sign)
    assert [step.gained for step in page.steps if step.name == "beyond"] == [1] * bool(sign)
