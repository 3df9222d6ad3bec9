"""Pictures of places on pages: cut from PDFs and photographs, upright, the place outlined."""

import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from api.render.pages import CROP_DPI, OUTLINE, PagePictures, draw_document, rotations_of
from models.layout import Box, Cell, Document, Origin, Page, Table, Word

BLUE = (0, 0, 200)
PLACE = Box(100, 100, 180, 120)


def pdf() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 300))
    canvas.setFillColorRGB(*(part / 255 for part in BLUE))
    canvas.rect(100, 300 - 120, 80, 20, stroke=0, fill=1)
    canvas.save()
    return buffer.getvalue()


def photograph(turned: int = 0) -> bytes:
    """PLACE in blue on white at 72 dpi, turned so many degrees anticlockwise."""
    image = Image.new("RGB", (400, 300), "white")
    image.paste(BLUE, (100, 100, 180, 120))
    buffer = io.BytesIO()
    image.rotate(turned, expand=True).save(buffer, "PNG")
    return buffer.getvalue()


def cut(data: bytes, rotation: int = 0) -> Image.Image:
    sha256 = hashlib.sha256(data).hexdigest()
    jpeg = PagePictures([data], {(sha256, 1): rotation}).crop(sha256, 1, PLACE)
    assert jpeg is not None
    return Image.open(io.BytesIO(jpeg)).convert("RGB")


def share(image: Image.Image, colour: tuple[int, int, int]) -> float:
    return float((np.abs(np.asarray(image, dtype=int) - colour).max(axis=2) < 60).mean())


@pytest.mark.parametrize(
    ("data", "rotation"),
    [(pdf(), 0), (photograph(), 0), (photograph(90), 90), (photograph(180), 180), (photograph(270), 270)],
)
def test_the_place_stands_in_the_picture_whole_and_outlined(data: bytes, rotation: int) -> None:
    image = cut(data, rotation)
    pixels = PLACE.width * PLACE.height * (CROP_DPI / 72) ** 2
    assert share(image, BLUE) * image.width * image.height == pytest.approx(pixels, rel=0.1)
    assert share(image, OUTLINE) > 0.005
    assert image.width > image.height


def test_a_place_at_the_edge_and_a_place_beyond_what_a_crop_shows() -> None:
    data = photograph()
    pictures, sha256 = PagePictures([data]), hashlib.sha256(data).hexdigest()
    for box in (Box(0, 0, 20, 10), Box(390, 290, 400, 300), Box(0, 0, 400, 300)):
        assert pictures.crop(sha256, 1, box)


def test_what_cannot_be_shown_is_none() -> None:
    data = photograph()
    pictures, sha256 = PagePictures([data, b"%PDF broken"]), hashlib.sha256(data).hexdigest()
    assert pictures.crop("0" * 64, 1, PLACE) is None
    assert pictures.crop(sha256, 7, PLACE) is None
    assert pictures.crop(sha256, 1, Box(5, 5, 5, 5)) is None
    assert pictures.crop(hashlib.sha256(b"%PDF broken").hexdigest(), 1, PLACE) is None


def test_what_was_seen_is_drawn_on_each_page(tmp_path: Path) -> None:
    data = pdf()
    word = Word("铅", Box(105, 102, 120, 118), 0.9, Origin.OCR)
    cell = Cell(PLACE, 0, 0, 1, 1, (word,), "铅")
    page = Page(1, 400, 300, (Word("x", Box(10, 10, 30, 20)),), (Table(PLACE, 1, 1, (cell,)),), Origin.TEXT)
    name = "附件/../a.pdf"
    document = Document(name, hashlib.sha256(data).hexdigest(), "application/pdf", 1, (page,))
    draw_document(document, tmp_path / "seen", {name: data})
    (path,) = (tmp_path / "seen").iterdir()
    with Image.open(path) as image:
        assert image.size == pytest.approx((400 * 110 / 72, 300 * 110 / 72), abs=1)
        assert image.getpixel((round(10 * 110 / 72), round(15 * 110 / 72))) != (255, 255, 255)


def test_turns_are_taken_from_the_document() -> None:
    pages = tuple(Page(n, 10, 10, (), (), Origin.OCR, rotation=turn) for n, turn in ((1, 0), (2, 90)))
    assert rotations_of(Document("a", "f" * 64, "", 2, pages)) == {("f" * 64, 2): 90}
