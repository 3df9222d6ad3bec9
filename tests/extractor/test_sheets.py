"""Spreadsheets: an annex or a form typed into one says the same as its PDF; hostile and damaged ones are one clear error."""

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from extractor import typeset
from extractor.document import Limits, read
from extractor.lines import lines_of
from extractor.parsers import parse
from extractor.sheet_numbers import shown
from models.errors import CorruptFile, EmptyFile, EncryptedFile, InputError, TooLarge, TooManyPages
from models.layout import Document
from models.papers import ApplicationForm, CapabilityRow, CnasAnnex
from tests.extractor.office_files import as_xlsx, saved

CASES = Path(__file__).resolve().parents[2] / "samples" / "cases"


def meaning(row: CapabilityRow) -> tuple[Any, ...]:
    """A row without where it stands."""
    return (
        row.section, row.site, row.object_number, row.object, row.parameter_number, row.parameter, row.field_code,
        row.method, row.standards, row.limitation, row.note, row.effective_on, row.language,
    )  # fmt: skip


@cache
def pdf(case: str, name: str) -> Document:
    return read((CASES / case / name).read_bytes(), name)


def book(rows: list[list[Any]], *merged: str) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    for area in merged:
        workbook.active.merge_cells(area)
    return saved(workbook)


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes], **added: bytes) -> bytes:
    """The archive with one of its entries changed, and parts of the workbook added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, change(content) if entry.filename == name else content)
        for part, content in added.items():
            new.writestr(f"xl/{part}.xml", content)
    return out.getvalue()


def shared(strings: bytes, index: int = 0) -> bytes:
    """A workbook whose only text is the one with this index in its table of strings."""
    cell = b'<c r="A1" t="s"><v>%d</v></c>' % index
    change = partial(re.sub, rb"<c r=.A1.*?</c>", cell)
    return with_part(book([["甲"]]), "xl/worksheets/sheet1.xml", change, sharedStrings=strings)


@pytest.mark.parametrize("case", ["clean_company_g3", "clean_branch_g2_multisite", "clean_institution_g1"])
def test_an_annex_in_a_spreadsheet_has_the_rows_of_its_pdf(case: str) -> None:
    printed = pdf(case, "附件.pdf")
    (left,), (right,) = parse(printed), parse(read(as_xlsx(printed), "附件.xlsx"))
    assert isinstance(left, CnasAnnex)
    assert isinstance(right, CnasAnnex)
    assert [meaning(r) for r in right.rows] == [meaning(r) for r in left.rows]
    assert len(right.rows) > 20
    assert [(s.name, s.field) for s in right.signatories] == [(s.name, s.field) for s in left.signatories]
    assert right.registration_number.value == left.registration_number.value
    assert right.name is not None
    assert left.name is not None
    assert right.name.value == left.name.value


def test_a_form_in_a_spreadsheet_has_the_fields_of_its_pdf() -> None:
    printed = pdf("clean_branch_g2_multisite", "申请书.pdf")
    (left,), (right,) = parse(printed), parse(read(as_xlsx(printed), "申请书.xlsx"))
    assert isinstance(left, ApplicationForm)
    assert isinstance(right, ApplicationForm)
    assert [meaning(r) for r in right.rows] == [meaning(r) for r in left.rows]
    for name in (
        "name",
        "unified_social_credit_code",
        "address",
        "responsible_person",
        "application_type",
        "cnas_number",
    ):
        assert getattr(right, name).value == getattr(left, name).value, name
    assert right.independent is left.independent
    assert right.legal_entity is not None
    assert left.legal_entity is not None
    assert right.legal_entity.name.value == left.legal_entity.name.value


def test_one_long_table_with_merged_objects_below_a_title() -> None:
    data = book(
        [
            ["实验室认可证书附件"],
            ["（注册号：CNAS L0001）"],
            ["名称：", "海南椰风检测技术有限公司", "", "", "", "", "", "生效日期：", "2026-01-02"],
            ["附件3 认可的检测能力范围"],
            ["序号", "检测对象", "项目/参数", "", "领域代码", "检测标准（方法）名称及编号（含年号）", "限制范围", "说明"],
            ["", "", "序号", "名称", "", "", "", ""],
            [1, "食品", 1.1, "水分", "0226", "食品中水分的测定 GB 5009.3-2016", "只用第一法", ""],
            ["", "", 1.2, "灰分", "0226", "食品中灰分的测定\nGB 5009.4-2016", "", ""],
            [2, "水", 2.1, "色度", "0301", "GB/T 5750.4-2023", "", ""],
        ],
        "A1:H1", "C3:G3", "A5:A6", "B5:B6", "C5:D5", "E5:E6", "F5:F6", "G5:G6", "H5:H6", "A7:A8", "B7:B8",
    )  # fmt: skip
    (annex,) = parse(read(data, "附件.xlsx"))
    assert isinstance(annex, CnasAnnex)
    assert [(r.object_number, r.object, r.parameter_number, r.parameter, r.field_code) for r in annex.rows] == [
        ("1", "食品", "1.1", "水分", "0226"),
        ("1", "食品", "1.2", "灰分", "0226"),
        ("2", "水", "2.1", "色度", "0301"),
    ]
    assert [s.key for r in annex.rows for s in r.standards] == ["GB 5009.3-2016", "GB 5009.4-2016", "GB/T 5750.4-2023"]
    assert annex.name is not None
    assert annex.name.value == "海南椰风检测技术有限公司"
    assert annex.effective_on is not None
    assert annex.effective_on.value == dt.date(2026, 1, 2)


def test_boxes_hold_their_words_and_do_not_overlap() -> None:
    page = read(as_xlsx(pdf("clean_company_g3", "附件.pdf")), "a").pages[0]
    boxes = [cell.box for table in page.tables for cell in table.cells]
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])
    lines = [line.box for line in lines_of(page.words)]
    assert not any(line.intersects(table.box) for line in lines for table in page.tables)
    for table in page.tables:
        table.grid()
        for cell in table.cells:
            for word in cell.words:
                assert cell.box.contains(word.box.x0, word.box.top)
                assert cell.box.contains(word.box.x1, word.box.bottom)
    assert all(word.box.x1 < page.width and word.box.bottom < page.height for word in page.all_words())


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (226, "0000", "0226"),
        (1.1, "0.00", "1.10"),
        (1.1, "", "1.1"),
        (3, "General", "3"),
        (0.125, "0.0%", "12.5%"),
        (46023, 'yyyy"年"m"月"d"日"', "2026-01-01"),
        (46023.5, "[$-804]yyyy/m/d h:mm", "2026-01-01"),
        (44561, "yyyy-mm-dd", "2021-12-31"),
        (-7, "000", "-007"),
        (1e20, "", "1e+20"),
        (5, "0" * 1000, "5"),
    ],
)
def test_numbers_are_shown_as_the_sheet_shows_them(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


def test_dates_since_1904() -> None:
    assert shown(44561, "yyyy-mm-dd", since_1904=True) == "2026-01-01"


def test_formats_and_kinds_of_cells_in_a_file() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append([226, 1.1, dt.date(2026, 1, 2), True, "=1+1", "甲"])
    sheet["A1"].number_format, sheet["B1"].number_format = "0000", "0.00"
    hidden = workbook.create_sheet("隐藏")
    hidden["A1"], hidden.sheet_state = "看不见", "hidden"
    document = read(saved(workbook), "a.xlsx")
    assert document.page_count == 1
    assert document.pages[0].notes == ("unpaged",)
    assert [w.text for w in document.pages[0].all_words()] == ["0226", "1.10", "2026-01-02", "是", "甲"]


STRINGS = "<sst><si><t>甲</t></si><si><r><t>乙</t></r><r><t>丙</t></r><rPh><t>bing</t></rPh></si></sst>".encode()


@pytest.mark.parametrize(("index", "text"), [(0, "甲"), (1, "乙丙")])
def test_strings_kept_in_a_table_of_their_own(index: int, text: str) -> None:
    assert [w.text for w in read(shared(STRINGS, index), "a.xlsx").pages[0].all_words()] == [text]


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed: apt-get install libreoffice-calc-nogui"
)
def test_a_workbook_of_excel_97(tmp_path: Path) -> None:
    printed = pdf("clean_company_g3", "附件.pdf")
    (tmp_path / "a.xlsx").write_bytes(as_xlsx(printed))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", "--headless", profile, "--convert-to", "xls", "a.xlsx"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    document = read((tmp_path / "a.xls").read_bytes(), "附件.xls")
    assert document.media_type == "application/vnd.ms-excel"
    (left,), (right,) = parse(printed), parse(document)
    assert isinstance(left, CnasAnnex)
    assert isinstance(right, CnasAnnex)
    assert [meaning(r) for r in right.rows] == [meaning(r) for r in left.rows]


def far_cell() -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active["A1"], workbook.active["XFD1048576"] = 1, 2
    return saved(workbook)


def sheet_xml(pattern: str, new: str) -> bytes:
    return with_part(
        book([["甲", 1], ["乙", 2]]),
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(pattern.encode(), new.encode(), xml),
    )


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (far_cell, TooLarge),
        (lambda: book([[]]), EmptyFile),
        (lambda: sheet_xml(r'r="A1"', 'r="ZZZ1"'), CorruptFile),
        (lambda: sheet_xml(r'<row r="1"', '<row r="99999999999"'), CorruptFile),
        (lambda: shared(STRINGS, 77), CorruptFile),
        (lambda: shared(b"<sst>"), CorruptFile),
        (lambda: shared(b"<sst>" + b"<si/>" * 4_100_000 + b"</sst>"), TooLarge),
        (lambda: sheet_xml(r"<v>1</v></c></row>", "<v>inf</v></c></row>"), CorruptFile),
        (lambda: sheet_xml(r"<worksheet ", '<!DOCTYPE a [<!ENTITY x "y">]><worksheet '), CorruptFile),
        (lambda: with_part(book([["甲"]]), "xl/_rels/workbook.xml.rels", lambda _: b""), CorruptFile),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook\0".encode("utf-16-le") * 200, CorruptFile),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage\0".encode("utf-16-le") * 20, EncryptedFile),
    ],
)
def test_what_cannot_be_read_is_one_error(make: Callable[[], bytes], error: type[InputError]) -> None:
    with pytest.raises(error):
        read(make(), "坏.xlsx")


def test_more_sheets_than_pages_are_allowed() -> None:
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = workbook.create_sheet()["A1"] = "甲"
    with pytest.raises(TooManyPages):
        read(saved(workbook), "a.xlsx", limits=Limits(pages=1))


def test_the_sheets_of_a_file_share_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    workbook = openpyxl.Workbook()
    for sheet in (workbook.active, workbook.create_sheet()):
        for number in range(30):
            sheet.append([number, number])
    monkeypatch.setattr(typeset, "MOST_CELLS", 119)
    with pytest.raises(TooLarge, match="120"):
        read(saved(workbook), "a.xlsx")


def test_merged_ranges_that_are_too_large_or_lie_over_each_other() -> None:
    merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="A1:B2"/><mergeCell ref="B9:A1"/></mergeCells>'
    (page,) = read(sheet_xml("</sheetData>", f"</sheetData>{merged}"), "a.xlsx").pages
    assert [(c.text, c.row_span, c.column_span) for c in page.tables[0].cells] == [("甲", 2, 2)]


def test_ranges_over_each_other_cannot_hold_up_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeset, "MOST_CELLS", 100)
    merged = "".join(f'<mergeCell ref="A1:A{90 + i}"/>' for i in range(10))
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>1</v></c></row>' for i in range(3, 100))
    with pytest.raises(TooLarge):
        read(sheet_xml("</sheetData>", f"{rows}</sheetData><mergeCells>{merged}</mergeCells>"), "a.xlsx")
