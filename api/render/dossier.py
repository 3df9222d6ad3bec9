"""What a case page shows of a report, in sections that open one by one: a page of 10,000 rows needs only what is in view."""

import json
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from api.masking import masked, masked_values
from api.render.html import facts_of
from api.render.json import box_json, confidence, finding_json, paper_json, problem_json, run_json
from api.render.words import said, table, word
from extractor.packing import Malformed
from models.field import Region
from models.finding import Bilingual, Finding, Outcome, Severity
from models.papers import Paper
from models.report import Report, RowDecision

SETTLED = frozenset({Outcome.MATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE})
FINDINGS_A_SECTION = 64
PAGES_A_SECTION = 16
PLACES_A_SIDE = 4
LONGEST_LINE = 120
"""Characters of a finding's sentence in the list; the finding itself has it all."""
LONGEST_LABEL = 160

_MARK = b"ZSD\x01"
"""Of the form below; one that is written otherwise has another number, and old ones are then made anew."""
UNMASKED = ("findings.", "papers")
_HEAD = struct.Struct(">4sI")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is shown: its size in points after it was turned clockwise by `turn` degrees to be read."""

    sha256: str
    page: int
    width: float
    height: float
    turn: int = 0


def dossier(report: Report, sheets: Iterable[Sheet] = ()) -> bytes:
    """The sections of a report: `outline.zh`, `outline.en`, `findings.N`, `boxes.N`, `rows`, `papers`, `prints`.

    Numbers of persons are masked in all of them but `findings.N` and `papers`, which whoever serves them has to mask.
    """
    return Writer(report, tuple(sheets)).packed()


class Dossier:
    """A dossier opened: sections are unpacked when they are asked for. Malformed where it is none, or of another form."""

    def __init__(self, data: bytes) -> None:
        try:
            mark, length = _HEAD.unpack_from(data)
            if mark != _MARK:
                raise Malformed("a dossier of another form")
            start = _HEAD.size + length
            self._places: dict[str, tuple[int, int]] = {
                name: (start + first, start + last)
                for name, (first, last) in json.loads(data[_HEAD.size : start]).items()
            }
        except (struct.error, ValueError) as error:
            raise Malformed(str(error)) from error
        self._data = data
        self._numbers: dict[str, int] = {}

    def packed(self, name: str) -> bytes:
        """A section as it is kept: JSON under zlib, which browsers call deflate. KeyError where there is none."""
        first, last = self._places[name]
        return self._data[first:last]

    def read(self, name: str) -> Any:
        """A section's value. KeyError where there is none."""
        return json.loads(zlib.decompress(self.packed(name)))

    def finding(self, fingerprint: str) -> dict[str, Any]:
        """One finding as in the report's JSON, numbers of persons unmasked. KeyError where there is none."""
        self._numbers = self._numbers or {print_: number for number, print_ in enumerate(self.read("prints"))}
        section, within = divmod(self._numbers[fingerprint], FINDINGS_A_SECTION)
        found: dict[str, Any] = self.read(f"findings.{section}")[within]
        return found

    def boxes(self, file: int, page: int) -> list[Any]:
        """What was read where on a page: [x0, top, x1, bottom, name, text, confidence, row or -1] each."""
        try:
            section = self.read(f"boxes.{file}.{page // PAGES_A_SECTION}")
        except KeyError:
            return []
        found: list[Any] = section.get(str(page), [])
        return found


def ordered(findings: Sequence[Finding]) -> list[Finding]:
    """Objections before what passed; worst first, by area of check within a severity, and there least sure first."""
    areas = list(table("groups"))

    def rank(finding: Finding) -> tuple[Any, ...]:
        family = finding.check.partition("-")[0]
        area = areas.index(family) if family in areas else len(areas)
        severity = list(Severity).index(finding.severity)
        return finding.outcome in SETTLED, severity, area, sureness(finding), finding.check

    return sorted({finding.fingerprint: finding for finding in reversed(findings)}.values(), key=rank)


