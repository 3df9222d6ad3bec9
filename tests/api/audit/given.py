"""What tests of audits begin with: a list of certificates in a folder, and an audit of it in a store."""

import csv
import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from api.audit.manifest import Manifest, open_manifest
from api.store import Store, audits, reviews
from api.store.audits import AuditRow
from api.store.retention import Retention
from api.store.reviews import Summary
from tests.api.jobs.service import ofd
from tests.cases import CASES

NOW = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
AS_OF = dt.date(2026, 11, 1)


def number_of(item: int) -> str:
    """A certificate number of Hainan."""
    return f"24212034{item:04}"


def listed(folder: Path, items: int, pages: Sequence[int] = (1,)) -> Manifest:
    """A list of so many certificates, each with a paper of its own; they take turns in how many pages it has."""
    folder.mkdir(exist_ok=True)
    with (folder / "清单.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("证书编号", "文件", "地址"))
        for item in range(1, items + 1):
            (folder / f"{item}.ofd").write_bytes(ofd(pages[item % len(pages)], f"第{item}项"))
            lines.writerow((number_of(item), f"{item}.ofd", "海南省三亚市吉阳区迎宾路1号"))
    return open_manifest(folder / "清单.csv")


def audit_in(store: Store, manifest: Manifest) -> AuditRow:
    """An audit of the list, with no registries."""
    audit = AuditRow("aud_1", NOW, AS_OF, manifest.sha256, (), {"code": "1", "rules": "2"})
    audits.open_audit(store, audit, [], actor="test")
    return audit


def ended(store: Store, review_id: str, report: Any = None) -> None:
    """The review ends with a report, by default that of a sample case."""
    reviews.start_reading(store, review_id, 1, NOW)
    content = report or json.loads((CASES / "demo_mixed" / "report.json").read_text("utf-8"))
    data = json.dumps(content, ensure_ascii=False).encode()
    assert reviews.finish(
        store, review_id, data, Summary("human"), retention=Retention(), actor="test", now=NOW, versions={}
    )
