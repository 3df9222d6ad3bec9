"""A draw and its record: everything that decided it stands in the record, so that anyone can draw again and compare."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.draw.lots import canonical, list_hash, lot, repeated, smallest
from api.draw.persons import Person, must_avoid
from api.draw.risk import Body, RiskTable
from models.errors import InputError

ALGORITHM = "zhengshen-draw-1"

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """What is fixed before the seed is known: bodies to draw, inspectors for each, and how many bodies one inspector takes (0: any)."""

    drawn_on: dt.date
    bodies: int
    team: int = 2
    most: int = 0


def draw(
    seed: str, source: str, terms: Terms, bodies: Sequence[Body], inspectors: Sequence[Person], table: RiskTable
) -> Record:
    """The record of a draw. `source` says where the seed was published; InputError where the lists or the seed cannot be used."""
    _check(seed, [body.id for body in bodies], [person.id for person in inspectors])
    entries = [body.entry() for body in sorted(bodies, key=lambda body: body.id)]
    persons = [person.entry() for person in sorted(inspectors, key=lambda person: person.id)]
    urn = (seed, list_hash(entries), list_hash(persons))
    weights = [_weight(body, terms.drawn_on, table) for body in sorted(bodies, key=lambda body: body.id)]
    best = sorted((*smallest(weight["lots"], *urn, "body", weight["id"]), weight["id"]) for weight in weights)
    by_id = {body.id: body for body in bodies}
    tasks: Counter[str] = Counter()
    drawn = [
        {"body": by_id[one].id, "name": by_id[one].name, "lot": found, "lot_number": number}
        | _team(urn, by_id[one], inspectors, terms, tasks)
        for found, number, one in best[: terms.bodies]
    ]
    record: Record = {
        "algorithm": ALGORITHM,
        "seed": seed,
        "seed_source": source,
        "drawn_on": terms.drawn_on.isoformat(),
        "terms": {"bodies": terms.bodies, "team": terms.team, "most": terms.most},
        "risk": table.entry(),
        "bodies": {"sha256": urn[1], "entries": entries},
        "inspectors": {"sha256": urn[2], "entries": persons},
        "weights": weights,
        "drawn": drawn,
    }
    return sealed(record)


def verify(record: Mapping[str, Any]) -> list[str]:
    """What in a record is not as the algorithm gives it, as paths (`drawn.0.body`); empty where all of it is. InputError: no record."""
    if record.get("algorithm") != ALGORITHM:
        raise InputError(f"不是 {ALGORITHM} 的抽取记录。 This is no record of {ALGORITHM}.")
    try:
        terms = Terms(dt.date.fromisoformat(record["drawn_on"]), **record["terms"])
        again = draw(
            record["seed"],
            record["seed_source"],
            terms,
            [Body.of(entry) for entry in record["bodies"]["entries"]],
            [Person.of(entry) for entry in record["inspectors"]["entries"]],
            RiskTable.of(record["risk"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"抽取记录不完整（{error}）。 The record is not complete ({error}).") from error
    return list(differences(record, again))


def sealed(record: Record) -> Record:
    """The record with its own hash, over everything else in it."""
    return {**record, "sha256": hashlib.sha256(canonical(record).encode()).hexdigest()}


def differences(left: Any, right: Any, path: str = "") -> Iterator[str]:
    """Paths at which two values of JSON differ."""
    if isinstance(left, dict) and isinstance(right, dict):
        for name in dict.fromkeys((*left, *right)):
            yield from differences(left.get(name), right.get(name), f"{path}.{name}" if path else name)
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for number, (one, other) in enumerate(zip(left, right, strict=True)):
            yield from differences(one, other, f"{path}.{number}")
    elif left != right or type(left) is not type(right):
        yield path


def _weight(body: Body, on: dt.date, table: RiskTable) -> dict[str, Any]:
    points = table.points_of(body, on)
    name, lots = table.class_of(points)
    return {"id": body.id, "points": points, "class": name, "lots": lots}


def _team(
    urn: tuple[str, str, str], body: Body, inspectors: Sequence[Person], terms: Terms, tasks: Counter[str]
) -> dict[str, Any]:
    """Those with the smallest lots for this body who may and can go; `tasks` counts what each has been drawn for so far."""
    names, codes = (body.name, body.legal_entity), (body.id, body.unified_social_credit_code, *body.certificates)
    why = {person.id: must_avoid(person, names, codes) for person in inspectors}
    order = sorted(
        (lot(*urn, "inspector", body.id, person.id), person.id) for person in inspectors if not why[person.id]
    )
    free = [(found, one) for found, one in order if not terms.most or tasks[one] < terms.most]
    team = free[: terms.team]
    tasks.update(one for _, one in team)
    return {
        "team": [{"inspector": one, "lot": found} for found, one in team],
        "avoided": [{"inspector": one, "why": reason} for one, reason in sorted(why.items()) if reason],
        "missing": terms.team - len(team),
    }


def _check(seed: str, *lists: Sequence[str]) -> None:
    if not seed.strip() or "\n" in seed:
        raise InputError("随机种子应为一行不空的文字。 The seed is one line of text, not empty.")
    for ids in lists:
        if twice := repeated(ids):
            raise InputError(f"名单中编号重复：{'、'.join(twice)}。 Ids stand twice in a list: {', '.join(twice)}.")
        if any("\n" in one for one in ids):
            raise InputError("名单中的编号不能换行。 Ids in a list must not hold line feeds.")
