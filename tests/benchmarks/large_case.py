"""An invented application of many rows and a library of many more: the material of the benchmarks on scope and checks."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from extractor.limits import limits_of
from models.case import Case
from models.field import Field, Snapshot
from models.papers import (
    ApplicationForm,
    BusinessLicence,
    CapabilityRow,
    CnasAnnex,
    CnasCertificate,
    CommitmentLetter,
    PaperSource,
    Section,
    Signatory,
    Site,
)
from models.records import (
    AccreditationRecord,
    AccreditationStatus,
    Answer,
    EnterpriseRecord,
    EntityStatus,
    ItemRecord,
    LibraryRecord,
    Registries,
    ScopeRecord,
    StandardRecord,
)
from models.standards import StandardRef, find_references

T = TypeVar("T")

LibraryLine = tuple[str, str, str, str]
"""领域, 标准(方法)名称, 标准编号, 备注."""

HEADERS = ("领域", "标准(方法)名称", "标准编号", "备注")
AS_OF = dt.date(2026, 11, 1)
NUMBER, NAME, CODE = "CNAS L9901", "海南蓝洋检测技术有限公司", "91460000MA5TE5T076"
ADDRESS, PERSON = "海南省海口市龙华区滨涯路18号蓝洋大厦3栋5层501室", "符明海"
CITE_ONLY = "废止，仅限能力项目库范围内现行有效产品标准引用本标准及监督抽检时申请"
_DOMAINS = ("产品质量检验", "食品检验", "农产品质量检验", "生态环境监测", "进出口商品检验", "化妆品检验")
_PREFIXES = ("GB/T", "GB/T", "GB/T", "GB", "GB", "HJ", "NY/T", "SN/T", "QB/T", "JT/T")
_THINGS = [
    "食品",
    "蔬菜",
    "水质",
    "土壤",
    "水泥",
    "钢筋",
    "涂料",
    "塑料",
    "橡胶",
    "纺织品",
    "饲料",
    "肥料",
    "茶叶",
    "乳品",
    "玩具",
    "家具",
    "电线",
    "燃油",
]
_WHAT = [
    "水分",
    "灰分",
    "铅",
    "镉",
    "总砷",
    "总汞",
    "蛋白质",
    "脂肪",
    "还原糖",
    "氨氮",
    "总磷",
    "化学需氧量",
    "抗压强度",
    "拉伸强度",
    "黏度",
    "密度",
    "闪点",
    "色度",
]
_LIMITS = ("只用第一法", "不做现场采样", "只做100mg/L以下")


def library_lines(count: int, seed: int = 1) -> list[LibraryLine]:
    """So many lines of an invented library: each standard in one to three editions, the older ones marked as withdrawn."""
    rng = random.Random(seed)
    lines: list[LibraryLine] = []
    series = 0
    while len(lines) < count:
        prefix, number = _PREFIXES[series % len(_PREFIXES)], f"{1000 + series}"
        number += f".{rng.randint(1, 30)}" if rng.random() < 0.5 else ""
        series += 1
        title = f"{rng.choice(_THINGS)} {rng.choice(_WHAT)}的测定 第{rng.randint(1, 9)}部分"
        domain, newest = rng.choice(_DOMAINS), rng.randint(2008, 2025)
        lines.append((domain, title, f"{prefix} {number}-{newest}", CITE_ONLY if rng.random() < 0.02 else ""))
        for age in range(rng.choice((0, 0, 1, 2))):
            lines.append((domain, title, f"{prefix} {number}-{newest - 6 * (age + 1)}", "废止"))
    return lines[:count]


def capability_rows(count: int, library: Sequence[LibraryLine], seed: int = 2) -> tuple[CapabilityRow, ...]:
    """So many rows that cite the library: most as it stands, some with another year, type, or number."""
    rng = random.Random(seed)
    cited = rng.sample(library, min(len(library), max(1, count // 4)))
    methods = [(title, _spoilt(code, rng)) for _, title, code, _ in cited]
    parsed = {code: tuple(find_references(code)) for _, code in methods}
    return tuple(
        _row(index, *methods[index % len(methods)], parsed[methods[index % len(methods)][1]], rng)
        for index in range(count)
    )


def _spoilt(code: str, rng: random.Random) -> str:
    """The code, or what an application may print instead of it."""
    luck = rng.random()
    if luck < 0.85:
        return code
    if luck < 0.92:
        return f"{code[:-4]}{int(code[-4:]) + 1}"
    if luck < 0.96:
        return code.replace("/T", "", 1) if "/T" in code else code.replace(" ", "/T ", 1)
    return f"DB46/T {code.split()[-1]}"


def _row(index: int, title: str, code: str, refs: tuple[StandardRef, ...], rng: random.Random) -> CapabilityRow:
    thing, what = f"{rng.choice(_THINGS)}{index // 60 + 1}类", f"{_WHAT[index % len(_WHAT)]}{index % 997}"
    limit = rng.choice((None, None, None, None, *_LIMITS))
    method = f"{title} {code}"
    return CapabilityRow(
        index, Section.TESTING, "A", str(index // 60 + 1), thing, f"{index // 60 + 1}.{index % 60 + 1}", what, None, method, refs, limit,
        limits=limits_of(limit, None, refs),
    )  # fmt: skip


def library_records(lines: Sequence[LibraryLine]) -> Iterator[LibraryRecord]:
    """The lines as the registry's records."""
    for domain, title, code, remark in lines:
        yield LibraryRecord(domain, title, code, remark, next(iter(find_references(code)), None))


