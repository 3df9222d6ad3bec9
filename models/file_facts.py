"""What a file says of itself beside its papers: the program that wrote it, when, and how each page came to be read."""

import datetime as dt
import re
from dataclasses import dataclass

from models.layout import Box, Document, Origin, Page, TwoReadings

_PDF_DATE = re.compile(
    r"(?:D:)?(?P<date>\d{8})(?P<time>\d{6})?(?:Z|(?P<sign>[+-])(?P<hours>\d{2})'?(?P<minutes>\d{2})?'?)?.*"
)

_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One page: size in points, where its text comes from, its `notes`, the skew that was taken out, in degrees.

    `confidence` is the mean over the characters that were recognised; None where none were. `readings` are the places where the text
    layer was held against the picture; None where nobody looked. A page that was `photographed` is as large as the picture of it.
    """

    number: int
    width: float
    height: float
    origin: Origin
    notes: tuple[str, ...] = ()
    skew: float = 0.0
    confidence: float | None = None
    readings: tuple[TwoReadings, ...] | None = None
    photographed: bool = False

    @property
    def box(self) -> Box:
        """The whole page."""
        return Box(0.0, 0.0, self.width, self.height)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file as a file. `producer` and `creator` name programs; times without a zone are taken for China's.

    `unread_pages` are numbers of pages that could not be read. `revisions` is how often the file was written, None where that cannot be
    told. `signatures` counts its digital signatures by the people in `signed_by`; `signature_valid` is whether every one still fits
    what it signed, `signature_covers_all` whether one reaches to the end of the file, both None where that cannot be told.
    """

    file: str
    sha256: str
    media_type: str
    pages: tuple[PageFacts, ...]
    producer: str = ""
    creator: str = ""
    created: dt.datetime | None = None
    modified: dt.datetime | None = None
    unread_pages: tuple[int, ...] = ()
    revisions: int | None = None
    signatures: int = 0
    signature_valid: bool | None = None
    signature_covers_all: bool | None = None
    signed_by: str = ""

    @classmethod
    def of(cls, document: Document) -> "FileFacts":
        """The facts of a document that was read."""
        return cls(
            file=document.name,
            sha256=document.sha256,
            media_type=document.media_type,
            pages=tuple(_page(page) for page in document.pages),
            producer=document.info.get("producer", ""),
            creator=document.info.get("creator", ""),
            created=parse_pdf_time(document.info.get("created", "")),
            modified=parse_pdf_time(document.info.get("modified", "")),
            unread_pages=tuple(fault.page for fault in document.faults),
            revisions=int(document.info["revisions"]) if "revisions" in document.info else None,
            signatures=int(document.info.get("signatures", "0")),
            signature_valid=_TRUTH.get(document.info.get("signature_valid", "")),
            signature_covers_all=_TRUTH.get(document.info.get("covers_whole_file", "")),
            signed_by=document.info.get("signed_by", ""),
        )


def parse_pdf_time(text: str) -> dt.datetime | None:
    """A time as PDF writes it (`D:20240229153000+08'00'`), with its zone; None for anything else."""
    found = _PDF_DATE.fullmatch(text.strip())
    if found is None:
        return None
    east = dt.timedelta(hours=8)
    if found["sign"]:
        east = dt.timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        east = east if found["sign"] == "+" else -east
    elif "Z" in text:
        east = dt.timedelta(0)
    try:
        moment = dt.datetime.strptime(found["date"] + (found["time"] or "000000"), "%Y%m%d%H%M%S")  # noqa: DTZ007 - the zone follows
        return moment.replace(tzinfo=dt.timezone(east))
    except ValueError:
        return None


def _page(page: Page) -> PageFacts:
    recognised = [word for word in page.all_words() if word.origin is Origin.OCR]
    characters = sum(len(word.text) for word in recognised)
    sure = sum(word.confidence * len(word.text) for word in recognised)
    return PageFacts(
        page.number,
        page.width,
        page.height,
        page.origin,
        page.notes,
        page.skew,
        sure / characters if characters else None,
        page.readings,
        page.lens is not None,
    )
