"""Spreadsheets as documents: each visible sheet is one page."""

from extractor.blocks import Area, Row, by_row, set_cells
from extractor.typeset import Range, Typesetter, refuse_beyond_limit
from extractor.workbook import Sheet, read_xls, read_xlsx
from models.errors import EmptyFile, TooManyPages
from models.layout import Page


def sheet_pages(data: bytes, *, legacy: bool, max_pages: int) -> list[Page]:
    """The visible sheets that hold something, numbered from 1. `legacy` says that it is a workbook of Excel 5 to 2003.

    CorruptFile, EncryptedFile, TooLarge, TooManyPages; EmptyFile where nothing is visible.
    """
    pages: list[Page] = []
    cells = 0
    for sheet in read_xls(data) if legacy else read_xlsx(data):
        setter = Typesetter()
        if sheet.cells:
            area = _area(sheet)
            cells += len(area.rows) * len(area.rows[0])
            refuse_beyond_limit(cells)
            set_cells(setter, area)
        if setter:
            if len(pages) >= max_pages:
                raise TooManyPages
            pages.append(setter.page(len(pages) + 1))
    if not pages:
        raise EmptyFile
    return pages


def _area(sheet: Sheet) -> Area:
    """What is used of the sheet. TooLarge where that is more than a file may have."""
    top, bottom = min(r for r, _ in sheet.cells), max(r for r, _ in sheet.cells)
    left, right = min(c for _, c in sheet.cells), max(c for _, c in sheet.cells)
    height, width = bottom - top + 1, right - left + 1
    refuse_beyond_limit(height * width, f"“{sheet.name}”")
    rows: list[Row] = [[""] * width for _ in range(height)]
    for (row, column), text in sheet.cells.items():
        rows[row - top][column - left] = text  # type: ignore[index]
    merged = (
        Range(
            max(r.row - top, 0),
            max(r.column - left, 0),
            min(r.last_row, bottom) - top,
            min(r.last_column, right) - left,
        )
        for r in sheet.merged
    )
    kept = (r for r in merged if r.row <= r.last_row and r.column <= r.last_column)
    return Area(rows, tuple(sorted(kept, key=by_row)))
