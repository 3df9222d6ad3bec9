"""限制范围: whether the limits of one row go beyond those of another."""

import math
from collections.abc import Iterable
from functools import lru_cache

from models.phrases import Limit, Mode

_BOUNDS = (Mode.AT_MOST, Mode.AT_LEAST, Mode.BETWEEN)


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


def _implies(mine: Limit, theirs: Limit) -> bool | None:
    """Whether whatever `mine` allows, `theirs` allows too; None where the two cannot be compared."""
    if mine == theirs:
        return True
    if mine.mode in _BOUNDS and theirs.mode in _BOUNDS:
        return _within(mine, theirs)
    if mine.what != theirs.what:
        return None
    pair = (mine.mode, theirs.mode)
    own, others = _parted(mine.values, theirs.values), _parted(theirs.values, mine.values)
    if pair == (Mode.ONLY, Mode.ONLY):
        return own <= others
    if pair == (Mode.EXCEPT, Mode.EXCEPT):
        return own >= others
    if pair == (Mode.ONLY, Mode.EXCEPT):
        return False if own & others else None
    return False if pair == (Mode.EXCEPT, Mode.ONLY) else None


@lru_cache(maxsize=4096)
def _parted(values: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """The values, each that only runs several of the others together (a lost comma: 日落黄胭脂红) as what it runs together."""
    if values <= others:
        return values
    return frozenset(part for value in values for part in _parts(value, others - values) or (value,))


def _parts(value: str, names: frozenset[str]) -> tuple[str, ...] | None:
    """The names that a value consists of, one after the other; None where it holds anything else."""
    if not value:
        return ()
    for name in names:
        if name and value.startswith(name):
            rest = _parts(value.removeprefix(name), names)
            if rest is not None:
                return (name, *rest)
    return None


def _within(mine: Limit, theirs: Limit) -> bool | None:
    """Whether one interval lies in the other; None where they bound different things or in different units."""
    if mine.what != theirs.what or _unit(mine.unit) != _unit(theirs.unit):
        return None
    return _lower(mine) >= _lower(theirs) and _upper(mine) <= _upper(theirs)


def _lower(limit: Limit) -> tuple[float, bool]:
    """The lower end; an open one lies above a closed one of the same value."""
    return (-math.inf, False) if limit.low is None else (limit.low, limit.open)


def _upper(limit: Limit) -> tuple[float, bool]:
    """The upper end; an open one lies below a closed one of the same value."""
    return (math.inf, True) if limit.high is None else (limit.high, not limit.open)


def _unit(unit: str) -> str:
    """kN and KN are one unit, mPa and MPa are two."""
    return unit[:1] + unit[1:].casefold() if unit[:1] in ("m", "M") else unit.casefold()
