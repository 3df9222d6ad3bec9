"""Lots: SHA-256 of the seed, the hashes of both lists and what is drawn, in hexadecimal; the smallest lot wins.

A lot can be made by hand: `printf '%s\\n%s\\n…' SEED LIST_HASH LIST_HASH WORD ID NUMBER | sha256sum`, with line feeds between the parts
and none after the last. Who has w lots takes part with the smallest of them: the chances are those of drawing from an urn without putting
back, w slips for each (Efraimidis and Spirakis 2006, with whole weights), and nothing is computed in floating point.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def lot(*parts: str) -> str:
    """The lot of these parts: 64 hexadecimal digits."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def smallest(count: int, *parts: str) -> tuple[str, int]:
    """The smallest of `count` lots, numbered from 1, and its number."""
    return min((lot(*parts, str(number)), number) for number in range(1, count + 1))


def list_hash(entries: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 of a list: its entries by id as canonical JSON (keys sorted, no blanks, UTF-8), each ended by a line feed."""
    lines = (f"{canonical(entry)}\n" for entry in sorted(entries, key=lambda entry: entry["id"]))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def canonical(value: object) -> str:
    """JSON with sorted keys, no blanks and Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def repeated(ids: Iterable[str]) -> list[str]:
    """The ids that stand more than once in a list."""
    seen: set[str] = set()
    return [one for one in ids if one in seen or seen.add(one)]  # type: ignore[func-returns-value]
