"""CNAS 认可证书附件: pages and tables -> CnasAnnex, in all three generations of layout, Chinese and English sections."""

import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

from extractor.headers import Header, squeeze
from extractor.labels import first, values_beside
from extractor.lines import lines_of
from extractor.passages import Passage, unread
from extractor.sections import SectionWalk, pages_of, section_named, sites_in
from extractor.values import date_value, day_value, site_code, text_value
from models.codes import cnas_number
from models.field import Field, Region
from models.layout import Document, Page, Table
from models.papers import CnasAnnex, IndexEntry, PageStamp, PaperSource, Signatory, Site
from models.text import clean

_LABELS = {
    "name": ("机构名称", "名称", "Name", "NAME"),
    "address": ("地址", "ADDRESS", "Address"),
    "number": ("注册号", "注册编号", "RegistrationNo.", "RegistrationNo"),
    "issued_on": ("签发日期", "颁证日期", "发证日期", "DateofIssue"),
    "effective_on": ("生效日期", "EffectiveDate"),
    "expires_on": ("有效期至", "截止日期", "有效期限", "DateofExpiry", "ExpiryDate"),
    "other": ("更新日期", "更新时间", "Updatedate", "认可依据", "Accreditationcriteria", "邮编"),
}
_STAMP = re.compile(r"第\s*(\d+)\s*页\s*[,，/]?\s*共\s*(\d+)\s*页|Page\s*(\d+)\s*of\s*(\d+)", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:No\.?|注册号|注册编号|Registration\s*No\.?)\s*[:：.]?\s*(?:CNAS\s*)?(?:L|IB|MT|RM|PT|BL|[1Il])\s*[O0]*\d{1,5}",
    re.IGNORECASE,
)

_CHINESE = re.compile("[一-鿿]")
_SHORTEST_NAME = 4


def parse(document: Document, source: PaperSource) -> CnasAnnex:
    """The pages named in `source` as one annex; rows in reading order, merged cells filled down across pages."""
    pages = pages_of(document.pages, source.pages)
    sha = document.sha256
    index: list[IndexEntry] = []
    walk = SectionWalk(
        sha, lambda table, page, header, skip: index.extend(_index_entries(table, page, header, sha, skip))
    )
    for page in pages:
        walk.feed(page)
    printed = tuple(_stamp(page, sha) for page in pages)
    # Word and Excel files have no pages of their own: what they say of pages is not held against them.
    stamps = tuple(stamp for stamp, page in zip(printed, pages, strict=True) if "unpaged" not in page.notes)
    head = _head(pages, sha)
    return CnasAnnex(
        source=source,
        registration_number=_registration_number(head, printed),
        name=head.get("name"),
        sites=_sites(walk.sites, head.get("address")),
        rows=walk.rows(),
        signatories=_prevailing(walk.signatories),
        sections=tuple(walk.sections),
        index=_prevailing(index),
        stamps=stamps,
        issued_on=head["issued_on"].map(day_value) if "issued_on" in head else None,
        effective_on=head["effective_on"].map(day_value) if "effective_on" in head else None,
        expires_on=head["expires_on"].map(day_value) if "expires_on" in head else None,
        page_count_stated=_page_count(stamps),
    )


Listed = TypeVar("Listed", Signatory, IndexEntry)


def _prevailing(entries: Sequence[Listed]) -> tuple[Listed, ...]:
    """The Chinese entries where there are any, for the Chinese version prevails; else the English ones."""
    return tuple(e for e in entries if e.language == "zh") or tuple(entries)


def _index_entries(table: Table, page: int, header: Header, document: str, skip: int) -> Iterator[IndexEntry]:
    columns = {name: header.column(name) for name in ("number", "site", "capability", "assessment", "updated_on")}
    site: str | None = None
    for line in table.grid()[skip:]:
        texts = {name: clean(line[i].text) if i is not None else "" for name, i in columns.items()}
        if not texts["capability"]:
            continue
        site = site_code(texts["site"]) or site
        squeezed = squeeze(texts["capability"])
        yield IndexEntry(
            number=texts["number"],
            site=site,
            kind=section_named(squeezed),
            text=texts["capability"],
            language="en" if re.search(r"英文|english", squeezed) else "zh",
            assessment=texts["assessment"],
            updated_on=date_value(texts["updated_on"]),
            evidence=(Region(document, page, line[columns["capability"] or 0].box, texts["capability"]),),
        )


def _stamp(page: Page, document: str) -> PageStamp:
    """第 x 页 共 y 页 and the registration number in the page's own header or footer; the lowest one prevails."""
    number = total = None
    registration: str | None = None
    evidence: list[Region] = []
    for line in lines_of(page.words):
        passage = Passage.of(line.words, page.number)
        stamp, printed = _STAMP.search(passage.text), _NUMBER.search(passage.text)
        if stamp:
            number, total = (int(g) for g in stamp.groups() if g is not None)
            evidence.append(passage.slice(*stamp.span()).region(document))
        if printed and (found := cnas_number.find(printed.group())):  # No. 136 in an English address is none
            registration = found
            evidence.append(passage.slice(*printed.span()).region(document))
    return PageStamp(page.number, number, total, registration, tuple(evidence))


def _head(pages: Sequence[Page], document: str) -> dict[str, Field[str]]:
    """The labelled values above the tables, each from the first page that has it; English names and addresses are passed over."""
    head: dict[str, Field[str]] = {}
    for page in pages[:12]:
        top = min((t.box.top for t in page.tables), default=page.height)
        words = [w for w in page.words if w.box.bottom <= top + 2]
        found = values_beside(page, _LABELS, words)
        for name in _LABELS:
            labelled = first(found, name)
            if labelled is None or not labelled.value or name in head:
                continue
            if labelled.label.spelling.isascii() and name in ("name", "address"):
                continue
            if name == "name" and len(_CHINESE.findall(labelled.value.text)) < _SHORTEST_NAME:
                continue  # 名称 and 代码 are headings of a table whose rules were lost
            head[name] = labelled.value.stripped().field(document, text_value, label=labelled.label.spelling)
        if {"name", "address"} <= head.keys() and {"issued_on", "effective_on", "expires_on"} & head.keys():
            break
    return head


def _registration_number(head: dict[str, Field[str]], stamps: Sequence[PageStamp]) -> Field[str]:
    """From the header line, else from the first page that prints it."""
    labelled = head.get("number")
    read = labelled.map(cnas_number.find) if labelled is not None else None
    if read is not None and read.value is not None:
        return read
    for stamp in stamps:
        if stamp.registration_number:
            regions = tuple(r for r in stamp.evidence if cnas_number.find(r.text))[:1]
            return Field(stamp.registration_number, regions[0].text if regions else "", regions)
    return unread("注册号")


def _page_count(stamps: Sequence[PageStamp]) -> Field[int] | None:
    totals = [stamp for stamp in stamps if stamp.total is not None]
    if not totals:
        return None
    stamp = max(totals, key=lambda s: s.total or 0)
    return Field(stamp.total, str(stamp.total), tuple(r for r in stamp.evidence if _STAMP.search(r.text)))


def _sites(listed: Sequence[Site], address: Field[str] | None) -> tuple[Site, ...]:
    """The sites table where there is one, else the address line (`A:… B:…`), else its single address."""
    if listed:
        chinese = tuple(site for site in listed if re.search(r"[一-鿿]", site.address))
        return chinese or tuple(listed)
    return sites_in(address) if address is not None else ()
