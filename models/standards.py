"""标准编号: a reference to a standard or a document of method, its keys, and where cells of annexes hold them.

>>> StandardRef.parse("GB 5009.12—2023 第一法").key
'GB 5009.12-2023'
>>> [(ref.title, ref.key) for ref in find_all("食品中铅的测定GB/T5009.12-2003 食品中铜的测定GB/T5009.13-2003")]
[('食品中铅的测定', 'GB/T 5009.12-2003'), ('食品中铜的测定', 'GB/T 5009.13-2003')]
"""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from models import standard_grammar as grammar
from models.text import CJK, aligned, clean

__all__ = ["StandardRef", "find_all", "find_documents", "find_references"]

_BLANKS = re.compile(r"\s+")
_MISREAD_DASH = re.compile(r"(?<=[0-9A-Za-z])(\s?)一(?=\s?(?:19|20)[0-9]{2}(?![0-9]))")
_UNKNOWN_TO_BLANK = str.maketrans("?\ufffd", "  ")
_PIVOT = 50  # two-digit years from here on belong to the last century
_TYPES = ("/T", "/Z", "/J")


@dataclass(frozen=True, slots=True)
class StandardRef:
    """One reference: a standard by its number, or a document (药典, a book, a 公告) by its name.

    `prefix` holds the type (`GB/T`, `DB46/T`, `JJG(交通)`), `number` the parts (`5009.3`, `60335-2-24`), `revision` what
    follows the year (`A`, `e1`, `(2017)`) or a document's edition. `amendment`, `clause` and `limitation` are as
    printed beside this very number, `title` its name where the cell gives one, `alias` the key of the number it
    adopts. `start` and `end` are offsets of the number in the text that was searched; they do not count in equality.
    """

    printed: str
    prefix: str
    number: str
    year: int | None = None
    revision: str = ""
    amendment: str | None = None
    clause: str | None = None
    title: str | None = None
    kind: Literal["standard", "document"] = "standard"
    limitation: str | None = None
    alias: str | None = None
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    @property
    def key(self) -> str:
        """Type and year kept: `GB/T 5009.3-2016`; a document's name, edition and year."""
        return _spellings(self.prefix, self.number, self.year, self.revision, self.kind)[0]

    @property
    def key_without_type(self) -> str:
        """Year kept, type and blank dropped: `GB5009.3-2016`; so GB/T and GB agree, GBZ and GB do not."""
        return _spellings(self.prefix, self.number, self.year, self.revision, self.kind)[1]

    @property
    def series(self) -> str:
        """Type, year and revision dropped: `GB5009.3`, the same for every edition."""
        return _spellings(self.prefix, self.number, self.year, self.revision, self.kind)[2]

    @staticmethod
    def parse(text: str) -> "StandardRef":
        """The one reference in the text, standard or document; raises ValueError where there is none or another."""
        found = find_references(text)
        if len(found) != 1:
            raise ValueError(f"not one standard: {text!r}")
        return found[0]

    @staticmethod
    def find_all(text: str) -> "list[StandardRef]":
        """Every standard in the text, as the function `find_all` finds them."""
        return find_all(text)


@lru_cache(maxsize=1 << 17)
def _spellings(prefix: str, number: str, year: int | None, revision: str, kind: str) -> tuple[str, str, str]:
    """Key, key without type, and series; kept, for a case of many rows asks for the same ones again and again."""

    def dated(name: str) -> str:
        if number:
            return name if year is None else f"{name}-{year}{revision}"
        # An edition names a book; the year beside it is the printer's.
        printed = str(year) if year and not revision.startswith("第") else ""
        return " ".join(part for part in (name, printed, revision) if part)

    base = (prefix[:-2] if prefix.endswith(_TYPES) else prefix).replace(" ", "")
    whole, plain = f"{prefix}{' ' if kind == 'standard' else ''}{number}", f"{base}{number}"
    return dated(whole), dated(plain), plain


class _Code(NamedTuple):
    ref: StandardRef
    tail_end: int  # where the amendment, clause and limitation that follow the number end


def find_all(text: str) -> list[StandardRef]:
    """Every standard in a method cell, in order, each with its own title, clause, amendment and limitation.

    Titles may precede their codes (食品中水分的测定 GB/T5009.3-2003, the habit of annexes, told by the words before the
    first code) or follow them; codes may stand side by side with `;`, a line break or nothing between. An adopted
    number (GB/T 17671-2021/ISO 679:2009) becomes the `alias` of the first.
    """
    folded = _fold(text)
    matches = list(grammar.code_pattern().finditer(folded))
    if not matches:
        return []
    codes: list[_Code] = []
    for found, limit in zip(matches, [*(match.start() for match in matches[1:]), len(folded)], strict=True):
        code = _with_tail(_reference(found, text), folded, limit)
        if codes and codes[-1].ref.alias is None and _adopts(folded[codes[-1].tail_end : found.start()], code.ref):
            ref = replace(codes[-1].ref, alias=code.ref.key, clause=codes[-1].ref.clause or code.ref.clause)
            codes[-1] = _Code(ref, code.tail_end)
        else:
            codes.append(code)
    return _titled(codes, text, folded)


