"""授权签字领域 -> what a signatory may sign: everything or named areas, and what is excepted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from extractor.phrases import Piece, fold, marks
from models.phrases import SigningField
from models.text import key

LONGEST = 1000
"""Characters; a field of signing is shorter, and what follows is not read."""

_STOPS = str.maketrans({"。": ";", "\n": ";", ":": ";"})
_DEEPEST = 5  # brackets in brackets
_REPLACING = ("即", "指", "限", "仅限", "仅", "只", "限于", "仅限于")


@dataclass(slots=True)
class _Said:
    everything: bool = False
    areas: dict[str, None] = field(default_factory=dict)
    exceptions: dict[str, None] = field(default_factory=dict)


@lru_cache(maxsize=4096)
def read_signing(text: str) -> SigningField:
    """What a cell of 授权签字领域 names."""
    text = fold(text[:LONGEST]).translate(_STOPS)
    said = _Said()
    _read(Piece(text, 0, len(text), marks("signing", text)), said, excepted=False, depth=0)
    return SigningField(said.everything, tuple(said.areas), tuple(said.exceptions))


def _read(list_: Piece, said: _Said, *, excepted: bool, depth: int) -> None:
    """One list of areas; an exclusion holds to the end of its list (不含…、…), that of 除 to its 外."""
    for group in _groups(list_):
        excluding = ""
        for item in group.items():
            cue = item.opens_with("exclude", "besides", "including")
            if cue is not None and cue.label != "including":
                excluding = cue.label
            begin = cue.end if cue is not None else item.start
            ends = ("outside", "excepted", *(["everything"] if excluding == "exclude" else []))  # 不含微生物的全部项目
            outside = next(
                (m for m in item.marks if m.label in ends and m.start > begin and _is_outer(item, m.start)), None
            )
            inside = item.part(begin, outside.start if outside else item.end)
            excluded = excepted or bool(excluding) or (outside is not None and outside.label == "excepted")
            _item(inside, said, excepted=excluded, depth=depth)
            if outside is not None:
                excluding = ""
                _item(
                    item.part(outside.start if outside.label == "everything" else outside.end),
                    said,
                    excepted=excepted,
                    depth=depth,
                )


def _groups(list_: Piece) -> Iterator[Piece]:
    """The list cut at semicolons outside brackets."""
    start, depth = list_.start, 0
    for at in range(list_.start, list_.end):
        char = list_.text[at]
        depth += (char == "(") - (char == ")")
        if char == ";" and depth <= 0:
            yield list_.part(start, at)
            start = at + 1
    yield list_.part(start)


def _is_outer(item: Piece, at: int) -> bool:
    return item.text.count("(", item.start, at) == item.text.count(")", item.start, at)


def _item(item: Piece, said: _Said, *, excepted: bool, depth: int) -> None:
    """One area; what stands in brackets after it names its parts (理化检测（农药残留、兽药残留）), or what is excepted from it."""
    opening = item.text.find("(", item.start, item.end)
    closing = item.closing(opening) if opening >= 0 else None
    if closing is None or depth >= _DEEPEST:
        _name(item, said, excepted=excepted)
        return
    head, inner = item.part(item.start, opening), item.part(opening + 1, closing)
    _item(item.part(closing + 1), said, excepted=excepted, depth=depth + 1)
    if inner.first("exclude", "excepted", "besides"):
        _name(head, said, excepted=excepted)
        _read(inner, said, excepted=True, depth=depth + 1)
        return
    cue = inner.opens_with("including")
    parts = head.first("everything") is None and any("一" <= char <= "鿿" for char in inner.words)
    if not parts or (cue is not None and cue.text not in _REPLACING):
        _name(head, said, excepted=excepted)
    if parts:
        _read(inner, said, excepted=excepted, depth=depth + 1)


def _name(head: Piece, said: _Said, *, excepted: bool) -> None:
    """The area without the words around it that name none (食品检测项目 is 食品)."""
    general = False
    while edge := next((m for m in head.marks if m.start == head.start or m.end == head.end), None):
        if edge.label not in ("generic", "everything", "including"):
            break
        general = general or edge.label == "everything"
        head = head.part(edge.end) if edge.start == head.start else head.part(head.start, edge.start)
    name = key(head.words)
    name = "" if len(name) == 1 and name.isascii() else name  # the letter of a site
    if name and excepted:
        said.exceptions[name] = None
    elif name:
        said.areas[name] = None
    elif general and not excepted:
        said.everything = True
