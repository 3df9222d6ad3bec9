"""Notes by hand in blue ink: told from print, emblems and stamps, taken off the page, and read only where a form asks for them."""

import cv2
import numpy as np
import pytest

from extractor.levelling import levelled
from extractor.ocr import Image
from extractor.pen import Notes, filled_in, notes_on, without
from extractor.rulings import ink
from extractor.scan import ScannedPage, read_scan
from extractor.textlines import Area
from samples.generate.degrade import DEGRADATIONS, parse_wears, sheets, worn
from samples.generate.degrade.sheet import Sheet
from samples.generate.draw.annex import draw_annex
from samples.generate.draw.fonts import missing_packages
from samples.generate.invent import invent
from samples.generate.plan import Plan
from tests.cases import engine

needs_fonts = pytest.mark.skipif(
    bool(missing_packages()), reason=f"drawing needs fonts: apt-get install {' '.join(missing_packages())}"
)
PEN = (46, 48, 90)
POINTS = 72 / 200


def page() -> Image:
    """Lines of black print on an A4 page at 200 dots per inch."""
    image = np.full((2339, 1654, 3), 250, np.uint8)
    for y in range(300, 2200, 60):
        cv2.putText(image, "CNAS L1234 Hainan 2024-03-14", (120, y), 0, 0.9, (25, 25, 25), 2)
    return image


def noted(image: Image, place: tuple[int, int] = (900, 500), scale: float = 1.6, text: str = "3/14") -> Image:
    cv2.putText(image, text, place, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, scale, PEN, 4)
    return image


def found(image: Image) -> tuple[Area, ...]:
    notes = notes_on(image, ink(np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)))
    return notes.areas if notes else ()


def test_a_note_is_found_and_taken_off() -> None:
    image = noted(page())
    level = levelled(image)
    assert level.notes is not None
    assert {(area.left > 850, 420 < area.top < 520) for area in level.notes.areas} == {(True, True)}
    assert np.abs(level.image.astype(int) - page()).max() < 40
    assert np.abs(without(image, level.notes).astype(int)[:, :800] - page()[:, :800]).max() == 0


def test_a_note_on_tinted_paper_with_a_white_margin_is_found() -> None:
    tint = np.full((2339, 1654, 3), (252, 240, 150), np.uint8)
    tint[:120] = tint[-120:] = tint[:, :120] = tint[:, -120:] = 255
    tinted = np.asarray(noted(page()) * (tint / 255.0), np.uint8)
    places = found(tinted)
    assert places
    assert all(area.left > 850 for area in places)


@pytest.mark.parametrize("strength", ["light", "medium", "strong"])
def test_print_on_a_photographed_screen_is_no_note(strength: str) -> None:
    sheet = Sheet(page(), 200.0)
    picture = DEGRADATIONS["moire"](sheet, strength, np.random.default_rng(3)).picture
    assert found(picture) == ()


def test_a_note_that_crosses_print_leaves_the_print() -> None:
    image = noted(page(), (420, 500))
    level = levelled(image)
    assert level.notes is not None
    print_ = (page().max(axis=2) < 60) & (image.min(axis=2) < 30)
    assert (level.image.max(axis=2)[print_] < 90).mean() > 0.97


def test_a_note_on_a_rule_leaves_the_rule() -> None:
    image = page()
    image[486:488, 100:1500] = 30
    image[300:900, 960:962] = 30
    level = levelled(noted(image))
    assert level.notes is not None
    assert (level.image[486:488, 800:1200].max(axis=(0, 2)) < 110).all()
    assert (level.image[400:560, 960:962].max(axis=(1, 2)) < 110).all()


@pytest.mark.parametrize(
    "what",
    ["plain", "print in blue", "a page printed in blue", "an emblem"],
)
def test_print_in_blue_is_no_note(what: str) -> None:
    image = page()
    if what == "print in blue":
        cv2.putText(image, "www.example.cn", (900, 500), 0, 0.9, (20, 40, 160), 2)
    elif what == "a page printed in blue":
        image[:, :, 2] = np.maximum(image[:, :, 2], 120)
    elif what == "an emblem":
        cv2.circle(image, (1200, 200), 90, PEN, 30)
        noted(image, (1120, 210), 1.2, "CMA")
    assert found(image) == ()


def test_what_a_form_asks_for_is_no_remark() -> None:
    label, value, date, below = (
        Area(100, 100, 300, 140),
        Area(320, 100, 600, 140),
        Area(100, 300, 500, 340),
        Area(320, 200, 600, 240),
    )
    written = Area(330, 90, 500, 150)
    words = [(label, "法定代表人："), (date, "年 月 日"), (below, "海南")]
    unit = 8.0
    assert list(filled_in([written], words, unit)) == [(written, None)]
    assert list(filled_in([written], [*words, (value, "吴芳")], unit)) == []
    day = Area(120, 295, 160, 345)
    assert list(filled_in([day], words, unit)) == [(Area(100, 295, 500, 345), 1)]
    assert list(filled_in([Area(700, 90, 800, 150)], words, unit)) == []  # far behind the label
    assert list(filled_in([written], [(label, "法定代表人")], unit)) == []


@pytest.fixture(scope="module")
def pages() -> tuple[ScannedPage, ScannedPage]:
    """A page of an annex as it was printed and with six notes on it, as read."""
    pdf = draw_annex(invent(9, Plan(generation="G2", objects=1, parameters=2)).annex).pdf
    number = 2
    plain = sheets(pdf, 200)[number].picture
    over = worn(pdf, parse_wears("handwriting:strong"), 7)[number].picture
    return read_scan(plain, POINTS, engine()), read_scan(over, POINTS, engine())


@needs_fonts
def test_notes_change_no_cell_and_add_no_words(pages: tuple[ScannedPage, ScannedPage]) -> None:
    def said(page: ScannedPage) -> list[str]:
        cells = [cell for table in page.tables for cell in table.cells]
        return ["".join(word.text for word in cell.words) for cell in cells] + sorted(word.text for word in page.words)

    plain, over = pages
    assert said(over) == said(plain)


def test_a_cell_that_holds_nothing_but_a_note_is_not_surely_empty() -> None:
    image = page()
    image[600:1000] = 250
    for x in (200, 500, 800, 1100, 1400):
        cv2.line(image, (x, 700), (x, 900), (30, 30, 30), 3)
    for y in (700, 800, 900):
        cv2.line(image, (200, y), (1400, y), (30, 30, 30), 3)
    cv2.putText(image, "GB 5009.3", (230, 765), 0, 0.9, (25, 25, 25), 2)
    noted(image, (540, 785), 1.8)
    (table,) = read_scan(image, POINTS, engine()).tables
    printed, written, empty = (next(c for c in table.cells if (c.row, c.column) == (0, column)) for column in range(3))
    assert ("".join(printed.text.split()), written.text, empty.text) == ("GB5009.3", "", "")
    assert printed.confidence > 0.9
    assert written.confidence <= 0.6
    assert empty.confidence == 1.0


@pytest.mark.parametrize("filled", [Area(100, 100, 130, 104), Area(0, 0, 1654, 2339)])
def test_a_stroke_that_fills_its_own_area_is_taken_off(filled: Area) -> None:
    image = page()
    mask = np.zeros(image.shape[:2], np.uint8)
    filled.of(mask)[:] = 255
    clear = without(image, Notes(mask, (filled,)))
    assert filled.of(clear).min() >= 250
