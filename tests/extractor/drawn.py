"""Small PDF files written by hand, so that a test says exactly what is in its file."""

from collections.abc import Mapping

HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
COURIER = b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"


def pdf(
    content: bytes | list[bytes],
    page: bytes = b"/MediaBox [0 0 400 300]",
    fonts: Mapping[str, bytes] | None = None,
    xobjects: Mapping[str, bytes] | None = None,
    extra: Mapping[int, bytes] | None = None,
) -> bytes:
    """A file with one page for each content stream; fonts F1 (Helvetica) and F2 (Courier) are there.

    `page` holds further entries of the page dictionaries; `xobjects` and `extra` objects (numbered from 100) are given whole.
    """
    contents = [content] if isinstance(content, bytes) else content
    objects: dict[int, bytes] = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    resources = {"Font": {"F1": HELVETICA, "F2": COURIER, **(fonts or {})}, "XObject": dict(xobjects or {})}
    entries = []
    number = 50
    for kind, named in resources.items():
        names = []
        for name, body in named.items():
            objects[number] = body
            names.append(f"/{name} {number} 0 R".encode())
            number += 1
        entries.append(b"/%s << %s >>" % (kind.encode(), b" ".join(names)))
    kids = []
    for i, stream_bytes in enumerate(contents):
        objects[3 + 2 * i] = b"<< /Type /Page /Parent 2 0 R %s /Resources << %s >> /Contents %d 0 R >>" % (
            page,
            b" ".join(entries),
            4 + 2 * i,
        )
        objects[4 + 2 * i] = stream(stream_bytes)
        kids.append(b"%d 0 R" % (3 + 2 * i))
    objects[2] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    return file({**objects, **(extra or {})})


def file(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """Numbered objects as a file with its cross-reference table; object 1 is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = {}
    for number, body in sorted(objects.items()):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 65535 f \n"
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def text(x: float, y: float, shown: str, size: float = 10, font: str = "F1", before: str = "") -> bytes:
    """`shown` at a place, in PDF space; `before` holds operators that go first."""
    escaped = shown.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT {before} /{font} {size} Tf {x} {y} Td ({escaped}) Tj ET\n".encode("latin-1")


def rules(xs: list[float], ys: list[float]) -> bytes:
    """A full lattice as stroked lines."""
    lines = [f"{xs[0]} {y} m {xs[-1]} {y} l S" for y in ys] + [f"{x} {ys[0]} m {x} {ys[-1]} l S" for x in xs]
    return ("\n".join(lines) + "\n").encode()
