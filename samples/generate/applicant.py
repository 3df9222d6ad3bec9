"""Who applies: people, licence, addresses, places of work and signatories, invented."""

import datetime as dt
import random
import tomllib
from decimal import Decimal
from functools import cache
from typing import Any

from samples.generate.accredited import printed_site
from samples.generate.calendar import FOREVER, chinese_date, years_after
from samples.generate.catalogue import DATA
from samples.generate.codes import credit_code
from samples.generate.entities import EntityKind
from samples.generate.facts import LegalEntity, Licence, Signatory, Site
from samples.generate.numerals import capital_in_words
from samples.generate.plan import Plan


@cache
def words() -> dict[str, Any]:
    """The word lists that names and addresses are made of."""
    return tomllib.loads((DATA / "words.toml").read_text("utf-8"))


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
        subjects = "、".join(rng.sample(("食品", "农产品", "水质", "环境空气", "土壤"), 3))
        return f"开展{subjects}的检验检测，提供质量安全技术服务、咨询和培训。"
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
    made = []
    for code, (address, where) in zip("ABCDEF", sites, strict=False):
        road = rng.choice(("Nanhai Avenue", "Jianshe Road", "Binhai Road"))
        english = f"No.{rng.randint(2, 300)}, {road}, {where['english']}, Hainan, China"
        features, activities = rng.choice(("固定", "固定设施")), rng.choice(("检测", "检测、样品管理"))
        made.append(Site(code, address, english, where["postcode"], features, activities))
    return tuple(made)


def invent_signatories(
    rng: random.Random, people: list[tuple[str, str]], sites: tuple[Site, ...], generation: str
) -> tuple[Signatory, ...]:
    """One person signs for everything at each site, the others for a part."""
    fields = words()["signing_fields"]
    signers = []
    for site in sites:
        chosen = people if site is sites[0] else people[:2]
        for place, (name, english) in enumerate(chosen):
            field = fields[0] if place == 0 else rng.choice(fields[1:])
            title = words()["titles"][place]
            signers.append(Signatory(name, english, field, title, printed_site(site, sites, generation)))
    return tuple(signers)
