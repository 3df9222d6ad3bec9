"""PDF files through PDFium: what the text layer says, what is ruled, and what a page looks like.

PDFium is not thread-safe, not even on separate documents: work on several files at once belongs in several processes.
Within one process a lock keeps threads from meeting inside the library.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pypdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from extractor import pdfium_calls as pdfium
from extractor.pdfium_drawing import Drawing, Matrix, read_drawing
from extractor.pdfium_text import TextLayer, read_text
from extractor.pieces import rulings_of
from models.errors import CorruptPdf, EmptyFile, EncryptedPdf, TooLarge, TooManyPages, UnsupportedFile
from models.layout import Box, Direction, Ruling, Word

#: A raster larger than this is refused: 50 million pixels are 150 MB, an A2 sheet at 300 dpi has 35 million.
MOST_PIXELS = 50_000_000
#: A text layer with a larger share of characters without a meaning is not to be trusted.
MOST_UNMAPPED = 0.1
#: A picture that covers this share of a page is what the page shows.
FULL_PAGE = 0.5
#: On a page that is a picture, fewer characters than this are a stamp or a page number, not the page's text.
FEW_CHARACTERS = 60

_INFO = {"Producer": "producer", "Creator": "creator", "CreationDate": "created", "ModDate": "modified"}
#: Form fields, typewriter text and stamps show text that is no part of the page's content.
_TEXT_ANNOTATIONS = (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP)
_lock = threading.RLock()


@dataclass(frozen=True, slots=True)
class DigitalPage:
    """A page as its file describes it: size in displayed points, words cut at vertical rules and wide gaps, rules, pictures.

    `unsound` says that the text layer must not be taken for what the page shows, and `notes` why:

    - `no_unicode_map`: more than a tenth of the characters have no Unicode, or a private-use, control or replacement one;
    - `invisible_text`: some characters are invisible; unsound if most are (they are left out of the words if not);
    - `text_under_picture`: an opaque picture over half of the page is painted over most of the text;
    - `picture_page`: pictures cover half of the page and there are fewer than 60 characters beside them;
    - `turned_text`: most of the text runs up, down or backwards as the page is displayed;
    - `no_text`: there are no characters; unsound if anything else is drawn.

    `font_not_embedded` is for information: the text is sound, but a renderer may show other glyphs.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    rulings: tuple[Ruling, ...]
    images: tuple[Box, ...]
    notes: tuple[str, ...]
    unsound: bool


@contextmanager
def open_pdf(data: bytes, *, max_pages: int = 2000) -> Iterator["PdfFile"]:
    """The file for as long as the context lasts; PDFium reads from `data` all that time.

    Raises EmptyFile (no bytes or no pages), UnsupportedFile (no `%PDF` in the first 1,024 bytes), EncryptedPdf (it
    needs a password; an empty one opens), TooManyPages, CorruptPdf.
    """
    if not data:
        raise EmptyFile
    if b"%PDF" not in data[:1024]:
        raise UnsupportedFile
    with _lock:
        document = _load(data)
    try:
        with _lock:
            file = PdfFile(document)
        if not file.page_count:
            raise EmptyFile
        if file.page_count > max_pages:
            raise TooManyPages
        yield file
    finally:
        with _lock:
            document.close()


def _load(data: bytes) -> pypdfium.PdfDocument:
    handle = raw.FPDF_LoadMemDocument64(data, len(data), None)
    if not handle:
        encrypted = raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise EncryptedPdf if encrypted else CorruptPdf
    document = pypdfium.PdfDocument(handle)
    with suppress(pypdfium.PdfiumError):  # a damaged form is not drawn; the pages still are
        document.init_forms()
    return document


