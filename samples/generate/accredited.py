"""What is accredited and what is applied for: rows of capability in Chinese and English, the index of an annex."""

import random
from dataclasses import replace

from samples.generate.catalogue import Citation, Parameter, TestObject, calibrations, objects
from samples.generate.facts import Annex, Capability, IndexLine, Site
from samples.generate.plan import Plan


def invent_rows(rng: random.Random, plan: Plan, sites: tuple[Site, ...], generation: str) -> tuple[Capability, ...]:
    """The accredited rows of every site in reading order; every second site or so repeats an object of the first."""
    fitting = [o for o in objects() if not plan.groups or set(plan.groups) & set(o.groups)]
    rows: list[Capability] = []
    for site in sites:
        chosen = sorted(rng.sample(range(len(fitting)), min(plan.objects or rng.randint(2, 4), len(fitting))))
        for number, place in enumerate(chosen, 1):
            rows += rows_of(rng, plan, fitting[place], str(number), printed_site(site, sites, generation), generation)
    if plan.calibration:
        rows += calibration_rows(rng, sites[0].code if generation == "G2" else None)
    return tuple(rows)


def printed_site(site: Site, sites: tuple[Site, ...], generation: str) -> str | None:
    """The code that stands over the tables of a site; annexes of one site leave it out, but for those with an index."""
    return site.code if len(sites) > 1 or generation == "G2" else None


def rows_of(
    rng: random.Random, plan: Plan, thing: TestObject, number: str, site: str | None, generation: str
) -> list[Capability]:
    """The rows of one object. As on real annexes a parameter's number is now and then printed twice."""
    count = min(plan.parameters or rng.randint(5, 10), len(thing.parameters))
    chosen = sorted(rng.sample(range(len(thing.parameters)), count))
    unique = {thing.parameters[place].name: thing.parameters[place] for place in chosen}
    rows, shift = [], 0
    for order, parameter in enumerate(unique.values(), 1):
        shift += generation == "G1" and order > 2 and rng.random() < 0.03
        for citations in parameter.cells:
            rows.append(row_of(parameter, citations, thing, number, f"{number}.{order - shift}", site, generation))
    return rows


def row_of(
    parameter: Parameter, citations: tuple[Citation, ...], thing: TestObject, number: str, order: str, site: str | None, generation: str
) -> Capability:  # fmt: skip
    beside = next((i for i, citation in enumerate(citations) if citation.limitation), 0)
    return Capability(
        "testing", site, number, thing.name, order, parameter.name, None if generation == "G3" else parameter.field_code,
        citations, citations[beside].limitation, beside=beside,
    )  # fmt: skip


def calibration_rows(rng: random.Random, site: str | None) -> list[Capability]:
    chosen = [c for c in calibrations() if rng.random() < 0.8]
    instruments = list(dict.fromkeys(c.instrument for c in chosen))
    rows = []
    for c in chosen:
        number = str(instruments.index(c.instrument) + 1)
        rows.append(
            Capability(
                "calibration",
                site,
                number,
                c.instrument,
                "",
                c.measurand,
                None,
                (Citation(c.standard),),
                c.range,
                c.uncertainty,
            )
        )
    return rows


def english_of(rows: tuple[Capability, ...]) -> tuple[Capability, ...]:
    """The English section of the testing rows: translated names and titles, the same codes."""
    english_objects = {o.name: o.english for o in objects()}
    english_parameters = {p.name: p.english for o in objects() for p in o.parameters}
    translated = []
    for row in rows:
        if row.section != "testing":
            continue
        parameter, thing = english_parameters[row.parameter], english_objects[row.object]
        title = f"Determination of {parameter[0].lower() + parameter[1:]} in {thing[0].lower() + thing[1:]}"
        citations = tuple(
            replace(c, standard=replace(c.standard, title=title), clause=english_clause(c.clause))
            for c in row.citations
        )
        limitation = "Accredited only for part of the methods" if row.limitation else ""
        translated.append(
            replace(row, object=thing, parameter=parameter, citations=citations, limitation=limitation, language="en")
        )
    return tuple(translated)


def english_clause(clause: str) -> str:
    """第一篇 第二法 -> Part 1 Method 2."""
    numerals = {character: str(place) for place, character in enumerate("一二三四五六", 1)}
    words_of = {"篇": "Part", "法": "Method", "部": "Part", "条": "Clause"}
    parts = []
    for part in clause.split():
        if part.startswith("第"):
            number, unit = part[1:].rstrip("分篇法条部"), next(c for c in part[::-1] if c in words_of)
            parts.append(f"{words_of[unit]} {numerals.get(number, number)}")
        else:
            parts.append(part)
    return " ".join(parts)


def index_of(annex: Annex) -> tuple[IndexLine, ...]:
    """获准认可能力索引: signatories, then capability, each in Chinese and where there is one in English, by site."""
    languages = ("中文", "英文") if annex.english_rows else ("中文",)
    lines = []
    kinds = [("授权签字人", annex.sites)] + [
        (title, [s for s in annex.sites if any(r.section == section and r.site in (s.code, None) for r in annex.rows)])
        for title, section in (("检测能力", "testing"), ("校准能力", "calibration"))
    ]
    for title, sites in kinds:
        for site in sites:
            if title == "校准能力" and site is not annex.sites[0]:
                continue
            for language in languages if title != "校准能力" else ("中文",):
                lines.append(IndexLine(site.code, f"{title}({language})", annex.assessment, annex.issued_on))
    return tuple(lines)


def claim(rng: random.Random, rows: tuple[Capability, ...], share: float) -> tuple[Capability, ...]:
    """The testing rows that the applicant asks for, at least one."""
    testing = [row for row in rows if row.section == "testing"]
    count = max(1, round(len(testing) * share))
    chosen = sorted(rng.sample(range(len(testing)), count))
    return tuple(testing[place] for place in chosen)


def domains_of(rows: tuple[Capability, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c.standard.domain for row in rows for c in row.citations))
