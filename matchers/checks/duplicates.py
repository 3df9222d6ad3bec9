"""What the applicant already holds (DU)."""

from collections.abc import Iterator

from matchers.addresses import compare_addresses
from matchers.applied import applied_sites
from matchers.basis import CMA_RULES
from matchers.check import check
from matchers.lookup import same_code
from matchers.names import compare_names
from matchers.rules import Rules
from matchers.sides import match, mismatch, not_applicable, recorded, shown, side_of, unavailable
from models.case import Case
from models.finding import Bilingual, Outcome, Remark, Severity, Side
from models.papers import ApplicationForm, BusinessLicence, CmaCertificate
from models.records import CmaRecord, RegistryKind
from models.text import key

_ENDED = ("注销", "撤销", "过期", "失效", "作废", "暂停")


@check(
    "DU-01",
    severity=Severity.BLOCKING,
    basis=(CMA_RULES.article(13), CMA_RULES.article(14)),
    on=(ApplicationForm, Case, Rules),
    advice=(
        "申请人已持有有效资质认定证书，应选择扩项、变更或延续，不应选首次。",
        "Apply for an extension, change or renewal instead.",
    ),
)
def first_application_has_no_certificate(form: ApplicationForm, case: Case, rules: Rules) -> Iterator[Remark]:
    """首次申请的机构没有有效的资质认定证书。 A body that applies for the first time holds no valid CMA certificate."""
    if form.application_type is None:
        yield not_applicable("申请书没有申请类型一栏。", "The form has no type of application.")
        return
    kind, side = shown("申请类型", form.application_type)
    first = any(word in key(kind) for word in rules.first_application)
    held = list(certificates_held(form, case))
    for number, expires, where in held:
        until = f"有效期至{expires}" if expires else "有效期不详"
        if first:
            zh = f"申请类型为“{kind}”，但同一机构同一场所已持有资质认定证书“{number}”（{until}）。"
            yield mismatch(zh, f"“{kind}”, but certificate “{number}” is in force.", side, where, subject=number)
        else:
            zh = f"申请类型为“{kind}”，已持有资质认定证书“{number}”（{until}），两者相符。"
            yield Remark(
                Outcome.TOLERATED,
                Bilingual(zh, f"“{kind}” with certificate “{number}” is consistent."),
                side,
                where,
                subject=number,
            )
    answer = case.registries.cma
    if not answer.available:
        yield unavailable(RegistryKind.CMA, answer)
    elif not held:
        zh = f"申请类型为“{kind}”，未查到该机构在该场所持有有效的资质认定证书。"
        yield match(
            zh,
            "No valid certificate of this body at this site was found.",
            side,
            recorded("已发资质认定证书", None, answer.snapshot),
        )


def certificates_held(form: ApplicationForm, case: Case) -> Iterator[tuple[str, str, Side]]:
    """Certificates in force of this body at an applied site: as uploaded, and as issued."""
    for paper in case.all(CmaCertificate):
        last_day = paper.expires_on.value
        if last_day is None or last_day >= case.as_of:
            number = paper.number.value or paper.number.text
            yield number, last_day.isoformat() if last_day else "", side_of("所提交的资质认定证书", paper.number)
    uploaded = {paper.number.value for paper in case.all(CmaCertificate)}
    for record in case.registries.cma.records:
        if (
            record.number not in uploaded
            and is_in_force(record, case)
            and _is_of(record, form, case)
            and _is_here(record, form)
        ):
            side = recorded("已发资质认定证书", record.number, case.registries.cma.snapshot)
            yield record.number, record.expires_on.isoformat() if record.expires_on else "", side


def is_in_force(record: CmaRecord, case: Case) -> bool:
    """Whether the register shows the certificate as neither ended nor lapsed on the day of judgement."""
    lapsed = record.expires_on is not None and record.expires_on < case.as_of
    return not lapsed and not any(word in record.status for word in _ENDED)


def _is_of(record: CmaRecord, form: ApplicationForm, case: Case) -> bool:
    """By code where the record has one, else by name."""
    fields = [licence.unified_social_credit_code for licence in case.all(BusinessLicence)]
    fields += [form.unified_social_credit_code] if form.unified_social_credit_code is not None else []
    if record.unified_social_credit_code:
        return any(field.value and same_code(field.value, record.unified_social_credit_code) for field in fields)
    return form.name.value is not None and compare_names(form.name.value, record.name).outcome is not Outcome.MISMATCH


def _is_here(record: CmaRecord, form: ApplicationForm) -> bool:
    """Whether the certificate is for an applied site; one without an address counts."""
    places = [site.field.value for site in applied_sites(form) if site.field.value]
    if not record.address or not places:
        return True
    return any(compare_addresses(record.address, place).outcome is not Outcome.MISMATCH for place in places)
