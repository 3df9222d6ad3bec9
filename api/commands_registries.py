"""The commands on snapshots of registries: load one, list them, and say what a new one changes."""

import datetime as dt
from pathlib import Path

import click

from api.options import DATE, PATHS, ocr_factory
from api.settings import Settings
from api.terminal import LOOK, NOTHING_TO_OBJECT, echo_json, ending, progress_bar

KINDS = ("enterprises", "credit", "cnas", "cnas_rows", "cma", "cma_rows", "items", "library", "standards", "experts")


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


@click.command()
@click.option(
    "--library", type=PATHS, metavar="NEW", help="新的能力项目库（文件或快照目录）。 The new library: file or folder."
)
@click.option("--against", type=PATHS, metavar="OLD", help="旧的能力项目库，默认 --registry 中的。 The old library.")
@click.option(
    "--standards", type=(PATHS, PATHS), metavar="NEW OLD", help="新旧标准状态数据。 New and old status of standards."
)
@click.option("--cnas", type=(PATHS, PATHS), metavar="NEW OLD", help="新旧 CNAS 名录。 New and old CNAS directory.")
@click.option("--cases", type=PATHS, metavar="DIR", help="在办案件目录。 Folder of open cases or their reports.")
@click.option("--registry", type=PATHS, metavar="DIR", help="已发证书所在的快照目录。 Snapshots with issued rows.")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.option("-v", "--verbose", is_flag=True, help="列出全部能力项。 List every row.")
@click.pass_obj
def impact(
    settings: Settings,
    library: Path | None,
    against: Path | None,
    standards: tuple[Path, Path] | None,
    cnas: tuple[Path, Path] | None,
    cases: Path | None,
    registry: Path | None,
    as_json: bool,
    verbose: bool,
) -> int:
    """新的登记数据影响哪些已发能力项和在办案件。 Which issued rows and open cases new snapshots change."""
    if registry is None and (settings.registry / "registry.toml").is_file():
        registry = settings.registry
    old_library = against or registry
    if library and old_library is None:
        raise click.UsageError(
            "--library 需要 --against OLD 或 --registry DIR。 --library needs --against or --registry."
        )
    if library is None and standards is None and cnas is None:
        raise click.UsageError("请给出 --library、--standards 或 --cnas。 Give --library, --standards or --cnas.")
    if registry is None and cases is None:
        raise click.UsageError("请给出 --registry 或 --cases 供比对。 Give --registry or --cases to compare with.")
    from api.holdings import impact as run
    from api.render.impact import impact_json, impact_text
    from extractor.registries import open_snapshots
    from models.records import RegistryKind

    given = (
        (RegistryKind.LIBRARY, (library, old_library) if library and old_library else None),
        (RegistryKind.STANDARDS, standards),
        (RegistryKind.CNAS, cnas),
    )
    pairs = [(kind, *paths) for kind, paths in given if paths]
    with progress_bar("比对 comparing") as progress:
        found, problems = run(pairs, open_snapshots(registry), cases, ocr_factory(settings), progress)
    if as_json:
        echo_json(impact_json(found))
    else:
        click.echo(impact_text(found, verbose))
    return ending(problems, LOOK if found.effects else NOTHING_TO_OBJECT)
