"""What kinds of characters there are, as one look-up table over all of Unicode."""

import numpy as np
from numpy.typing import NDArray

BLANK, SPACE, GARBAGE, WIDE = 1, 2, 4, 8
_RANGES = {
    # what prints nothing
    BLANK: (
        (0x00, 0x01),
        (0x03, 0x20),
        (0x7F, 0xA0),
        (0x2000, 0x200F),
        (0x2028, 0x202F),
        (0x205F, 0x2064),
        (0x3000, 0x3000),
        (0xFEFF, 0xFEFF),
    ),
    # what prints nothing and takes room
    SPACE: (
        (0x09, 0x09),
        (0x20, 0x20),
        (0xA0, 0xA0),
        (0x2000, 0x200A),
        (0x202F, 0x202F),
        (0x205F, 0x205F),
        (0x3000, 0x3000),
    ),
    # what no text means: controls, surrogates, private use, replacement characters
    GARBAGE: (
        (0x00, 0x01),
        (0x03, 0x08),
        (0x0E, 0x1F),
        (0x7F, 0x9F),
        (0xD800, 0xF8FF),
        (0xFFFD, 0xFFFD),
        (0xF0000, 0x10FFFF),
    ),
    # ideographs, kana, hangul, full-width forms: `extractor.lines` prints no space beside these either
    WIDE: (
        (0x2E80, 0x9FFF),
        (0xAC00, 0xD7AF),
        (0xF900, 0xFAFF),
        (0xFE30, 0xFE4F),
        (0xFF00, 0xFFEF),
        (0x20000, 0x3FFFF),
    ),
}


def _table() -> NDArray[np.uint8]:
    table = np.zeros(0x110000, np.uint8)
    for kind, ranges in _RANGES.items():
        for first, last in ranges:
            table[first : last + 1] |= kind
    return table


#: For each code point the sum of its kinds.
KINDS = _table()
