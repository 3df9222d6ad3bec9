"""Bounds and ranges in 限制范围: ≤ 1000 ℃, 限300℃以下, 不做1000V以上, (0～300) mm."""

import re
from unicodedata import normalize

from extractor.phrases import Mark, Piece
from models.phrases import Limit, Mode
from models.text import key

_BEFORE = {
    "at_most": (Mode.AT_MOST, False),
    "less": (Mode.AT_MOST, True),
    "at_least": (Mode.AT_LEAST, False),
    "more": (Mode.AT_LEAST, True),
}
_AFTER = {"below": (Mode.AT_MOST, False), "above": (Mode.AT_LEAST, False)}
_OPPOSITE = {Mode.AT_MOST: Mode.AT_LEAST, Mode.AT_LEAST: Mode.AT_MOST}
_UNIT = re.compile(r"[)\s]*([^\u4e00-\u9fff,;、()]{0,20})")
_LONGEST_UNIT = 12
_SIGNED = re.compile(r"(?:^|[(~至到:为\s]|[^0-9a-zA-Z]-)-$|^-$")


def bounds(clause: Piece) -> list[Limit]:
    """The bound or range that a clause states; empty where it states none, or its numbers are parts of names."""
    numbers = [mark for mark in clause.marks if mark.label == "number"]
    if len(numbers) == 2:
        return _range(clause, *numbers)
    cue = clause.first(*_BEFORE, *_AFTER)
    return _bound(clause, numbers[0], cue) if len(numbers) == 1 and cue is not None else []


def _range(clause: Piece, first: Mark, second: Mark) -> list[Limit]:
    """1～500 mg, 5 mm以上100 mm以下; one unit for both ends."""
    between = [mark.label for mark in clause.marks if first.end <= mark.start and mark.end <= second.start]
    ends = [mark for mark in clause.marks if mark.label in _AFTER]
    pair = [mark.label for mark in ends] == ["above", "below"] and between == ["above"]
    if not (pair or "range" in between) or clause.opens_with("exclude"):
        return []
    joint = next(m for m in clause.marks if m.start >= first.end and m.label in ("range", "above"))
    own = _unit(clause.text[first.end : joint.start])
    shared = _unit_after(clause, second)
    if not (own in ("", shared) and len(own) <= _LONGEST_UNIT):
        return []
    low, high = _number(clause, first), _number(clause, second)
    return [Limit(Mode.BETWEEN, what=_what(clause, first.start), low=low, high=high, unit=shared)]


def _bound(clause: Piece, number: Mark, cue: Mark) -> list[Limit]:
    if cue.label in _AFTER:
        mode, is_open = _AFTER[cue.label]
        printed, rest = clause.text[number.end : cue.start], key(clause.part(cue.end).words)
        if cue.start < number.end or len(printed) > _LONGEST_UNIT:
            return []
        unit, begin = _unit(printed), number.start
    else:
        mode, is_open = _BEFORE[cue.label]
        if clause.text[cue.end : number.start].strip(" :为是-+("):
            return []
        unit, begin = _unit_after(clause, number), cue.start
        rest = key(clause.part(number.end).words).removeprefix(key(unit))
    if clause.opens_with("exclude"):  # 不做 300℃以下: what is left begins above it
        mode, is_open = _OPPOSITE[mode], not is_open
    bound = _number(clause, number)
    low, high = (bound, None) if mode is Mode.AT_LEAST else (None, bound)
    return [Limit(mode, what=_what(clause, begin) + rest, low=low, high=high, unit=unit, open=is_open)]


def _what(clause: Piece, until: int) -> str:
    """What is bounded: the words before the bound, without the cue of the limit (抗压强度只做2000kN以下)."""
    before = clause.part(clause.start, until)
    for cue in before.marks:
        if cue.label in ("only", "exclude"):
            return key(before.part(before.start, cue.start).words + before.part(cue.end).words.strip("-+("))
    return key(before.words.strip("-+(").removesuffix("为"))


def _number(clause: Piece, number: Mark) -> float:
    """With its sign, where the dash before it is one: at the beginning, after a bracket or the sign of a range."""
    before = clause.text[clause.start : number.start]
    return -float(number.text) if _SIGNED.search(before[-2:]) else float(number.text)


def _unit_after(clause: Piece, number: Mark) -> str:
    """The unit that follows a number: letters and signs, or up to three Chinese characters that end the clause (100吨)."""
    rest = clause.text[number.end : clause.end]
    for cue in clause.marks:
        if cue.label in _AFTER and cue.start >= number.end:
            rest = clause.text[number.end : cue.start]
    if len(rest.strip()) <= 3:
        return _unit(rest)
    found = _UNIT.match(rest)
    return _unit(found[1]) if found else ""


def _unit(text: str) -> str:
    return normalize("NFKC", text).strip(" ()-:,、。").replace(" ", "")
