"""Bodies that are no legal persons: whose branch they are, whether they are accredited themselves, who authorised them (BR)."""

from collections.abc import Iterator

from matchers.addresses import compare_addresses
from matchers.applied import accredited_sites
from matchers.basis import CMA_RULES, CNAS_RULES, REVIEW_CRITERIA
from matchers.branches import authorisation_of, is_branch
from matchers.check import check
from matchers.lookup import enterprise_by_code
from matchers.names import Relation, compare_names, unit_relation
from matchers.rules import Rules
from matchers.sides import (
    match,
    mismatch,
    not_applicable,
    not_provided,
    recorded,
    shown,
    side_of,
    unavailable,
    value_of,
)
from models.case import Case
from models.codes import uscc
from models.field import Field
from models.finding import Bilingual, Outcome, Remark, Severity, Side
from models.papers import ApplicationForm, BusinessLicence, CnasCertificate
from models.records import EntityStatus, RegistryKind
from models.text import key


@check(
    "BR-01",
    severity=Severity.BLOCKING,
    basis=(CMA_RULES.article(9), CMA_RULES.article(17)),
    on=(BusinessLicence, Case, Rules),
    advice=(
        "请要求申请人写明所属法人及其统一社会信用代码，并提交法人授权书。",
        "Ask for the legal person with its credit code, and for its authorisation.",
    ),
)
def branch_acts_for_an_active_legal_person(licence: BusinessLicence, case: Case, rules: Rules) -> Iterator[Remark]:
    """分支机构的所属法人存续并已授权。 A branch names its legal person, which is active and has authorised it."""
    if not is_branch(licence):
        yield not_applicable("营业执照不是分支机构。", "The licence is not a branch's.")
        return
    branch, side = shown("营业执照名称", licence.name)
    parent = _parent(licence, branch, case)
    if parent is None:
        yield not_provided(
            f"“{branch}”是分支机构，申请材料没有写明所属法人及其统一社会信用代码。",
            f"“{branch}” is a branch; no paper names its legal person with a credit code.",
            Severity.BLOCKING,
            "所属法人",
        )
    else:
        yield from _legal_person(branch, side, *parent, case)
    yield _authorised(case, rules, Severity.BLOCKING, f"“{branch}”是分支机构")


def _parent(licence: BusinessLicence, branch: str, case: Case) -> tuple[Field[str], Field[str]] | None:
    """Name and code of the legal person: on its own licence, else in the form's 所属法人单位."""
    for paper in case.all(BusinessLicence):
        name = paper.name.value or ""
        if paper is not licence and name and key(branch).startswith(key(name)) and not is_branch(paper):
            return paper.name, paper.unified_social_credit_code
    owner = case.application.legal_entity if case.application is not None else None
    if owner is None or owner.unified_social_credit_code is None:
        return None
    return owner.name, owner.unified_social_credit_code


def _legal_person(branch: str, side: Side, name: Field[str], code: Field[str], case: Case) -> Iterator[Remark]:
    named, number = value_of("所属法人名称", name), value_of("所属法人统一社会信用代码", code)
    left, answer = side_of("所属法人统一社会信用代码", code), case.registries.enterprises
    if not key(branch).startswith(key(named)):
        zh = f"分支机构“{branch}”的名称不以所属法人“{named}”的名称开头，隶属关系未得到证明。"
        en = f"The branch's name “{branch}” does not begin with that of “{named}”."
        yield mismatch(zh, en, side, side_of("所属法人名称", name), severity=Severity.MAJOR, subject="所属法人名称")
    if not uscc.is_valid(number):
        zh = f"所属法人的统一社会信用代码“{number}”无效。"
        yield mismatch(zh, f"The legal person's code “{number}” is not valid.", left, subject="所属法人代码")
        return
    if not answer.available:
        yield unavailable(RegistryKind.ENTERPRISES, answer)
        return
    record = enterprise_by_code(case, number)
    right = recorded(
        "登记信息", record and f"{record.name}（{record.status_text or record.status.value}）", answer.snapshot
    )
    if record is None:
        zh = f"登记信息中没有查到所属法人“{named}”（{number}）。"
        yield mismatch(zh, f"The register holds no “{number}”.", left, right, subject="所属法人登记")
    elif compare_names(named, record.name).outcome is Outcome.MISMATCH:
        zh = f"所属法人名称不一致：申请材料为“{named}”，代码“{number}”登记为“{record.name}”。"
        en = f"The papers say “{named}”, the register has “{record.name}” under “{number}”."
        yield mismatch(zh, en, side_of("所属法人名称", name), right, subject="所属法人登记")
    elif record.status is EntityStatus.ACTIVE:
        yield match(f"所属法人“{named}”登记存续。", f"“{named}” is active.", left, right, subject="所属法人登记")
    else:
        soft = record.status in (EntityStatus.WARN, EntityStatus.UNKNOWN)
        zh = f"所属法人“{named}”的登记状态为“{record.status_text or record.status.value}”，不是正常存续。"
        en = f"“{named}” is registered as {record.status.value}."
        yield mismatch(zh, en, left, right, severity=Severity.MAJOR if soft else None, subject="所属法人登记")


