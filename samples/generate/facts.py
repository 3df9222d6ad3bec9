"""What a sample says: one frozen type for each paper, and the world that the registries see."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from samples.generate.catalogue import Citation
from samples.generate.handling import Handling


@dataclass(frozen=True, slots=True)
class MethodStyle:
    """How an annex prints a method. `tight` drops the spaces of codes and before them; `bracketed` puts titles into 《》.

    `separator` ends each standard of a cell but the last: `` (only a new line), `；` or `;`.
    """

    tight: bool = False
    bracketed: bool = False
    separator: str = ""


@dataclass(frozen=True, slots=True)
class Capability:
    """One parameter and one method cell. For calibration: instrument, measurand, code, range (limitation), uncertainty (note).

    `beside` is the citation beside which the limitation is printed. `code_override` replaces the printed code of a citation.
    """

    section: str
    site: str | None
    object_number: str
    object: str
    parameter_number: str
    parameter: str
    field_code: str | None
    citations: tuple[Citation, ...]
    limitation: str = ""
    note: str = ""
    beside: int = 0
    language: str = "zh"

    def keys(self) -> list[str]:
        return [citation.standard.key for citation in self.citations if citation.standard.key]

    def lines(self, style: MethodStyle) -> tuple[str, ...]:
        """The method cell, one line a standard, as this style prints it."""
        printed = [method_text(citation, style) for citation in self.citations]
        return (*(text + style.separator for text in printed[:-1]), printed[-1])


@dataclass(frozen=True, slots=True)
class Signatory:
    """授权签字人; `title` is printed by applications only, `english` by English sections only."""

    name: str
    english: str
    field: str
    title: str
    site: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """A place of work; `english` is its address in English."""

    code: str
    address: str
    english: str
    postcode: str
    features: str = "固定"
    activities: str = "检测"


@dataclass(frozen=True, slots=True)
class Licence:
    """营业执照 or its equivalent. `form` names the layout: landscape, portrait, electronic, institution, private or social."""

    form: str
    code: str
    name: str
    entity_type: str
    person_label: str
    person: str
    capital_label: str
    capital_text: str
    capital: Decimal | None
    place_label: str
    address: str
    date_label: str
    established_on: dt.date | None
    term_label: str
    term_text: str
    term: tuple[dt.date | None, dt.date | None] | None
    scope_label: str
    scope: str
    authority: str
    issued_on: dt.date
    serial: str
    copy: str
    coded: str = ""
    """The number in the QR code where that is not `code`."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """CNAS 认可证书; `legal_entity` is empty where the face names none."""

    registration_number: str
    name: str
    legal_entity: str
    address: str
    postcode: str
    effective_on: dt.date
    expires_on: dt.date
    language: str = "zh"
    standard: str = "ISO/IEC 17025：2017"
    """The criteria as printed."""

    @property
    def criteria(self) -> str:
        return self.standard.replace("：", ":")


@dataclass(frozen=True, slots=True)
class IndexLine:
    """One line of 获准认可能力索引."""

    site: str
    text: str
    assessment: str
    updated_on: dt.date


@dataclass(frozen=True, slots=True)
class Annex:
    """证书附件. `generation` is the layout G1, G2 or G3; dates are as of today whichever the layout.

    `carry` is what merged cells show at the top of a page: blank or repeat. `ruling` is how lines are drawn: stroke, rect or path.
    `lost_page` is left out of the file although the page numbers count it.
    """

    generation: str
    registration_number: str
    name: str
    english_name: str
    sites: tuple[Site, ...]
    signatories: tuple[Signatory, ...]
    rows: tuple[Capability, ...]
    issued_on: dt.date
    effective_on: dt.date
    expires_on: dt.date
    style: MethodStyle
    index: tuple[IndexLine, ...] = ()
    english_rows: tuple[Capability, ...] = ()
    assessment: str = "复评+扩项"
    carry: str = "blank"
    ruling: str = "stroke"
    split_rows: bool = True
    lost_page: int | None = None


@dataclass(frozen=True, slots=True)
class LegalEntity:
    """所属法人单位 of an applicant that is no legal person."""

    name: str
    address: str
    person: str
    code: str


@dataclass(frozen=True, slots=True)
class Application:
    """资质认定申请书. `person` stands beside 法定代表人 (负责人 where the applicant is no legal person), `director` runs the laboratory."""

    name: str
    code: str
    address: str
    postcode: str
    person: str
    director: str
    contact: str
    phone: str
    legal_entity: LegalEntity | None
    entity_class: str
    application_type: str
    sites: tuple[Site, ...]
    rows: tuple[Capability, ...]
    signatories: tuple[Signatory, ...]
    cnas_number: str
    cma_number: str
    cma_expires_on: dt.date | None
    applied_on: dt.date
    fields: tuple[str, ...]
    style: MethodStyle = MethodStyle()
    claims_independence: bool | None = None
    """What is ticked under 法律地位 where that is not the truth."""
    ticked_features: str = ""
    """What is ticked under 设施特点 where that is not the truth."""

    @property
    def independent(self) -> bool:
        return self.legal_entity is None if self.claims_independence is None else self.claims_independence

    @property
    def features(self) -> str:
        return self.ticked_features or ("多场所" if len(self.sites) > 1 else "固定")


@dataclass(frozen=True, slots=True)
class Commitment:
    """告知承诺书."""

    name: str
    person: str
    signed_on: dt.date


@dataclass(frozen=True, slots=True)
class CmaCertificate:
    """资质认定证书 that the applicant already holds, with its 附表."""

    number: str
    name: str
    address: str
    issued_on: dt.date
    expires_on: dt.date
    authority: str
    rows: tuple[Capability, ...]
    signatories: tuple[Signatory, ...]


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An entity in 国家企业信用信息公示系统 / 海南e登记; `changes` are (item, before, after, on)."""

    code: str
    name: str
    entity_type: str
    person: str
    capital: Decimal | None
    established_on: dt.date | None
    approved_on: dt.date
    term: tuple[dt.date | None, dt.date | None] | None
    authority: str
    status: str
    address: str
    scope: str
    changes: tuple[tuple[str, str, str, dt.date], ...] = ()


