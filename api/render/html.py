"""The report as one HTML file that needs nothing else: style inside, pictures inside, no script."""

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api.render.catalogue import UNVERIFIED
from api.render.diff import marked
from api.render.json import paper_json
from api.render.pages import Crop
from api.render.record import Line
from api.render.words import group_of, said, word
from models.case import Case
from models.field import Region, Snapshot
from models.finding import Finding, Outcome, Severity, Side
from models.layout import Box
from models.papers import Paper
from models.records import Registries
from models.report import Decision, Report

MOST_PICTURES = 150
PICTURES_A_SIDE = 2
CARDS_ALIKE = 3
WIDE = 300.0  # points; a wider place would be illegible in half the page
UNSURE = 0.9
PASSED = frozenset({Outcome.MATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE})

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class SideView:
    """One side of a comparison as shown: `pictures` are data URIs with where they were taken."""

    side: Side
    value: Markup
    places: tuple[str, ...]
    pictures: tuple[tuple[str, str], ...]
    unsure: bool


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with both sides made ready."""

    finding: Finding
    sides: tuple[SideView, ...]

    @property
    def wide(self) -> bool:
        """Whether a picture needs the whole width, as a row of a table does: then the sides stand one above the other."""
        shown = (place for one in self.sides if one.pictures for place in one.side.evidence)
        return any(isinstance(place, Region) and place.box.width > WIDE for place in shown)

    @property
    def parts(self) -> list[tuple[str, str, str, float]]:
        """The parts that at least one side has."""
        comparison = self.finding.comparison
        return [part for part in comparison.parts if part[1] or part[2]] if comparison else []


@dataclass(frozen=True, slots=True)
class GroupView:
    """Findings of one check and outcome: some in full, the `others` in a line each."""

    cards: list[FindingView]
    others: list[FindingView]

    @property
    def count(self) -> int:
        """All of them."""
        return len(self.cards) + len(self.others)


def report_html(
    report: Report, crop: Crop | None = None, record: Sequence[Line] = (), most_rows: int | None = None
) -> str:
    """The whole report. `crop` gives the picture of a place in an uploaded file; without it there are no pictures.

    `record` is what people decided; the report is then the one that follows from it. With `most_rows` a table of claimed rows ends
    after so many and says how many more there are.
    """
    pictures = Pictures(crop, {paper.source.sha256: paper.source.file for paper in report.papers})
    open_findings = [f for f in report.findings if f.outcome not in PASSED]
    tolerated = [f for f in report.findings if f.outcome is Outcome.TOLERATED]
    style = _style()
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            style=Markup(style),  # noqa: S704 - our own file
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            facts=facts_of(report),
            severities=[(s, _groups([f for f in open_findings if f.severity is s], pictures)) for s in Severity],
            tolerated=_groups(tolerated, pictures),
            families=_families([f for f in report.findings if f.outcome in PASSED]),
            outcomes=Counter(f.outcome for f in report.findings),
            decided=Counter(row.decision for row in report.rows),
            held=[line for line in enumerate(report.rows) if line[1].decision is not Decision.ISSUE],
            issued=[line for line in enumerate(report.rows) if line[1].decision is Decision.ISSUE],
            papers=[_paper_view(paper) for paper in report.papers],
            record=record,
            most_rows=most_rows or len(report.rows),
        )
    )


class Pictures:
    """Crops as data URIs, each place once, at most `MOST_PICTURES` in a report."""

    def __init__(self, crop: Crop | None, files: dict[str, str]) -> None:
        self._crop = crop
        self._files = files
        self._made: dict[tuple[str, int, Box], str | None] = {}

    def of(self, side: Side) -> tuple[tuple[str, str], ...]:
        """(data URI, caption) of the first places where the side's value stands."""
        regions = [place for place in side.evidence if isinstance(place, Region)][:PICTURES_A_SIDE]
        shown = ((self._uri(region), self.place(region)) for region in regions)
        return tuple((uri, caption) for uri, caption in shown if uri)

    def place(self, region: Region) -> str:
        """File and page in words."""
        return f"{self._files.get(region.document, '')} 第 {region.page} 页".strip()

    def _uri(self, region: Region) -> str | None:
        key = (region.document, region.page, region.box)
        if key not in self._made and self._crop and len(self._made) < MOST_PICTURES:
            jpeg = self._crop(*key)
            self._made[key] = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}" if jpeg else None
        return self._made.get(key)


