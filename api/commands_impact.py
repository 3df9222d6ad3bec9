"""The command that says what new snapshots change, for two files or for the certificates that the service watches."""

import datetime as dt
from pathlib import Path

import click

from api.options import DATE, PATHS, acting, ocr_factory, opened
from api.settings import Settings
from api.terminal import LOOK, NOTHING_TO_OBJECT, echo_json, ending, progress_bar


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
@click.option(
    "--stored",
    is_flag=True,
    help="服务中的快照：每份新快照触及哪些已发证书。 The service's own snapshots: which certificates each new one touches.",
)
@click.option("--certificate", metavar="NO", default="", help="与 --stored 连用：只看一张证书。 Of one certificate.")
@click.option("--since", type=DATE, metavar="DATE", help="与 --stored 连用：自该日起的变化。 True since this day.")
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
    stored: bool,
    certificate: str,
    since: dt.datetime | None,
    as_json: bool,
    verbose: bool,
) -> int:
    """新的登记数据影响哪些已发能力项和在办案件。 Which issued rows and open cases new snapshots change."""
    if stored:
        return _stored(settings, certificate, since.date() if since else None, as_json)
    if registry is None and (settings.registry / "registry.toml").is_file():
        registry = settings.registry
    old_library = against or registry
    if library and old_library is None:
        raise click.UsageError(
            "--library 需要 --against OLD 或 --registry DIR。 --library needs --against or --registry."
        )
    if library is None and standards is None and cnas is None:
        raise click.UsageError(
            "请给出 --library、--standards、--cnas 或 --stored。 Give --library, --standards, --cnas or --stored."
        )
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
        found, problems = run(pairs, open_snapshots(registry), cases, ocr_factory(settings), progress, settings.rules)
    if as_json:
        echo_json(impact_json(found))
    else:
        click.echo(impact_text(found, verbose))
    return ending(problems, LOOK if found.effects else NOTHING_TO_OBJECT)


def _stored(settings: Settings, certificate: str, since: dt.date | None, as_json: bool) -> int:
    """Follow what came in since the last time, then tell what touches certificates."""
    from api import clock
    from api.consequences import follow
    from api.render.impact import touched_json, touched_text
    from api.store.consequences import touched
    from api.store.issued import names_of

    with opened(settings) as store:
        folder = settings.data / "cache" / "registries"
        followed = follow(store, folder, settings.rules, actor=acting(), now=clock.now())
        found = touched(store, certificate=certificate, since=since)
        names = names_of(store, {each.certificate for each in found})
    if as_json:
        echo_json(touched_json(followed, found, names))
    else:
        click.echo(touched_text(followed, found, names))
    return LOOK if any(each.severity != "minor" for each in found) else NOTHING_TO_OBJECT
