"""What kind of entity applies, and whether the licence's other particulars are the registered ones (ID-07 to ID-09)."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from matchers.addresses import in_hainan
from matchers.basis import CMA_RULES, CREDIT_CODE_STANDARD, ENTITY_REGISTRATION
from matchers.check import check
from matchers.likeness import confusable
from matchers.periods import compare_dates
from matchers.rules import Rules
from matchers.sides import compared, match, mismatch, not_applicable, recorded, side_of, unreadable, value_of
from models.case import Case
from models.codes import InvalidComponent, divisions, uscc
from models.field import Field
from models.finding import Bilingual, Comparison, Outcome, Remark, Severity, Side
from models.money import Money
from models.papers import BusinessLicence
from models.records import EnterpriseRecord
from models.text import key

_BUREAU = re.compile(
    r"(?:工商行政管理|市场监督管理|市场和质量监督管理|行政审批服务?|质量技术监督)(?:局|分局)(?:.*分局)?$"
)
_NATIONAL = "100000"
_WAN = Decimal(10_000)
_MISREAD = 2
"""Characters of an authority's name that recognition may have misread; more, and it is another name."""


@check(
    "ID-07",
    severity=Severity.BLOCKING,
    basis=CMA_RULES.article(9),
    on=(BusinessLicence, Rules),
    advice=(
        "请核实申请主体是否为依法成立并能够承担法律责任的法人或其他组织。",
        "Find out whether the applicant is a legal person or another organisation that can be held liable.",
    ),
)
def applicant_is_an_organisation(licence: BusinessLicence, rules: Rules) -> Iterator[Remark]:
    """申请主体是法人或其他组织。 The applicant is a legal person or another organisation."""
    code = value_of("营业执照的统一社会信用代码", licence.unified_social_credit_code)
    printed = licence.entity_type.value if licence.entity_type is not None else None
    field = licence.entity_type if licence.entity_type is not None and printed else licence.unified_social_credit_code
    side = side_of("申请主体类型", field)
    permitted = Side("允许的申请主体", "法人或其他组织")
    kind = key(printed or "")
    registrar = _registered_as(code)
    named = f"“{printed}”" if printed else f"“{registrar}”"
    if kind in rules.natural_persons:
        yield mismatch(f"申请主体为{named}，不是法人或其他组织。", f"The applicant is {named}.", side, permitted)
    elif uscc.compact(code).startswith("92") or any(word in kind for word in rules.individuals):
        zh = f"申请主体为{named}（代码“{code}”），属个体工商户，不是法人或其他组织，能否申请须由审查人员决定。"
        yield mismatch(
            zh, f"The applicant is an individual business ({named}).", side, permitted, severity=Severity.MAJOR
        )
    else:
        yield match(
            f"申请主体为{named}（{registrar}），属于法人或其他组织。",
            f"The applicant is an organisation ({named}).",
            side,
            permitted,
        )


def _registered_as(code: str) -> str:
    """Who registered the code, and as what; empty where its first character means nothing (ID-01 says so)."""
    try:
        department = uscc.department_of(code)
    except InvalidComponent:
        return ""
    return f"{department.name}{department.category or ''}"


@check(
    "ID-08",
    severity=Severity.MINOR,
    basis=ENTITY_REGISTRATION.whole(),
    on=(BusinessLicence, EnterpriseRecord, Case),
    advice=(
        "请核对登记信息；多项不符的，要求出示营业执照原件。",
        "Check the register; where several particulars differ ask for the original licence.",
    ),
)
def licence_particulars_are_the_registered(
    licence: BusinessLicence, record: EnterpriseRecord, case: Case
) -> Iterator[Remark]:
    """执照的注册资本、成立日期和登记机关与登记信息一致。 Capital, date of establishment and authority are the registered ones."""
    snapshot = case.registries.enterprises.snapshot
    remarks: list[Remark] = []
    for what, field, registered in _particulars(licence, record):
        left = side_of(f"营业执照{what.zh}", field)
        if field.value is None:
            remarks.append(unreadable(left))
            continue
        comparison = _compare(field.value, registered)
        remarks.append(
            compared(what, comparison, left, recorded(f"登记的{what.zh}", registered, snapshot), subject=what.zh)
        )
    if not remarks:
        yield not_applicable(
            "营业执照与登记信息没有共同载明的注册资本、成立日期或登记机关。",
            "Licence and register state no capital, date of establishment or authority in common.",
        )
    several = sum(remark.outcome is Outcome.MISMATCH for remark in remarks) > 1
    for remark in remarks:
        yield _raised(remark) if several and remark.outcome is Outcome.MISMATCH else remark


def _particulars(licence: BusinessLicence, record: EnterpriseRecord) -> Iterator[tuple[Bilingual, Field[Any], Any]]:
    """What both the licence and the record state."""
    pairs: tuple[tuple[Bilingual, Field[Any] | None, Any], ...] = (
        (Bilingual("注册资本", "registered capital"), licence.registered_capital, record.registered_capital),
        (Bilingual("成立日期", "date of establishment"), licence.established_on, record.established_on),
        (
            Bilingual("登记机关", "registration authority"),
            licence.registration_authority,
            record.registration_authority,
        ),
    )
    return ((what, field, registered) for what, field, registered in pairs if field is not None and registered)


