"""What the registries know: the truth of the case, and decoys that must not be mistaken for it."""

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal

from samples.generate.catalogue import standards
from samples.generate.codes import cma_number, credit_code
from samples.generate.facts import (
    Accreditation,
    Annex,
    Certificate,
    CmaCertificate,
    CreditEntry,
    Enterprise,
    IssuedCma,
    LegalEntity,
    LibraryLine,
    Licence,
    StandardLine,
    World,
)

DOMAINS = (
    "产品质量检验", "食品检验", "农产品质量检验", "医疗器械检验", "生态环境监测", "司法鉴定检测", "进出口商品检验",
    "林业产品质量检验", "化妆品检验", "机动车排放、安全技术检验", "林木种子、草种质量检验",
)  # fmt: skip
"""领域 of the 能力项目库 and of the 事项清单."""

CITE_ONLY = "废止，仅限能力项目库范围内现行有效产品标准引用本标准及监督抽检时申请"

ABOLISHED = (
    ("食品检验", "食品中水分的测定", "GB/T 5009.3-2003", "废止", "GB 5009.3-2016"),
    ("食品检验", "食品中铅的测定", "GB/T 5009.12-2003", "废止", "GB 5009.12-2023"),
    ("食品检验", "食品中山梨酸、苯甲酸的测定", "GB/T 5009.29-2003", "作废", "GB 5009.28-2016"),
    ("食品检验", "食品中铜的测定", "GB/T 5009.13-2003", "被GB 5009.13-2017替代", "GB 5009.13-2017"),
    ("农产品质量检验", "蔬菜中有机磷及氨基甲酸酯农药残留量的简易检验方法", "GB/T 18630-2002", CITE_ONLY, ""),
    ("生态环境监测", "水质 pH值的测定 玻璃电极法", "GB/T 6920-1986", "废止", "HJ 1147-2020"),
    ("产品质量检验", "水泥胶砂强度检验方法(ISO法)", "GB/T 17671-1999", CITE_ONLY, "GB/T 17671-2021"),
    ("产品质量检验", "生活饮用水标准检验方法 金属指标", "GB/T 5750.6-2006", "废止", "GB/T 5750.6-2023"),
)
"""Withdrawn editions that the library still lists with a remark, and what replaced them."""


def world_of(
    rng: random.Random,
    as_of: dt.date,
    licence: Licence,
    parent: LegalEntity | None,
    certificate: Certificate,
    annex: Annex,
    cma: CmaCertificate | None,
) -> World:
    """The registries of a consistent case."""
    status = "存续（在营、开业、在册）" if licence.code[0] == "9" else "正常"
    own = Enterprise(
        licence.code, licence.name, licence.entity_type, licence.person, licence.capital, licence.established_on,
        licence.issued_on, licence.term, licence.authority, status, licence.address, licence.scope,
    )  # fmt: skip
    neighbours = [decoy_enterprise(rng, own) for _ in range(4)]
    enterprises = [own, *neighbours]
    if parent:
        enterprises.append(replace(
            own, code=parent.code, name=parent.name, entity_type="有限责任公司(自然人投资或控股)", person=parent.person,
            capital=Decimal(20000000), address=parent.address,
        ))  # fmt: skip
    rng.shuffle(enterprises)
    directory = Accreditation(
        certificate.registration_number, certificate.name, certificate.legal_entity or licence.name,
        certificate.address, certificate.effective_on, certificate.expires_on, annex.issued_on,
    )  # fmt: skip
    others = [
        replace(
            directory,
            registration_number=f"CNAS L{rng.randint(25000, 29999)}",
            name=e.name,
            legal_entity=e.name,
            address=e.address,
        )
        for e in neighbours
    ]
    issued = [
        IssuedCma(
            cma_number(rng, as_of.year - 2),
            e.name,
            e.code,
            e.address,
            dt.date(as_of.year - 2, 3, 1),
            dt.date(as_of.year + 4, 2, 28),
        )
        for e in neighbours[:3]
    ]
    if cma:
        issued.insert(1, IssuedCma(cma.number, cma.name, licence.code, cma.address, cma.issued_on, cma.expires_on))
    return World(
        enterprises=tuple(enterprises),
        credit=decoy_credit(rng, as_of, own, neighbours),
        cnas=(others[0], directory, *others[1:]),
        cnas_rows=annex.rows,
        cma=tuple(issued),
        cma_rows=tuple((cma.number, row) for row in cma.rows) if cma else (),
        domains=DOMAINS,
        library=library_lines(),
        standards=standard_lines(),
    )


def decoy_enterprise(rng: random.Random, own: Enterprise) -> Enterprise:
    """Another Hainan entity, one character away from nothing in the case."""
    name = f"海南{rng.choice('鹭鸥鲣鲷珀珏榉槐')}{rng.choice('丰茂达信恒')}{rng.choice(('环境检测', '检测技术', '食品检验'))}有限公司"
    return replace(
        own, code=credit_code(rng, "91", "460100"), name=name, person=rng.choice("钱孙冯蒋沈") + rng.choice(("国安", "立冬", "小满")),
        entity_type="有限责任公司(自然人独资)", address=f"海南省海口市龙华区金龙路{rng.randint(1, 90)}号", status="存续",
        authority="海口市市场监督管理局", capital=Decimal(3000000), term=None,
    )  # fmt: skip


def decoy_credit(
    rng: random.Random, as_of: dt.date, own: Enterprise, others: list[Enterprise]
) -> tuple[CreditEntry, ...]:
    """Records of other entities; the applicant itself has a clean slate."""
    listed = as_of - dt.timedelta(days=rng.randint(100, 500))
    return (
        CreditEntry(
            others[0].code, others[0].name, "严重失信主体名单", "出具虚假检验检测报告", "海南省市场监督管理局",
            "琼市监信〔2025〕7号", listed,
        ),
        CreditEntry(
            others[1].code, others[1].name, "经营异常名录", "未按规定公示年度报告", "海口市市场监督管理局", "", listed,
        ),
        CreditEntry(own.code, own.name, "行政许可", "准予设立登记", own.authority, "", own.approved_on),
    )  # fmt: skip


def library_lines() -> tuple[LibraryLine, ...]:
    """Every standard of the catalogue that the library has a domain for, with the withdrawn editions between them."""
    lines = [LibraryLine(s.domain, s.title, s.code) for s in standards().values() if s.domain != "-"]
    lines += [LibraryLine(domain, title, code, remark) for domain, title, code, remark, _ in ABOLISHED]
    return tuple(sorted(lines, key=lambda line: (line.domain, line.code)))


def standard_lines() -> tuple[StandardLine, ...]:
    lines = [StandardLine(s.code, s.title, "现行") for s in standards().values()]
    lines += [
        StandardLine(code, title, "被代替" if successor else "废止", successor)
        for _, title, code, _, successor in ABOLISHED
    ]
    return tuple(lines)
