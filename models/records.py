"""What registries answer: records with the snapshot they come from; values as the registry gives them, dates parsed."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from models.field import Snapshot
from models.money import Money
from models.phrases import Limit
from models.standards import StandardRef

R = TypeVar("R")


class RegistryKind(StrEnum):
    """The registries, by the names used in `registry.toml`."""

    ENTERPRISES = "enterprises"
    CREDIT = "credit"
    CNAS = "cnas"
    CNAS_ROWS = "cnas_rows"
    CMA = "cma"
    CMA_ROWS = "cma_rows"
    ITEMS = "items"
    LIBRARY = "library"
    STANDARDS = "standards"
    EXPERTS = "experts"
    VERIFICATIONS = "verifications"


@dataclass(frozen=True, slots=True)
class Answer(Generic[R]):
    """What a registry said. `snapshot` is None and `unavailable` says why where it could not be asked; then `records` means nothing."""

    records: tuple[R, ...] = ()
    snapshot: Snapshot | None = None
    unavailable: str = ""

    @property
    def available(self) -> bool:
        return self.snapshot is not None


class EntityStatus(StrEnum):
    """登记状态, normalised from what registries print (domain: ACTIVE, WARN, DEAD, MOVED, unknown)."""

    ACTIVE = "active"
    WARN = "warn"
    DEAD = "dead"
    MOVED = "moved"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Change:
    """变更记录: one change of a registered item."""

    item: str
    before: str
    after: str
    on: dt.date | None


@dataclass(frozen=True, slots=True)
class EnterpriseRecord:
    """国家企业信用信息公示系统 / 海南e登记: a registered entity."""

    unified_social_credit_code: str
    name: str
    entity_type: str = ""
    responsible_person: str = ""
    registered_capital: Money | None = None
    established_on: dt.date | None = None
    approved_on: dt.date | None = None
    term_from: dt.date | None = None
    term_to: dt.date | None = None
    registration_authority: str = ""
    status: EntityStatus = EntityStatus.UNKNOWN
    status_text: str = ""
    address: str = ""
    business_scope: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class CreditRecord:
    """信用中国: one credit record. `category` is the printed record type (严重失信主体名单, 经营异常名录, 行政处罚, …).

    Active on a day unless it was removed, repaired or its publication ended by then.
    """

    unified_social_credit_code: str
    name: str
    category: str
    reason: str = ""
    authority: str = ""
    document_number: str = ""
    listed_on: dt.date | None = None
    removed_on: dt.date | None = None
    repaired_on: dt.date | None = None
    published_until: dt.date | None = None

    def active_on(self, day: dt.date) -> bool:
        ends = (self.removed_on, self.repaired_on, self.published_until)
        return (self.listed_on is None or self.listed_on <= day) and all(end is None or end >= day for end in ends)


class AccreditationStatus(StrEnum):
    """认可状态 in the CNAS directory."""

    VALID = "valid"
    SUSPENDED = "suspended"
    PARTLY_SUSPENDED = "partly_suspended"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AccreditationRecord:
    """CNAS 获认可机构名录: one accredited body."""

    registration_number: str
    name: str
    legal_entity: str = ""
    unified_social_credit_code: str = ""
    address: str = ""
    effective_on: dt.date | None = None
    expires_on: dt.date | None = None
    updated_on: dt.date | None = None
    status: AccreditationStatus = AccreditationStatus.UNKNOWN
    status_text: str = ""
    suspended_items: str = ""


@dataclass(frozen=True, slots=True)
class ScopeRecord:
    """One row of scope in a registry: CNAS directory (`owner` = registration number) or issued CMA rows (`owner` = certificate number)."""

    owner: str
    site: str | None
    object: str
    parameter: str
    method: str
    standards: tuple[StandardRef, ...]
    limitation: str = ""
    status: str = ""
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class CmaRecord:
    """An issued CMA certificate. `commitment_checked_on` is the day on which the applicant's promises were verified (承诺核查)."""

    number: str
    name: str
    unified_social_credit_code: str = ""
    address: str = ""
    issued_on: dt.date | None = None
    expires_on: dt.date | None = None
    status: str = ""
    issuing_authority: str = ""
    commitment_checked_on: dt.date | None = None


class Verified(StrEnum):
    """What the verification of an applicant's promises came to: 属实, 不符须整改, 虚假承诺."""

    TRUE = "true"
    RECTIFY = "rectify"
    FALSE = "false"


@dataclass(frozen=True, slots=True)
class VerificationRecord:
    """承诺核查 of an issued CMA certificate; `outcome` is None where none is written, or one of no known wording."""

    number: str
    verified_on: dt.date | None = None
    outcome: Verified | None = None
    outcome_text: str = ""


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """事项清单: a matter for which CMA may be issued. `domain` joins the library's 领域."""

    item_id: str
    domain: str
    object_keywords: tuple[str, ...] = ()
    legal_basis: str = ""
    level: str = ""
    effective_from: dt.date | None = None
    effective_to: dt.date | None = None


@dataclass(frozen=True, slots=True)
class LibraryRecord:
    """能力项目库: 领域, 标准(方法)名称, 标准编号, 备注. `standard` is None where the printed code has no known form."""

    domain: str
    title: str
    code: str
    remark: str
    standard: StandardRef | None


@dataclass(frozen=True, slots=True)
class StandardRecord:
    """全国标准信息公共服务平台: the status of a standard (现行, 即将实施, 废止, 被代替). `cites` are its 规范性引用文件, where listed."""

    code: str
    title: str
    status: str
    standard: StandardRef | None
    replaced_by: str = ""
    published_on: dt.date | None = None
    effective_on: dt.date | None = None
    abolished_on: dt.date | None = None
    cites: tuple[StandardRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Registries:
    """All that was asked for one case. A registry that was not given is an `Answer` without snapshot.

    `enterprises` holds the entity of each credit code on the papers, `library` and `standards` every record whose series
    (standard number without year and type) occurs in the case, or is cited by a standard that does.
    """

    enterprises: Answer[EnterpriseRecord] = Answer()
    credit: Answer[CreditRecord] = Answer()
    cnas: Answer[AccreditationRecord] = Answer()
    cnas_rows: Answer[ScopeRecord] = Answer()
    cma: Answer[CmaRecord] = Answer()
    cma_rows: Answer[ScopeRecord] = Answer()
    items: Answer[ItemRecord] = Answer()
    library: Answer[LibraryRecord] = Answer()
    standards: Answer[StandardRecord] = Answer()
    verifications: Answer[VerificationRecord] = Answer()
