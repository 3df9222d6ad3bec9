"""Whole pages read from pixels: turned, skewed, stamped, spoilt; and engines that fail."""

import io
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pictures

from extractor import free_text, rulings, scan
from extractor.images import decode
from extractor.levelling import levelled
from extractor.ocr import Image, OcrEngine, Quad, Reading, default_engine
from extractor.ocr.guarded import Rereading
from extractor.scan import ScannedPage, read_scan
from extractor.textlines import Area
from models.errors import OcrFailed, OcrUnavailable
from models.layout import Origin, Word

DATA = Path(__file__).parent / "data"
CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
ROWS = json.loads((DATA / "annex.json").read_text(encoding="utf-8"))
CERTIFICATE = json.loads((DATA / "certificate.json").read_text(encoding="utf-8"))
POINTS = 72 / 200

needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real documents is not beside the project")


@pytest.fixture(scope="module")
def engine() -> OcrEngine:
    return default_engine()


@pytest.fixture(scope="module")
def annex() -> Image:
    return np.asarray(Pictures.open(DATA / "annex.png").convert("RGB"))


@pytest.fixture(scope="module")
def certificate() -> Image:
    return np.asarray(Pictures.open(DATA / "certificate.png").convert("RGB"))


@pytest.fixture(scope="module")
def annex_page(annex: Image, engine: OcrEngine) -> ScannedPage:
    return read_scan(annex, POINTS, engine)


@pytest.fixture(scope="module")
def certificate_page(certificate: Image, engine: OcrEngine) -> ScannedPage:
    return read_scan(certificate, 1.0, engine)


def skewed(image: Image, clockwise: float) -> Image:
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -clockwise, 1.0)
    return cv2.warpAffine(image, matrix, (width, height), borderValue=(255, 255, 255)).astype(np.uint8)


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def rows_of(page: ScannedPage) -> list[list[str]]:
    (table,) = page.tables
    return [[plain(cell.text) for cell in row] for row in table.grid()]


EXPECTED = [[plain(text) for text in row] for row in ROWS]


def words_of(page: ScannedPage) -> list[Word]:
    return [*page.words, *(w for t in page.tables for c in t.cells for w in c.words)]


def test_a_ruled_page_is_read_cell_by_cell(annex_page: ScannedPage) -> None:
    page = annex_page
    assert rows_of(page) == EXPECTED
    (table,) = page.tables
    assert table.complete
    assert {(c.row, c.column): c.row_span for c in table.cells if c.row_span > 1} == {
        (1, 0): 3,
        (1, 1): 3,
        (4, 0): 2,
        (4, 1): 2,
    }
    assert {plain(w.text) for w in page.words} == {"NoCNASL99001", "第3页共12页"}
    assert (page.width, page.height) == pytest.approx((1480 * POINTS, 640 * POINTS))
    assert (page.rotation, page.skew, page.notes) == (0, 0.0, ())
    assert {w.origin for w in words_of(page)} == {Origin.OCR}
    assert all(w.confidence > 0.8 for w in words_of(page))


def test_words_lie_on_their_ink(annex: Image, annex_page: ScannedPage) -> None:
    word = next(w for w in words_of(annex_page) if w.text == "不做现场采样")
    ink = np.argwhere(annex[324:376, 1180:1400, 0] < 128)
    (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0) + 1
    edges = np.array([1180 + left, 324 + top, 1180 + right, 324 + bottom]) * POINTS
    assert (word.box.x0, word.box.top, word.box.x1, word.box.bottom) == pytest.approx(tuple(edges), abs=1.0)


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_a_page_on_its_side_or_head_is_turned_upright(annex: Image, engine: OcrEngine, quarter_turns: int) -> None:
    lying = np.ascontiguousarray(np.rot90(annex, quarter_turns))
    page = read_scan(lying, POINTS, engine)
    assert page.rotation == 90 * quarter_turns  # np.rot90 turned it anticlockwise
    assert rows_of(page) == EXPECTED
    assert (page.width, page.height) == pytest.approx((1480 * POINTS, 640 * POINTS))


