"""The audit of an issued certificate, its face and its holder: number, term, changes, promises, credit, place (AU)."""

import datetime as dt
from collections.abc import Iterator

from matchers.addresses import compare_addresses, in_hainan
from matchers.applied import accredited_sites
from matchers.basis import CMA_RULES, COMMITMENT, HAINAN_DRAFT
from matchers.check import check, every
from matchers.checks.credit import credit_of, said_of
from matchers.checks.duplicates import is_in_force
from matchers.checks.shared import codes_of
from matchers.lookup import enterprise_of, same_code
from matchers.names import Relation, unit_relation
from matchers.periods import days_left, months_after
from matchers.rules import Rules
from matchers.sides import match, mismatch, not_applicable, recorded, side_of, value_of
from models.case import Case, Purpose
from models.codes import cma_number
from models.finding import Bilingual, Outcome, Remark, Severity, Side
from models.papers import BusinessLicence, CmaCertificate
from models.records import CmaRecord, EntityStatus, RegistryKind, VerificationRecord, Verified
from models.text import key


@check(
    "AU-03",
    severity=Severity.MAJOR,
    basis=CMA_RULES.article(14),
    on=(every(CmaCertificate), BusinessLicence, Case),
    needs=(RegistryKind.ENTERPRISES,),
    advice=("请责令机构办理资质认定变更。", "Have the change of the certificate applied for."),
    purpose=Purpose.AUDIT,
)
def changes_since_issue_were_reported(
    certificates: tuple[CmaCertificate, ...], licence: BusinessLicence, case: Case
) -> Iterator[Remark]:
    """发证以来机构名称、地址、负责人和状态没有未办理变更的变化。 Nothing about the body changed since issue unreported."""
    record = enterprise_of(case, licence)
    if record is None:
        yield not_applicable("登记数据中没有查到该主体。", "The register holds no such entity.")
        return
    snapshot, issued_on = case.registries.enterprises.snapshot, _first_issue(certificates)
    now = recorded("登记名称", record.name, snapshot)
    changes = [c for c in record.changes if c.on is not None and issued_on < c.on <= case.as_of and _matters(c.item)]
    for change in changes:
        right = recorded(f"变更记录（{change.item}）", f"{change.before} → {change.after}", snapshot)
        zh = f"发证日{issued_on}之后，{change.on}登记了{change.item}：由“{change.before}”变为“{change.after}”，未见办理资质认定变更。"
        left = side_of("资质认定证书发证日期", certificates[0].issued_on)
        yield mismatch(zh, f"{change.item} changed on {change.on}.", left, right, subject=f"{change.item} {change.on}")
    if record.status in (EntityStatus.DEAD, EntityStatus.MOVED):
        right = recorded("登记状态", record.status_text or record.status.value, snapshot)
        zh = f"机构目前的登记状态为“{right.value}”。"
        yield mismatch(zh, f"The entity is {record.status.value}.", now, right, subject="登记状态")
    strange = [c for c in certificates if c.name.value and unit_relation(c.name.value, record.name) is Relation.OTHER]
    for certificate in strange if not changes else ():
        zh = f"资质认定证书的机构名称“{certificate.name.value}”与现登记名称“{record.name}”不同。"
        left = side_of("资质认定证书机构名称", certificate.name)
        yield mismatch(zh, f"“{certificate.name.value}” against “{record.name}”.", left, now, subject="机构名称")
    if not changes and not strange and record.status not in (EntityStatus.DEAD, EntityStatus.MOVED):
        left = side_of("资质认定证书机构名称", certificates[0].name)
        yield match(f"发证日{issued_on}以来没有须办理变更的登记变化。", "Nothing changed since issue.", left, now)


