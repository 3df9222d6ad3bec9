"""What is in force on the day of judgement: the accreditation, its annexes and the entity (VA)."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

from matchers.basis import CMA_RULES, CNAS_RULES, HAINAN_DRAFT
from matchers.check import check, every
from matchers.lookup import accreditation_by_number, cnas_number_of
from matchers.periods import compare_dates, days_left
from matchers.rules import Rules
from matchers.sides import (
    compared,
    match,
    mismatch,
    not_applicable,
    not_provided,
    recorded,
    row_side,
    shown,
    side_of,
    unavailable,
    unreadable,
    value_of,
)
from models.case import Case
from models.finding import Bilingual, Outcome, Remark, Severity, Side
from models.papers import BusinessLicence, CapabilityRow, CnasAnnex, CnasCertificate
from models.records import AccreditationRecord, AccreditationStatus, EnterpriseRecord, EntityStatus, RegistryKind
from models.standards import StandardRef
from models.text import key

_EXPIRY = Bilingual("有效期截止日期", "expiry date")
_SUSPENDED = re.compile(r"[;。\n]")


@check(
    "VA-01",
    severity=Severity.BLOCKING,
    basis=HAINAN_DRAFT.whole(),
    on=(CnasCertificate, Case, Rules),
    advice=("请要求申请人提交在有效期内的认可证书。", "Ask for a certificate in force."),
)
def accreditation_has_not_expired(certificate: CnasCertificate, case: Case, rules: Rules) -> Iterator[Remark]:
    """CNAS 认可在审查日仍然有效。 The CNAS accreditation has not expired on the day of judgement."""
    last_day = value_of("认可证书有效期截止日期", certificate.expires_on)
    side, today = side_of("认可证书有效期截止日期", certificate.expires_on), Side("审查日期", case.as_of.isoformat())
    left = days_left(last_day, case.as_of)
    if left < 0:
        zh = f"认可证书已于{last_day}到期，到审查日{case.as_of}已过期{-left}天。"
        yield mismatch(zh, f"The certificate expired on {last_day}, {-left} days before {case.as_of}.", side, today)
    elif left < rules.expiry_minor_days:
        soon = left < rules.expiry_major_days
        yield mismatch(
            f"认可证书将于{last_day}到期，距审查日{case.as_of}只剩{left}天。",
            f"The certificate expires on {last_day}, {left} days after {case.as_of}.",
            side,
            today,
            severity=Severity.MAJOR if soon else Severity.MINOR,
            advice=Bilingual(
                "请确认申请人已向 CNAS 提出复评，并留意新证书。", "Make sure that re-assessment is under way."
            ),
        )
    else:
        yield match(
            f"认可证书有效期至{last_day}，距审查日{case.as_of}还有{left}天。",
            f"In force until {last_day}.",
            side,
            today,
        )


@check(
    "VA-02",
    severity=Severity.BLOCKING,
    basis=CNAS_RULES.whole(),
    on=(CnasCertificate, Case),
    advice=("认可尚未生效，请待生效后再申请。", "The accreditation is not yet in force; apply once it is."),
)
def accreditation_is_in_force(certificate: CnasCertificate, case: Case) -> Iterator[Remark]:
    """CNAS 认可在审查日已经生效。 The CNAS accreditation is already in force on the day of judgement."""
    first_day = value_of("认可证书生效日期", certificate.effective_on)
    side, today = side_of("认可证书生效日期", certificate.effective_on), Side("审查日期", case.as_of.isoformat())
    if first_day > case.as_of:
        zh = f"认可证书自{first_day}起生效，审查日{case.as_of}尚未生效。"
        yield mismatch(zh, f"The certificate takes effect on {first_day}, after {case.as_of}.", side, today)
    else:
        yield match(
            f"认可证书自{first_day}起生效，不晚于审查日{case.as_of}。", f"In force since {first_day}.", side, today
        )


@check(
    "VA-03",
    severity=Severity.BLOCKING,
    basis=CNAS_RULES.whole(),
    on=(Case,),
    needs=(RegistryKind.CNAS,),
    advice=("请登录 CNAS 官网核实认可状态。", "Verify the status on the CNAS web site."),
)
def directory_says_valid(case: Case) -> Iterator[Remark]:
    """CNAS 名录中该认可状态为有效。 The CNAS directory shows the accreditation as valid."""
    number = cnas_number_of(case)
    if number is None:
        yield not_provided(
            "没有认可证书、附件或申请书上的注册号可供查询。", "No paper bears a registration number to look up."
        )
        return
    side = side_of("CNAS 注册号", number)
    record = accreditation_by_number(case, value_of("CNAS 注册号", number))
    snapshot = case.registries.cnas.snapshot
    if record is None:
        zh = f"CNAS 名录中没有查到注册号“{number.value}”。"
        yield mismatch(
            zh, f"The CNAS directory holds no “{number.value}”.", side, recorded("CNAS 名录", None, snapshot)
        )
        return
    status = recorded("CNAS 名录状态", record.status_text or record.status.value, snapshot)
    said = f"CNAS 名录中“{number.value}”的状态为“{status.value}”"
    if record.status is AccreditationStatus.VALID:
        yield match(f"{said}，有效。", f"The directory shows “{number.value}” as valid.", side, status)
    elif record.status is AccreditationStatus.UNKNOWN:
        yield Remark(
            Outcome.UNREADABLE,
            Bilingual(f"{said}，无法判断是否有效。", "The status in the directory is not understood."),
            side,
            status,
        )
    elif record.status is AccreditationStatus.PARTLY_SUSPENDED:
        yield _partly_suspended(case, record, side, status, said)
    else:
        yield mismatch(
            f"{said}，不是有效状态。", f"The directory shows “{number.value}” as {record.status.value}.", side, status
        )


def _partly_suspended(case: Case, record: AccreditationRecord, side: Side, status: Side, said: str) -> Remark:
    """The suspended rows are blocked; where the announcement names none of the claimed rows a person must look."""
    rows = [(index, row) for index, row in enumerate(case.claimed_rows) if is_suspended(row, record.suspended_items)]
    zh = f"{said}，暂停的项目或参数：“{record.suspended_items or '（名录未列明）'}”"
    en = f"The directory suspends part of the scope: “{record.suspended_items}”"
    if rows:
        left = row_side("申请能力项", [row for _, row in rows], f"{len(rows)} 项")
        indices = tuple(index for index, _ in rows)
        return mismatch(
            f"{zh}，涉及申请的{len(rows)}项。", f"{en}; {len(rows)} claimed rows.", left, status, rows=indices
        )
    return mismatch(
        f"{zh}；未能对应到申请的能力项，请逐项核对。",
        f"{en}; no claimed row was found.",
        side,
        status,
        severity=Severity.MAJOR,
    )


def is_suspended(row: CapabilityRow, items: str) -> bool:
    """Whether the directory's words name the row: by one of its standards, else by its parameter or object as an item."""
    named = {ref.key_without_type for ref in StandardRef.find_all(items)}
    if named:
        return any(ref.key_without_type in named for ref in row.standards)
    listed = {part for part in _SUSPENDED.split(key(items)) if part}
    return bool(listed & {key(row.parameter or ""), key(row.object or "")})


