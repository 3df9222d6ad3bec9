"""Fingerprints of the pages of an annex: equal where two pages list the same standards under the same numbers in the same order."""

import hashlib
from collections.abc import Iterable, Sequence

LEAST = 8
"""Rows that a page must have: few rows are alike by chance."""

Row = tuple[int, str | None, Sequence[str]]
"""Of a row of capability the page, the number of its parameter, and the keys of its standards."""


def page_prints(rows: Iterable[Row]) -> dict[int, str]:
    """The fingerprint of each page with enough rows. Words and limits do not count: recognition reads them this way or that."""
    pages: dict[int, list[str]] = {}
    for page, number, keys in rows:
        pages.setdefault(page, []).append(f"{number or ''} {' '.join(keys)}")
    return {
        page: hashlib.sha256("\n".join(lines).encode()).hexdigest()
        for page, lines in pages.items()
        if len(lines) >= LEAST
    }
