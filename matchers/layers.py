"""Whether a text layer says something else than the page shows, beyond what recognition confuses."""

import unicodedata

from rapidfuzz.distance import Indel

from models.layout import TwoReadings
from models.text import key

SURE = 0.95
"""A reading of the picture below this proves nothing against the text layer."""

_ALIKE = str.maketrans("OQDILZSBG○◯〇", "000112586000")
"""Letters and signs that are printed like a digit; no two digits share one, so a changed digit is never taken for the same."""
_STROKES = {"", "一"}
"""A dash, or a rule beside the text, is read as the ideograph."""


def contradicts(reading: TwoReadings) -> bool:
    """Whether the picture surely shows another digit or another Chinese character than the text layer holds.

    Punctuation, blanks, traditional forms and letters alone are left to the recogniser's failings.
    """
    if reading.confidence < SURE:
        return False
    layer, picture = _signs(reading.layer), _signs(reading.picture)
    left, right = layer.translate(_ALIKE), picture.translate(_ALIKE)
    for step in Indel.opcodes(left, right):
        if step.tag != "equal":
            held, seen = layer[step.src_start : step.src_end], picture[step.dest_start : step.dest_end]
            if not {held, seen} <= _STROKES and any(map(_counts, held + seen)):
                return True
    return False


def _signs(text: str) -> str:
    """Letters, digits and ideographs, in one spelling; the signs that stand for a zero too."""
    return "".join(sign for sign in key(text) if sign.isalnum() or sign in "○◯")


def _counts(sign: str) -> bool:
    return sign.isdigit() or unicodedata.category(sign) == "Lo"
