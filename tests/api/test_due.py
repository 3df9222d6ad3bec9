"""Deadlines: calendar months, working days, warnings, what was done about them, and who is told."""

import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from icalendar import Calendar as ICalendar
from openpyxl import load_workbook
from standardwebhooks import Webhook

from api import webhooks
from api.cli import main
from api.deadlines import deadlines, notify
from api.due import (
    Due,
    DueKind,
    DueState,
    by_urgency,
    in_working_days,
    load_deadlines,
    newest_of_each_body,
    on_a_day,
    pressing,
    renewal,
    verification,
)
from api.render.due import due_ics, due_json, due_text, due_xlsx, left_of
from api.settings import Settings
from api.store import Store, log, open_store
from api.store.errors import EntryMissing
from api.store.snapshots import upload_snapshot
from api.store.supervision import answer_correction, record_correction, record_verification, verifications
from api.store.webhooks import subscribe
from api.terminal import LOOK, NOTHING_TO_OBJECT, UNUSABLE
from matchers.workdays import load_calendar
from models.records import CmaRecord, RegistryKind, Verified
from tests.api.jobs.receiver import receiver
from tests.api.store.given import NOW, given_done

CALENDAR, DEADLINES = load_calendar(), load_deadlines()
D = dt.date.fromisoformat


