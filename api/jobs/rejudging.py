"""Judging again with what people corrected, and documents drawn from the state that they decided; done at a desk."""

import dataclasses
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from api.jobs import parcels
from api.jobs.showing import Judged, ReportOutdated, opened, turned
from api.masking import masked_texts
from api.settings import Settings
from api.store.database import translated
from models.decided import Decided
from models.finding import Finding

if TYPE_CHECKING:
    from api.correcting import Place
    from api.jobs.tasks import Answer, Header


def rejudge(settings: Settings, header: "Header", blobs: list[bytes]) -> "Answer":
    """The report judged again as of its day with `values` (by place; null = illegible): as JSON and packed.

    The blobs are the report as first packed and, where there is one, as it stood until now. The answer says what changed since then
    and, with `place`, what the machine had read there. PlaceUnknown, ValueUnusable, ReportOutdated.
    """
    from api.correcting import corrected, place
    from api.deciding import changes
    from api.jobs.meeting import known_to
    from api.jobs.tasks import registries_of, store_of, summary
    from api.reading import Reading
    from api.render.json import report_json
    from api.review import judge
    from models.case import Purpose

    first = opened(blobs[0])
    if first.handed is None:
        raise ReportOutdated
    until_now = opened(blobs[1]).report if len(blobs) > 1 else first.report
    values: Mapping[str, str | None] = header["values"]
    papers = corrected(first.report.papers, values)
    handed, run = first.handed, first.report.run
    reading = Reading(papers, handed.problems, handed.unread, run.engine, handed.pages, 0.0, handed.files)
    purpose, known = Purpose(header["purpose"]), None
    with translated():
        registries = registries_of(settings, header.get("audit"))
        if purpose is Purpose.APPLICATION:
            known, _ = known_to(store_of(settings), papers, header["review"])
    report = judge(reading, registries, first.report.as_of, purpose=purpose, rules=settings.rules, known=known)
    content = json.dumps(report_json(report), ensure_ascii=False, separators=(",", ":")).encode()
    packed = parcels.pack(Judged(report, first.turns, first.handed))
    answer: dict[str, Any] = {
        "summary": summary(report),
        "changes": [
            {"before": _brief(change.before), "after": _brief(change.after)} for change in changes(until_now, report)
        ],
    }
    if (asked := header.get("place")) is not None:
        answer["read"] = _place_json(place(first.report.papers, asked))
    return answer, [content, packed]


def places(settings: Settings, header: "Header", blobs: list[bytes]) -> "Answer":
    """What a person may put right: with `fingerprint` the places that this finding compares, else every field of every paper.

    The blobs are the report that counts, and the first one where that is another: `read` is what the machine had read there.
    """
    from api.correcting import all_places, place, places_of
    from models.case import Case
    from models.records import Registries

    report = _opened_lately(blobs[0]).report
    first = _opened_lately(blobs[-1]).report
    if (wanted := header.get("fingerprint")) is None:
        found = tuple(all_places(report.papers))
    else:
        claimed = Case(report.papers, Registries(), report.as_of).claimed_rows
        finding = next((one for one in report.findings if one.fingerprint == wanted), None)
        found = () if finding is None else places_of(report.papers, finding, claimed)
    return {"places": [_place_json(each) | {"read": place(first.papers, each.key).text} for each in found]}, []


