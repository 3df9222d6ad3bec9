"""Pages as pictures: displayed orientation, annotations, bounds, and that nothing stays open."""

import numpy as np
import pypdfium2 as pypdfium
import pytest
from PIL import Image

from extractor.pdf import open_pdf
from models import errors
from samples.generate.degrade import image_pdf
from tests.extractor.drawn import pdf, rules, stream, text

TABLE = rules((50, 150, 250), (100, 150, 200)) + text(55, 165, "a") + text(155, 115, "d")


def test_a_raster_shows_the_page_as_displayed_in_rgb() -> None:
    data = pdf(b"1 0 0 rg 0 0 100 50 re f", page=b"/MediaBox [0 0 400 300] /Rotate 90")
    with open_pdf(data) as opened:
        image = opened.raster(1, 36)
    assert (image.shape, image.dtype) == ((200, 150, 3), np.uint8)
    assert image[10, 10].tolist() == [255, 0, 0]  # the lower left corner is on top after a quarter turn
    assert image[190, 140].tolist() == [255, 255, 255]


def test_a_raster_outlives_its_file() -> None:
    with open_pdf(pdf(b"0 1 0 rg 0 0 400 300 re f")) as opened:
        images = [opened.raster(1, dpi) for dpi in (72, 36, 36, 18)]  # rows of 1,200 bytes need no padding
    assert all(image.flags.owndata and (image == (0, 255, 0)).all() for image in images)


def test_a_raster_shows_annotations() -> None:
    appearance = stream(b"0 0 1 rg 0 0 100 100 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 100 100]")
    stamp = b"<< /Type /Annot /Subtype /Stamp /Rect [0 0 100 100] /F 4 /AP << /N 101 0 R >> >>"
    data = pdf(b"", page=b"/MediaBox [0 0 400 300] /Annots [100 0 R]", extra={100: stamp, 101: appearance})
    with open_pdf(data) as opened:
        assert opened.raster(1, 72)[290, 10].tolist() == [0, 0, 255]


def test_a_raster_that_would_not_fit_is_refused() -> None:
    with open_pdf(pdf(b"", page=b"/MediaBox [0 0 14400 14400]")) as opened:
        with pytest.raises(errors.TooLarge):
            opened.raster(1, 300)
        assert opened.raster(1, 10).shape == (2000, 2000, 3)


@pytest.mark.parametrize("dpi", [150, 300])
def test_the_finest_picture_of_a_page_is_known(dpi: int) -> None:
    pages = [Image.new("L", (dpi * width, dpi * 11), 255) for width in (8, 17)]
    with open_pdf(image_pdf(pages, 80, dpi)) as opened:
        assert [opened.finest(number) for number in (1, 2)] == pytest.approx([dpi, dpi], rel=0.01)


def test_pages_without_large_pictures_have_none_that_is_finer() -> None:
    with open_pdf(pdf(TABLE)) as opened:
        assert opened.finest(1) == 0.0


def test_pages_are_closed_after_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    open_pages = []
    load, close = pypdfium.PdfDocument.get_page, pypdfium.PdfPage.close
    monkeypatch.setattr(pypdfium.PdfDocument, "get_page", lambda *a, **k: open_pages.append(1) or load(*a, **k))
    monkeypatch.setattr(pypdfium.PdfPage, "close", lambda *a, **k: open_pages.pop() and close(*a, **k))
    with open_pdf(pdf([TABLE, TABLE])) as opened:
        opened.read_page(1)
        opened.read_page(2)
        opened.raster(2, 20)
        assert open_pages == []
