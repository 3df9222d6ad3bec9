"""Writes what an audit found: JSON lines, Parquet, a workbook, a page with plots, and the hashes that make all of it anew."""

import datetime as dt
import hashlib
import json
from array import array
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from api.audit.lines import FINDING, ITEM, ROW, Line, Terms, finding_lines, item_line, row_lines
from api.audit.manifest import Manifest
from api.audit.page import audit_html
from api.audit.tally import Tally
from api.audit.workbook import audit_xlsx
from api.store import audits
from api.store.audits import AuditRow
from api.store.opened import Store

HEAD = "audit.json"
_TABLES = {"items": ITEM, "findings": FINDING, "rows": ROW}
_BATCH = 5_000
_SHOWN = 100


@dataclass(slots=True)
class Table:
    """One table as JSON lines and, where pyarrow is installed, as Parquet. Files appear whole when all is written."""

    folder: Path
    name: str
    columns: Mapping[str, type]
    offsets: "array[int]" = field(default_factory=lambda: array("Q"))
    _lines: IO[bytes] | None = None
    _parquet: Any = None
    _batch: list[Line] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._lines = self._place("jsonl").open("wb")
        if has_parquet():
            import pyarrow as pa
            from pyarrow import parquet

            kinds = {int: pa.int32(), str: pa.string(), bool: pa.bool_(), float: pa.float32()}
            schema = pa.schema([(name, kinds[kind]) for name, kind in self.columns.items()])
            self._parquet = parquet.ParquetWriter(self._place("parquet"), schema, compression="zstd")
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        assert self._lines
        self._flush()
        self._lines.close()
        if self._parquet is not None:
            self._parquet.close()
        for path in (self._place("jsonl"), self._place("parquet")) if kind is None else ():
            if path.exists():
                path.replace(path.with_suffix(""))

    def add(self, line: Line) -> None:
        assert self._lines
        assert line.keys() == self.columns.keys()
        self.offsets.append(self._lines.tell())
        self._lines.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        self._batch.append(line)
        if len(self._batch) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._parquet is not None and self._batch:
            import pyarrow as pa

            self._parquet.write_table(pa.Table.from_pylist(self._batch, self._parquet.schema))
        self._batch.clear()

    def _place(self, suffix: str) -> Path:
        return self.folder / f"{self.name}.{suffix}.unfinished"


def has_parquet() -> bool:
    """Whether Parquet can be written here: pip install 'zhengshen[audit]'."""
    from importlib.util import find_spec

    return find_spec("pyarrow") is not None


def write_audit(store: Store, audit: AuditRow, manifest: Manifest, folder: Path, months: int) -> dict[str, Any]:
    """Everything that an ended audit found, into a folder; what `audit.json` says. The same audit gives the same bytes.

    `months` is the term within which promises are verified. Memory grows by some bytes a certificate.
    """
    tally, terms = Tally(audit.as_of), Terms(audit.as_of, months)
    order: list[tuple[bool, int, int, int, int]] = []
    with ExitStack() as stack:
        items, findings, rows = (stack.enter_context(Table(folder, *pair)) for pair in _TABLES.items())
        entries = manifest.entries()
        for item in audits.items(store, audit.id):
            entry = next(entry for entry in entries if entry.position == item.position)
            report = json.loads(store.blobs.get(item.report_sha256)) if item.report_sha256 else None
            line = item_line(entry, item, report, terms)
            found = list(finding_lines(line, report)) if report else []
            decided = list(row_lines(line, report)) if report else []
            order.append((line["state"] == "done", -line["blocking"], -line["major"], -line["minor"], len(order)))
            tally.add(line, found, len(decided))
            items.add(line)
            for one in found:
                findings.add(one)
            for one in decided:
                rows.add(one)
    worst = [place for *_, place in sorted(order)]
    head = identity(audit, manifest)
    (folder / "summary.xlsx").write_bytes(audit_xlsx(_at(folder / "items.jsonl", items.offsets, worst), head))
    shown = list(_at(folder / "items.jsonl", items.offsets, worst[:_SHOWN]))
    (folder / "summary.html").write_text(audit_html(tally, shown, head), "utf-8")
    told = {
        **head,
        "finished": True,
        "items": {name: tally.states[name] for name in ("done", "with_findings", "failed")},
        "findings": tally.findings,
        "rows": tally.rows,
        "files": {path.name: _sha256(path) for path in sorted(folder.iterdir()) if _is_ours(path)},
    }
    write_head(folder, told)
    return told


def identity(audit: AuditRow, manifest: Manifest) -> dict[str, Any]:
    """What the audit was run with: the same of all gives the same findings."""
    return {
        "audit": audit.id,
        "as_of": audit.as_of.isoformat(),
        "manifest": {"sha256": audit.manifest_sha256, "certificates": manifest.count},
        "snapshots": [
            {"kind": pinned.kind.value, "as_of": pinned.as_of.isoformat(), "sha256": pinned.sha256}
            for pinned in audit.snapshots
        ],
        "versions": dict(audit.versions),
    }


def write_head(folder: Path, told: Mapping[str, Any]) -> None:
    """`audit.json`, whole or not at all."""
    unfinished = folder / f"{HEAD}.unfinished"
    unfinished.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    unfinished.replace(folder / HEAD)


def read_head(folder: Path) -> dict[str, Any] | None:
    """What `audit.json` says; None where there is none."""
    try:
        head: dict[str, Any] = json.loads((folder / HEAD).read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return head


def day_of(head: Mapping[str, Any]) -> dt.date:
    """The day of an audit, by its head."""
    return dt.date.fromisoformat(head["as_of"])


def _at(path: Path, offsets: "array[int]", places: list[int]) -> Iterator[Line]:
    with path.open("rb") as file:
        for place in places:
            file.seek(offsets[place])
            yield json.loads(file.readline())


def _is_ours(path: Path) -> bool:
    return path.name in {*(f"{t}.{s}" for t in _TABLES for s in ("jsonl", "parquet")), "summary.html", "summary.xlsx"}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
