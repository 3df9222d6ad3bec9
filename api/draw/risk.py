"""Bodies to be drawn and how much each weighs: points for findings, complaints and years without inspection, a class, whole lots."""

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

from extractor.registries.records import parse_day
from matchers.data import read_bytes
from models.codes import cma_number, uscc
from models.dates import add_years


@dataclass(frozen=True, slots=True)
class Body:
    """A body that holds certificates. `last_inspected_on` is an ISO date, empty where it never was or is not known."""

    id: str
    name: str
    legal_entity: str = ""
    unified_social_credit_code: str = ""
    certificates: tuple[str, ...] = ()
    blocking: int = 0
    major: int = 0
    complaints: int = 0
    last_inspected_on: str = ""

    def entry(self) -> dict[str, Any]:
        """The body as a published list and a record hold it."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @staticmethod
    def of(entry: Mapping[str, Any]) -> "Body":
        """The body of an entry; TypeError where it has other members."""
        members: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in entry.items()}
        return Body(**members)


@dataclass(frozen=True, slots=True)
class RiskTable:
    """Points for what a body's record holds, and the classes: (name, least points, lots), the mildest first."""

    points: Mapping[str, int]
    classes: tuple[tuple[str, int, int], ...]

    def points_of(self, body: Body, on: dt.date) -> int:
        """A body's points on a day."""
        years = self.points["years_at_most"]
        if body.last_inspected_on:
            years = min(years, full_years(dt.date.fromisoformat(body.last_inspected_on), on))
        found = self.points["blocking"] * body.blocking + self.points["major"] * body.major
        return found + self.points["complaint"] * body.complaints + self.points["year"] * years

    def class_of(self, points: int) -> tuple[str, int]:
        """The class of so many points and its lots."""
        return next((name, lots) for name, least, lots in reversed(self.classes) if points >= least)

    def entry(self) -> dict[str, Any]:
        return {"points": dict(self.points), "classes": [list(one) for one in self.classes]}

    @staticmethod
    def of(entry: Mapping[str, Any]) -> "RiskTable":
        """The table of a record; ValueError where it could not have been used."""
        classes = tuple((str(name), int(least), int(lots)) for name, least, lots in entry["classes"])
        least = [one[1] for one in classes]
        if not classes or least[0] != 0 or least != sorted(least) or any(one[2] < 1 for one in classes):
            raise ValueError("classes begin at 0 points, rise, and have a lot at least")
        return RiskTable({str(name): int(value) for name, value in entry["points"].items()}, classes)


@cache
def load_risk_table() -> RiskTable:
    """The table that comes with the program (`matchers/data/risk.toml`)."""
    raw = tomllib.loads(read_bytes("risk.toml").decode("utf-8"))
    return RiskTable.of({**raw, "classes": [[name, *both] for name, both in raw["classes"].items()]})


def bodies_in(rows: Iterable[Mapping[str, str]]) -> list[Body]:
    """The bodies of a list of certificates (kind `cma`), each once by credit code, else by name, with its highest counts."""
    bodies: dict[str, Body] = {}
    for row in rows:
        code, name = uscc.compact(row.get("unified_social_credit_code", "")), row.get("name", "")
        if not (code or name):
            continue
        number = cma_number.compact(row.get("number", ""))
        day = parse_day(row.get("last_inspected_on", "") or row.get("commitment_checked_on", ""))
        known = bodies.get(code or name) or Body(code or name, name, row.get("legal_entity", ""), code)
        bodies[known.id] = replace(
            known,
            certificates=tuple(dict.fromkeys((*known.certificates, *([number] if number else ())))),
            blocking=max(known.blocking, _count(row.get("blocking", ""))),
            major=max(known.major, _count(row.get("major", ""))),
            complaints=max(known.complaints, _count(row.get("complaints", ""))),
            last_inspected_on=max(known.last_inspected_on, day.isoformat() if day else ""),
        )
    return list(bodies.values())


def full_years(since: dt.date, on: dt.date) -> int:
    """Whole years from one day to the other, none where it lies ahead."""
    years = max(0, on.year - since.year)
    return max(0, years - (add_years(since, years) > on))


def _count(text: str) -> int:
    return int(text) if text.isdecimal() else 0