def record(issued: str | None = "2026-09-30", expires: str | None = "2032-09-29", **more: str) -> CmaRecord:
    days = {"issued_on": issued and D(issued), "expires_on": expires and D(expires)}
    return CmaRecord("262121340001", "海口椰风检测技术有限公司", **{"address": "甲路", **days, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("issued", "on", "due_on", "state", "left"),
    [
        ("2026-09-30", "2026-10-01", "2026-11-30", DueState.PENDING, 60),
        ("2026-09-30", "2026-11-14", "2026-11-30", DueState.PENDING, 16),
        ("2026-09-30", "2026-11-15", "2026-11-30", DueState.WARNING, 15),
        ("2026-09-30", "2026-11-30", "2026-11-30", DueState.WARNING, 0),
        ("2026-09-30", "2026-12-01", "2026-11-30", DueState.OVERDUE, -1),
        ("2025-12-31", "2026-01-01", "2026-02-28", DueState.PENDING, 58),  # clamped to the month's last day
        ("2023-12-30", "2024-01-01", "2024-02-29", DueState.PENDING, 59),
    ],
)
def test_promises_are_verified_within_two_calendar_months(
    issued: str, on: str, due_on: str, state: DueState, left: int
) -> None:
    due = verification(record(issued), None, D(on), 2, 15, CALENDAR)
    assert due is not None
    assert (due.due_on, due.state, due.days_left) == (D(due_on), state, left)


def test_a_verification_that_is_on_record_is_done_and_a_late_one_says_so() -> None:
    due = verification(record(), (D("2026-11-20"), "true"), D("2026-12-24"), 2, 15, CALENDAR)
    assert due is not None
    assert (due.state, due.done_on, due.outcome, due.note) == (DueState.DONE, D("2026-11-20"), "true", None)
    late = verification(record(), (D("2026-12-20"), "false"), D("2026-12-24"), 2, 15, CALENDAR)
    assert late is not None
    assert "2026-11-30" in (late.note.zh if late.note else "")
    assert left_of(late).zh == "2026-12-20 虚假承诺"
    assert verification(record(issued=None), None, D("2026-12-24"), 2, 15, CALENDAR) is None


def test_a_last_day_off_is_told() -> None:
    due = verification(record("2026-08-03"), None, D("2026-09-01"), 2, 15, CALENDAR)  # 3 October
    assert due is not None
    assert due.due_on == D("2026-10-03")
    assert "2026-10-08" in (due.note.zh if due.note else "")


@pytest.mark.parametrize(
    ("expires", "on", "due_on", "state"),
    [
        ("2027-05-31", "2026-12-01", "2027-02-28", DueState.PENDING),
        ("2027-02-28", "2026-11-22", "2026-11-28", DueState.WARNING),
        ("2027-02-01", "2026-11-22", "2026-11-01", DueState.OVERDUE),
    ],
)
def test_renewal_is_applied_for_three_months_before_expiry(expires: str, on: str, due_on: str, state: DueState) -> None:
    due = renewal(record(expires=expires), D(on), 15, DEADLINES, CALENDAR)
    assert due is not None
    assert (due.due_on, due.state) == (D(due_on), state)


def test_who_has_a_later_certificate_or_none_any_more_renews_nothing() -> None:
    old, new = record(expires="2027-01-31"), record(expires="2033-01-30")
    elsewhere = record(expires="2027-03-31", address="乙路")
    assert newest_of_each_body([old, new, elsewhere]) == [new, elsewhere]
    assert newest_of_each_body([new, old]) == [new]
    assert renewal(record(expires="2026-01-01"), D("2026-11-22"), 15, DEADLINES, CALENDAR) is None
    assert renewal(record(expires=None), D("2026-11-22"), 15, DEADLINES, CALENDAR) is None
    assert renewal(record(status="已注销"), D("2026-11-22"), 15, DEADLINES, CALENDAR) is None


def test_working_days_skip_holidays_and_stop_where_they_are_not_known() -> None:
    due = in_working_days(DueKind.CORRECTION, "app-1", "", D("2026-09-30"), 5, D("2026-10-01"), 15, CALENDAR)
    assert due.due_on == D("2026-10-13")
    last = dt.date(max(CALENDAR.notices), 12, 30)
    unknown = in_working_days(DueKind.CORRECTION, "app-1", "", last, 10, last, 15, CALENDAR)
    assert (unknown.due_on, unknown.state) == (None, DueState.UNKNOWN)
    assert str(last.year + 1) in (unknown.note.zh if unknown.note else "")
    assert left_of(unknown).zh == "待定"
    done = in_working_days(DueKind.CORRECTION, "app-1", "", last, 10, last, 15, CALENDAR, done_on=last)
    assert done.state is DueState.DONE


def test_the_most_urgent_stand_first() -> None:
    days = [("b", "2026-12-30"), ("a", "2026-11-25"), ("c", "2026-11-01"), ("d", "2027-12-01")]
    dues = [on_a_day(DueKind.OTHER, name, "", D("2026-01-01"), D(day), D("2026-11-22"), 15) for name, day in days]
    assert [due.subject for due in by_urgency(dues)] == ["c", "a", "b", "d"]
    assert [due.subject for due in pressing(by_urgency(dues), 90)] == ["c", "a", "b"]


def some() -> list[Due]:
    return [
        on_a_day(DueKind.RENEWAL, "262121340001", "=甲,公司\n", D("2026-01-01"), D("2026-11-25"), D("2026-11-22"), 15),
        in_working_days(DueKind.CORRECTION, "app-2", "乙", dt.date(2099, 1, 1), 3, D("2026-11-22"), 15, CALENDAR),
    ]


def test_the_calendar_holds_what_is_open_and_has_a_day() -> None:
    (event,) = ICalendar.from_ical(due_ics(some(), NOW, 15)).walk("VEVENT")
    assert event.decoded("dtstart") == D("2026-11-25")
    assert event["uid"] == "renewal-262121340001@zhengshen"
    assert "=甲,公司" in event["summary"]
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("trigger") == dt.timedelta(days=-15)


def test_the_workbook_has_dates_filters_and_no_formula() -> None:
    sheet = load_workbook(io.BytesIO(due_xlsx(some()))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:3] == ["临期", "延续申请", "262121340001"]
    assert (sheet["D2"].data_type, sheet["F2"].value) == ("s", dt.datetime(2026, 11, 25))  # noqa: DTZ001 - openpyxl's own
    assert (sheet.auto_filter.ref, sheet.freeze_panes) == ("A1:J3", "A2")


def test_words_and_json_say_the_same() -> None:
    text, shape = due_text(some()), due_json(some(), D("2026-11-22"))
    assert "还剩 3 天" in text
    assert [each["due_on"] for each in shape["due"]] == ["2026-11-25", None]
    assert due_text([]).startswith("没有期限")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", webhook_hosts=("127.0.0.1",))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    lines = [
        "证书编号,机构名称,统一社会信用代码,发证日期,有效期至",
        "262121340001,海口椰风检测技术有限公司,91460100MAA9ABC12W,2026-09-10,2032-09-09",
        "212121340002,三亚海湾检测有限公司,91460000MA5TE5T076,2021-03-01,2027-02-28",
    ]
    data = "\n".join(lines).encode()
    upload_snapshot(opened, RegistryKind.CMA, "cma.csv", data, D("2026-11-01"), actor="user:li", now=NOW)
    yield opened
    opened.close()


def listed(settings: Settings, store: Store, **more: dt.date) -> dict[tuple[str, str], Due]:
    found = deadlines(settings, store, {}, D("2026-11-22"), **more)
    return {(due.kind.value, due.subject): due for due in found}


def test_the_list_draws_from_certificates_letters_and_cases(settings: Settings, store: Store) -> None:
    review = given_done(store)  # received on Sunday 22 November, to be corrected
    record_correction(store, "hyb-7", "乙公司", D("2026-11-20"), 5, actor="user:li", now=NOW)
    found = listed(settings, store)
    assert {item: (str(due.due_on), due.state.value) for item, due in found.items()} == {
        ("verification", "262121340001"): ("2026-11-10", "overdue"),
        ("verification", "212121340002"): ("2021-05-01", "overdue"),
        ("renewal", "262121340001"): ("2032-06-09", "pending"),
        ("renewal", "212121340002"): ("2026-11-28", "warning"),
        ("notice", review.id): ("2026-11-27", "warning"),
        ("correction", "hyb-7"): ("2026-11-27", "warning"),
    }
    assert ("verification", "212121340002") not in listed(settings, store, issued_since=D("2026-01-01"))


