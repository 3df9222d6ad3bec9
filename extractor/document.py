"""`read`: bytes -> Document, page by page; the text layer where it is sound, recognition where it is not."""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from extractor import media
from extractor.archive import Archive
from extractor.images import count_frames, decode
from extractor.long_pictures import sheets_in
from extractor.tables import build
from models.errors import CorruptImage, EmptyFile, EncryptedFile, ReviewError, TooLarge, UnsupportedFile
from models.layout import Box, Document, MarkKind, Origin, Page, PageFault, Word

if TYPE_CHECKING:
    from extractor.ocr import Image, OcrEngine
    from extractor.pdf import DigitalPage, PdfFile
    from extractor.scan import ScannedPage

SCAN_DPI = 200.0
_WORTH_FINER = 1.25
_MOST_DPI = 400.0
"""Pictures from a quarter finer than `SCAN_DPI` on are worth a second look at what was doubtful; beyond this they show no more."""
_UNCOVERED_PICTURE = 0.10
"""A picture of at least this share of the page may hold text that the text layer lacks."""
_THIN_TEXT = 0.03
"""Text that covers less of a picture than this does not account for what the picture shows."""
_SHORT = 20
"""Papers that are signed or sealed have at most this many pages; in longer ones nobody looks for signatures and QR codes."""
_NARROWEST = 8
"""Pixels: less holds no letter."""
_MOST_SHEETS = 3
"""Joined one below the other: so many are still read as one page; of four no row is found."""
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

    def refuse(self, size: int) -> None:
        """Raises EmptyFile or TooLarge for a file of no bytes, or of too many."""
        if not size:
            raise EmptyFile
        if size > self.bytes:
            raise TooLarge(
                f"文件过大（{size / 1e6:.0f} MB，上限 {self.bytes / 1e6:.0f} MB），请压缩或拆分后提交。 "
                f"The file is too large ({size / 1e6:.0f} MB, at most {self.bytes / 1e6:.0f} MB)."
            )


@dataclass(frozen=True, slots=True)
class Opened:
    """A file of any kind while it is open: its pages count from 1 and are read when asked for, `info` is what it says of itself."""

    media_type: str
    page_count: int
    read_page: Callable[[int], Page]
    info: Callable[[], dict[str, str]] = dict


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
    with opened(data, ocr, limits) as file:
        pages, faults = collected(file, range(1, file.page_count + 1), progress)
        sha256 = hashlib.sha256(data).hexdigest()
        return Document(name, sha256, file.media_type, file.page_count, pages, faults, file.info())


@contextmanager
def opened(data: bytes, ocr: Ocr | None = None, limits: Limits | None = None) -> Iterator[Opened]:
    """The file for as long as the context lasts. Raises `InputError` where it cannot be used as a whole.

    The pages of PDF, OFD and TIFF files are read one by one, what others hold is read as they are opened.
    """
    limits = limits or Limits()
    limits.refuse(len(data))
    media_type = media.media_type(data)
    if media_type == media.PDF:
        with _opened_pdf(data, ocr, limits) as file:
            yield file
    elif media_type == media.OFD:
        from extractor.ofd import open_ofd

        ofd = open_ofd(data, max_pages=limits.pages)
        yield Opened(media_type, len(ofd.pages), ofd.read_page, lambda: dict(ofd.info))
    elif media_type.startswith("image/"):
        yield _opened_picture(data, media_type, ocr, limits)
    else:
        pages = _set_pages(data, media_type, limits.pages)
        if not pages:
            raise EmptyFile
        yield Opened(media_type, len(pages), lambda number: pages[number - 1])


def collected(
    file: Opened, numbers: Sequence[int], progress: Progress | None = None
) -> tuple[tuple[Page, ...], tuple[PageFault, ...]]:
    """The pages of these numbers; one that fails is a fault of its own and never ends the file.

    Only memory that has run out ends it, for that is the process's trouble and not the page's.
    """
    pages: list[Page] = []
    faults: list[PageFault] = []
    for number in numbers:
        try:
            pages.append(file.read_page(number))
        except MemoryError:
            raise
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
            progress(number, file.page_count)
    return tuple(pages), tuple(faults)


@contextmanager
def _opened_pdf(data: bytes, ocr: Ocr | None, limits: Limits) -> Iterator[Opened]:
    from extractor.pdf import open_pdf
    from extractor.revisions import count_revisions
    from extractor.signatures import signature_facts

    def info() -> dict[str, str]:
        revisions = count_revisions(data)
        return {**pdf.info, **signature_facts(data), **({"revisions": str(revisions)} if revisions else {})}

    with open_pdf(data, max_pages=limits.pages) as pdf:
        yield Opened(media.PDF, pdf.page_count, lambda number: _pdf_page(pdf, number, ocr), info)


