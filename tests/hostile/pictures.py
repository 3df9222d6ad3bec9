"""Pictures made to hurt: floods of pixels, bombs in their chunks, circles of frames, and other kinds under false names."""
# ruff: noqa: E501 - one hostile file a line

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

Made = tuple[str, bytes]
PNG = b"\x89PNG\r\n\x1a\n"


def pictures() -> Iterator[Made]:
    """Every hostile picture with a name that says what it is."""
    yield from _png()
    yield from _jpeg()
    yield from _tiff()
    yield from _others()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int, height: int, data: bytes, *before: bytes, depth: int = 8, colours: int = 2, interlaced: int = 0
) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, interlaced)
    return PNG + chunk(b"IHDR", header) + b"".join(before) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _png() -> Iterator[Made]:
    bomb = zlib.compress(b"\0" * 40_000_000, 9)
    small = zlib.compress(b"\0\0\0\0" * 4)
    yield "flood.png", png(65_000, 65_000, small)
    yield "flood as high as can be.png", png(1, 2**31 - 1, small)
    yield "flood of palettes.png", png(300_000, 300_000, small, depth=1, colours=3, interlaced=1)
    yield "no width.png", png(0, 9, small)
    yield "pixels beyond the picture.png", png(4, 4, bomb)
    yield "pixels missing.png", png(4000, 4000, small)
    yield (
        "text that inflates.png",
        png(1, 1, small, chunk(b"zTXt", b"a\0\0" + bomb), chunk(b"iTXt", b"a\0\1\0\0\0" + bomb)),
    )
    yield "profile that inflates.png", png(1, 1, small, chunk(b"iCCP", b"a\0\0" + bomb))
    yield "palette missing.png", png(4, 4, small, colours=3)
    yield "colours unknown.png", png(4, 4, small, colours=77)
    yield "ten thousand frames.png", png(1, 1, small, chunk(b"acTL", struct.pack(">II", 10_000, 0)), *[chunk(b"fcTL", struct.pack(">IIIIIHHBB", n, 1, 1, 0, 0, 0, 1, 0, 0)) for n in range(500)])  # fmt: skip
    yield "chunk of four thousand million.png", PNG + struct.pack(">I", 2**32 - 1) + b"IHDR"
    yield "mark alone.png", PNG
    yield "a picture and an archive.png", png(1, 1, small) + b"PK\3\4" + b"\0" * 60


def _jpeg() -> Iterator[Made]:
    sound = saved(Image.linear_gradient("L"), "JPEG", progressive=True)
    start = sound.index(b"\xff\xc2") + 5
    yield "flood.jpg", sound[:start] + struct.pack(">HH", 65_500, 65_500) + sound[start + 4 :]
    yield "no height.jpg", sound[:start] + struct.pack(">HH", 0, 300) + sound[start + 4 :]
    scan = sound[sound.rindex(b"\xff\xda") : -2]
    yield "ten thousand scans.jpg", sound[:-2] + scan[:40] * 10_000 + b"\xff\xd9"
    yield "cut.jpg", sound[: len(sound) // 2]
    yield "comments only.jpg", b"\xff\xd8" + b"\xff\xfe\xff\xff" * 50_000
    exif = (
        b"Exif\0\0MM\0*"
        + struct.pack(">I", 8)
        + struct.pack(">H", 9999)
        + struct.pack(">HHII", 0x0112, 3, 2**31, 8) * 200
    )
    yield "facts in a circle.jpg", sound[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + sound[2:]
    yield "turned in a way that is none.jpg", saved(Image.new("L", (40, 30)), "JPEG", exif=_orientation(99))
    yield (
        "a page of the web inside.jpg",
        sound[:2] + b"\xff\xfe\x00\x2c<script>alert(document.domain)</script>....." + sound[2:],
    )
    yield "ink.jpg", saved(Image.new("CMYK", (300, 200)), "JPEG")
    yield "a hair.jpg", saved(Image.new("L", (30_000, 2)), "JPEG")


def _orientation(value: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = value
    return exif.tobytes()


def tiff(entries: list[tuple[int, int, int, int]], following: int, data: bytes = b"") -> bytes:
    """One directory at byte 8: entries of tag, type, count, value."""
    body = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + struct.pack("<I", following) + data


def _frame(
    width: int, height: int, strip: int = 8, compression: int = 1, size: int = 9
) -> list[tuple[int, int, int, int]]:
    return [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, compression), (262, 3, 1, 1), (273, 4, 1, strip), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, size)]  # fmt: skip


def _tiff() -> Iterator[Made]:
    yield "frames in a circle.tiff", tiff(_frame(3, 3), 8, b"\0" * 9)
    yield "flood.tiff", tiff(_frame(2**31, 2**31), 0)
    yield "next frame outside.tiff", tiff(_frame(3, 3), 2**32 - 9)
    yield "strips without number.tiff", tiff([*_frame(60_000, 1900)[:-4], (273, 4, 2**30, 8), (279, 4, 2**30, 8)], 0)
    yield "bits without number.tiff", tiff([(258, 3, 2**31, 8) if e[0] == 258 else e for e in _frame(9, 9)], 0)
    bomb = zlib.compress(b"\0" * 100_000_000, 9)
    yield "strip that inflates.tiff", tiff(_frame(10_000, 10_000, 122, 8, len(bomb)), 0, bomb)
    yield (
        "thousand frames.tiff",
        saved(Image.new("1", (8, 8)), "TIFF", save_all=True, append_images=[Image.new("1", (8, 8))] * 999),
    )
    yield "fax of noise.tiff", tiff(_frame(9000, 9000, 122, 4, 2000), 0, bytes(range(256)) * 8)
    yield "large kind.tiff", b"II+\0\x08\0\0\0" + struct.pack("<Q", 2**63)
    yield "no entries.tiff", b"II*\0\x08\0\0\0\0\0"
    yield "mark alone.tiff", b"MM\0*"


def _others() -> Iterator[Made]:
    webp = saved(Image.new("RGB", (40, 30)), "WEBP")
    yield "flood.webp", webp[:12] + b"VP8X\x0a\0\0\0\0\0\0\0" + b"\xff\xff\xff" * 2 + webp[12:]
    yield "cut.webp", webp[:30]
    yield (
        "moving.webp",
        saved(Image.new("RGB", (8, 8)), "WEBP", save_all=True, append_images=[Image.new("RGB", (8, 8), "red")] * 200),
    )
    bitmap = saved(Image.new("RGB", (40, 30)), "BMP")
    yield "flood.bmp", bitmap[:18] + b"\xff\xff\xff\x7f" * 2 + bitmap[26:]
    yield "cut.bmp", bitmap[:60]
    yield "runs without end.bmp", bitmap[:28] + b"\x08\0\x01\0\0\0" + bitmap[34:54] + b"\xff\0" * 3000
    for kind in ("GIF", "ICO", "PPM", "TGA"):
        yield f"kind we do not read.{kind.lower()}", saved(Image.new("RGB", (16, 16)), kind)
    yield (
        "drawing with a script.svg",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
    )
    yield "text that calls itself a picture.jpg", "营业执照".encode() * 100