def test_what_was_done_is_written_down_in_the_store_and_the_log(settings: Settings, store: Store) -> None:
    review = given_done(store)
    record_verification(
        store, "2621 2134 0001", D("2026-11-08"), Verified.RECTIFY, actor="user:li", now=NOW, note="设备"
    )
    later = NOW + dt.timedelta(hours=1)
    record_verification(store, "262121340001", D("2026-11-09"), Verified.TRUE, actor="user:li", now=later)
    assert verifications(store)["262121340001"].outcome is Verified.TRUE
    record_correction(store, review.id, "", D("2026-11-20"), 5, actor="user:li", now=NOW)
    answer_correction(store, review.id, D("2026-11-21"), actor="user:li", now=NOW)
    found = listed(settings, store)
    assert (found["verification", "262121340001"].state, found["correction", review.id].state) == (
        DueState.DONE,
        DueState.DONE,
    )
    assert ("notice", review.id) not in found
    actions = [entry.action for entry in log.entries(store, subject="262121340001")]
    assert actions == ["commitment.verified", "commitment.verified"]
    assert log.verify(store).ok
    with pytest.raises(EntryMissing):
        answer_correction(store, review.id, D("2026-11-21"), actor="user:li", now=NOW)


def test_subscribers_are_told_once_of_the_coming_and_once_of_the_passing(settings: Settings, store: Store) -> None:
    secret = webhooks.new_secret()
    with receiver() as there:
        subscribe(store, there.url, [secret], actor="key:k", now=NOW, events=["due.overdue", "due.warning"])
        subscribe(store, there.url, [secret], actor="key:k", now=NOW, events=["review.done"])
        dues = deadlines(settings, store, {}, D("2026-11-22"))
        now = dt.datetime.now(dt.UTC)
        assert notify(settings, store, dues, now) == (3, 0)
        assert notify(settings, store, dues, now) == (0, 0)
        later = deadlines(settings, store, {}, D("2026-11-29"))  # the renewal has passed meanwhile
        assert notify(settings, store, later, now) == (1, 0)
        bodies = [Webhook(secret).verify(got.body, got.headers) for got in there.got]
    assert [body["type"] for body in bodies].count("due.overdue") == 3
    assert {body["data"]["subject"] for body in bodies} == {"262121340001", "212121340002"}
    assert "椰风" not in json.dumps(bodies, ensure_ascii=False)
    assert len({got.headers["webhook-id"] for got in there.got}) == 4


def test_who_is_away_is_told_the_next_time(settings: Settings, store: Store) -> None:
    with receiver() as there:
        subscribe(store, there.url, [webhooks.new_secret()], actor="key:k", now=NOW)
    dues = deadlines(settings, store, {}, D("2026-11-22"))
    assert notify(settings, store, dues, NOW) == (0, 1)


@pytest.fixture
def run(store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("ZHENGSHEN_DATA", str(settings.data))
    return lambda *words: CliRunner().invoke(main, ["due", *map(str, words)], prog_name="zhengshen")


def test_the_commands(run: Callable[..., Result], tmp_path: Path) -> None:
    result = run("--as-of", "2026-11-22")
    assert result.exit_code == LOOK
    assert "212121340002" in result.stdout
    assert "2032-06-09" not in result.stdout  # years away
    assert "2032-06-09" in run("--as-of", "2026-11-22", "--all").stdout
    assert run("verify", "262121340001", "--outcome", "true", "--on", "2026-11-09").exit_code == NOTHING_TO_OBJECT
    assert run("correct", "hyb-7", "--days", 5, "--sent", "2026-11-20").exit_code == NOTHING_TO_OBJECT
    shape = json.loads(run("--as-of", "2026-11-22", "--issued-since", "2026-01-01", "--json").stdout)
    assert [(each["kind"], each["subject"]) for each in shape["due"]] == [
        ("correction", "hyb-7"),
        ("renewal", "212121340002"),
    ]
    assert run("answered", "hyb-7").exit_code == NOTHING_TO_OBJECT
    assert run("answered", "hyb-7").exit_code == UNUSABLE
    for name, head in (("due.xlsx", b"PK"), ("due.ics", b"BEGIN:VCALENDAR"), ("due.json", b"{")):
        assert run("--as-of", "2026-11-22", "--output", tmp_path / name).exit_code == LOOK
        assert (tmp_path / name).read_bytes().startswith(head)
    assert run("--format", "xlsx").exit_code == UNUSABLE
    assert run("notify", "--as-of", "2026-11-22").exit_code == NOTHING_TO_OBJECT
