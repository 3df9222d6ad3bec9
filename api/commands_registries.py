"""The commands on snapshots of registries: load one, list them."""

import datetime as dt
from pathlib import Path

import click

from api.options import DATE, PATHS
from api.settings import Settings
from api.terminal import LOOK, NOTHING_TO_OBJECT, echo_json

KINDS = (
    "enterprises",
    "credit",
    "cnas",
    "cnas_rows",
    "cma",
    "cma_rows",
    "items",
    "library",
    "standards",
    "experts",
    "verifications",
)


@click.group()
def registry() -> None:
    """登记数据快照。 Snapshots of registries."""


@registry.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=PATHS)
@click.option("--as-of", type=DATE, required=True, metavar="DATE", help="数据的日期。 The day the data stands for.")
@click.option("--registry", "directory", type=PATHS, metavar="DIR", help="快照目录。 Folder of snapshots.")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.pass_obj
def import_(
    settings: Settings, kind: str, file: Path, as_of: dt.datetime, directory: Path | None, as_json: bool
) -> int:
    """导入一份登记数据（CSV、XLSX、JSON lines）。 Load a snapshot of a registry."""
    from extractor.registries import import_snapshot
    from models.records import RegistryKind

    directory = directory or settings.registry
    meta = import_snapshot(RegistryKind(kind), file, as_of.date(), directory)
    if as_json:
        echo_json(
            {
                "kind": kind,
                "as_of": as_of.date().isoformat(),
                "sha256": meta.sha256,
                "records": meta.count,
                "notices": list(meta.notices),
            }
        )
    else:
        click.echo(f"{kind}：{meta.count} 条 records，{as_of.date()}，sha256 {meta.sha256[:16]}… → {directory}")
        for notice in meta.notices:
            click.echo(notice, err=True)
    return LOOK if meta.notices else NOTHING_TO_OBJECT


@registry.command("list")
@click.option("--registry", "directory", type=PATHS, metavar="DIR", help="快照目录。 Folder of snapshots.")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.pass_obj
def list_(settings: Settings, directory: Path | None, as_json: bool) -> int:
    """列出可用的登记数据快照。 List the snapshots at hand."""
    from api.render.catalogue import snapshots_json, snapshots_text
    from extractor.registries import open_snapshots

    entries = snapshots_json(open_snapshots(directory or settings.registry))
    if as_json:
        echo_json({"registries": entries})
    else:
        click.echo(snapshots_text(entries))
    return LOOK if any(entry["unavailable"] for entry in entries) else NOTHING_TO_OBJECT
