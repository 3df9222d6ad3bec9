"""A Word document to print on A4: fonts, header, page x of y, and tables whose headings repeat on every page."""

import io
import re
from collections.abc import Sequence

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from api.render.grid import MAKER, WIDTH, Grid

RED = RGBColor(0xC0, 0x00, 0x00)

_A4 = (Mm(210), Mm(297))
_TWIPS = 635  # English metric units in a twentieth of a point
_PADDING = (("top", 40), ("left", 70), ("bottom", 40), ("right", 70))
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def new_paper(*, landscape: bool, header: str, size: float, font: str = "宋体") -> Paper:
    """An empty A4 document with `header` in red on every page and the page number below."""
    paper = Document()
    paper.core_properties.author, paper.core_properties.comments = MAKER, ""
    section = paper.sections[0]
    section.page_width, section.page_height = _A4[::-1] if landscape else _A4
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Mm(15 if landscape else 28)
    section.top_margin = section.bottom_margin = Mm(20 if landscape else 30)
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(size)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    normal.paragraph_format.space_after = Pt(0)
    above = section.header.paragraphs[0]
    above.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _run(above, header, 9, colour=RED)
    below = section.footer.paragraphs[0]
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, code in (("第 ", "PAGE"), (" 页 共 ", "NUMPAGES"), (" 页", "")):
        _run(below, text, 9)
        if code:
            below._p.append(_counter(code))
    return paper


def saved(paper: Paper) -> bytes:
    """The document as a file."""
    buffer = io.BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def add_line(
    paper: Paper,
    text: str,
    size: float | None = None,
    *,
    font: str = "",
    centred: bool = False,
    colour: RGBColor | None = None,
    indent: float = 0,
    spacing: float = 1.0,
) -> Paragraph:
    """A paragraph; a line break in the text is one in print. `indent` is that of its first line in points."""
    paragraph = paper.add_paragraph()
    paragraph.paragraph_format.line_spacing = spacing
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(indent)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, size, font, colour)
    return paragraph


def add_table(paper: Paper, grid: Grid, size: float = 9) -> None:
    """The table over the width of the text; rows are never split between pages, merged cells are merged."""
    section = paper.sections[-1]
    room = int(section.page_width or 0) - int(section.left_margin or 0) - int(section.right_margin or 0)
    widths = [room * column.share // WIDTH // _TWIPS for column in grid.columns]
    table = _element("w:tbl")
    properties = _element("w:tblPr")
    properties.append(_element("w:tblStyle", val="TableGrid"))
    properties.append(_element("w:tblW", w=sum(widths), type="dxa"))
    properties.append(_element("w:jc", val="center"))
    properties.append(_element("w:tblLayout", type="fixed"))
    padding = _element("w:tblCellMar")
    padding.extend([_element(f"w:{side}", w=w, type="dxa") for side, w in _PADDING])
    properties.append(padding)
    table.append(properties)
    edges = _element("w:tblGrid")
    edges.extend([_element("w:gridCol", w=width) for width in widths])
    table.append(edges)
    table.extend(_headings(grid, widths, size))
    if grid.lines:
        table.extend(_lines(grid, widths, size))
    else:
        row = _row()
        row.append(_cell(grid.empty, sum(widths), size, span=len(widths), centred=True))
        table.append(row)
    paper.element.body.insert_element_before(table, "w:sectPr")


def _headings(grid: Grid, widths: Sequence[int], size: float) -> list[BaseOxmlElement]:
    upper, lower = _row(heading=True), _row(heading=True)
    for first, last, text in grid.headings():
        width, grouped = sum(widths[first : last + 1]), bool(grid.columns[first].over)
        merge = "" if grouped or not grid.has_two_headings else "restart"
        upper.append(_cell(text, width, size, span=last - first + 1, merge=merge, centred=True, bold=True))
        for number in range(first, last + 1):
            title = grid.columns[number].title if grouped else ""
            below = "" if grouped else "continue"
            lower.append(_cell(title, widths[number], size, merge=below, centred=True, bold=True))
    return [upper, lower] if grid.has_two_headings else [upper]


def _lines(grid: Grid, widths: Sequence[int], size: float) -> list[BaseOxmlElement]:
    starts: dict[tuple[int, int], str] = {}
    for column in range(len(widths)):
        for first, last in grid.spans(column, 0, len(grid.lines)):
            starts[column, first] = "restart"
            starts.update({(column, number): "continue" for number in range(first + 1, last + 1)})
    rows = []
    for number, line in enumerate(grid.lines):
        row = _row()
        for column, text in enumerate(line):
            merge = starts.get((column, number), "")
            said = "" if merge == "continue" else text
            row.append(_cell(said, widths[column], size, merge=merge, centred=grid.columns[column].centred))
        rows.append(row)
    return rows


def _row(*, heading: bool = False) -> BaseOxmlElement:
    row, properties = _element("w:tr"), _element("w:trPr")
    properties.append(_element("w:cantSplit"))
    if heading:
        properties.append(_element("w:tblHeader"))
    row.append(properties)
    return row


def _cell(
    text: str, width: int, size: float, *, span: int = 1, merge: str = "", centred: bool = False, bold: bool = False
) -> BaseOxmlElement:
    cell, properties = _element("w:tc"), _element("w:tcPr")
    properties.append(_element("w:tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(_element("w:gridSpan", val=span))
    if merge:
        properties.append(_element("w:vMerge", val=merge))
    properties.append(_element("w:vAlign", val="center"))
    paragraph = _element("w:p")
    layout = _element("w:pPr")
    layout.append(_element("w:jc", val="center" if centred else "left"))
    paragraph.append(layout)
    run, look = _element("w:r"), _element("w:rPr")
    if bold:
        look.append(_element("w:b"))
    look.append(_element("w:sz", val=round(size * 2)))
    run.append(look)
    run.extend(_pieces(text))
    paragraph.append(run)
    cell.extend([properties, paragraph])
    return cell


def _pieces(text: str) -> list[BaseOxmlElement]:
    """The text of a run: plain text whatever it begins with, a break for each of its line breaks."""
    pieces = []
    for number, line in enumerate(_NO_XML.sub("", text).splitlines()):
        if number:
            pieces.append(_element("w:br"))
        piece = _element("w:t")
        piece.set(qn("xml:space"), "preserve")
        piece.text = line
        pieces.append(piece)
    return pieces


def _run(paragraph: Paragraph, text: str, size: float | None, font: str = "", colour: RGBColor | None = None) -> None:
    run = paragraph.add_run()
    run._r.extend(_pieces(text))
    if size:
        run.font.size = Pt(size)
    if font:
        run.font.name = font
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if colour is not None:
        run.font.color.rgb = colour


def _counter(code: str) -> BaseOxmlElement:
    """A field that the word processor fills in: PAGE or NUMPAGES."""
    field = _element("w:fldSimple", instr=code)
    run, look = _element("w:r"), _element("w:rPr")
    look.append(_element("w:sz", val=18))
    run.append(look)
    run.extend(_pieces("1"))
    field.append(run)
    return field


def _element(tag: str, **attributes: str | int) -> BaseOxmlElement:
    element: BaseOxmlElement = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    return element