def test_a_certificate_on_its_head_is_turned_upright_too(certificate: Image, engine: OcrEngine) -> None:
    page = read_scan(np.ascontiguousarray(np.rot90(certificate, 2)), 1.0, engine)
    assert page.rotation == 180
    assert plain(CERTIFICATE["name"]) in {plain(w.text) for w in page.words}


def test_a_skewed_page_keeps_its_rows_and_its_boxes_fit_the_picture(annex: Image, engine: OcrEngine) -> None:
    picture = skewed(annex, 1.5)
    page = read_scan(picture, POINTS, engine)
    assert page.skew == pytest.approx(1.5, abs=0.1)
    assert rows_of(page) == EXPECTED
    for word in words_of(page):
        part = picture[
            int(word.box.top / POINTS) : int(word.box.bottom / POINTS) + 1,
            int(word.box.x0 / POINTS) : int(word.box.x1 / POINTS) + 1,
        ]
        assert (part < 128).mean() > 0.02, word
    number = next(w for w in page.words if "CNAS" in w.text)
    across, down = 740.0, 320.0
    x, y = 165 - across, 54 - down  # the number's middle on the straight picture, from the centre
    angle = np.radians(1.5)
    turned = (
        (across + x * np.cos(angle) - y * np.sin(angle)) * POINTS,
        (down + x * np.sin(angle) + y * np.cos(angle)) * POINTS,
    )
    assert number.box.centre == pytest.approx(turned, abs=3.0)


