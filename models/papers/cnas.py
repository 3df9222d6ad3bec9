"""CNAS 认可证书 and its annex."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from models.field import Field
from models.papers.capability import AnnexSection, CapabilityRow, IndexEntry, PageStamp, Signatory, Site
from models.papers.source import PaperSource


@dataclass(frozen=True, slots=True)
class CnasCertificate:
    """实验室认可证书 (or 检验机构认可证书): `language` is zh or en; `legal_entity` is None where the face names none."""

    kind: ClassVar[str] = "cnas_certificate"
    source: PaperSource
    registration_number: Field[str]
    name: Field[str]
    address: Field[str]
    criteria: Field[str]
    effective_on: Field[dt.date]
    expires_on: Field[dt.date]
    language: str
    legal_entity: Field[str] | None = None
    postcode: Field[str] | None = None


@dataclass(frozen=True, slots=True)
class CnasAnnex:
    """认可证书附件: what is accredited, where, who may sign. `stamps` are what each page says of itself."""

    kind: ClassVar[str] = "cnas_annex"
    source: PaperSource
    registration_number: Field[str]
    name: Field[str] | None
    sites: tuple[Site, ...]
    rows: tuple[CapabilityRow, ...]
    signatories: tuple[Signatory, ...]
    sections: tuple[AnnexSection, ...]
    index: tuple[IndexEntry, ...]
    stamps: tuple[PageStamp, ...]
    issued_on: Field[dt.date] | None = None
    effective_on: Field[dt.date] | None = None
    expires_on: Field[dt.date] | None = None
    page_count_stated: Field[int] | None = None
