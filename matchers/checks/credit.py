"""Records that bar or burden the applicant (CR)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from matchers.basis import CMA_RULES, COMMITMENT, HAINAN_DRAFT
from matchers.check import check
from matchers.lookup import same_code
from matchers.names import compare_names
from matchers.periods import months_after
from matchers.rules import LookBack, Rules
from matchers.sides import match, mismatch, recorded, shown
from models.case import Case
from models.finding import Bilingual, Outcome, Remark, Severity
from models.papers import BusinessLicence
from models.records import CreditRecord, RegistryKind
from models.text import key

_check = partial(check, on=(BusinessLicence, Case, Rules), needs=(RegistryKind.CREDIT,))
"""A check of the applicant's credit records."""


@_check(
    "CR-01",
    severity=Severity.BLOCKING,
    basis=(HAINAN_DRAFT.whole(), COMMITMENT.whole()),
    advice=("申请人在严重失信名单之内，不适用告知承诺方式。", "The applicant may not use this route."),
)
def applicant_is_not_seriously_untrustworthy(licence: BusinessLicence, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请人不在严重违法失信名单之内。 The applicant is on no list of serious breaches of trust."""
    yield from _active(licence, case, rules.serious_credit, "严重违法失信（严重失信主体）名单")


@_check(
    "CR-02",
    severity=Severity.BLOCKING,
    basis=CMA_RULES.article(32),
    advice=("被撤销资质认定三年内不得再次申请。", "No new application within three years of the withdrawal."),
)
def no_certificate_was_withdrawn(licence: BusinessLicence, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请人三年内未被撤销资质认定。 No CMA certificate of the applicant was withdrawn within three years."""
    yield from _within(licence, case, rules.revoked, "撤销资质认定记录")


@_check(
    "CR-03",
    severity=Severity.BLOCKING,
    basis=CMA_RULES.article(33),
    advice=("提供虚假材料或隐瞒情况的，一年内不得再次申请。", "No new application within a year of the refusal."),
)
def no_false_material_was_submitted(licence: BusinessLicence, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请人一年内没有因提供虚假材料被拒的记录。 The applicant was not refused for false material within a year."""
    yield from _within(licence, case, rules.false_material, "提供虚假材料或隐瞒情况的记录")


@_check(
    "CR-04",
    severity=Severity.BLOCKING,
    basis=COMMITMENT.whole(),
    advice=("曾作出虚假承诺的，不再适用告知承诺方式，应走一般程序。", "Only the general procedure remains."),
)
def no_promise_was_false(licence: BusinessLicence, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请人没有虚假承诺记录。 No promise of the applicant was found to be false."""
    yield from _within(licence, case, rules.false_commitment, "虚假承诺记录")


@_check(
    "CR-05",
    severity=Severity.BLOCKING,
    basis=CMA_RULES.article(12),
    advice=("撤回过告知承诺申请的，再次申请应走一般程序。", "The next application takes the general procedure."),
)
def no_commitment_was_withdrawn(licence: BusinessLicence, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请人没有撤回过告知承诺申请。 The applicant withdrew no application under commitment before."""
    yield from _within(licence, case, rules.withdrawn_commitment, "撤回告知承诺申请的记录")


@_check(
    "CR-06",
    severity=Severity.MAJOR,
    basis=CMA_RULES.article(9),
    advice=(
        "请申请人先申请移出经营异常名录，或由审查人员判断。",
        "Have the applicant removed from the list first, or decide by hand.",
    ),
)
def applicant_is_not_listed_as_abnormal(licence: BusinessLicence, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请人不在经营异常名录之内。 The applicant is not on the list of abnormal operation."""
    yield from _active(licence, case, rules.abnormal_credit, "经营异常名录")


@_check(
    "CR-07",
    severity=Severity.MAJOR,
    basis=HAINAN_DRAFT.whole(),
    advice=(
        "请人工判断该处罚是否影响本次申请（各地规定不同）。",
        "Decide by hand whether the penalty matters; provinces differ.",
    ),
)
def no_penalty_for_testing(licence: BusinessLicence, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请人近两年没有检验检测方面的行政处罚。 No administrative penalty for testing in the last two years."""
    yield from _within(licence, case, rules.penalised, "检验检测方面的行政处罚", rules.penalty_credit, repairable=True)


@_check(
    "CR-08",
    severity=Severity.MAJOR,
    basis=HAINAN_DRAFT.whole(),
    advice=("请人工判断失信被执行人情况是否影响本次申请。", "Decide by hand whether this matters."),
)
def applicant_is_no_defaulting_debtor(licence: BusinessLicence, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请人不是失信被执行人。 The applicant is no judgment debtor in default."""
    yield from _active(licence, case, rules.debtor_credit, "失信被执行人名单")


@_check(
    "CR-09",
    severity=Severity.MAJOR,
    basis=HAINAN_DRAFT.whole(),
    advice=("请核实案件或监督检查是否已办结。", "Find out whether the matter is closed."),
)
def nothing_is_pending(licence: BusinessLicence, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请人没有未办结的案件或监督检查。 No case or inspection of the applicant is pending."""
    yield from _active(licence, case, rules.pending_credit, "未办结的案件或监督检查")


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of record: what it is called, which records are of it, which of those count, and why the others do not."""

    name: str
    is_of: Callable[[CreditRecord], bool]
    counts: Callable[[CreditRecord], bool]
    over: Bilingual


def _active(licence: BusinessLicence, case: Case, words: tuple[str, ...], what: str) -> Iterator[Remark]:
    """Records of these types count while they are active."""
    over = Bilingual("已移出、修复或公示期满", "Removed, repaired or lapsed by that day.")
    kind = _Kind(
        what,
        lambda record: any(word in key(record.category) for word in words),
        lambda record: record.active_on(case.as_of),
        over,
    )
    yield from _listed(licence, case, kind)


def _within(
    licence: BusinessLicence,
    case: Case,
    look_back: LookBack,
    what: str,
    categories: tuple[str, ...] = (),
    repairable: bool = False,
) -> Iterator[Remark]:
    """Records whose words match count for some months after the decision; a repair ends only what is `repairable`."""

    def is_of(record: CreditRecord) -> bool:
        typed = not categories or any(word in key(record.category) for word in categories)
        return typed and look_back.words.search(key(f"{record.category} {record.reason}")) is not None

    def counts(record: CreditRecord) -> bool:
        if repairable and not record.active_on(case.as_of):
            return False
        if record.listed_on is None or not look_back.months:
            return True
        return case.as_of <= months_after(record.listed_on, look_back.months)

    over = Bilingual("已超过追溯期或已修复", "The look-back is over, or the record repaired.")
    yield from _listed(licence, case, _Kind(what, is_of, counts, over))


def _listed(licence: BusinessLicence, case: Case, kind: _Kind) -> Iterator[Remark]:
    """One remark for each record of that kind, whether it counts or not; one remark where there is none."""
    code, side = shown("营业执照的统一社会信用代码", licence.unified_social_credit_code)
    answer = case.registries.credit
    records = [record for record in credit_of(case, code, licence.name.value or "") if kind.is_of(record)]
    for record in records:
        listed = said_of(record)
        right = recorded(kind.name, listed, answer.snapshot)
        subject = record.document_number or listed
        if kind.counts(record):
            zh = f"“{record.name}”（{code}）有{kind.name}：{listed}，作出机关{record.authority or '不详'}。"
            yield mismatch(zh, f"“{record.name}” is on the list: {listed}.", side, right, subject=subject)
        else:
            message = Bilingual(f"“{record.name}”曾{listed}，到审查日{case.as_of}{kind.over.zh}。", kind.over.en)
            yield Remark(Outcome.TOLERATED, message, side, right, subject=subject)
    if not records:
        right = recorded(kind.name, None, answer.snapshot)
        yield match(f"信用信息中没有“{code}”的{kind.name}。", "No such record.", side, right)


def credit_of(case: Case, code: str, name: str) -> list[CreditRecord]:
    """The credit records of an entity: by its code, by its name only where a record has no code."""
    return [record for record in case.registries.credit.records if _is_of(record, code, name)]


def said_of(record: CreditRecord) -> str:
    """A record in words: since when, which type, and why."""
    reason = f"（{record.reason}）" if record.reason else ""
    return f"{record.listed_on or '日期不详'}列入{record.category}{reason}"


def _is_of(record: CreditRecord, code: str, name: str) -> bool:
    if record.unified_social_credit_code:
        return same_code(record.unified_social_credit_code, code)
    return bool(name) and compare_names(record.name, name).outcome is Outcome.MATCH
