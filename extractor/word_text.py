"""The text of Word's paragraphs as it is shown: tabs and breaks, ticked boxes, without what was deleted and without page numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from extractor.archive import local

PAGE_BREAK = "\f"
_LEFT_OUT = frozenset({"del", "moveFrom", "Fallback", "pPr", "rPr", "delText", "sectPr", "tbl"})
_CHARACTERS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_PAGE_FIELD = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b", re.IGNORECASE)
_CODE = re.compile(r"(?:F0|00)([0-9A-F]{2})", re.IGNORECASE)
# Symbol fonts have letters where Unicode has none; these are the boxes and ticks that forms are filled in with.
_SYMBOLS = {
    "Wingdings": {0xA8: "□", 0x6F: "□", 0xFE: "☑", 0xFD: "☒", 0xFC: "✓"},
    "Wingdings 2": {0xA3: "□", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x50: "✓"},
}


def text_of(paragraph: Element) -> str:
    """The paragraph's text; "\\n" is a line break in it, "\\f" a page break; a text box begins on a new line."""
    return "".join(_Reader().read(paragraph)).strip(" \t\n")


def attribute(element: Element, name: str) -> str | None:
    """An attribute whatever its namespace."""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), None)


@dataclass(slots=True)
class _Reader:
    """Walks through a paragraph; `fields` are the instructions of the fields that it is in."""

    fields: list[str] = field(default_factory=list)

    def read(self, element: Element) -> Iterator[str]:
        for child in element:
            name = local(child)
            if name in _LEFT_OUT:
                continue
            if name == "fldChar":
                self._field(attribute(child, "fldCharType"))
            elif name == "instrText" and self.fields:
                self.fields[-1] += child.text or ""
            elif name == "fldSimple" and _PAGE_FIELD.match(attribute(child, "instr") or ""):
                continue
            elif name == "p":
                yield "\n"
                yield from self.read(child)
            elif text := _shown(child, name):
                if not any(map(_PAGE_FIELD.match, self.fields)):
                    yield text
            else:
                yield from self.read(child)

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self.fields.append("")
        elif kind == "end" and self.fields:
            self.fields.pop()


def _shown(element: Element, name: str) -> str:
    if name == "t":
        return element.text or ""
    if name == "br":
        return PAGE_BREAK if attribute(element, "type") == "page" else "\n"
    if name == "sym":
        code = _CODE.fullmatch(attribute(element, "char") or "")
        return _SYMBOLS.get(attribute(element, "font") or "", {}).get(int(code.group(1), 16), "") if code else ""
    return _CHARACTERS.get(name, "")
