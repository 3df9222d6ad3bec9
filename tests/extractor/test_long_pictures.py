"""Long pictures: pages joined into one, as programs export them and telephones take them, are read sheet by sheet."""

import io
import subprocess
import sys
import unicodedata
from itertools import pairwise

import numpy as np
import pypdfium2
import pytest
from numpy.typing import NDArray
from PIL import Image

from extractor import long_pictures
from extractor.document import read
from extractor.images import count_frames, decode
from extractor.parsers import parse
from models.papers import CnasAnnex
from samples.generate.degrade import rendered
from samples.generate.draw.annex import draw_annex
from samples.generate.invent import invent
from samples.generate.plan import Plan
from tests.cases import engine

Pixels = NDArray[np.uint8]
ACROSS = 1080
GREY = np.full((27, ACROSS, 3), 120, np.uint8)
"""What a program that shows pages leaves between two of them."""


def annex_pdf(seed: int, generation: str = "G3") -> bytes:
    return draw_annex(invent(seed, Plan(generation=generation, objects=6, parameters=10)).annex).pdf


def pages(pdf: bytes) -> list[Pixels]:
    """The pages as a telephone shows them."""
    drawn = (Image.fromarray(page) for page in rendered(pdf, 200))
    return [np.asarray(page.resize((ACROSS, round(ACROSS * page.height / page.width)))) for page in drawn]


def saved(image: Pixels, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, kind, **options)
    return buffer.getvalue()


def printed(page: Pixels) -> Pixels:
    """A page without its margins above and below."""
    rows = np.flatnonzero((page.min(axis=2) < 128).any(axis=1))
    return page[rows[0] - 3 : rows[-1] + 4]


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def rows_in(data: bytes, name: str) -> list[tuple[str, ...]]:
    (annex,) = parse(read(data, name, engine))
    assert isinstance(annex, CnasAnnex)
    return [
        tuple(plain(str(field)) for field in (r.parameter, r.method, r.limitation, r.effective_on)) for r in annex.rows
    ]


@pytest.mark.parametrize(
    ("width", "height", "sheets"),
    [
        (1654, 2339, 1),
        (1080, 2400, 1),  # a telephone's screen
        (904, 2316, 1),  # the narrowest there is
        (1080, 3054, 2),
        (1080, 12216, 8),
        (1080, 12500, 8),
        (2339, 1654, 1),
        (300, 3000, 1),  # nobody could read a page of 300 pixels
    ],
)
def test_a_picture_is_as_many_sheets_as_it_is_high(width: int, height: int, sheets: int) -> None:
    assert long_pictures.sheets_in(width, height) == sheets


@pytest.mark.parametrize("way", ["joined", "with gaps", "without margins"])
def test_every_row_of_a_long_picture_is_read(way: str) -> None:
    pdf = annex_pdf(5)
    drawn = pages(pdf)
    assert len(drawn) >= 4
    parts = {
        "joined": drawn,
        "with gaps": [part for page in drawn for part in (page, GREY)],
        "without margins": list(map(printed, drawn)),
    }
    assert rows_in(saved(np.concatenate(parts[way]), "JPEG", quality=85), "长图.jpg") == rows_in(pdf, "附件.pdf")


def test_sheets_are_cut_along_rules_and_have_these_in_common() -> None:
    """A table without any gap between its pages: rows of 90 pixels, text in them up to ten pixels from their rules."""
    image = (
        np.where(np.random.default_rng(1).random((8_000, ACROSS, 1)) < 0.3, 0, 255).repeat(3, axis=2).astype(np.uint8)
    )
    image[:, :50], image[:, -48:] = 255, 255
    for rule in range(0, 8_000, 90):
        image[max(0, rule - 10) : rule + 12] = 255
    for rule in range(50, ACROSS, 245):
        image[:, rule : rule + 2] = 0
    for rule in range(0, 8_000, 90):
        image[rule : rule + 2, 50:-48] = 0
    sheets = long_pictures.cut(image)
    assert len(sheets) == long_pictures.sheets_in(ACROSS, 8_000) == 5
    for upper, lower in pairwise(sheets):
        for edge in (upper[-8:], lower[:8]):
            assert (edge[:, 50:-48] == 0).all(axis=(1, 2)).sum() == 2, "the whole rule"
    common = sum(map(len, sheets)) - len(image)
    assert 0 < common <= 4 * 8


def test_who_only_asks_what_a_file_is_loads_no_pictures() -> None:
    """OpenCV takes a tenth of a second to load, and every process of the service knows of media types."""
    said = "import sys, extractor.document; print('cv2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout == "False\n"


def test_sheets_are_pages_of_their_file() -> None:
    tall = np.full((4_600, ACROSS, 3), 255, np.uint8)
    for number in range(3):
        tall[1_533 * number + 700 : 1_533 * number + 720, 100 : 200 + 100 * number] = 0
    data = saved(tall)
    assert count_frames(data) == 3
    assert [picture.number for picture in decode(data)] == [1, 2, 3]
    (last,) = decode(data, first=3)
    assert np.count_nonzero(last.image[:, :, 0] == 0) == 20 * 300


def test_a_long_picture_that_is_stored_on_its_side_is_cut_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by 90 degrees
    data = saved(np.full((ACROSS, 4_600, 3), 255, np.uint8), "JPEG", exif=exif)
    assert count_frames(data) == 3
    assert all(picture.image.shape[1] == ACROSS for picture in decode(data))


def test_frames_and_sheets_of_a_tiff_are_counted_together() -> None:
    frames = [Image.new("RGB", size, "white") for size in ((1080, 1527), (1080, 4600), (1080, 1527))]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    assert count_frames(buffer.getvalue()) == 5
    assert [picture.number for picture in decode(buffer.getvalue(), first=4)] == [4, 5]


def test_a_long_page_of_a_pdf_says_what_to_do() -> None:
    """Its pages have numbers of their own, so it is not cut; read as one, all of it would be lost without a word."""
    picture = pypdfium2.PdfDocument.new()
    page = picture.new_page(595, 595 * 6)
    drawn = pypdfium2.PdfImage.new(picture)
    drawn.set_bitmap(pypdfium2.PdfBitmap.from_pil(Image.fromarray(np.concatenate(pages(annex_pdf(5))[:4]))))
    drawn.set_matrix(pypdfium2.PdfMatrix().scale(595, 595 * 6))
    page.insert_obj(drawn)
    page.gen_content()
    buffer = io.BytesIO()
    picture.save(buffer)
    document = read(buffer.getvalue(), "长图.pdf", engine)
    assert [(fault.page, fault.code) for fault in document.faults] == [(1, "too_large")]
    assert "长图" in document.faults[0].message