NO_PICTURES = Pictures(None, {})


def _groups(findings: Sequence[Finding], pictures: Pictures) -> list[GroupView]:
    """Findings of one check and outcome together: the first few as cards, the rest as lines."""
    alike = (list(found) for _, found in groupby(findings, key=lambda f: (f.check, f.outcome)))
    return [
        GroupView([_view(f, pictures) for f in same[:CARDS_ALIKE]], [_view(f, NO_PICTURES) for f in same[CARDS_ALIKE:]])
        for same in alike
    ]


def _view(finding: Finding, pictures: Pictures) -> FindingView:
    sides = [side for side in (finding.left, finding.right) if side is not None]
    values = [escape(side.value or "") for side in sides]
    if len(sides) == 2 and finding.outcome in {Outcome.MISMATCH, Outcome.TOLERATED}:
        values = list(marked(sides[0].value or "", sides[1].value or ""))
    return FindingView(
        finding,
        tuple(
            SideView(side, value, tuple(_places(side, pictures)), pictures.of(side), side.confidence < UNSURE)
            for side, value in zip(sides, values, strict=True)
        ),
    )


def _places(side: Side, pictures: Pictures) -> list[str]:
    places = [
        f"{word('registries', place.registry).zh} {place.as_of}".strip()
        if isinstance(place, Snapshot)
        else pictures.place(place)
        for place in side.evidence
    ]
    return list(dict.fromkeys(places))[:4]


def _families(findings: Sequence[Finding]) -> list[tuple[Any, list[Finding]]]:
    families: dict[str, list[Finding]] = {}
    for finding in findings:
        families.setdefault(finding.check.partition("-")[0], []).append(finding)
    return [(group_of(f"{family}-"), found) for family, found in families.items()]


def facts_of(report: Report) -> list[tuple[str, str, str]]:
    """(Chinese, English, value) of what identifies the case; what the papers do not say is left out."""
    case = Case(report.papers, Registries(), report.as_of)
    licence, certificate, form = case.licence, case.certificate, case.application
    holder = form or licence or certificate
    code = (licence and licence.unified_social_credit_code) or (form and form.unified_social_credit_code)
    number = (
        certificate.registration_number if certificate else next((a.registration_number for a in case.annexes), None)
    )
    facts = [
        ("申请机构", "Applicant", holder.name.value if holder else None),
        ("统一社会信用代码", "Credit code", code.value if code else None),
        ("CNAS 注册号", "CNAS number", number.value if number else None),
        ("认可有效期至", "Accredited until", str(certificate.expires_on.value or "") if certificate else None),
        ("申请类型", "Application", form.application_type.value if form and form.application_type else None),
        ("材料", "Papers", f"{len(report.papers)} 份"),
        ("审查日", "As of", report.as_of.isoformat()),
    ]
    return [(zh, en, value) for zh, en, value in facts if value]


def _paper_view(paper: Paper) -> dict[str, Any]:
    shape = paper_json(paper)
    for name, field in shape["fields"].items():
        field["name"] = word("fields", name)
        field.setdefault("label", "")
        field["said"] = said(field["value"])
        field["stated"] = bool(field["text"] or field["evidence"])
        field["unsure"] = field["value"] is None or field["confidence"] < UNSURE
        field["pages"] = sorted({place["page"] for place in field["evidence"] if "page" in place})
    return {**shape, "title": word("kinds", paper.kind)}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(word=word, unverified=UNVERIFIED)
    return environment


@cache
def _style() -> str:
    return (_TEMPLATES / "report.css").read_text("utf-8")
