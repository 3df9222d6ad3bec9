"""The tools that read tables out of digital pages, each as one function, and what rows their tables make.

Whatever a tool needs is imported when it is called, so that a process that runs one of them holds no other.
"""

import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec
from itertools import pairwise, repeat
from pathlib import Path
from typing import Any

Row = tuple[str, ...]
Cells = list[list[str | None]]

COLUMNS = 9


def ours(data: bytes) -> Iterator[Cells]:
    """Tables as rows of texts by this project: a merged cell stands at its top left, other positions it covers hold None."""
    from extractor.pdf import open_pdf

    with open_pdf(data) as file:
        for number in range(1, file.page_count + 1):
            page = file.read_page(number)
            yield from _built(page.words, page.rulings)


def _built(words: Sequence[object], rulings: Sequence[object]) -> Iterator[Cells]:
    from extractor.tables import build

    for table in build(words, rulings)[0]:  # type: ignore[arg-type]
        cells: Cells = [[None] * table.columns for _ in range(table.rows)]
        for cell in table.cells:
            cells[cell.row][cell.column] = cell.text
        yield cells


def pdfplumber(data: bytes) -> Iterator[Cells]:
    """`extract_tables` of pdfplumber, whose pages are closed one by one: it keeps them all otherwise."""
    import pdfplumber as library

    with library.open(io.BytesIO(data)) as file:
        for page in file.pages:
            yield from page.extract_tables()
            page.close()


def docling_parse(data: bytes) -> Iterator[Cells]:
    """Words and shapes of docling-parse, which knows no tables, put into our grid."""
    from docling_core.types.doc.page import TextCellUnit
    from docling_parse.pdf_parser import DoclingPdfParser

    from models.layout import Box, Direction, Ruling, Word

    for _, page in DoclingPdfParser(loglevel="fatal").load(io.BytesIO(data)).iterate_pages():
        height = page.dimension.height
        words = []
        for cell in page.iterate_cells(TextCellUnit.WORD):
            box = cell.rect.to_bounding_box()
            words.append(Word(cell.text, Box(box.l, height - box.t, box.r, height - box.b)))
        rulings = []
        for shape in page.shapes:
            places = [(point.x, height - point.y) for point in shape.points]
            xs, ys = [x for x, _ in places], [y for _, y in places]
            if min(max(xs) - min(xs), max(ys) - min(ys)) <= 3.0:  # a rule, or a thin bar
                places = [(min(xs), min(ys)), (max(xs), max(ys))]
            for (x0, y0), (x1, y1) in pairwise(places):
                if abs(x1 - x0) >= abs(y1 - y0):
                    rulings.append(Ruling(Direction.HORIZONTAL, (y0 + y1) / 2, min(x0, x1), max(x0, x1)))
                else:
                    rulings.append(Ruling(Direction.VERTICAL, (x0 + x1) / 2, min(y0, y1), max(y0, y1)))
        yield from _built(words, rulings)


def camelot(data: bytes) -> Iterator[Cells]:
    """The lattice flavour of camelot, its texts split at the rules."""
    import camelot as library

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "annex.pdf"
        path.write_bytes(data)
        tables = library.read_pdf(str(path), pages="all", flavor="lattice", split_text=True, suppress_stdout=True)
        yield from (table.df.values.tolist() for table in tables)


def pymupdf(data: bytes) -> Iterator[Cells]:
    """`find_tables` of PyMuPDF."""
    import pymupdf as library

    with library.open(stream=data, filetype="pdf") as file:
        for page in file:
            yield from (table.extract() for table in page.find_tables().tables)


READERS: dict[str, Callable[[bytes], Iterable[Cells]]] = {
    tool.__name__: tool for tool in (ours, pdfplumber, docling_parse, camelot, pymupdf)
}


def installed() -> list[str]:
    """The names of the readers that can run here, ours first."""
    return [name for name in READERS if name == "ours" or find_spec(name)]


def floor(data: bytes) -> None:
    """What PDFium alone takes through pypdfium2's own functions: load each page and its text, ask for the type and bounds of its paths."""
    import pypdfium2.raw as raw

    def bounds_of_paths(page: raw.FPDF_PAGE) -> None:
        sides = [raw.c_float() for _ in range(4)]
        for index in range(raw.FPDFPage_CountObjects(page)):
            found = raw.FPDFPage_GetObject(page, index)
            if raw.FPDFPageObj_GetType(found) == raw.FPDF_PAGEOBJ_PATH:
                raw.FPDFPageObj_GetBounds(found, *sides)

    _each_page(data, bounds_of_paths)


def lowest_floor(data: bytes) -> None:
    """The same, its path objects asked for by the quicker calls that this project has made for itself."""
    import numpy as np
    import pypdfium2.raw as raw

    from extractor import pdfium_calls as pdfium

    def bounds_of_paths(page: raw.FPDF_PAGE) -> None:
        own = pdfium.handle(page)
        handles = list(map(pdfium.page_object, repeat(own), range(pdfium.page_objects(own))))
        paths = [h for h in handles if pdfium.object_type(h) == raw.FPDF_PAGEOBJ_PATH]
        pdfium.table(pdfium.object_bounds, 4, np.float32, paths, count=len(paths))

    _each_page(data, bounds_of_paths)


def _each_page(data: bytes, ask: Callable[[Any], None]) -> None:
    """Load each page and its text, and `ask` more of the page."""
    import pypdfium2
    import pypdfium2.raw as raw

    document = pypdfium2.PdfDocument(data)
    for number in range(len(document)):
        page = raw.FPDF_LoadPage(document, number)
        text = raw.FPDFText_LoadPage(page)
        count = raw.FPDFText_CountChars(text)
        raw.FPDFText_GetText(text, 0, count, (raw.c_ushort * (count + 1))())
        ask(page)
        raw.FPDFText_ClosePage(text)
        raw.FPDF_ClosePage(page)
    document.close()


def rows_of(tables: Iterable[Cells]) -> list[Row]:
    """The annex rows in tables: merged cells filled down, also over pages; a row without number continues the one above."""
    found: list[list[str]] = []
    for table in tables:
        if len(table[0]) != COLUMNS:
            continue
        for cells in table[2:]:
            texts = ["".join((text or "").split()) for text in cells]
            if not texts[2] and found:
                found[-1] = [above + text for above, text in zip(found[-1], texts, strict=True)]
                continue
            if not texts[0] and found:
                texts[:2] = found[-1][:2]
            found.append(texts)
    return [tuple(row) for row in found]


def exact(found: Sequence[Row], truth: Sequence[Row]) -> float:
    """The share of true rows that were found, in order, with all columns right."""
    wanted = [tuple("".join(text.split()) for text in row) for row in truth]
    return sum(a == b for a, b in zip(found, wanted, strict=False)) / max(len(wanted), len(found))
