"""Whether what the application form states is what the other papers and registers show (FM-01, FM-03, FM-06)."""

import datetime as dt
from collections.abc import Iterator

from matchers.addresses import compare_addresses
from matchers.applied import accredited_sites, applied_sites
from matchers.basis import CMA_RULES
from matchers.check import check
from matchers.lookup import enterprise_by_code
from matchers.names import compare_persons
from matchers.periods import compare_dates
from matchers.rules import Rules
from matchers.sides import (
    compared,
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
from models.case import Case, Purpose
from models.codes import cma_number, uscc
from models.field import Field
from models.finding import Bilingual, Comparison, Outcome, Remark, Severity, Side
from models.papers import ApplicationForm, BusinessLicence, CmaCertificate, LegalEntity
from models.records import CmaRecord, RegistryKind
from models.text import key

_OF_A_HELD = ("扩项", "增项", "复查", "延续", "变更")
"""Types of application that presuppose a certificate."""


@check(
    "FM-01",
    severity=Severity.MAJOR,
    basis=(CMA_RULES.article(13), CMA_RULES.article(14)),
    on=(ApplicationForm, Case, Rules),
    purpose=Purpose.APPLICATION,
    advice=(
        "请核对申请类型和原证书编号，要求申请人更正。",
        "Check the type of application and the number of the certificate held.",
    ),
)
def application_type_fits_the_facts(form: ApplicationForm, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请类型与原证书情况相符。 The type of application fits the certificate held."""
    if form.application_type is None:
        yield not_provided("申请书未勾选申请类型。", "The form states no type of application.")
        return
    kind, side = shown("申请类型", form.application_type)
    first = any(word in key(kind) for word in rules.first_application)
    if form.cma_number is None:
        if not first and any(word in key(kind) for word in _OF_A_HELD):
            zh = f"申请类型为“{kind}”，但未填写原证书编号。"
            yield mismatch(
                zh, f"The type is “{kind}”, but no certificate number is stated.", side, Side("原证书编号", None)
            )
        else:
            yield match(
                f"申请类型为“{kind}”，未填写原证书编号。", f"The type is “{kind}”; no certificate is stated.", side
            )
        return
    number, right = shown("原证书编号", form.cma_number)
    if first:
        zh = f"申请类型为“{kind}”，却填写了原证书编号“{number}”。"
        yield mismatch(zh, f"The type is “{kind}”, yet the certificate “{number}” is stated.", side, right)
        return
    yield from _held(form, number, right, kind, case)


def _held(form: ApplicationForm, number: str, side: Side, kind: str, case: Case) -> Iterator[Remark]:
    """The stated certificate exists, and ends when the form says."""
    answer = case.registries.cma
    paper = next((c for c in case.all(CmaCertificate) if _same_number(c.number.value, number)), None)
    record = next((r for r in answer.records if _same_number(r.number, number)), None)
    if record is None and not answer.available:
        yield unavailable(RegistryKind.CMA, answer)
        if paper is None:
            return
    elif record is None:
        zh = f"已发资质认定证书信息中没有查到原证书编号“{number}”。"
        yield mismatch(
            zh, f"No issued certificate has the number “{number}”.", side, recorded("证书登记", None, answer.snapshot)
        )
        return
    ends, right = _expiry(paper, record, case)
    if ends is not None and ends < case.as_of:
        zh = f"申请类型为“{kind}”，而原证书“{number}”已于{ends}到期。"
        yield mismatch(zh, f"The type is “{kind}”, but the certificate ended on {ends}.", side, right, subject="到期")
    elif (
        form.cma_expires_on is not None
        and form.cma_expires_on.value is not None
        and ends is not None
        and right is not None
    ):
        stated = form.cma_expires_on
        what = Bilingual("原证书有效期截止日", "expiry of the certificate held")
        comparison = compare_dates(stated.require(), ends)
        yield compared(what, comparison, side_of("申请书所填有效期截止日", stated), right, subject="有效期")
    else:
        yield match(f"申请类型为“{kind}”，原证书“{number}”在有效期内。", f"“{number}” is in force.", side, right)


def _expiry(paper: CmaCertificate | None, record: CmaRecord | None, case: Case) -> tuple[dt.date | None, Side | None]:
    """When the certificate held ends, as the register, else the certificate itself has it."""
    if record is not None and record.expires_on is not None:
        return record.expires_on, recorded("登记的有效期至", record.expires_on, case.registries.cma.snapshot)
    if paper is not None and paper.expires_on.value is not None:
        return paper.expires_on.value, side_of("资质认定证书有效期至", paper.expires_on)
    return None, None


def _same_number(left: str | None, right: str) -> bool:
    return left is not None and cma_number.compact(left) == cma_number.compact(right)


@check(
    "FM-03",
    severity=Severity.MAJOR,
    basis=CMA_RULES.article(33),
    on=(ApplicationForm, Case),
    purpose=Purpose.APPLICATION,
    advice=("请核对申请书所填内容，要求申请人更正。", "Check what the form states; have it corrected."),
)
def form_states_known_addresses(form: ApplicationForm, case: Case) -> Iterator[Remark]:
    """申请书所填地址和所属法人单位与证照、登记信息一致。 The form's address and legal person are those of the other papers."""
    said = False
    if form.address is not None:
        said = True
        yield _address(form, value_of("申请书地址", form.address), side_of("申请书地址", form.address), case)
    owner = form.legal_entity
    if owner is not None and owner.unified_social_credit_code is not None and owner.unified_social_credit_code.value:
        for remark in _owner(owner, owner.unified_social_credit_code.value, case):
            said = True
            yield remark
    if not said:
        yield not_applicable(
            "申请书未填写地址和所属法人单位代码。", "The form states neither address nor legal person."
        )


def _address(form: ApplicationForm, address: str, left: Side, case: Case) -> Remark:
    """The address on the form is the registered one, or that of a site that is applied for or accredited."""
    places = [
        (side_of("营业执照住所", licence.address), licence.address)
        for licence in case.all(BusinessLicence)
        if licence.address
    ]
    places += [
        (site.side, site.field) for site in (*accredited_sites(case), *(applied_sites(form) if form.sites else ()))
    ]
    known = [(side, field.value) for side, field in places if field.value]
    if not known:
        return not_provided(
            "没有可与申请书地址比对的住所或场所。", "There is no address to compare with.", subject="地址"
        )
    found = [(compare_addresses(address, value), side) for side, value in known]
    comparison, right = max(found, key=lambda pair: (pair[0].outcome is not Outcome.MISMATCH, pair[0].score))
    return compared(Bilingual("申请书地址", "address on the form"), comparison, left, right, subject="地址")


def _owner(owner: LegalEntity, code: str, case: Case) -> Iterator[Remark]:
    """所属法人单位 against its own entry in the register; one that is the licensed body itself is compared by ID-06."""
    if any(
        uscc.compact(licence.unified_social_credit_code.value or "") == uscc.compact(code)
        for licence in case.all(BusinessLicence)
    ):
        return
    answer = case.registries.enterprises
    if not answer.available:
        yield unavailable(RegistryKind.ENTERPRISES, answer)
        return
    record = enterprise_by_code(case, code)
    if record is None:
        return
    pairs: tuple[tuple[str, Field[str] | None, str, Comparison | None], ...] = (
        (
            "负责人",
            owner.responsible_person,
            record.responsible_person,
            _persons(owner.responsible_person, record.responsible_person),
        ),
        ("地址", owner.address, record.address, _addresses(owner.address, record.address)),
    )
    for what, field, registered, comparison in pairs:
        if field is not None and comparison is not None:
            left, right = side_of(f"所属法人单位{what}", field), recorded(f"登记的{what}", registered, answer.snapshot)
            yield compared(
                Bilingual(f"所属法人单位{what}", "legal person"), comparison, left, right, subject=f"所属法人{what}"
            )


def _persons(field: Field[str] | None, registered: str) -> Comparison | None:
    return compare_persons(field.value, registered) if field is not None and field.value and registered else None


def _addresses(field: Field[str] | None, registered: str) -> Comparison | None:
    return compare_addresses(field.value, registered) if field is not None and field.value and registered else None


@check(
    "FM-06",
    severity=Severity.MINOR,
    basis=CMA_RULES.article(14),
    on=(ApplicationForm, Case),
    purpose=Purpose.APPLICATION,
    advice=("请核对原证书编号的抄写和发证部门。", "Check the number of the certificate held and who issued it."),
)
def stated_number_is_of_this_department(form: ApplicationForm, case: Case) -> Iterator[Remark]:
    """原证书编号的发证机关代码为海南，年份与登记相符。 The stated certificate number is of Hainan, and of the registered year."""
    if form.cma_number is None:
        yield not_applicable("申请书未填写原证书编号。", "The form states no certificate number.")
        return
    number, left = shown("原证书编号", form.cma_number)
    rule = Side("资质认定证书编号规则", "年份2位、发证机关2位（海南21）、专业领域2位、行业主管部门2位、流水号4位")
    if not cma_number.is_valid(number):
        yield mismatch(f"原证书编号“{number}”不符合编号规则。", f"“{number}” breaks the rule of numbers.", left, rule)
        return
    parts = cma_number.parts(number)
    record = next((r for r in case.registries.cma.records if _same_number(r.number, number)), None)
    if not cma_number.is_hainan(number):
        zh = f"原证书编号“{number}”的发证机关代码为{parts.issuer}，不是海南。"
        yield mismatch(zh, f"“{number}” was issued by {parts.issuer}, not by Hainan.", left, rule)
    elif record is not None and record.issued_on is not None and record.issued_on.year != parts.year:
        zh = f"原证书编号“{number}”的年份为{parts.year}年，而登记的发证日期为{record.issued_on}。"
        right = recorded("登记的发证日期", record.issued_on, case.registries.cma.snapshot)
        yield mismatch(zh, f"The number says {parts.year}, the register {record.issued_on}.", left, right)
    else:
        field = f"，专业领域{parts.field}、主管部门{parts.department}" if parts.field else ""
        zh = f"原证书编号“{number}”由{parts.issuer}于{parts.year}年颁发{field}。"
        yield match(zh, f"“{number}” was issued by {parts.issuer} in {parts.year}.", left, rule)
