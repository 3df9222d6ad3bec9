"""The commands on what the service keeps: back it up, restore it, hold it, and delete what has been kept long enough."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.options import PATHS, acting, opened
from api.settings import Settings
from api.terminal import LOOK, NOTHING_TO_OBJECT, echo_json

if TYPE_CHECKING:
    from api.store.backup import Copied


@click.command()
@click.argument("folder", type=PATHS, metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.pass_obj
def backup(settings: Settings, folder: Path, as_json: bool) -> int:
    """备份数据库和全部文件到一个新目录，服务可照常运行；加密的文件仍是密文，密钥须另行保存。

    Back up the database and every file into a new folder while the service runs. What is sealed stays sealed: keep the key elsewhere.
    """
    from api import clock
    from api.store.backup import backup as run

    with opened(settings) as store:
        copied = run(store, folder, clock.now())
    return _told(copied, folder, as_json)


@click.command()
@click.argument("folder", type=PATHS, metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.pass_obj
def restore(settings: Settings, folder: Path, as_json: bool) -> int:
    """把备份恢复到空的数据库和文件存储（可从 SQLite 到 PostgreSQL，反之亦可）。

    Restore a backup into an empty database and file store, of the same kind or the other.
    """
    from api.store.backup import restore as run

    return _told(run(settings, folder), folder, as_json)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.pass_obj
def sweep(settings: Settings, as_json: bool) -> int:
    """删除保存期满的案件和材料；服务运行时会自动进行。 Delete what is past its retention; the service does so by itself."""
    from api import clock
    from api.store.deletion import sweep as run

    with opened(settings) as store:
        swept = run(store, clock.now())
    if as_json:
        echo_json({"reviews": swept.reviews, "papers": swept.papers, "orphans": swept.orphans})
    else:
        click.echo(
            f"已删除案件 {swept.reviews} 件、材料 {swept.papers} 份、无主文件 {swept.orphans} 个。 "
            f"Deleted {swept.reviews} reviews, {swept.papers} papers, {swept.orphans} files that nobody owned."
        )
    return NOTHING_TO_OBJECT


@click.command()
@click.argument("review_id", metavar="ID")
@click.option("--reason", metavar="TEXT", help="保全的理由，如行政复议案号。 Why, such as the number of a lawsuit.")
@click.option("--lift", is_flag=True, help="解除保全。 Lift the hold.")
@click.pass_obj
def hold(settings: Settings, review_id: str, reason: str | None, lift: bool) -> int:
    """保全案件：到期和人工都不能删除，直至解除。 Hold a case: nothing of it is deleted until the hold is lifted."""
    from api import clock
    from api.store.deletion import lift_hold, place_hold

    if lift == (reason is not None):
        raise click.UsageError("请给出 --reason 或 --lift 之一。 Give either --reason or --lift.")
    with opened(settings) as store:
        if reason is None:
            lift_hold(store, review_id, actor=acting(), now=clock.now())
        else:
            place_hold(store, review_id, reason, actor=acting(), now=clock.now())
    click.echo(f"{review_id}：{'已保全 held' if reason else '已解除保全 free again'}")
    return NOTHING_TO_OBJECT


@click.command()
@click.option("--lift", metavar="SHA256", help="允许再次读取该文件。 Let this file be tried again.")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.pass_obj
def quarantine(settings: Settings, lift: str | None, as_json: bool) -> int:
    """列出两次使读取程序中断、不再尝试的文件与页（第 0 页指整个文件）。

    List the files and pages that ended their readers twice and are not tried again; page 0 is the file as a whole.
    """
    from api import clock
    from api.store import quarantine as kept

    with opened(settings) as store:
        if lift is not None:
            pages = kept.lift(store, lift)
            click.echo(f"{lift}：解除 {pages} 处。 {pages} lifted.")
            return NOTHING_TO_OBJECT
        found = kept.quarantined(store, clock.now())
    if as_json:
        echo_json([{**dataclasses.asdict(one), "at": one.at.isoformat()} for one in found])
    else:
        for one in found:
            click.echo(f"{one.sha256}  {one.page:5}  {one.cause:8}  {one.code}  {one.at.isoformat(timespec='seconds')}")
    return NOTHING_TO_OBJECT


def _told(copied: "Copied", folder: Path, as_json: bool) -> int:
    if as_json:
        echo_json({"rows": copied.rows, "blobs": copied.blobs, "missing": list(copied.missing)})
    else:
        click.echo(f"{folder}：{copied.rows} 行，{copied.blobs} 个文件。 {copied.rows} rows, {copied.blobs} files.")
        for sha256 in copied.missing:
            click.echo(f"存储中缺失或损坏：{sha256}。 Lost from the store or damaged: {sha256}.", err=True)
    return LOOK if copied.missing else NOTHING_TO_OBJECT
