"""Terms that the papers state of themselves: the accreditation cycle, the licence's term, the criteria's edition (VA-06, VA-08, VA-09)."""

import datetime as dt
import re
from collections.abc import Iterator

from matchers.basis import CMA_RULES, CNAS_RULES
from matchers.check import check
from matchers.lookup import accreditation_of, enterprise_of
from matchers.rules import Rules
from matchers.sides import match, mismatch, not_applicable, recorded, side_of, value_of
from models.case import Case
from models.dates import FOREVER, add_years
from models.finding import Bilingual, Outcome, Remark, Severity, Side
from models.papers import BusinessLicence, CnasCertificate
from models.text import key

_SIX_YEARS_SINCE = dt.date(2016, 1, 1)
"""CNAS cycles last six years since 2016, three before."""
_EDITION = re.compile(r"(1\d{4}|C[LI]\d{2})[:：\-](\d{4})")
_PUBLIC_BODIES = {"public_institution", "private_non_enterprise", "social_organisation"}


@check(
    "VA-06",
    severity=Severity.MINOR,
    basis=CNAS_RULES.whole(),
    on=(CnasCertificate, Case),
    advice=("请核对证书的生效日期和截止日期。", "Check the effective and the expiry date."),
)
def accreditation_runs_for_a_full_cycle(certificate: CnasCertificate, case: Case) -> Iterator[Remark]:
    """认可证书的有效期为一个认可周期。 The certificate runs for one cycle of accreditation."""
    first = value_of("认可证书生效日期", certificate.effective_on)
    last = value_of("认可证书有效期截止日期", certificate.expires_on)
    left = side_of("认可证书生效日期", certificate.effective_on)
    right = side_of("认可证书有效期截止日期", certificate.expires_on)
    if last <= first:
        zh = f"认可证书的截止日期{last}不晚于生效日期{first}。"
        yield mismatch(zh, f"The expiry {last} is not after the start {first}.", left, right, severity=Severity.MAJOR)
        return
    if (years := _cycle(first, last)) is not None:
        yield match(f"认可证书自{first}至{last}，为{years}年。", f"From {first} to {last}: {years} years.", left, right)
        return
    record = accreditation_of(case)
    began = record.effective_on if record is not None else None
    if began is not None and began < first and _cycle(began, last) is not None:
        zh = f"认可证书自{first}至{last}，不足一个周期；名录载明认可自{began}起，系周期内换发，截止日期不变。"
        en = f"Re-issued within the cycle that began on {began}; the expiry {last} stays."
        yield Remark(
            Outcome.TOLERATED,
            Bilingual(zh, en),
            left,
            recorded("CNAS 名录生效日期", began, case.registries.cnas.snapshot),
        )
        return
    zh = f"认可证书自{first}至{last}，既不是6年减1天，也不是2016年以前的3年减1天。"
    yield mismatch(zh, f"From {first} to {last} is neither six years nor, before 2016, three.", left, right)


def _cycle(first: dt.date, last: dt.date) -> int | None:
    """The years of the cycle that these days span, give or take one day; None where they span none."""
    for years in (6, 3) if first < _SIX_YEARS_SINCE else (6,):
        if abs((add_years(first, years) - dt.timedelta(days=1) - last).days) <= 1:
            return years
    return None


@check(
    "VA-08",
    severity=Severity.MAJOR,
    basis=CMA_RULES.article(9),
    on=(BusinessLicence, Case),
    advice=("证照期限已届满，请要求申请人提交换发后的证照。", "The term has ended; ask for the renewed licence."),
)
def licence_term_has_not_ended(licence: BusinessLicence, case: Case) -> Iterator[Remark]:
    """营业执照（法人证书）的期限未届满。 The term of the licence has not ended.

    Licences issued since March 2022 state no term; that is no defect.
    """
    if licence.term is None:
        yield not_applicable(
            "该证照未载明期限（2022年3月以后核发的营业执照不再记载）。", "This licence states no term."
        )
        return
    end = value_of("证照期限", licence.term).end
    left, today = side_of("证照期限", licence.term), Side("审查日期", case.as_of.isoformat())
    if end is None or end == FOREVER:
        yield match("证照期限为长期或未载明截止日。", "The term has no end.", left, today)
        return
    if end >= case.as_of:
        yield match(f"证照期限至{end}，不早于审查日{case.as_of}。", f"The term runs until {end}.", left, today)
        return
    record = enterprise_of(case, licence)
    if record is not None and record.term_to is not None and record.term_to >= case.as_of:
        right = recorded("登记的期限截止日", record.term_to, case.registries.enterprises.snapshot)
        zh = f"证照未换发：证照所载期限已于{end}届满，登记信息中已延至{record.term_to}。"
        en = f"The printed term ended on {end}; the register extends it to {record.term_to}."
        yield mismatch(zh, en, left, right, severity=Severity.MINOR)
        return
    severity = Severity.BLOCKING if licence.form in _PUBLIC_BODIES else None
    zh = f"证照期限已于{end}届满，早于审查日{case.as_of}。"
    yield mismatch(zh, f"The term ended on {end}, before {case.as_of}.", left, today, severity=severity)


@check(
    "VA-09",
    severity=Severity.MAJOR,
    basis=CNAS_RULES.whole(),
    on=(CnasCertificate, Rules),
    advice=(
        "认可依据的准则版本已过渡期满，请核实认可是否仍然有效。",
        "The edition has been replaced and its transition is over; verify the accreditation.",
    ),
)
def criteria_are_the_current_edition(certificate: CnasCertificate, rules: Rules) -> Iterator[Remark]:
    """认可准则为现行版本。 The accreditation rests on the current edition of its criteria."""
    criteria = value_of("认可依据", certificate.criteria)
    left, right = side_of("认可依据", certificate.criteria), Side("现行版本", "、".join(rules.current_criteria))
    found = [f"{number}:{year}" for number, year in _EDITION.findall(key(criteria))]
    if not found:
        zh = f"认可依据“{criteria}”未写明准则编号和年号，无法判断版本。"
        en = f"The criteria “{criteria}” name no edition."
        yield Remark(Outcome.UNREADABLE, Bilingual(zh, en), left, right)
    elif current := [edition for edition in found if edition in rules.current_criteria]:
        yield match(f"认可依据“{criteria}”为现行版本（{current[0]}）。", f"“{current[0]}” is current.", left, right)
    else:
        zh = f"认可依据“{criteria}”不是现行版本，应为 ISO/IEC 17025:2017 等现行准则。"
        yield mismatch(zh, f"“{criteria}” is not a current edition.", left, right)