@check(
    "AU-04",
    severity=Severity.MINOR,
    basis=(HAINAN_DRAFT.whole("两个月内核查承诺"), COMMITMENT.whole()),
    on=(every(CmaCertificate), Case, Rules),
    needs=(RegistryKind.CMA,),
    advice=("请在发证后两个月内完成承诺核查并登记。", "Verify the promises within two months of issue, and record it."),
    purpose=Purpose.AUDIT,
)
def promises_were_verified_in_time(
    certificates: tuple[CmaCertificate, ...], case: Case, rules: Rules
) -> Iterator[Remark]:
    """承诺事项在发证后两个月内核查完毕。 The promises were verified within two months of issue."""
    for certificate in certificates:
        issued_on = value_of("资质认定证书发证日期", certificate.issued_on)
        side, due = (
            side_of("资质认定证书发证日期", certificate.issued_on),
            months_after(issued_on, rules.commitment_months),
        )
        record, right = _verification_of(certificate, case)
        checked, outcome = record.verified_on, record.outcome
        left_days, subject = days_left(due, case.as_of), certificate.number.text
        if outcome is Verified.FALSE:
            zh = f"承诺核查（{checked or '日期未登记'}）的结论为虚假承诺。"
            yield mismatch(zh, "The promises were found false.", side, right, subject=subject, severity=Severity.MAJOR)
        if outcome is Verified.RECTIFY:
            zh = f"承诺核查（{checked or '日期未登记'}）的结论为与承诺不符、须整改。"
            yield mismatch(zh, "The promises were not kept and are to be made good.", side, right, subject=subject)
        unknown = outcome is None and bool(record.outcome_text)
        if unknown:
            zh = f"承诺核查（{checked or '日期未登记'}）的结论“{record.outcome_text}”含义不明，需人工确认。"
            yield mismatch(zh, f"Nobody can tell what “{record.outcome_text}” means.", side, right, subject=subject)
        if checked is not None and checked > due:
            zh = f"承诺核查于{checked}完成，晚于期限{due}（发证日{issued_on}后{rules.commitment_months}个月）。"
            yield mismatch(zh, f"Verified on {checked}, after {due}.", side, right, subject=subject)
        elif checked is not None and not unknown and outcome in (Verified.TRUE, None):
            zh = f"承诺核查于{checked}完成，不晚于期限{due}。"
            yield match(zh, f"Verified on {checked}.", side, right, subject=subject)
        elif checked is not None:
            continue  # in time; what it came to is said above
        elif left_days < 0:
            zh = f"承诺核查期限{due}已过{-left_days}天，登记中没有核查记录。"
            yield mismatch(
                zh, f"Due on {due}; no verification is recorded.", side, right, subject=subject, severity=Severity.MAJOR
            )
        elif left_days <= rules.commitment_warn_days:
            zh = f"承诺核查应于{due}前完成，还剩{left_days}天，尚无核查记录。"
            yield mismatch(zh, f"Due on {due}, in {left_days} days.", side, right, subject=subject)
        else:
            zh = f"承诺核查应于{due}前完成，还剩{left_days}天。"
            yield Remark(Outcome.TOLERATED, Bilingual(zh, f"Due on {due}."), side, right, subject=subject)


@check(
    "AU-05",
    severity=Severity.MAJOR,
    basis=CMA_RULES.article(13),
    on=(every(CmaCertificate), Case, Rules),
    advice=("请核对资质认定证书原件。", "Compare the original certificate."),
    purpose=Purpose.AUDIT,
)
def certificate_is_well_formed(certificates: tuple[CmaCertificate, ...], case: Case, rules: Rules) -> Iterator[Remark]:
    """证书编号符合规则，有效期不超过六年。 The certificate's number is well formed and its term no longer than six years."""
    for certificate in certificates:
        number = value_of("资质认定证书编号", certificate.number)
        begins, ends = value_of("发证日期", certificate.issued_on), value_of("有效期至", certificate.expires_on)
        side, last = side_of("资质认定证书编号", certificate.number), side_of("有效期至", certificate.expires_on)
        faults = 0
        if (wrong := _number_fault(number, begins)) is not None:
            faults += 1
            yield mismatch(
                wrong.zh, wrong.en, side, side_of("发证日期", certificate.issued_on), subject=f"编号 {number}"
            )
        latest = months_after(begins, 12 * rules.validity_years)
        if not begins < ends <= latest:
            faults += 1
            zh = f"有效期自{begins}至{ends}，应不超过{rules.validity_years}年（不晚于{latest}）。"
            yield mismatch(
                zh,
                f"From {begins} to {ends}.",
                side_of("发证日期", certificate.issued_on),
                last,
                subject=f"期限 {number}",
            )
        elif ends < latest - dt.timedelta(days=1) and not faults:
            zh = f"有效期自{begins}至{ends}，不足{rules.validity_years}年；变更、扩项换证沿用原截止日期的，属正常。"
            message = Bilingual(zh, "Shorter than a full term: normal where a change kept the former expiry.")
            yield Remark(Outcome.TOLERATED, message, side, last, subject=f"期限 {number}")
        elif not faults:
            yield match(f"证书编号“{number}”符合规则，有效期至{ends}。", "Well formed.", side, last, subject=number)


