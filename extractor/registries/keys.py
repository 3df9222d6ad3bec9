"""What papers ask of registries, and by what a record is found: one spelling of keys for both sides."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from models.codes import cma_number, cnas_number, uscc
from models.field import Field
from models.papers import ApplicationForm, CapabilityRow, Paper
from models.records import (
    AccreditationRecord,
    CmaRecord,
    CreditRecord,
    EnterpriseRecord,
    LibraryRecord,
    ScopeRecord,
    StandardRecord,
    VerificationRecord,
)
from models.standards import StandardRef, find_references
from models.text import key as text_key

_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Questions:
    """The keys that the papers of a case give to ask by."""

    entities: frozenset[str] = field(default_factory=frozenset)
    accreditations: frozenset[str] = field(default_factory=frozenset)
    certificates: frozenset[str] = field(default_factory=frozenset)
    places: frozenset[str] = field(default_factory=frozenset)
    standards: frozenset[str] = field(default_factory=frozenset)


def questions(papers: Sequence[Paper]) -> Questions:
    """Every entity (by credit code and by name), CNAS number, CMA number, place and standard series that the papers name."""
    entities: set[str] = set()
    for paper in papers:
        legal = getattr(paper, "legal_entity", None)
        holders = [paper, legal] if isinstance(paper, ApplicationForm) and legal is not None else [paper]
        for holder in holders:
            entities.update(code_keys(_values(holder, "unified_social_credit_code")))
            entities.update(name_keys(_values(holder, "name")))
        if isinstance(legal, Field):
            entities.update(name_keys([legal.value or ""]))
    accreditations = {key for p in papers for key in cnas_keys(_values(p, "registration_number", "cnas_number"))}
    certificates = {key for p in papers for key in cma_keys(_values(p, "number", "cma_number"))}
    addresses = [site.address for paper in papers for site in getattr(paper, "sites", ())]
    addresses += [address for paper in papers for address in _values(paper, "address")]
    rows = (row for paper in papers for row in getattr(paper, "rows", ()))
    standards = {key for row in rows for key in row_keys(row)}
    return Questions(
        entities=frozenset(entities),
        accreditations=frozenset(accreditations),
        certificates=frozenset(certificates),
        places=frozenset(place_keys(addresses)),
        standards=frozenset(standards),
    )


def keys_of(record: Any) -> Iterator[str]:
    """The keys under which a record is found."""
    match record:
        case EnterpriseRecord():
            yield from code_keys([record.unified_social_credit_code])
            yield from name_keys([record.name, *(change.before for change in record.changes if "名称" in change.item)])
        case CreditRecord():
            yield from code_keys([record.unified_social_credit_code])
            yield from name_keys([record.name])
        case AccreditationRecord():
            yield from cnas_keys([record.registration_number])
        case CmaRecord():
            yield from cma_keys([record.number])
            yield from code_keys([record.unified_social_credit_code])
            yield from name_keys([record.name])
            yield from place_keys([record.address])
        case ScopeRecord():
            yield from cnas_keys([record.owner])
            yield from cma_keys([record.owner])
        case VerificationRecord():
            yield from cma_keys([record.number])
        case LibraryRecord() | StandardRecord():
            if record.standard is not None:
                yield from series_keys([record.standard])
            else:
                yield from title_keys([record.title, record.code])


def row_keys(row: CapabilityRow) -> Iterator[str]:
    """The series of its standards and documents of method; a row without any is asked for by its text."""
    references = row.standards or find_references(row.method)
    if references:
        yield from series_keys(references)
    else:
        yield from title_keys([row.method])


def code_keys(codes: Iterable[str]) -> Iterator[str]:
    """By 统一社会信用代码."""
    return (f"uscc:{compact}" for code in codes if (compact := uscc.compact(code)))


def name_keys(names: Iterable[str]) -> Iterator[str]:
    """By name, as `models.text.key` compares."""
    return (f"name:{key}" for name in names if (key := text_key(name)))


def cnas_keys(numbers: Iterable[str]) -> Iterator[str]:
    """By CNAS registration number."""
    return (f"cnas:{number}" for text in numbers if (number := registration_number(text)))


def registration_number(text: str) -> str:
    """The canonical CNAS number (`CNAS L0867`); one of unknown form only compacted, empty for an empty text."""
    return cnas_number.validate(text) if cnas_number.is_valid(text) else cnas_number.compact(text)


def cma_keys(numbers: Iterable[str]) -> Iterator[str]:
    """By CMA certificate number."""
    return (f"cma:{compact}" for number in numbers if (compact := cma_number.compact(number)))


def place_keys(addresses: Iterable[str]) -> Iterator[str]:
    """By address as printed, with or without the province's name."""
    return (f"place:{key}" for text in addresses if (key := text_key(text).removeprefix("海南省")))


def series_keys(standards: Iterable[StandardRef]) -> Iterator[str]:
    """By standard number without type and year."""
    return (f"series:{standard.series}" for standard in standards if standard.series)


def title_keys(titles: Iterable[str]) -> Iterator[str]:
    """By printed title, for what has no number."""
    return (f"title:{key}" for title in titles if (key := _title(title)))


def numbers_in(keys: Iterable[str]) -> frozenset[str]:
    """Every run of digits in the keys, for `may_be_among`."""
    return frozenset(number for key in keys for number in _DIGITS.findall(key))


def may_be_among(code: str, numbers: frozenset[str]) -> bool:
    """Whether a printed code may have one of the keys that `numbers` are from; cheap, and never wrongly False."""
    if not code.isascii():
        code = unicodedata.normalize("NFKC", code)
    found = _DIGITS.findall(code)
    if not code.isascii() or not found:
        return True
    local = "".join(found[:2])  # the key of DB46/T 123 runs area and number together
    return local in numbers or not numbers.isdisjoint(found)


@cache
def _title(title: str) -> str:
    return text_key(title)


def _values(holder: object, *names: str) -> list[str]:
    found = (getattr(holder, name, None) for name in names)
    return [each.value for each in found if isinstance(each, Field) and isinstance(each.value, str)]
