"""Spreadsheet files: the texts of their cells as they are shown, and which cells are merged.

XLSX is read from its XML, a cell at a time: a reader that lays out the whole grid can be made to fill the memory by one cell far
away, one that copies shared strings by many cells with one long string; and the numbers' formats are needed (`sheet_numbers`).
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from extractor.archive import Archive, local
from extractor.sheet_numbers import format_code, shown
from extractor.typeset import Range, refuse_beyond_limit
from models.errors import CorruptFile, EncryptedFile, InputError

if TYPE_CHECKING:
    import xlrd

Place = tuple[int, int]
"""Row and column, counted from 0."""

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_LAST_ROW, _LAST_COLUMN = 1_048_575, 16_383
_PARTS = "xl/"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible sheet: the cells that hold something, and the merged ranges, as large as the file says."""

    name: str
    cells: dict[Place, str]
    merged: tuple[Range, ...]


def read_xlsx(data: bytes) -> Iterator[Sheet]:
    """The visible sheets in their order. CorruptFile, EncryptedFile or TooLarge (from the archive) where that cannot be."""
    archive = Archive(data)
    try:
        yield from _visible(archive)
    except (ValueError, KeyError, IndexError, OverflowError) as error:
        raise CorruptFile from error


def _visible(archive: Archive) -> Iterator[Sheet]:
    workbook = archive.xml(_PARTS + "workbook.xml")
    targets = {e.get("Id"): e.get("Target", "") for e in archive.xml(_PARTS + "_rels/workbook.xml.rels")}
    strings = _shared_strings(archive)
    formats = _formats(archive)
    since_1904 = any(e.get("date1904") in ("1", "true") for e in workbook if local(e) == "workbookPr")
    for entry in (e for part in workbook if local(part) == "sheets" for e in part):
        target = targets.get(next((v for k, v in entry.items() if k.endswith("}id")), None), "")
        part = target.lstrip("/") if target.startswith("/") else _PARTS + target
        if entry.get("state", "visible") != "visible" or "/worksheets/" not in part:
            continue
        root = archive.xml(part)
        merged = (_range(e.get("ref", "")) for e in root.iter() if local(e) == "mergeCell")
        yield Sheet(
            entry.get("name", ""), dict(_cells(root, strings, formats, since_1904)), tuple(r for r in merged if r)
        )


def _cells(root: Element, strings: list[str], formats: list[str], since_1904: bool) -> Iterator[tuple[Place, str]]:
    """Cells and rows without an address stand after the one before."""
    row = -1
    for line in (line for part in root if local(part) == "sheetData" for line in part):
        row = int(line.get("r", row + 2)) - 1
        column = -1
        for cell in line:
            place = _place(cell.get("r", ""))
            column = place[1] if place else column + 1
            if not (0 <= row <= _LAST_ROW and column <= _LAST_COLUMN):
                raise CorruptFile
            if text := _text(cell, strings, formats, since_1904).strip():
                yield (row, column), text


def _text(cell: Element, strings: list[str], formats: list[str], since_1904: bool) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(_runs(e) for e in cell if local(e) == "is")
    value = next((e.text or "" for e in cell if local(e) == "v"), "")
    if not value:
        return ""
    if kind == "s":
        return strings[int(value)]
    if kind == "b":
        return "是" if value == "1" else "否"
    if kind == "n":
        style = int(cell.get("s", "0"))
        return shown(float(value), formats[style] if style < len(formats) else "", since_1904=since_1904)
    return value


def _shared_strings(archive: Archive) -> list[str]:
    name = _PARTS + "sharedStrings.xml"
    return [_runs(item) for item in archive.xml(name)] if name in archive else []


def _runs(item: Element) -> str:
    """The text of a string, its differently set pieces joined; how it is pronounced is left out."""
    pieces = [e for part in item for e in (part if local(part) == "r" else (part,))]
    return "".join(e.text or "" for e in pieces if local(e) == "t")


def _formats(archive: Archive) -> list[str]:
    """The number format of each cell style."""
    name = _PARTS + "styles.xml"
    if name not in archive:
        return []
    root = archive.xml(name)
    own = {int(e.get("numFmtId", "0")): e.get("formatCode", "") for e in root.iter() if local(e) == "numFmt"}
    styles = (e for part in root if local(part) == "cellXfs" for e in part)
    return [format_code(int(e.get("numFmtId", "0")), own) for e in styles]


def _place(reference: str) -> Place | None:
    match = _REFERENCE.fullmatch(reference)
    if not match:
        return None
    column = 0
    for letter in match.group(1):
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(match.group(2)) - 1, column - 1


def _range(reference: str) -> Range | None:
    ends = [_place(end) for end in reference.split(":")]
    return Range(*ends[0], *ends[1]) if len(ends) == 2 and ends[0] and ends[1] else None


def read_xls(data: bytes) -> Iterator[Sheet]:
    """The visible sheets of a workbook of Excel 5 to 2003. EncryptedFile, CorruptFile or TooLarge where that cannot be."""
    import xlrd

    options = {"formatting_info": True, "ragged_rows": True, "on_demand": True, "logfile": io.StringIO()}
    try:
        with xlrd.open_workbook(file_contents=data, **options) as book:
            for index in range(book.nsheets):
                sheet = book.sheet_by_index(index)  # one at a time: a few bytes can make a row of 256 cells
                refuse_beyond_limit(sum(map(sheet.row_len, range(sheet.nrows))))
                if not sheet.visibility:
                    yield _xls_sheet(book, sheet)
                book.unload_sheet(index)
    except InputError:
        raise
    except Exception as error:  # xlrd meets damage with whatever happens to go wrong
        raise EncryptedFile if "encrypted" in str(error).lower() else CorruptFile from error


def _xls_sheet(book: "xlrd.Book", sheet: "xlrd.sheet.Sheet") -> Sheet:
    cells = {
        (row, column): text
        for row in range(sheet.nrows)
        for column, cell in enumerate(sheet.row(row))
        if (text := _xls_text(book, cell).strip())
    }
    merged = (Range(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells)
    return Sheet(sheet.name, cells, tuple(merged))


def _xls_text(book: "xlrd.Book", cell: "xlrd.sheet.Cell") -> str:
    match cell.ctype:
        case 1:
            return str(cell.value)
        case 2 | 3:
            style = book.format_map.get(book.xf_list[cell.xf_index].format_key)
            return shown(cell.value, style.format_str if style else "", since_1904=bool(book.datemode))
        case 4:
            return "是" if cell.value else "否"
        case _:
            return ""
