"""What is due when: promises to be verified, certificates to be renewed, corrections to be asked for and to be answered."""

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from matchers.data import read_bytes
from matchers.workdays import Calendar, YearNotCovered
from models.dates import add_months
from models.finding import Bilingual
from models.records import CmaRecord

ENDED = ("注销", "撤销", "吊销", "失效", "过期", "作废")
"""Words in a certificate's printed status that mean it is no more."""


class DueKind(StrEnum):
    """承诺核查, 延续申请, 一次性告知补正, 补正答复, and whatever else a case was given a day for."""

    VERIFICATION = "verification"
    RENEWAL = "renewal"
    NOTICE = "notice"
    CORRECTION = "correction"
    OTHER = "other"


class DueState(StrEnum):
    """Where a deadline stands. `unknown`: its day cannot be said, and `Due.note` says why."""

    OVERDUE = "overdue"
    WARNING = "warning"
    PENDING = "pending"
    UNKNOWN = "unknown"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline. `subject` is a certificate's number, a review's id or an application's number; `began_on` is not counted.

    `days_left` counts calendar days from the day of judgement, negative once it has passed.
    """

    kind: DueKind
    subject: str
    name: str
    began_on: dt.date
    due_on: dt.date | None
    state: DueState
    days_left: int | None
    done_on: dt.date | None = None
    outcome: str = ""
    note: Bilingual | None = None

    @property
    def item(self) -> str:
        """What names the deadline everywhere: kind, subject and day."""
        return f"{self.kind.value}:{self.subject}:{self.due_on or ''}"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """`renewal_months` before expiry; `notice_working_days` after receipt."""

    renewal_months: int
    notice_working_days: int


@cache
def load_deadlines() -> Deadlines:
    """The deadlines that come with the program (`matchers/data/deadlines.toml`)."""
    return Deadlines(**tomllib.loads(read_bytes("deadlines.toml").decode("utf-8")))


def verification(
    record: CmaRecord,
    verified: tuple[dt.date, str] | None,
    on: dt.date,
    months: int,
    warn_days: int,
    calendar: Calendar,
) -> Due | None:
    """承诺核查 within so many calendar months of issue, the day clamped to the month's last; None without a day of issue.

    `verified` is the day and outcome on record. A last day that is not worked is told, not moved.
    """
    if record.issued_on is None:
        return None
    due_on = add_months(record.issued_on, months)
    done = verified or ((record.commitment_checked_on, "") if record.commitment_checked_on else None)
    return _due(
        DueKind.VERIFICATION,
        record.number,
        record.name,
        record.issued_on,
        due_on,
        on,
        warn_days,
        done,
        _rest(due_on, calendar),
    )


def renewal(record: CmaRecord, on: dt.date, warn_days: int, deadlines: Deadlines, calendar: Calendar) -> Due | None:
    """延续: the last day to apply, so many calendar months before expiry; None without expiry, or once the certificate has ended."""
    if record.expires_on is None or record.expires_on < on or any(word in record.status for word in ENDED):
        return None
    due_on = add_months(record.expires_on, -deadlines.renewal_months)
    began_on = record.issued_on or due_on
    note = _rest(due_on, calendar)
    return _due(DueKind.RENEWAL, record.number, record.name, began_on, due_on, on, warn_days, None, note)


def newest_of_each_body(records: Iterable[CmaRecord]) -> list[CmaRecord]:
    """Without the certificates whose body holds a later one for the same place: those need no renewal."""
    kept: dict[tuple[str, str], CmaRecord] = {}
    for record in records:
        held = (record.unified_social_credit_code or record.name, record.address)
        known = kept.get(held)
        if known is None or (record.expires_on or dt.date.min) > (known.expires_on or dt.date.min):
            kept[held] = record
    return list(kept.values())


def in_working_days(
    kind: DueKind,
    subject: str,
    name: str,
    began_on: dt.date,
    days: int,
    on: dt.date,
    warn_days: int,
    calendar: Calendar,
    done_on: dt.date | None = None,
) -> Due:
    """A term of working days; its day is unknown where it reaches into a year whose working days are not known."""
    done = (done_on, "") if done_on else None
    try:
        due_on = calendar.after(began_on, days)
    except YearNotCovered as unknown:
        note = Bilingual(
            f"{began_on}起{days}个工作日，{unknown.year}年的放假安排尚未录入，期限不能确定。",
            f"{days} working days from {began_on}: the holidays of {unknown.year} are not known yet.",
        )
        state = DueState.DONE if done else DueState.UNKNOWN
        return Due(kind, subject, name, began_on, None, state, None, done_on, "", note)
    return _due(kind, subject, name, began_on, due_on, on, warn_days, done, None)


def on_a_day(
    kind: DueKind, subject: str, name: str, began_on: dt.date, due_on: dt.date, on: dt.date, warn_days: int
) -> Due:
    """A day that somebody fixed."""
    return _due(kind, subject, name, began_on, due_on, on, warn_days, None, None)


def by_urgency(dues: Iterable[Due]) -> list[Due]:
    """What is overdue first, then what is near, what has no day, and what is done; within each the earliest first."""
    order: Mapping[DueState, int] = {state: number for number, state in enumerate(DueState)}
    return sorted(dues, key=lambda due: (order[due.state], due.due_on or dt.date.max, due.kind, due.subject))


def pressing(dues: Iterable[Due], within: int) -> list[Due]:
    """What is not done and due within so many days, passed, or without a day."""
    return [d for d in dues if d.state is not DueState.DONE and (d.days_left is None or d.days_left <= within)]


def _due(
    kind: DueKind,
    subject: str,
    name: str,
    began_on: dt.date,
    due_on: dt.date,
    on: dt.date,
    warn_days: int,
    done: tuple[dt.date, str] | None,
    note: Bilingual | None,
) -> Due:
    left = (due_on - on).days
    state = DueState.OVERDUE if left < 0 else DueState.WARNING if left <= warn_days else DueState.PENDING
    if done is not None and done[0] > due_on:
        note = Bilingual(f"晚于期限 {due_on} 完成。", f"Done after {due_on}.")
    if done is not None:
        return Due(kind, subject, name, began_on, due_on, DueState.DONE, left, *done, note)
    return Due(kind, subject, name, began_on, due_on, state, left, None, "", note)


def _rest(day: dt.date, calendar: Calendar) -> Bilingual | None:
    try:
        worked = calendar.worked_from(day)
    except YearNotCovered:
        return None
    if worked == day:
        return None
    return Bilingual(
        f"期限末日为休息日，其后首个工作日为 {worked}（民法典第203条）。",
        f"A day off; the next working day is {worked}.",
    )