def _authorised(case: Case, rules: Rules, severity: Severity, because: str) -> Remark:
    paper = authorisation_of(case, rules)
    if paper is None:
        zh = f"{because}，没有见到法人授权书、设立批文或任命文件。"
        return not_provided(zh, "There is no authorisation by the legal person.", severity, "法人授权")
    line = next((line for line in paper.opening.splitlines() if line.strip()), paper.source.file)
    zh = f"已提交“{paper.source.file}”（“{line.strip()}”），请核对其内容和印章。"
    return match(
        zh,
        f"“{paper.source.file}” was submitted; check what it says.",
        Side("授权文件", paper.source.file),
        subject="法人授权",
    )


@check(
    "BR-02",
    severity=Severity.BLOCKING,
    basis=(CNAS_RULES.whole(), CMA_RULES.article(17)),
    on=(CnasCertificate, BusinessLicence, Case),
    advice=(
        "认可证书只写明所属法人，分支机构不得以此申请；请提交载明该分支机构或其场所的认可证书。",
        "Only the legal person is accredited; the branch needs a certificate that names it or its place.",
    ),
)
def branch_is_accredited_itself(certificate: CnasCertificate, licence: BusinessLicence, case: Case) -> Iterator[Remark]:
    """分支机构本身或其场所获得认可。 A branch, or its place of work, is accredited itself."""
    if not is_branch(licence) or certificate.language != "zh":
        yield not_applicable(
            "营业执照不是分支机构，或只有英文认可证书。", "The licence is not a branch's, or no Chinese certificate."
        )
        return
    branch, named = value_of("营业执照名称", licence.name), value_of("认可证书机构名称", certificate.name)
    left, right = side_of("认可证书机构名称", certificate.name), side_of("营业执照名称", licence.name)
    comparison = compare_names(named, branch)
    if comparison.outcome is not Outcome.MISMATCH or unit_relation(named, branch) is Relation.UNIT:
        yield match(
            f"认可证书写明“{named}”，即该分支机构或其下属单位。", "The branch itself is accredited.", left, right
        )
        return
    address = licence.address.value if licence.address is not None else None
    place = next(
        (
            site
            for site in accredited_sites(case)
            if address
            and site.field.value
            and compare_addresses(address, site.field.value).outcome is not Outcome.MISMATCH
        ),
        None,
    )
    if place is not None:
        zh = f"认可证书写明“{named}”，其认可场所“{place.field.value}”即分支机构“{branch}”的经营场所。"
        yield Remark(
            Outcome.TOLERATED, Bilingual(zh, "The branch's place of work is an accredited site."), left, place.side
        )
        return
    zh = f"认可证书只写明“{named}”，没有写明分支机构“{branch}”，其经营场所也不在认可场所之中。"
    yield mismatch(zh, f"The certificate names “{named}”, neither the branch nor its place.", left, right)


@check(
    "BR-03",
    severity=Severity.MAJOR,
    basis=REVIEW_CRITERIA.whole(),
    on=(ApplicationForm, Case, Rules),
    advice=(
        "请要求申请人提交设立批文、任命文件或法人授权书。",
        "Ask for the deed of foundation, the appointment or the legal person's authorisation.",
    ),
)
def dependent_laboratory_is_authorised(form: ApplicationForm, case: Case, rules: Rules) -> Iterator[Remark]:
    """非独立法人实验室经法人授权或批准设立。 A laboratory that is no legal person was founded or authorised by one."""
    licence = case.licence
    if licence is not None and is_branch(licence):
        yield not_applicable("申请机构是分支机构，由 BR-01 判断。", "The body is a branch; BR-01 judges it.")
    elif form.independent is not False and form.legal_entity is None:
        yield not_applicable("申请机构为独立法人。", "The body is a legal person itself.")
    else:
        yield _authorised(case, rules, Severity.MAJOR, "申请机构是非独立法人")
