"""From a seed to a consistent invented case: every paper and every registry tell the same story."""

import datetime as dt
import random
import tomllib
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

from samples.generate.catalogue import DATA, Citation, Parameter, TestObject, calibrations, objects
from samples.generate.codes import cma_number, credit_code
from samples.generate.entities import KINDS, EntityKind
from samples.generate.facts import (
    Annex,
    Application,
    Capability,
    Case,
    Certificate,
    CmaCertificate,
    Commitment,
    IndexLine,
    LegalEntity,
    Licence,
    MethodStyle,
    Signatory,
    Site,
)
from samples.generate.numerals import capital_in_words
from samples.generate.world import world_of

FOREVER = dt.date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Plan:
    """What kind of case to invent. None and 0 leave the choice to the seed; `claim` is the share of accredited rows applied for."""

    entity: str | None = None
    form: str | None = None
    generation: str | None = None
    sites: int = 0
    objects: int = 0
    parameters: int = 0
    groups: tuple[str, ...] = ()
    """Only objects with one of these groups of parameters; empty = any."""
    english: bool = False
    calibration: bool = False
    holds_cma: bool = False
    english_certificate: bool = False
    claim: float = 0.7
    carry: str | None = None
    ruling: str | None = None
    split_rows: bool = True
    unit: str = ""
    """Suffix of the accredited unit where it is not the legal person itself, such as 检测中心."""
    as_of: dt.date = dt.date(2026, 11, 1)


@cache
def words() -> dict[str, Any]:
    """The word lists that names and addresses are made of."""
    return tomllib.loads((DATA / "words.toml").read_text("utf-8"))


