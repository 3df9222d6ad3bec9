"""A worksheet to print on A4 landscape: headings on every page, page x of y, merged cells that begin anew with a page."""

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from api.render.grid import MAKER, WIDTH, Grid
from api.render.heights import TEXT, line_heights, needed
from api.render.xlsx import LONGEST

PAGE_HEIGHT = 595.0 - 2 * 54
"""Points between the upper and lower margins of A4 landscape."""
TITLE = 16
"""Points of a title's text."""

_TALLEST = 409.0  # points that a row may have
_FILLED = 0.98  # of a page by our reckoning of heights
_RED = "C00000"


def new_book() -> Workbook:
    """A workbook without sheets, with the styles that its sheets use; columns are measured by digits of its default font."""
    book = Workbook()
    book.properties.creator = MAKER
    book.remove(book.worksheets[0])
    book._fonts[0] = Font(name="宋体", size=11)
    side = Side(style="thin", color="000000")
    frame = Border(left=side, right=side, top=side, bottom=side)
    left = Alignment(horizontal="left", vertical="center", wrap_text=True)
    centre = Alignment(horizontal="center", vertical="center", wrap_text=True)
    text, bold = Font(name="宋体", size=TEXT), Font(name="黑体", size=TEXT)
    red = Font(name="宋体", size=TEXT, color=_RED)
    for name, font, alignment, border in (
        ("title", Font(name="黑体", size=TITLE), centre, Border()),
        ("warning", red, left, Border()),
        ("mark", red, centre, Border()),
        ("line", text, left, Border()),
        ("end", text, centre, Border()),
        ("heading", bold, centre, frame),
        ("cell", text, left, frame),
        ("centred", text, centre, frame),
    ):
        book.add_named_style(NamedStyle(name=name, font=font, alignment=alignment, border=border))
    return book


class PrintedSheet:
    """One sheet, written from the top; `row` is the next to write, `used` the points used on the page so far."""

    def __init__(self, book: Workbook, name: str, columns: Grid, header: str, mark: str) -> None:
        self.sheet: Worksheet = book.create_sheet(name)
        self.columns = columns.columns
        self.row = 1
        self.used = 0.0
        for number, column in enumerate(self.columns, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = column.share
        _set_page(self.sheet, header, mark)

    def line(self, text: str, style: str, size: float = TEXT) -> None:
        """A paragraph over the whole width."""
        self._put(self.row, 1, text, style, last_column=len(self.columns))
        self._next(needed(text, WIDTH, size))

    def table(self, grid: Grid) -> None:
        """The table whose headings every page repeats; page breaks where a page is full."""
        first = self.row
        rows = 2 if grid.has_two_headings else 1
        for _ in range(rows):
            self._next(max(needed(column.title, column.share) for column in grid.columns) / rows + 4)
        for left, right, text in grid.headings():
            grouped = bool(grid.columns[left].over)
            last = first if grouped else self.row - 1
            self._put(first, left + 1, text, "heading", last_row=last, last_column=right + 1)
            for number in range(left, right + 1) if grouped else ():
                self._put(self.row - 1, number + 1, grid.columns[number].title, "heading")
        self.sheet.print_title_rows = f"{first}:{self.row - 1}"
        repeated = sum(self.sheet.row_dimensions[row].height for row in range(first, self.row))
        if grid.lines:
            self._lines(grid, repeated)
        else:
            self._put(self.row, 1, grid.empty, "centred", last_column=len(self.columns))
            self._next(needed(grid.empty, WIDTH))

    def close(self) -> None:
        """Print what was written and nothing else."""
        self.sheet.print_area = f"A1:{get_column_letter(len(self.columns))}{self.row - 1}"

    def _lines(self, grid: Grid, repeated: float) -> None:
        heights = line_heights(grid)
        first_row = self.row
        pages = [0]
        for number, height in enumerate(heights):
            if number and self.used + height > PAGE_HEIGHT * _FILLED:
                self.sheet.row_breaks.append(Break(id=self.row - 1))
                pages.append(number)
                self.used = repeated
            self._next(height)
        styles = ["centred" if column.centred else "cell" for column in grid.columns]
        for start, stop in zip(pages, [*pages[1:], len(heights)], strict=True):
            for column, style in enumerate(styles):
                lasts = dict(grid.spans(column, start, stop))
                number = start
                while number < stop:
                    last, text = lasts.get(number, number), grid.lines[number][column]
                    self._put(first_row + number, column + 1, text, style, last_row=first_row + last)
                    number = last + 1

    def _put(
        self,
        row: int,
        column: int,
        text: str,
        style: str,
        *,
        last_row: int | None = None,
        last_column: int | None = None,
    ) -> None:
        """A cell, merged with those down and right to the last; a program would make a formula of what begins like one."""
        last_row, last_column = last_row or row, last_column or column
        cells = [self.sheet.cell(r, c) for r in range(row, last_row + 1) for c in range(column, last_column + 1)]
        for cell in cells:
            cell.style = style
        if text:
            _write(cells[0], text)
        if len(cells) > 1:  # sheet.merge_cells would look through all earlier ranges
            merged = CellRange(min_row=row, max_row=last_row, min_col=column, max_col=last_column)
            self.sheet.merged_cells.ranges.add(merged)

    def _next(self, height: float) -> None:
        height = min(height, _TALLEST)
        self.sheet.row_dimensions[self.row].height = height
        self.used += height
        self.row += 1


def _write(cell: Cell, text: str) -> None:
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST]
    cell.data_type = "s"
    if text.startswith(("=", "+", "-", "@", "\t", "\r")):
        cell.quotePrefix = True


def _set_page(sheet: Worksheet, header: str, mark: str) -> None:
    """A4 landscape at its own size (fitting to a width would ignore the page breaks), centred, page x of y below."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top = margins.bottom = 0.75
    margins.header = margins.footer = 0.35
    sheet.oddHeader.left.text = header
    sheet.oddHeader.right.text = mark
    sheet.oddHeader.right.color = _RED
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"