@dataclass(frozen=True, slots=True)
class CreditEntry:
    """A record of 信用中国."""

    code: str
    name: str
    category: str
    reason: str
    authority: str
    document_number: str
    listed_on: dt.date
    removed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Accreditation:
    """A body in the CNAS directory."""

    registration_number: str
    name: str
    legal_entity: str
    address: str
    effective_on: dt.date
    expires_on: dt.date
    updated_on: dt.date
    status: str = "有效"
    suspended: str = ""
    code: str = ""
    """统一社会信用代码; most directories print none."""


@dataclass(frozen=True, slots=True)
class IssuedCma:
    """An issued CMA certificate in the register."""

    number: str
    name: str
    code: str
    address: str
    issued_on: dt.date
    expires_on: dt.date
    status: str = "有效"
    checked_on: dt.date | None = None
    """The day on which the promises were verified; registers of certificates issued otherwise have no such column."""


@dataclass(frozen=True, slots=True)
class LibraryLine:
    """A line of the 能力项目库."""

    domain: str
    title: str
    code: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class StandardLine:
    """A line of the standards platform; `cites` are its 规范性引用文件, one after the other."""

    code: str
    title: str
    status: str
    replaced_by: str = ""
    cites: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """What the registries know on the day of judgement."""

    enterprises: tuple[Enterprise, ...]
    credit: tuple[CreditEntry, ...]
    cnas: tuple[Accreditation, ...]
    cnas_rows: tuple[Capability, ...]
    cma: tuple[IssuedCma, ...]
    cma_rows: tuple[tuple[str, Capability], ...]
    domains: tuple[str, ...]
    library: tuple[LibraryLine, ...]
    standards: tuple[StandardLine, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One application: its papers (None = not handed in), the world around it, and the day it is judged on."""

    seed: int
    as_of: dt.date
    licence: Licence
    certificate: Certificate | None
    english_certificate: Certificate | None
    annex: Annex
    application: Application | None
    commitment: Commitment | None
    cma: CmaCertificate | None
    world: World
    stray_paper: bool = False
    purpose: str = "application"
    copies: tuple[tuple[str, str], ...] = ()
    """(part, name of a further file): papers that are handed in once more under another name."""
    authorised: bool = True
    """Whether a legal person that the application names hands in its authorisation (法人授权书)."""
    handlings: tuple[Handling, ...] = ()
    """What happened to some of the files before they were handed in."""


def method_text(citation: Citation, style: MethodStyle) -> str:
    """Title and code of one standard: `食品中水分的测定 GB 5009.3-2016 第一法`."""
    title, code = citation.standard.title, citation.printed_code
    if style.bracketed:
        return f"《{title}》{code}"
    if style.tight:
        gap = " " if title[-1].isascii() and title[-1].isalpha() else ""  # words of Latin letters never run into a code
        return title + gap + code.replace(" ", "", 1)
    return f"{title} {code}"