def sureness(finding: Finding) -> float:
    """How sure the less certain side is, in [0, 1]."""
    return confidence(min((side.confidence for side in (finding.left, finding.right) if side), default=1.0))


@dataclass(slots=True)
class Writer:
    """A dossier while it is put together."""

    report: Report
    sheets: tuple[Sheet, ...]
    files: dict[str, int] = field(init=False)
    """The position of each file by its SHA-256."""

    def __post_init__(self) -> None:
        names = dict.fromkeys(paper.source.sha256 for paper in self.report.papers if paper.source.pages)
        self.files = {sha256: number for number, sha256 in enumerate(names)}

    def packed(self) -> bytes:
        """The whole."""
        index: dict[str, tuple[int, int]] = {}
        pieces: list[bytes] = []
        end = 0
        for name, value in self.sections():
            text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            piece = zlib.compress((text if name.startswith(UNMASKED) else masked(text)).encode(), 6)
            index[name] = (end, end + len(piece))
            end += len(piece)
            pieces.append(piece)
        head = json.dumps(index).encode()
        return b"".join((_HEAD.pack(_MARK, len(head)), head, *pieces))

    def sections(self) -> Iterator[tuple[str, Any]]:
        """Name and value of each."""
        findings = ordered(self.report.findings)
        yield "outline.zh", self.outline(findings, "zh")
        yield "outline.en", self.outline(findings, "en")
        yield "prints", [finding.fingerprint for finding in findings]
        for first in range(0, len(findings), FINDINGS_A_SECTION):
            some = findings[first : first + FINDINGS_A_SECTION]
            yield f"findings.{first // FINDINGS_A_SECTION}", [finding_json(finding) for finding in some]
        yield "rows", [self.row(place, decision) for place, decision in enumerate(self.report.rows)]
        yield "papers", [self.paper(paper) for paper in self.report.papers]
        for (file, section), pages in self.boxes().items():
            yield f"boxes.{file}.{section}", pages

    def outline(self, findings: Sequence[Finding], language: str) -> dict[str, Any]:
        """What the page needs to begin with, in one language."""

        def tell(sentence: Bilingual) -> str:
            return sentence.en if language == "en" else sentence.zh

        report = self.report
        decided = [row.decision.value for row in report.rows]
        checks = {finding.check: tell(finding.title) for finding in findings}
        return {
            "recommendation": report.recommendation.value,
            "why": tell(report.why),
            "as_of": report.as_of.isoformat(),
            "facts": [[en if language == "en" else zh, value] for zh, en, value in facts_of(report)],
            "files": self.file_views(tell),
            "problems": [problem_json(problem) for problem in report.problems],
            "run": run_json(report.run),
            "checks": checks,
            "groups": {key: tell(name) for key, name in table("groups").items()},
            "rows": {"all": len(decided), **{state: decided.count(state) for state in ("issue", "exclude", "human")}},
            "findings": [self.line(finding, tell(finding.message)) for finding in findings],
        }

    def line(self, finding: Finding, message: str) -> list[Any]:
        """[fingerprint, check, outcome, severity, sentence, sureness, places, claimed rows, suspected misreading] of one finding."""
        return [
            finding.fingerprint,
            finding.check,
            finding.outcome.value,
            finding.severity.value,
            message if len(message) <= LONGEST_LINE else f"{message[: LONGEST_LINE - 1]}…",
            sureness(finding),
            [
                place
                for which, side in enumerate((finding.left, finding.right))
                if side
                for place in self.places(side.evidence, which)
            ],
            len(finding.rows),
            int(finding.suspected_misreading),
        ]

    def places(self, evidence: Iterable[object], which: int) -> list[list[float]]:
        """[file, page, x0, top, x1, bottom, side] of the first places of one side on pages."""
        regions = [place for place in evidence if isinstance(place, Region) and place.document in self.files]
        return [
            [self.files[place.document], place.page, *box_json(place.box), which] for place in regions[:PLACES_A_SIDE]
        ]

    def file_views(self, tell: Any) -> list[dict[str, Any]]:
        """Each file with the kinds of its papers and its pages: [number, width, height, turn], sizes 0 where they are not known."""
        known = {(sheet.sha256, sheet.page): sheet for sheet in self.sheets}
        views = []
        for sha256 in self.files:
            papers = [paper for paper in self.report.papers if paper.source.sha256 == sha256]
            pages = {page for paper in papers for page in paper.source.pages}
            pages |= {sheet.page for sheet in self.sheets if sheet.sha256 == sha256}
            views.append(
                {
                    "sha256": sha256,
                    "name": papers[0].source.file,
                    "kinds": list(dict.fromkeys(tell(word("kinds", paper.kind)) for paper in papers)),
                    "pages": [_sheet_line(known.get((sha256, page)), page) for page in range(1, max(pages) + 1)],
                }
            )
        return views

    def row(self, number: int, decision: RowDecision) -> list[Any]:
        """One claimed row, flat: its place in the report, what the table shows, and where it stands, as in `places`, or null."""
        row = decision.row
        return [
            number,
            row.section.value,
            row.site or "",
            row.object_number or "",
            row.object or "",
            row.parameter_number or "",
            row.parameter or "",
            row.method,
            "；".join(str(standard.key) for standard in row.standards),
            row.limitation or "",
            decision.decision.value,
            list(decision.reasons),
            decision.suggestion or "",
            confidence(row.confidence),
            next((place[:6] for place in self.places(row.evidence, 0)), None),
        ]

    def paper(self, paper: Paper) -> dict[str, Any]:
        """A paper with its fields as people read them; its rows are in a section of their own or not shown at all."""
        rows, whole = getattr(paper, "rows", None), cast(Any, paper)
        shape = paper_json(whole if rows is None else replace(whole, rows=()))
        shape["rows"] = len(rows or ())
        shape["file_number"] = self.files.get(paper.source.sha256, -1)
        for one in shape["fields"].values():
            one["said"] = said(one["value"])
        return shape

    def boxes(self) -> dict[tuple[int, int], dict[str, list[list[Any]]]]:
        """By file and run of pages: what was read where."""
        found: dict[tuple[int, int], dict[str, list[list[Any]]]] = {}
        for place, *what in self.read_places():
            number = self.files.get(place.document)
            if number is not None:
                pages = found.setdefault((number, place.page // PAGES_A_SECTION), {})
                pages.setdefault(str(place.page), []).append([*box_json(place.box), *what])
        return found

    def read_places(self) -> Iterator[tuple[Any, ...]]:
        """(region, name, text, confidence, claimed row or -1) of every field and row of every paper."""
        claimed = {
            decision.row.evidence: number for number, decision in enumerate(self.report.rows) if decision.row.evidence
        }
        for paper in self.report.papers:
            for name in paper.__slots__:
                if name in {"rows", "source", "stamps"}:
                    continue
                value = getattr(paper, name)
                for one in value if isinstance(value, tuple) else (value,):
                    sure = confidence(getattr(one, "confidence", 1.0))
                    for place in getattr(one, "evidence", ()):
                        if isinstance(place, Region):
                            yield place, name, _short(_text_of(one) or place.text), sure, -1
            for row in getattr(paper, "rows", ()):
                text = "／".join(part for part in (row.object, row.parameter, row.method) if part)
                for place in row.evidence:
                    yield place, "row", _short(text), confidence(row.confidence), claimed.get(row.evidence, -1)


def _sheet_line(sheet: Sheet | None, page: int) -> list[float]:
    return [page, round(sheet.width, 1), round(sheet.height, 1), sheet.turn] if sheet else [page, 0, 0, 0]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…"


def _text_of(one: object) -> str:
    """What a field, a site or a signatory says, in a line."""
    for name in ("text", "address", "name"):
        if isinstance(text := getattr(one, name, None), str) and text:
            return text
    return ""


def masked_finding(finding: Mapping[str, Any]) -> dict[str, Any]:
    """A finding as it is shown to whoever has not asked to see numbers of persons; its fingerprint stays."""
    return {**masked_values(dict(finding)), "fingerprint": finding["fingerprint"]}
