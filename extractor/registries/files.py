"""Rows out of registry files (CSV in any usual encoding, spreadsheets, JSON lines): cells as text, spoilt numbers noticed."""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from extractor.registries.headers import field_names, fields_of
from models.errors import RegistryInvalid
from models.records import RegistryKind

Row = dict[str, str]
"""Field name -> text; a blank cell is absent."""

SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
JSON_FILES = frozenset({".jsonl", ".ndjson", ".json"})
TABLES = frozenset({".csv", ".tsv", ".txt"})

HEADER_WITHIN = 10  # rows; published spreadsheets put a title above the header
FIELDS_AT_LEAST = 2  # a line with fewer known headers is a title
_SPOILT = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
_SAMPLE = 50  # objects of a JSON file that are looked at for its keys
_EXACT_DIGITS = 15  # what a spreadsheet keeps of a number


@dataclass(slots=True)
class Contents:
    """The rows of a file with the line each stands on (from 1), and what a reader should be told about them."""

    rows: list[tuple[int, Row]] = field(default_factory=list)
    spoilt: dict[str, list[int]] = field(default_factory=dict)
    """Column -> lines whose number lost digits in a spreadsheet; the cell is left blank."""

    def notices(self, name: str) -> tuple[str, ...]:
        return tuple(
            f"{name}：“{column}”列有 {len(lines)} 个长号码被表格软件存成数字、末尾数字已丢失（第 "
            f"{'、'.join(map(str, lines[:5]))}{' …' if len(lines) > 5 else ''} 行），已按空白处理；请把该列设为文本后重新导出。 "
            f"{name}: {len(lines)} long numbers in column {column!r} lost digits in a spreadsheet; export that column as text."
            for column, lines in self.spoilt.items()
        )


def read_rows(data: bytes, name: str, kind: RegistryKind, columns: Mapping[str, str] | None = None) -> Contents:
    """The rows of one file, by the suffix of its name; RegistryInvalid names file and line where it cannot be read."""
    if suffix_of(name) in JSON_FILES:
        return from_objects(_objects(data, name), kind, columns, name)
    seen: list[str] = []
    for grid in grids_of(data, name):
        contents = _from_grid(grid, kind, columns, seen)
        if contents is not None:
            return contents
    raise _no_header(name, kind, seen)


def suffix_of(name: str) -> str:
    """The suffix by which a file's format is told, in small letters."""
    return "." + name.rpartition(".")[2].lower()


def grids_of(data: bytes, name: str) -> Iterator[Sequence[Sequence[Any]]]:
    """The lines of a file as they stand, one table for each sheet; of JSON the keys of its first objects, then their values.

    RegistryInvalid where the file cannot be read.
    """
    suffix = suffix_of(name)
    if suffix in JSON_FILES:
        objects = [entry for _, entry in islice(_objects(data, name), _SAMPLE)]
        keys = list(dict.fromkeys(key for entry in objects for key in entry))
        yield [keys, *([entry.get(key) for key in keys] for entry in objects)]
    elif suffix in SPREADSHEETS:
        yield from _sheets(data, name)
    elif suffix in TABLES:
        yield _table(data, name)
    else:
        raise RegistryInvalid(
            f"{name}：不支持的登记数据格式，请提供 CSV、XLSX 或 JSON lines。 {name}: give CSV, XLSX or JSON lines."
        )


def _from_grid(
    grid: Sequence[Sequence[Any]], kind: RegistryKind, columns: Mapping[str, str] | None, seen: list[str]
) -> Contents | None:
    """The rows below the first row that holds headers; None where there is none. `seen` collects what stood there instead."""
    for number, line in enumerate(grid[:HEADER_WITHIN], 1):
        headers = [str(cell or "") for cell in line]
        fields = fields_of(kind, headers, columns)
        if len(fields) >= FIELDS_AT_LEAST:
            return _below(grid, number, kind, headers, fields)
        seen.extend(header for header in headers if header)
    return None


def _below(
    grid: Sequence[Sequence[Any]], header: int, kind: RegistryKind, headers: Sequence[str], fields: dict[int, str]
) -> Contents:
    """What stands below line `header`; of experts every column is kept under its own name."""
    if kind is RegistryKind.EXPERTS:
        fields = {index: fields.get(index, name) for index, name in enumerate(headers) if name}
    contents = Contents()
    for line_number, cells in enumerate(grid[header:], header + 1):
        _add(contents, line_number, {fields[i]: cell for i, cell in enumerate(cells) if i in fields}, headers, fields)
    return contents


