"""授权签字领域 against rows of capability: whether what a person may sign takes a row in."""

from collections.abc import Iterable
from functools import lru_cache

from matchers.capabilities import Capability
from models.finding import Bilingual, Comparison, Outcome
from models.phrases import SigningField
from models.text import key


def covers(signs: SigningField, row: Capability, domains: Iterable[str] = ()) -> Comparison:
    """Whether a field of signing takes in a row.

    MATCH: everything, or an area that is named in the row's object, parameter, method or `domains` (those of its standards in the
    library). TOLERATED: an area that only shares a word (two characters) with them, or a field that names no area. MISMATCH: none
    does, or the row's object or parameter is excepted.
    """
    about = tuple(_key(text) for text in (row.object, row.parameter, row.method, *domains) if text)
    named = tuple(_key(text) for text in (row.object, row.parameter) if text)
    excepted = next((name for name in signs.exceptions if any(name in text for text in named)), None)
    if excepted is not None:
        return _compared(Outcome.MISMATCH, 0.0, f"领域将“{excepted}”除外", f"“{excepted}” is excepted")
    if signs.everything:
        return _compared(Outcome.MATCH, 1.0, "可签发全部项目", "everything may be signed")
    if not signs.areas:
        tolerance = "签字领域未写明具体领域"
        return _compared(Outcome.TOLERATED, 0.5, tolerance, "the field names no area", tolerance)
    if area := next((area for area in signs.areas if any(area in text for text in about)), None):
        return _compared(Outcome.MATCH, 1.0, f"属于领域“{area}”", f"it belongs to “{area}”")
    if area := next(
        (area for area in signs.areas if any(word in text for text in about for word in _words(area))), None
    ):
        tolerance = f"与领域“{area}”用语相近"
        return _compared(Outcome.TOLERATED, 0.8, tolerance, f"it shares a word with “{area}”", tolerance)
    listed = "、".join(signs.areas)
    return _compared(Outcome.MISMATCH, 0.0, f"不属于领域“{listed}”", f"it belongs to none of “{listed}”")


def _compared(outcome: Outcome, score: float, zh: str, en: str, tolerance: str = "") -> Comparison:
    return Comparison(outcome, score, Bilingual(zh, en), tolerance)


@lru_cache(maxsize=4096)
def _words(area: str) -> tuple[str, ...]:
    """The pairs of characters of a name."""
    return tuple(area[at : at + 2] for at in range(max(1, len(area) - 1)))


@lru_cache(maxsize=65536)
def _key(text: str) -> str:
    return key(text)
