"""What commands share: arguments and options, the review that several of them begin with, the engine and limits in force."""

import datetime as dt
import gc
import getpass
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.settings import Settings
from api.terminal import progress_bar
from models.errors import ReviewError

if TYPE_CHECKING:
    from api.reading import Upload
    from api.store import Store
    from extractor.document import Limits
    from extractor.ocr.choice import EngineChoice
    from extractor.pool import Pool
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
    with _rare_collections(), reading_pool(settings) as pool, progress_bar("审查 reviewing") as progress:
        from api.elsewhere import traces_in  # here, for the first reader starts meanwhile
        from api.inputs import application_data, uploads_in
        from api.review import review as run
        from extractor.registries import open_snapshots

        if registry is None and (settings.registry / "registry.toml").is_file():
            registry = settings.registry
        uploads = uploads_in(paths)
        report = run(
            uploads,
            open_snapshots(registry, os.environ, settings.live_cache),
            as_of.date() if as_of else dt.date.today(),  # noqa: DTZ011 - the reviewer's own calendar day
            application_data(application) if application else None,
            ocr_factory(settings),
            progress,
            seen,
            limits(settings),
            settings.rules,
            traces_in(cases) if cases else None,
            pool,
        )
    return report, uploads


def ocr_factory(settings: Settings) -> "EngineChoice":
    """Makes the engine when the first page needs it, here or in another process."""
    from extractor.ocr.choice import EngineChoice

    return EngineChoice(
        settings.ocr, settings.data / "cache", settings.ocr_models, settings.ocr_device, settings.ocr_second
    )


@contextmanager
def reading_pool(settings: Settings) -> "Iterator[Pool | None]":
    """The processes that read files for a command, None where its own process shall do that.

    What was recognised of long files is kept while the command works, and still there when it is run again after an interruption.
    """
    if settings.in_process:
        yield None
        return
    from extractor.journal import Journal
    from extractor.pool import Pool, Rules

    rules = Rules(
        settings.workers,
        page_seconds=settings.page_seconds,
        recycle_mb=settings.recycle_mb,
        memory_mb=settings.worker_mb,
    )
    journal = Journal(settings.data / "cache" / "pages") if settings.resume else None
    try:
        with Pool(ocr_factory(settings), rules, limits(settings), journal) as pool:
            pool.warm()
            yield pool
        if pool.resumed:
            click.echo(
                f"沿用上次中断前识别的 {pool.resumed} 页。 {pool.resumed} pages were taken over from a run that was interrupted.",
                err=True,
            )
    except KeyboardInterrupt:
        if journal and journal.kept:
            click.echo(
                "\n已识别的页已保存，重新运行即可继续。 What was recognised so far is kept; run the command again to go on.",
                err=True,
            )
        raise
    except ReviewError:
        if journal:
            journal.forget()
        raise
    if journal:
        journal.forget()


@contextmanager
def _rare_collections() -> "Iterator[None]":
    """Looks for cycles less often: papers are made of very many small objects without any, and a command soon ends."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def limits(settings: Settings) -> "Limits":
    """What a file may hold at most, by the settings."""
    from extractor.document import Limits

    return Limits(bytes=settings.max_file_bytes, pages=settings.max_pages, pixels=settings.max_pixels)


@contextmanager
def opened(settings: Settings) -> "Iterator[Store]":
    """The service's store for one command."""
    from api.store import open_store

    store = open_store(settings)
    try:
        yield store
    finally:
        store.close()


def acting() -> str:
    """Who the audit log says did what a command does."""
    return f"cli:{getpass.getuser()}"


def suffix_among(output: Path, *suffixes: str) -> str:
    """The file's suffix; a usage error where it is none of those, before any work is done."""
    if output.suffix.lower() not in suffixes:
        raise click.UsageError(
            f"--output 的后缀应为 {'、'.join(suffixes)}。 --output must end in {' or '.join(suffixes)}."
        )
    return output.suffix.lower()
