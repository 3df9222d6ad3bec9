"""The summary of an audit as a workbook: a line a certificate, worst first, filters on; text never becomes a formula."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from api.audit.lines import Line
from api.render.words import word
from api.render.xlsx import LONGEST

COLUMNS = (
    ("序号", 7, "position"), ("清单编号", 18, "certificate"), ("状态", 8, "state"), ("阻断", 6, "blocking"), ("重要", 6, "major"),
    ("提示", 6, "minor"), ("核查项", 26, "checks"), ("证书编号", 16, "number"), ("编号相符", 9, "number_agrees"),
    ("机构名称", 34, "name"), ("统一社会信用代码", 21, "unified_social_credit_code"), ("地址", 40, "address"),
    ("市县区", 16, "district"), ("领域", 12, "field"), ("发证日期", 12, "issued_on"), ("有效期至", 12, "expires_on"),
    ("剩余天数", 9, "days_to_expiry"), ("承诺核查期限", 13, "verification_due_on"), ("核查日期", 12, "verified_on"),
    ("能力行", 8, "rows"), ("问题", 6, "problems"), ("错误", 16, "error_code"), ("错误说明", 50, "error_message"),
    ("文件", 40, "files"),
)  # fmt: skip
MOST_LINES = 1_000_000
"""Lines of a sheet; the format allows 1,048,576."""
_WORDS = {"done": "完成", "failed": "错误", "cancelled": "取消", True: "是", False: "否"}


def audit_xlsx(lines: Iterable[Line], head: Mapping[str, Any], most: int = MOST_LINES) -> bytes:
    """The workbook: sheets of certificates, and one that says what the audit was run with. Equal lines give equal bytes."""
    book = Workbook(write_only=True)
    rest = iter(lines)
    for number, first in enumerate(rest, 1):
        here = chain((first,), islice(rest, most - 1))
        _fill(book.create_sheet(f"证书{number if number > 1 else ''}"), here)
    about = book.create_sheet("依据")
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 18, 90
    for name, text in _about(head):
        about.append([_cell(about, name), _cell(about, text)])
    buffer = io.BytesIO()
    book.save(buffer)
    return _steady(buffer.getvalue(), dt.date.fromisoformat(head["as_of"]))


def _about(head: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "批次 audit", head["audit"]
    yield "审查日 as of", head["as_of"]
    yield "清单 manifest", head["manifest"]["sha256"]
    for snapshot in head["snapshots"]:
        yield word("registries", snapshot["kind"]).zh, f"{snapshot['as_of']} {snapshot['sha256']}"
    yield from head["versions"].items()


def _fill(sheet: WriteOnlyWorksheet, lines: Iterable[Line]) -> None:
    sheet.freeze_panes = "C2"
    last = get_column_letter(len(COLUMNS))
    for number, (_, width, _) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    header = [_cell(sheet, name) for name, _, _ in COLUMNS]
    for cell in header:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F3A5F")
    sheet.append(header)
    count = 1
    for count, line in enumerate(lines, 2):  # noqa: B007 - how many there were is what is wanted
        sheet.append([_cell(sheet, line[name]) for _, _, name in COLUMNS])
    sheet.auto_filter.ref = f"A1:{last}{count}"


def _cell(sheet: WriteOnlyWorksheet, value: Any) -> Any:
    """A number as a number, so that it sorts; everything else is text and stays text, whatever it begins with."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    text = _WORDS.get(value) or str(value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST])
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@", "\t", "\r"))
    return cell


def _steady(data: bytes, day: dt.date) -> bytes:
    """The same workbook without the moment at which it was written."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                for tag in (b"created", b"modified"):
                    before, opening, after = content.partition(b"<dcterms:" + tag)
                    attributes, _, rest = after.partition(b">")
                    moment = f"{day.isoformat()}T00:00:00Z".encode()
                    content = before + opening + attributes + b">" + moment + rest[rest.index(b"<") :]
            target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()
