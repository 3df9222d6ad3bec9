"""The draft 附表 as a workbook to print on A4 landscape; every cell is text, so nothing that was read can become a formula."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet
from wcwidth import wcwidth

from api.render import annex_tables as tables
from api.render.annex import DraftAnnex
from api.render.grid import WIDTH, Grid
from api.render.xlsx import LONGEST

POINTS_PER_UNIT = 5.25
"""Points in a unit of column width at least: 7 pixels, a narrow digit of the default font; wider ones only leave more room."""
LINE = 13.5
"""Points that a line of 10-point text takes."""
TALLEST = 409.0
"""Points that a row may have."""
PAGE_HEIGHT = 595.0 - 2 * 54
"""Points between the upper and lower margins of A4 landscape."""
FILLED = 0.98
"""How much of a page is filled by our reckoning of heights; the rest is for printers that reckon otherwise."""

_THIN = Side(style="thin", color="000000")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_TEXT = Font(name="宋体", size=10)
_HEAD = Font(name="黑体", size=10)
_TITLE = Font(name="黑体", size=16)
_WARNING = Font(name="宋体", size=10, color="C00000")
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)


def annex_xlsx(draft: DraftAnnex) -> bytes:
    """Four sheets: the capability table and the signatories as they would be issued, what is left out, what a person must decide."""
    book = Workbook()
    book._fonts[0] = Font(name="宋体", size=11)  # the normal style, by whose digits columns are measured
    book.remove(book.worksheets[0])
    issued, internal = "证书编号：待编号", "内部审查材料，不随证书发出"
    sheet = _Sheet(book, "能力范围", tables.ISSUED_TITLE.format(name=draft.name), tables.issued_table(draft), issued)
    sheet.warn(tables.opinion(draft), tables.DISCLAIMER)
    sheet.head(tables.head_lines(draft))
    sheet.table()
    sheet.close(tables.NO_MORE)
    people = tables.signatories_table(draft)
    sheet = _Sheet(book, "授权签字人", tables.SIGNATORIES_TITLE.format(name=draft.name), people, issued)
    sheet.warn(tables.DISCLAIMER)
    sheet.head(tables.head_lines(draft)[:2])
    sheet.table()
    sheet.close(tables.NO_MORE)
    sheet = _Sheet(
        book, "不予列入", tables.REFUSED_TITLE.format(name=draft.name), tables.refused_table(draft), internal
    )
    sheet.warn(tables.DISCLAIMER)
    sheet.table()
    sheet.close()
    open_rows = tables.undecided_table(draft)
    sheet = _Sheet(book, "须人工决定", tables.UNDECIDED_TITLE.format(name=draft.name), open_rows, internal)
    sheet.warn(tables.DISCLAIMER)
    sheet.table()
    sheet.beneath(tables.CONCERNS_TITLE, tables.concerns_table(draft))
    sheet.close("", draft.made_by)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


class _Sheet:
    """One sheet, written from the top; `row` is the next to write."""

    def __init__(self, book: Workbook, name: str, title: str, grid: Grid, header: str) -> None:
        self.sheet: Worksheet = book.create_sheet(name)
        self.grid = grid
        self.row = 1
        self.used = 0.0
        for number, column in enumerate(grid.columns, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = column.share
        _set_page(self.sheet, header)
        self._whole_line(title, _TITLE, _CENTRE, 16)
        self._whole_line(tables.DRAFT, _WARNING, _CENTRE)

    def warn(self, *paragraphs: str) -> None:
        """What a reader of the draft must know, to be removed before issue."""
        for paragraph in paragraphs:
            self._whole_line(paragraph, _WARNING, _LEFT)

    def head(self, lines: Sequence[tuple[str, str]]) -> None:
        for label, text in lines:
            self._whole_line(f"{label}：{text}", _TEXT, _LEFT)

    def table(self) -> None:
        """The table with its headings repeated on every page; a merged cell that crosses a page begins anew on the next."""
        first = self.row
        self._headings(self.grid)
        self.sheet.print_title_rows = f"{first}:{self.row - 1}"
        self._lines(self.grid, sum(self._height(row) for row in range(first, self.row)))

    def beneath(self, title: str, grid: Grid) -> None:
        """A second table of fewer columns under the first, each over one or more of the sheet's."""
        self.row += 1
        self._whole_line(title, _HEAD, _LEFT)
        edges = _edges(grid, self.grid)
        for line in (tuple(column.title for column in grid.columns), *(grid.lines or ((grid.empty,),))):
            is_head = line == tuple(column.title for column in grid.columns)
            spans = edges if len(line) == len(edges) else [(1, len(self.grid.columns))]
            height = 0.0
            for (left, right), text in zip(spans, line, strict=True):
                for number in range(left, right + 1):
                    self.sheet.cell(self.row, number).border = _FRAME
                _write(
                    self.sheet.cell(self.row, left), text, _HEAD if is_head else _TEXT, _CENTRE if is_head else _LEFT
                )
                if right > left:
                    self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=left, end_column=right)
                height = max(height, _needed(text, sum(c.share for c in self.grid.columns[left - 1 : right])))
            self._next(height)

    def close(self, *paragraphs: str) -> None:
        """What stands below the table."""
        for number, paragraph in enumerate(paragraphs):
            self._whole_line(paragraph, _TEXT, _CENTRE if number == 0 else _LEFT)
        last = get_column_letter(len(self.grid.columns))
        self.sheet.print_area = f"A1:{last}{self.row - 1}"

    def _headings(self, grid: Grid) -> None:
        upper, lower = self.row, self.row + (1 if grid.has_two_headings else 0)
        for first, last, text in grid.headings():
            for row in (upper, lower):
                for number in range(first, last + 1):
                    self.sheet.cell(row, number + 1).border = _FRAME
            _write(self.sheet.cell(upper, first + 1), text, _HEAD, _CENTRE)
            grouped = bool(grid.columns[first].over)
            for number in range(first, last + 1) if grouped else ():
                _write(self.sheet.cell(lower, number + 1), grid.columns[number].title, _HEAD, _CENTRE)
            bottom = upper if grouped else lower
            if last > first or bottom > upper:
                self.sheet.merge_cells(start_row=upper, end_row=bottom, start_column=first + 1, end_column=last + 1)
        height = max(_needed(column.title, column.share) for column in grid.columns)
        for _ in range(upper, lower + 1):
            self._next(height / (lower - upper + 1) + 2)

    def _lines(self, grid: Grid, repeated: float) -> None:
        if not grid.lines:
            self._whole_line(grid.empty, _TEXT, _CENTRE, framed=True)
            return
        heights = _heights(grid)
        first_row, starts = self.row, [0]
        for number, height in enumerate(heights):
            if number and self.used + height > PAGE_HEIGHT * FILLED:
                self.sheet.row_breaks.append(Break(id=self.row - 1))
                starts.append(number)
                self.used = repeated
            for column, text in enumerate(grid.lines[number]):
                cell = self.sheet.cell(self.row, column + 1)
                cell.border = _FRAME
                _write(cell, text, _TEXT, _CENTRE if grid.columns[column].centred else _LEFT)
            self._next(height)
        for start, stop in zip(starts, [*starts[1:], len(heights)], strict=True):
            for column in range(len(grid.columns)):
                for first, last in grid.spans(column, start, stop):
                    self.sheet.merge_cells(
                        start_row=first_row + first,
                        end_row=first_row + last,
                        start_column=column + 1,
                        end_column=column + 1,
                    )

    def _whole_line(self, text: str, font: Font, alignment: Alignment, size: int = 10, framed: bool = False) -> None:
        """A line over the whole width of the table."""
        last = len(self.grid.columns)
        for number in range(1, last + 1) if framed else ():
            self.sheet.cell(self.row, number).border = _FRAME
        _write(self.sheet.cell(self.row, 1), text, font, alignment)
        self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=1, end_column=last)
        self._next(_needed(text, WIDTH, size))

    def _next(self, height: float) -> None:
        height = min(height, TALLEST)
        self.sheet.row_dimensions[self.row].height = height
        self.used += height
        self.row += 1

    def _height(self, row: int) -> float:
        return float(self.sheet.row_dimensions[row].height or LINE)


