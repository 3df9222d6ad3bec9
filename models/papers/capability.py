"""Rows of capability and signatories: the tables that annexes, applications and registries share."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from models.field import Region
from models.layout import Origin
from models.phrases import Limit, SigningField
from models.standards import StandardRef


class Section(StrEnum):
    """What a table of an annex lists."""

    TESTING = "testing"
    CALIBRATION = "calibration"
    INSPECTION = "inspection"
    SIGNATORIES = "signatories"
    SITES = "sites"
    CRITERIA = "criteria"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class CapabilityRow:
    """能力项: one parameter and one method cell, merged cells filled down. None = the table has no such column or the cell is blank.

    For calibration, `object` is 测量仪器名称, `parameter` 被测量, `method` 规范名称及代号, `limitation` 测量范围 and `note` 扩展不确定度.
    `index` counts from 0 over the whole paper, in reading order. `limits` is what `limitation`, `note` and the standards say of limits.
    """

    index: int
    section: Section
    site: str | None
    object_number: str | None
    object: str | None
    parameter_number: str | None
    parameter: str | None
    field_code: str | None
    method: str
    standards: tuple[StandardRef, ...]
    limitation: str | None
    note: str | None = None
    effective_on: dt.date | None = None
    confidence: float = 1.0
    origin: Origin = Origin.TEXT
    evidence: tuple[Region, ...] = ()
    flags: tuple[str, ...] = ()
    language: str = "zh"
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class Signatory:
    """授权签字人: who may sign, for what, where. `title` is 职务/职称 where the table has it, `signs` what `field` means."""

    name: str
    field: str
    site: str | None = None
    note: str | None = None
    title: str | None = None
    confidence: float = 1.0
    origin: Origin = Origin.TEXT
    evidence: tuple[Region, ...] = ()
    language: str = "zh"
    signs: SigningField | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """关键场所: a place of work with its code (A, B, …); None where the paper gives no code."""

    code: str | None
    address: str
    postcode: str | None = None
    features: str | None = None
    activities: str | None = None
    evidence: tuple[Region, ...] = ()
    confidence: float = 1.0
    origin: Origin = Origin.TEXT


@dataclass(frozen=True, slots=True)
class AnnexSection:
    """A section that the annex really contains: where its pages are."""

    title: str
    kind: Section
    language: str
    site: str | None
    updated_on: dt.date | None
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """获准认可能力索引: a section that the annex says it contains. `assessment` is 评审类型."""

    number: str
    site: str | None
    kind: Section | None
    text: str
    language: str
    assessment: str
    updated_on: dt.date | None
    evidence: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class PageStamp:
    """What a page's own header and footer say: 第 x 页 共 y 页 and the registration number printed there."""

    page: int
    number: int | None
    total: int | None
    registration_number: str | None
    evidence: tuple[Region, ...] = ()
