"""Pictures: every mode becomes upright RGB, and hostile or damaged files are refused before they cost anything."""

import io
import struct
import time
import zlib

import numpy as np
import pytest
from PIL import Image

from extractor.images import decode, sniff
from models.errors import CorruptImage, EmptyFile, TooLarge, TooManyPages, UnsupportedFile


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def gradient(mode: str = "RGB") -> Image.Image:
    """Dark at the left, light at the right; 40 wide, 20 high."""
    ramp = np.tile(np.linspace(0, 255, 40).astype(np.uint8), (20, 1))
    return Image.fromarray(ramp).convert(mode)


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds no pixels to speak of."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"junk before " * 20 + b"%PDF-1.4", "application/pdf"),
        (b" " * 1024 + b"%PDF-1.4", ""),
        (saved(gradient(), "JPEG"), "image/jpeg"),
        (saved(gradient(), "PNG"), "image/png"),
        (saved(gradient(), "WEBP"), "image/webp"),
        (saved(gradient(), "TIFF"), "image/tiff"),
        (saved(gradient(), "BMP"), "image/bmp"),
        (b"BMW" + bytes(30), ""),
        (saved(gradient(), "GIF"), ""),
        (b"PK\x03\x04", ""),
        (b"", ""),
    ],
)
def test_sniff_tells_the_type_by_its_first_bytes(data: bytes, kind: str) -> None:
    assert sniff(data) == kind


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("1", "TIFF"), ("1", "PNG"), ("L", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("RGB", "PNG"), ("RGBA", "PNG"),
        ("RGBA", "WEBP"), ("L", "JPEG"), ("CMYK", "JPEG"), ("CMYK", "TIFF"), ("I;16", "PNG"), ("I;16", "TIFF"), ("F", "TIFF"),
        ("1", "BMP"), ("P", "BMP"), ("RGB", "BMP"),
    ],
)  # fmt: skip
def test_every_mode_becomes_rgb_with_dark_left_and_light_right(mode: str, kind: str) -> None:
    deep = Image.fromarray(np.tile(np.linspace(0, 65535, 40).astype(np.uint16), (20, 1)))
    image = deep if mode == "I;16" else gradient(mode)
    (picture,) = decode(saved(image, kind))
    assert picture.image.shape == (20, 40, 3)
    assert picture.image.dtype == np.uint8
    assert picture.image[:, :4].mean() < 40
    assert picture.image[:, -4:].mean() > 215


def test_transparent_pixels_are_white() -> None:
    (picture,) = decode(saved(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG"))
    assert (picture.image == 255).all()


def test_a_palette_with_transparency_is_laid_on_white() -> None:
    image = Image.new("P", (8, 8), 1)
    image.putpalette([0, 0, 0, 10, 20, 30])
    (picture,) = decode(saved(image, "PNG", transparency=1))
    assert (picture.image == 255).all()


@pytest.mark.parametrize(("orientation", "corner"), [(1, (0, 0)), (3, (-1, -1)), (6, (0, -1)), (8, (-1, 0))])
def test_exif_orientation_is_applied(orientation: int, corner: tuple[int, int]) -> None:
    image = Image.new("RGB", (64, 32), "white")
    image.paste("black", (0, 0, 16, 16))
    exif = Image.Exif()
    exif[0x0112] = orientation
    (picture,) = decode(saved(image, "JPEG", exif=exif, quality=95))
    assert picture.image.shape[:2] == ((32, 64) if orientation in (1, 3) else (64, 32))
    assert picture.image[corner].max() < 60


def test_resolution_is_reported_and_nonsense_is_not() -> None:
    assert next(decode(saved(gradient(), "PNG", dpi=(200, 200)))).dpi == pytest.approx(200, abs=0.1)
    assert next(decode(saved(gradient(), "PNG"))).dpi is None
    assert next(decode(saved(gradient(), "PNG", dpi=(1, 1)))).dpi is None


def test_a_fax_gets_square_pixels() -> None:
    (picture,) = decode(saved(gradient(), "TIFF", dpi=(204.0, 102.0)))
    assert picture.image.shape[:2] == (40, 40)
    assert picture.dpi == pytest.approx(204)


def test_tiff_pages_come_in_order_and_other_kinds_have_one() -> None:
    pages = [Image.new("L", (10, 10), 20 * n) for n in range(4)]
    assert [(p.number, int(p.image[0, 0, 0])) for p in decode(saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]))] == [
        (1, 0), (2, 20), (3, 40), (4, 60),
    ]  # fmt: skip
    assert len(list(decode(saved(pages[0], "WEBP", save_all=True, append_images=pages[1:])))) == 1


def test_too_many_tiff_pages_are_refused() -> None:
    pages = [Image.new("1", (4, 4), n % 2) for n in range(6)]
    data = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert len(list(decode(data, max_frames=6))) == 6
    with pytest.raises(TooManyPages):
        list(decode(data, max_frames=5))


@pytest.mark.parametrize("side", [12_000, 30_000])
def test_a_pixel_flood_is_refused_by_its_header(side: int) -> None:
    started = time.perf_counter()
    with pytest.raises(TooLarge):
        next(decode(png_header(side, side)))
    assert time.perf_counter() - started < 1.0  # decoding would take many times as long


def test_the_limit_on_pixels_can_be_set() -> None:
    data = saved(gradient(), "PNG")
    assert next(decode(data, max_pixels=800)).number == 1
    with pytest.raises(TooLarge, match="40×20"):
        next(decode(data, max_pixels=799))


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyFile),
        (b"hello", UnsupportedFile),
        (b"%PDF-1.7", UnsupportedFile),
        (saved(gradient(), "GIF"), UnsupportedFile),
        (b"\x89PNG\r\n\x1a\n", CorruptImage),
        (b"\xff\xd8\xff\xe0rest", CorruptImage),
        (saved(gradient().resize((400, 400)), "JPEG")[:900], CorruptImage),
        (saved(gradient().resize((400, 400)), "TIFF")[:5000], CorruptImage),
        (saved(gradient(), "WEBP")[:40], CorruptImage),
        (b"II*\0\x08\0\0\0\0\0\0\0\0\0", CorruptImage),
        (png_header(100, 100), CorruptImage),
    ],
)
def test_what_cannot_be_read_raises_its_error(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        list(decode(data))
