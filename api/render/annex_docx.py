"""The draft 附表 as a Word document on A4 landscape: the same tables as the workbook, one after the other."""

from docx.document import Document as Paper

from api.render import annex_tables as tables
from api.render.annex import DraftAnnex
from api.render.grid import Grid
from api.render.printed import RED, add_line, add_table, new_paper, saved

_SPACING = 1.3


def annex_docx(draft: DraftAnnex) -> bytes:
    """Five parts, each from a new page, as the sheets of the workbook."""
    paper = new_paper(landscape=True, header=tables.DRAFT, size=10)
    _part(paper, tables.ISSUED_TITLE.format(name=draft.name), tables.opinion(draft), tables.DISCLAIMER)
    head = [f"{label}：{text}" for label, text in tables.head_lines(draft)]
    for line in head:
        add_line(paper, line, spacing=_SPACING)
    _table(paper, tables.issued_table(draft), tables.NO_MORE)
    _part(paper, tables.SIGNATORIES_TITLE.format(name=draft.name), tables.DISCLAIMER, new_page=True)
    for line in head[:2]:
        add_line(paper, line, spacing=_SPACING)
    _table(paper, tables.signatories_table(draft), tables.NO_MORE)
    _part(paper, tables.REFUSED_TITLE.format(name=draft.name), tables.DISCLAIMER, new_page=True)
    _table(paper, tables.refused_table(draft))
    _part(paper, tables.UNDECIDED_TITLE.format(name=draft.name), tables.DISCLAIMER, new_page=True)
    _table(paper, tables.undecided_table(draft))
    _part(paper, tables.CONCERNS_TITLE.format(name=draft.name), tables.DISCLAIMER, new_page=True)
    _table(paper, tables.concerns_table(draft))
    add_line(paper, draft.made_by, 9)
    return saved(paper)


def _part(paper: Paper, title: str, *warnings: str, new_page: bool = False) -> None:
    heading = add_line(paper, title, 16, font="黑体", centred=True)
    heading.paragraph_format.page_break_before = new_page
    add_line(paper, tables.DRAFT, colour=RED, centred=True)
    for warning in warnings:
        add_line(paper, warning, colour=RED)


def _table(paper: Paper, grid: Grid, below: str = "") -> None:
    """A table and the line that keeps it apart from what follows."""
    add_table(paper, grid)
    add_line(paper, below, centred=True)
