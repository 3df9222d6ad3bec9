"""Papers and reports in the JSON of the outward contract: names and shapes here are what other systems depend on."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import Any

from models.dates import Period
from models.field import Evidence, Field, Region, Snapshot
from models.finding import Basis, Bilingual, Finding, Side
from models.layout import Box, Origin
from models.money import Money
from models.papers import CapabilityRow, Paper, Signatory, Site
from models.report import Problem, Report, RowDecision, RunInfo
from models.standards import StandardRef

Json = dict[str, Any]

BESIDE_FIELDS = frozenset({"source", "rows", "stamps", "activities"})
"""Attributes of a paper that are no fields: where it comes from, its capability rows, what each page says of itself, what a field means."""
SURENESS = frozenset({"confidence", "origin", "evidence", "flags"})
MEANING = frozenset({"signs"})
"""What the words of another attribute mean, for the checks; the contract gives the words."""


def parse_json(papers: Iterable[Paper], problems: Iterable[Problem] = ()) -> Json:
    """The answer of `zhengshen parse --json`."""
    return {"papers": [paper_json(paper) for paper in papers], "problems": [problem_json(p) for p in problems]}


def report_json(report: Report) -> Json:
    """The answer of `zhengshen review --json`."""
    return {
        "recommendation": report.recommendation.value,
        "why": bilingual(report.why),
        "as_of": report.as_of.isoformat(),
        "findings": [finding_json(finding) for finding in report.findings],
        "rows": [decision_json(decision) for decision in report.rows],
        "papers": [paper_json(paper) for paper in report.papers],
        "problems": [problem_json(problem) for problem in report.problems],
        "run": run_json(report.run),
    }


def paper_json(paper: Paper) -> Json:
    """One paper: a field that it does not have by law is absent, one that could not be read has the value null."""
    fields: Json = {}
    for attribute in dataclasses.fields(paper):
        value = getattr(paper, attribute.name)
        if attribute.name not in BESIDE_FIELDS and value is not None:
            fields[attribute.name] = field_json(value)
    return {
        "kind": paper.kind,
        "file": paper.source.file,
        "sha256": paper.source.sha256,
        "pages": len(paper.source.pages),
        "page_numbers": list(paper.source.pages),
        "confidence": confidence(paper.source.confidence),
        "decided_by": list(paper.source.decided_by),
        "fields": fields,
        "rows": [row_json(row) for row in getattr(paper, "rows", ())],
        **{
            name: [entry_json(entry) for entry in getattr(paper, name)]
            for name in ("signatories", "sites")
            if hasattr(paper, name)
        },
    }


def field_json(value: object) -> Json:
    """A field with its evidence; what a paper states without a `Field` around it (a list, a language) gets the same shape."""
    if not isinstance(value, Field):
        parts = [part for part in value if isinstance(part, Site | Signatory)] if isinstance(value, tuple) else []
        value = Field(
            value,
            "",
            tuple(place for part in parts for place in part.evidence),
            min((part.confidence for part in parts), default=1.0),
            Origin.OCR if any(part.origin is Origin.OCR for part in parts) else Origin.TEXT,
        )
    shape: Json = {
        "value": plain(value.value),
        "text": value.text,
        "confidence": confidence(value.confidence),
        "source": value.origin.value,
        "evidence": [evidence_json(place) for place in value.evidence],
        "flags": list(value.flags),
    }
    return {**shape, "label": value.label} if value.label else shape


def entry_json(entry: Signatory | Site) -> Json:
    """A line of such a table with evidence of its own; as a field the whole table has one."""
    return {
        **plain(entry),
        "confidence": confidence(entry.confidence),
        "source": entry.origin.value,
        "evidence": [evidence_json(place) for place in entry.evidence],
    }


def row_json(row: CapabilityRow) -> Json:
    """One row of capability, every column present, null where the table has none."""
    return {
        "index": row.index,
        "section": row.section.value,
        "site": row.site,
        "object_number": row.object_number,
        "object": row.object,
        "parameter_number": row.parameter_number,
        "parameter": row.parameter,
        "field_code": row.field_code,
        "method": row.method,
        "standards": [plain(standard) for standard in row.standards],
        "limitation": row.limitation,
        "note": row.note,
        "effective_on": plain(row.effective_on),
        "language": row.language,
        "confidence": confidence(row.confidence),
        "source": row.origin.value,
        "evidence": [evidence_json(place) for place in row.evidence],
        "flags": list(row.flags),
    }


def finding_json(finding: Finding) -> Json:
    """One finding; `basis` is the instrument it rests on first, `bases` all of them."""
    comparison = finding.comparison
    bases = [basis_json(basis) for basis in finding.basis]
    return {
        "check": finding.check,
        "outcome": finding.outcome.value,
        "severity": finding.severity.value,
        "title": bilingual(finding.title),
        "message": bilingual(finding.message),
        "left": side_json(finding.left),
        "right": side_json(finding.right),
        "score": None if comparison is None else confidence(comparison.score),
        "tolerance": (comparison.tolerance or None) if comparison else None,
        "parts": [
            {"part": part, "left": left, "right": right, "score": confidence(score)}
            for part, left, right, score in (comparison.parts if comparison else ())
        ],
        "basis": bases[0] if bases else None,
        "bases": bases,
        "advice": bilingual(finding.advice) if finding.advice else None,
        "rows": list(finding.rows),
        "subject": finding.subject,
        "suspected_misreading": finding.suspected_misreading,
        "fingerprint": finding.fingerprint,
    }


def decision_json(decision: RowDecision) -> Json:
    """One claimed row and what is proposed for it."""
    return {
        "row": row_json(decision.row),
        "decision": decision.decision.value,
        "reasons": list(decision.reasons),
        "suggestion": decision.suggestion,
    }


def problem_json(problem: Problem) -> Json:
    """A file, page or registry that could not be used; `page` is null where the whole is meant."""
    return {"file": problem.file, "page": problem.page, "code": problem.code, "message": problem.message}


def run_json(run: RunInfo) -> Json:
    """What produced the report."""
    return {
        "code": run.code,
        "rules": run.rules,
        "engine": run.engine,
        "registries": [{"name": used.registry, "as_of": used.as_of, "sha256": used.sha256} for used in run.registries],
        "seconds": round(run.seconds, 3),
    }


def side_json(side: Side | None) -> Json | None:
    """One side of a comparison; its evidence names the document by its sha256."""
    if side is None:
        return None
    return {
        "label": side.label,
        "value": side.value,
        "text": side.text,
        "source": side.origin.value if side.origin else None,
        "evidence": [evidence_json(place, with_document=True) for place in side.evidence],
        "confidence": confidence(side.confidence),
    }


def basis_json(basis: Basis) -> Json:
    """`verified` is false (待核) while the wording was not checked against the official text."""
    return {
        "instrument": basis.instrument,
        "clause": basis.clause,
        "edition": basis.edition,
        "url": basis.url,
        "verified": basis.verified,
    }


def evidence_json(place: Evidence, with_document: bool = False) -> Json:
    """A region of a page, or the registry snapshot that said so."""
    if isinstance(place, Snapshot):
        return {"registry": place.registry, "as_of": place.as_of, "sha256": place.sha256, "text": place.text}
    region = {"page": place.page, "box": box_json(place.box)}
    return {"document": place.document, **region} if with_document else region


def bilingual(sentence: Bilingual) -> Json:
    """Chinese and English."""
    return {"zh": sentence.zh, "en": sentence.en}


def box_json(box: Box) -> list[float]:
    """Tenths of a point are finer than any eye and keep reports equal over machines."""
    return [round(edge, 1) for edge in (box.x0, box.top, box.x1, box.bottom)]


def confidence(value: float) -> float:
    """Four digits say all that a confidence can."""
    return round(value, 4)


def plain(value: object) -> Any:
    """A value of the vocabulary as JSON: ISO dates, money as a decimal string with its currency, a term as from and to."""
    match value:
        case None | bool() | int() | float() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return value.value
        case dt.date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case Money():
            return {"amount": format(value.amount, "f"), "currency": value.currency}
        case Period():
            return {"from": plain(value.start), "to": plain(value.end)}
        case StandardRef():
            return {
                "key": value.key,
                "clause": value.clause,
                "amendment": value.amendment,
                "title": value.title,
            }
        case Field():
            return plain(value.value)
        case Region() | Snapshot():
            return evidence_json(value)
        case tuple() | list():
            return [plain(item) for item in value]
        case _ if dataclasses.is_dataclass(value):
            return {
                attribute.name: plain(getattr(value, attribute.name))
                for attribute in dataclasses.fields(value)
                if attribute.name not in SURENESS | MEANING
            }
        case _:
            raise TypeError(f"no JSON form for {type(value).__name__}")
