"""检验检测机构资质认定证书 (CMA) and its annex 附表."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from models.field import Field
from models.papers.capability import CapabilityRow, Signatory, Site
from models.papers.source import PaperSource


@dataclass(frozen=True, slots=True)
class CmaCertificate:
    """资质认定证书: `number` has 12 digits."""

    kind: ClassVar[str] = "cma_certificate"
    source: PaperSource
    number: Field[str]
    name: Field[str]
    address: Field[str]
    issued_on: Field[dt.date]
    expires_on: Field[dt.date]
    issuing_authority: Field[str] | None = None


@dataclass(frozen=True, slots=True)
class CmaAnnex:
    """资质认定证书附表: what a body may test, and who may sign."""

    kind: ClassVar[str] = "cma_annex"
    source: PaperSource
    number: Field[str]
    name: Field[str] | None
    rows: tuple[CapabilityRow, ...]
    signatories: tuple[Signatory, ...]
    sites: tuple[Site, ...] = ()
    address: Field[str] | None = None
    approved_on: Field[dt.date] | None = None
    expires_on: Field[dt.date] | None = None
