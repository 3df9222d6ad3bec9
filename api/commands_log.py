"""The commands on the audit log: whether it is whole, and what it says."""

import json

import click

from api.options import opened
from api.settings import Settings
from api.terminal import LOOK, NOTHING_TO_OBJECT, echo_json


@click.group()
def log() -> None:
    """审计日志。 The audit log."""


@log.command()
@click.option(
    "--head", metavar="NUMBER:HASH", help="以前核验得到的末端，须仍在其中。 A head from before; must still be there."
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.pass_obj
def verify(settings: Settings, head: str | None, as_json: bool) -> int:
    """核验日志未被改动；把打印的末端另行保存，下次用 --head 带入，可发现尾部被删。

    Verify that nobody changed the log. Keep the head that is printed elsewhere: with --head, entries cut off at the end are noticed too.
    """
    from api.store import log as audit

    with opened(settings) as store:
        verified = audit.verify(store, head)
    if as_json:
        echo_json(
            {
                "ok": verified.ok,
                "entries": verified.entries,
                "head": verified.head,
                "first_bad": verified.first_bad,
                "why": verified.why,
            }
        )
    elif verified.ok:
        click.echo(
            f"日志完整，共 {verified.entries} 条，末端 {verified.head}。 The log is whole: {verified.entries} entries."
        )
    else:
        click.echo(f"日志不完整：{verified.why} The log is not whole.", err=True)
    return NOTHING_TO_OBJECT if verified.ok else LOOK


@log.command("list")
@click.option("--subject", metavar="ID", help="只看一个对象，如案件号。 Of one subject only, such as a review.")
@click.option("--after", default=0, metavar="NUMBER", help="从该条之后。 Entries after this number.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000), help="最多条数。 At most.")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.pass_obj
def list_(settings: Settings, subject: str | None, after: int, limit: int, as_json: bool) -> int:
    """列出日志。 List entries."""
    from api.store import log as audit

    with opened(settings) as store:
        found = audit.entries(store, subject, after, limit)
    if as_json:
        echo_json(
            {
                "entries": [
                    {
                        "number": entry.number,
                        "at": entry.at.isoformat(),
                        "actor": entry.actor,
                        "action": entry.action,
                        "subject": entry.subject,
                        "details": entry.details,
                        "hash": entry.hash,
                    }
                    for entry in found
                ]
            }
        )
        return NOTHING_TO_OBJECT
    for entry in found:
        details = "" if entry.details is None else json.dumps(entry.details, ensure_ascii=False)
        click.echo(
            f"{entry.number}  {entry.at:%Y-%m-%d %H:%M:%S}  {entry.actor}  {entry.action}  {entry.subject}  {details}"
        )
    return NOTHING_TO_OBJECT
