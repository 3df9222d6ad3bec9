"""Shaded cells: told from shadows, made as pale as paper, and their tables read as if they were white."""

import unicodedata

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from extractor.levelling import levelled
from extractor.ocr import Image as Pixels
from extractor.ocr import OcrEngine, default_engine
from extractor.pdf import open_pdf
from extractor.rulings import Grey, ink
from extractor.scan import read_scan
from extractor.shading import lifted, tones
from extractor.tables import build
from models.layout import Table
from samples.generate.degrade import rendered
from samples.generate.degrade.office import LEVELS, scan_page
from samples.generate.draw.annex import draw_annex
from samples.generate.invent import invent
from samples.generate.plan import Plan

DPI = 200
WORD_GREY, WORD_BLUE = (166, 166, 166), (138, 170, 219)  # of a word processor's palette: 白色，深色 35%; 蓝色，淡色 40%


def page(tone: int) -> Grey:
    """A shaded row on paper, ruled around, with text in it and below it, 8 pixels a millimetre."""
    paper = np.full((2376, 1680), 250, np.uint8)
    cv2.rectangle(paper, (200, 300), (1480, 400), tone, -1)
    for top in (300, 400, 500):
        cv2.rectangle(paper, (200, top), (1480, top + 100), 40, 2)
        cv2.putText(paper, "GB/T 5009.3-2016", (260, top + 65), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 30, 3)
    return paper


@pytest.mark.parametrize("tone", [90, 140, 191, 217])
def test_a_shaded_row_becomes_paper_and_keeps_its_text_and_rules(tone: int) -> None:
    shaded, white = page(tone), page(250)
    pale = lifted(shaded)
    assert np.array_equal(pale[420:], shaded[420:])
    bare = cv2.dilate((white < 200).astype(np.uint8), np.ones((5, 5), np.uint8)) == 0
    assert pale[bare].min() > 240
    inked = white < 60
    assert pale[inked].max() < 250 - (tone - 40) / 2


def test_a_page_without_tones_is_left_as_it_is() -> None:
    bare = page(250)
    small = page(140)[::12, ::12]
    assert lifted(bare) is bare
    assert lifted(small) is small


def test_shadows_desks_and_blots_are_no_tones() -> None:
    clear = page(250)[::8, ::8]
    away = np.abs(np.arange(clear.shape[1]) - 100)
    shadow = (clear * (1 - 0.4 / (1 + np.exp((away - 30) / 6.0)))[None, :]).astype(np.uint8)
    desk = clear.copy()
    desk[-40:] = 120
    blot = clear.copy()
    blot[200:204, 100:104] = 120
    black = clear.copy()
    black[150:180, 20:80] = 60
    for picture in (shadow, desk, blot, black):
        assert not tones(picture).any()


def test_strokes_of_large_letters_are_no_tones() -> None:
    sheet = Image.new("RGB", (1000, 320), "white")
    ImageDraw.Draw(sheet).text((80, 120), "SHEET NUMBER 1000", "black", font_size=72)
    soft = cv2.GaussianBlur(cv2.cvtColor(np.asarray(sheet), cv2.COLOR_RGB2GRAY), (0, 0), 1.0)
    for step in (2, 3, 4):
        assert not tones(np.ascontiguousarray(soft[::step, ::step])).any()


def test_a_shaded_row_in_uneven_light_is_a_tone_and_nothing_else_is() -> None:
    lamp = np.linspace(0.8, 1.0, 210)[None, :]
    found = tones((page(150)[::8, ::8] * lamp).astype(np.uint8))
    assert found[39:49, 27:183].all()
    assert not found[53:].any()


def test_tones_are_taken_off_for_tables_alone() -> None:
    bare, toned = (levelled(np.repeat(page(tone)[:, :, None], 3, axis=2)) for tone in (250, 140))
    assert bare.ruled is bare.dark
    assert bare.celled is bare.text
    assert np.array_equal(toned.dark, ink(page(140)))  # a seal or a letter in a tone is found as ever
    thick = cv2.morphologyEx(toned.dark, cv2.MORPH_OPEN, np.ones((10, 10), np.uint8))
    assert thick.any()
    assert not cv2.morphologyEx(toned.ruled, cv2.MORPH_OPEN, np.ones((10, 10), np.uint8)).any()


def cells(tables: tuple[Table, ...]) -> list[list[str]]:
    return [
        ["".join(unicodedata.normalize("NFKC", cell.text).split()) for cell in row]
        for table in tables
        for row in table.grid()
    ]


def shaded_cells(picture: Pixels, tables: tuple[Table, ...], tone: tuple[int, int, int], which: str) -> Pixels:
    """The page with the header, the first column, every other row or all of its tables printed on a tone."""
    shaded = picture.copy()
    for cell in (cell for table in tables for cell in table.cells):
        if {"header": cell.row < 2, "first": cell.column == 0, "bands": cell.row % 2 == 0, "all": True}[which]:
            box = cell.box
            x0, top, x1, bottom = (round(side * DPI / 72) for side in (box.x0, box.top, box.x1, box.bottom))
            part = shaded[top:bottom, x0:x1]
            part[:] = (part * (np.array(tone) / 255)).astype(np.uint8)
    return shaded


@pytest.fixture(scope="module")
def drawn() -> tuple[Pixels, tuple[Table, ...]]:
    pdf = draw_annex(invent(3, Plan(generation="G3", objects=3, parameters=8)).annex).pdf
    with open_pdf(pdf) as file:
        seen = file.read_page(2)
    return rendered(pdf, DPI)[1], build(seen.words, seen.rulings)[0]


@pytest.fixture(scope="module")
def engine() -> OcrEngine:
    return default_engine()


@pytest.mark.slow
@pytest.mark.parametrize("which", ["header", "first", "bands", "all"])
@pytest.mark.parametrize(("tone", "level"), [(WORD_GREY, "light"), (WORD_GREY, "medium"), (WORD_BLUE, "medium")])
def test_shaded_tables_are_read_as_white_ones(
    drawn: tuple[Pixels, tuple[Table, ...]], engine: OcrEngine, tone: tuple[int, int, int], which: str, level: str
) -> None:
    picture, tables = drawn
    rng = np.random.default_rng(4)
    worn = scan_page(shaded_cells(picture, tables, tone, which), LEVELS[level], rng, grey=tone is WORD_GREY)
    assert cells(read_scan(worn, 72 / DPI, engine).tables) == cells(tables)