def from_objects(
    objects: Iterable[tuple[int, Mapping[str, Any]]], kind: RegistryKind, columns: Mapping[str, str] | None, name: str
) -> Contents:
    """The rows that numbered objects are; RegistryInvalid where none has keys that mean anything for this kind."""
    contents = Contents()
    known: dict[tuple[str, ...], dict[int, str]] = {}
    best, seen = 0, list[str]()  # objects may differ in their keys; each set of keys is looked up once
    for line_number, entry in objects:
        keys = tuple(entry)
        if keys not in known:
            known[keys] = fields_of(kind, keys, columns)
            seen.extend(keys)
        fields = known[keys]
        best = max(best, len(fields))
        _add(
            contents,
            line_number,
            {fields[i]: value for i, value in enumerate(entry.values()) if i in fields},
            keys,
            fields,
        )
    if seen and best < FIELDS_AT_LEAST:
        raise _no_header(name, kind, seen)
    return contents


def _add(
    contents: Contents, line_number: int, cells: Mapping[str, Any], headers: Sequence[str], fields: Mapping[int, str]
) -> None:
    row: Row = {}
    for field_name, cell in cells.items():
        text = text_of(cell)
        if text is None:
            column = next(headers[i] for i, name in fields.items() if name == field_name)
            contents.spoilt.setdefault(column, []).append(line_number)
        elif text:
            row[field_name] = text
    if row:
        contents.rows.append((line_number, row))


def text_of(cell: Any) -> str | None:
    """A cell as text: dates ISO, whole numbers without a point; None where a long number lost digits."""
    match cell:
        case None:
            return ""
        case str():
            return None if _SPOILT.fullmatch(cell.strip()) else cell.strip()
        case bool():
            return "是" if cell else "否"
        case float():
            if not cell.is_integer():
                return repr(cell)
            return None if abs(cell) >= 10**_EXACT_DIGITS else str(int(cell))
        case dt.datetime():
            return cell.date().isoformat()
        case dt.date():
            return cell.isoformat()
        case list() | dict():
            return json.dumps(cell, ensure_ascii=False)
        case _:
            return str(cell)


def _table(data: bytes, name: str) -> list[list[str]]:
    """UTF-8 with or without a byte order mark, else GB18030; commas, tabs or semicolons, whichever the first lines hold most."""
    text = _decoded(data, name)
    first = text[:4096]
    delimiter = max(",\t;", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        line = _failing_line(text, delimiter)
        raise RegistryInvalid(
            f"{name} 第 {line} 行：CSV 格式有误（{error}）。 {name} line {line}: malformed CSV ({error})."
        ) from error


def _failing_line(text: str, delimiter: str) -> int:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for _ in reader:
            pass
    except csv.Error:
        pass
    return reader.line_num


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
    raise RegistryInvalid(
        f"{name} 第 {line} 行：文字编码既不是 UTF-8 也不是 GB18030。 {name} line {line}: neither UTF-8 nor GB18030."
    )


def _sheets(data: bytes, name: str) -> Iterator[list[list[Any]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in workbook.sheet_names:
            yield workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise RegistryInvalid(
            f"{name}：不是可读的电子表格（{error}）。 {name}: not a readable spreadsheet ({error})."
        ) from error


def _objects(data: bytes, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """One object a line; a whole file that is a list, or an object with the list under `rows` or `data`, is taken too."""
    text = _decoded(data, name)
    listed = _listed(text)
    if listed is not None:
        yield from ((number, entry) for number, entry in enumerate(listed, 1) if isinstance(entry, Mapping))
        return
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except json.JSONDecodeError as error:
            raise RegistryInvalid(
                f"{name} 第 {number} 行：JSON 有误（{error.msg}）。 {name} line {number}: malformed JSON ({error.msg})."
            ) from error
        if not isinstance(entry, Mapping):
            raise RegistryInvalid(
                f"{name} 第 {number} 行：应为 JSON 对象。 {name} line {number}: expected a JSON object."
            )
        yield number, entry


def _listed(text: str) -> list[Any] | None:
    if text.lstrip()[:1] not in {"[", "{"}:
        return None
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        return None
    if isinstance(whole, Mapping):
        whole = next((whole[key] for key in ("rows", "data", "records") if isinstance(whole.get(key), list)), None)
    return whole if isinstance(whole, list) else None


def _no_header(name: str, kind: RegistryKind, seen: Sequence[str]) -> RegistryInvalid:
    there = "、".join(dict.fromkeys(seen[:12])) or "（空）"
    return RegistryInvalid(
        f"{name}：没有找到 {kind.value} 的表头。现有列：{there}；可用字段：{'、'.join(sorted(field_names(kind)))}。"
        f"请在 registry.toml 的 [{kind.value}.columns] 中说明各列含义。 "
        f"{name}: no header of {kind.value} found; map the columns under [{kind.value}.columns] in registry.toml."
    )
