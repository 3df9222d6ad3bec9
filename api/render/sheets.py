"""Pages as they lie on the table: how large each is, and pictures of them as wide as they are shown."""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence

from PIL import Image

from api.render.dossier import Sheet
from extractor.images import decode, sniff
from extractor.pdf import open_pdf
from models.errors import InputError

JPEG_QUALITY = 74
TALLEST = 3
"""How many times as tall as wide a picture may become: a page may be a strip."""


def sheets_of(data: bytes, turns: Mapping[tuple[str, int], int]) -> list[Sheet]:
    """The pages of a file with their sizes; none where the file has no pages that can be drawn, as a Word file."""
    sha256 = hashlib.sha256(data).hexdigest()

    def sheet(page: int, width: float, height: float) -> Sheet:
        turn = turns.get((sha256, page), 0)
        return Sheet(sha256, page, *((height, width) if turn % 180 else (width, height)), turn)

    try:
        if sniff(data) == "application/pdf":
            with open_pdf(data) as pdf:
                return [sheet(page, *pdf.size(page)) for page in range(1, pdf.page_count + 1)]
        return [
            sheet(picture.number, picture.image.shape[1] * scale, picture.image.shape[0] * scale)
            for picture in decode(data)
            for scale in (72 / (picture.dpi or 72.0),)
        ]
    except InputError:
        return []


def pictures_of(data: bytes, pages: Sequence[int], width: int, turns: Mapping[int, int]) -> Iterator[bytes]:
    """JPEGs of some pages in their order, turned to be read, `width` pixels wide. LookupError for a page that is not there."""
    for image, page in zip(_drawn(data, pages, width, turns), pages, strict=True):
        turn = turns.get(page, 0)
        upright = image.rotate(-turn, expand=True) if turn else image
        size = (width, max(1, round(upright.height * width / upright.width)))
        yield _jpeg(upright if upright.size == size else upright.resize(size, Image.Resampling.LANCZOS))


def _drawn(data: bytes, pages: Sequence[int], width: int, turns: Mapping[int, int]) -> Iterator[Image.Image]:
    if sniff(data) == "application/pdf":
        with open_pdf(data) as pdf:
            for page in pages:
                if page > pdf.page_count:
                    raise LookupError(page)
                across, down = pdf.size(page)
                across, down = (down, across) if turns.get(page, 0) % 180 else (across, down)
                yield Image.fromarray(pdf.raster(page, 72 * min(width / across, TALLEST * width / down)))
        return
    for page in pages:
        picture = next((picture for picture in decode(data, first=page) if picture.number == page), None)
        if picture is None:
            raise LookupError(page)
        yield Image.fromarray(picture.image)


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()
