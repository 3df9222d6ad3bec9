"""What the case page shows, made at a desk: the dossier of a report, and pictures of pages, several at a time."""

from typing import TYPE_CHECKING

from api.jobs.parcels import unpack
from api.jobs.showing import Judged, NoSuchPage, ReportOutdated, turned
from api.settings import Settings
from extractor.packing import Malformed

if TYPE_CHECKING:
    from api.jobs.tasks import Answer, Header

MOST_PAGES, WIDEST = 16, 3_000


def dossier(settings: Settings, header: "Header", blobs: list[bytes]) -> "Answer":
    """The dossier of a packed report; the files that follow say how large their pages are."""
    from api.render.dossier import dossier as made
    from api.render.sheets import sheets_of

    kept, *files = blobs
    try:
        judged = unpack(Judged, kept)
    except Malformed as error:
        raise ReportOutdated from error
    turns = turned(judged)
    return {}, [made(judged.report, [sheet for data in files for sheet in sheets_of(data, turns)])]


def pages(settings: Settings, header: "Header", blobs: list[bytes]) -> "Answer":
    """Pictures of `pages` of a file, `width` pixels wide; `turns` holds the clockwise turn of those that were turned to be read."""
    from api.render.sheets import pictures_of

    (data,) = blobs
    turns = {int(page): turn for page, turn in header.get("turns", {}).items()}
    wanted = header["pages"][:MOST_PAGES]
    try:
        return {}, list(pictures_of(data, wanted, min(header["width"], WIDEST), turns))
    except (LookupError, ValueError) as error:
        raise NoSuchPage from error
