"""Which domains of 能力项目库 an expert knows, and which of them the rows of a report ask for."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from matchers.data import read_bytes
from matchers.standards import Library
from models.standards import find_references
from models.text import key


@dataclass(frozen=True, slots=True)
class Need:
    """A domain in which people must decide, with the numbers of the rows (from 1, as the report has them)."""

    domain: str
    rows: tuple[int, ...]

    def entry(self) -> dict[str, Any]:
        """The need as a record holds it."""
        return {"id": self.domain, "rows": list(self.rows)}


@cache
def field_words() -> Mapping[str, tuple[str, ...]]:
    """Domain -> words (`matchers/data/expert_fields.toml`), as `models.text.key` compares."""
    raw = tomllib.loads(read_bytes("expert_fields.toml").decode("utf-8"))
    return {domain: tuple(key(word) for word in words) for domain, words in raw.items()}


def domains_of(fields: Iterable[str]) -> tuple[str, ...]:
    """The domains that printed fields belong to, in the library's order; a domain's own name always means it."""
    texts = [key(field) for field in fields]
    return tuple(
        domain
        for domain, words in field_words().items()
        if any(key(domain) in text or any(word in text for word in words) for text in texts)
    )


def unplaced(fields: Iterable[str]) -> tuple[str, ...]:
    """The printed fields that belong to no domain."""
    return tuple(field for field in fields if not domains_of([field]))


def needs_of(rows: Sequence[Mapping[str, Any]], library: Library | None = None) -> tuple[list[Need], tuple[int, ...]]:
    """What the rows of a report (`review --json`) that a human must decide ask for, and the rows whose domain cannot be told.

    A row's domain is the library's for its standard, whatever the year; else by the words of its object, parameter and method.
    """
    wanted: dict[str, list[int]] = defaultdict(list)
    lost = []
    for number, entry in enumerate(rows, 1):
        if entry["decision"] != "human":
            continue
        domains = _domains(entry["row"], library)
        for domain in domains:
            wanted[domain].append(number)
        if not domains:
            lost.append(number)
    return [Need(domain, tuple(numbers)) for domain, numbers in sorted(wanted.items())], tuple(lost)


def _domains(row: Mapping[str, Any], library: Library | None) -> tuple[str, ...]:
    references = [ref for standard in row.get("standards") or () for ref in find_references(standard["key"])]
    if library is not None:
        records = [record for ref in references for record in library.series.get(ref.series, ())]
        if found := tuple(dict.fromkeys(record.domain for record in records)):
            return found
    return domains_of(filter(None, (row.get("object"), row.get("parameter"), row.get("method"))))
