"""Capability rows out of tables: merged cells filled down, also across pages; rows that a page break split are joined."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractor.headers import Header
from extractor.limits import limits_of
from extractor.lines import join
from extractor.signing import read_signing
from extractor.values import site_code
from models.dates import parse_date
from models.field import Region
from models.layout import Box, Cell, Origin, Table, Word
from models.papers import CapabilityRow, Section, Signatory, Site
from models.standards import StandardRef
from models.text import clean

_CARRIED = (("group", "group"), ("object_number", "object"), ("parameter_number", "parameter"))
_OPEN_END = re.compile(r"[-—–/(（《,，、:：]$|(?:GB|DB|HJ|NY|SN)/?T?$")
_DOTTED = re.compile(r"(\d+)\.(\d+)")
_POINT = re.compile(r"(?<=[一-鿿])[·•](?=[一-鿿A-Z0-9])|(?<=[A-Za-z0-9])[·•](?=[一-鿿])")
"""What a 、 is read as in a blurred picture; in what is tested no such point stands beside Chinese characters."""
_RULES_BESIDE = re.compile(r"^[_|丨—一-]+(?=\d)|(?<=\d)[_|丨—一-]+$")
"""What the rules beside a number are read as."""
_CLAUSE = re.compile(
    r"第[一二三四五六七八九十\d]+\s*(?:法|篇|部分|章|条|节)|附录\s*[A-Z]|只用\S*|仅限\S*|不做\S*|修改单|方法\s*\S|[(（][^()（）]*[)）]"
)
_ENGLISH_CLAUSE = re.compile(
    r"\b(?:Method|Part|Section|Clause|Chapter|Annex|Appendix)\s*\S+|\b(?:only|except|excluding|limited)\b.*",
    re.IGNORECASE,
)
_ENGLISH_WORD = re.compile("[A-Za-z]{2,}")
_LIMITED = ("limitation", "note", "site", "effective_on")


@dataclass(slots=True)
class Context:
    """Where in the paper the reader is: what the tables that follow belong to."""

    document: str
    section: Section | None = None
    title: str = ""
    site: str | None = None
    language: str = "zh"
    header: Header | None = None


@dataclass(slots=True)
class _Open:
    """The row being read: canonical column -> text, and the cells that gave it (none for a carried value)."""

    values: dict[str, str] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)
    regions: list[Region] = field(default_factory=list)
    site: str | None = None


class CapabilityReader:
    """Collects the rows of one section after another; `add` takes the tables in reading order, `rows` gives the result.

    A class because the last row of a page stays open until the next page shows whether it goes on there.
    """

    def __init__(self, document: str) -> None:
        self._document = document
        self._done: list[CapabilityRow] = []
        self._last: _Open | None = None
        self._last_key: tuple[object, ...] = ()
        self._context: tuple[Section, str, str | None] = (Section.TESTING, "zh", None)

    def add(self, table: Table, page: int, header: Header, site: str | None, *, skip: int) -> None:
        """The table's body rows (from row `skip` on). `site` is the section's place, used where the table has no such column."""
        context = (header.section, header.language, site)
        if context != self._context:
            self._flush()
            self._last = None
            self._context = context
        grid = table.grid()
        for r in range(skip, table.rows):
            opened = self._row(grid[r], r, header, table, page)
            self._dot(opened)
            if not any(opened.values.values()):
                continue
            if r == skip and self._last is not None and _continues(opened, self._last, header):
                self._join(opened)
                continue
            self._inherit(opened, at_top=r == skip)
            self._flush()
            self._last = opened

    def rows(self) -> tuple[CapabilityRow, ...]:
        """All rows so far, the open one included."""
        self._flush()
        return tuple(self._done)

    def _row(self, line: Sequence[Cell], r: int, header: Header, table: Table, page: int) -> _Open:
        opened = _Open(site=self._context[2])
        for name, cell in zip(header.columns, line, strict=False):
            if name is None or name in opened.values:
                continue
            opened.values[name] = _text_of(name, cell)
            opened.cells[name] = cell
        method = opened.cells.get("method") or opened.cells.get("standard_code") or line[-1]
        lows = [c.box for c in line if c.row == r and c.row_span == 1] or [method.box]
        top, bottom = max(b.top for b in lows), min(b.bottom for b in lows)
        box = Box(table.box.x0, top, table.box.x1, bottom if bottom > top else method.box.bottom)
        opened.regions.append(Region(self._document, page, box))
        return opened

    def _dot(self, opened: _Open) -> None:
        """Gives 14 its dot again where 1.4 must stand: recognition passes over it, and the numbering would seem to have a gap."""
        cell, number = opened.cells.get("parameter_number"), opened.values.get("parameter_number", "")
        if cell is None or not number.isdigit() or not any(word.origin is Origin.OCR for word in cell.words):
            return
        before = self._last.values if self._last is not None else {}
        own = opened.values.get("object_number") or before.get("object_number", "")
        last = before.get("parameter_number", "")
        known = _DOTTED.fullmatch(last)
        if last and not known:  # these numbers have no dots
            return
        so_far = int(known[2]) if known and known[1] == own else 0
        for item in (so_far, so_far + 1):
            if item and own.isdigit() and number == f"{own}{item}":
                opened.values["parameter_number"] = f"{own}.{item}"

    def _inherit(self, opened: _Open, *, at_top: bool) -> None:
        """Blank object, parameter and code cells repeat the row above; a new object or parameter ends the repetition below it."""
        last = self._last
        if last is None:
            return
        fresh = False
        for number, name in _CARRIED:
            pair = [n for n in (number, name) if n in opened.values]
            if not fresh and all(opened.values[n] in ("", last.values.get(n, "")) for n in pair):
                opened.values.update({n: last.values.get(n, "") for n in pair})
                continue
            if name == "object" and not opened.values.get(name, "-"):
                opened.values[name] = last.values.get(name, "")
            fresh = fresh or bool(pair)
        if not fresh and not opened.values.get("field_code", "-"):
            opened.values["field_code"] = last.values.get("field_code", "")
        if not at_top:
            return
        for name in _LIMITED:
            mine, theirs = opened.cells.get(name), last.cells.get(name)
            if mine and theirs and not opened.values[name] and mine.row_span > 1 and theirs.row_span > 1:
                opened.values[name] = last.values[name]

    def _join(self, opened: _Open) -> None:
        assert self._last is not None
        for name, text in opened.values.items():
            before = self._last.values.get(name, "")
            if text and text != before:
                self._last.values[name] = _joined(before, text)
        self._last.regions.extend(opened.regions)
        self._last.cells.update({n: c for n, c in opened.cells.items() if c.words and not self._last.cells[n].words})

    def _flush(self) -> None:
        if self._last is None or not self._last.regions:
            return
        row = self._finished(self._last)
        if row is not None:
            self._done.append(row)
        self._last = replace(self._last, regions=[])

    def _finished(self, opened: _Open) -> CapabilityRow | None:
        section, language, site = self._context
        values = opened.values
        method = " ".join(t for t in (values.get("standard_title"), values.get("standard_code")) if t) or values.get(
            "method", ""
        )
        if not method and not values.get("parameter"):
            return None
        words = [w for cell in opened.cells.values() for w in cell.words]
        standards = tuple(StandardRef.find_all(method))
        limitation, note = values.get("limitation") or None, values.get("note") or None
        return CapabilityRow(
            index=len(self._done),
            section=section,
            site=site_code(values.get("site", "").strip()) or site,
            object_number=values.get("object_number") or None,
            object=values.get("object") or values.get("group") or None,
            parameter_number=values.get("parameter_number") or None,
            parameter=values.get("parameter") or None,
            field_code=values.get("field_code") or None,
            method=method,
            standards=standards,
            limitation=limitation,
            note=note,
            effective_on=parse_date(values.get("effective_on", "")),
            confidence=min((w.confidence for w in words), default=1.0),
            origin=Origin.OCR if any(w.origin is Origin.OCR for w in words) else Origin.TEXT,
            evidence=tuple(opened.regions),
            language=language,
            limits=limits_of(limitation, note, standards),
        )


def _continues(opened: _Open, last: _Open, header: Header) -> bool:
    """Whether the first row of a page goes on with the last row of the page before.

    It does where neither number nor date starts something new (what stood there before may be repeated) and either the method before
    is still open (no complete code yet, or a title without one), or this method is no code of its own, or only the rest of another
    column stands here.
    """
    values = opened.values
    started = ("object_number", "object", "parameter_number", "field_code", "effective_on")
    if any(values.get(name) and values[name] != last.values.get(name) for name in started):
        return False
    numbered = "parameter_number" in header.columns and last.values.get("parameter_number")
    if values.get("parameter") and values["parameter"] != last.values.get("parameter") and not numbered:
        return False
    if "method" not in values:
        return False
    method, before = values["method"], last.values.get("method", "")
    if not method:
        return True
    if not before:
        return False
    limits = (last.values.get("limitation", ""), last.values.get("note", ""))
    return _is_open(before) or any(_OPEN_END.search(t) for t in limits) or not StandardRef.find_all(method)


def _is_open(method: str) -> bool:
    """Whether a method cell ends before its last standard's code does: in the middle of a code, or after a title of the next one."""
    found = StandardRef.find_all(method)
    if not found or _OPEN_END.search(method):
        return True
    head, tail = method[: found[0].start], method[found[-1].end :]
    first, last = found[0].title, found[-1].title
    if last and last in tail and not (first and first in head):  # titles stand behind their codes here
        return False
    rest = _CLAUSE.sub("", tail)
    words = _ENGLISH_WORD.findall(_ENGLISH_CLAUSE.sub("", rest))
    return sum("一" <= c <= "鿿" for c in rest) >= 4 or len(words) >= 4


