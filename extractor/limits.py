"""限制范围 cells -> limits: only the first method, all but mercury, up to 1000 ℃, for which of the row's standards."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from extractor.bounds import bounds
from extractor.phrases import Mark, Piece, fold, marks
from models.numerals import parse_number
from models.phrases import Limit, Mode
from models.standards import StandardRef, find_references
from models.text import key

LONGEST = 400
"""Characters; what is longer is no limit but a text, and is kept as words."""

_COUNT = "[一二三四五六七八九十0-9]+"
_SHARED = re.compile(rf"第({_COUNT}(?:[、,和及]第?{_COUNT}){{1,9}})(法|篇|部分|章)")
_NUMERAL = re.compile(r"[一二三四五六七八九十]+")
_NOTHING = re.compile(r"[-/()、,:.。#*①-⑳\s]*[0-9]{0,2}[-/()、,:.。#*\s]*")
_METHOD_NAME = re.compile(r"\(?(?![中的])[^中的]{2,40}法(?:\([^()]*\))?\)?")
_SEGMENT = re.compile(r"[^,、;。\n]*")
_CUES = ("only", "exclude", "besides", "at_most", "less", "at_least", "more", "part")


def limits_of(limitation: str | None, note: str | None, standards: Sequence[StandardRef]) -> tuple[Limit, ...]:
    """Every limit on a row: 限制范围, limits in 说明, and for each standard the clause named and what is printed beside its number."""
    found = [_placed(limit, standards) for limit in read_limits(limitation or "")]
    found += [_placed(limit, standards) for limit in read_limits(note or "") if limit.mode is not Mode.WORDS]
    for ref in standards:
        found += [replace(limit, standard=ref.key) for limit in read_limits(ref.limitation or "")]
        if ref.clause:
            found.append(Limit(Mode.ONLY, frozenset({_folded(ref.clause)}), standard=ref.key))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=65536)
def read_limits(text: str) -> tuple[Limit, ...]:
    """The limits that a cell states; none for a blank cell, a dash or 无. `standard` is the key as the cell names it."""
    text = _SHARED.sub(_spelt_out, fold(text[: LONGEST + 1]))
    if _NOTHING.fullmatch(text):
        return ()
    if len(text) > LONGEST:
        return (Limit(Mode.WORDS, frozenset({key(text)})),)
    return tuple(_together(limit for clause in _clauses(text, _marked(text)) for limit in _limits(clause)))


def _marked(text: str) -> tuple[Mark, ...]:
    """The marks of the rules, and the standards that are named; a standard prevails over what is marked inside it."""
    named = [Mark("standard", ref.key, ref.start, ref.end) for ref in find_references(text)]
    free = [m for m in marks("limits", text) if not any(s.start < m.end and m.start < s.end for s in named)]
    return tuple(sorted([*named, *free], key=lambda mark: mark.start))


def _clauses(text: str, found: tuple[Mark, ...]) -> Iterator[Piece]:
    """The cell cut at semicolons, full stops and lines, and where a further limit begins (只用第一法，不做采样)."""
    whole = Piece(text, 0, len(text), found)
    begins = {place.end for place in found if place.label == "place"} & {
        mark.start for mark in found if mark.label in ("only", "exclude") and len(mark.text) > 1
    }
    start = 0
    for at, char in enumerate(text):
        if char in ";。\n" or (char in ",、" and _begins_anew(whole.part(start, at), whole, at + 1)):
            yield whole.part(start, at)
            start = at + 1
        elif at in begins:
            yield whole.part(start, at)
            start = at
    yield whole.part(start, len(text))


def _begins_anew(before: Piece, whole: Piece, at: int) -> bool:
    """Whether a limit of its own begins after a comma: its cue follows at once, or each side of the comma has one (铅只用…，镉只用…)."""
    segment = _SEGMENT.match(whole.text, at)
    following = whole.part(at, segment.end() if segment else at)
    opening = following.opens_with(*_CUES)
    if before.opens_with("besides") and before.first("outside") is None:
        return False
    if opening is not None:
        return bool(following.part(opening.end).words)
    cue = following.first("only", "exclude")
    return (
        cue is not None
        and len(cue.text) > 1
        and before.first(*_CUES) is not None
        and bool(following.part(cue.end).words)
    )


def _limits(clause: Piece) -> Iterator[Limit]:
    """What one clause says; nothing where it says that there is no limit."""
    if _NOTHING.fullmatch(clause.words):
        return
    listed, rest = _listed_standards(clause)
    if listed and rest.words:
        yield from (replace(limit, standard=key) for key in listed for limit in _limits(rest))
    else:
        yield from bounds(clause) or _choice(clause)


def _listed_standards(clause: Piece) -> tuple[list[str], Piece]:
    """The standards that a clause begins with, and what it says of them."""
    listed: list[str] = []
    while standard := clause.opens_with("standard"):
        listed.append(standard.text)
        clause = clause.part(standard.end)
        if joint := clause.opens_with("joint"):
            clause = clause.part(joint.end)
    return listed, clause


def _choice(clause: Piece) -> list[Limit]:
    """Limits that name things: only these, all but these, a part of them, or words."""
    cue = clause.opens_with("only", "exclude", "besides", "part", "all", "rest")
    if cue is None:
        return _after_its_subject(clause)
    rest = clause.part(cue.end)
    if cue.label in ("all", "rest") and not rest.words:
        return []
    if cue.label == "besides":
        return _besides(clause, cue)
    if cue.label == "part" or (cue.label == "only" and rest.opens_with("part")):
        return [Limit(Mode.PART, frozenset({key(clause.words)}))]
    if cue.label in ("only", "exclude") and rest.words:
        return _named(Mode.ONLY if cue.label == "only" else Mode.EXCEPT, rest)
    return _words(clause)


def _after_its_subject(clause: Piece) -> list[Limit]:
    """抗压强度除外, 现场采样不做, 蔬菜仅限韭菜: the cue stands after what it speaks of."""
    last = clause.marks[-1] if clause.marks else None
    if last and last.end == clause.end and (last.label == "exclude" or last.text == "除外"):
        return _named(Mode.EXCEPT, clause.part(clause.start, last.start))
    cue = clause.first("only", "exclude")
    if cue and len(cue.text) > 1 and "(" not in clause.text[clause.start : cue.start]:
        mode, subject = (
            Mode.ONLY if cue.label == "only" else Mode.EXCEPT,
            key(clause.part(clause.start, cue.start).words),
        )
        return [replace(limit, what=subject) for limit in _named(mode, clause.part(cue.end))]
    return _words(clause)


def _besides(clause: Piece, cue: Mark) -> list[Limit]:
    """除…外: all but these; with 不做 after it only these; what else follows is a limit of its own."""
    outside = next((mark for mark in reversed(clause.marks) if mark.label == "outside"), None)
    if outside is None:
        return _words(clause)
    inside, after = clause.part(cue.end, outside.start), clause.part(outside.end)
    refused = after.first("exclude")
    if refused and not after.part(refused.end).words:
        return _named(Mode.ONLY, inside)
    return _named(Mode.EXCEPT, inside) + (_choice(after) if after.opens_with("only", "exclude") else [])


def _named(mode: Mode, clause: Piece) -> list[Limit]:
    """The things listed, as one limit; those named with a standard of their own (只用 GB/T 5009.3-2016 第一法) as limits on it."""
    values: list[str] = []
    placed: list[Limit] = []
    for item in clause.items():
        standard = item.opens_with("standard")
        rest = item.part(standard.end) if standard else item
        if standard and rest.words:
            placed.append(Limit(mode, frozenset({_value(rest)}), standard=standard.text))
        elif item.words:
            values.append(standard.text if standard else _value(item))
    return [*([Limit(mode, frozenset(values))] if values else []), *placed]


def _value(item: Piece) -> str:
    """A thing as it is compared: methods and parts in digits, without the name that repeats them (第三法 2,6-二氯靛酚滴定法)."""
    end = item.start
    for mark in item.marks:
        if mark.label != "place" or item.text[end : mark.start].strip():
            break
        end = mark.end
    if end == item.start:
        return key(item.words)
    rest = item.part(end).words
    return _folded(item.part(item.start, end if not rest or _METHOD_NAME.fullmatch(rest) else item.end).words)


def _folded(place: str) -> str:
    """第一法 as 第1法; brackets around a clause say nothing."""
    return _NUMERAL.sub(_digits, key(place).strip("()"))


def _digits(found: re.Match[str]) -> str:
    number = parse_number(found[0])
    return found[0] if number is None else str(number)


def _spelt_out(found: re.Match[str]) -> str:
    """第一、二法 as 第一法、第二法."""
    return "、".join(f"第{count}{found[2]}" for count in re.findall(_COUNT, found[1]))


def _words(clause: Piece) -> list[Limit]:
    return [Limit(Mode.WORDS, frozenset({key(clause.words)}))] if clause.words else []


def _placed(limit: Limit, standards: Iterable[StandardRef]) -> Limit:
    """A limit on a standard that the row does not name as such limits the whole row: a misread number must not lift it."""
    if limit.standard is None:
        return limit
    own = (ref.key for ref in standards if ref.key == limit.standard or ref.key.startswith(f"{limit.standard}-"))
    return replace(limit, standard=next(own, None))


def _together(found: Iterable[Limit]) -> Iterator[Limit]:
    """Each limit once, and one for all exceptions on the same thing: 不做铅；不做镉 is 不做铅、镉."""
    exceptions: dict[tuple[str, str | None], frozenset[str]] = {}
    others: dict[Limit, None] = {}
    for limit in found:
        if limit.mode is Mode.EXCEPT:
            place = (limit.what, limit.standard)
            exceptions[place] = exceptions.get(place, frozenset()) | limit.values
        else:
            others[limit] = None
    yield from others
    yield from (Limit(Mode.EXCEPT, values, what, standard=ref) for (what, ref), values in exceptions.items())