@check(
    "AU-07",
    severity=Severity.MAJOR,
    basis=HAINAN_DRAFT.whole(),
    on=(every(CmaCertificate), BusinessLicence, Case, Rules),
    needs=(RegistryKind.CREDIT,),
    advice=("请纳入重点监管并核实影响。", "Supervise more closely and find out what follows."),
    purpose=Purpose.AUDIT,
)
def no_credit_event_since_issue(
    certificates: tuple[CmaCertificate, ...], licence: BusinessLicence, case: Case, rules: Rules
) -> Iterator[Remark]:
    """发证以来没有新的失信、异常或处罚记录。 No new record of breach, abnormality or penalty since issue."""
    code = value_of("营业执照的统一社会信用代码", licence.unified_social_credit_code)
    side, issued_on = (
        side_of("营业执照的统一社会信用代码", licence.unified_social_credit_code),
        _first_issue(certificates),
    )
    words = (
        *rules.serious_credit,
        *rules.abnormal_credit,
        *rules.debtor_credit,
        *rules.pending_credit,
        *rules.penalty_credit,
    )
    events = [
        record
        for record in credit_of(case, code, licence.name.value or "")
        if record.listed_on is not None
        and issued_on < record.listed_on <= case.as_of
        and any(word in key(record.category) for word in words)
    ]
    for record in events:
        listed, right = said_of(record), recorded("信用信息", said_of(record), case.registries.credit.snapshot)
        subject = record.document_number or listed
        if record.active_on(case.as_of):
            zh = f"发证日{issued_on}之后，“{record.name}”{listed}。"
            yield mismatch(zh, f"Since {issued_on}: {listed}.", side, right, subject=subject)
        else:
            zh = f"发证日{issued_on}之后曾{listed}，现已移出、修复或公示期满。"
            yield Remark(Outcome.TOLERATED, Bilingual(zh, "Ended by now."), side, right, subject=subject)
    if not events:
        right = recorded("信用信息", None, case.registries.credit.snapshot)
        yield match(f"发证日{issued_on}以来没有新的失信、异常或处罚记录。", "No new record.", side, right)


@check(
    "AU-08",
    severity=Severity.MAJOR,
    basis=(HAINAN_DRAFT.whole("注册地和检验检测场所均在海南"), CMA_RULES.article(14)),
    on=(every(CmaCertificate), Case),
    advice=("请现场核实检验检测场所。", "Inspect the place."),
    purpose=Purpose.AUDIT,
)
def certified_place_is_the_accredited_one(certificates: tuple[CmaCertificate, ...], case: Case) -> Iterator[Remark]:
    """证书所载场所在海南，且仍是认可的场所。 The certified place is in Hainan and still an accredited site."""
    sites = [site for site in accredited_sites(case) if site.field.value]
    for certificate in certificates:
        address, side = (
            value_of("资质认定证书地址", certificate.address),
            side_of("资质认定证书地址", certificate.address),
        )
        if in_hainan(address) is False:
            yield mismatch(
                f"资质认定证书地址“{address}”不在海南。", f"“{address}” is not in Hainan.", side, subject="海南"
            )
            continue
        found = [(compare_addresses(address, site.field.value or ""), site) for site in sites]
        if not found:
            yield not_applicable("没有可比对的认可场所。", "No accredited site is known.", side)
            continue
        comparison, nearest = max(found, key=lambda pair: (pair[0].outcome is not Outcome.MISMATCH, pair[0].score))
        if comparison.outcome is Outcome.MISMATCH:
            zh = f"资质认定证书地址“{address}”不是任何认可场所，最接近的是“{nearest.field.value}”。{comparison.detail.zh}"
            yield mismatch(
                zh, f"“{address}” is no accredited site.", side, nearest.side, comparison=comparison, subject="场所"
            )
        else:
            zh = f"资质认定证书地址“{address}”在海南，且为认可场所。"
            yield Remark(
                comparison.outcome, Bilingual(zh, "In Hainan, and accredited."), side, nearest.side, comparison
            )


