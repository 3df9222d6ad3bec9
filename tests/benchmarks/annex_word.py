"""The annex as a Word file that LibreOffice exports, where it is installed: cells merged downwards, headings repeated."""

import io
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from xml.sax.saxutils import escape

from tests.benchmarks.annex_pages import WIDTHS, Row, facts

_MERGED = (0, 1)
_TWIPS = 20
_HEADING = ("序号", "检测对象", "项目/参数", "", "领域代码", "检测标准(方法)名称", "标准编号", "限制范围", "说明")


def has_office() -> bool:
    """Whether LibreOffice can be called here."""
    return shutil.which("soffice") is not None


def exported(pages: int, seed: int = 7) -> tuple[bytes, list[Row]]:
    """A PDF of about so many pages, and the rows that it holds."""
    rows = facts(20 * pages, seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "annex.docx"
        path.write_bytes(word_file(rows))
        home = f"-env:UserInstallation={(Path(folder) / 'home').as_uri()}"
        command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", folder, str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return path.with_suffix(".pdf").read_bytes(), rows


def word_file(rows: Sequence[Row]) -> bytes:
    """The rows as one ruled table of a Word file."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Pt

    document = docx.Document()
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Pt(842), Pt(595)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Pt(48)
    document.add_paragraph("中国合格评定国家认可委员会 认可证书附件 (注册号: CNAS L9901)")
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    columns = "".join(f'<w:gridCol w:w="{width * _TWIPS}"/>' for width in WIDTHS)
    lines = chain(_heading(), _body(rows))
    table = (
        f"<w:tbl {nsdecls('w')}><w:tblPr><w:tblBorders>{borders}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{"".join(lines)}</w:tbl>'
    )
    document.element.body.insert(1, parse_xml(table))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _heading() -> list[str]:
    first = [_cell(text, i, span=2) if i == 2 else _cell(text, i, "restart") for i, text in enumerate(_HEADING) if text]
    second = [
        _cell({2: "序号", 3: "名称"}.get(i, ""), i, "" if i in (2, 3) else "continue") for i in range(len(WIDTHS))
    ]
    return [f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>" for cells in (first, second)]


def _body(rows: Sequence[Row]) -> list[str]:
    lines, above = [], None
    for row in rows:
        merge = "continue" if above is not None and row[:2] == above[:2] else "restart"
        cells = (
            _cell("" if i in _MERGED and merge == "continue" else text, i, merge if i in _MERGED else "")
            for i, text in enumerate(row)
        )
        lines.append(f"<w:tr>{''.join(cells)}</w:tr>")
        above = row
    return lines


def _cell(text: str, column: int, merge: str = "", span: int = 1) -> str:
    width = sum(WIDTHS[column : column + span]) * _TWIPS
    marks = f'<w:tcW w:w="{width}" w:type="dxa"/>' + (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "")
    marks += f'<w:vMerge w:val="{merge}"/>' if merge else ""
    shown = f'<w:r><w:rPr><w:sz w:val="14"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    spacing = '<w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr>'
    return f"<w:tc><w:tcPr>{marks}</w:tcPr><w:p>{spacing}{shown}</w:p></w:tc>"