class PdfFile:
    """An open PDF. `info` holds its producer, creator, created and modified entries, as written, where it has them."""

    def __init__(self, document: pypdfium.PdfDocument) -> None:
        self._document = document
        self.page_count = len(document)
        self.info: dict[str, str] = {}
        for key, name in _INFO.items():
            with suppress(UnicodeError):
                if value := document.get_metadata_value(key):
                    self.info[name] = value

    def read_page(self, number: int) -> DigitalPage:
        """Words, rules and pictures of a page, counted from 1. CorruptPdf where it cannot be loaded."""
        # Damaged files hold numbers beyond all bounds: what they place is dropped as lying outside the page.
        with _lock, np.errstate(over="ignore", invalid="ignore"), self._page(number) as page:
            width, height = page.get_size()
            sheet, display = Box(0.0, 0.0, width, height), _display_matrix(page)
            drawing = read_drawing(pdfium.handle(page.raw), display, width, height)
            text_page = raw.FPDFText_LoadPage(page)
            if not text_page:
                raise CorruptPdf
            try:
                layer = read_text(pdfium.handle(text_page), display, sheet, drawing.vertical)
            finally:
                raw.FPDFText_ClosePage(text_page)
        notes, unsound = _soundness(layer, drawing, sheet)
        return DigitalPage(
            number=number,
            width=width,
            height=height,
            words=layer.words,
            rulings=(
                *rulings_of(drawing.horizontal, Direction.HORIZONTAL),
                *rulings_of(drawing.vertical, Direction.VERTICAL),
            ),
            images=tuple(picture.box for picture in drawing.pictures),
            notes=notes,
            unsound=unsound,
        )

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of a page in displayed points, without loading it; CorruptPdf where the file does not say."""
        with _lock:
            try:
                width, height = self._document.get_page_size(number - 1)
            except (pypdfium.PdfiumError, IndexError) as error:
                raise CorruptPdf from error
        return width, height

    def raster(self, number: int, dpi: float) -> NDArray[np.uint8]:
        """The page as it is displayed or printed, forms and annotations included: height × width × 3, RGB.

        TooLarge beyond 50 million pixels; CorruptPdf where the page cannot be loaded or drawn.
        """
        with _lock, self._page(number) as page:
            width, height = page.get_size()
            scale = dpi / 72
            if width * scale * height * scale > MOST_PIXELS:
                raise TooLarge(
                    f"第 {number} 页幅面过大（{width:.0f} × {height:.0f} 点），无法转为图像。 "
                    f"Page {number} is too large to be drawn ({width:.0f} × {height:.0f} points at {dpi:.0f} dpi)."
                )
            try:
                bitmap = page.render(scale=scale, rev_byteorder=True, force_bitmap_format=raw.FPDFBitmap_BGR)
            except (pypdfium.PdfiumError, ValueError) as error:
                raise CorruptPdf from error
            try:
                return np.array(bitmap.to_numpy()[:, :, :3], order="C")  # a copy: the bitmap's memory goes with it
            finally:
                bitmap.close()

    def finest(self, number: int) -> float:
        """The resolution in dpi of the page's pictures, the finest of those that cover a quarter of it; 0.0 where there is none."""
        with _lock, self._page(number) as page:
            width, height = page.get_size()
            finest = 0.0
            for picture in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
                try:
                    left, bottom, right, top = picture.get_bounds()
                    across, down = picture.get_px_size()
                except pypdfium.PdfiumError:
                    continue
                size = (right - left) * (top - bottom)
                if size >= 0.25 * width * height:  # turned or not, as many pixels lie on as many square points
                    finest = max(finest, 72 * float(across * down / size) ** 0.5)
            return finest

    def _load(self, number: int) -> pypdfium.PdfPage:
        try:
            return self._document[number - 1]
        except pypdfium.PdfiumError as error:
            raise CorruptPdf from error

    @contextmanager
    def _page(self, number: int) -> Iterator[pypdfium.PdfPage]:
        if not 1 <= number <= self.page_count:
            raise ValueError(f"page {number} of {self.page_count}")
        page = self._load(number)
        if _has_text_annotations(page):
            # What is filled in or stamped on is no page content until it is made so; then it is read like the rest.
            flattened = raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS
            if flattened:
                page.close()
                page = self._load(number)
        try:
            yield page
        finally:
            page.close()


def _has_text_annotations(page: pypdfium.PdfPage) -> bool:
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if annotation:
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            raw.FPDFPage_CloseAnnot(annotation)
            if kind in _TEXT_ANNOTATIONS:
                return True
    return False


def _display_matrix(page: pypdfium.PdfPage) -> Matrix:
    """From PDF space, which knows neither rotation nor crop, to displayed points."""
    left, bottom, right, top = page.get_bbox()
    match page.get_rotation():
        case 90:
            return 0.0, 1.0, 1.0, 0.0, -bottom, -left
        case 180:
            return -1.0, 0.0, 0.0, 1.0, right, -bottom
        case 270:
            return 0.0, -1.0, -1.0, 0.0, top, right
        case _:
            return 1.0, 0.0, 0.0, -1.0, -left, top


def _soundness(layer: TextLayer, drawing: Drawing, sheet: Box) -> tuple[tuple[str, ...], bool]:
    """The notes on a text layer, and whether one of them makes it unsound; the rules are in DigitalPage's docstring."""
    covered = [
        (p, p.box.overlap_x(sheet) * p.box.overlap_y(sheet) / max(sheet.width * sheet.height, 1.0))
        for p in drawing.pictures
    ]
    pictured = sum(share for _, share in covered) >= FULL_PAGE
    buried = any(share >= FULL_PAGE and not p.transparent and 2 * p.texts_below > drawing.texts for p, share in covered)
    count = layer.characters
    faults = {
        "no_unicode_map": layer.unmapped > MOST_UNMAPPED * count,
        "invisible_text": 2 * layer.invisible > count,
        "text_under_picture": buried,
        "picture_page": pictured and 0 < count < FEW_CHARACTERS,
        "turned_text": 2 * layer.turned > count,
        "no_text": not count and drawing.objects > 0,
    }
    remarks = {
        "invisible_text": layer.invisible > 0,
        "no_text": not count,
        "font_not_embedded": not layer.embedded,
    }
    notes = [name for name, holds in faults.items() if holds]
    notes += [name for name, holds in remarks.items() if holds and name not in notes]
    return tuple(notes), any(faults.values())