@check(
    "AU-09",
    severity=Severity.MAJOR,
    basis=CMA_RULES.article(13),
    on=(every(CmaCertificate), Case),
    needs=(RegistryKind.CMA,),
    advice=(
        "同一机构同一场所应只有一张有效证书，请核实并注销重复证书。",
        "One place needs one certificate; cancel the other.",
    ),
    purpose=Purpose.AUDIT,
)
def no_other_certificate_is_in_force(certificates: tuple[CmaCertificate, ...], case: Case) -> Iterator[Remark]:
    """同一机构同一场所没有另一张有效证书。 No other certificate of the body is in force for the same place."""
    numbers = {certificate.number.value for certificate in certificates}
    own, first = codes_of(case), certificates[0]
    side, place = side_of("资质认定证书编号", first.number), value_of("资质认定证书地址", first.address)
    others = [
        record
        for record in case.registries.cma.records
        if record.number not in numbers and is_in_force(record, case)
        and any(same_code(record.unified_social_credit_code, code) for code in own)
    ]  # fmt: skip
    same = [r for r in others if not r.address or compare_addresses(r.address, place).outcome is not Outcome.MISMATCH]
    for record in same:
        right = recorded("已发资质认定证书", f"{record.number} {record.address}", case.registries.cma.snapshot)
        zh = f"除“{first.number.value}”外，该机构同一场所还持有有效证书“{record.number}”（{record.address or '地址不详'}）。"
        yield mismatch(zh, f"“{record.number}” is in force too.", side, right, subject=record.number)
    if len(certificates) > 1 and len(numbers) > 1:
        held = "、".join(sorted(number for number in numbers if number))
        zh = f"材料中有多张资质认定证书：{held}，请核实是否重复。"
        yield mismatch(
            zh, f"Several certificates: {held}.", side, side_of("另一张证书", certificates[1].number), subject=held
        )
    elif not same:
        right = recorded("已发资质认定证书", None, case.registries.cma.snapshot)
        yield match("没有查到同一场所的另一张有效证书。", "There is no other certificate.", side, right)


def _number_fault(number: str, issued_on: dt.date) -> Bilingual | None:
    """What is wrong with a certificate number: its form, its issuer, or a year after the day of issue."""
    if not cma_number.is_valid(number):
        return Bilingual(f"证书编号“{number}”不符合编号规则。", f"“{number}” is no certificate number.")
    if not cma_number.is_hainan(number):
        issuer = cma_number.parts(number).issuer
        return Bilingual(f"证书编号“{number}”的发证机关代码为{issuer}，不是海南。", f"“{number}” is not of Hainan.")
    year = cma_number.parts(number).year
    if year > issued_on.year:
        zh = f"证书编号“{number}”中的年份{year}晚于发证日期{issued_on}。"
        return Bilingual(zh, f"“{number}” says {year}, later than {issued_on}.")
    return None


def _first_issue(certificates: tuple[CmaCertificate, ...]) -> dt.date:
    """The earliest day of issue; raises `UnreadField` where one cannot be read."""
    return min(value_of("资质认定证书发证日期", certificate.issued_on) for certificate in certificates)


def _matters(item: str) -> bool:
    """Whether a registered change must be followed by a change of the certificate (办法 第14条)."""
    return any(word in item for word in ("名称", "住所", "地址", "经营场所", "法定代表人", "负责人"))


def _verification_of(certificate: CmaCertificate, case: Case) -> tuple[VerificationRecord, Side]:
    """The latest verification on record, and where it stands; the register of certificates has the day alone."""
    listed = case.registries.verifications
    own = [record for record in listed.records if record.number == certificate.number.value]
    snapshot = listed.snapshot
    if own:
        found = max(own, key=lambda record: record.verified_on or dt.date.min)
    else:
        known, snapshot = _record_of(certificate, case), case.registries.cma.snapshot
        found = VerificationRecord(certificate.number.text, known.commitment_checked_on if known else None)
    return found, recorded("承诺核查日期", found.verified_on, snapshot)


def _record_of(certificate: CmaCertificate, case: Case) -> CmaRecord | None:
    number = certificate.number.value
    return next((record for record in case.registries.cma.records if record.number == number), None)
