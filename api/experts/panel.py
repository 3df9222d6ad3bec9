"""A panel: for every domain that is asked for somebody who knows it, may judge it and has time, drawn with lots anyone can make again."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from api.draw.lots import list_hash, repeated, smallest
from api.draw.persons import Person, must_avoid
from api.draw.record import differences, sealed
from api.experts.fields import Need, domains_of
from models.errors import InputError

PANEL = "zhengshen-panel-1"

Record = dict[str, Any]


def propose(
    seed: str,
    source: str,
    day: dt.date,
    needs: Sequence[Need],
    experts: Sequence[Person],
    applicant: Mapping[str, Sequence[str]],
    *,
    size: int = 0,
    limit: int = 5,
) -> Record:
    """The record of a panel of at least `size`. `applicant` holds the names and codes to keep away from; `limit` is the most tasks for one.

    Domains that the fewest can judge are filled first; who is drawn covers every domain that he knows. An expert has as many lots as
    tasks are still free to him, so the busy are drawn more seldom. InputError where seed or list cannot be used.
    """
    if not seed.strip() or "\n" in seed:
        raise InputError("随机种子应为一行不空的文字。 The seed is one line of text, not empty.")
    if twice := repeated([expert.id for expert in experts]):
        raise InputError(f"专家编号重复：{'、'.join(twice)}。 Ids stand twice in the list: {', '.join(twice)}.")
    persons = sorted(experts, key=lambda expert: expert.id)
    entries, wanted = [person.entry() for person in persons], [need.entry() for need in needs]
    urn = (seed, list_hash(entries), list_hash(wanted))
    why = {p.id: must_avoid(p, applicant.get("names", ()), applicant.get("codes", ())) for p in persons}
    knows = {p.id: frozenset(domains_of(p.fields)) for p in persons}
    free = {p.id: limit - p.workload for p in persons if not why[p.id] and p.workload < limit}
    able = {need.domain: [one for one in free if need.domain in knows[one]] for need in needs}
    seats: list[dict[str, Any]] = []

    def seat(word: str, subject: str, candidates: Sequence[str]) -> None:
        found, number, one = min((*smallest(free[one], *urn, word, subject, one), one) for one in candidates)
        covers = [need.domain for need in needs if need.domain in knows[one]]
        seats.append(
            {
                "for": subject,
                "expert": one,
                "lot": found,
                "lot_number": number,
                "among": len(candidates),
                "covers": covers,
            }
        )

    for need in sorted(needs, key=lambda need: (len(able[need.domain]), need.domain)):
        if able[need.domain] and not any(need.domain in each["covers"] for each in seats):
            seat("domain", need.domain, able[need.domain])
    while len(seats) < size:
        taken = {each["expert"] for each in seats}
        rest = [one for one in free if one not in taken and any(one in able[need.domain] for need in needs)]
        if not rest:
            break
        seat("seat", str(len(seats) + 1), rest)
    return sealed(
        {
            "algorithm": PANEL,
            "seed": seed,
            "seed_source": source,
            "drawn_on": day.isoformat(),
            "terms": {"size": size, "limit": limit},
            "applicant": {"names": list(applicant.get("names", ())), "codes": list(applicant.get("codes", ()))},
            "needs": {"sha256": urn[2], "entries": wanted},
            "experts": {"sha256": urn[1], "entries": entries},
            "seats": seats,
            "avoided": [{"expert": one, "why": reason} for one, reason in why.items() if reason],
            "busy": [p.id for p in persons if not why[p.id] and p.workload >= limit],
            "uncovered": [need.domain for need in needs if not able[need.domain]],
            "missing": max(0, size - len(seats)),
        }
    )


def verify_panel(record: Mapping[str, Any]) -> list[str]:
    """What in a panel's record is not as the algorithm gives it, as paths; empty where all of it is. InputError: no record."""
    try:
        again = propose(
            record["seed"],
            record["seed_source"],
            dt.date.fromisoformat(record["drawn_on"]),
            [Need(entry["id"], tuple(entry["rows"])) for entry in record["needs"]["entries"]],
            [Person.of(entry) for entry in record["experts"]["entries"]],
            record["applicant"],
            **record["terms"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"抽取记录不完整（{error}）。 The record is not complete ({error}).") from error
    return list(differences(record, again))