def large_case(rows: tuple[CapabilityRow, ...], library: Answer[LibraryRecord], claim: float = 0.98) -> Case:
    """An application that claims `rows`; a few are not accredited, a few only within a limit; the other registries agree with it."""
    rng = random.Random(3)
    accredited = tuple(_narrowed(row) if rng.random() < 0.02 else row for row in rows if rng.random() < claim)
    site, everything = Site("A", ADDRESS), Signatory("陈立新", "全部检测项目", "A", title="技术负责人/高级工程师")
    papers = (
        BusinessLicence(
            _source("licence.pdf"), "business_licence", _field(CODE), _field(NAME), responsible_person=_field(PERSON),
            address=_field(ADDRESS), business_scope=_field("检验检测服务"), issued_on=_field(dt.date(2022, 8, 1)),
        ),
        CnasCertificate(
            _source("certificate.pdf"), _field(NUMBER), _field(NAME), _field(ADDRESS), _field("ISO/IEC 17025:2017"),
            _field(dt.date(2024, 3, 15)), _field(dt.date(2030, 3, 14)), "zh",
        ),
        CnasAnnex(_source("annex.pdf"), _field(NUMBER), _field(NAME), (site,), accredited, (everything,), (), (), ()),
        ApplicationForm(
            _source("form.pdf"), _field(NAME), _field(CODE), _field(ADDRESS), _field(PERSON), rows, (everything,), (site,),
            application_type=_field("首次"), independent=True, cnas_number=_field(NUMBER),
        ),
        CommitmentLetter(_source("letter.pdf"), _field(NAME), signed=True, sealed=True),
    )  # fmt: skip
    return Case(papers, _registries(accredited, library), AS_OF)


def _narrowed(row: CapabilityRow) -> CapabilityRow:
    limit = _LIMITS[row.index % len(_LIMITS)]
    return replace(row, limitation=limit, limits=limits_of(limit, None, row.standards))


def _registries(accredited: tuple[CapabilityRow, ...], library: Answer[LibraryRecord]) -> Registries:
    directory = (
        ScopeRecord(NUMBER, row.site, row.object or "", row.parameter or "", row.method, row.standards, row.limitation or "",
                    limits=row.limits)
        for row in accredited
    )  # fmt: skip
    status = (
        StandardRecord(r.code, r.title, "废止" if r.remark == "废止" else "现行", r.standard) for r in library.records
    )
    entity = EnterpriseRecord(
        CODE, NAME, responsible_person=PERSON, status=EntityStatus.ACTIVE, status_text="存续", address=ADDRESS
    )
    accreditation = AccreditationRecord(NUMBER, NAME, status=AccreditationStatus.VALID, status_text="有效")
    return Registries(
        enterprises=answered("enterprises", (entity,)),
        credit=answered("credit", ()),
        cnas=answered("cnas", (accreditation,)),
        cnas_rows=answered("cnas_rows", tuple(directory)),
        cma=answered("cma", ()),
        cma_rows=answered("cma_rows", ()),
        items=answered("items", tuple(ItemRecord(str(n), domain) for n, domain in enumerate(_DOMAINS, 1))),
        library=library,
        standards=answered("standards", tuple(status)),
    )


def answered(kind: str, records: tuple[T, ...]) -> Answer[T]:
    """A registry that was asked the day before, with what it holds."""
    return Answer(records, Snapshot(kind, "2026-10-31", "a" * 64))


def _source(file: str) -> PaperSource:
    return PaperSource(file, file.ljust(64, "0"), (1,))


def _field(value: T) -> Field[T]:
    return Field(value, str(value))
