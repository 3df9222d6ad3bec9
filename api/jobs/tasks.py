"""What is done at a desk: open bundles, put parts together, judge. Runs in a child process; nothing here knows of queues."""

import datetime as dt
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from api.jobs import parcels, rejudging, showing, viewing
from api.jobs.showing import Turn
from api.settings import Settings
from api.store.audits import get_audit, pinned_registries
from api.store.database import translated
from api.store.opened import Store, open_store
from extractor.packing import Malformed, unpack
from extractor.parts import Part
from models.errors import ReviewError
from models.report import Problem

if TYPE_CHECKING:
    from api.reading import FileRead, Reading
    from extractor.registries import Registry, Snapshots
    from models.layout import Document
    from models.records import RegistryKind
    from models.report import Report

Header = dict[str, Any]
Answer = tuple[Header, list[bytes]]


class StaleParts(ReviewError):
    """材料由另一版本程序读取，需重新读取。 The pages were read by another version of the program and must be read again."""

    code = "stale_parts"


@dataclass(frozen=True, slots=True)
class ReadPart:
    """Pages of one file as they were read, or the reason why the file gave none, and the seconds that it took."""

    part: Part | None
    problem: Problem | None = None
    seconds: float = 0.0


def unpack_bundles(settings: Settings, header: Header, blobs: list[bytes]) -> Answer:
    """The files of a case, those in zip bundles each by itself; the answer's blobs are the files that came out of bundles."""
    from api.reading import Upload, unbundled

    files: list[Header] = []
    problems: list[Header] = []
    unpacked: list[bytes] = []
    for name, data in zip(header["names"], blobs, strict=True):
        inside, wrong = unbundled([Upload(name, data)])
        problems += [{"file": p.file, "code": p.code, "message": p.message} for p in wrong]
        for upload in inside:
            if upload.data is not data:
                unpacked.append(upload.data)
            files.append({"name": upload.name, "sha256": hashlib.sha256(upload.data).hexdigest()})
    return {"files": files, "problems": problems}, unpacked


def judge(settings: Settings, header: Header, blobs: list[bytes]) -> Answer:
    """The report as JSON, packed, and as its dossier, and what lists and searches show of it. InputError where no file could be used."""
    from api.application import application_form
    from api.jobs.meeting import Told, known_to
    from api.render.dossier import Sheet, dossier
    from api.render.json import report_json
    from api.render.pages import rotations_of
    from api.review import judge as judged
    from models.case import Purpose, Sighting

    turns: dict[tuple[str, int], int] = {}
    sheets: list[Sheet] = []

    def seen(document: "Document") -> None:
        turns.update(rotations_of(document))
        sheets.extend(Sheet(document.sha256, p.number, p.width, p.height, p.rotation) for p in document.pages)

    reading = reading_of(header, blobs, seen)
    purpose, typed = Purpose(header["purpose"]), header.get("application")
    known: Sequence[Sighting] | None = None
    traces: Told = []
    with translated():
        registries = registries_of(settings, header.get("audit"))
        if purpose is Purpose.APPLICATION:
            papers = (*reading.papers, *([] if typed is None else [application_form(typed)]))
            known, traces = known_to(store_of(settings), papers, header["review"])
    report = judged(
        reading,
        registries,
        dt.date.fromisoformat(header["as_of"]),
        typed,
        purpose,
        settings.rules,
        known,
    )
    content = json.dumps(report_json(report), ensure_ascii=False, separators=(",", ":")).encode()
    turned = tuple(Turn(sha256, page, degrees) for (sha256, page), degrees in turns.items())
    kept = showing.kept(report, reading, turned)
    told = {"summary": summary(report), "versions": versions(report), "traces": traces}
    return told, [content, parcels.pack(kept), dossier(report, sheets)]


def parse(settings: Settings, header: Header, blobs: list[bytes]) -> Answer:
    """The papers in what was read, as JSON, without registries or judgement."""
    from api.render.json import parse_json

    reading = reading_of(header, blobs)
    content = json.dumps(parse_json(reading.papers, reading.problems), ensure_ascii=False, separators=(",", ":"))
    kinds = {paper.source.sha256: paper.kind for paper in reading.papers}
    return {"summary": {"recommendation": "", "kinds": kinds}, "versions": {}}, [content.encode()]


