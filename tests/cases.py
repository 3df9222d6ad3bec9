"""The committed sample cases: their files, truth and registries, and the report that the pipeline makes of them."""

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from api.inputs import uploads_in
from api.render.json import report_json
from api.review import review
from extractor.ocr import OcrEngine, default_engine
from extractor.registries import open_snapshots
from models.report import Report

CASES = Path(__file__).resolve().parents[1] / "samples" / "cases"


@dataclass(frozen=True)
class Reviewed:
    """A case with its truth and its report, as the value and as its JSON."""

    path: Path
    truth: dict[str, Any]
    report: Report
    json: dict[str, Any]

    @property
    def recognised(self) -> bool:
        """Whether any of its papers had to be recognised from a picture."""
        return any(
            f.get("source") == "ocr" for p in self.json["papers"] for f in p["fields"].values() if isinstance(f, dict)
        )


def case_folders() -> list[Path]:
    return sorted(path.parent for path in CASES.glob("*/truth.json"))


def reviewed(path: Path) -> Reviewed:
    truth = json.loads((path / "truth.json").read_text(encoding="utf-8"))
    report = review(
        uploads_in([path]), open_snapshots(path / "registry"), dt.date.fromisoformat(truth["as_of"]), ocr=engine
    )
    return Reviewed(path, truth, report, report_json(report))


@cache
def engine() -> OcrEngine:
    return default_engine()