def _opened_picture(data: bytes, media_type: str, ocr: Ocr | None, limits: Limits) -> Opened:
    """A picture is decoded at once, for damage to it is damage to the file; the frames of a TIFF have faults of their own."""
    count = count_frames(data, max_pixels=limits.pixels)
    frames = decode(data, max_pixels=limits.pixels)
    waiting = {} if media_type == "image/tiff" else {1: next(frames)}

    def read_page(number: int) -> Page:
        nonlocal frames
        picture = waiting.pop(number, None) or next(frames, None)
        if picture is None or picture.number != number:  # not in turn: from the beginning, whose headers cost little
            frames = decode(data, max_pixels=limits.pixels, first=number)
            picture = next(frames)
        return _scanned(number, picture.image, 72.0 / (picture.dpi or 72.0), ocr)

    return Opened(media_type, count, read_page)


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
            raise media.unsupported(data)


def _pdf_page(pdf: "PdfFile", number: int, ocr: Ocr | None) -> Page:
    """One page: digital where its text layer accounts for what is seen, else recognised, else both laid over each other."""
    digital = pdf.read_page(number)
    if digital.unsound or (not digital.words and (digital.images or _shows_something(pdf, number))):
        page = _scanned(number, pdf.raster(number, SCAN_DPI), 72.0 / SCAN_DPI, ocr, lambda: _finer(pdf, number))
        return replace(page, notes=tuple(dict.fromkeys((*digital.notes, *page.notes))))
    tables, free = build(digital.words, digital.rulings)
    page = Page(number, digital.width, digital.height, free, tables, Origin.TEXT, notes=digital.notes)
    if pdf.page_count <= _SHORT and _may_be_signed(page):
        page = _with_marks(page, pdf.raster(number, _MARKS_DPI), 72.0 / _MARKS_DPI)
        page = _with_codes(page, pdf.raster(number, _CODES_DPI), 72.0 / _CODES_DPI)
    if ocr is not None:
        page = _read_both_ways(page, pdf, ocr)
    if ocr is not None and _picture_without_text(digital):
        scanned = _scan(pdf.raster(number, SCAN_DPI), 72.0 / SCAN_DPI, ocr, lambda: _finer(pdf, number))
        return _overlaid(page, scanned) if scanned.rotation == 0 else page
    return page


def _read_both_ways(page: Page, pdf: "PdfFile", ocr: Ocr) -> Page:
    """The page with a sample of it read in the picture too; as it is where it is not sampled or recognition cannot be had."""
    from extractor.crosscheck import crosscheck, is_sampled

    if not is_sampled(page.number, pdf.page_count):
        return page
    try:
        readings = crosscheck(page, pdf.page_count, lambda dpi: pdf.raster(page.number, dpi), ocr())
    except ReviewError as error:
        _log.warning("page %d could not be read in its picture too: %s", page.number, error)
        return page
    return replace(page, readings=readings)


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


def _finer(pdf: "PdfFile", number: int) -> "Image | None":
    """The page at the resolution of its own pictures, for what was read with doubt; None where that is no finer."""
    finest = min(pdf.finest(number), _MOST_DPI)
    return pdf.raster(number, finest) if finest >= _WORTH_FINER * SCAN_DPI else None


def _scan(
    image: "Image", points_per_pixel: float, ocr: Ocr | None, finer: "Callable[[], Image | None] | None" = None
) -> "ScannedPage":
    from extractor.scan import read_scan

    if min(image.shape[:2]) < _NARROWEST:
        raise CorruptImage(
            "该页过于狭窄，看不出任何内容，请重新扫描或导出。 The page is too narrow to show anything; please scan or export it again."
        )
    if sheets_in(image.shape[1], image.shape[0]) > _MOST_SHEETS:
        raise TooLarge(
            "该页是多页拼成的长图，无法按一页识别；请直接上传长图图片，或按页导出。 The page is a long picture of several pages and "
            "cannot be read as one; please upload the picture itself, or export it page by page."
        )
    if ocr is None:
        from models.errors import OcrUnavailable

        raise OcrUnavailable
    return read_scan(image, points_per_pixel, ocr(), finer=finer)


def _scanned(
    number: int,
    image: "Image",
    points_per_pixel: float,
    ocr: Ocr | None,
    finer: "Callable[[], Image | None] | None" = None,
) -> Page:
    seen = _scan(image, points_per_pixel, ocr, finer)
    page = Page(
        number, seen.width, seen.height, seen.words, seen.tables, Origin.OCR, seen.rotation, seen.skew, seen.notes
    )
    page = replace(page, lens=seen.lens)
    if not _may_be_signed(page):
        return page
    upright = np.ascontiguousarray(np.rot90(image, -seen.rotation // 90))
    return _with_codes(_with_marks(page, upright, points_per_pixel, ocr), upright, points_per_pixel)


def _may_be_signed(page: Page) -> bool:
    """Letters, forms and certificates; a page that is mostly table is not looked at for signatures."""
    tables = sum(table.box.width * table.box.height for table in page.tables)
    return tables < 0.5 * page.width * page.height


def _with_marks(page: Page, image: "Image", points_per_pixel: float, ocr: Ocr | None = None) -> Page:
    """The page with its seals, stamps and signatures; with an engine also what is written on seals and stamps."""
    from extractor.marks import marks_on

    marks = marks_on(image, page.all_words(), points_per_pixel)
    if ocr is not None and any(mark.kind is not MarkKind.HANDWRITING for mark in marks):
        from extractor.imprint_text import with_texts

        marks = with_texts(marks, image, points_per_pixel, ocr())
    return replace(page, marks=marks)


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
