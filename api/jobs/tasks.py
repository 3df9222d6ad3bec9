"""What a reader does with bytes: plan a case, read pages, judge. Runs in a child process; nothing here knows of queues or databases."""

import datetime as dt
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.jobs.parcels import pack, unpack
from api.settings import Settings

if TYPE_CHECKING:
    from api.reading import FileRead, Reading
    from extractor.ocr import OcrEngine
    from models.report import Report

Header = dict[str, Any]
Answer = tuple[Header, list[bytes]]
Tell = Callable[[int, int], None]
"""Told after each page: how many are done, and of how many."""


@dataclass(frozen=True, slots=True)
class ReadPart:
    """Pages of one file as they were read, the engine that recognised any of them, and the seconds that it took."""

    file: "FileRead"
    engine: str
    seconds: float


def run(settings: Settings, header: Header, blobs: list[bytes], tell: Tell) -> Answer:
    """Do the task that the header names."""
    return TASKS[header["task"]](settings, header, blobs, tell)


def plan(settings: Settings, header: Header, blobs: list[bytes], tell: Tell) -> Answer:
    """The files of a case, those in zip bundles each by itself, and how many pages each has; pages 0 where that cannot be told.

    The answer's blobs are the files that came out of bundles, in order; `given` is the place of the others among the request's.
    """
    from api.reading import Upload, unbundled

    files: list[Header] = []
    problems: list[Header] = []
    unpacked: list[bytes] = []
    for place, (name, data) in enumerate(zip(header["names"], blobs, strict=True)):
        inside, wrong = unbundled([Upload(name, data)])
        problems += [{"file": p.file, "code": p.code, "message": p.message} for p in wrong]
        for upload in inside:
            entry: Header = {"name": upload.name, "sha256": hashlib.sha256(upload.data).hexdigest()}
            if upload.data is data:
                entry["given"] = place
            else:
                unpacked.append(upload.data)
            files.append({**entry, "pages": _pages(settings, upload.data)})
        tell(place + 1, len(blobs))
    return {"files": files, "problems": problems}, unpacked


def read(settings: Settings, header: Header, blobs: list[bytes], tell: Tell) -> Answer:
    """Pages of one file as a parcel."""
    import time

    from api.options import limits
    from api.reading import OnceMade, Upload, read_file

    started = time.perf_counter()
    engine = OnceMade(lambda: _engine(settings))
    file = read_file(Upload(header["name"], blobs[0]), engine, limits(settings), tell)
    pages = len(file.document.pages) if file.document else 0
    return {"pages": pages}, [pack(ReadPart(file, engine.name, time.perf_counter() - started))]


def judge(settings: Settings, header: Header, blobs: list[bytes], tell: Tell) -> Answer:
    """The report on what was read, as JSON, and what lists and searches show of it. InputError where no file could be used."""
    from api.render.json import report_json
    from api.review import judge as judged
    from extractor.registries import open_snapshots
    from models.case import Purpose

    registry = header.get("registry")
    report = judged(
        reading_of(header, blobs),
        open_snapshots(Path(registry) if registry else None),
        dt.date.fromisoformat(header["as_of"]),
        header.get("application"),
        Purpose(header["purpose"]),
    )
    content = json.dumps(report_json(report), ensure_ascii=False, separators=(",", ":")).encode()
    return {"summary": summary(report), "versions": versions(report)}, [content]


def parse(settings: Settings, header: Header, blobs: list[bytes], tell: Tell) -> Answer:
    """The papers in what was read, as JSON, without registries or judgement."""
    from api.render.json import parse_json

    reading = reading_of(header, blobs)
    content = json.dumps(parse_json(reading.papers, reading.problems), ensure_ascii=False, separators=(",", ":"))
    kinds = {paper.source.sha256: paper.kind for paper in reading.papers}
    return {"summary": {"recommendation": "", "kinds": kinds}, "versions": {}}, [content.encode()]


TASKS: dict[str, Callable[[Settings, Header, list[bytes], Tell], Answer]] = {
    "plan": plan,
    "read": read,
    "judge": judge,
    "parse": parse,
}


def reading_of(header: Header, blobs: Sequence[bytes]) -> "Reading":
    """What the parts amount to. `files` in the header says of each file how many parts it has, or what is wrong with it."""
    from api.reading import gathered
    from models.report import Problem

    parts = iter([unpack(blob) for blob in blobs])
    files: list[FileRead] = []
    engines: list[str] = []
    seconds = 0.0
    for entry in header["files"]:
        own: list[ReadPart] = [next(parts) for _ in range(entry["parts"])]
        engines += [part.engine for part in own]
        seconds += sum(part.seconds for part in own)
        files.append(_whole(entry, own))
    problems = [Problem(p["file"], p["code"], p["message"]) for p in header["problems"]]
    return replace(gathered(files, problems), engine=next(filter(None, engines), ""), seconds=seconds)


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


def _whole(entry: Header, parts: Iterable[ReadPart]) -> "FileRead":
    from api.reading import FileRead

    (part,) = parts
    file = part.file
    return FileRead(
        entry["name"],
        replace(file.document, name=entry["name"]) if file.document else None,
        replace(file.problem, file=entry["name"]) if file.problem else None,
    )


def _first(report: "Report", attribute: str) -> str:
    values = (getattr(paper, attribute, None) for paper in report.papers)
    return next((str(field.value) for field in values if field is not None and field.value), "")


def _pages(settings: Settings, data: bytes) -> int:
    from extractor.media import PDF, media_type
    from extractor.pdf import open_pdf
    from models.errors import ReviewError

    try:
        if len(data) > settings.max_file_bytes or media_type(data) != PDF:
            return 0
        with open_pdf(data, max_pages=settings.max_pages) as pdf:
            return pdf.page_count
    except ReviewError:
        return 0


@cache
def _engine(settings: Settings) -> "OcrEngine":
    """One engine for the life of the process; together the readers use every core once."""
    from extractor.ocr import default_engine, paddle_engine

    threads = max(1, len(os.sched_getaffinity(0)) // settings.workers)
    cache_dir = settings.data / "cache"
    if settings.ocr == "paddle":
        return paddle_engine(settings.ocr_models, cache_dir, threads, settings.ocr_device)
    return default_engine(cache_dir, threads, settings.ocr)
