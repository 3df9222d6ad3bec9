"""The commands on deadlines: list them, write down what was done, tell who subscribed."""

import datetime as dt
import os
from pathlib import Path

import click

from api.options import DATE, PATHS, acting, opened
from api.settings import Settings
from api.terminal import LOOK, NOTHING_TO_OBJECT, echo_json, write_file

FORMS = ("text", "json", "xlsx", "ics")


@click.group(invoke_without_command=True)
@click.option("--as-of", type=DATE, metavar="DATE", help="哪一天，默认今天。 The day; today by default.")
@click.option(
    "--issued-since", type=DATE, metavar="DATE", help="只核查该日起发的证书。 Verification of those issued since."
)
@click.option(
    "--within",
    type=click.IntRange(min=0),
    default=90,
    show_default=True,
    help="只列多少天内到期的。 Only what is due within so many days.",
)
@click.option("--all", "everything", is_flag=True, help="全部列出，含已完成的。 Everything, also what is done.")
@click.option("--format", "form", type=click.Choice(FORMS), help="输出格式，默认按 --output 的后缀。 Form of the list.")
@click.option("--json", "form", flag_value="json", help="即 --format json。 The same as --format json.")
@click.option("--output", type=PATHS, metavar="FILE", help="写入 .xlsx、.ics 或 .json。 Write to a file.")
@click.pass_context
def due(
    context: click.Context,
    as_of: dt.datetime | None,
    issued_since: dt.datetime | None,
    within: int,
    everything: bool,
    form: str | None,
    output: Path | None,
) -> int | None:
    """期限：承诺核查、延续、补正，临期和逾期的在前。 Deadlines: verification, renewal, corrections; the most urgent first."""
    if context.invoked_subcommand is not None:
        return None
    suffix = output.suffix.lower().lstrip(".") if output else ""
    form = form or (suffix if suffix in FORMS else "text")
    if form in ("xlsx", "ics") and output is None:
        raise click.UsageError("XLSX 和日历需要 --output 文件名。 XLSX and calendars need --output FILE.")
    from api import clock
    from api.deadlines import deadlines
    from api.due import DueState, pressing
    from api.render.due import due_ics, due_json, due_text, due_xlsx

    settings: Settings = context.obj
    day = _day(as_of)
    with opened(settings) as store:
        found = deadlines(settings, store, os.environ, day, issued_since=issued_since.date() if issued_since else None)
    shown = found if everything else pressing(found, within)
    if form == "json" and output is None:
        echo_json(due_json(shown, day))
    elif output is None:
        click.echo(due_text(shown))
    elif form == "xlsx":
        write_file(output, due_xlsx(shown))
    elif form == "ics":
        write_file(output, due_ics(shown, clock.now(), settings.rules.commitment_warn_days))
    else:
        import json

        text = (
            json.dumps(due_json(shown, day), ensure_ascii=False, indent=2)
            if form == "json"
            else click.unstyle(due_text(shown))
        )
        write_file(output, text.encode() + b"\n")
    urgent = {DueState.OVERDUE, DueState.WARNING, DueState.UNKNOWN}
    return LOOK if any(one.state in urgent for one in shown) else NOTHING_TO_OBJECT


@due.command()
@click.argument("certificate", metavar="NO")
@click.option(
    "--outcome",
    type=click.Choice(["true", "rectify", "false"]),
    required=True,
    help="属实、不符须整改、虚假承诺。 What the verification came to.",
)
@click.option("--on", "day", type=DATE, metavar="DATE", help="核查日，默认今天。 The day; today by default.")
@click.option("--note", default="", metavar="TEXT", help="说明。 A remark.")
@click.pass_obj
def verify(settings: Settings, certificate: str, outcome: str, day: dt.datetime | None, note: str) -> int:
    """登记一张证书的承诺核查及其结果。 Write down the verification of a certificate's promises."""
    from api import clock
    from api.store.supervision import record_verification
    from models.records import Verified

    with opened(settings) as store:
        row = record_verification(
            store,
            certificate,
            _day(day),
            Verified(outcome),
            actor=acting(),
            now=clock.now(),
            note=note,
        )
    click.echo(f"{row.certificate}：{row.verified_on} 已核查 verified（{outcome}）")
    return NOTHING_TO_OBJECT


@due.command()
@click.argument("subject", metavar="ID")
@click.option("--name", default="", metavar="TEXT", help="申请单位。 The applicant.")
@click.option("--days", type=click.IntRange(min=1), required=True, help="给予的工作日数。 Working days that are given.")
@click.option(
    "--sent", "day", type=DATE, metavar="DATE", help="送达日，默认今天。 The day of delivery; today by default."
)
@click.pass_obj
def correct(settings: Settings, subject: str, name: str, days: int, day: dt.datetime | None) -> int:
    """登记已发出补正通知（案件或申办流水号）。 Write down that a 补正通知 was sent, by review or application number."""
    from api import clock
    from api.store.supervision import record_correction

    with opened(settings) as store:
        row = record_correction(store, subject, name, _day(day), days, actor=acting(), now=clock.now())
    click.echo(f"{row.subject}：{row.sent_on} 起 {row.working_days} 个工作日 working days")
    return NOTHING_TO_OBJECT


@due.command()
@click.argument("subject", metavar="ID")
@click.option("--on", "day", type=DATE, metavar="DATE", help="答复日，默认今天。 The day; today by default.")
@click.pass_obj
def answered(settings: Settings, subject: str, day: dt.datetime | None) -> int:
    """登记补正已答复。 Write down that the corrections have come in."""
    from api import clock
    from api.store.supervision import answer_correction

    with opened(settings) as store:
        answer_correction(store, subject, _day(day), actor=acting(), now=clock.now())
    click.echo(f"{subject}：已答复 answered")
    return NOTHING_TO_OBJECT


@due.command()
@click.option("--as-of", type=DATE, metavar="DATE", help="哪一天，默认今天。 The day; today by default.")
@click.option(
    "--issued-since", type=DATE, metavar="DATE", help="只核查该日起发的证书。 Verification of those issued since."
)
@click.pass_obj
def notify(settings: Settings, as_of: dt.datetime | None, issued_since: dt.datetime | None) -> int:
    """把临期和逾期告知订阅者，各一次；服务运行时每日自动进行。 Tell subscribers of what is near or overdue, once each."""
    from api import clock
    from api.deadlines import deadlines
    from api.deadlines import notify as run

    with opened(settings) as store:
        found = deadlines(
            settings, store, os.environ, _day(as_of), issued_since=issued_since.date() if issued_since else None
        )
        sent, failed = run(settings, store, found, clock.now())
    click.echo(f"已告知 told {sent}，未能送达的订阅 unreachable subscriptions {failed}")
    return LOOK if failed else NOTHING_TO_OBJECT


def _day(given: dt.datetime | None) -> dt.date:
    return given.date() if given else dt.date.today()  # noqa: DTZ011 - the day of the office
