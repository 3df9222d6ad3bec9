"""Values of papers put right by a person: which places a person can correct, and the papers with what he read there. Pure."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from extractor.limits import limits_of
from extractor.scopes import read_activities
from extractor.signing import read_signing
from models.codes import cnas_number, uscc
from models.dates import FOREVER, Period, parse_date, parse_period
from models.errors import InputError
from models.field import Evidence, Field
from models.finding import Finding, Side
from models.layout import Origin
from models.money import Money, parse_money
from models.papers import BusinessLicence, CapabilityRow, LegalEntity, Paper, Signatory, Site
from models.standards import StandardRef
from models.text import clean

P = TypeVar("P")

CORRECTED = "corrected"
"""The flag of a field that a person put right."""

LONGEST = 4_000
_COLUMNS = ("object", "parameter", "method", "limitation", "note", "site")
_LISTS: Mapping[str, tuple[str, ...]] = {
    "rows": _COLUMNS,
    "signatories": ("name", "field", "note"),
    "sites": ("code", "address"),
}
"""What can be corrected in the lines of a table."""


class PlaceUnknown(InputError):
    """没有这一可更正的位置。 There is no such place to correct."""

    code = "place_unknown"


class ValueUnusable(InputError):
    """该值不符合此处的格式。 The value does not have the form that belongs here."""

    code = "value_unusable"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: `key` (`2/address`, `1/rows.17.method`) finds it again, `text` is what was read there, None where nothing was.

    `illegible` is whether a person may say that it cannot be read; cells of tables are either right or wrong.
    """

    key: str
    kind: str
    file: str
    name: str
    text: str | None
    confidence: float
    origin: Origin
    evidence: tuple[Evidence, ...]
    flags: tuple[str, ...]
    illegible: bool


def corrected(papers: Sequence[Paper], values: Mapping[str, str | None]) -> tuple[Paper, ...]:
    """The papers with these values (by key of place; None = illegible) in place of what was read. PlaceUnknown, ValueUnusable."""
    changed = list(papers)
    for key, value in values.items():
        number, path = _parted(key, len(changed))
        changed[number] = _put(changed[number], path, None if value is None else _cleaned(value))
    return tuple(changed)


def place(papers: Sequence[Paper], key: str) -> Place:
    """The place with this key. PlaceUnknown."""
    number, path = _parted(key, len(papers))
    paper = papers[number]
    if len(path) == 3:
        line = _line(paper, path)
        return _place_of_cell(key, paper, line, path[2])
    holder = _holder(paper, path)
    field = getattr(holder, path[-1], None)
    if not isinstance(field, Field):
        raise PlaceUnknown
    return _place_of_field(key, paper, path, field)


def places_of(papers: Sequence[Paper], finding: Finding, claimed: Sequence[CapabilityRow] = ()) -> tuple[Place, ...]:
    """The places whose values a finding compares, left side first: what may have to be put right. `claimed` are the rows decided on."""
    found: dict[str, Place] = {}
    for side in (finding.left, finding.right):
        if side is not None and side.evidence:
            found |= {each.key: each for each in _fields_at(papers, side)}
            if len(finding.rows) == 1:
                row = claimed[finding.rows[0]] if finding.rows[0] < len(claimed) else None
                found |= {each.key: each for each in _cells_at(papers, side, row)}
    return tuple(found.values())


def all_places(papers: Sequence[Paper]) -> Iterator[Place]:
    """Every field of every paper that can be corrected; not the cells of tables."""
    for number, paper in enumerate(papers):
        for path, field in _fields_of(paper):
            yield _place_of_field(f"{number}/{'.'.join(path)}", paper, path, field)


def written(value: object) -> str:
    """A value as a person would type it."""
    match value:
        case dt.date():
            return "长期" if value == FOREVER else value.isoformat()
        case Period():
            start, end = (written(day) if day else "" for day in (value.start, value.end))
            return f"自{start}至{end}" if start else f"至{end}"
        case Money():
            return f"{value.amount:f}元" if value.currency == "CNY" else f"{value.amount:f} {value.currency}"
        case _:
            return str(value)


def _put(paper: Paper, path: tuple[str, ...], value: str | None) -> Paper:
    if len(path) == 3:
        lines = list(getattr(paper, path[0], ()))
        lines[int(path[1])] = _put_in_line(_line(paper, path), path[2], value)
        return _with(paper, path[0], tuple(lines))
    if len(path) == 2:
        entity = _holder(paper, path)
        return _with(paper, path[0], _with(entity, path[1], _put_right(entity, path[1], value)))
    changed = _with(paper, path[0], _put_right(paper, path[0], value))
    if isinstance(changed, BusinessLicence) and path[0] == "business_scope":
        return replace(changed, activities=read_activities(value) if value else None)
    return changed


def _with(holder: P, name: str, value: object) -> P:
    changed: P = replace(cast(Any, holder), **{name: value})
    return changed


def _put_right(holder: object, name: str, value: str | None) -> Field[Any]:
    old = getattr(holder, name, None)
    if not isinstance(old, Field):
        raise PlaceUnknown
    text = value or ""
    kind: Any = type(holder)
    typed = None if value is None else _typed(_type_of(kind, name), name, text)
    return replace(old, value=typed, text=text, confidence=1.0, flags=(CORRECTED,), other="")


def _typed(kind: type, name: str, text: str) -> object:
    reader: Callable[[str], object] | None = _READERS.get(kind)
    if reader is None:
        spell: Callable[[str], str] | None = _SPELT.get(name)
        return spell(text) if spell else text
    read = reader(text)
    if read is None:
        raise ValueUnusable(_WRONG.get(kind, ValueUnusable.__doc__ or ""))
    return read


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


