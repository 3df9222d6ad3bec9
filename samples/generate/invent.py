"""From a seed to a consistent invented case: every paper and every registry tell the same story."""

import datetime as dt
import random
from dataclasses import replace

from samples.generate.accredited import claim, domains_of, english_of, index_of, invent_rows
from samples.generate.applicant import (
    invent_licence,
    invent_parent,
    invent_people,
    invent_signatories,
    invent_sites,
    words,
)
from samples.generate.calendar import years_after
from samples.generate.codes import cma_number
from samples.generate.entities import KINDS
from samples.generate.facts import (
    Annex,
    Application,
    Capability,
    Case,
    Certificate,
    CmaCertificate,
    Commitment,
    LegalEntity,
    MethodStyle,
    Signatory,
    Site,
)
from samples.generate.plan import Plan
from samples.generate.world import world_of

ANY = Plan()
"""A plan that leaves everything to the seed."""


def invent(seed: int, plan: Plan = ANY) -> Case:
    """The case of this seed; equal seeds and plans give equal cases."""
    rng = random.Random(seed)
    kind = KINDS[plan.entity or rng.choice(list(KINDS))]
    if not (plan.entity or kind.may_apply):  # one that may not apply makes no clean case
        kind = KINDS["company"]
    generation = plan.generation or rng.choice(("G1", "G2", "G3"))
    city = rng.choice(words()["cities"])
    people = invent_people(rng, 8)
    licence = invent_licence(rng, kind, plan, city, people[0][0])
    parent = invent_parent(rng, licence, people[1][0]) if kind.name == "branch" else None
    sites = invent_sites(rng, licence, city, plan.sites or 1)
    name = licence.name + plan.unit
    effective = plan.as_of - dt.timedelta(days=rng.randint(120, 1200))
    expires = years_after(effective, 6)
    number = f"CNAS L{rng.choice((rng.randint(300, 9999), rng.randint(10000, 24000))):04d}"
    owner = parent.name if parent else licence.name if plan.unit else ""
    certificate = Certificate(number, name, owner, sites[0].address, sites[0].postcode, effective, expires)
    english_name = f"{rng.choice(('Hainan', city['english']))} {rng.choice(('Testing Center', 'Inspection and Testing Co., Ltd.'))}"
    signatories = invent_signatories(rng, people[2:6], sites, generation)
    rows = invent_rows(rng, plan, sites, generation)
    issued = effective + dt.timedelta(days=rng.choice((0, 0, 20)))
    style = {
        "G1": MethodStyle(tight=True),
        "G2": MethodStyle(separator=rng.choice(("", "；"))),
        "G3": MethodStyle(bracketed=rng.random() < 0.25),
    }[generation]
    annex = Annex(
        generation, number, name, english_name, sites, signatories, rows, issued, effective, expires, style,
        carry=plan.carry or rng.choice(("blank", "repeat")),
        ruling=plan.ruling or rng.choice(("stroke", "rect", "path")),
        split_rows=plan.split_rows,
        english_rows=english_of(rows) if plan.english else (),
    )  # fmt: skip
    annex = replace(annex, index=index_of(annex) if generation == "G2" else ())
    claimed = claim(rng, rows, plan.claim)
    unclaimed = tuple(row for row in rows if row.section == "testing" and row not in claimed)
    cma = invent_cma(rng, plan, name, sites, unclaimed or claimed[:1], signatories) if plan.holds_cma else None
    applied = plan.as_of - dt.timedelta(days=rng.randint(3, 20))
    legal_entity = LegalEntity(licence.name, licence.address, licence.person, licence.code)
    application = Application(
        name, licence.code, sites[0].address, sites[0].postcode, licence.person, people[6][0], people[7][0],
        f"0898-6{rng.randint(1000000, 9999999)}", parent or (legal_entity if plan.unit else None),
        kind.entity_class, "扩项" if cma else "首次", sites, claimed, signatories, number,
        cma.number if cma else "", cma.expires_on if cma else None, applied, domains_of(claimed),
    )  # fmt: skip
    commitment = Commitment(licence.name, licence.person, applied)
    english_certificate = (
        replace(certificate, name=english_name, legal_entity="", address=sites[0].english, language="en")
        if plan.english_certificate
        else None
    )
    world = world_of(rng, plan.as_of, licence, parent, certificate, annex, cma)
    return Case(seed, plan.as_of, licence, certificate, english_certificate, annex, application, commitment, cma, world)


def invent_cma(
    rng: random.Random, plan: Plan, name: str, sites: tuple[Site, ...], rows: tuple[Capability, ...], signatories: tuple[Signatory, ...]
) -> CmaCertificate:  # fmt: skip
    issued = plan.as_of - dt.timedelta(days=rng.randint(400, 1500))
    return CmaCertificate(
        cma_number(rng, issued.year), name, sites[0].address, issued, years_after(issued, 6),
        "海南省市场监督管理局", rows[: max(2, len(rows) // 3)], signatories[:2],
    )  # fmt: skip
