"""The walk through a paper with several tables: titles and places above them, what each table lists, rows in reading order."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from extractor.aligned import with_aligned_table
from extractor.capability import CapabilityReader, signatories_of, sites_of
from extractor.facing import halves
from extractor.headers import Header, recognise, squeeze
from extractor.lines import Line, lines_of
from extractor.values import date_value
from models.data import read_rows
from models.field import Field, Region
from models.layout import Page, Table
from models.papers import AnnexSection, CapabilityRow, Section, Signatory, Site
from models.text import clean

ReadOther = Callable[[Table, int, Header, int], None]
"""What to do with a table that is neither capability, signatories nor sites: table, page, header, header rows to skip."""

TITLES: tuple[tuple[re.Pattern[str], Section], ...] = (
    (re.compile(r"获准认可能力索引|^index"), Section.INDEX),
    (re.compile(r"授权签字人|approvedsignator|authorizedsignator|signator(y|ies)"), Section.SIGNATORIES),
    (re.compile(r"关键场所|keylocation|keysite|keypremises"), Section.SITES),
    (re.compile(r"校准(和测量)?能力|calibration"), Section.CALIBRATION),
    (re.compile(r"判定标准"), Section.CRITERIA),
    (re.compile(r"检验检测(的)?能力|检测能力|testing|accreditedtest"), Section.TESTING),
    (re.compile(r"检验能力|inspection"), Section.INSPECTION),
)
_TITLE_START = re.compile(
    r"[(（]?[一二三四五六七八九十\d]*[)）、.]?"
    r"(附件|附表|附录|表|appendix|annex|schedule|认可的|获准认可|申请的?|拟|批准|检验检测能力|检测能力|校准能力|检验能力|授权签字人|index|accredited|approved)"
)
_NO_TITLE = re.compile(r"[。；;]|prevail|definitive|remains|予以认可|点击|见证书|详见")
_SITE = r"[(（]?([A-Z]\d?)[)）]?(?![A-Za-z0-9])"
_SITE_IN_TITLE = re.compile(rf"(?:地址|场所|Site|Address)\s*(?:代码)?\s*[:：]?\s*{_SITE}", re.IGNORECASE)
_SITE_LINE = re.compile(
    rf"^(?:检测|校准|实验室|场所|所在)?(?:地\s*址|场\s*所|地\s*点|ADDRESS|Address|Site)(?:\s*代码)?\s*[:：]?\s*{_SITE}"
    r"(?!\s*[:：])"
)
_SITE_MARK = re.compile(r"(?<![A-Za-z0-9])([A-Z]\d?)\s*[:：]\s*")
_UPDATED = re.compile(r"更新(?:日期|时间)|Update\s*date", re.IGNORECASE)


@dataclass(slots=True)
class SectionWalk:
    """Feed it the pages in order; then it holds what the paper's tables list."""

    document: str
    read_other: ReadOther | None = None
    kind: Section | None = None
    title: str = ""
    language: str = "zh"
    site: str | None = None
    updated_on: dt.date | None = None
    header: Header | None = None
    sites: list[Site] = field(default_factory=list)
    signatories: list[Signatory] = field(default_factory=list)
    sections: list[AnnexSection] = field(default_factory=list)
    reader: CapabilityReader = field(init=False)

    def __post_init__(self) -> None:
        self.reader = CapabilityReader(self.document)

    def feed(self, page: Page) -> None:
        """One page: its lines and tables from top to bottom."""
        for element in _reading_order(with_aligned_table(page)):
            if isinstance(element, Table):
                self._table(element, page.number)
            else:
                self._line(clean(element.text))

    def rows(self) -> tuple[CapabilityRow, ...]:
        return self.reader.rows()

    def _line(self, text: str) -> None:
        kind = section_title(text)
        if kind is not None:
            self.kind, self.title, self.header, self.updated_on = kind, text, None, None
            self.language = "zh" if re.search(r"[一-鿿]", text) else "en"
            inner = _SITE_IN_TITLE.search(text)
            self.site = inner.group(1) if inner else None
            return
        placed = _SITE_LINE.match(text)
        if placed and len(_SITE_MARK.findall(text)) <= 1:
            self.site = placed.group(1)
        if _UPDATED.search(text):
            self.updated_on = date_value(text) or self.updated_on

    def _table(self, table: Table, page: int) -> None:
        header = recognise(table)
        skip = header.rows if header else 0
        if header is None and self.header is not None and len(self.header.columns) == table.columns:
            header = self.header
        if header is None:
            return
        if header.section is Section.TESTING and self.kind is Section.INSPECTION:
            header = Header(Section.INSPECTION, header.columns, header.rows, header.language)
        if self.kind is not header.section:
            self.title = ""
        self.header, self.language, self.kind = header, header.language, header.section
        if header.section is not Section.INDEX:
            self._note(page)
        if header.section in (Section.TESTING, Section.CALIBRATION, Section.INSPECTION):
            self.reader.add(table, page, header, self.site, skip=skip)
        elif header.section is Section.SIGNATORIES:
            self.signatories.extend(signatories_of(table, page, header, self.document, self.site, skip=skip))
        elif header.section is Section.SITES:
            self.sites.extend(sites_of(table, page, header, self.document, skip=skip))
        elif self.read_other is not None:
            self.read_other(table, page, header, skip)

    def _note(self, page: int) -> None:
        assert self.kind is not None
        last = self.sections[-1] if self.sections else None
        if last is not None and (last.kind, last.language, last.site, last.updated_on) == (
            self.kind,
            self.language,
            self.site,
            self.updated_on,
        ):
            pages = last.pages if page in last.pages else (*last.pages, page)
            self.sections[-1] = AnnexSection(last.title, last.kind, last.language, last.site, last.updated_on, pages)
            return
        self.sections.append(AnnexSection(self.title, self.kind, self.language, self.site, self.updated_on, (page,)))


