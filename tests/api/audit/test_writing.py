"""What an audit writes: each item once, the worst first, equal bytes for equal audits, nothing that becomes a formula or a script."""

import hashlib
import io
import json
import re
import zipfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as parquet
import pytest

from api.audit.feeding import Feed
from api.audit.lines import FINDING, ITEM, ROW
from api.audit.manifest import Manifest
from api.audit.page import audit_html
from api.audit.tally import Tally
from api.audit.workbook import audit_xlsx
from api.audit.writing import write_audit
from api.store import Store
from api.store.audits import AuditRow
from tests.api.audit.given import AS_OF, audit_in, ended, listed, number_of
from tests.cases import CASES

TABLES = {"items": ITEM, "findings": FINDING, "rows": ROW}
EVIL = '=HYPERLINK("http://evil.example","x")<script>'
MONTHS = 2


def reports() -> list[dict[str, Any]]:
    """Of three certificates: one without objections, one with a sample's, one that overran its terms, whose name is a formula."""
    sample = json.loads((CASES / "demo_mixed" / "report.json").read_text("utf-8"))
    quiet = deepcopy(sample)
    quiet["findings"] = [f for f in sample["findings"] if f["outcome"] in ("match", "tolerated", "not_applicable")]
    late = deepcopy(sample)
    promises = deepcopy(next(f for f in sample["findings"] if f["outcome"] == "mismatch"))
    for number in range(20):
        late["findings"].append({**promises, "check": "AU-04", "severity": "blocking", "outcome": "mismatch", "right": None,
                                 "subject": str(number), "title": {"zh": "承诺核查", "en": "Promises"}})  # fmt: skip
    fields = {
        "number": "242120340003",
        "name": EVIL,
        "issued_on": "2024-08-31",
        "expires_on": "2026-10-31",
        "address": "海南省海口市龙华区金贸西路1号",
    }
    paper = {"kind": "cma_certificate", "fields": {name: {"value": value} for name, value in fields.items()}}
    late["papers"] = [paper, *late["papers"]]
    return [quiet, sample, late]


@pytest.fixture
def run(store: Store, tmp_path: Path) -> tuple[AuditRow, Manifest]:
    """An audit of four certificates; the fourth has no file."""
    manifest = listed(tmp_path / "papers", 4)
    (tmp_path / "papers" / "4.ofd").unlink()
    audit = audit_in(store, manifest)
    waiting = iter(reports())
    Feed(store, audit, manifest, lambda review_id: ended(store, review_id, next(waiting)), "test").run()
    return audit, manifest


def lines(folder: Path, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{table}.jsonl").read_text("utf-8").splitlines()]


def test_each_item_is_there_once_with_its_findings_and_rows(
    store: Store, run: tuple[AuditRow, Manifest], tmp_path: Path
) -> None:
    output = tmp_path / "out"
    output.mkdir()
    told = write_audit(store, *run, output, MONTHS)
    items = lines(output, "items")
    assert [item["certificate"] for item in items] == [number_of(n) for n in (1, 2, 3, 4)]
    assert told["items"] == {"done": 1, "with_findings": 2, "failed": 1}
    late, missing = items[2], items[3]
    assert (late["district"], late["field"], late["number_agrees"]) == ("海口市龙华区", "综合", True)
    assert late["days_to_expiry"] == -1
    assert late["verification_due_on"] == "2024-10-31"
    assert (missing["state"], missing["error_code"], missing["rows"]) == ("failed", "item_invalid", 0)
    assert str(tmp_path) not in missing["error_message"], "the same list gives the same words wherever it lies"
    assert missing["district"] == "三亚市吉阳区", "what no paper says is taken from the list"
    sample = reports()[1]
    wanted = [f for f in sample["findings"] if f["outcome"] not in ("match", "not_applicable", "not_provided")]
    assert [f["fingerprint"] for f in lines(output, "findings") if f["position"] == 2] == [
        f["fingerprint"] for f in wanted
    ]
    assert len([row for row in lines(output, "rows") if row["position"] == 2]) == len(sample["rows"]) > 0
    assert told["files"] == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in output.iterdir()
        if path.name != "audit.json"
    }