def test_noise_shadow_and_compression_leave_the_rows_alone(annex: Image, engine: OcrEngine) -> None:
    page = annex.astype(np.float64) * np.linspace(0.6, 1.0, annex.shape[1])[None, :, None]
    page += np.random.default_rng(3).normal(0, 6, annex.shape)
    buffer = io.BytesIO()
    Pictures.fromarray(np.clip(page, 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=60)
    (picture,) = decode(buffer.getvalue())
    assert rows_of(read_scan(picture.image, POINTS, engine)) == EXPECTED


def test_dates_under_a_red_seal_are_read(certificate_page: ScannedPage) -> None:
    page = certificate_page
    found = {plain(w.text): w for w in page.words}
    assert {plain(text) for text in CERTIFICATE.values()} <= found.keys()
    assert "seal" in page.notes
    assert page.tables == ()  # the double frame is no table


def test_a_seal_lowers_the_confidence_of_what_it_hides(certificate: Image, engine: OcrEngine) -> None:
    stamped = next(
        w for w in read_scan(certificate, 1.0, engine).words if plain(CERTIFICATE["expires"]) == plain(w.text)
    )
    clear = certificate.copy()
    red = (clear[:, :, 0].astype(int) - clear[:, :, 1]) > 60
    clear[red & (clear[:, :, 0] > 150)] = 255
    page = read_scan(clear, 1.0, engine)
    assert page.notes == ()
    unstamped = next(w for w in page.words if plain(CERTIFICATE["expires"]) == plain(w.text))
    assert stamped.confidence < 0.975 < unstamped.confidence


def test_a_letter_that_the_detector_drew_too_high_is_as_high_as_its_ink() -> None:
    paper = np.full((400, 300, 3), 255, np.uint8)
    cv2.putText(paper, "B", (102, 184), 0, 1.5, (0, 0, 0), 4)
    quad = np.array([[95, 110], [140, 110], [140, 220], [95, 220]], np.float32)
    (line,) = scan._column(levelled(paper), quad, 34.0)
    assert line.area.top >= 145
    assert line.area.bottom <= 190


def test_what_is_looked_at_again_below_a_stamp_cuts_no_line(certificate: Image) -> None:
    level = levelled(certificate)
    unit = rulings.millimetre(level.image.shape)
    veil, line = Area(500, 600, 700, 800), Area(100, round(600 - 6 * unit), 450, round(600 - 2 * unit))
    away = Area(100, 10, 450, 40)
    (strip,) = free_text._strips(level, [veil], [line, away])
    assert away.bottom < strip.top < line.top
    assert strip.bottom > veil.bottom


def test_an_empty_page_has_no_words(engine: OcrEngine) -> None:
    page = read_scan(np.full((400, 300, 3), 255, np.uint8), 1.0, engine)
    assert (page.words, page.tables, page.rotation, page.notes) == ((), (), 0, ())


def test_a_tiny_picture_has_no_words(engine: OcrEngine) -> None:
    assert read_scan(np.zeros((1, 1, 3), np.uint8), 1.0, engine).words == ()


class Stub:
    """An engine that answers what it is told to."""

    name = "stub"

    def __init__(self, quads: object = (), readings: object = None) -> None:
        self._quads, self._readings = quads, readings

    def detect(self, image: Image) -> list[Quad]:
        if isinstance(self._quads, Exception):
            raise self._quads
        return list(self._quads)  # type: ignore[call-overload, no-any-return]

    def recognise(self, crops: Sequence[Image], *, doubtful: bool = False) -> list[Reading]:
        if isinstance(self._readings, Exception):
            raise self._readings
        if self._readings is None:
            return [Reading("", 0.0) for _ in crops]
        return self._readings  # type: ignore[return-value]


def test_nothing_is_sure_on_a_worn_copy_in_black_and_white(annex: Image, engine: OcrEngine) -> None:
    copy = np.where(annex.min(axis=2, keepdims=True) > 128, 255, 0).astype(np.uint8).repeat(3, axis=2)
    rng = np.random.default_rng(2)
    for y, x in zip(rng.integers(0, copy.shape[0] - 2, 2500), rng.integers(0, copy.shape[1] - 2, 2500), strict=True):
        copy[y : y + 2, x : x + 2] = 0
    page = read_scan(copy, POINTS, engine, ladder=False)
    words = [*page.words, *(word for table in page.tables for cell in table.cells for word in cell.words)]
    assert len(words) > 30
    assert max(word.confidence for word in words) <= 0.8


class Ones(Stub):
    """Takes everything for a figure one."""

    def recognise(self, crops: Sequence[Image], *, doubtful: bool = False) -> list[Reading]:
        return [Reading("1", 0.97) for _ in crops]


@pytest.mark.parametrize(
    ("stamp", "found"), [(Area(100, 60, 420, 380), []), (Area(400, 60, 560, 220), [Area(100, 200, 116, 240)])]
)
def test_a_part_of_a_seals_ring_beside_a_line_is_no_digit(stamp: Area, found: list[Area]) -> None:
    paper = np.full((600, 800, 3), 255, np.uint8)
    cv2.rectangle(paper, (100, 200), (115, 239), (0, 0, 0), -1)
    level = replace(levelled(paper), stamps=[stamp])
    line = scan._line(level, Area(130, 198, 500, 242), paper[198:242, 130:500])
    sought = replace(level, text=cv2.bitwise_not(paper[:, :, 0]))
    assert [each.area for each in scan._overlooked(sought, [line], [], Ones())] == found


class Pieces(Stub):
    """Takes what is narrow for a figure one and everything else for what it is told."""

    def __init__(self, others: str) -> None:
        super().__init__()
        self._others = others

    def recognise(self, crops: Sequence[Image], *, doubtful: bool = False) -> list[Reading]:
        return [Reading("1" if 3 * crop.shape[1] < 2 * crop.shape[0] else self._others, 0.9) for crop in crops]


@pytest.mark.parametrize(("others", "found"), [("2", 3), ("※", 0)])
def test_one_digit_among_the_pieces_of_a_frame_is_a_piece_of_it_too(others: str, found: int) -> None:
    paper = np.full((600, 800, 3), 255, np.uint8)
    tops = (100, 200, 300)
    for top, width in zip(tops, (15, 30, 30), strict=True):
        cv2.rectangle(paper, (100, top), (100 + width, top + 39), (0, 0, 0), -1)
    level = replace(levelled(paper), text=cv2.bitwise_not(paper[:, :, 0]), stamps=[])
    lines = [scan._line(level, Area(130, y - 2, 500, y + 42), paper[y - 2 : y + 42, 130:500]) for y in tops]
    assert len(scan._overlooked(level, lines, [], Pieces(others))) == found


class Ornaments(Stub):
    """Reads the pieces of a frame as letters, two of them with certainty, and a label's letters as they are."""

    def recognise(self, crops: Sequence[Image], *, doubtful: bool = False) -> list[Reading]:
        sure = iter((0.98, 0.3, 0.97, 0.4, 0.2, 0.5, 0.3))
        return [Reading("日", next(sure)) if crop.shape[1] < 50 else Reading("名", 0.99) for crop in crops]


def test_letters_among_the_pieces_of_a_frame_are_pieces_of_it_too() -> None:
    paper = np.full((900, 800, 3), 255, np.uint8)
    tops = range(100, 701, 100)
    for top in tops:
        cv2.rectangle(paper, (700, top), (725, top + 39), (0, 0, 0), -1)
        cv2.rectangle(paper, (60, top), (99, top + 39), (0, 0, 0), -1)
    level = replace(levelled(paper), text=cv2.bitwise_not(paper[:, :, 0]), stamps=[])
    lines = [scan._line(level, Area(130, y - 2, 500, y + 42), paper[y - 2 : y + 42, 130:500]) for y in tops]
    found = scan._overlooked(level, lines, [], Ornaments())
    assert {line.area.left for line in found} == {60}
    assert len(found) == len(tops)


LINE = np.array([[10, 10], [200, 10], [200, 40], [10, 40]], np.float32)


@pytest.mark.parametrize(
    "stub",
    [
        Stub(quads=RuntimeError("lost")),
        Stub(quads=[np.zeros((3, 2))]),
        Stub(quads=[np.full((4, 2), np.nan)]),
        Stub(quads=["nonsense"]),
        Stub(quads=[LINE], readings=[]),
        Stub(quads=[LINE], readings=ValueError("lost")),
        Stub(quads=[LINE], readings=[Reading("甲", float("nan"))] * 9),
        Stub(quads=[LINE], readings=[None] * 9),
    ],
)
def test_an_engine_that_fails_fails_the_page_with_one_error(stub: Stub, certificate: Image) -> None:
    with pytest.raises(OcrFailed):
        read_scan(certificate, 1.0, stub)


def test_an_engine_that_is_missing_says_so(certificate: Image) -> None:
    with pytest.raises(OcrUnavailable):
        read_scan(certificate, 1.0, Stub(quads=OcrUnavailable()))


@pytest.mark.parametrize("quad", [LINE * 0, LINE + 5000, LINE - 5000, LINE[::-1], LINE * 100])
def test_lines_outside_the_page_or_without_size_do_no_harm(certificate: Image, quad: Quad) -> None:
    assert read_scan(certificate, 1.0, Stub(quads=[quad])).words == ()


def test_an_engine_that_reads_nothing_gives_a_table_without_words(annex: Image) -> None:
    page = read_scan(annex, POINTS, Stub())
    assert [c.text for t in page.tables for c in t.cells] == [""] * 36
    assert page.words == ()


@needs_corpus
@pytest.mark.corpus
@pytest.mark.parametrize("name", ["certificates/cnas_L17468.jpg", "licences/xunhang_electronic_licence_2024.png"])
def test_every_printed_field_of_a_real_document_is_read(name: str, engine: OcrEngine) -> None:
    truth = json.loads((CORPUS / "transcripts.json").read_text(encoding="utf-8"))[name]
    (picture,) = decode((CORPUS / name).read_bytes())
    page = read_scan(picture.image, 72 / (picture.dpi or 72), engine)
    seen = plain("".join(w.text for w in sorted(words_of(page), key=lambda w: (round(w.box.top / 8), w.box.x0))))
    for label, value in truth.items():
        if label in ("form", "doc", "note", "traps"):
            continue
        text = plain(value)
        # A value may be printed on two lines, with other columns' words between them.
        halves = [(text[:cut], text[cut:]) for cut in range(len(text))]
        assert any(a in seen and b in seen for a, b in halves), (label, value)


@needs_corpus
@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("table_cls_wired_table.png", 13),
        ("wired_table2.jpg", 23),
        ("wired_table1.png", 64),
        ("wired_table_recognition.jpg", 35),
        ("wired_row_span.png", 17),
    ],
)
def test_real_ruled_tables_have_their_cells(name: str, cells: int, engine: OcrEngine) -> None:
    (picture,) = decode((CORPUS / "tables" / "tablestructurerec" / name).read_bytes())
    page = read_scan(picture.image, 1.0, engine)
    assert max(len(t.cells) for t in page.tables) >= cells


