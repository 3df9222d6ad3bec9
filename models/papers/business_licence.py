"""营业执照 and its equivalents: 事业单位法人证书, 社会团体法人登记证书, 民办非企业单位登记证书."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from models.dates import Period
from models.field import Field
from models.money import Money
from models.papers.source import PaperSource
from models.phrases import Activity


@dataclass(frozen=True, slots=True)
class BusinessLicence:
    """营业执照: who the applicant is by registration. A field that this form of licence does not carry is None.

    `responsible_person` keeps the printed label (法定代表人, 负责人, 投资人, 经营者, 执行事务合伙人) in `label`.
    `form` is `business_licence`, `public_institution` (事业单位法人证书), `social_organisation` or `private_non_enterprise`.
    `activities` is what `business_scope` says; None where it was not read.
    """

    kind: ClassVar[str] = "business_licence"
    source: PaperSource
    form: str
    unified_social_credit_code: Field[str]
    name: Field[str]
    entity_type: Field[str] | None = None
    responsible_person: Field[str] | None = None
    registered_capital: Field[Money] | None = None
    established_on: Field[dt.date] | None = None
    term: Field[Period] | None = None
    address: Field[str] | None = None
    business_scope: Field[str] | None = None
    registration_authority: Field[str] | None = None
    issued_on: Field[dt.date] | None = None
    serial_number: Field[str] | None = None
    copy: Field[str] | None = None
    activities: tuple[Activity, ...] | None = None
