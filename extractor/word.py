"""Word files (.docx) as documents: paragraphs and tables in their order, a new page at each break that the author set."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from xml.etree.ElementTree import Element

from extractor.archive import Archive, local
from extractor.blocks import Area, by_row, set_cells
from extractor.tables import LEAST_CELL
from extractor.typeset import Range, Typesetter, refuse_beyond_limit
from extractor.word_text import attribute, text_of
from models.errors import EmptyFile, TooManyPages
from models.layout import Page

_MAIN = "word/document.xml"
_MOST_COLUMNS = 63  # of a table in Word
_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo"})
_TWIPS = 20.0  # to a point


def word_pages(data: bytes, *, max_pages: int) -> list[Page]:
    """The pages that the author's own page and section breaks make, numbered from 1; where Word would break a page is not known.

    The texts of headers and footers stand on every page, without page numbers; deleted text is left out, inserted text is there;
    automatic numbers of paragraphs are not. CorruptFile, EncryptedFile, TooLarge, TooManyPages; EmptyFile where there is no text.
    """
    archive = Archive(data)
    root = archive.xml(_MAIN)
    header, footer = _furniture(archive, "word/header"), _furniture(archive, "word/footer")
    pages: list[Page] = []
    cells = 0
    for blocks in _pages(root):
        if not blocks:
            continue
        if len(pages) >= max_pages:
            raise TooManyPages
        setter = Typesetter()
        for line in header:
            setter.line([line])
        for block in blocks:
            if isinstance(block, Area):
                cells += len(block.rows) * len(block.rows[0])
                refuse_beyond_limit(cells)
                set_cells(setter, block)
            else:
                setter.line([block])
        for line in footer:
            setter.line([line])
        pages.append(setter.page(len(pages) + 1))
    if not pages:
        raise EmptyFile
    return pages


def _pages(root: Element) -> Iterator[list[str | Area]]:
    """Lines and tables, page by page."""
    # How a section begins stands in its own properties, at its end: the break after a section is named by the one after it.
    kinds = [_section_type(e) for e in root.iter() if local(e) == "sectPr"]
    sections = iter(kinds[1:])
    page: list[str | Area] = []
    for block in (block for body in root for block in _blocks(body)):
        if local(block) == "tbl":
            cells = _cells(block)
            page += [cells] if any(map(any, cells.rows)) else []
            continue
        if page and _switched_on(block, "pageBreakBefore"):
            yield page
            page = []
        for number, part in enumerate(text_of(block).split("\f")):
            if number:
                yield page
                page = []
            page += [line for line in part.split("\n") if line.strip()]
        if any(local(e) == "sectPr" for e in _properties(block)) and next(sections, "nextPage") != "continuous":
            yield page
            page = []
    yield page


def _blocks(parent: Element) -> Iterator[Element]:
    """Paragraphs and tables in their order. A table of one cell is a frame around what it holds."""
    for child in parent:
        name = local(child)
        if name in _WRAPPERS:
            yield from _blocks(child)
        elif name == "tbl":
            cells = [cell for row in _inside(child, "tr") for cell in _inside(row, "tc")]
            yield from _blocks(cells[0]) if len(cells) == 1 else (child,)
        elif name == "p":
            yield child


def _inside(parent: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, those in content controls too."""
    for child in parent:
        if local(child) == name:
            yield child
        elif local(child) in _WRAPPERS:
            yield from _inside(child, name)