def section_title(text: str) -> Section | None:
    """What a short line names as the list that follows: 附件3 认可的检测能力范围, 检测能力(中文), APPENDIX 2 ACCREDITED TESTING …"""
    squeezed = squeeze(text)
    if len(squeezed) > 70 or _NO_TITLE.search(squeezed) or not _TITLE_START.match(squeezed):
        return None
    return section_named(squeezed)


def section_named(squeezed: str) -> Section | None:
    """The kind of list that a squeezed text names anywhere."""
    return next((kind for pattern, kind in TITLES if pattern.search(squeezed)), None)


def sites_in(address: Field[str]) -> tuple[Site, ...]:
    """The places in one address text: `A:… B:…`; several that begin with a province, lettered in their order; else one without a code."""
    if address.value is None:
        return ()
    regions = tuple(e for e in address.evidence if isinstance(e, Region))
    marks = list(_SITE_MARK.finditer(address.value))
    ends = [*(m.start() for m in marks[1:]), len(address.value)][: len(marks)]
    parts: list[tuple[str | None, str]] = [
        (m.group(1), address.value[m.end() : end]) for m, end in zip(marks, ends, strict=True)
    ]
    if not parts:
        several = [part for part in _addresses().split(address.value) if part]
        parts = [(chr(ord("A") + i) if len(several) > 1 else None, part) for i, part in enumerate(several)]
    return tuple(
        Site(code, text.strip(" ;；,，"), None, None, None, regions, address.confidence, address.origin)
        for code, text in parts
    )


@cache
def _addresses() -> re.Pattern[str]:
    """Where another address begins: at the name of a province, not at the start. 国家, which that table lists too, is none."""
    provinces = "|".join(name for _, name in read_rows("divisions_provinces.tsv") if name.endswith(("省", "市", "区")))
    return re.compile(rf"(?<=.{{8}})(?={provinces})")


def _reading_order(page: Page) -> Iterator[Line | Table]:
    elements: list[tuple[float, Line | Table]] = [(line.box.top, line) for line in lines_of(page.words)]
    elements += [(table.box.top, table) for table in page.tables]
    yield from (element for _, element in sorted(elements, key=lambda e: e[0]))


def pages_of(pages: Sequence[Page], numbers: Sequence[int]) -> list[Page]:
    """The pages with these numbers, in order; two that lie side by side in one picture one after the other, with its number."""
    wanted = set(numbers)
    return [half for page in pages if page.number in wanted for half in halves(page)]
