"""What new snapshots say of the bodies that hold certificates: dissolved, renamed, suspended, newly listed for a breach of trust."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.impact import Change, standing_of
from matchers.rules import Rules
from models.finding import Severity
from models.records import (
    AccreditationRecord,
    AccreditationStatus,
    CreditRecord,
    EnterpriseRecord,
    EntityStatus,
)
from models.text import key


@dataclass(frozen=True, slots=True)
class BodyEffect:
    """One body that stands otherwise now. `true_on` None: the registry states no date; `code` and `names` lead to its certificates."""

    change: Change
    subject: str
    before: str
    after: str
    severity: Severity
    true_on: dt.date | None
    code: str
    names: tuple[str, ...]


def enterprise_effects(old: Iterable[EnterpriseRecord], new: Iterable[EnterpriseRecord]) -> list[BodyEffect]:
    """Entities whose status or name differs; one that is only in one of the snapshots says nothing."""
    before = {_entity(record): record for record in old}
    effects = []
    for record in new:
        was = before.get(_entity(record))
        if was is None:
            continue
        names = tuple(dict.fromkeys((record.name, was.name)))
        if record.status is not was.status:
            grave = record.status in (EntityStatus.DEAD, EntityStatus.MOVED)
            severity = Severity.MAJOR if grave else Severity.MINOR
            texts = (was.status_text or was.status.value, record.status_text or record.status.value)
            effects.append(
                BodyEffect(
                    Change.STATUS,
                    f"登记状态 {record.unified_social_credit_code or record.name}",
                    *texts,
                    severity,
                    None,
                    record.unified_social_credit_code,
                    names,
                )
            )
        if key(record.name) != key(was.name):
            days = [c.on for c in record.changes if "名称" in c.item and c.on is not None]
            effects.append(
                BodyEffect(
                    Change.RENAMED,
                    f"名称 {record.unified_social_credit_code or was.name}",
                    was.name,
                    record.name,
                    Severity.MAJOR,
                    max(days, default=None),
                    record.unified_social_credit_code,
                    names,
                )
            )
    return effects


def accreditation_changes(old: Iterable[AccreditationRecord], new: Iterable[AccreditationRecord]) -> list[BodyEffect]:
    """Accreditations whose status, last day or suspended items differ, or that the new directory lacks."""
    before = {record.registration_number: record for record in old}
    after = {record.registration_number: record for record in new}
    effects = []
    for number, was in before.items():
        now = after.get(number)
        if standing_of(was) == standing_of(now):
            continue
        sound = now is not None and now.status is AccreditationStatus.VALID and not now.suspended_items
        record = now or was
        dated = now is not None and now.updated_on is not None and now.updated_on != was.updated_on
        effects.append(
            BodyEffect(
                Change.STATUS if now is not None else Change.REMOVED,
                number,
                standing_of(was),
                standing_of(now),
                Severity.MINOR if sound else Severity.MAJOR,
                now.updated_on if now is not None and dated else None,
                record.unified_social_credit_code,
                tuple(dict.fromkeys(name for name in (record.name, record.legal_entity) if name)),
            )
        )
    return effects


def credit_effects(
    old: Iterable[CreditRecord], new: Iterable[CreditRecord], rules: Rules, day: dt.date
) -> list[BodyEffect]:
    """Records of breach, abnormality or penalty that are new, or that have ended since; praise and promises say nothing."""
    words = (
        *rules.serious_credit,
        *rules.abnormal_credit,
        *rules.debtor_credit,
        *rules.pending_credit,
        *rules.penalty_credit,
    )
    before: Mapping[tuple[object, ...], CreditRecord] = {_record(record): record for record in old}
    effects = []
    for record in new:
        if not any(word in key(record.category) for word in words):
            continue
        was, active = before.get(_record(record)), record.active_on(day)
        if was is None and active:
            change, severity, true_on = Change.LISTED, Severity.MAJOR, record.listed_on
        elif was is not None and was.active_on(day) and not active:
            ends = [e for e in (record.removed_on, record.repaired_on, record.published_until) if e is not None]
            change, severity, true_on = Change.ENDED, Severity.MINOR, min(ends, default=None)
        else:
            continue
        subject = record.document_number or f"{record.category} {record.listed_on or ''}".strip()
        said = "，".join(part for part in (record.category, record.reason, record.authority) if part)
        texts = ("", said) if change is Change.LISTED else (said, "")
        effects.append(
            BodyEffect(change, subject, *texts, severity, true_on, record.unified_social_credit_code, (record.name,))
        )
    return effects


def _entity(record: EnterpriseRecord) -> str:
    return record.unified_social_credit_code or key(record.name)


def _record(record: CreditRecord) -> tuple[object, ...]:
    """What stays the same of a record while its end is added."""
    body = record.unified_social_credit_code or key(record.name)
    return body, record.category, record.document_number, record.listed_on, record.reason