def _cells(table: Element) -> Area:
    """The table's cells in its grid; columns too narrow to hold anything, as hand-drawn edges leave them, are none."""
    snapped = _snapped(table)
    texts: list[dict[int, str]] = []
    merged: dict[tuple[int, int], Range] = {}  # where it begins
    above: dict[
        tuple[int, int], tuple[int, int]
    ] = {}  # (first, last column) of a cell in the row above -> where it begins
    for row in (row for row in _inside(table, "tr") if not _row_is_deleted(row)):
        number = len(texts)
        texts.append({})
        here: dict[tuple[int, int], tuple[int, int]] = {}
        grid_column = _number(_properties(row), "gridBefore", 0)
        for cell in _inside(row, "tc"):
            end = min(grid_column + max(1, _number(_properties(cell), "gridSpan", 1)), _MOST_COLUMNS)
            first, last = snapped[min(grid_column, _MOST_COLUMNS)], snapped[end] - 1
            grid_column = end
            if last < first:
                continue
            begin = above.get((first, last)) if _goes_on(cell) else None
            if begin is None:
                begin = number, first
                texts[-1][first] = _cell_text(cell)
            here[first, last] = begin
            if begin[0] < number or last > first:
                merged[begin] = Range(*begin, number, last)
        above = here
    width = max((column for row in texts for column in row), default=-1) + 1
    width = max([width, *(r.last_column + 1 for r in merged.values())])
    refuse_beyond_limit(len(texts) * width)
    rows = [[row.get(column, "") for column in range(width)] for row in texts]
    return Area([*rows], tuple(sorted(merged.values(), key=by_row)))


def _snapped(table: Element) -> list[int]:
    """For each edge of the table's own grid the number of the edge that it is, where those nearer than 6 points are one."""
    widths = [_twips(e) for part in table if local(part) == "tblGrid" for e in part if local(e) == "gridCol"]
    widths += [2 * LEAST_CELL] * (_MOST_COLUMNS - len(widths))
    places = list(accumulate(widths[:_MOST_COLUMNS], initial=0.0))
    edges = [0.0]
    for place in places:
        if place - edges[-1] >= LEAST_CELL:
            edges.append(place)
    return [max(0, bisect_left(edges, place + 1e-6) - 1) for place in places]


def _twips(element: Element) -> float:
    text = attribute(element, "w") or ""
    return int(text) / _TWIPS if text.isdecimal() and len(text) < 6 else 2 * LEAST_CELL


def _cell_text(cell: Element) -> str:
    """A table inside a cell is read row by row."""
    lines: list[str] = []
    for block in _blocks(cell):
        if local(block) == "p":
            lines.append(text_of(block).replace("\f", "\n"))
        else:
            lines += ["  ".join(_cell_text(inner) for inner in _inside(row, "tc")) for row in _inside(block, "tr")]
    return "\n".join(line for line in lines if line.strip())


def _properties(element: Element) -> list[Element]:
    """What is set for a paragraph, row or cell."""
    return [e for part in element if local(part) in ("pPr", "trPr", "tcPr") for e in part]


def _number(properties: list[Element], name: str, default: int) -> int:
    text = next((attribute(e, "val") or "" for e in properties if local(e) == name), "")
    return min(int(text), _MOST_COLUMNS) if text.isdecimal() and len(text) < 6 else default


def _goes_on(cell: Element) -> bool:
    return any(local(e) == "vMerge" and attribute(e, "val") != "restart" for e in _properties(cell))


def _row_is_deleted(row: Element) -> bool:
    return any(local(e) == "del" for e in _properties(row))


def _switched_on(paragraph: Element, name: str) -> bool:
    return any(local(e) == name and attribute(e, "val") not in ("0", "false", "off") for e in _properties(paragraph))


def _section_type(section: Element) -> str:
    return next((attribute(e, "val") or "" for e in section if local(e) == "type"), "nextPage")


def _furniture(archive: Archive, prefix: str) -> list[str]:
    """The different lines of all headers or footers."""
    names = sorted(e.filename for e in archive.entries if e.filename.startswith(prefix) and e.filename.endswith(".xml"))
    texts = (text_of(block) for name in names for block in archive.xml(name).iter() if local(block) == "p")
    lines = dict.fromkeys(line for text in texts for line in text.replace("\f", "\n").split("\n") if line.strip())
    return [*lines]
