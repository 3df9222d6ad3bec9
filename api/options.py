"""What commands share: arguments and options, the review that several of them begin with, the engine and limits in force."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.settings import Settings
from api.terminal import progress_bar

if TYPE_CHECKING:
    from api.reading import OcrFactory, Upload
    from extractor.document import Limits
    from models.layout import Document
    from models.report import Report

PATHS = click.Path(path_type=Path)
DATE = click.DateTime(formats=["%Y-%m-%d"])


def of_a_case(command: Callable[..., int]) -> Callable[..., int]:
    """The argument and options of every command that reviews the files of one application."""
    for option in (
        click.option(
            "--as-of", type=DATE, metavar="DATE", help="审查日，默认今天。 The day of judgement; today by default."
        ),
        click.option(
            "--application", type=PATHS, metavar="FILE", help="申请数据（JSON）。 The application's data as JSON."
        ),
        click.option(
            "--cases",
            type=PATHS,
            metavar="DIR",
            help="其他案件的报告目录，供查重。 Reports of other cases, to find what recurs.",
        ),
        click.option("--registry", type=PATHS, metavar="DIR", help="登记数据快照目录。 Folder of registry snapshots."),
        click.argument("paths", nargs=-1, required=True, type=PATHS, metavar="PATH..."),
    ):
        command = option(command)
    return command


def reviewed(
    settings: Settings,
    paths: "Sequence[Path]",
    registry: Path | None,
    application: Path | None,
    as_of: dt.datetime | None,
    cases: Path | None,
    seen: "Callable[[Document], None] | None" = None,
) -> "tuple[Report, Sequence[Upload]]":
    """The report on the files of one application, and the files."""
    from api.elsewhere import traces_in
    from api.inputs import application_data, uploads_in
    from api.review import review as run
    from extractor.registries import open_snapshots

    if registry is None and (settings.registry / "registry.toml").is_file():
        registry = settings.registry
    uploads = uploads_in(paths)
    with progress_bar("审查 reviewing") as progress:
        report = run(
            uploads,
            open_snapshots(registry),
            as_of.date() if as_of else dt.date.today(),  # noqa: DTZ011 - the reviewer's own calendar day
            application_data(application) if application else None,
            ocr_factory(settings),
            progress,
            seen,
            limits(settings),
            settings.rules,
            traces_in(cases) if cases else None,
        )
    return report, uploads


def ocr_factory(settings: Settings) -> "OcrFactory":
    """Makes the engine when the first page needs it: a digital case never loads one."""

    def make() -> Any:
        from extractor.ocr import default_engine, paddle_engine

        cache_dir = settings.data / "cache"
        if settings.ocr == "paddle":
            return paddle_engine(settings.ocr_models, cache_dir, device=settings.ocr_device)
        return default_engine(cache_dir, backend=settings.ocr)

    return make


def limits(settings: Settings) -> "Limits":
    """What a file may hold at most, by the settings."""
    from extractor.document import Limits

    return Limits(bytes=settings.max_file_bytes, pages=settings.max_pages, pixels=settings.max_pixels)


def suffix_among(output: Path, *suffixes: str) -> str:
    """The file's suffix; a usage error where it is none of those, before any work is done."""
    if output.suffix.lower() not in suffixes:
        raise click.UsageError(
            f"--output 的后缀应为 {'、'.join(suffixes)}。 --output must end in {' or '.join(suffixes)}."
        )
    return output.suffix.lower()