TASKS: dict[str, Callable[[Settings, Header, list[bytes]], Answer]] = {
    "unpack": unpack_bundles,
    "judge": judge,
    "parse": parse,
    "render": showing.render,
    "picture": showing.picture,
    "dossier": viewing.dossier,
    "pages": viewing.pages,
    "rejudge": rejudging.rejudge,
    "places": rejudging.places,
    "outlook": rejudging.outlook,
    "document": rejudging.document,
}


def reading_of(header: Header, blobs: Sequence[bytes], seen: Callable[["Document"], None] | None = None) -> "Reading":
    """What the parts amount to; the header says of each file how many it has. StaleParts where another version made one."""
    from api.reading import gathered

    try:
        read = [unpack(ReadPart, blob) for blob in blobs]
    except Malformed as error:
        raise StaleParts from error
    parts = iter(read)
    files = [_whole(entry, [next(parts) for _ in range(entry["parts"])]) for entry in header["files"]]
    problems = [Problem(p["file"], p["code"], p["message"]) for p in header["problems"]]
    engines = (own.part.engine for own in read if own.part)
    return replace(
        gathered(files, problems, seen),
        engine=next(filter(None, engines), ""),
        seconds=sum(own.seconds for own in read),
    )


def summary(report: "Report") -> Header:
    """What lists show and searches find: the recommendation, how many objections of each severity, and whose papers they are."""
    from models.finding import Outcome

    quiet = {Outcome.MATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE}
    objections = [finding.severity.value for finding in report.findings if finding.outcome not in quiet]
    return {
        "recommendation": report.recommendation.value,
        **{severity: objections.count(severity) for severity in ("blocking", "major", "minor")},
        "name": _first(report, "name"),
        "unified_social_credit_code": _first(report, "unified_social_credit_code"),
        "registration_number": _first(report, "registration_number"),
        "certificate_number": _first(report, "number"),
        "kinds": {paper.source.sha256: paper.kind for paper in report.papers if paper.source.sha256},
    }


def versions(report: "Report") -> Header:
    """What the report rests on: the same versions and the same files give the same report."""
    return {
        "code": report.run.code,
        "rules": report.run.rules,
        "engine": report.run.engine,
        "registries": {snapshot.registry: snapshot.sha256 for snapshot in report.run.registries},
    }


def _whole(entry: Header, parts: Sequence[ReadPart]) -> "FileRead":
    from api.reading import FileRead, failed
    from extractor.parts import join

    name, known = entry["name"], entry.get("problem")
    problem = Problem(name, known["code"], known["message"]) if known else None
    problem = problem or next((replace(own.problem, file=name) for own in parts if own.problem), None)
    if problem is not None:
        return FileRead(name, None, problem)
    try:
        return FileRead(name, join([own.part for own in parts if own.part], name))
    except ValueError as error:
        return failed(name, error)


@cache
def store_of(settings: Settings) -> Store:
    """For the life of the process: the snapshots that are active are asked through it."""
    return open_store(settings)


def registries_of(settings: Settings, audit: str | None) -> "Snapshots":
    """Those that answer now; for an audit those that it was opened with, whatever has been loaded since."""
    from api.registries import open_registries
    from extractor.registries import Snapshots

    if audit is None:
        return open_registries(settings, store_of(settings), os.environ)
    return Snapshots(_pinned(settings, audit))


@lru_cache(maxsize=4)
def _pinned(settings: Settings, audit: str) -> "dict[RegistryKind, Registry]":
    store = store_of(settings)
    return pinned_registries(store, get_audit(store, audit).snapshots, settings.data / "cache" / "audits")


def _first(report: "Report", attribute: str) -> str:
    values = (getattr(paper, attribute, None) for paper in report.papers)
    return next((str(field.value) for field in values if field is not None and field.value), "")
