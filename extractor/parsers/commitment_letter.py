"""告知承诺书 -> CommitmentLetter."""

import datetime as dt
import re
from collections.abc import Sequence

from extractor.confidence import COPIED
from extractor.labels import Labelled, first, values_beside, values_in_table
from extractor.lines import lines_of
from extractor.passages import Passage, unread
from extractor.sections import pages_of
from extractor.values import day_value, text_value, without_blanks
from models.dates import find_dates
from models.field import Field
from models.layout import Box, Document, MarkKind, Origin, Page, Word
from models.papers import CommitmentLetter, PaperSource
from models.text import CJK

_SELF = re.compile(r"本(?:机构|单位|公司|中心|人)?\s*[（(]\s*([^（）()]*(?:[（(][^（）()]*[)）][^（）()]*)*?)\s*[)）]")
_ONE_BRACKET = re.compile(r"本(?:机构|单位|公司|中心|人)?\s*[（(]\s*([^（）()]+[（(][^（）()]+[)）])(?=[就承郑自申])")
"""The same where recognition took the two brackets at the end, that of the name and that around it, for one."""
_YEAR = re.compile(r"(?:19|20)\d\d\s*年")
_WRITTEN = re.compile(rf"[{CJK}·]{{2,6}}")
_SURE = 0.6
"""What recognition is less sure of may be anything, such as a corner of a seal."""
_LABELS = {
    "name": ("申请机构", "机构名称", "申请人", "申请单位", "承诺单位", "检验检测机构名称", "申请机构名称"),
    "signatory": ("法定代表人", "法定代表人签字", "法定代表人(签字)", "法定代表人（签字）", "法定代表人或授权人", "负责人",
                  "法定代表人/负责人", "授权代表", "承诺人", "法定代表人(负责人)", "法定代表人（负责人）"),
    "signed_on": ("日期", "承诺日期", "签署日期", "年月日"),
    "other": ("盖章", "公章", "联系电话", "地址", "统一社会信用代码", "资质认定部门", "行政机关"),
}  # fmt: skip


def parse(document: Document, source: PaperSource) -> CommitmentLetter:
    """The pages named in `source` as one letter. Handwriting is not read: `signatory` is what is printed beside its label."""
    pages = pages_of(document.pages, source.pages)
    sha = document.sha256
    found = [item for page in pages for item in values_beside(page, _LABELS)]
    found += [item for page in pages for table in page.tables for item in values_in_table(table, page.number, _LABELS)]
    name, signatory = first(found, "name"), first(found, "signatory")
    dates = [
        passage.slice(start, end)
        for page in pages
        for line in lines_of(page.all_words())
        for passage in [Passage.of(line.words, page.number)]
        for start, end in _dates(passage)
        if len(re.sub(r"\s", "", passage.text)) - (end - start) <= 40
    ]
    return CommitmentLetter(
        source=source,
        name=_name(name, pages, sha),
        signatory=_signatory(signatory, sha),
        signed_on=dates[-1].field(sha, day_value, label="日期") if dates else _no_date(pages),
        signed=_signed(pages, signatory),
        sealed=_sealed(pages),
    )


def _dates(passage: Passage) -> list[tuple[int, int]]:
    """Where dates stand; in what recognition read, one that has lost a sign to a seal, too."""
    whole = [(start, end) for _, start, end in find_dates(passage.text)]
    if whole or passage.origin is not Origin.OCR:
        return whole
    return [
        (m.start(), len(passage.text)) for m in _YEAR.finditer(passage.text) if day_value(passage.text[m.start() :])
    ]


def _name(labelled: Labelled | None, pages: Sequence[Page], document: str) -> Field[str]:
    """In the opening words 本机构（…）, which nothing covers; else beside 申请机构, where the seal lies over it."""
    for page in pages:
        passage = Passage.of(page.words, page.number)
        match = _SELF.search(passage.text)
        if match:
            return passage.slice(*match.span(1)).field(document, text_value, label="本机构")
        match = _ONE_BRACKET.search(passage.text) if page.origin is Origin.OCR else None
        if match:
            return passage.slice(*match.span(1)).field(document, text_value, label="本机构").flagged("repaired")
    if labelled is not None and labelled.value:
        return labelled.value.stripped().field(document, text_value, label=labelled.label.spelling)
    return unread("申请机构")


def _signatory(labelled: Labelled | None, document: str) -> Field[str] | None:
    """Who signs, where that is printed: what recognition makes of a signature is no name."""
    if labelled is None or not labelled.value or labelled.value.origin is Origin.OCR:
        return None
    return labelled.value.stripped().field(document, without_blanks, label=labelled.label.spelling)


def _no_date(pages: Sequence[Page]) -> Field[dt.date] | None:
    """On a scan the date may well stand under the seal; the text of a digital page leaves nothing out."""
    return unread("日期") if any(page.origin is Origin.OCR for page in pages) else None


def _signed(pages: Sequence[Page], labelled: Labelled | None) -> bool | None:
    """Whether strokes stand beside the label for the signature, or recognition took them for a word.

    On a scan strokes can be lost, and the label with them: then strokes in the lower half are a signature too, and none leaves it
    open. None also where nobody looked.
    """
    if any(page.marks is None for page in pages):
        return None
    strokes = [(mark.box, page) for page in pages for mark in page.marks or () if mark.kind is MarkKind.HANDWRITING]
    if labelled is None:
        return True if any(box.top > page.height / 2 for box, page in strokes) else None
    label = labelled.label.box
    reach = Box(label.x0, label.top - 2 * label.height, label.x1 + 20 * label.height, label.bottom + 2 * label.height)
    if labelled.value or any(box.intersects(reach) for box, _ in strokes):
        return True
    if any(_is_written_name(word, page, reach) for page in pages for word in page.all_words()):
        return True
    return False if all(page.origin is Origin.TEXT for page in pages) else None


def _is_written_name(word: Word, page: Page, reach: Box) -> bool:
    """A name that recognition read beside the label, though on no line with it, and not in a seal: signatures stand askew."""
    x, y = word.box.centre
    sealed = any(mark.kind is not MarkKind.HANDWRITING and mark.box.contains(x, y) for mark in page.marks or ())
    read = word.origin is Origin.OCR and word.confidence >= _SURE and _WRITTEN.fullmatch(word.text) is not None
    return read and reach.contains(x, y) and not sealed


def _sealed(pages: Sequence[Page]) -> bool | None:
    # A seal across the edges of the pages binds them; it is not the one that seals the letter.
    if any(mark.kind is MarkKind.SEAL and mark.shape != "part" for page in pages for mark in page.marks or ()):
        return True
    # On a worn copy in black and white a seal may be there and not be found.
    return None if any(page.marks is None or COPIED in page.notes for page in pages) else False