def _heights(grid: Grid) -> list[float]:
    """Points that each line takes; a cell over several lines needs its room on the first page that it stands on."""
    heights = [
        max(
            (_needed(text, grid.columns[c].share) for c, text in enumerate(line) if grid.blocks[c] is None),
            default=LINE,
        )
        for line in grid.lines
    ]
    for column, blocks in enumerate(grid.blocks):
        if blocks is None:
            continue
        first = 0
        while first < len(heights):
            last = first
            while last + 1 < len(heights) and blocks[last + 1] == blocks[first]:
                last += 1
            lacking = _needed(grid.lines[first][column], grid.columns[column].share) - sum(heights[first : last + 1])
            if lacking > 0:
                heights[first : last + 1] = [
                    height + lacking / (last + 1 - first) for height in heights[first : last + 1]
                ]
            first = last + 1
    return heights


def _needed(text: str, share: float, size: int = 10) -> float:
    """Points that a text takes in a column of that width: every line filled with characters of half and full width."""
    room = max((share * POINTS_PER_UNIT - 6) / (size / 2), 2)
    lines = sum(_line_count(line, room) for line in text.split("\n"))
    return lines * LINE * size / 10 + 5


def _line_count(text: str, room: float) -> int:
    """Lines of at most `room` half widths; a word of narrow characters is not broken where it fits a line."""
    count, used, word = 1, 0.0, 0.0
    for character in f"{text} ":
        wide = max(wcwidth(character), 0)
        if wide == 1 and character != " " and word + 1 <= room:
            word += 1
            continue
        if used + word > room:
            count, used = count + 1, 0.0
        used, word = used + word, 0.0
        if used + wide > room:
            count, used = count + 1, 0.0
        used += wide
    return count


def _edges(grid: Grid, base: Grid) -> list[tuple[int, int]]:
    """For each column of `grid` the first and last column of `base` that it covers, as near to its share as they allow."""
    edges, left, reached, wanted = [], 1, 0, 0
    for place, column in enumerate(grid.columns):
        wanted += column.share
        right = left
        reached += base.columns[left - 1].share
        still = len(grid.columns) - place - 1
        while right < len(base.columns) - still and (still == 0 or reached + base.columns[right].share / 2 <= wanted):
            reached += base.columns[right].share
            right += 1
        edges.append((left, right))
        left = right + 1
    return edges


def _write(cell: Cell, text: str, font: Font, alignment: Alignment) -> None:
    """Text stays text: a program would make a formula of what begins with one of these."""
    cell.font, cell.alignment = font, alignment
    if not text:
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST]
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@", "\t", "\r"))


def _set_page(sheet: Worksheet, header: str) -> None:
    """A4 landscape at its own size (fitting to a width would ignore the page breaks), centred, page x of y below."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top = margins.bottom = 0.75
    margins.header = margins.footer = 0.35
    sheet.oddHeader.left.text = header
    sheet.oddHeader.right.text = tables.DRAFT
    sheet.oddHeader.right.color = "C00000"
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"
