"""The command that audits issued certificates: a list in, findings and summaries out."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.options import DATE, PATHS, acting, opened
from api.settings import Settings
from api.terminal import LOOK, NOTHING_TO_OBJECT, echo_json, progress_bar
from models.errors import InputError

if TYPE_CHECKING:
    from api.audit.manifest import Manifest
    from api.jobs.client import Jobs
    from api.store import Store
    from api.store.audits import AuditRow


@click.command()
@click.argument("manifest", type=PATHS, metavar="MANIFEST")
@click.option("--output", type=PATHS, required=True, metavar="DIR", help="结果文件夹。 Folder of the results.")
@click.option("--resume", is_flag=True, help="接着上次中断处继续。 Go on where an audit was interrupted.")
@click.option(
    "--registry",
    type=PATHS,
    metavar="DIR",
    help="登记数据快照目录，默认服务正在使用的快照。 Folder of snapshots; by default those in use by the service.",
)
@click.option("--as-of", type=DATE, metavar="DATE", help="审查日，默认今天。 The day of judgement; today by default.")
@click.option(
    "--workers",
    type=click.IntRange(0, 256),
    metavar="N",
    help="在本机启动的工作进程数，默认每核一个；0：由已在运行的工作进程完成。 Worker processes to start here; 0: others do it.",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.pass_obj
def audit(
    settings: Settings,
    manifest: Path,
    output: Path,
    resume: bool,
    registry: Path | None,
    as_of: dt.datetime | None,
    workers: int | None,
    as_json: bool,
) -> int:
    """批量核查已发的资质认定证书。 Audit a list of issued certificates against the registries.

    MANIFEST 是证书清单（CSV、XLSX、JSON lines：证书编号、文件）或每证一个文件夹的目录。

    MANIFEST lists certificates with their files, or is a folder with a folder for each.
    """
    from api.audit.feeding import Feed
    from api.audit.manifest import open_manifest
    from api.audit.writing import has_parquet, identity, write_audit, write_head
    from api.serve import working

    with opened(settings) as store:
        listed = open_manifest(manifest)
        day = as_of.date() if as_of else None
        run = _resumed(store, settings, listed, output, registry, day) if resume else None
        if run is None:
            run = _begun(store, settings, listed, output, registry, day, resume)
        write_head(output, {**identity(run, listed), "finished": False})
        count = settings.workers if workers is None else workers
        with _jobs(settings) as jobs, working(settings, count) if count else nullcontext():
            try:
                with progress_bar("核查 auditing") as progress:
                    feed = Feed(store, run, listed, lambda review: jobs.submit(review, audit=True), acting(), progress)
                    feed.run()
            except KeyboardInterrupt:
                click.echo(
                    "\n已完成的部分已保存；加 --resume 重新运行即可继续。 What is done is kept; run again with --resume to go on.",
                    err=True,
                )
                raise
        told = write_audit(store, run, listed, output, settings.rules.commitment_months)
    if not has_parquet():
        click.echo(
            "未安装 pyarrow，没有写 Parquet：pip install 'zhengshen[audit]'。 Without pyarrow no Parquet was written.",
            err=True,
        )
    if as_json:
        echo_json(told)
    else:
        _say(told, output)
    found = told["items"]
    return LOOK if found["with_findings"] or found["failed"] else NOTHING_TO_OBJECT


def _begun(
    store: "Store",
    settings: Settings,
    manifest: "Manifest",
    output: Path,
    registry: Path | None,
    day: dt.date | None,
    resume: bool,
) -> "AuditRow":
    from api.audit import opening
    from api.audit.writing import HEAD

    if not resume and (output / HEAD).exists():
        raise InputError(
            f"{output} 中已有一次核查；请加 --resume 继续，或换一个文件夹。 "
            f"{output} holds an audit already; add --resume to go on with it, or choose another folder."
        )
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"无法写入 {output}：{error.strerror}。 Cannot write {output}: {error.strerror}.") from error
    if unpinned := opening.live_kinds(settings, registry):
        click.echo(
            f"在线接口不参与批量核查，请先导入快照：{'、'.join(unpinned)}。 Live registries are not asked in an audit; import snapshots.",
            err=True,
        )
    today = dt.date.today()  # noqa: DTZ011 - the auditor's own calendar day
    return opening.opened(settings, store, manifest, registry, day or today, acting())


def _resumed(
    store: "Store",
    settings: Settings,
    manifest: "Manifest",
    output: Path,
    registry: Path | None,
    day: dt.date | None,
) -> "AuditRow | None":
    """The audit that was begun in this folder; None where there is none yet. InputError where it was another one."""
    from api.audit import opening
    from api.audit.writing import day_of, read_head
    from api.store.audits import get_audit
    from api.store.errors import EntryMissing

    head = read_head(output)
    if head is None:
        return None
    try:
        begun = get_audit(store, head["audit"])
    except EntryMissing:
        raise _another(output, "数据库中没有它", "the database does not know it") from None
    if begun.manifest_sha256 != manifest.sha256:
        raise _another(output, "清单已改变", "the list has changed")
    if day not in (None, day_of(head)):
        raise _another(output, f"审查日是 {head['as_of']}", f"its day is {head['as_of']}")
    if begun.versions != opening.versions(settings):
        raise _another(output, "程序或规则已改变", "the program or its rules have changed")
    if registry is not None:
        again = opening.opened(settings, store, manifest, registry, begun.as_of, acting())
        if again.id != begun.id:
            raise _another(output, "登记数据快照已改变", "the snapshots have changed")
    return begun


def _another(output: Path, zh: str, en: str) -> InputError:
    return InputError(
        f"{output} 中的核查无法继续：{zh}；请换一个文件夹重新核查。 "
        f"The audit in {output} cannot go on: {en}; audit anew into another folder."
    )


@contextmanager
def _jobs(settings: Settings) -> "Iterator[Jobs]":
    from api.jobs.client import open_jobs

    jobs = open_jobs(settings)
    try:
        yield jobs
    finally:
        jobs.close()


def _say(told: dict[str, Any], output: Path) -> None:
    items = told["items"]
    click.echo(
        f"{sum(items.values())} 张证书 certificates：{items['done']} 无重要异议 nothing to object，"
        f"{items['with_findings']} 有重要异议 with objections，{items['failed']} 未能审查 not reviewed\n"
        f"{told['findings']} 条发现 findings，{told['rows']} 行能力 rows → {output}"
    )