def invent(seed: int, plan: Plan = Plan()) -> Case:
    """The case of this seed; equal seeds and plans give equal cases."""
    rng = random.Random(seed)
    kind = KINDS[plan.entity or rng.choice([name for name in KINDS if name != "individual"])]
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
    signatories = invent_signatories(rng, people[2:6], sites)
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
    application = Application(
        name, licence.code, sites[0].address, sites[0].postcode, licence.person, people[6][0], people[7][0],
        f"0898-6{rng.randint(1000000, 9999999)}", parent or (LegalEntity(licence.name, licence.address, licence.person, licence.code) if plan.unit else None),
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


def invent_people(rng: random.Random, count: int) -> list[tuple[str, str]]:
    """Distinct people as (姓名, pinyin)."""
    people: dict[str, str] = {}
    while len(people) < count:
        (family, family_english), (given, given_english) = (rng.choice(words()[k]) for k in ("surnames", "given_names"))
        people.setdefault(family + given, f"{given_english} {family_english}")
    return list(people.items())


def invent_licence(rng: random.Random, kind: EntityKind, plan: Plan, city: dict[str, Any], person: str) -> Licence:
    """The licence of an entity in this city; the term is printed as the law of its day of issue had it."""
    form = plan.form or rng.choice(kind.forms)
    short = city["name"].removesuffix("市").removesuffix("县").removesuffix("黎族自治")
    public = kind.authority[0] in "15"
    place = rng.choice(("海南省", city["name"])) if public else rng.choice(("海南", short))
    name = rng.choice(kind.names).format(
        place=place, word=rng.choice(words()["trade_names"]), trade=rng.choice(words()["industries"]), city=short
    )
    established = dt.date(2004, 1, 5) + dt.timedelta(days=rng.randint(0, 4000))
    first, last = {
        "portrait": (dt.date(2016, 1, 4), dt.date(2019, 2, 27)),
        "landscape": (dt.date(2019, 3, 4), dt.date(2025, 12, 30)),
        "electronic": (dt.date(2022, 4, 1), dt.date(2026, 6, 30)),
    }.get(form, (dt.date(2023, 1, 4), dt.date(2025, 12, 30)))
    issued = first + dt.timedelta(days=rng.randint(0, (last - first).days))
    capital = Decimal(rng.choice((500000, 1000000, 2000000, 5000000, 10000000, 15000000, 30000000)))
    printed_capital = rng.choice(
        (capital_in_words(capital), "人民币" + capital_in_words(capital), f"{capital / 10000:.0f}万元人民币")
    )
    if public:
        printed_capital = rng.choice((f"{capital / 10000:.0f}万元", f"￥{capital / 10000:.0f}万元"))
    term, term_text = invent_term(rng, kind, established, issued, public=public)
    registrar = (
        "海南省市场监督管理局" if not public and rng.random() < 0.3 else kind.registrar.format(city=city["name"])
    )
    division = rng.choice((city["division"], "460000")) if kind.authority in ("91", "12") else city["division"]
    code = credit_code(rng, kind.authority, division)
    return Licence(
        form=form,
        code=code,
        name=name,
        entity_type=kind.entity_type,
        person_label=kind.person_label,
        person=person,
        capital_label=kind.capital_label,
        capital_text=printed_capital if kind.capital_label else "",
        capital=capital if kind.capital_label else None,
        place_label=kind.place_label,
        address=invent_address(rng, city),
        date_label=kind.date_label,
        established_on=established if kind.date_label else None,
        term_label=kind.term_label if term else "",
        term_text=term_text,
        term=term,
        scope_label=kind.scope_label,
        scope=invent_scope(rng, public=public),
        authority=registrar,
        issued_on=issued,
        serial=f"{rng.randint(0, 99999):05d}{rng.randint(0, 9999):04d}" if form == "landscape" else "",
        copy="" if form == "electronic" else rng.choice(("副本", "副本", "正本")),
    )


def invent_term(
    rng: random.Random, kind: EntityKind, established: dt.date, issued: dt.date, *, public: bool
) -> tuple[tuple[dt.date | None, dt.date | None] | None, str]:
    """The term and its printed form; none for kinds without one and for licences issued under the rules of 2022."""
    if public:
        end = years_after(issued, 5)
        return (issued, end), f"自{chinese_date(issued)}至{chinese_date(end)}"
    if not kind.term_label or issued >= dt.date(2022, 3, 1):
        return None, ""
    if rng.random() < 0.5:
        return (established, FOREVER), rng.choice(
            (f"{chinese_date(established)}至长期", f"{chinese_date(established)} 至 长期")
        )
    end = years_after(established, 30)
    return (established, end), rng.choice(("", "自")) + f"{chinese_date(established)}至{chinese_date(end)}"


def invent_scope(rng: random.Random, *, public: bool) -> str:
    services = ["检验检测服务", "农产品质量安全检测", "室内环境检测", "环境保护监测", "食品检验服务", "海洋环境服务"]
    technical = [
        "技术服务、技术开发、技术咨询、技术交流、技术转让、技术推广",
        "标准化服务",
        "计量技术服务",
        "实验分析仪器销售",
        "环保咨询服务",
    ]
    if public:
        return f"开展{'、'.join(rng.sample(('食品', '农产品', '水质', '环境空气', '土壤'), 3))}的检验检测，提供质量安全技术服务、咨询和培训。"
    licensed = "；".join(["检验检测服务", *rng.sample(services[1:], 2)])
    general = "；".join(rng.sample(technical, 3))
    return (
        f"许可项目：{licensed}（依法须经批准的项目，经相关部门批准后方可开展经营活动，具体经营项目以相关部门批准文件或许可证件为准）"
        f"一般项目：{general}（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"
    )


def invent_address(rng: random.Random, city: dict[str, Any]) -> str:
    province = "" if rng.random() < 0.15 else "海南省"
    return province + city["name"] + rng.choice(city["districts"]) + rng.choice(city["places"])


def invent_parent(rng: random.Random, licence: Licence, person: str) -> LegalEntity:
    """The company that a branch belongs to; its name is the branch's name up to 有限公司."""
    name = licence.name[: licence.name.index("公司") + 2]
    city = words()["cities"][0]
    return LegalEntity(name, invent_address(rng, city), person, credit_code(rng, "91", city["division"]))


def invent_sites(rng: random.Random, licence: Licence, city: dict[str, Any], count: int) -> tuple[Site, ...]:
    """Site A is the registered address; further sites lie elsewhere in Hainan."""
    main = licence.address if licence.address.startswith("海南省") else "海南省" + licence.address
    others = [other for other in words()["cities"] if other is not city]
    sites = [(main, city)]
    for other in rng.sample(others, count - 1):
        sites.append((f"海南省{other['name']}{rng.choice(other['districts'])}{rng.choice(other['places'])}", other))
    return tuple(
        Site("ABCDEF"[place], address, f"No.{rng.randint(2, 300)}, {rng.choice(('Nanhai Avenue', 'Jianshe Road', 'Binhai Road'))}, "
             f"{where['english']}, Hainan, China", where["postcode"], rng.choice(("固定", "固定设施")), rng.choice(("检测", "检测、样品管理")))
        for place, (address, where) in enumerate(sites)
    )  # fmt: skip


def invent_signatories(
    rng: random.Random, people: list[tuple[str, str]], sites: tuple[Site, ...]
) -> tuple[Signatory, ...]:
    """One person signs for everything at each site, the others for a part."""
    fields = words()["signing_fields"]
    multiple = len(sites) > 1
    signers = []
    for site in sites:
        chosen = people if site is sites[0] else people[:2]
        for place, (name, english) in enumerate(chosen):
            field = fields[0] if place == 0 else rng.choice(fields[1:])
            title = words()["titles"][place]
            signers.append(Signatory(name, english, field, title, site.code if multiple else None))
    return tuple(signers)


def invent_rows(rng: random.Random, plan: Plan, sites: tuple[Site, ...], generation: str) -> tuple[Capability, ...]:
    """The accredited rows of every site in reading order; every second site or so repeats an object of the first."""
    fitting = [o for o in objects() if not plan.groups or set(plan.groups) & set(o.groups)]
    rows: list[Capability] = []
    for site in sites:
        chosen = sorted(rng.sample(range(len(fitting)), min(plan.objects or rng.randint(2, 4), len(fitting))))
        for number, place in enumerate(chosen, 1):
            rows += rows_of(rng, plan, fitting[place], str(number), site.code if len(sites) > 1 else None, generation)
    if plan.calibration:
        rows += calibration_rows(rng)
    return tuple(rows)


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


def calibration_rows(rng: random.Random) -> list[Capability]:
    chosen = [c for c in calibrations() if rng.random() < 0.8]
    instruments = list(dict.fromkeys(c.instrument for c in chosen))
    rows = []
    for c in chosen:
        number = str(instruments.index(c.instrument) + 1)
        rows.append(
            Capability(
                "calibration",
                None,
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


def invent_cma(
    rng: random.Random, plan: Plan, name: str, sites: tuple[Site, ...], rows: tuple[Capability, ...], signatories: tuple[Signatory, ...]
) -> CmaCertificate:  # fmt: skip
    issued = plan.as_of - dt.timedelta(days=rng.randint(400, 1500))
    return CmaCertificate(
        cma_number(rng, issued.year), name, sites[0].address, issued, years_after(issued, 6),
        "海南省市场监督管理局", rows[: max(2, len(rows) // 3)], signatories[:2],
    )  # fmt: skip


def domains_of(rows: tuple[Capability, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c.standard.domain for row in rows for c in row.citations))


def years_after(day: dt.date, years: int) -> dt.date:
    """The last day of a term of so many years that begins on `day`."""
    try:
        return day.replace(year=day.year + years) - dt.timedelta(days=1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def chinese_date(day: dt.date) -> str:
    return f"{day.year}年{day.month:02d}月{day.day:02d}日"