def outlook(settings: Settings, header: "Header", blobs: list[bytes]) -> "Answer":
    """Where a case stands: the recommendation, the rows and what is open after what people decided, whether two people must decide.

    The blobs are what people decided (packed), the report that counts, and the first one where that is another.
    """
    from api.deciding import decided, is_blocking, is_dismissed, needs_second, undecided
    from models.finding import Verdict
    from models.report import Decision

    people = parcels.unpack(Decided, blobs[0])
    reports = [_opened_lately(packed).report for packed in blobs[1:]]
    after = decided(reports[0], people)
    words = {word.fingerprint: word for word in people.findings}
    left = undecided(reports[0], people)
    waiting = [
        finding.fingerprint
        for finding in reports[0].findings
        if (word := words.get(finding.fingerprint))
        and word.verdict is Verdict.DISMISSED
        and not is_dismissed(finding, word)
    ]
    return {
        "recommendation": after.recommendation.value,
        "why": {"zh": after.why.zh, "en": after.why.en},
        "machine": reports[-1].recommendation.value,
        "rows": {each.value: sum(row.decision is each for row in after.rows) for each in Decision},
        "open": len(left) - len(waiting),
        "open_blocking": sum(is_blocking(finding) for finding in left) - len(waiting),
        "waiting": waiting,
        "needs_second": needs_second(*reports),
    }, []


def document(settings: Settings, header: "Header", blobs: list[bytes]) -> "Answer":
    """One document (`form`: report.html, report.pdf, report.xlsx, annex.xlsx, annex.docx, notice.docx) from the decided state.

    The blobs are the report that counts, what people decided (packed, with their names), and the files, of which HTML and PDF show
    pictures. Numbers of persons are masked in reports, unless `unmask`.
    """
    from api.deciding import decided

    packed, said, *files = blobs
    judged, people, form = opened(packed), parcels.unpack(Decided, said), header["form"]
    if form.startswith("report.") and not header.get("unmask"):
        judged, people = dataclasses.replace(judged, report=masked_texts(judged.report)), masked_texts(people)
    return {}, [_document(judged, people, decided(judged.report, people), form, files)]


def _document(judged: Judged, people: Decided, report: Any, form: str, files: list[bytes]) -> bytes:
    from api.render.record import final_line, record

    lines = record(judged.report, people)
    match form:
        case "report.html" | "report.pdf":
            from api.render.html import report_html
            from api.render.pages import PagePictures
            from api.render.pdf import MOST_ROWS, report_pdf

            crop = PagePictures(files, turned(judged)).crop
            if form == "report.html":
                return report_html(report, crop, lines).encode()
            return report_pdf(report_html(report, crop, lines, MOST_ROWS))
        case "report.xlsx":
            from api.render.xlsx import report_xlsx

            return report_xlsx(report, lines)
        case "annex.xlsx" | "annex.docx":
            from api.render.annex import draft_annex
            from api.render.annex_docx import annex_docx
            from api.render.annex_xlsx import annex_xlsx

            draft = draft_annex(report)
            if people.final is not None and people.final.stands:
                draft = dataclasses.replace(
                    draft, recommendation=final_line(people.final), why=people.final.reason or draft.why
                )
            return (annex_xlsx if form == "annex.xlsx" else annex_docx)(draft)
        case "notice.docx":
            from api.render.notice import draft_notice
            from api.render.notice_docx import notice_docx

            return notice_docx(draft_notice(report))
        case _:
            raise ValueError(form)


@lru_cache(maxsize=2)
def _opened_lately(packed: bytes) -> Judged:
    """The packed report, kept open: who corrects one field of a case soon corrects another."""
    return opened(packed)


def _brief(finding: Finding | None) -> dict[str, Any] | None:
    if finding is None:
        return None
    return {
        "fingerprint": finding.fingerprint,
        "check": finding.check,
        "subject": finding.subject,
        "outcome": finding.outcome.value,
        "severity": finding.severity.value,
        "title": {"zh": finding.title.zh, "en": finding.title.en},
        "message": {"zh": finding.message.zh, "en": finding.message.en},
    }


def _place_json(place: "Place") -> dict[str, Any]:
    return {
        "key": place.key,
        "kind": place.kind,
        "file": place.file,
        "name": place.name,
        "text": place.text,
        "confidence": round(place.confidence, 4),
        "origin": place.origin.value,
        "flags": list(place.flags),
        "illegible": place.illegible,
    }
