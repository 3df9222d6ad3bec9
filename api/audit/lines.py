"""What an audit says of one certificate: its line, its findings and its rows, flat, with the same columns in JSON lines and Parquet."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.audit.manifest import Entry
from api.store.audits import Item
from api.store.reviews import State
from matchers.address_parts import parse_address
from matchers.periods import months_after
from models.codes import cma_number
from models.finding import Outcome, Severity

Line = dict[str, Any]

SETTLED = frozenset({Outcome.MATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE})
"""Outcomes to which nobody needs to object."""
_OF_AUDITS = "AU-"
UNKNOWN = "不明 unknown"

ITEM = {
    "position": int, "certificate": str, "state": str, "error_code": str, "error_message": str,
    "blocking": int, "major": int, "minor": int, "checks": str, "number": str, "number_agrees": bool, "name": str,
    "unified_social_credit_code": str, "address": str, "district": str, "field": str, "issued_on": str, "expires_on": str,
    "days_to_expiry": int, "verification_due_on": str, "verified_on": str, "rows": int, "problems": int, "files": str,
    "files_sha256": str,
}  # fmt: skip
"""A certificate; None is what could not be told. Days are ISO; `checks` are the ids of those that object."""
FINDING = {
    "position": int, "certificate": str, "check": str, "outcome": str, "severity": str, "title": str, "message": str,
    "message_en": str, "left_label": str, "left_value": str, "right_label": str, "right_value": str, "subject": str,
    "suspected_misreading": bool, "fingerprint": str,
}  # fmt: skip
"""What is not simply settled: matches and what does not apply are left out, tolerated differences are in; so is, but for the checks of
audits, what is missing: nobody handed in an application."""
ROW = {
    "position": int, "certificate": str, "row": int, "decision": str, "reasons": str, "suggestion": str, "section": str,
    "site": str, "object": str, "parameter": str, "method": str, "standards": str, "limitation": str, "note": str,
    "confidence": float,
}  # fmt: skip
"""A row of capability with what would be decided on it today."""


@dataclass(frozen=True, slots=True)
class Terms:
    """By what the line of a certificate is reckoned: the day, and the months within which promises are verified."""

    as_of: dt.date
    commitment_months: int


def item_line(entry: Entry, item: Item, report: Mapping[str, Any] | None, terms: Terms) -> Line:
    """The line of a certificate; what its papers do not say is taken from the list."""
    papers = list(report["papers"]) if report else []
    findings = [finding for finding in report["findings"] if _concerns(finding)] if report else []
    objections = [finding for finding in findings if finding["outcome"] not in SETTLED]
    read: Mapping[str, Any] = next((paper["fields"] for paper in papers if paper["kind"] == "cma_certificate"), {})
    numbers = {_value(paper["fields"], "number") for paper in papers if paper["kind"] == "cma_certificate"}
    stated = entry.certificate if cma_number.is_valid(entry.certificate) else None
    number = _value(read, "number") or stated
    address = _value(read, "address") or entry.stated.get("address") or _first(papers, "address")
    issued_on = _day(_value(read, "issued_on") or entry.stated.get("issued_on"))
    expires_on = _day(_value(read, "expires_on") or entry.stated.get("expires_on"))
    due = months_after(issued_on, terms.commitment_months) if issued_on else None
    verified = next((f["right"]["value"] for f in findings if f["check"] == "AU-04" and f["right"]), None)
    state = item.state.value if item.state else State.FAILED.value
    return {
        "position": entry.position,
        "certificate": item.certificate,
        "state": state,
        "error_code": item.error_code if item.state else "review_deleted",
        "error_message": item.error_message if item.state else "审查结果已按保存期限删除。 The review was deleted.",
        **{s.value: sum(finding["severity"] == s for finding in objections) for s in Severity},
        "checks": " ".join(sorted({finding["check"] for finding in objections})),
        "number": number,
        "number_agrees": cma_number.compact(stated) in numbers if stated and any(numbers) else None,
        "name": _value(read, "name") or entry.stated.get("name") or _first(papers, "name"),
        "unified_social_credit_code": _first(papers, "unified_social_credit_code"),
        "address": address,
        "district": district(address),
        "field": field_of(number),
        "issued_on": issued_on.isoformat() if issued_on else None,
        "expires_on": expires_on.isoformat() if expires_on else None,
        "days_to_expiry": (expires_on - terms.as_of).days if expires_on else None,
        "verification_due_on": due.isoformat() if due else None,
        "verified_on": verified,
        "rows": len(report["rows"]) if report else 0,
        "problems": len(report["problems"]) if report else 0,
        "files": "；".join(name for name, _ in item.files),
        "files_sha256": " ".join(sha256 for _, sha256 in item.files),
    }


def finding_lines(line: Line, report: Mapping[str, Any]) -> Iterator[Line]:
    """The findings of a certificate, worst first."""
    for finding in report["findings"]:
        if finding["outcome"] in (Outcome.MATCH, Outcome.NOT_APPLICABLE) or not _concerns(finding):
            continue
        left, right = finding["left"] or {}, finding["right"] or {}
        yield {
            "position": line["position"],
            "certificate": line["certificate"],
            **{name: finding[name] for name in ("check", "outcome", "severity")},
            "title": finding["title"]["zh"],
            "message": finding["message"]["zh"],
            "message_en": finding["message"]["en"],
            "left_label": left.get("label"),
            "left_value": left.get("value"),
            "right_label": right.get("label"),
            "right_value": right.get("value"),
            **{name: finding[name] for name in ("subject", "suspected_misreading", "fingerprint")},
        }


def row_lines(line: Line, report: Mapping[str, Any]) -> Iterator[Line]:
    """The rows of a certificate in reading order."""
    for number, decided in enumerate(report["rows"], 1):
        row = decided["row"]
        yield {
            "position": line["position"],
            "certificate": line["certificate"],
            "row": number,
            "decision": decided["decision"],
            "reasons": " ".join(decided["reasons"]),
            "suggestion": decided["suggestion"],
            **{name: row[name] for name in ("section", "site", "object", "parameter", "method")},
            "standards": "；".join(standard["key"] for standard in row["standards"]),
            **{name: row[name] for name in ("limitation", "note", "confidence")},
        }


def district(address: str | None) -> str:
    """City and district of an address, or its zone."""
    place = parse_address(address or "")
    return f"{place.city}{place.district}" or place.zone or UNKNOWN


def field_of(number: str | None) -> str:
    """The field that the number of a certificate names."""
    return (cma_number.is_valid(number or "") and cma_number.parts(number or "").field) or UNKNOWN


def _concerns(finding: Mapping[str, Any]) -> bool:
    return finding["outcome"] != Outcome.NOT_PROVIDED or str(finding["check"]).startswith(_OF_AUDITS)


def _value(fields: Mapping[str, Any], name: str) -> Any:
    return (fields.get(name) or {}).get("value")


def _first(papers: list[Any], name: str) -> str | None:
    found = (_value(paper["fields"], name) for paper in papers)
    return next((value for value in found if isinstance(value, str)), None)


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return None
