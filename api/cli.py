"""The command line: every way in for people and scripts at a terminal; libraries load only when a command needs them."""

import datetime as dt
import json
import os
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from api.settings import Settings, settings_from
from models.errors import ExtractionError, InputError, OcrFailed, OcrUnavailable, RegistryError, ReviewError

if TYPE_CHECKING:
    from api.reading import OcrFactory
    from extractor.document import Limits
    from models.layout import Document

T = TypeVar("T")

NOTHING_TO_OBJECT, LOOK, UNUSABLE, OUR_FAULT = 0, 1, 2, 3

EXIT_CODES: tuple[tuple[type[ReviewError], int], ...] = (
    (InputError, UNUSABLE),
    (OcrUnavailable, OUR_FAULT),
    (OcrFailed, OUR_FAULT),
    (ExtractionError, UNUSABLE),
    (RegistryError, UNUSABLE),
    (ReviewError, OUR_FAULT),
)
"""The first that fits decides."""

PATHS = click.Path(path_type=Path)
DATE = click.DateTime(formats=["%Y-%m-%d"])


class Program(click.Group):
    """Turns what stops a command into a sentence on stderr and an exit code; never a traceback unless asked for."""

    def main(self, *args: Any, **options: Any) -> Any:
        arguments = list(args[0] if args and args[0] is not None else options.pop("args", None) or sys.argv[1:])
        debug = "--debug" in arguments or bool(os.environ.get("ZHENGSHEN_DEBUG"))
        try:
            outcome = super().main(arguments, **{**options, "standalone_mode": False})
        except click.exceptions.Abort:
            click.echo("已中止。 Aborted.", err=True)
            sys.exit(130)
        except click.ClickException as error:
            error.show()
            sys.exit(UNUSABLE)
        except ReviewError as error:
            if debug:
                raise
            click.echo(f"zhengshen: {error}", err=True)
            sys.exit(next(code for kind, code in EXIT_CODES if isinstance(error, kind)))
        except BrokenPipeError:
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - keeps the interpreter from flushing into the closed pipe
            sys.exit(NOTHING_TO_OBJECT)
        except Exception as error:
            if debug:
                raise
            fault = uuid.uuid4().hex[:8]
            click.echo(
                f"zhengshen: 内部错误 {fault}（{type(error).__name__}）。加 --debug 重新运行可看到详情，请连同编号反馈。\n"
                f"zhengshen: internal fault {fault} ({type(error).__name__}); run again with --debug for details.",
                err=True,
            )
            sys.exit(OUR_FAULT)
        sys.exit(outcome if isinstance(outcome, int) else NOTHING_TO_OBJECT)


def show_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        from api.version import version

        click.echo(f"zhengshen {version()}")
        context.exit(NOTHING_TO_OBJECT)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=show_version, help="显示版本。 Show the version."
)
@click.option("--debug", is_flag=True, help="出错时显示完整调用栈。 Show the full traceback of a fault.")
@click.pass_context
def main(context: click.Context, debug: bool) -> None:
    """证审：审查以 CNAS 认可为基础的资质认定（CMA）申请材料。

    Zhengshen reviews the papers of a CMA application that rests on a CNAS accreditation.

    \b
    退出码 exit codes:
      0 无异议 nothing to object      1 需要人工查看 a person must look
      2 输入无法使用 input unusable   3 程序故障 a fault of ours
    """
    context.obj = settings_from(os.environ)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=PATHS, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.option(
    "--debug-images",
    type=PATHS,
    metavar="DIR",
    help="把识别到的文字、线框画在页面上存入 DIR。 Draw what was seen on each page.",
)
@click.pass_obj
def parse(settings: Settings, paths: tuple[Path, ...], as_json: bool, debug_images: Path | None) -> int:
    """读取材料：种类、字段及其位置，不查登记数据、不作判断。 Read papers: kind and fields with evidence."""
    from api.inputs import uploads_in
    from api.reading import parse_files

    uploads = uploads_in(paths)
    seen: Callable[[Document], None] | None = None
    if debug_images:
        from api.render.pages import draw_document

        seen = partial(draw_document, folder=debug_images, contents={u.name: u.data for u in uploads})
    with progress_bar("读取 reading") as progress:
        reading = parse_files(uploads, ocr_factory(settings), progress, seen, limits(settings))
    if as_json:
        from api.render.json import parse_json

        echo_json(parse_json(reading.papers, reading.problems))
    else:
        from api.render.text import papers_text

        click.echo(papers_text(reading.papers, reading.problems))
    if not reading.papers:
        return UNUSABLE
    return LOOK if reading.problems or reading.unread else NOTHING_TO_OBJECT


@main.command()
@click.argument("folder", type=PATHS, metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.option("--no-checks", is_flag=True, help="只比较读取结果，不运行核查。 Compare what was read; run no checks.")
@click.option("-v", "--verbose", is_flag=True, help="逐条列出错误。 List every mistake.")
@click.pass_obj
def evaluate(settings: Settings, folder: Path, as_json: bool, no_checks: bool, verbose: bool) -> int:
    """对照 truth.json 评估读取与核查的准确性。 Accuracy over a folder of documents with truth.json."""
    from api.evaluate import evaluate as run
    from api.evaluate import evaluation_json

    with progress_bar("评估 evaluating") as progress:
        tally = run(folder, ocr_factory(settings), progress, checks=not no_checks)
    if as_json:
        echo_json({**evaluation_json(tally), **({"mistakes": list(map(str, tally.mistakes))} if verbose else {})})
    else:
        from api.render.evaluation import evaluation_text

        for mistake in tally.mistakes if verbose else ():
            click.echo(str(mistake))
        click.echo(evaluation_text(evaluation_json(tally), len(tally.mistakes)))
    return LOOK if tally.mistakes else NOTHING_TO_OBJECT


def ocr_factory(settings: Settings) -> "OcrFactory":
    """Makes the engine when the first page needs it: a digital case never loads one."""

    def make() -> Any:
        from extractor.ocr import default_engine

        return default_engine(cache_dir=settings.data / "cache", backend=settings.ocr)

    return make


def limits(settings: Settings) -> "Limits":
    from extractor.document import Limits

    return Limits(bytes=settings.max_file_bytes, pages=settings.max_pages, pixels=settings.max_pixels)


def echo_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr once the work has taken two seconds, on a terminal only."""
    import time

    started, drawn = time.monotonic(), False

    def show(what: str, done: int, total: int) -> None:
        nonlocal drawn
        if not sys.stderr.isatty() or (time.monotonic() - started < 2 and not drawn):
            return
        drawn = True
        filled = 24 * done // max(total, 1)
        click.echo(
            f"\r\x1b[2K{label} {'█' * filled}{'░' * (24 - filled)} {done}/{total} {what[:40]}", nl=False, err=True
        )

    try:
        yield show
    finally:
        if drawn:
            click.echo("\r\x1b[2K", nl=False, err=True)