_READERS: Mapping[type, Callable[[str], object]] = {
    dt.date: parse_date,
    Period: parse_period,
    Money: parse_money,
    int: _number,
}
_WRONG: Mapping[type, str] = {
    dt.date: "请填写日期，如 2026年3月14日 或 2026-03-14。 Write a date, such as 2026-03-14.",
    Period: "请填写期限，如 自2019年3月14日至长期。 Write a term, such as 自2019-03-14至2039-03-13 or 长期.",
    Money: "请填写金额及单位，如 500万元。 Write an amount with its unit, such as 500万元.",
    int: "请填写整数。 Write a whole number.",
}
_SPELT: Mapping[str, Callable[[str], str]] = {
    "unified_social_credit_code": uscc.compact,
    "registration_number": lambda text: cnas_number.find(text.upper()) or text,
    "cnas_number": lambda text: cnas_number.find(text.upper()) or text,
}
"""Numbers that the parsers write in one way."""


def _put_in_line(
    line: CapabilityRow | Signatory | Site, name: str, value: str | None
) -> CapabilityRow | Signatory | Site:
    if value is None and name in ("method", "address", "name", "field"):
        raise ValueUnusable("此处不能留空。 This cannot be left empty.")
    given: dict[str, Any] = {name: value or None, "confidence": 1.0}
    changed = replace(line, **given)
    if isinstance(changed, CapabilityRow):
        standards = tuple(StandardRef.find_all(changed.method)) if name == "method" else changed.standards
        limits = limits_of(changed.limitation, changed.note, standards)
        return replace(changed, standards=standards, limits=limits, flags=(*changed.flags, CORRECTED))
    if isinstance(changed, Signatory) and name == "field" and changed.language == "zh":
        return replace(changed, signs=read_signing(changed.field))
    return changed


def _parted(key: str, papers: int) -> tuple[int, tuple[str, ...]]:
    number, slash, path = key.partition("/")
    steps = tuple(path.split("."))
    if not slash or not number.isdecimal() or int(number) >= papers or not 1 <= len(steps) <= 3:
        raise PlaceUnknown
    return int(number), steps


def _line(paper: Paper, path: tuple[str, ...]) -> CapabilityRow | Signatory | Site:
    table, number, column = path
    lines = getattr(paper, table, ()) if table in _LISTS else ()
    if column not in _LISTS.get(table, ()) or not number.isdecimal() or int(number) >= len(lines):
        raise PlaceUnknown
    return cast(CapabilityRow | Signatory | Site, lines[int(number)])


def _holder(paper: Paper, path: tuple[str, ...]) -> object:
    if len(path) == 1:
        return paper
    entity = getattr(paper, path[0], None)
    if not isinstance(entity, LegalEntity):
        raise PlaceUnknown
    return entity


def _fields_of(paper: Paper) -> Iterator[tuple[tuple[str, ...], Field[Any]]]:
    for attribute in fields(paper):
        value = getattr(paper, attribute.name)
        if isinstance(value, Field):
            yield (attribute.name,), value
        elif isinstance(value, LegalEntity):
            for inner in fields(value):
                if isinstance(part := getattr(value, inner.name), Field):
                    yield (attribute.name, inner.name), part


def _fields_at(papers: Sequence[Paper], side: Side) -> Iterator[Place]:
    """Fields that stand where the side does; of several at one spot, those that say what the side says."""
    standing = [
        (f"{number}/{'.'.join(path)}", paper, path, field)
        for number, paper in enumerate(papers)
        for path, field in _fields_of(paper)
        if not set(field.evidence).isdisjoint(side.evidence)
    ]
    alike = [one for one in standing if side.text and one[3].text == side.text]
    for key, paper, path, field in alike or standing:
        yield _place_of_field(key, paper, path, field)


def _cells_at(papers: Sequence[Paper], side: Side, claimed: CapabilityRow | None) -> Iterator[Place]:
    for number, paper in enumerate(papers):
        for index, row in enumerate(getattr(paper, "rows", ())):
            if row is claimed or row == claimed:
                for column in ("parameter", "method", "limitation"):
                    yield _place_of_cell(f"{number}/rows.{index}.{column}", paper, row, column)
        for table in ("signatories", "sites"):
            for index, line in enumerate(getattr(paper, table, ())):
                if line.evidence and not set(line.evidence).isdisjoint(side.evidence):
                    for column in _LISTS[table][:2]:
                        yield _place_of_cell(f"{number}/{table}.{index}.{column}", paper, line, column)


def _place_of_field(key: str, paper: Paper, path: tuple[str, ...], field: Field[Any]) -> Place:
    text = None if field.value is None else field.text or written(field.value)
    return Place(
        key,
        paper.kind,
        paper.source.file,
        ".".join(path),
        text,
        field.confidence,
        field.origin,
        field.evidence,
        field.flags,
        illegible=True,
    )


def _place_of_cell(key: str, paper: Paper, line: CapabilityRow | Signatory | Site, column: str) -> Place:
    flags = line.flags if isinstance(line, CapabilityRow) else ()
    return Place(
        key,
        paper.kind,
        paper.source.file,
        column,
        getattr(line, column),
        line.confidence,
        line.origin,
        line.evidence,
        flags,
        illegible=False,
    )


def _cleaned(value: str) -> str:
    text = clean(value)
    if not text or len(text) > LONGEST:
        raise ValueUnusable("请填写 1–4000 个字符。 Write 1 to 4,000 characters.")
    return text


@cache
def _type_of(holder: Any, name: str) -> type:
    """The type of a field's value: `date` of `Field[date] | None`."""
    hint = get_type_hints(holder)[name]
    for option in (hint, *get_args(hint)):
        if get_origin(option) is Field:
            kind: type = get_args(option)[0]
            return kind
    raise PlaceUnknown
