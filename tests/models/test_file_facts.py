"""What a file says of itself: times as PDF writes them, and the mean confidence of a page."""

import datetime as dt

import pytest

from models.file_facts import FileFacts, parse_pdf_time
from models.layout import Box, Document, Origin, Page, PageFault, Word

CHINA = dt.timezone(dt.timedelta(hours=8))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("D:20240229153000+08'00'", dt.datetime(2024, 2, 29, 15, 30, tzinfo=CHINA)),
        ("D:20240229153000", dt.datetime(2024, 2, 29, 15, 30, tzinfo=CHINA)),
        ("20240229", dt.datetime(2024, 2, 29, tzinfo=CHINA)),
        ("D:20240229073000Z", dt.datetime(2024, 2, 29, 15, 30, tzinfo=CHINA)),
        ("D:20240229073000Z00'00'", dt.datetime(2024, 2, 29, 15, 30, tzinfo=CHINA)),
        ("D:20240229023000-05'00", dt.datetime(2024, 2, 29, 15, 30, tzinfo=CHINA)),
        ("D:20240230153000", None),
        ("D:20240229153000+99'00'", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_times(text: str, moment: dt.datetime | None) -> None:
    assert parse_pdf_time(text) == moment


def test_facts_of_a_document() -> None:
    box = Box(0, 0, 9, 9)
    words = (Word("甲", box, 0.9, Origin.OCR), Word("乙丙丁", box, 0.5, Origin.OCR), Word("x", box))
    scanned = Page(1, 595, 842, words, (), Origin.OCR, skew=0.4, notes=("seal",))
    plain = Page(2, 595, 842, (Word("x", box),), (), Origin.TEXT)
    info = {"producer": "Writer", "created": "D:20240229153000", "modified": "?"}
    facts = FileFacts.of(
        Document("a.pdf", "f" * 64, "application/pdf", 3, (scanned, plain), (PageFault(3, "ocr_failed", ""),), info)
    )
    assert facts.pages[0].confidence == pytest.approx(0.6)
    assert facts.pages[0].box == Box(0, 0, 595, 842)
    assert facts.pages[1].confidence is None
    assert (facts.producer, facts.creator, facts.modified, facts.unread_pages) == ("Writer", "", None, (3,))
    assert facts.created == dt.datetime(2024, 2, 29, 15, 30, tzinfo=CHINA)


def test_revisions_and_signatures() -> None:
    def facts(**info: str) -> FileFacts:
        return FileFacts.of(Document("a.pdf", "f" * 64, "application/pdf", 0, (), info=info))

    assert (facts().revisions, facts().signatures, facts().signature_valid) == (None, 0, None)
    signed = facts(revisions="2", signatures="1", signature_valid="true", covers_whole_file="false", signed_by="甲")
    assert (signed.revisions, signed.signatures, signed.signed_by) == (2, 1, "甲")
    assert (signed.signature_valid, signed.signature_covers_all) == (True, False)
    assert facts(signatures="1", signature_valid="unknown").signature_valid is None
