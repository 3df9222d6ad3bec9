"""The list of deadlines for scripts, a terminal, spreadsheets and calendars."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import click

from api.due import Due, DueKind, DueState
from api.render.text import padded, printable
from models.finding import Bilingual

KINDS = {
    DueKind.VERIFICATION: Bilingual("承诺核查", "Verification"),
    DueKind.RENEWAL: Bilingual("延续申请", "Renewal"),
    DueKind.NOTICE: Bilingual("告知补正", "Notice of corrections"),
    DueKind.CORRECTION: Bilingual("补正答复", "Corrections"),
    DueKind.OTHER: Bilingual("其他期限", "Other"),
}
STATES = {
    DueState.OVERDUE: Bilingual("已逾期", "Overdue"),
    DueState.WARNING: Bilingual("临期", "Soon"),
    DueState.PENDING: Bilingual("未到期", "Pending"),
    DueState.UNKNOWN: Bilingual("期限待定", "Not known"),
    DueState.DONE: Bilingual("已完成", "Done"),
}
OUTCOMES = {
    "true": Bilingual("属实", "True"),
    "rectify": Bilingual("不符，须整改", "To be rectified"),
    "false": Bilingual("虚假承诺", "False"),
}
_COLOURS = {DueState.OVERDUE: "red", DueState.WARNING: "yellow", DueState.UNKNOWN: "magenta", DueState.DONE: "green"}
_COLUMNS = (
    ("状态", 10, "state"), ("事项", 12, "kind"), ("对象", 24, "subject"), ("机构", 36, "name"), ("起算日", 12, "began_on"),
    ("期限", 12, "due_on"), ("剩余天数", 10, "days_left"), ("完成日", 12, "done_on"), ("结果", 14, "outcome"), ("说明", 60, "note"),
)  # fmt: skip


def due_json(dues: Sequence[Due], on: dt.date) -> dict[str, Any]:
    """The answer of `zhengshen due --json`."""
    return {
        "as_of": on.isoformat(),
        "due": [
            {
                "kind": due.kind.value,
                "state": due.state.value,
                "subject": due.subject,
                "name": due.name or None,
                "began_on": due.began_on.isoformat(),
                "due_on": due.due_on.isoformat() if due.due_on else None,
                "days_left": due.days_left,
                "done_on": due.done_on.isoformat() if due.done_on else None,
                "outcome": due.outcome or None,
                "note": {"zh": due.note.zh, "en": due.note.en} if due.note else None,
            }
            for due in dues
        ],
    }


def due_text(dues: Sequence[Due]) -> str:
    """A line for each deadline."""
    return "\n".join(map(_line, dues)) or "没有期限。 Nothing is due."


def left_of(due: Due) -> Bilingual:
    """How long there is, in words."""
    if due.state is DueState.DONE:
        result = OUTCOMES.get(due.outcome, Bilingual("已完成", "Done"))
        return Bilingual(f"{due.done_on} {result.zh}", f"{due.done_on} {result.en}")
    if due.days_left is None:
        return Bilingual("待定", "Not known")
    if due.days_left < 0:
        return Bilingual(f"逾期 {-due.days_left} 天", f"{-due.days_left} days late")
    return Bilingual(f"还剩 {due.days_left} 天", f"{due.days_left} days left")


def due_xlsx(dues: Sequence[Due]) -> bytes:
    """A workbook with one sheet, headers frozen, filters on; every cell is text or a date, never a formula."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "期限"
    for number, (title, width, _) in enumerate(_COLUMNS, 1):
        cell = sheet.cell(1, number, title)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1F3A5F")
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row, due in enumerate(dues, 2):
        for column, value in enumerate(_cells(due), 1):
            cell = sheet.cell(row, column)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
            elif isinstance(value, dt.date):
                cell.number_format = "yyyy-mm-dd"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_COLUMNS))}{len(dues) + 1}"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def due_ics(dues: Sequence[Due], now: dt.datetime, warn_days: int) -> bytes:
    """An iCalendar of what is open and has a day: one event for each whole day, with an alarm so many days before."""
    from icalendar import Alarm, Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Zhengshen 证审//due//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "证审期限")
    for due in dues:
        if due.due_on is None or due.state is DueState.DONE:
            continue
        event, alarm = Event(), Alarm()
        summary = f"{KINDS[due.kind].zh}：{due.name or due.subject}"
        event.add("uid", f"{due.kind.value}-{due.subject}@zhengshen")
        event.add("dtstamp", now)
        event.add("dtstart", due.due_on)
        event.add("dtend", due.due_on + dt.timedelta(days=1))
        event.add("summary", summary)
        event.add("description", f"{due.subject}；{STATES[due.state].zh}{f'；{due.note.zh}' if due.note else ''}")
        event.add("categories", [KINDS[due.kind].zh])
        event.add("transp", "TRANSPARENT")
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary)
        alarm.add("trigger", dt.timedelta(days=-warn_days))
        event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _line(due: Due) -> str:
    state = click.style(padded(STATES[due.state].zh, 9), fg=_COLOURS.get(due.state))
    note = f"  {due.note.zh}" if due.note else ""
    return (
        f"{state}{due.due_on or '----------'}  {padded(left_of(due).zh, 12)}{padded(KINDS[due.kind].zh, 10)}"
        f"{printable(due.subject)}  {printable(due.name)}{note}"
    )


def _cells(due: Due) -> tuple[str | int | dt.date | None, ...]:
    result = OUTCOMES.get(due.outcome)
    return (
        STATES[due.state].zh,
        KINDS[due.kind].zh,
        due.subject,
        due.name,
        due.began_on,
        due.due_on,
        due.days_left,
        due.done_on,
        result.zh if result else "",
        due.note.zh if due.note else "",
    )
