"""What `read` makes of files whose text layer does not tell the truth: pictures of text, invisible layers, missing Unicode maps."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extractor.document import Limits, read
from extractor.parsers import parse
from models.errors import EmptyFile, OcrUnavailable, TooLarge, UnsupportedFile
from models.layout import Origin
from models.papers import BusinessLicence, CnasCertificate, UnknownPaper
from tests.cases import CASES, engine

CERTIFICATE = CASES / "clean_company_g3" / "CNAS证书.pdf"
A4 = (595.0, 842.0)


def picture(path: Path = CERTIFICATE, dpi: float = 150) -> Image.Image:
    document = pypdfium2.PdfDocument(path)
    try:
        return document[0].render(scale=dpi / 72).to_pil().convert("RGB")
    finally:
        document.close()


def drawn(*steps: Callable[[Canvas], object]) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for step in steps:
        step(canvas)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def image(
    box: tuple[float, float, float, float] = (0, 0, *A4), source: Image.Image | None = None
) -> Callable[[Canvas], object]:
    x, y, width, height = box
    return lambda canvas: canvas.drawImage(ImageReader(source or picture()), x, y, width, height)


def invisible(*lines: str) -> Callable[[Canvas], object]:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(60, 700)
        text.setTextRenderMode(3)
        for line in lines:
            text.textLine(line)
        canvas.drawText(text)

    return draw


def name_on(data: bytes) -> str:
    (paper,) = parse(read(data, "a.pdf", engine))
    assert isinstance(paper, CnasCertificate)
    assert paper.name.origin is Origin.OCR
    return paper.name.require()


def test_a_sound_text_layer_needs_no_recognition() -> None:
    document = read(CERTIFICATE.read_bytes(), "a.pdf")
    assert [page.origin for page in document.pages] == [Origin.TEXT]
    assert not document.faults


def test_a_picture_of_a_page_is_recognised() -> None:
    assert name_on(drawn(image())) == name_truth()


def test_an_invisible_layer_that_disagrees_with_the_picture_is_not_believed() -> None:
    data = drawn(image(), invisible("CNAS L9999", "Some other laboratory", "2031-01-01"))
    assert name_on(data) == name_truth()
    document = read(data, "a.pdf", engine)
    assert "invisible_text" in document.pages[0].notes
    assert not any("L9999" in word.text for word in document.pages[0].all_words())


def test_text_beside_a_pasted_picture_keeps_both() -> None:
    def stamp(canvas: Canvas) -> None:
        for line in range(12):
            canvas.drawString(
                40, 820 - 20 * line, f"Application 2026-00012{line % 10} received by the portal, line {line}"
            )

    document = read(drawn(stamp, image((150, 30, 354, 500))), "a.pdf", engine)
    (page,) = document.pages
    assert "partial_text_layer" in page.notes
    assert {word.origin for word in page.all_words()} == {Origin.TEXT, Origin.OCR}
    assert any("000123" in word.text.replace(" ", "") and word.origin is Origin.TEXT for word in page.words)
    (paper,) = parse(document)
    assert isinstance(paper, CnasCertificate)
    assert paper.name.value == name_truth()


def test_a_picture_is_a_page_at_its_own_resolution() -> None:
    out = io.BytesIO()
    picture(dpi=200).save(out, "JPEG", quality=85, dpi=(200, 200))
    (page,) = read(out.getvalue(), "a.jpg", engine).pages
    assert (round(page.width), round(page.height)) == (595, 842)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_pages_lying_on_their_side_are_turned(turn: int) -> None:
    out = io.BytesIO()
    picture(dpi=150).rotate(-turn, expand=True).save(out, "PNG")
    document = read(out.getvalue(), "a.png", engine)
    assert document.pages[0].rotation == (360 - turn) % 360
    (paper,) = parse(document)
    assert isinstance(paper, CnasCertificate)
    assert paper.name.value == name_truth()


def test_the_frames_of_a_tiff_are_pages() -> None:
    out = io.BytesIO()
    frames = [picture(dpi=130), picture(CASES / "clean_company_g3" / "营业执照副本.pdf", 130)]
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:], compression="tiff_lzw", dpi=(130, 130))
    papers = parse(read(out.getvalue(), "a.tiff", engine))
    assert [type(paper) for paper in papers] == [CnasCertificate, BusinessLicence]


def test_without_an_engine_such_pages_are_faults_and_the_others_are_read() -> None:
    document = read(drawn(image()), "a.pdf", None)
    assert [fault.code for fault in document.faults] == [OcrUnavailable.code]
    assert not document.pages


def test_a_blank_page_is_a_page_without_words() -> None:
    document = read(drawn(), "a.pdf")
    assert document.pages[0].words == ()
    (paper,) = parse(document)
    assert isinstance(paper, UnknownPaper)


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "请另存为 JPEG"),
        (b"Rar!\x1a\x07\x01\0", "请改用 ZIP"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "请改用 ZIP"),
        (b"GIF89a", "请提交 PDF"),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(data: bytes, advice: str) -> None:
    with pytest.raises(UnsupportedFile, match=advice):
        read(data)


def test_a_bitmap_is_read() -> None:
    buffer = io.BytesIO()
    picture().convert("L").save(buffer, "BMP")
    (paper,) = parse(read(buffer.getvalue(), "CNAS.bmp", engine))
    assert isinstance(paper, CnasCertificate)


@pytest.mark.parametrize(
    ("data", "error"),
    [(b"", EmptyFile), (b"just text", UnsupportedFile), (b"x" * 2000, TooLarge)],
)
def test_what_cannot_be_used_is_said(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(data, "a.pdf", None, Limits(bytes=1000))


def name_truth() -> str:
    (paper,) = parse(read(CERTIFICATE.read_bytes(), "a.pdf"))
    assert isinstance(paper, CnasCertificate)
    return paper.name.require()
