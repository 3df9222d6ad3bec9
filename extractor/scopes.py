"""经营范围 -> activities: what a licence allows, what it excludes, and what is only said of permits."""

from collections.abc import Iterator
from functools import lru_cache

from extractor.phrases import Mark, Piece, marks
from models.phrases import Activity, ActivityKind
from models.text import aligned, to_simplified

LONGEST = 6000
"""Characters; a registered scope is shorter, and what follows is not read."""

_STOPS = ";,、。\n"
_SECTIONS = {"licensed": "许可项目", "general": "一般项目"}


@lru_cache(maxsize=1024)
def read_activities(text: str) -> tuple[Activity, ...]:
    """The activities of a scope, in order, without the sentences on permits; those it excludes are marked as such."""
    folded = to_simplified(aligned(text[:LONGEST]))
    if folded.count("(") != folded.count(")"):
        folded = folded.replace("(", ";").replace(")", ";")  # a lost bracket must not swallow the rest
    whole = Piece(folded, 0, len(folded), marks("scope", folded))
    found: list[Activity] = []
    section, excluding = "", ""
    for piece, stop in _pieces(whole):
        heading = piece.opens_with(*_SECTIONS)
        if heading is not None:
            section, excluding = _SECTIONS[heading.label], ""
            piece = piece.part(heading.end)
        for part, excluded in _parts(piece):
            cue = part.opens_with("exclude", "besides")
            outside = next((mark for mark in reversed(part.marks) if mark.label in ("outside", "excepted")), None)
            excluding = cue.label if cue else excluding
            inside = part.part(cue.end if cue else part.start, outside.start if outside else part.end)
            found += _activity(
                text, inside, section, excluded or bool(excluding or (outside and outside.label == "excepted"))
            )
            if outside is not None:
                found += _activity(text, _without_of(part.part(outside.end)), section, excluded)
                excluding = ""
        if stop != "、" and excluding != "besides":
            excluding = ""
    return tuple(found)


def _pieces(whole: Piece) -> Iterator[tuple[Piece, str]]:
    """The members of the scope, each with the sign that ends it; a heading begins a member, a bracket holds its members together."""
    headings = {mark.start for mark in whole.marks if mark.label in _SECTIONS}
    start = depth = 0
    for at, char in enumerate(whole.text):
        depth += (char == "(") - (char == ")")
        if at in headings and at > start:
            yield whole.part(start, at), ";"
            start, depth = at, 0
        elif char in _STOPS and depth <= 0:
            yield whole.part(start, at), char
            start = at + 1
    yield whole.part(start), ";"


def _parts(piece: Piece) -> Iterator[tuple[Piece, bool]]:
    """A member without its brackets, then what the brackets exclude; brackets and members on permits are left out."""
    start = piece.start
    for begin, end in _brackets(piece):
        inner = piece.part(begin + 1, end)
        cue = inner.first("exclude", "excepted", "besides")
        if inner.first("boilerplate") is not None or cue is not None:
            yield from _split(piece.part(start, begin))
            start = end + 1
        if cue is not None and inner.first("boilerplate") is None:
            yield from ((part, True) for member, _ in _pieces_of(inner) for part, _ in _split(member))
    yield from _split(piece.part(start))


def _split(piece: Piece) -> Iterator[tuple[Piece, bool]]:
    """A member, parted where an exclusion begins in its middle (检测服务不含采样); nothing of a sentence on permits."""
    if piece.start >= piece.end or piece.first("boilerplate") is not None:
        return
    cue = piece.first("exclude")
    if cue is not None and cue.start > piece.start:
        yield piece.part(piece.start, cue.start), False
        yield piece.part(cue.start), True
    else:
        yield piece, False


def _pieces_of(inner: Piece) -> Iterator[tuple[Piece, str]]:
    start = inner.start
    for at in range(inner.start, inner.end):
        if inner.text[at] in _STOPS:
            yield inner.part(start, at), inner.text[at]
            start = at + 1
    yield inner.part(start), ""


def _brackets(piece: Piece) -> Iterator[tuple[int, int]]:
    """Where the outermost brackets open and close."""
    depth, begin = 0, piece.start
    for at in range(piece.start, piece.end):
        if piece.text[at] == "(":
            begin = at if depth == 0 else begin
            depth += 1
        elif piece.text[at] == ")":
            depth -= 1
            if depth == 0:
                yield begin, at


def _without_of(piece: Piece) -> Piece:
    return piece.part(piece.start + 1) if piece.words.startswith("的") else piece


def _activity(text: str, piece: Piece, section: str, excluded: bool) -> Iterator[Activity]:
    if piece.start < piece.end:
        printed = text[piece.start : piece.end]
        yield Activity(printed, _kind(piece), excluded, section, (piece.start, piece.end))


def _kind(piece: Piece) -> ActivityKind:
    """Testing where any part of the member is testing; else trade where testing is only what is sold, made or taught."""
    kinds: set[ActivityKind] = set()
    joints = [mark for mark in piece.marks if mark.label == "joint"]
    edges = [piece.start, *(edge for mark in joints for edge in (mark.start, mark.end)), piece.end]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        part = piece.part(start, end)
        kinds |= {_kind_of(part, mark) for mark in part.marks if mark.label == "testing"}
    return next((kind for kind in (ActivityKind.TESTING, ActivityKind.TRADE) if kind in kinds), ActivityKind.OTHER)


def _kind_of(part: Piece, testing: Mark) -> ActivityKind:
    """检测仪器 and 检测技术开发 are no testing."""
    goods = any(mark.label == "thing" and mark.start == testing.end for mark in part.marks)
    traded = any(mark.label == "trade" and mark.end == part.end for mark in part.marks)
    return ActivityKind.TRADE if goods or traded else ActivityKind.TESTING
