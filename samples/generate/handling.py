"""What happens to a finished PDF before it is handed in: saved again, a page scanned, cut or moved, text hidden, all tilted."""

import ctypes
import datetime as dt
import io
import re
from dataclasses import dataclass

import pypdfium2 as pypdfium
import pypdfium2.raw as raw
from PIL import Image

from samples.generate.paste import Paste, paste

_LAST_XREF = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_ROOT = re.compile(rb"/Root\s+(\d+ \d+ R)")
_SIZE = re.compile(rb"/Size\s+(\d+)")


@dataclass(frozen=True, slots=True)
class Handling:
    """What was done to one part of the case; page numbers count from 1, 0 = to none.

    `producer`, `created` and `modified` are written into the file's own information. `scanned_page` becomes a picture,
    `resized_page` becomes `wider` by so many points, `moved_page` is shifted up on its sheet, `hidden_page` gets text that is not shown. A
    file that is `tilted` was scanned at that many degrees. `signed` is the name in a digital signature that is put on last, after which
    the file may be `altered` in place or have something `appended` to it. `pasted` is a picture that is laid over words of the first page.
    """

    part: str
    producer: str = ""
    created: dt.datetime | None = None
    modified: dt.datetime | None = None
    scanned_page: int = 0
    resized_page: int = 0
    wider: float = 44.0
    moved_page: int = 0
    hidden_page: int = 0
    tilted: float = 0.0
    signed: str = ""
    altered: bool = False
    appended: bool = False
    pasted: Paste | None = None


def handled(pdf: bytes, handling: Handling) -> bytes:
    """The file after all of it, the same bytes for the same handling; a signature bears its time."""
    document = pypdfium.PdfDocument(pdf)
    try:
        for number in range(1, len(document) + 1):
            if handling.tilted or number == handling.scanned_page:
                _scan(document, number, handling.tilted)
        if handling.resized_page:
            _reframe(document, handling.resized_page, wider=handling.wider, up=0.0)
        if handling.moved_page:
            _reframe(document, handling.moved_page, wider=0.0, up=14.0)
        if handling.pasted:
            paste(document, handling.pasted)
        if handling.hidden_page:
            _hide(document, handling.hidden_page, "EXPIRY DATE 2024-12-31")
        buffer = io.BytesIO()
        document.save(buffer)
    finally:
        document.close()
    return _sealed(_informed(buffer.getvalue(), handling), handling)


def _sealed(pdf: bytes, handling: Handling) -> bytes:
    """What is done to the bytes of the finished file."""
    if not (handling.signed or handling.altered or handling.appended):
        return pdf
    from samples.generate import sign  # takes half a second, and few files are signed

    pdf = sign.signed(pdf, handling.signed) if handling.signed else pdf
    pdf = sign.altered(pdf) if handling.altered else pdf
    return sign.appended(pdf) if handling.appended else pdf


def _scan(document: pypdfium.PdfDocument, number: int, tilt: float) -> None:
    """The page as a picture of itself, turned by `tilt` degrees."""
    page = document[number - 1]
    width, height = page.get_size()
    picture = (
        page.render(scale=150 / 72).to_pil().convert("RGB").rotate(tilt, Image.Resampling.BICUBIC, fillcolor="white")
    )
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=70)
    jpeg.seek(0)
    page.close()
    document.del_page(number - 1)
    new = document.new_page(width, height, number - 1)
    image = pypdfium.PdfImage.new(document)
    image.load_jpeg(jpeg)
    image.set_matrix(pypdfium.PdfMatrix().scale(width, height))
    new.insert_obj(image)
    new.gen_content()
    new.close()


def _reframe(document: pypdfium.PdfDocument, number: int, wider: float, up: float) -> None:
    page = document[number - 1]
    left, bottom, right, top = page.get_mediabox()
    page.set_mediabox(left, bottom - up, right + wider, top - up)
    page.close()


def _hide(document: pypdfium.PdfDocument, number: int, text: str) -> None:
    page = document[number - 1]
    written = raw.FPDFPageObj_NewTextObj(document.raw, b"Helvetica", 10.0)
    encoded = (text + "\0").encode("utf-16-le")
    raw.FPDFText_SetText(written, ctypes.cast(ctypes.c_char_p(encoded), raw.FPDF_WIDESTRING))
    raw.FPDFTextObj_SetTextRenderMode(written, raw.FPDF_TEXTRENDERMODE_INVISIBLE)
    raw.FPDFPageObj_Transform(written, 1, 0, 0, 1, 60, 40)
    raw.FPDFPage_InsertObject(page.raw, written)
    page.gen_content()
    page.close()


def _informed(pdf: bytes, handling: Handling) -> bytes:
    """The file with new information about itself appended, as a program does that saves a change (ISO 32000-1, 7.5.6)."""
    entries = [b"/Producer (" + handling.producer.encode("ascii") + b")"] if handling.producer else []
    for name, moment in ((b"/CreationDate", handling.created), (b"/ModDate", handling.modified)):
        if moment is not None:
            entries.append(name + f" (D:{moment:%Y%m%d%H%M%S}+08'00')".encode("ascii"))
    last, root, size = _LAST_XREF.search(pdf), _ROOT.search(pdf), _SIZE.findall(pdf)
    if not entries or last is None or root is None:
        return pdf
    number = int(size[-1])
    start = len(pdf) + 1
    body = f"{number} 0 obj\n<< ".encode("ascii") + b" ".join(entries) + b" >>\nendobj\n"
    table = f"xref\n{number} 1\n{start:010d} 00000 n \n".encode("ascii")
    trailer = b"trailer\n<< /Size %d /Root %s /Info %d 0 R /Prev %s >>\n" % (number + 1, root[1], number, last[1])
    return pdf + b"\n" + body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (start + len(body))