def _joined(before: str, text: str) -> str:
    if not before:
        return text
    glue = "" if not (before[-1].isascii() and text[0].isascii()) or before[-1] in "-/(" else " "
    return before + glue + text


def _text_of(name: str, cell: Cell) -> str:
    if not cell.text:
        return ""
    if name not in ("object_number", "parameter_number", "field_code", "number"):
        return _listed(cell)
    return _RULES_BESIDE.sub("", "".join(clean(cell.text).split()))


def _listed(cell: Cell) -> str:
    """The cell's text; between words that were recognised a point in the middle is a 、."""
    text = clean(cell.text)
    return _POINT.sub("、", text) if any(word.origin is Origin.OCR for word in cell.words) else text


def signatories_of(
    table: Table, page: int, header: Header, document: str, site: str | None, *, skip: int
) -> Iterator[Signatory]:
    """授权签字人 rows; a blank name continues the signatory above (fields over several rows are joined)."""
    person, scope = header.column("person"), header.column("signing_field")
    if person is None or scope is None:
        return
    pending: Signatory | None = None
    pending_cell: Cell | None = None
    for line in table.grid()[skip:]:
        name = _person(clean(line[person].text))
        text = _listed(line[scope])
        if not name and not text:
            continue
        region = Region(document, page, Box.around([line[person].box, line[scope].box]), name)
        if pending is not None and (not name or line[person] is pending_cell):
            if text != pending.field:
                pending = replace(pending, field=_joined(pending.field, text), evidence=(*pending.evidence, region))
            continue
        if pending is not None:
            yield _read_out(pending)
        pending, pending_cell = _signatory(name, text, line, header, region, site), line[person]
    if pending is not None:
        yield _read_out(pending)


