"""Pictures of pages: the crop around a piece of evidence, and pages with everything drawn on that was seen there."""

import hashlib
import io
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw

from extractor.images import decode, sniff
from extractor.pdf import open_pdf
from models.layout import Box, Document, Origin, Page

Crop = Callable[[str, int, Box], bytes | None]
"""(sha256 of a file, page, box) -> JPEG of that place with its surroundings; None where it cannot be shown."""

CROP_DPI = 130.0
DEBUG_DPI = 110.0
JPEG_QUALITY = 62
BEFORE, AFTER, ABOVE = 90.0, 40.0, 14.0  # points shown around a box; before it stands its label
OUTSIDE = 1.5  # points between a box and its outline
WIDEST, TALLEST = 880.0, 150.0  # points that a crop shows at most

OUTLINE = (196, 61, 47)
TEXT_WORD, OCR_WORD, CELL, BROKEN = (58, 110, 165), (170, 90, 160), (46, 139, 87), (196, 61, 47)


class PagePictures:
    """Pictures of the pages of some files. `rotations` holds the clockwise turn that made a page upright, where one did."""

    def __init__(self, contents: Iterable[bytes], rotations: Mapping[tuple[str, int], int] | None = None) -> None:
        self._contents = {hashlib.sha256(data).hexdigest(): data for data in contents}
        self._rotations = rotations or {}
        self._page = lru_cache(maxsize=4)(self._draw)

    def page(self, sha256: str, number: int, dpi: float) -> Image.Image:
        """The page upright, at so many pixels to the inch; KeyError for a file that was not given."""
        return self._page(sha256, number, dpi)

    def jpeg(self, sha256: str, number: int, dpi: float) -> bytes:
        """The page as JPEG; KeyError or StopIteration for what is not there."""
        return _jpeg(self.page(sha256, number, dpi))

    def crop(self, sha256: str, number: int, box: Box) -> bytes | None:
        """A JPEG of the box with a margin, the box outlined; None for a file that was not given or a page that cannot be drawn."""
        if sha256 not in self._contents or box.width <= 0 or box.height <= 0:
            return None
        try:
            page = self.page(sha256, number, CROP_DPI)
        except Exception:  # a page that cannot be drawn costs its picture, not the report
            return None
        scale = CROP_DPI / 72
        sheet = Box(0, 0, page.width / scale, page.height / scale)
        shown = _window(box, sheet)
        picture = page.crop(_pixels(shown, scale))
        outline = box.expanded(OUTSIDE)
        within = Box(outline.x0 - shown.x0, outline.top - shown.top, outline.x1 - shown.x0, outline.bottom - shown.top)
        ImageDraw.Draw(picture).rectangle(_pixels(within, scale), outline=OUTLINE, width=2)
        return _jpeg(picture)

    def _draw(self, sha256: str, number: int, dpi: float) -> Image.Image:
        data = self._contents[sha256]
        if sniff(data) == "application/pdf":
            with open_pdf(data) as pdf:
                image = Image.fromarray(pdf.raster(number, dpi))
        else:
            picture = next(picture for picture in decode(data) if picture.number == number)
            image = Image.fromarray(picture.image)
            scale = dpi / (picture.dpi or 72.0)
            size = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
            image = image.resize(size, Image.Resampling.LANCZOS)
        turn = self._rotations.get((sha256, number), 0)
        return image.rotate(-turn, expand=True) if turn else image


def rotations_of(document: Document) -> dict[tuple[str, int], int]:
    """The turns of a document's pages, for `PagePictures`."""
    return {(document.sha256, page.number): page.rotation for page in document.pages if page.rotation}


def draw_document(document: Document, folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write each page as PNG with its words and cells drawn on: what the parsers see, to look at."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = PagePictures([contents[document.name]], rotations_of(document))
    stem = document.name.replace("/", "_").replace("\\", "_")
    for page in document.pages:
        image = pictures.page(document.sha256, page.number, DEBUG_DPI).convert("RGB")
        drawn_on(image, page).save(folder / f"{stem}.{page.number:03d}.png", optimize=True)


def drawn_on(image: Image.Image, page: Page) -> Image.Image:
    """Cells shaded green (red in a table whose grid is broken), words outlined: blue from the text layer, purple recognised."""
    scale = image.width / page.width
    layer = Image.new("RGBA", image.size)
    pen = ImageDraw.Draw(layer)
    for table in page.tables:
        colour = CELL if table.complete else BROKEN
        for cell in table.cells:
            pen.rectangle(_pixels(cell.box, scale), fill=(*colour, 22), outline=(*colour, 220), width=2)
        pen.rectangle(_pixels(table.box.expanded(1.5), scale), outline=(*colour, 255), width=3)
    for word in page.all_words():
        colour = TEXT_WORD if word.origin is Origin.TEXT else OCR_WORD
        pen.rectangle(_pixels(word.box, scale), fill=(*colour, 30), outline=(*colour, 200))
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def _window(box: Box, sheet: Box) -> Box:
    """What a crop shows: the box with its margin, cut from its start where it is larger than a crop may be."""
    wide = Box(box.x0 - BEFORE, box.top - ABOVE, box.x1 + AFTER, box.bottom + ABOVE)
    x0, top = max(wide.x0, sheet.x0), max(wide.top, sheet.top)
    return Box(x0, top, min(wide.x1, sheet.x1, x0 + WIDEST), min(wide.bottom, sheet.bottom, top + TALLEST))


def _pixels(box: Box, scale: float) -> tuple[int, int, int, int]:
    return round(box.x0 * scale), round(box.top * scale), round(box.x1 * scale), round(box.bottom * scale)


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return buffer.getvalue()
