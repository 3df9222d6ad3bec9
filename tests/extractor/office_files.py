"""Documents written again as .xlsx and .docx: the same lines, cells and merged cells, as an office would type them."""

import io

import docx
import openpyxl
from docx.enum.text import WD_BREAK

from extractor.lines import Line, lines_of
from models.layout import Document, Page, Table


def elements(page: Page) -> list[Line | Table]:
    """Lines and tables from top to bottom."""
    found: list[Line | Table] = [*lines_of(page.words), *page.tables]
    return sorted(found, key=lambda e: e.box.top)


def as_xlsx(document: Document, *, far_left: int = 2) -> bytes:
    """One sheet for all pages; the first column used is `far_left`, counted from 1."""
    book = openpyxl.Workbook()
    sheet = book.active
    row = 3
    for page in document.pages:
        for element in elements(page):
            if isinstance(element, Line):
                sheet.cell(row, far_left, (" " * 4).join(word.text for word in element.words))
                row += 1
                continue
            for cell in element.cells:
                top, left = row + cell.row, far_left + cell.column
                sheet.cell(top, left, cell.text)
                if cell.row_span > 1 or cell.column_span > 1:
                    sheet.merge_cells(
                        start_row=top,
                        start_column=left,
                        end_row=top + cell.row_span - 1,
                        end_column=left + cell.column_span - 1,
                    )
            row += element.rows
        row += 1
    return saved(book)


def as_docx(document: Document) -> bytes:
    """A page break after every page."""
    file = docx.Document()
    for page in document.pages:
        for element in elements(page):
            if isinstance(element, Line):
                file.add_paragraph("\t".join(word.text for word in element.words))
                continue
            table = file.add_table(element.rows, element.columns)
            for cell in element.cells:
                here = table.cell(cell.row, cell.column)
                there = table.cell(cell.row + cell.row_span - 1, cell.column + cell.column_span - 1)
                (here.merge(there) if there is not here else here).text = cell.text
        file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    return saved(file)


def saved(file: "openpyxl.Workbook | docx.document.Document") -> bytes:
    """The bytes of a workbook or a document."""
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()
