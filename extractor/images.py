"""Pictures: the bytes of a scan or a photo -> upright RGB pixels, with the header read and judged before anything is decoded."""

import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from extractor import long_pictures
from models.errors import CorruptImage, EmptyFile, TooLarge, TooManyPages, UnsupportedFile

Pixels = NDArray[np.uint8]
"""Height × width × 3, RGB."""

MOST_FRAMES = 500
"""Pages of a TIFF."""
_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP")
_BITMAP_HEADERS = {12, 40, 52, 56, 64, 108, 124}
"""Bytes of a bitmap's second header, which tell the versions of the format apart."""
_PDF_WITHIN = 1024
_REDUCED_COPY = 254  # TIFF tag NewSubfileType; bit 0 marks a thumbnail of another frame
_PLAUSIBLE_DPI = (50.0, 2400.0)
# What Pillow's decoders raise on damaged input, apart from OSError.
_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError, MemoryError)


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame of a picture file, or one sheet of a long one: `number` counts from 1.

    `dpi` is what the file states, None where it says nothing usable.
    """

    number: int
    image: Pixels
    dpi: float | None


def sniff(data: bytes) -> str:
    """The media type that the first bytes show, "" for anything the review does not read; names and extensions count for nothing.

    `%PDF` may stand anywhere within the first 1,024 bytes (ISO 32000-1, annex H.3.4.1); pictures must begin with their mark.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "image/tiff"
    if data[:2] == b"BM" and data[6:10] == bytes(4) and int.from_bytes(data[14:18], "little") in _BITMAP_HEADERS:
        return "image/bmp"
    if b"%PDF" in data[:_PDF_WITHIN]:
        return "application/pdf"
    return ""


def decode(
    data: bytes, *, max_pixels: int = 120_000_000, max_frames: int = MOST_FRAMES, first: int = 1
) -> Iterator[Picture]:
    """The frames of a JPEG, PNG, WebP, TIFF or BMP from `first` on, one at a time; only a TIFF can have more than one.

    A long picture gives one for each sheet that it is cut into. Turned as its EXIF says, transparency laid on white, pixels made
    square. Raises EmptyFile, UnsupportedFile, CorruptImage, TooLarge (a frame of more than `max_pixels`, judged by the header) or
    TooManyPages (more than `max_frames`).
    """
    done = 0
    for frame in _headers(data, max_pixels, max_frames):
        count = _sheets_in(frame)
        if done + count >= first:
            image, dpi = _pixels(frame)
            for number, sheet in enumerate(long_pictures.cut(image), done + 1):
                if number >= first:
                    yield Picture(number, sheet, dpi)
        done += count
    if done == 0:
        raise EmptyFile


def count_frames(data: bytes, *, max_pixels: int = 120_000_000, max_frames: int = MOST_FRAMES) -> int:
    """How many pictures `decode` will give, judged by the headers alone; it raises the same errors but for what decoding shows."""
    count = sum(_sheets_in(frame) for frame in _headers(data, max_pixels, max_frames))
    if count == 0:
        raise EmptyFile
    if count > max_frames:
        raise TooManyPages
    return count


def _headers(data: bytes, max_pixels: int, max_frames: int) -> Iterator[Image.Image]:
    """Each frame with its header read and found to be within the limits."""
    if not data:
        raise EmptyFile
    if not sniff(data).startswith("image/"):
        raise UnsupportedFile
    with warnings.catch_warnings():
        # The limit on pixels is ours, below; and a damaged tag is no reason to shout where the pixels can be read.
        warnings.simplefilter("ignore")
        try:
            source = Image.open(io.BytesIO(data), formats=_FORMATS)
        except Image.DecompressionBombError as error:
            raise _flood(error) from error
        except (UnidentifiedImageError, *_DAMAGE) as error:
            raise CorruptImage from error
    with source:
        for number, frame in enumerate(_frames(source, max_frames), 1):
            if frame.width * frame.height > max_pixels:
                raise TooLarge(
                    f"图片第 {number} 页为 {frame.width}×{frame.height} 像素，超过上限 {max_pixels:,}。 "
                    f"Frame {number} has {frame.width}×{frame.height} pixels; the limit is {max_pixels:,}."
                )
            yield frame


def _flood(error: Image.DecompressionBombError) -> TooLarge:
    """Pillow refuses such a picture while it reads the header, before its size can be asked for: the figures stand in its message."""
    pixels, limit = (int(figure) for figure in (*re.findall(r"\d+", str(error)), "0", "0")[:2])
    return TooLarge(
        f"图片有 {pixels:,} 像素，超过上限 {limit:,}。 The picture has {pixels:,} pixels; the limit is {limit:,}."
    )


def _frames(source: Image.Image, max_frames: int) -> Iterator[Image.Image]:
    if source.format != "TIFF":
        yield source
        return
    for index in range(max_frames + 1):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                source.seek(index)
            except EOFError:
                return
            except Image.DecompressionBombError as error:
                raise _flood(error) from error
            except _DAMAGE as error:
                raise CorruptImage from error
        if index == max_frames:
            raise TooManyPages
        if not int(getattr(source, "tag_v2", {}).get(_REDUCED_COPY, 0)) & 1:
            yield source


def _pixels(frame: Image.Image) -> tuple[Pixels, float | None]:
    """A frame as it is to be looked at, and the dpi that it states."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            frame.load()
            x_dpi, y_dpi = _resolution(frame)
            size = _size(frame)
            image = _rgb(ImageOps.exif_transpose(frame))
        except _DAMAGE as error:
            raise CorruptImage from error
    if image.size != size:
        image = image.resize(size, Image.Resampling.BICUBIC)
    return np.asarray(image), max(x_dpi, y_dpi) or None


def _sheets_in(frame: Image.Image) -> int:
    """How many sheets a frame is cut into, judged by its header."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return long_pictures.sheets_in(*_size(frame))
        except _DAMAGE as error:
            raise CorruptImage from error


def _size(frame: Image.Image) -> tuple[int, int]:
    """Width and height of a frame when it stands upright and its pixels are square: a fax has 204 × 98 dots per inch."""
    width, height = frame.size
    x_dpi, y_dpi = _resolution(frame)
    if frame.getexif().get(ExifTags.Base.Orientation, 1) >= 5:  # 5 to 8 swap the axes
        width, height, x_dpi, y_dpi = height, width, y_dpi, x_dpi
    dpi = max(x_dpi, y_dpi)
    if min(x_dpi, y_dpi) < 0.95 * dpi:
        return round(width * dpi / x_dpi), round(height * dpi / y_dpi)
    return width, height


def _resolution(frame: Image.Image) -> tuple[float, float]:
    """Dots per inch across and down; zeros where the file says nothing, or nothing a scanner or camera would mean."""
    try:
        x, y = (float(value) for value in frame.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0
    low, high = _PLAUSIBLE_DPI
    plausible = low <= x <= high and low <= y <= high and max(x, y) < 4 * min(x, y)
    return (x, y) if plausible else (0.0, 0.0)


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_eight_bits(np.asarray(image))).convert("RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")


def _eight_bits(samples: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Grey samples of more than eight bits, scaled to eight: by the sample's own width, or by the largest one where that is unknown."""
    values = samples.astype(np.float32)
    if samples.dtype == np.uint16:
        top = 65535.0
    else:
        values -= min(0.0, float(values.min(initial=0.0)))
        top = max(255.0, float(values.max(initial=0.0)))
    return (values * (255.0 / top)).round().astype(np.uint8)