@check(
    "VA-04",
    severity=Severity.MAJOR,
    basis=CNAS_RULES.whole(),
    on=(CnasCertificate, Case),
    advice=(
        "附件可能不是当前版本，请要求申请人从 CNAS 系统重新下载。",
        "The annex may be an old one; ask for a fresh print.",
    ),
)
def every_expiry_is_the_certificates(certificate: CnasCertificate, case: Case) -> Iterator[Remark]:
    """证书、附件和名录的有效期截止日期相同。 Certificate, annexes and directory bear the same expiry date."""
    last_day, side = shown("认可证书有效期截止日期", certificate.expires_on)
    others = [
        ("英文认可证书有效期截止日期", c.expires_on, c.source.file)
        for c in case.all(CnasCertificate)
        if c is not certificate
    ]
    others += [("附件有效期截止日期", a.expires_on, a.source.file) for a in case.annexes if a.expires_on is not None]
    answer = case.registries.cnas
    record = None
    if answer.available:
        record = accreditation_by_number(case, value_of("CNAS 注册号", certificate.registration_number))
    listed = record.expires_on if record is not None else None
    for label, field, file in others:
        right = side_of(label, field)
        if field.value is None:
            yield unreadable(right)
        else:
            remark = compared(_EXPIRY, compare_dates(last_day, field.value), side, right, subject=file)
            yield _with_directory(remark, label.removesuffix(_EXPIRY.zh), last_day, field.value, listed)
    if not answer.available:
        yield unavailable(RegistryKind.CNAS, answer)
    elif listed is not None:
        right = recorded("CNAS 名录有效期截止日期", listed, answer.snapshot)
        remark = compared(_EXPIRY, compare_dates(last_day, listed), side, right, subject="CNAS 名录")
        yield replace(remark, advice=_DOUBTED) if remark.outcome is Outcome.MISMATCH else remark
    elif not others:
        yield not_applicable(
            "附件和名录均未载明有效期，无可比对。", "Neither annex nor directory states an expiry date.", side
        )


