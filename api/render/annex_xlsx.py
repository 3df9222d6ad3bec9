"""The draft 附表 as a workbook to print: capabilities and signatories as issued, what is left out, what a person must decide."""

import io
from collections.abc import Sequence

from api.render import annex_tables as tables
from api.render.annex import DraftAnnex
from api.render.printed_sheet import TITLE, PrintedSheet, new_book

_ISSUED = "证书编号：待编号"
_INTERNAL = "内部审查材料，不随证书发出"


def annex_xlsx(draft: DraftAnnex) -> bytes:
    """Five sheets, each with its own pages."""
    book = new_book()
    head = [f"{label}：{text}" for label, text in tables.head_lines(draft)]

    grid = tables.issued_table(draft)
    sheet = PrintedSheet(book, "能力范围", grid, _ISSUED, tables.DRAFT)
    _open(sheet, tables.ISSUED_TITLE.format(name=draft.name), [tables.opinion(draft), tables.DISCLAIMER], head)
    sheet.table(grid)
    sheet.line(tables.NO_MORE, "end")
    sheet.close()

    grid = tables.signatories_table(draft)
    sheet = PrintedSheet(book, "授权签字人", grid, _ISSUED, tables.DRAFT)
    _open(sheet, tables.SIGNATORIES_TITLE.format(name=draft.name), [tables.DISCLAIMER], head[:2])
    sheet.table(grid)
    sheet.line(tables.NO_MORE, "end")
    sheet.close()

    grid = tables.refused_table(draft)
    sheet = PrintedSheet(book, "不予列入", grid, _INTERNAL, tables.DRAFT)
    _open(sheet, tables.REFUSED_TITLE.format(name=draft.name), [tables.DISCLAIMER])
    sheet.table(grid)
    sheet.close()

    grid = tables.undecided_table(draft)
    sheet = PrintedSheet(book, "须人工决定", grid, _INTERNAL, tables.DRAFT)
    _open(sheet, tables.UNDECIDED_TITLE.format(name=draft.name), [tables.DISCLAIMER])
    sheet.table(grid)
    sheet.close()

    grid = tables.concerns_table(draft)
    sheet = PrintedSheet(book, "涉及整个申请", grid, _INTERNAL, tables.DRAFT)
    _open(sheet, tables.CONCERNS_TITLE.format(name=draft.name), [tables.DISCLAIMER])
    sheet.table(grid)
    sheet.line("", "line")
    sheet.line(draft.made_by, "line")
    sheet.close()

    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _open(sheet: PrintedSheet, title: str, warnings: Sequence[str], head: Sequence[str] = ()) -> None:
    sheet.line(title, "title", TITLE)
    sheet.line(tables.DRAFT, "mark")
    for warning in warnings:
        sheet.line(warning, "warning")
    for line in head:
        sheet.line(line, "line")
