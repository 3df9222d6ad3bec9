"""Records that bar or burden the applicant (CR)."""

from collections.abc import Iterator

from matchers.basis import CMA_RULES, COMMITMENT, HAINAN_DRAFT
from matchers.check import check
from matchers.lookup import same_code
from matchers.names import compare_names
from matchers.rules import Rules
from matchers.sides import match, mismatch, recorded, side_of, value_of
from models.case import Case
from models.finding import Bilingual, Outcome, Remark, Severity
from models.papers import BusinessLicence
from models.records import CreditRecord, RegistryKind
from models.text import key


@check(
    "CR-01",
    severity=Severity.BLOCKING,
    basis=(HAINAN_DRAFT.whole(), COMMITMENT.whole()),
    on=(BusinessLicence, Case, Rules),
    needs=(RegistryKind.CREDIT,),
    advice=("申请人在严重失信名单之内，不适用告知承诺方式。", "The applicant may not use this route."),
)
def applicant_is_not_seriously_untrustworthy(licence: BusinessLicence, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请人不在严重违法失信名单之内。 The applicant is on no list of serious breaches of trust."""
    yield from _listed(licence, case, rules.serious_credit, "严重违法失信（严重失信主体）名单")


@check(
    "CR-06",
    severity=Severity.MAJOR,
    basis=CMA_RULES.article(9),
    on=(BusinessLicence, Case, Rules),
    needs=(RegistryKind.CREDIT,),
    advice=(
        "请申请人先申请移出经营异常名录，或由审查人员判断。",
        "Have the applicant removed from the list first, or decide by hand.",
    ),
)
def applicant_is_not_listed_as_abnormal(licence: BusinessLicence, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请人不在经营异常名录之内。 The applicant is not on the list of abnormal operation."""
    yield from _listed(licence, case, rules.abnormal_credit, "经营异常名录")


def _listed(licence: BusinessLicence, case: Case, words: tuple[str, ...], what: str) -> Iterator[Remark]:
    """One remark for each record of that kind: active, or removed and repaired; one remark where there is none."""
    code = value_of("营业执照的统一社会信用代码", licence.unified_social_credit_code)
    side = side_of("营业执照的统一社会信用代码", licence.unified_social_credit_code)
    answer = case.registries.credit
    records = [
        r
        for r in answer.records
        if _is_of(r, code, licence.name.value or "") and any(w in key(r.category) for w in words)
    ]
    for record in records:
        listed = f"{record.listed_on or '日期不详'}列入{record.category}" + (
            f"（{record.reason}）" if record.reason else ""
        )
        right = recorded(what, listed, answer.snapshot)
        subject = record.document_number or listed
        if record.active_on(case.as_of):
            zh = f"“{record.name}”（{code}）在{what}之内：{listed}，作出机关{record.authority or '不详'}。"
            yield mismatch(zh, f"“{record.name}” is on the list: {listed}.", side, right, subject=subject)
        else:
            zh = f"“{record.name}”曾{listed}，到审查日{case.as_of}已移出、修复或公示期满。"
            yield Remark(
                Outcome.TOLERATED,
                Bilingual(zh, "Removed, repaired or lapsed by that day."),
                side,
                right,
                subject=subject,
            )
    if not records:
        yield match(
            f"信用信息中没有“{code}”的{what}记录。", "No such record.", side, recorded(what, None, answer.snapshot)
        )


def _is_of(record: CreditRecord, code: str, name: str) -> bool:
    """Whether the record is about the applicant: by its code, by its name only where the record has no code."""
    if record.unified_social_credit_code:
        return same_code(record.unified_social_credit_code, code)
    return bool(name) and compare_names(record.name, name).outcome is Outcome.MATCH
