"""Sound files to damage: the committed samples, and what an office would make of them."""

import io
from functools import cache

from PIL import Image

from extractor.document import read
from extractor.pdf import open_pdf
from tests.cases import CASES
from tests.extractor.office_files import as_docx, as_xlsx
from tests.extractor.test_ofd import as_ofd, ofd

_MOST_BYTES = 400_000
_SIDE = 480
_KINDS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP")


@cache
def papers() -> tuple[tuple[str, bytes], ...]:
    """Name and bytes of every PDF among the samples that is not too large to be damaged quickly, in order."""
    paths = (path for path in sorted(CASES.glob("*/*.pdf")) if path.stat().st_size <= _MOST_BYTES)
    return tuple((f"{path.parent.name}/{path.name}", path.read_bytes()) for path in paths)


@cache
def pictures() -> tuple[tuple[str, bytes], ...]:
    """The photographs and scans among the samples, made small, in each kind that is read."""
    made = []
    for path in sorted(CASES.glob("*/*.jpg")):
        with Image.open(path) as image:
            image.thumbnail((_SIDE, _SIDE))
            for kind in _KINDS:
                out = io.BytesIO()
                image.save(out, kind, **({"compression": "tiff_lzw"} if kind == "TIFF" else {}))
                made.append((f"{path.parent.name}/{path.stem}.{kind.lower()}", out.getvalue()))
    return tuple(made)


@cache
def office_files() -> tuple[tuple[str, bytes], ...]:
    """An annex and a form as Word and Excel files, and as OFD."""
    made = []
    for path in (CASES / "clean_company_g3" / "附件.pdf", CASES / "clean_company_g3" / "申请书.pdf"):
        document = read(path.read_bytes())
        made += [(f"{path.stem}.docx", as_docx(document)), (f"{path.stem}.xlsx", as_xlsx(document))]
        with open_pdf(path.read_bytes(), max_pages=9) as pdf:
            made.append((f"{path.stem}.ofd", ofd(*(as_ofd(pdf.read_page(n + 1)) for n in range(pdf.page_count)))))
    return tuple(made)
