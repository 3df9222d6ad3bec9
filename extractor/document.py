"""`read`: bytes -> Document, page by page; the text layer where it is sound, recognition where it is not."""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from extractor import media
from extractor.archive import Archive
from extractor.images import decode
from extractor.tables import build
from models.errors import EmptyFile, EncryptedFile, ReviewError, TooLarge, UnsupportedFile
from models.layout import Box, Document, Origin, Page, PageFault, Word

if TYPE_CHECKING:
    from extractor.ocr import Image, OcrEngine
    from extractor.pdf import DigitalPage, PdfFile
    from extractor.scan import ScannedPage

SCAN_DPI = 200.0
_UNCOVERED_PICTURE = 0.10
"""A picture of at least this share of the page may hold text that the text layer lacks."""
_THIN_TEXT = 0.03
"""Text that covers less of a picture than this does not account for what the picture shows."""
_SHORT = 20
"""Papers that are signed or sealed have at most this many pages; in longer ones nobody looks for signatures and QR codes."""
_MARKS_DPI = 72.0
_CODES_DPI = 144.0
"""The smallest codes on licences, 19 mm with 37 modules, then have three pixels to a module."""
_log = logging.getLogger(__name__)

Ocr = Callable[[], "OcrEngine"]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be at most: bytes, pages, pixels a picture."""

    bytes: int = 300_000_000
    pages: int = 2000
    pixels: int = 120_000_000


def read(
    data: bytes,
    name: str = "",
    ocr: Ocr | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Document:
    """What the file shows. `ocr` gives the engine when it is first needed; without it pages that need one become faults.

    `progress(done, total)` is called after each page. Raises `InputError` where the file as a whole cannot be used; a page that
    cannot be read becomes one of `Document.faults`.
    """
    limits = limits or Limits()
    if not data:
        raise EmptyFile
    if len(data) > limits.bytes:
        raise TooLarge(
            f"文件过大（{len(data) / 1e6:.0f} MB，上限 {limits.bytes / 1e6:.0f} MB），请压缩或拆分后提交。 "
            f"The file is too large ({len(data) / 1e6:.0f} MB, at most {limits.bytes / 1e6:.0f} MB)."
        )
    media_type = media.media_type(data)
    sha256 = hashlib.sha256(data).hexdigest()
    if media_type == media.PDF:
        return _read_pdf(data, name, sha256, ocr, limits, progress)
    if media_type == media.OFD:
        return _read_ofd(data, name, sha256, limits, progress)
    if not media_type.startswith("image/"):
        set_pages = tuple(_set_pages(data, media_type, limits.pages))
        if progress:
            progress(len(set_pages), len(set_pages))
        return Document(name, sha256, media_type, len(set_pages), set_pages)
    pages, faults = _collect(_picture_pages(data, ocr, limits), None, progress)
    return Document(name, sha256, media_type, len(pages) + len(faults), tuple(pages), tuple(faults))


def _set_pages(data: bytes, media_type: str, max_pages: int) -> list[Page]:
    """The pages of a file that holds text without places; UnsupportedFile for what is none."""
    match media_type:
        case media.XLSX | media.XLS:
            from extractor.sheets import sheet_pages

            return sheet_pages(data, legacy=media_type == media.XLS, max_pages=max_pages)
        case media.DOCX | media.DOC:
            from extractor.office import doc_to_docx
            from extractor.word import word_pages

            return word_pages(doc_to_docx(data) if media_type == media.DOC else data, max_pages=max_pages)
        case media.ENCRYPTED_OFFICE:
            raise EncryptedFile
        case media.ZIP:
            Archive(data)  # says what is wrong with one that cannot be looked into
            raise UnsupportedFile
        case _:
            raise UnsupportedFile


def _read_pdf(
    data: bytes, name: str, sha256: str, ocr: Ocr | None, limits: Limits, progress: Progress | None
) -> Document:
    from extractor.pdf import open_pdf
    from extractor.revisions import count_revisions
    from extractor.signatures import signature_facts

    with open_pdf(data, max_pages=limits.pages) as pdf:
        steps = ((number, lambda n=number: _pdf_page(pdf, n, ocr)) for number in range(1, pdf.page_count + 1))
        pages, faults = _collect(steps, pdf.page_count, progress)
        info = {**pdf.info, **signature_facts(data)}
        if revisions := count_revisions(data):
            info["revisions"] = str(revisions)
        return Document(name, sha256, media.PDF, pdf.page_count, tuple(pages), tuple(faults), info)


def _read_ofd(data: bytes, name: str, sha256: str, limits: Limits, progress: Progress | None) -> Document:
    from extractor.ofd import open_ofd

    ofd = open_ofd(data, max_pages=limits.pages)
    steps = ((number, lambda n=number: ofd.read_page(n)) for number in range(1, len(ofd.pages) + 1))
    pages, faults = _collect(steps, len(ofd.pages), progress)
    return Document(name, sha256, media.OFD, len(ofd.pages), tuple(pages), tuple(faults), ofd.info)


Step = tuple[int, Callable[[], Page]]


def _collect(steps: Iterator[Step], total: int | None, progress: Progress | None) -> tuple[list[Page], list[PageFault]]:
    """Runs the steps; a page that fails is a fault of its own and never ends the file."""
    pages: list[Page] = []
    faults: list[PageFault] = []
    for number, step in steps:
        try:
            pages.append(step())
        except ReviewError as error:
            faults.append(PageFault(number, error.code, str(error)))
        except Exception as error:
            _log.exception("page %d could not be read", number)
            faults.append(
                PageFault(
                    number, "page_unreadable", f"第 {number} 页无法读取。 Page {number} could not be read: {error}"
                )
            )
        if progress:
            progress(number, total or number)
    return pages, faults


def _picture_pages(data: bytes, ocr: Ocr | None, limits: Limits) -> Iterator[Step]:
    for picture in decode(data, max_pixels=limits.pixels):
        scale = 72.0 / (picture.dpi or 72.0)
        yield picture.number, lambda p=picture, s=scale: _scanned(p.number, p.image, s, ocr)  # type: ignore[misc]


def _pdf_page(pdf: "PdfFile", number: int, ocr: Ocr | None) -> Page:
    """One page: digital where its text layer accounts for what is seen, else recognised, else both laid over each other."""
    digital = pdf.read_page(number)
    if digital.unsound or (not digital.words and (digital.images or _shows_something(pdf, number))):
        page = _scanned(number, pdf.raster(number, SCAN_DPI), 72.0 / SCAN_DPI, ocr)
        return replace(page, notes=tuple(dict.fromkeys((*digital.notes, *page.notes))))
    tables, free = build(digital.words, digital.rulings)
    page = Page(number, digital.width, digital.height, free, tables, Origin.TEXT, notes=digital.notes)
    if pdf.page_count <= _SHORT and _may_be_signed(page):
        page = _with_marks(page, pdf.raster(number, _MARKS_DPI), 72.0 / _MARKS_DPI)
        page = _with_codes(page, pdf.raster(number, _CODES_DPI), 72.0 / _CODES_DPI)
    if ocr is not None and _picture_without_text(digital):
        scanned = _scan(pdf.raster(number, SCAN_DPI), 72.0 / SCAN_DPI, ocr)
        return _overlaid(page, scanned) if scanned.rotation == 0 else page
    return page


def _shows_something(pdf: "PdfFile", number: int) -> bool:
    """Whether a page without text or pictures is not blank: letters drawn as outlines."""
    image = pdf.raster(number, 40.0)
    return bool((image < 128).any())


def _picture_without_text(page: "DigitalPage") -> bool:
    area = page.width * page.height
    for picture in page.images:
        size = picture.width * picture.height
        inside = sum(w.box.width * w.box.height for w in page.words if picture.contains(*w.box.centre))
        if size >= _UNCOVERED_PICTURE * area and inside < _THIN_TEXT * size:
            return True
    return False


def _scan(image: "Image", points_per_pixel: float, ocr: Ocr | None) -> "ScannedPage":
    from extractor.scan import read_scan

    if ocr is None:
        from models.errors import OcrUnavailable

        raise OcrUnavailable
    return read_scan(image, points_per_pixel, ocr())


def _scanned(number: int, image: "Image", points_per_pixel: float, ocr: Ocr | None) -> Page:
    seen = _scan(image, points_per_pixel, ocr)
    page = Page(
        number, seen.width, seen.height, seen.words, seen.tables, Origin.OCR, seen.rotation, seen.skew, seen.notes
    )
    if not _may_be_signed(page):
        return page
    upright = np.rot90(image, -seen.rotation // 90)
    return _with_codes(_with_marks(page, upright, points_per_pixel), upright, points_per_pixel)


def _may_be_signed(page: Page) -> bool:
    """Letters, forms and certificates; a page that is mostly table is not looked at for signatures."""
    tables = sum(table.box.width * table.box.height for table in page.tables)
    return tables < 0.5 * page.width * page.height


def _with_marks(page: Page, image: "Image", points_per_pixel: float) -> Page:
    """The page with its seals and signatures, sought at a resolution that shows strokes but costs little."""
    from extractor.marks import marks_on

    step = max(1, int(72.0 / _MARKS_DPI / points_per_pixel))
    smaller = np.ascontiguousarray(image[::step, ::step])
    return replace(page, marks=marks_on(smaller, page.all_words(), points_per_pixel * step))


def _with_codes(page: Page, image: "Image", points_per_pixel: float) -> Page:
    """The page with its QR codes."""
    from extractor.barcodes import barcodes_on

    return replace(page, barcodes=barcodes_on(np.ascontiguousarray(image), points_per_pixel))


def _overlaid(page: Page, scanned: "ScannedPage") -> Page:
    """The text layer, and what recognition saw where the text layer has nothing."""
    printed = page.all_words()
    tables = [t for t in scanned.tables if not any(t.box.intersects(own.box) for own in page.tables)]
    tables = [t for t in tables if not any(t.box.contains(*w.box.centre) for w in printed)]
    added = tuple(w for w in scanned.words if w.confidence >= 0.6 and not _covered(w.box, printed))
    if not added and not tables:
        return page
    return replace(
        page,
        words=(*page.words, *added),
        tables=tuple(sorted((*page.tables, *tables), key=lambda t: t.box.top)),
        notes=tuple(dict.fromkeys((*page.notes, "partial_text_layer", *scanned.notes))),
    )


def _covered(box: Box, words: Sequence[Word]) -> bool:
    area = max(box.width * box.height, 1e-6)
    return any(w.box.overlap_x(box) * w.box.overlap_y(box) > 0.2 * area for w in words)
