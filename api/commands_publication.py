"""The commands on 失信公示: drafts from what was decided, the dry list, sending it, repair and withdrawal."""

import datetime as dt
import os
from typing import Any

import click

from api.options import DATE, acting, opened
from api.settings import Settings
from api.terminal import LOOK, NOTHING_TO_OBJECT, echo_json

_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")


@click.group(invoke_without_command=True)
@_JSON
@click.pass_context
def publication(context: click.Context, as_json: bool) -> int | None:
    """失信公示：默认只列出待报送的记录，不发送。 Breaches of trust to be published: lists what waits, and sends nothing."""
    if context.invoked_subcommand is not None:
        return None
    from api.publication import record_of
    from api.store.publications import WAITING, Stage, publications

    with opened(context.obj) as store:
        waiting = publications(store, WAITING)
    shape: list[dict[str, Any]] = [
        {"action": "publish" if row.state is Stage.DRAFT else "withdraw", "record": record_of(row)} for row in waiting
    ]
    if as_json:
        echo_json(shape)
    for each in () if as_json else shape:
        word = "待公示 publish" if each["action"] == "publish" else "待撤回 withdraw"
        click.echo(click.style(word, bold=True))
        click.echo("\n".join(f"  {name}：{value}" for name, value in each["record"].items()))
    if not as_json and not shape:
        click.echo("没有待报送的记录。 Nothing waits to be sent.")
    return LOOK if shape else NOTHING_TO_OBJECT


@publication.command()
@click.option("--review", metavar="ID", help="案件；公示其中经人确认的问题。 A review, for its confirmed findings.")
@click.option("--finding", "findings", multiple=True, metavar="FINGERPRINT", help="只取这些问题。 Only these findings.")
@click.option(
    "--certificate", metavar="NO", help="承诺核查为虚假的证书。 A certificate whose promises were found false."
)
@click.option(
    "--category", default="违反告知承诺", show_default=True, metavar="TEXT", help="名单类别。 The kind of record."
)
@click.option("--document", required=True, metavar="TEXT", help="决定书文号。 The number of the written decision.")
@click.option("--authority", required=True, metavar="TEXT", help="作出决定的机关。 Who decided.")
@click.option("--decided", type=DATE, required=True, metavar="DATE", help="决定日期。 The day of the decision.")
@click.option(
    "--reason", default="", metavar="TEXT", help="列入原因，默认取自问题。 Why; from the findings by default."
)
@click.pass_obj
def add(
    settings: Settings,
    review: str | None,
    findings: tuple[str, ...],
    certificate: str | None,
    category: str,
    document: str,
    authority: str,
    decided: dt.datetime,
    reason: str,
) -> int:
    """拟一条公示记录。 Draft a record."""
    from api import clock
    from api.publishing import Decree, draft_of_certificate, draft_of_review

    if (review is None) == (certificate is None):
        raise click.UsageError("请给出 --review 或 --certificate 之一。 Give either --review or --certificate.")
    decree = Decree(category, document, authority, decided.date())
    with opened(settings) as store:
        if review is not None:
            row = draft_of_review(
                store, review, decree, actor=acting(), now=clock.now(), findings=findings, reason=reason
            )
        else:
            assert certificate is not None
            row = draft_of_certificate(
                settings, store, os.environ, certificate, decree, actor=acting(), now=clock.now(), reason=reason
            )
    click.echo(f"{row.id}：{row.name} 已拟稿 drafted，公示至 until {row.published_until}")
    return NOTHING_TO_OBJECT


@publication.command()
@click.argument("ids", nargs=-1, metavar="[ID...]")
@_JSON
@click.pass_obj
def send(settings: Settings, ids: tuple[str, ...], as_json: bool) -> int:
    """报送待公示和待撤回的记录到所配置的网关。 Send what waits to the gateway that is configured."""
    from api import clock
    from api.publishing import send as run

    with opened(settings) as store:
        told = run(settings, store, ids, actor=acting(), now=clock.now())
    if as_json:
        echo_json([{"id": t.id, "action": t.action, "status": t.status, "error": t.error or None} for t in told])
    for each in () if as_json else told:
        click.echo(f"{each.id}  {each.action}  {each.status or '—'}  {each.error or '已接收 taken'}")
    if not as_json and not told:
        click.echo("没有待报送的记录。 Nothing waits to be sent.")
    return LOOK if any(each.error for each in told) else NOTHING_TO_OBJECT


@publication.command()
@click.argument("publication_id", metavar="ID")
@click.option("--on", "day", type=DATE, required=True, metavar="DATE", help="修复日期。 The day of the repair.")
@click.option("--document", required=True, metavar="TEXT", help="移出（修复）决定文号。 The number of the decision.")
@click.pass_obj
def repair(settings: Settings, publication_id: str, day: dt.datetime, document: str) -> int:
    """登记信用修复；已公示的转为待撤回。 Write down a repair; what was published is then to be withdrawn."""
    from api import clock
    from api.publishing import category_of
    from api.store.publications import get_publication
    from api.store.publications import repair as run

    with opened(settings) as store:
        row = get_publication(store, publication_id)
        category_of(row.category).check_repair(row.decided_on, day.date())
        run(store, row, day.date(), document, actor=acting(), now=clock.now())
    click.echo(f"{publication_id}：已修复 repaired")
    return NOTHING_TO_OBJECT


@publication.command()
@click.argument("publication_id", metavar="ID")
@click.pass_obj
def drop(settings: Settings, publication_id: str) -> int:
    """取消一条未报送的草稿。 Drop a draft that was not sent."""
    from api import clock
    from api.store.publications import drop as run
    from api.store.publications import get_publication

    with opened(settings) as store:
        run(store, get_publication(store, publication_id), actor=acting(), now=clock.now())
    click.echo(f"{publication_id}：已取消 dropped")
    return NOTHING_TO_OBJECT