def find_documents(text: str) -> list[StandardRef]:
    """Every document of method without a standard number: pharmacopoeias, books with an edition, 公告 and 文号."""
    return _documents(text, find_all(text))


def find_references(text: str) -> list[StandardRef]:
    """Standards and documents together, in the order of the text."""
    standards = find_all(text)
    return sorted([*standards, *_documents(text, standards)], key=lambda ref: ref.start)


def _fold(text: str) -> str:
    """Same offsets, one spelling; unreadable marks are blanks, and 一 before a year is the dash it was."""
    folded = aligned(text)
    if "?" in folded or "\ufffd" in folded:
        folded = folded.translate(_UNKNOWN_TO_BLANK)
    return _MISREAD_DASH.sub(r"\1-", folded) if "一" in folded else folded


def _reference(found: re.Match[str], text: str) -> StandardRef:
    prefix, family = _prefix(found)
    number, year, revision, end = _BLANKS.sub("", found["number"]), None, "", found.end()
    for position, segment in enumerate(segments := list(grammar.SEGMENT.finditer(found["rest"])), 1):
        part = segment[2]
        dated = grammar.CODE_YEAR.fullmatch(part)
        is_last = position == len(segments)
        if dated and (is_last or not any(grammar.CODE_YEAR.fullmatch(later[2]) for later in segments[position:])):
            year, revision = int(dated[1]), dated[2]
            end = end if is_last else found.start("rest") + segment.end()
            break
        if is_last and family != "foreign" and (short := re.fullmatch(r"([0-9]{2})([A-Za-zε]?[0-9]?)", part)):
            year, revision = int(short[1]) + (1900 if int(short[1]) >= _PIVOT else 2000), short[2]
        else:
            number += "-" + part
    if found["bracketed"] and end == found.end():
        bracketed = _BLANKS.sub("", found["bracketed"])
        if year is None:
            year = int(re.sub("[^0-9]", "", bracketed)[:4])
        elif family.startswith("foreign"):
            revision += bracketed
    return StandardRef(clean(text[found.start() : end]), prefix, number, year, revision, start=found.start(), end=end)


def _prefix(found: re.Match[str]) -> tuple[str, str]:
    """The canonical prefix with its type, and the family."""
    if found["local"]:
        kind = found["local_type"]
        return f"{found['local']}{found['area']}" + (f"/{kind}" if kind else ""), "local"
    if found["group"]:
        return _BLANKS.sub("", found["group"]), "group"
    if found["metrology"]:
        area = found["area_of"]
        return found["metrology"] + (f"({area})" if area else ""), "metrology"
    written = found["national"] or found["industry"] or found["other"]
    kind = found["national_type"] or found["industry_type"] or found["bare_type"]
    family, canonical = grammar.prefixes()[_BLANKS.sub("", written).upper()]
    return canonical + (f"/{kind.upper()}" if kind else ""), family


def _with_tail(ref: StandardRef, folded: str, limit: int) -> _Code:
    amendments: list[str] = []
    clause = limitation = None
    end = ref.end
    while found := grammar.TAIL.match(folded, end, limit):
        if found["amendment"]:
            amendments.append(_BLANKS.sub("", found["amendment"]).lstrip("/+"))
        elif found["limitation"] and limitation is None:
            limitation = found["limitation"].strip()
        elif item := found["clause"] or (clause is None and found["number"]):
            clause = " ".join(part for part in (clause, _BLANKS.sub("", item)) if part)
        else:
            break
        end = found.end()
    if not amendments and clause is None and limitation is None:
        return _Code(ref, end)
    return _Code(replace(ref, amendment=";".join(amendments) or None, clause=clause, limitation=limitation), end)


def _adopts(gap: str, second: StandardRef) -> bool:
    found = grammar.ALIAS_GAP.fullmatch(gap)
    if found is None:
        return False
    return not found["slash"] or grammar.prefixes().get(second.prefix.replace(" ", ""), ("",))[0].startswith("foreign")


def _titled(codes: list[_Code], text: str, folded: str) -> list[StandardRef]:
    """Each code with its title: the words before it, or after it where the cell begins with a code."""
    starts = [code.ref.start for code in codes]
    before, limit = _title(text, folded, 0, starts[0])
    precedes = before is not None
    titles: list[str | None] = [before, *[None] * (len(codes) - 1)]
    limits: list[str | None] = [limit, *[None] * (len(codes) - 1)]
    for index, code in enumerate(codes):
        stop = starts[index + 1] if index + 1 < len(codes) else len(folded)
        cut = folded.find(";", code.tail_end, stop)
        if not precedes:
            titles[index], _ = _title(text, folded, code.tail_end, cut if cut >= 0 else stop)
        if stop < len(folded) and (precedes or cut >= 0):
            begin = folded.rfind(";", code.tail_end, stop) + 1 if cut >= 0 else code.tail_end
            titles[index + 1], limits[index + 1] = _title(text, folded, begin, stop)
            precedes = precedes or titles[index + 1] is not None
    return [
        replace(code.ref, title=title, limitation=code.ref.limitation or limit) if title or limit else code.ref
        for code, title, limit in zip(codes, titles, limits, strict=True)
    ]


