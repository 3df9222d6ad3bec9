"""告知承诺书 -> CommitmentLetter."""

import re

from extractor.labels import first, values_beside, values_in_table
from extractor.lines import lines_of
from extractor.passages import Passage, unread
from extractor.sections import pages_of
from extractor.values import date_value, text_value, without_blanks
from models.dates import find_dates
from models.layout import Document
from models.papers import CommitmentLetter, PaperSource

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
        for _, start, end in find_dates(passage.text)
        if len(re.sub(r"\s", "", passage.text)) - (end - start) <= 40
    ]
    return CommitmentLetter(
        source=source,
        name=name.value.stripped().field(sha, text_value, label=name.label.spelling) if name else unread("申请机构"),
        signatory=signatory.value.stripped().field(sha, without_blanks, label=signatory.label.spelling)
        if signatory and signatory.value
        else None,
        signed_on=dates[-1].field(sha, date_value, label="日期") if dates else None,
        sealed=True if any("seal" in page.notes for page in pages) else None,
    )
