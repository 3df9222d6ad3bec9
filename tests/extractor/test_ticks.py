"""Boxes and circles to be ticked, read from their shape on clean and worn lines, where recognition passes over them."""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from extractor.crops import Line
from extractor.ladder import reread
from extractor.ocr import Reading
from extractor.rulings import ink
from extractor.textlines import Area
from extractor.ticks import marked, shapes
from samples.generate.degrade import rendered
from samples.generate.draw.fonts import SONG, register, width
from samples.generate.draw.ink import text as write
from tests.extractor.test_ladder import Told

STANDING = "●独立法人检验检测机构    ○非独立法人检验检测机构"
FEATURES = "☑固定  □临时  □可移动  □多场所"
TYPES = "□首次  ☑扩项  □地址变更  □复查  □标准变更"
SIGNS = "●○☑□"
CLEAN, WORN = 0.0, 1.6
"""Pixels at 200 dpi: how far the ink has run."""


@cache
def printed(text: str, blur: float = CLEAN, size: float = 10.5) -> tuple[Line, Reading]:
    """The text as a line on a page of A4, and what an engine reads in it that finds all its signs in their places."""
    register()
    dpi = 200
    canvas = Canvas("line.pdf", pagesize=A4)
    write(canvas, 20, 700, text, size, SONG)
    (page,) = rendered(canvas.getpdfdata(), dpi)
    if blur:
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), blur), np.uint8)
        grain = np.random.default_rng(7).normal(0.0, 4.0, page.shape[:2])[:, :, None]
        page = np.clip(page + grain, 0, 255).astype(np.uint8)
    dark = ink(np.asarray(cv2.GaussianBlur(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), (3, 3), 0), np.uint8))
    ys, xs = np.nonzero(cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)))
    area = Area(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)
    shown = area.expanded(5, 5)
    middles = [width(text[:i], SONG, size) + width(text[i], SONG, size) / 2 for i in range(len(text))]
    places = (20 + np.array(middles)) * dpi / 72 - shown.left
    line = Line(area, shown.of(page), area.of(dark))
    return line, Reading(text, 0.998, tuple((places / shown.width).tolist()))


def without(reading: Reading, signs: str) -> Reading:
    """The reading as if these had been passed over."""
    kept = [(sign, at) for sign, at in zip(reading.text, reading.positions, strict=True) if sign not in signs]
    return Reading("".join(sign for sign, _ in kept), reading.confidence, tuple(at for _, at in kept))


def bare(text: str) -> str:
    """Without blanks."""
    return "".join(text.split())


@pytest.mark.parametrize("blur", [CLEAN, 0.8, WORN])
@pytest.mark.parametrize("text", [STANDING, "○独立法人检验检测机构    ●非独立法人检验检测机构", FEATURES, TYPES])
@pytest.mark.parametrize("lost", [SIGNS, "●", "○", "☑", "□"])
def test_signs_that_were_passed_over_are_known_by_their_shape(text: str, lost: str, blur: float) -> None:
    line, reading = printed(text, blur)
    found = marked(line, without(reading, lost))
    assert bare(found.text) == bare(text)
    assert len(found.positions) == len(found.text)
    assert marked(line, found) == found


def test_what_was_read_in_full_stays_as_sure_as_it_was() -> None:
    for text in (STANDING, FEATURES, TYPES):
        line, reading = printed(text, WORN)
        assert marked(line, reading) == reading


@pytest.mark.parametrize(("read", "shown"), [("●", "○"), ("☑", "□"), ("□", "☑")])
def test_a_sign_that_its_shape_contradicts_is_not_to_be_relied_on(read: str, shown: str) -> None:
    line, reading = printed(STANDING if shown == "○" else FEATURES, 0.8)
    at = reading.text.index(shown)
    wrong = Reading(reading.text[:at] + read + reading.text[at + 1 :], 0.99, reading.positions)
    found = marked(line, wrong)
    assert found.text == wrong.text
    assert found.confidence < 0.5


@pytest.mark.parametrize("ink_of_pen", [(20, 20, 20), (40, 60, 160), (90, 110, 190)])
@pytest.mark.parametrize("length", [0.5, 0.7, 0.9, 1.05])
def test_a_box_with_a_stroke_of_a_pen_is_never_an_empty_one(length: float, ink_of_pen: tuple[int, int, int]) -> None:
    line, reading = printed("□固定  □临时  □可移动", 0.8)
    page = line.pixels.copy()
    height, across = line.ink.shape[0], reading.positions[0] * page.shape[1]
    middle = (across, page.shape[0] / 2)
    stroke = np.array([(-0.35, 0.0), (-0.08, 0.32), (0.45, -0.45)]) * length * height + middle
    cv2.polylines(page, [stroke.astype(np.int32)], False, ink_of_pen, 2, cv2.LINE_AA)
    grey = cv2.GaussianBlur(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), (3, 3), 0)
    margin = (page.shape[1] - line.ink.shape[1]) // 2
    dark = (grey[margin : margin + height, margin : margin + line.ink.shape[1]] < 200).astype(np.uint8) * 255
    found = marked(replace(line, pixels=page, ink=np.asarray(dark, np.uint8)), without(reading, "□"))
    assert bare(found.text).removeprefix("☑") == "固定□临时□可移动"


def test_large_discs_are_discs() -> None:
    """What is dark over a wide area has no ink in its middle, for it is no darker than its surroundings."""
    line, reading = printed(STANDING, 0.8, size=18.0)
    assert bare(marked(line, without(reading, SIGNS)).text) == bare(STANDING)


def test_letters_are_no_boxes() -> None:
    line, reading = printed("☑海口 □回口 □国营 □困日", 0.8)
    assert marked(line, reading) == reading
    lone, reading = printed("海口市回民街", 0.8)
    lost = without(reading, "口回")
    assert marked(lone, lost) == lost  # no choices: what has the shape of a box may be a letter that was lost


def test_letters_that_ran_into_blots_are_no_discs() -> None:
    line, reading = printed(FEATURES, 0.8)
    at = round(reading.positions[reading.text.index("固")] * line.pixels.shape[1])
    left = at - (line.pixels.shape[1] - line.ink.shape[1]) // 2
    line = replace(line, ink=line.ink.copy())
    line.ink[3:-3, left - 11 : left + 11] = 255
    assert "●" in [shape.sign for shape in shapes(line.ink)]
    found = marked(line, without(reading, "固"))
    assert "●" not in found.text


def test_a_choice_that_is_known_by_its_shape_is_not_read_again() -> None:
    line, reading = printed(STANDING, WORN)
    engine = Told()
    (found,), steps = reread([line], [without(reading, SIGNS)], engine)
    assert (bare(found.text), steps, engine.shown) == (bare(STANDING), (), [])
