"""What the program answers to a file, from reading it in a confined process to the report shown as a page."""

import datetime as dt
import json
from dataclasses import dataclass

from api.jobs import parcels
from api.jobs.showing import Judged
from api.reading import FileRead, Reading, Upload, failed, gathered, unbundled
from api.render.html import report_html
from api.render.json import report_json
from api.review import judge
from extractor.pool import Pool
from extractor.registries import open_snapshots
from models.errors import InputError
from models.finding import Outcome

AS_OF = dt.date(2026, 11, 1)
OURS = frozenset({"internal_error", "page_unreadable"})
"""Codes that stand for a mistake in the program: an exception that nobody foresaw."""
CONTAINED = frozenset({"unreadable_file", "page_crashed", "page_timeout", "page_memory", "page_abandoned"})
"""Codes that stand for a reader that ended: the file is at fault, its answer is clear, but it cost a process."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The codes of what was said, the checks that broke off, and the page that a reviewer would see, empty without a paper."""

    codes: frozenset[str]
    errors: tuple[str, ...]
    html: str

    @property
    def broken(self) -> bool:
        """Whether the program made a mistake of its own."""
        return bool(self.codes & OURS or self.errors)


def answered(pool: Pool, name: str, data: bytes) -> Answered:
    """The answer to a case of this one file. Whatever is raised here would have ended the service's worker."""
    files, problems = unbundled([Upload(name, data)])
    reading = gathered([_read(pool, file) for file in files], problems)
    codes = {problem.code for problem in reading.problems}
    if not reading.papers:
        return Answered(frozenset(codes), (), "")
    return _reported(reading, codes)


def _read(pool: Pool, file: Upload) -> FileRead:
    try:
        return FileRead(file.name, pool.read(file.data, file.name))
    except Exception as error:
        return failed(file.name, error)


def _reported(reading: Reading, codes: set[str]) -> Answered:
    try:
        report = judge(reading, open_snapshots(None), AS_OF)
    except InputError as error:
        return Answered(frozenset({*codes, error.code}), (), "")
    kept = parcels.unpack(Judged, parcels.pack(Judged(report))).report
    json.dumps(report_json(kept), ensure_ascii=False).encode()
    broken = tuple(finding.check for finding in report.findings if finding.outcome is Outcome.ERROR)
    return Answered(frozenset(codes), broken, report_html(kept))
