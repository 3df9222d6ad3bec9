"""What the applicant says: 资质认定申请书 and 告知承诺书."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from models.field import Field
from models.papers.capability import CapabilityRow, Signatory, Site
from models.papers.source import PaperSource


@dataclass(frozen=True, slots=True)
class LegalEntity:
    """所属法人单位 of a laboratory that is no legal person itself."""

    name: Field[str]
    address: Field[str] | None = None
    responsible_person: Field[str] | None = None
    unified_social_credit_code: Field[str] | None = None


@dataclass(frozen=True, slots=True)
class ApplicationForm:
    """检验检测机构资质认定申请书: `application_type` is 首次, 扩项, 复查, 地址变更, 标准变更, 授权签字人变更 or 其他.

    Several ticked choices are joined by `、`. `cma_number` and `cma_expires_on` are of the certificate held (原证书编号, 有效期截止日),
    `legal_class` is 法人类别, `features` 设施特点. `independent` is True for 独立法人, False for 非独立法人, None where neither box
    could be read.
    """

    kind: ClassVar[str] = "application_form"
    source: PaperSource
    name: Field[str]
    unified_social_credit_code: Field[str] | None
    address: Field[str] | None
    responsible_person: Field[str] | None
    rows: tuple[CapabilityRow, ...]
    signatories: tuple[Signatory, ...]
    sites: tuple[Site, ...]
    legal_entity: LegalEntity | None = None
    application_type: Field[str] | None = None
    independent: bool | None = None
    cnas_number: Field[str] | None = None
    cma_number: Field[str] | None = None
    cma_expires_on: Field[dt.date] | None = None
    legal_class: Field[str] | None = None
    features: Field[str] | None = None
    applied_on: Field[dt.date] | None = None


@dataclass(frozen=True, slots=True)
class CommitmentLetter:
    """告知承诺书: `signed` and `sealed` are None where that could not be seen."""

    kind: ClassVar[str] = "commitment_letter"
    source: PaperSource
    name: Field[str]
    signatory: Field[str] | None = None
    signed_on: Field[dt.date] | None = None
    signed: bool | None = None
    sealed: bool | None = None


@dataclass(frozen=True, slots=True)
class UnknownPaper:
    """A file that is none of the papers we know; `source.decided_by` holds the words that decided it, `opening` its first words."""

    kind: ClassVar[str] = "unknown"
    source: PaperSource
    opening: str = ""