def test_parquet_holds_what_the_lines_hold(store: Store, run: tuple[AuditRow, Manifest], tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    write_audit(store, *run, output, MONTHS)
    for table, columns in TABLES.items():
        read = parquet.read_table(output / f"{table}.parquet")
        assert read.column_names == list(columns)
        said = [{k: round(v, 4) if isinstance(v, float) else v for k, v in one.items()} for one in read.to_pylist()]
        assert said == lines(output, table)


def test_the_same_audit_gives_the_same_bytes(
    store: Store, run: tuple[AuditRow, Manifest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        told.append(write_audit(store, *run, tmp_path / name, MONTHS))
        monkeypatch.setattr("time.localtime", lambda *_: (2030, 1, 2, 3, 4, 5, 0, 0, 0))
    assert told[0] == told[1]
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "two").iterdir())
    assert len(names) == 9
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_the_workbook_has_the_worst_first_filters_on_and_no_formula(
    store: Store, run: tuple[AuditRow, Manifest], tmp_path: Path
) -> None:
    output = tmp_path / "out"
    output.mkdir()
    write_audit(store, *run, output, MONTHS)
    book = openpyxl.load_workbook(output / "summary.xlsx")
    sheet, about = book.worksheets
    assert [row[1] for row in sheet.iter_rows(2, values_only=True)] == [number_of(n) for n in (4, 3, 2, 1)]
    assert sheet.auto_filter.ref == f"A1:X{sheet.max_row}"
    assert sheet.freeze_panes == "C2"
    name = next(cell for cell in sheet[3] if cell.value == EVIL)
    assert (name.data_type, name.quotePrefix) == ("s", True)
    assert run[0].manifest_sha256 in {cell.value for row in about.iter_rows() for cell in row}
    with zipfile.ZipFile(output / "summary.xlsx") as parts:
        assert not [n for n in parts.namelist() if b"<f>" in parts.read(n)]


def test_more_certificates_than_a_sheet_holds_take_several() -> None:
    head = {"audit": "a", "as_of": "2026-11-01", "manifest": {"sha256": "b"}, "snapshots": [], "versions": {}}
    some = [{**dict.fromkeys(ITEM), "certificate": str(number)} for number in range(5)]
    book = openpyxl.load_workbook(io.BytesIO(audit_xlsx(some, head, most=2)))
    held = [[row[1] for row in sheet.iter_rows(2, values_only=True)] for sheet in book.worksheets[:-1]]
    assert held == [["0", "1"], ["2", "3"], ["4"]]
    assert [sheet.auto_filter.ref for sheet in book.worksheets[:-1]] == ["A1:X3", "A1:X3", "A1:X2"]


def test_the_page_needs_nothing_and_shows_every_plot(
    store: Store, run: tuple[AuditRow, Manifest], tmp_path: Path
) -> None:
    output = tmp_path / "out"
    output.mkdir()
    write_audit(store, *run, output, MONTHS)
    page = (output / "summary.html").read_text("utf-8")
    assert page.count("<svg") == 5
    assert not re.search(r"<script|<link|<img|url\(|@import|src=", page)
    outside = set(re.findall(r"https?://[^\"'<>\s]+", page)) - {"http://www.w3.org/2000/svg"}
    assert outside <= {"http://evil.example&#34;,&#34;x&#34;)&lt;script&gt;"}, "what a paper says stays text"
    for said in ("AU-04", "海口市龙华区", "综合", "已过期 expired", "已逾期 overdue", run[0].manifest_sha256):
        assert said in page


def test_what_is_due_is_told_week_by_week() -> None:
    tally = Tally(AS_OF)
    line = {"blocking": 0, "major": 0, "state": "done", "days_to_expiry": None, "district": "", "field": ""}
    for due, verified in (
        ("2026-10-31", None), ("2026-11-01", None), ("2026-11-07", None), ("2026-11-08", None), ("2027-03-01", None),
        (None, None), ("2026-01-01", "2025-12-01"),
    ):  # fmt: skip
        tally.add({**line, "verification_due_on": due, "verified_on": verified}, [], 0)
    assert tally.due_in_order() == [
        ("已逾期 overdue", 1),
        ("2026-11-01 起一周 week", 2),
        ("2026-11-08 起一周 week", 1),
        ("以后 later", 1),
        ("不明 unknown", 1),
        ("已核查 verified", 1),
    ]


def test_a_page_of_nothing_has_no_plots() -> None:
    head = {
        "audit": "a",
        "as_of": "2026-11-01",
        "manifest": {"sha256": "b", "certificates": 0},
        "snapshots": [],
        "versions": {},
    }
    assert "<svg" not in audit_html(Tally(AS_OF), [], head)
