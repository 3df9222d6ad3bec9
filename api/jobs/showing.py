"""What is shown of a finished review, made at a desk: documents drawn from its report, and pictures of its pages."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.jobs.parcels import unpack
from api.masking import masked_texts
from api.settings import Settings
from extractor.packing import Malformed
from models.errors import ReviewError
from models.file_facts import FileFacts
from models.report import Problem, Report

if TYPE_CHECKING:
    from api.jobs.tasks import Answer, Header
    from api.reading import Reading

MOST_DPI = 300


@dataclass(frozen=True, slots=True)
class Turn:
    """A page of a file that was turned by so many degrees, clockwise, to be read; boxes on it are those of the turned page."""

    sha256: str
    page: int
    degrees: int


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed in beside the papers that were found in it: what a report is judged again from."""

    problems: tuple[Problem, ...]
    unread: tuple[str, ...]
    pages: int
    files: tuple[FileFacts, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A report with what is needed to draw from it later and to judge it again: kept packed beside the report's JSON."""

    report: Report
    turns: tuple[Turn, ...] = ()
    handed: Handed | None = None


def kept(report: Report, reading: "Reading", turns: tuple[Turn, ...] = ()) -> Judged:
    """What is to be packed of a report and the reading that it was judged from."""
    return Judged(report, turns, Handed(reading.problems, reading.unread, reading.pages, reading.files))


class ReportOutdated(ReviewError):
    """该报告由较早版本的程序生成，无法再据以拟制文书；请重新提交审查。

    The report was made by an earlier version of the program; submit the review again to draft documents from it.
    """

    code = "report_outdated"


class NoSuchPage(ReviewError):
    """没有这一页。 There is no such page."""

    code = "no_such_page"


def render(settings: Settings, header: "Header", blobs: list[bytes]) -> "Answer":
    """One document (`form`: report.html, report.xlsx, annex.xlsx, annex.docx, notice.docx) from a packed report; HTML needs the files.

    Numbers of persons are masked in reports, unless `unmask`.
    """
    packed, *files = blobs
    judged, form = opened(packed), header["form"]
    if form.startswith("report.") and not header.get("unmask"):
        judged = replace(judged, report=masked_texts(judged.report))
    return {}, [_document(judged, form, files)]


def opened(packed: bytes) -> Judged:
    """What was packed. ReportOutdated."""
    try:
        return unpack(Judged, packed)
    except Malformed as error:
        raise ReportOutdated from error


def _document(judged: Judged, form: str, files: list[bytes]) -> bytes:
    report = judged.report
    match form:
        case "report.html":
            from api.render.html import report_html
            from api.render.pages import PagePictures

            return report_html(report, PagePictures(files, turned(judged)).crop).encode()
        case "report.xlsx":
            from api.render.xlsx import report_xlsx

            return report_xlsx(report)
        case "annex.xlsx" | "annex.docx":
            from api.render.annex import draft_annex
            from api.render.annex_docx import annex_docx
            from api.render.annex_xlsx import annex_xlsx

            return (annex_xlsx if form == "annex.xlsx" else annex_docx)(draft_annex(report))
        case "notice.docx":
            from api.render.notice import draft_notice
            from api.render.notice_docx import notice_docx

            return notice_docx(draft_notice(report))
        case _:
            raise ValueError(form)


def turned(judged: Judged) -> dict[tuple[str, int], int]:
    """The turns as pictures of pages need them."""
    return {(turn.sha256, turn.page): turn.degrees for turn in judged.turns}


def picture(settings: Settings, header: "Header", blobs: list[bytes]) -> "Answer":
    """A page (`page` from 1, `dpi`) of the file as JPEG, or with `box` (points) that part of it; `turn` is the page's clockwise turn."""
    from hashlib import sha256

    from api.render.pages import PagePictures
    from models.layout import Box

    (data,) = blobs
    name, number = sha256(data).hexdigest(), header["page"]
    pictures = PagePictures([data], {(name, number): header.get("turn", 0)})
    if (box := header.get("box")) is not None:
        crop = pictures.crop(name, number, Box(*box))
        if crop is None:
            raise NoSuchPage
        return {}, [crop]
    try:
        page = pictures.jpeg(name, number, min(header["dpi"], MOST_DPI))
    except (LookupError, StopIteration, ValueError) as error:
        raise NoSuchPage from error
    return {}, [page]
