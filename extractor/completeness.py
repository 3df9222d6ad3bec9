"""Whether the rows of an annex that was read can be all: tables that nobody understood, pages without their table, numbers that skip."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.headers import Header, recognise
from extractor.lines import lines_of
from models.field import Region
from models.layout import Document, Origin, Page, PageFault, Table
from models.numbering import holes
from models.papers import CapabilityRow, CmaAnnex, CnasAnnex, Paper, Section
from models.standards import StandardRef

_STAMP = re.compile(r"第\s*(\d+)\s*页\s*[,，/]?\s*共\s*(\d+)\s*页")
_CRITERIA = re.compile(r"判定标准|criteria for judg", re.IGNORECASE)
_BODY = 6
"""A table with so many cells that hold text lists something."""
_LOOSE_CODES = 3
"""Standards printed outside every table from which on a table is likely to be there that was not seen as one."""
_LISTS = (Section.TESTING, Section.CALIBRATION, Section.INSPECTION)


@dataclass(frozen=True, slots=True)
class _Annex:
    """The pages of one annex in order, and its rows in Chinese."""

    pages: list[Page]
    rows: list[CapabilityRow]
    kept: bool
    """Whether it keeps its numbers when rows are withdrawn: a CMA annex may, a CNAS annex is numbered anew with each edition."""


def losses(document: Document, papers: Sequence[Paper]) -> tuple[PageFault, ...]:
    """What shows that rows of an annex may have been lost in reading, by page; nothing where all adds up.

    Missing pages of a CNAS annex, sections that its index names, and numbers that skip in a text layer are no matter of reading: the checks
    speak of them.
    """
    found: list[PageFault] = []
    for paper in papers:
        if not isinstance(paper, CnasAnnex | CmaAnnex):
            continue
        wanted = set(paper.source.pages)
        annex = _Annex(
            [page for page in document.pages if page.number in wanted],
            [row for row in paper.rows if row.language == "zh"],
            kept=isinstance(paper, CmaAnnex),
        )
        found += _tables_not_understood(annex)
        found += _pages_without_table(annex)
        found += _skipped_numbers(annex)
        if isinstance(paper, CmaAnnex):
            found += _missing_pages(annex)
    return tuple(sorted(found, key=lambda fault: (fault.page, fault.code)))


def _tables_not_understood(annex: _Annex) -> Iterator[PageFault]:
    """Tables whose heading is none that we know and that do not go on with the one before; scanned ones whose cells are no rectangles."""
    last: Header | None = None
    for page in annex.pages:
        if any(_CRITERIA.search(line.text) for line in lines_of(page.words)):
            last = None
            continue
        for table in sorted(page.tables, key=lambda t: t.box.top):
            header = recognise(table)
            if not table.complete and page.origin is Origin.OCR and _lists_something(table):
                yield _torn(page)
            if header is not None:
                last = header
            elif (last is None or len(last.columns) != table.columns) and _lists_something(table):
                yield PageFault(
                    page.number,
                    "table_not_understood",
                    f"第 {page.number} 页有一张 {table.rows} 行的表格无法确定表头，其内容未计入，请人工核对该页。 "
                    f"Page {page.number} has a table of {table.rows} rows whose heading is not known; its rows are not counted.",
                )


def _torn(page: Page) -> PageFault:
    return PageFault(
        page.number,
        "table_torn",
        f"第 {page.number} 页表格的框线残缺，单元格划分可能有误，请人工核对该页。 "
        f"The rules of a table on page {page.number} are damaged; its cells may be divided wrongly.",
    )


def _lists_something(table: Table) -> bool:
    """Several rows of several columns with text: no frame around a note, no remnant of a rule."""
    filled = sum(bool(cell.text.strip()) for cell in table.cells)
    return table.rows >= 2 and table.columns >= 3 and filled >= _BODY


def _pages_without_table(annex: _Annex) -> Iterator[PageFault]:
    """Pages amid a list that give it no row, and pages on which standards stand outside every table."""
    listed = {region.page for row in annex.rows for region in row.evidence if isinstance(region, Region)}
    gives = [page.number in listed for page in annex.pages]
    for i, page in enumerate(annex.pages):
        amid = not gives[i] and any(gives[:i][-1:]) and any(gives[i + 1 :][:1])
        if (amid and not page.tables and len(page.words) > _BODY) or _loose_codes(page) >= _LOOSE_CODES:
            yield _without_table(page)


def _without_table(page: Page) -> PageFault:
    return PageFault(
        page.number,
        "rows_outside_tables",
        f"第 {page.number} 页应有能力表，但未识别出表格，该页各行可能缺失，请人工核对。 "
        f"Page {page.number} should hold part of a list, but no table was found there; its rows may be missing.",
    )


def _loose_codes(page: Page) -> int:
    """How many standards are printed outside the tables; the one that the accreditation rests on does not count."""
    return sum(
        not ref.key.startswith(("ISO/IEC 17025", "ISO/IEC 17020"))
        for line in lines_of(page.words)
        for ref in StandardRef.find_all(line.text)
    )


def _skipped_numbers(annex: _Annex) -> Iterator[PageFault]:
    """Numbers that skip before a row that was recognised in a picture: the row between may have been overlooked, or a digit misread.

    Where an annex may leave numbers out, they only count if there is room for a row that was overlooked.
    """
    lists: defaultdict[tuple[Section, str | None], list[CapabilityRow]] = defaultdict(list)
    for row in annex.rows:
        if row.section in _LISTS and row.object_number:
            lists[row.section, row.site].append(row)
    for listed in lists.values():
        before = dict(zip((row.index for row in listed[1:]), listed, strict=False))
        for numbers, row in holes(listed):
            region = next((region for region in row.evidence if isinstance(region, Region)), None)
            if row.origin is not Origin.OCR or region is None:
                continue
            if not (annex.kept and _nothing_between(before.get(row.index), region, annex)):
                yield PageFault(
                    region.page,
                    "numbers_skip",
                    f"第 {region.page} 页能力表的序号不连续（缺{numbers}），可能漏读或误读，请对照原件。 "
                    f"The numbering on page {region.page} skips ({numbers}): a row may have been overlooked or misread.",
                )


def _nothing_between(before: CapabilityRow | None, region: Region, annex: _Annex) -> bool:
    """Whether a row stands right under the one before it, or, as the first of its list, right under the heading of its table."""
    tables = [table for page in annex.pages if page.number == region.page for table in page.tables]
    here = _place_of(region, tables)
    if here is None:
        return False
    table, row = here
    if before is None:
        header = recognise(table)
        return header is not None and row == header.rows
    above = [each for each in before.evidence if isinstance(each, Region) and each.page == region.page]
    return any(_place_of(each, tables) == (table, row - 1) for each in above[-1:])


def _place_of(region: Region, tables: Sequence[Table]) -> tuple[Table, int] | None:
    """The table that a row's region lies in, and which of its rows that is: on a leaning page neighbours overlap, middles stay apart."""
    table = max(tables, key=lambda each: each.box.overlap_y(region.box), default=None)
    if table is None:
        return None
    off: defaultdict[int, list[float]] = defaultdict(
        list
    )  # by row, how far below the region its cells' middles lie, twice
    for cell in table.cells:
        if cell.row_span == 1:
            off[cell.row].append(cell.box.top + cell.box.bottom - region.box.top - region.box.bottom)
    return table, min(off, key=lambda row: abs(max(off[row]) + min(off[row])), default=0)


def _missing_pages(annex: _Annex) -> Iterator[PageFault]:
    """Where pages say 第 x 页 共 y 页: those of the same y that are not there."""
    numbers: defaultdict[int, dict[int, int]] = defaultdict(dict)
    unnumbered = 0
    for page in annex.pages:
        stamps = [m for line in lines_of(page.words) if (m := _STAMP.search(line.text))]
        if not stamps:
            unnumbered += 1
            continue
        number, total = (int(figure) for figure in stamps[-1].groups())
        numbers[total][number] = page.number
    for total, there in numbers.items():
        missing = [number for number in range(1, min(total, 10_000) + 1) if number not in there]
        if len(missing) > unnumbered:
            yield PageFault(
                min(there.values()),
                "pages_missing",
                f"附表印有“共 {total} 页”，缺第 {_listed(missing)} 页，请补齐后重新提交。 "
                f"The annex states {total} pages; {len(missing)} of them are missing.",
            )


def _listed(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers[:10])) + (" 等" if len(numbers) > 10 else "")
