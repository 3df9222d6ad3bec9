"""The pipeline: the files of one application in, one report out."""

import dataclasses
import datetime as dt
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files as package_files
from typing import TYPE_CHECKING, Any

from api.application import application_form
from api.elsewhere import shared
from api.reading import OcrFactory, Progress, Reading, Upload, parse_files
from api.version import version
from extractor.document import Limits
from extractor.registries import Snapshots
from matchers.checks import CHECKS
from matchers.recommendation import recommend
from matchers.rules import Rules, load_rules
from matchers.scope import decide_rows
from models.case import Case, Purpose, Sighting
from models.errors import InputError
from models.field import Snapshot
from models.finding import Finding, Outcome, Severity
from models.layout import Document
from models.records import Registries
from models.report import Report, RunInfo

if TYPE_CHECKING:
    from extractor.pool import Pool

WORST_FIRST = (Severity.BLOCKING, Severity.MAJOR, Severity.MINOR)
LOUDEST_FIRST = (
    Outcome.MISMATCH,
    Outcome.NOT_PROVIDED,
    Outcome.UNREADABLE,
    Outcome.ERROR,
    Outcome.SOURCE_UNAVAILABLE,
    Outcome.TOLERATED,
    Outcome.MATCH,
    Outcome.NOT_APPLICABLE,
)


def review(
    files: Sequence[Upload],
    snapshots: Snapshots,
    as_of: dt.date,
    application: Mapping[str, Any] | None = None,
    ocr: OcrFactory | None = None,
    progress: Progress | None = None,
    seen: Callable[[Document], None] | None = None,
    limits: Limits | None = None,
    rules: Rules | None = None,
    known: Sequence[Sighting] | None = None,
    pool: "Pool | None" = None,
) -> Report:
    """Review the files of one application as of a day.

    A file or a registry that cannot be used becomes a `Report.problems` entry and the others are still reviewed; InputError where no file
    can be used. `application` is what the applicant typed in instead of handing in a form. `ocr` makes the engine and is only called
    for pages without a sound text layer. `seen` is shown every document that was read. `rules` are those of the route, else those that
    come with the program. `known` is what other cases hold (`api.elsewhere`); None where no other case is known.
    With a `pool` its processes read the files, with its own engine and limits.
    """
    reading = parse_files(files, ocr, progress, seen, limits, pool)
    return judge(reading, snapshots, as_of, application, rules=rules, known=known)


def judge(
    reading: Reading,
    snapshots: Snapshots,
    as_of: dt.date,
    application: Mapping[str, Any] | None = None,
    purpose: Purpose = Purpose.APPLICATION,
    rules: Rules | None = None,
    known: Sequence[Sighting] | None = None,
) -> Report:
    """The report on what was read; InputError where nothing was. `purpose` tells an application from the audit of a certificate."""
    rules = rules or load_rules()
    started = time.perf_counter()
    if not reading.papers:
        reasons = "\n".join(f"{problem.file}：{problem.message}" for problem in reading.problems)
        raise InputError(f"没有可用的文件。 None of the files can be used.\n{reasons}")
    papers = reading.papers if application is None else (*reading.papers, application_form(application))

    registries = snapshots.answer(papers, as_of)
    elsewhere = None if known is None else shared(papers, known)
    case = Case(papers, registries, as_of, reading.unread, purpose, elsewhere, reading.files)
    findings = worst_first([finding for check in CHECKS for finding in check.run(case, rules)])
    rows = decide_rows(case, findings)
    recommendation, why = recommend(findings, rows, reading.problems)

    return Report(
        recommendation=recommendation,
        why=why,
        as_of=as_of,
        findings=findings,
        rows=rows,
        papers=papers,
        problems=(*reading.problems, *snapshots.problems()),
        run=RunInfo(
            code=version(),
            rules=f"{rules.route} {rules.version} {rules.sha256[:12]} / {rules_version()}",
            engine=reading.engine,
            registries=used(registries),
            seconds=reading.seconds + time.perf_counter() - started,
        ),
    )


def used(registries: Registries) -> tuple[Snapshot, ...]:
    """The snapshots that answered, in the order of the registries."""
    answers = (getattr(registries, attribute.name) for attribute in dataclasses.fields(registries))
    return tuple(answer.snapshot for answer in answers if answer.snapshot is not None)


def worst_first(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Objections first, the severest and least disputable at the top; equals keep the order of the catalogue."""
    return tuple(
        sorted(
            findings,
            key=lambda finding: (
                finding.outcome in {Outcome.MATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE},
                WORST_FIRST.index(finding.severity),
                LOUDEST_FIRST.index(finding.outcome),
            ),
        )
    )


@cache
def rules_version() -> str:
    """The number of checks and a hash over every file of `matchers`, code and data: equal hashes mean equal judgement by equal rules."""
    digest = hashlib.sha256()
    pending = [package_files("matchers")]
    while pending:
        folder = pending.pop()
        for entry in sorted(folder.iterdir(), key=lambda e: e.name):
            if entry.is_dir() and entry.name != "__pycache__":
                pending.append(entry)
            elif entry.is_file() and not entry.name.endswith(".pyc"):
                digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    return f"{len(CHECKS)}-{digest.hexdigest()[:12]}"
