"""The list of certificates to audit: CSV, XLSX or JSON lines with the files of each, or a folder with a folder for each."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.inputs import NOT_PAPERS, uploads_at
from api.reading import Upload
from models.errors import InputError
from models.text import key

HEADERS = {
    "certificate": ("certificate", "certificate_number", "number", "cma_number", "证书编号", "资质认定证书编号", "CMA证书编号"),
    "files": ("files", "file", "paths", "path", "文件", "材料", "材料文件", "文件路径", "附件"),
    "name": ("name", "机构名称", "名称", "检验检测机构名称"),
    "address": ("address", "地址", "机构地址"),
    "issued_on": ("issued_on", "发证日期"),
    "expires_on": ("expires_on", "有效期至", "有效期", "证书有效期至"),
}  # fmt: skip
"""What the columns of a list are called; others are passed over."""
_FIELDS = {key(header): name for name, headers in HEADERS.items() for header in headers}
_BETWEEN = re.compile(r"[;；|\n]")


class ListInvalid(InputError):
    """证书清单无法使用。 The list of certificates cannot be used."""

    code = "list_invalid"


class ItemInvalid(InputError):
    """清单中的这一项无法使用。 This item of the list cannot be used."""

    code = "item_invalid"


@dataclass(frozen=True, slots=True)
class Entry:
    """One certificate of the list: its place from 1, its number as stated (the folder's name where it is a folder), where its files lie.

    `stated` is what else the list says of it, by the names in `HEADERS`.
    """

    position: int
    certificate: str
    paths: tuple[str, ...]
    stated: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A list of certificates. `sha256` is that of the file; of a folder that of the names and sizes of the files in it."""

    path: Path
    sha256: str
    count: int

    def entries(self) -> Iterator[Entry]:
        """The certificates in order, read anew at each call."""
        if self.path.is_dir():
            for position, folder in enumerate(_cases(self.path), 1):
                yield Entry(position, folder.name, (folder.name,))
            return
        for position, row in enumerate(_rows(self.path.name, self.path.read_bytes()), 1):
            stated = {name: text for name, text in row.items() if name not in ("certificate", "files")}
            paths = tuple(path for part in _BETWEEN.split(row.get("files", "")) if (path := part.strip()))
            yield Entry(position, row.get("certificate", ""), paths, stated)

    def uploads(self, entry: Entry) -> list[Upload]:
        """The files of one certificate, bundles as they are; ItemInvalid where one cannot be had."""
        if not entry.paths:
            raise ItemInvalid("清单没有列出文件。 The list names no file.")
        root = (self.path if self.path.is_dir() else self.path.parent).resolve()
        found: list[Upload] = []
        for name in entry.paths:
            path = (root / name).resolve()
            if not path.is_relative_to(root):
                raise ItemInvalid(f"文件须在清单所在文件夹内：{name}。 Files must lie beside the list: {name}.")
            if (
                not path.exists()
            ):  # said by the list's own name for it, so that the same list gives the same words anywhere
                raise ItemInvalid(f"文件不存在：{name}。 No such file: {name}.")
            found += uploads_at(path)
        if not found:
            raise ItemInvalid("文件夹中没有文件。 There are no files in the folder.")
        return found


def open_manifest(path: Path) -> Manifest:
    """The list at a path; ListInvalid where it is none, InputError where it cannot be read."""
    if path.is_dir():
        listed = hashlib.sha256()
        cases = list(_cases(path))
        for file in (file for folder in cases for file in sorted(folder.rglob("*")) if file.is_file()):
            listed.update(f"{file.relative_to(path).as_posix()}\0{file.stat().st_size}\n".encode())
        return _counted(Manifest(path, listed.hexdigest(), len(cases)))
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"文件不存在：{path}。 No such file: {path}.") from None
    except OSError as error:
        raise InputError(f"无法读取 {path}：{error.strerror}。 Cannot read {path}: {error.strerror}.") from error
    return _counted(Manifest(path, hashlib.sha256(data).hexdigest(), sum(1 for _ in _rows(path.name, data))))


def _counted(manifest: Manifest) -> Manifest:
    if not manifest.count:
        raise ListInvalid(f"{manifest.path} 中没有证书。 There are no certificates in {manifest.path}.")
    return manifest


def _cases(folder: Path) -> Iterable[Path]:
    hidden = (".", "_")
    return sorted(
        entry
        for entry in folder.iterdir()
        if entry.is_dir() and entry.name.lower() not in NOT_PAPERS and not entry.name.startswith(hidden)
    )


def _rows(name: str, data: bytes) -> Iterator[dict[str, str]]:
    """The rows of the file by our names; ListInvalid names the line or the headers that are wrong."""
    suffix = name.rpartition(".")[2].lower()
    if suffix in ("jsonl", "ndjson"):
        yield from _objects(name, data)
        return
    if suffix == "xlsx":
        lines = _sheet(name, data)
    elif suffix in ("csv", "tsv", "txt"):
        lines = csv.reader(io.StringIO(_text(name, data), newline=""), delimiter="\t" if suffix == "tsv" else ",")
    else:
        raise ListInvalid(
            f"{name}：证书清单应为 CSV、XLSX 或 JSON lines（.jsonl）。 {name}: give CSV, XLSX or JSON lines."
        )
    headers = next((line for line in lines if any(cell.strip() for cell in line)), [])
    fields = [_FIELDS.get(key(header), "") for header in headers]
    if missing := {"certificate", "files"} - set(fields):
        wanted = "、".join(HEADERS[name][-1] for name in sorted(missing))
        raise ListInvalid(
            f"{name}：缺少列 {wanted}；现有列：{'、'.join(filter(None, headers)) or '无'}。 "
            f"{name}: there is no column for {' and '.join(sorted(missing))}."
        )
    for line in lines:
        row = {field: cell.strip() for field, cell in zip(fields, line, strict=False) if field and cell.strip()}
        if row:
            yield row


def _objects(name: str, data: bytes) -> Iterator[dict[str, str]]:
    for number, line in enumerate(io.StringIO(_text(name, data)), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except json.JSONDecodeError as error:
            raise ListInvalid(f"{name} 第 {number} 行不是 JSON（{error}）。 Line {number} is not JSON.") from error
        if not isinstance(entry, dict):
            raise ListInvalid(f"{name} 第 {number} 行应为 JSON 对象。 Line {number} must be a JSON object.")
        yield {
            field: _joined(value)
            for header, value in entry.items()
            if (field := _FIELDS.get(key(str(header)))) and value not in (None, "", [])
        }


def _joined(value: Any) -> str:
    return ";".join(map(str, value)) if isinstance(value, list) else str(value).strip()


def _sheet(name: str, data: bytes) -> Iterator[Sequence[str]]:
    """The lines of the first sheet."""
    import python_calamine

    try:
        sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    except Exception as error:  # the library has one class for each thing that may be wrong with a workbook
        raise ListInvalid(f"{name}：无法作为 XLSX 打开。 {name}: cannot be opened as XLSX.") from error
    return ([_cell(cell) for cell in line] for line in sheet.to_python())


def _cell(cell: Any) -> str:
    """A number of a certificate that a spreadsheet made a number of is one again: twelve digits lose nothing."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat()[:10] if hasattr(cell, "isoformat") else str(cell)


def _text(name: str, data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ListInvalid(f"{name}：编码应为 UTF-8 或 GB18030。 {name}: the encoding must be UTF-8 or GB18030.")