def _raised(remark: Remark) -> Remark:
    """A particular that differs beside others: no slip of the registrar, perhaps a doctored licence."""
    zh = f"{remark.message.zh}另有其他登记事项也不一致，执照可能被改动。"
    en = f"{remark.message.en} Other particulars differ too; the licence may have been altered."
    return Remark(
        remark.outcome, Bilingual(zh, en), remark.left, remark.right, remark.comparison,
        severity=Severity.MAJOR, subject=remark.subject,
    )  # fmt: skip


def _compare(printed: Any, registered: Any) -> Comparison:
    if isinstance(printed, Money):
        return _compare_money(printed, registered)
    return _compare_authorities(printed, registered) if isinstance(printed, str) else compare_dates(printed, registered)


def _compare_money(printed: Money, registered: Money) -> Comparison:
    """Amounts in one currency; registers keep 万元, so a factor of exactly ten thousand is a slip of the unit."""
    if printed == registered:
        return Comparison(Outcome.MATCH, 1.0, Bilingual("金额相同。", "The amounts are equal."))
    larger, smaller = max(printed.amount, registered.amount), min(printed.amount, registered.amount)
    if printed.currency == registered.currency and larger == smaller * _WAN:
        detail = Bilingual("两者恰差一万倍，是“元”与“万元”之别。", "They differ by the unit of 万 only.")
        return Comparison(Outcome.TOLERATED, 0.99, detail, tolerance="万元与元")
    return Comparison(Outcome.MISMATCH, 0.0, Bilingual("金额不同。", "The amounts differ."))


def _compare_authorities(printed: str, registered: str) -> Comparison:
    """登记机关: 工商 bureaus became 市场监督 and 审批 bureaus in 2018; the place they belong to must be the same."""
    left, right = key(printed), key(registered)
    if left == right:
        return Comparison(Outcome.MATCH, 1.0, Bilingual("登记机关相同。", "The authorities are the same."))
    places = [_BUREAU.sub("", name).removeprefix("海南省") for name in (left, right)]
    if _BUREAU.search(left) and _BUREAU.search(right) and (places[0] == places[1]):
        detail = Bilingual(
            "同一地方的登记机关，仅因机构改革而名称不同。", "The same place's bureau under another name."
        )
        return Comparison(Outcome.TOLERATED, 0.97, detail, tolerance="机构改革前后的登记机关")
    if right in left:  # the print lies under the seal, whose letters may be read with it
        detail = Bilingual("所印文字中含有登记机关的全称。", "The print holds the authority's full name.")
        return Comparison(Outcome.TOLERATED, 0.95, detail, tolerance="印章下的登记机关")
    detail = Bilingual("登记机关不同。", "The authorities differ.")
    return Comparison(Outcome.MISMATCH, 0.0, detail, misread=_may_be_misread(left, right))


def _may_be_misread(left: str, right: str) -> bool:
    """Whether one or two characters differ, each from one of its shape: 澄近具民政局."""
    pairs = [frozenset(pair) for pair in zip(left, right, strict=False) if len(set(pair)) > 1]
    return len(left) == len(right) and len(pairs) <= _MISREAD and all(pair in confusable() for pair in pairs)


@check(
    "ID-09",
    severity=Severity.MINOR,
    basis=CREDIT_CODE_STANDARD.whole(),
    on=(BusinessLicence,),
    advice=(
        "代码的行政区划不在海南，请核对该主体是否由外省迁入，代码是否抄录有误。",
        "Find out whether the entity moved to Hainan, or whether the code was misread.",
    ),
)
def code_was_given_in_hainan(licence: BusinessLicence) -> Iterator[Remark]:
    """统一社会信用代码的登记地与住所相符。 The code was given where the entity sits.

    The division inside a code stays when an entity moves, and former codes name other counties today: within Hainan nothing is a
    discrepancy.
    """
    code = value_of("营业执照的统一社会信用代码", licence.unified_social_credit_code)
    if licence.address is None:
        yield not_applicable("该证照未载明住所。", "This licence states no address.")
        return
    address = value_of("营业执照住所", licence.address)
    division = uscc.division_of(code)
    left = side_of("营业执照的统一社会信用代码", licence.unified_social_credit_code)
    right = side_of("营业执照住所", licence.address)
    if not in_hainan(address):
        yield not_applicable(
            "住所未写明在海南省内，由 AD-03 判断。", "The address is not in Hainan; AD-03 judges it.", left
        )
        return
    names = divisions.names_of(division)
    where = names[0] if names else divisions.province_of(division) or "未知"
    said = f"代码第3–8位“{division}”（{where}）"
    if any(name in address for name in names):
        yield match(f"{said}与住所“{address}”相符。", f"Division {division} agrees with the address.", left, right)
    elif divisions.is_hainan(division) or division == _NATIONAL:
        zh = f"{said}与住所“{address}”不是同一市县；代码由省级或国家登记机关赋予，或迁址后不变，视为相符。"
        en = f"Division {division} is another county or a higher authority's; codes do not change when an entity moves."
        yield Remark(Outcome.TOLERATED, Bilingual(zh, en), left, right)
    else:
        zh = f"{said}不在海南，而住所“{address}”在海南。"
        yield mismatch(zh, f"Division {division} ({where}) lies outside Hainan, the address within.", left, right)
