"""Inspectors and experts: who they are, where they work and worked, and from whom they must keep away."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from models.codes import uscc
from models.text import key

_LIST = re.compile(r"[;；、,，|\n]\s*")
_AWAY = frozenset({"停用", "暂停", "退出", "离任", "否", "inactive"})


@dataclass(frozen=True, slots=True)
class Person:
    """One inspector or expert. `avoid` names bodies (by name, credit code or certificate) declared by the person.

    `workload` counts tasks under way by the list; `fields` are as printed there.
    """

    id: str
    name: str
    unit: str = ""
    legal_entity: str = ""
    unified_social_credit_code: str = ""
    former_units: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    title: str = ""
    workload: int = 0

    def entry(self) -> dict[str, Any]:
        """The person as a published list and a record hold it."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @staticmethod
    def of(entry: Mapping[str, Any]) -> "Person":
        """The person of an entry; TypeError where it has other members."""
        members: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in entry.items()}
        return Person(**members)


def persons_in(rows: Iterable[Mapping[str, str]]) -> list[Person]:
    """The persons of a list's rows (kind `experts`), without those who are marked as away; without a number the name stands for it."""
    return [
        _person(row) for row in rows if row.get("status", "") not in _AWAY and (row.get("expert_id") or row.get("name"))
    ]


def must_avoid(person: Person, names: Iterable[str], codes: Iterable[str]) -> str:
    """Why the person must keep away from the body of these names and codes (its own, its legal person's); empty where not."""
    bodies, marks = {key(name) for name in names if name}, {uscc.compact(code) for code in codes if code}
    if key(person.unit) in bodies:
        return "现工作单位 employer"
    if any(key(unit) in bodies for unit in person.former_units):
        return "曾工作单位 former employer"
    legal = bool(person.legal_entity) and key(person.legal_entity) in bodies
    if legal or (person.unified_social_credit_code and person.unified_social_credit_code in marks):
        return "同一法人 same legal person"
    if any(key(word) in bodies or uscc.compact(word) in marks for word in person.avoid):
        return "申报回避 declared"
    return ""


def _person(row: Mapping[str, str]) -> Person:
    load = row.get("workload", "")
    return Person(
        id=row.get("expert_id") or row["name"],
        name=row.get("name", ""),
        unit=row.get("unit", ""),
        legal_entity=row.get("legal_entity", ""),
        unified_social_credit_code=uscc.compact(row.get("unified_social_credit_code", "")),
        former_units=_listed(row.get("former_units", "")),
        avoid=_listed(row.get("avoid", "")),
        fields=_listed(row.get("domains", "")),
        title=row.get("title", ""),
        workload=int(load) if load.isdecimal() else 0,
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for part in (each.strip() for each in _LIST.split(text)) if part)
