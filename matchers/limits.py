"""限制范围: what a limit says, and whether one limit goes beyond another."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from models.text import key


class Mode(StrEnum):
    """How a limit limits: only these, all but these, up to a value, from a value, or words of unknown force."""

    ONLY = "only"
    EXCEPT = "except"
    MAX = "max"
    MIN = "min"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: the things it names, or the bound with its unit (`values` empty), as `text.key` gives them."""

    mode: Mode
    values: frozenset[str] = frozenset()
    bound: float = 0.0
    unit: str = ""


_NONE = re.compile(r"[-/()无;.。]*")
_SENTENCES = re.compile(r"[；;。\n]")
_CLAUSES = re.compile(r";(?=只|仅|不|除|限|最)")  # `key` makes a semicolon of a comma: 只用第一法，不做采样
_NUMBER = r"(-?[0-9]+(?:\.[0-9]+)?)"
_MAX = (
    re.compile(rf"^(?:只做|只测|仅限|限|仅)?(?:不超过|小于等于|不大于|最大|≤|<=)(?:为|:)?{_NUMBER}(.*)$"),
    re.compile(rf"^(?:只做|只测|仅限|限|仅|限于)?{_NUMBER}(.*?)(?:及)?以下$"),
)
_MIN = (
    re.compile(rf"^(?:只做|只测|仅限|限|仅)?(?:不低于|不小于|大于等于|最小|≥|>=)(?:为|:)?{_NUMBER}(.*)$"),
    re.compile(rf"^(?:只做|只测|仅限|限|仅|限于)?{_NUMBER}(.*?)(?:及)?以上$"),
)
_EXCEPT = (
    re.compile(r"^(?:不做|不测|不含|不包括|不用|不使用|不检|不能做|无法做)(.+?)(?:项目|参数)?$"),
    re.compile(r"^除(?:了)?(.+?)(?:之?外|以外)$"),
    re.compile(r"^(.+?)除外$"),
)
_ONLY = re.compile(
    r"^(?:只能用|只限于|只限|只用|只做|只测|只检|仅限于|仅限|仅用|仅做|仅测|仅检|限用|限做|限测|限于|限|只|仅)(?::)?(.+)$"
)
_SPLIT = re.compile(r"[;和及与]")


@lru_cache(maxsize=65536)
def parse_limits(text: str) -> frozenset[Limit]:
    """The limits that a cell states; empty for a blank cell, a dash or 无."""
    parts = (part for sentence in _SENTENCES.split(text) for part in _CLAUSES.split(key(sentence)))
    return frozenset(_limit(part) for part in parts if not _NONE.fullmatch(part))


def clause_limit(clause: str) -> Limit:
    """The limit that lies in naming a clause or a method of a standard (第一法)."""
    return Limit(Mode.ONLY, frozenset({_method(key(clause))}))


def is_wider(claimed: Iterable[Limit], accredited: Iterable[Limit]) -> bool | None:
    """Whether what is claimed goes beyond what is accredited; None where words alone cannot tell.

    Every accredited limit must be implied by a claimed one: a dropped limit is wider, a further limit is narrower.
    """
    own, verdicts = list(claimed), []
    for limit in accredited:
        implied = [_implies(mine, limit) for mine in own]
        verdicts.append(True if True in implied else None if None in implied else False)
    if False in verdicts:
        return True
    return None if None in verdicts else False


def _limit(part: str) -> Limit:
    for mode, patterns in ((Mode.MAX, _MAX), (Mode.MIN, _MIN)):
        for pattern in patterns:
            if found := pattern.match(part):
                return Limit(mode, frozenset(), float(found[1]), found[2])
    for pattern in _EXCEPT:
        if found := pattern.match(part):
            return Limit(Mode.EXCEPT, _values(found[1]))
    if found := _ONLY.match(part):
        return Limit(Mode.ONLY, _values(found[1]))
    return Limit(Mode.WORDS, frozenset({_method(part)}))


def _values(text: str) -> frozenset[str]:
    return frozenset(_method(value) for value in _SPLIT.split(text) if value)


def _method(value: str) -> str:
    """第1法 and 第一法 are one; brackets around a clause say nothing."""
    return value.strip("()").translate(_DIGITS) if value.startswith(("第", "(第", "方法", "(")) else value


_DIGITS = str.maketrans("一二三四五六七八九", "123456789")


def _implies(mine: Limit, theirs: Limit) -> bool | None:
    """Whether whatever `mine` allows, `theirs` allows too; None where the two cannot be compared."""
    if mine == theirs:
        return True
    pair = (mine.mode, theirs.mode)
    if pair == (Mode.ONLY, Mode.ONLY):
        return mine.values <= theirs.values
    if pair == (Mode.EXCEPT, Mode.EXCEPT):
        return mine.values >= theirs.values
    if pair == (Mode.ONLY, Mode.EXCEPT):
        return False if mine.values & theirs.values else None
    if mine.mode is theirs.mode and mine.mode in (Mode.MAX, Mode.MIN) and mine.unit == theirs.unit:
        return mine.bound <= theirs.bound if mine.mode is Mode.MAX else mine.bound >= theirs.bound
    return False if pair == (Mode.EXCEPT, Mode.ONLY) else None