def _read_out(person: Signatory) -> Signatory:
    """The signatory with what the whole field means; English fields stay words, for the Chinese version prevails."""
    return replace(person, signs=read_signing(person.field)) if person.language == "zh" else person


def _person(text: str) -> str:
    """A Chinese name without the blanks that stretch it; others keep theirs."""
    return re.sub(r"\s+", "", text) if re.search(r"[一-鿿]", text) else text


def _signatory(
    name: str, text: str, line: Sequence[Cell], header: Header, region: Region, site: str | None
) -> Signatory:
    words = _words_of(line)

    def other(column: str) -> str | None:
        i = header.column(column)
        return (clean(line[i].text) or None) if i is not None else None

    placed = re.fullmatch(r"(?:所在)?(?:场所|地址)\s*[:：]?\s*([A-Z])", other("note") or "")
    return Signatory(
        name=name,
        field=text,
        site=site_code(other("site") or "") or (placed.group(1) if placed else site),
        note=other("note"),
        title=other("title"),
        confidence=min((w.confidence for w in words), default=1.0),
        origin=Origin.OCR if any(w.origin is Origin.OCR for w in words) else Origin.TEXT,
        evidence=(region,),
        language=header.language,
    )


def sites_of(table: Table, page: int, header: Header, document: str, *, skip: int) -> Iterator[Site]:
    """关键场所 rows."""
    address = header.column("address")
    if address is None:
        return
    for line in table.grid()[skip:]:
        text = join(line[address].words)
        if not text:
            continue

        def other(column: str, line: Sequence[Cell] = line) -> str | None:
            i = header.column(column)
            return (clean(line[i].text) or None) if i is not None else None

        words = _words_of(line)
        yield Site(
            code=site_code(other("site") or "") or None,
            address=clean(text),
            postcode=other("postcode"),
            features=other("features"),
            activities=other("activities"),
            evidence=(Region(document, page, line[address].box, text),),
            confidence=min((w.confidence for w in words), default=1.0),
            origin=Origin.OCR if any(w.origin is Origin.OCR for w in words) else Origin.TEXT,
        )


def _words_of(line: Iterable[Cell]) -> list[Word]:
    return [w for cell in {id(c): c for c in line}.values() for w in cell.words]