_TITLE = re.compile(rf"[{CJK}].{{0,400}}[{CJK}]|[A-Za-z]{{3}}", re.DOTALL)
_QUOTED = re.compile("《([^《》]{2,200})》")
_ENUMERATOR = re.compile(r"^(?:[(（]?[0-9]{1,2}[)）.、]|[①-⑳])\s*")
_EDITION = re.compile(r"\s?[(（]第.{1,3}版")  # a book beside the standard, not its title
_WRAPPED = re.compile(rf"(?<=[{CJK}])\n(?=[{CJK}])")
_EDGE = " \n,.;:、。-/~·"


def _title(text: str, folded: str, start: int, end: int) -> tuple[str | None, str | None]:
    """The title that a stretch between codes holds, and the limitation that ran into it."""
    if adopted := grammar.ADOPTED.match(folded, start, end):
        start = adopted.end()
    stretch, limitation = folded[start:end], None
    if not _TITLE.search(stretch):
        return None, None
    printed = text[start:end]
    if found := grammar.LIMITATION.search(stretch):
        printed, limitation = printed[: found.start()] + printed[found.end() :], found[1]
    if quoted := _QUOTED.search(printed):
        if _EDITION.match(printed, quoted.end()):
            return None, limitation
        printed = quoted[1]
    title = _ENUMERATOR.sub("", _WRAPPED.sub("", clean(printed, keep_lines=True)).strip(_EDGE + "，；：")).lstrip(")）")
    title = _strip_unbalanced(title.replace("\n", " ")).strip(_EDGE + "，；：")
    return (title if _TITLE.search(title) else None), limitation


def _strip_unbalanced(title: str) -> str:
    """Without an opening bracket at the end or a bracket that has no partner at either end."""
    title = title.rstrip("(（")
    opened, closed = (sum(title.count(mark) for mark in marks) for marks in ("(（", ")）"))
    if opened > closed and title[:1] in ("(", "（"):
        return title[1:]
    return title[:-1] if closed > opened and title[-1:] in (")", "）") else title


def _documents(text: str, standards: list[StandardRef]) -> list[StandardRef]:
    folded = _fold(text)
    found: list[StandardRef] = []
    if any(mark in folded for mark in ("药典", "ChP", "USP", "EP", "BP")):
        found += [_pharmacopoeia(match, text) for match in grammar.PHARMACOPOEIA.finditer(folded) if match["year"]]
    if "号" in folded:
        notices = list(grammar.NOTICE.finditer(folded))
        ends = [0, *(match.end() for match in notices)]
        found += [_notice(match, text, folded, since) for match, since in zip(notices, ends, strict=False)]
    if "《" in folded or "版" in folded:
        found += [_book(match, text) for match in grammar.BOOK.finditer(folded)]
    titles = {ref.title for ref in standards} | {ref.title for ref in found if ref.number}
    documents: list[StandardRef] = []
    for ref in sorted(found, key=lambda ref: ref.start):
        is_title = not ref.number and ref.title in titles
        if not is_title and (not documents or ref.start >= documents[-1].end):
            documents.append(ref)
    return documents


def _document(match: re.Match[str], text: str, prefix: str, start: int | None = None) -> StandardRef:
    start = match.start() if start is None else start
    return StandardRef(clean(text[start : match.end()]), prefix, "", kind="document", start=start, end=match.end())


def _pharmacopoeia(match: re.Match[str], text: str) -> StandardRef:
    name = "中华人民共和国药典" if match["name"] in ("中国药典", "ChP") else match["name"]
    volume = f"{match['volume']}部" if match["volume"] else ""
    clause = _BLANKS.sub("", match["chapter"]) if match["chapter"] else None
    return replace(_document(match, text, name), year=int(match["year"]), revision=volume, clause=clause, title=name)


def _notice(match: re.Match[str], text: str, folded: str, since: int) -> StandardRef:
    issuer = max(
        (name for name in grammar.issuers() if match["issuer"].endswith(name)), key=len, default=match["issuer"]
    )
    start = match.end("issuer") - len(issuer)
    part = match["before_part"] or match["after_part"] or ""
    number = f"{match['letter']}号" if match["letter"] else f"{match['before'] or match['after']}号公告{part}"
    year = match["before_year"] or match["after_year"] or match["first_year"] or match["letter_year"]
    begin = max(since, *(folded.rfind(mark, since, start) + 1 for mark in ";。"))
    title, _ = _title(text, folded, begin, start)
    return replace(_document(match, text, issuer, start), number=number, year=int(year) if year else None, title=title)


def _book(match: re.Match[str], text: str) -> StandardRef:
    name = clean(match["quoted"] or match["plain"])
    year = int(match["year"]) if match["year"] else None
    return replace(
        _document(match, text, name), year=year, revision=_BLANKS.sub("", match["edition"] or ""), title=name
    )
