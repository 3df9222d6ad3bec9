"""How often a PDF was written: every save that appends to the file leaves a cross-reference section that names the one before."""

import re

_LAST_START = re.compile(rb"startxref\s+(\d{1,12})")
_PREVIOUS = re.compile(rb"/Prev\s+(\d{1,12})")
_LINEARIZED_WITHIN = 1_024
_TAIL = 4_096
_MOST = 1_000


def count_revisions(data: bytes) -> int | None:
    """1 for a file as it was first written; None where the chain of its sections is broken or goes in a circle."""
    starts = _LAST_START.findall(data, max(0, len(data) - _TAIL))
    if not starts:
        return None
    place, seen = int(starts[-1]), set[int]()
    while True:
        if place in seen or place >= len(data) or len(seen) >= _MOST:
            return None
        seen.add(place)
        entries = _entries(data, place)
        if entries is None:
            return None
        previous = _PREVIOUS.search(entries)
        if previous is None:
            break
        place = int(previous.group(1))
    # A file made for the web has a section for its first page besides that for the rest, both from the same save.
    in_two = len(seen) > 1 and b"/Linearized" in data[:_LINEARIZED_WITHIN]
    return len(seen) - in_two


def _entries(data: bytes, place: int) -> bytes | None:
    """The dictionary of the cross-reference section at this place, table or stream; None where there is none."""
    if data[place : place + 4] == b"xref":
        begin, end = data.find(b"trailer", place), data.find(b"startxref", place)
    else:
        begin, end = place, data.find(b"stream", place, place + 10_000)
        if not re.match(rb"\s*\d+\s+\d+\s+obj", data[place : place + 40]):
            return None
    return data[begin:end] if place <= begin < end else None