_DOUBTED = Bilingual(
    "认可证书与 CNAS 名录不符，请核对证书原件，并在 CNAS 网站查询现行有效期。",
    "The certificate contradicts the directory: look at the original and ask CNAS for the date in force.",
)


def _with_directory(remark: Remark, paper: str, certified: dt.date, other: dt.date, listed: dt.date | None) -> Remark:
    """A difference of another paper from the certificate, with which of them the directory agrees, and so what to ask for."""
    if remark.outcome is not Outcome.MISMATCH or listed is None:
        return remark
    agreed = "认可证书" if listed == certified else paper if listed == other else ""
    zh = f"CNAS 名录为“{listed}”，{f'与{agreed}相同' if agreed else '与两者均不同'}。"
    en = f"The directory has “{listed}”."
    message = Bilingual(f"{remark.message.zh}{zh}", f"{remark.message.en} {en}")
    return replace(remark, message=message, advice=None if listed == certified else _DOUBTED)


@check(
    "VA-05",
    severity=Severity.MAJOR,
    basis=CNAS_RULES.whole(),
    on=(every(CnasAnnex), AccreditationRecord, Case),
    advice=("附件非最新版，请要求申请人从 CNAS 系统下载最新附件。", "Ask for the latest annex from the CNAS system."),
)
def annex_is_the_latest(annexes: tuple[CnasAnnex, ...], record: AccreditationRecord, case: Case) -> Iterator[Remark]:
    """附件为名录更新后的最新版本。 The annex is the latest that the directory knows."""
    if record.updated_on is None:
        yield not_applicable("名录未载明更新日期。", "The directory states no date of update.")
        return
    right = recorded("CNAS 名录更新日期", record.updated_on, case.registries.cnas.snapshot)
    issued = [
        (annex.issued_on.value, side_of("附件签发日期", annex.issued_on))
        for annex in annexes
        if annex.issued_on is not None
    ]
    dated = [(day, side) for day, side in issued if day is not None]
    for annex in annexes:
        sections = [section.updated_on for section in annex.sections if section.updated_on is not None]
        sections += [entry.updated_on for entry in annex.index if entry.updated_on is not None]
        dated += [(day, Side("附件更新日期", day.isoformat(), day.isoformat())) for day in sections]
    if not dated:
        label = issued[0][1] if issued else None
        yield (
            unreadable(label)
            if label
            else not_applicable("附件未印签发或更新日期。", "The annex bears no date of issue.", right)
        )
        return
    latest, side = max(dated, key=lambda pair: pair[0])
    if record.updated_on > latest:
        zh = f"附件非最新版：附件最近的签发或更新日期为{latest}，而名录已于{record.updated_on}更新。"
        yield mismatch(zh, f"The annex is of {latest}, the directory was updated on {record.updated_on}.", side, right)
    else:
        zh = f"附件最近的签发或更新日期{latest}不早于名录更新日期{record.updated_on}。"
        yield match(zh, f"The annex of {latest} is no older than the directory's {record.updated_on}.", side, right)


@check(
    "VA-07",
    severity=Severity.BLOCKING,
    basis=CMA_RULES.article(9),
    on=(BusinessLicence, EnterpriseRecord, Case),
    advice=(
        "请核实主体登记状态；已注销、吊销或迁出的不得受理。",
        "Verify the status; a dissolved or moved entity cannot apply.",
    ),
)
def entity_is_active(licence: BusinessLicence, record: EnterpriseRecord, case: Case) -> Iterator[Remark]:
    """主体登记状态为存续。 The entity is registered as active."""
    side = side_of("营业执照名称", licence.name)
    status = recorded("登记状态", record.status_text or record.status.value, case.registries.enterprises.snapshot)
    said = f"“{record.name}”的登记状态为“{status.value}”"
    if record.status is EntityStatus.ACTIVE:
        yield match(f"{said}，正常存续。", f"“{record.name}” is active.", side, status)
    elif record.status is EntityStatus.UNKNOWN:
        yield Remark(
            Outcome.UNREADABLE,
            Bilingual(f"{said}，无法判断是否存续。", "The registered status is not understood."),
            side,
            status,
        )
    else:
        severity = Severity.MAJOR if record.status is EntityStatus.WARN else None
        yield mismatch(
            f"{said}，不是正常存续状态。",
            f"“{record.name}” is registered as {record.status.value}.",
            side,
            status,
            severity=severity,
        )