def test_the_ladder_can_be_left_out_and_says_what_it_did(annex: Image, engine: OcrEngine) -> None:
    small = cv2.resize(annex, None, fx=0.42, fy=0.42, interpolation=cv2.INTER_AREA)
    plainly, again = read_scan(small, POINTS / 0.42, engine, ladder=False), read_scan(small, POINTS / 0.42, engine)
    assert plainly.steps == ()
    assert read_scan(small, POINTS / 0.42, Rereading(engine, ladder=False)) == plainly
    assert {step.name for step in again.steps} <= {"closer", "wider", "sharper"}
    assert sum(step.lines for step in again.steps) > 0
    assert right_cells(again) >= right_cells(plainly)


def test_doubtful_lines_are_looked_at_in_the_finer_picture(annex: Image, engine: OcrEngine) -> None:
    small = skewed(cv2.resize(annex, None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA), 0.8)
    small = np.rot90(cv2.GaussianBlur(small, (0, 0), 0.6), 2).astype(np.uint8)
    asked: list[int] = []

    def finer() -> Image:
        asked.append(1)
        return np.rot90(skewed(annex, 0.8), 2).copy()

    page = read_scan(small, POINTS / 0.3, engine, finer=finer)
    assert page.rotation == 180
    assert asked == [1]
    finest = next(step for step in page.steps if step.name == "finer")
    assert finest.gained > 0
    without = read_scan(small, POINTS / 0.3, engine, finer=lambda: None)
    assert "finer" not in {step.name for step in without.steps}
    assert right_cells(page) > right_cells(without)


