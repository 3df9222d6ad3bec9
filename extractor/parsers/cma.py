"""检验检测机构资质认定证书 (CMA) and its 附表 -> CmaCertificate, CmaAnnex."""

import datetime as dt
import re
from collections.abc import Sequence

from extractor.labels import Labelled, first, values_beside, values_in_table
from extractor.lines import lines_of
from extractor.passages import Passage, unread
from extractor.sections import SectionWalk, pages_of
from extractor.values import day_value, text_value
from models.codes import cma_number
from models.field import Field
from models.layout import Document, Page
from models.papers import CmaAnnex, CmaCertificate, PaperSource

_LABELS = {
    "number": ("证书编号", "编号", "CMA编号", "资质认定证书编号"),
    "name": ("名称", "机构名称", "检验检测机构名称"),
    "address": ("地址", "机构地址", "检验检测机构地址", "场所地址", "实验室地址"),
    "issued_on": ("发证日期", "颁发日期", "签发日期"),
    "approved_on": ("批准日期", "审批日期"),
    "expires_on": ("有效期至", "有效日期", "有效期限", "截止日期"),
    "issuing_authority": ("发证机关", "批准部门", "发证部门"),
    "other": ("许可使用标志", "注", "领域", "经审查", "检验检测能力", "你机构", "请在有效期", "本证书由"),
}
_AUTHORITY = re.compile(r"[一-鿿]{2,}(?:局|委员会|厅|部|总局)")
"""What an authority is called; the letters of its seal that recognition picked up are no name."""
_TITLE_NAME = re.compile(r"批\s*准\s*(.+?)\s*(?:非?食品\s*)?(?:检验检测的?\s*能力范围|授权签字人)")


def parse_certificate(document: Document, source: PaperSource) -> CmaCertificate:
    """The certificate's face."""
    page = pages_of(document.pages, source.pages)[0]
    found = _labelled([page])
    issued, expires = _date(found, "issued_on", document.sha256), _date(found, "expires_on", document.sha256)
    authority = first(found, "issuing_authority")
    return CmaCertificate(
        source=source,
        number=_number(found, [page], document.sha256),
        name=_text(found, "name", document.sha256) or unread("名称"),
        address=_text(found, "address", document.sha256) or unread("地址"),
        issued_on=issued or unread("发证日期"),
        expires_on=expires or unread("有效期至"),
        issuing_authority=_text(found, "issuing_authority", document.sha256)
        if authority and _AUTHORITY.search(authority.value.text)
        else None,
    )


def parse_annex(document: Document, source: PaperSource) -> CmaAnnex:
    """The pages named in `source` as one 附表."""
    pages = pages_of(document.pages, source.pages)
    walk = SectionWalk(document.sha256)
    for page in pages:
        walk.feed(page)
    found = _labelled(pages[:3], in_tables=False)
    return CmaAnnex(
        source=source,
        number=_number(found, pages[:3], document.sha256),
        name=_title_name(pages, document.sha256) or _text(found, "name", document.sha256),
        rows=walk.rows(),
        signatories=tuple(walk.signatories),
        sites=tuple(walk.sites),
        address=_text(found, "address", document.sha256),
        approved_on=_date(found, "approved_on", document.sha256) or _date(found, "issued_on", document.sha256),
        expires_on=_date(found, "expires_on", document.sha256),
    )


def _labelled(pages: Sequence[Page], *, in_tables: bool = True) -> list[Labelled]:
    found: list[Labelled] = []
    for page in pages:
        found += values_beside(page, _LABELS)
        if in_tables:
            found += [item for table in page.tables for item in values_in_table(table, page.number, _LABELS)]
    return found


def _text(found: Sequence[Labelled], name: str, document: str) -> Field[str] | None:
    labelled = first(found, name)
    if labelled is None or not labelled.value:
        return None
    return labelled.value.stripped().field(document, text_value, label=labelled.label.spelling)


def _date(found: Sequence[Labelled], name: str, document: str) -> Field[dt.date] | None:
    labelled = first(found, name)
    if labelled is None:
        return None
    return labelled.value.stripped().field(document, day_value, label=labelled.label.spelling)


def _number(found: Sequence[Labelled], pages: Sequence[Page], document: str) -> Field[str]:
    """Beside 证书编号, else the first number of the right form anywhere (it stands again below the CMA mark)."""
    labelled = first(found, "number")
    if labelled and cma_number.find(labelled.value.text):
        return labelled.value.field(document, cma_number.find, label=labelled.label.spelling)
    for page in pages:
        for line in lines_of(page.all_words()):
            passage = Passage.of(line.words, page.number)
            if cma_number.find(passage.text):
                return passage.field(document, cma_number.find, label="证书编号")
    if labelled and labelled.value:
        return labelled.value.stripped().field(document, text_value, label=labelled.label.spelling)
    return unread("证书编号")


def _title_name(pages: Sequence[Page], document: str) -> Field[str] | None:
    for page in pages[:2]:
        words = [word for line in lines_of(page.words)[:6] for word in line.words]
        passage = Passage.of(words, page.number)
        match = _TITLE_NAME.search(passage.text)
        if match:
            return passage.slice(*match.span(1)).field(document, text_value, label="批准")
    return None