def right_cells(page: ScannedPage) -> int:
    return sum(a == b for x, y in zip(rows_of(page), EXPECTED, strict=True) for a, b in zip(x, y, strict=True))


@pytest.mark.parametrize(
    ("read", "meant"), [("-40~150°℃", "-40~150℃"), ("U=0.3°C", "U=0.3℃"), ("柠檬黃", "柠檬黄"), ("5°Cu", "5°Cu")]
)
def test_signs_that_stand_for_others_are_put_right(certificate: Image, read: str, meant: str) -> None:
    class Same(Stub):
        def recognise(self, crops: Sequence[Image], *, doubtful: bool = False) -> list[Reading]:
            return [Reading(read, 0.99) for _ in crops]

    (word,) = read_scan(certificate, 1.0, Same(quads=[LINE])).words
    assert word.text == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("大肠埃希氏菌0157:H7/NM", "大肠埃希氏菌O157:H7/NM"),
        ("0104:H4", "O104:H4"),
        ("GB/T 0157:2017", "GB/T 0157:2017"),
        ("GB.T 8074-2008", "GB/T 8074-2008"),
        ("DB46/T .505-2020", "DB46/T 505-2020"),
        ("GB/T 6435-2014", "GB/T 6435-2014"),
        ("GB 5009:9-2023 第二法", "GB 5009.9-2023 第二法"),
        ("GB5009,124-2016", "GB5009.124-2016"),
        ("ISO 105-X12:2016", "ISO 105-X12:2016"),
        ("Arecanut_", "Arecanut"),
        ("_海南省澄迈县 |", "海南省澄迈县"),
        ("—", "—"),
        ("限值1000,2-2016年", "限值1000,2-2016年"),
    ],
)
def test_what_can_only_mean_one_thing_means_it(read: str, meant: str) -> None:
    assert scan._meant(read) == meant
