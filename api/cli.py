"""The command line: every way in for people and scripts at a terminal; libraries load only when a command needs them."""

import datetime as dt
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.commands_audit import audit
from api.commands_drafts import annex, notice
from api.commands_draw import draw
from api.commands_due import due
from api.commands_experts import experts
from api.commands_impact import impact
from api.commands_keys import keys
from api.commands_log import log
from api.commands_people import people
from api.commands_publication import publication
from api.commands_registries import registry
from api.commands_service import serve, worker
from api.commands_storage import backup, hold, quarantine, restore, sweep
from api.options import PATHS, limits, ocr_factory, of_a_case, reading_pool, reviewed
from api.settings import Settings, settings_from
from api.terminal import LOOK, NOTHING_TO_OBJECT, Program, echo_json, ending, progress_bar, write_file

if TYPE_CHECKING:
    from api.reading import Upload
    from models.layout import Document
    from models.report import Report


def _show_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        from api.version import version

        click.echo(f"zhengshen {version()}")
        context.exit(NOTHING_TO_OBJECT)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="显示版本。 Show the version.",
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
    with reading_pool(settings) as pool, progress_bar("读取 reading") as progress:
        reading = parse_files(uploads, ocr_factory(settings), progress, seen, limits(settings), pool)
    if as_json:
        from api.render.json import parse_json

        echo_json(parse_json(reading.papers, reading.problems))
    else:
        from api.render.text import papers_text

        click.echo(papers_text(reading.papers, reading.problems))
    return ending(reading.problems, LOOK if reading.problems or reading.unread else NOTHING_TO_OBJECT)


@main.command()
@of_a_case
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html", "xlsx"]),
    help="输出格式，默认按 --output 的后缀，否则 text。 Form of the report.",
)
@click.option("--json", "form", flag_value="json", help="即 --format json。 The same as --format json.")
@click.option("--output", type=PATHS, metavar="FILE", help="写入文件。 Write to a file.")
@click.option("-v", "--verbose", is_flag=True, help="列出全部核查与能力项。 List every check and row.")
@click.pass_obj
def review(
    settings: Settings,
    paths: tuple[Path, ...],
    registry: Path | None,
    application: Path | None,
    as_of: dt.datetime | None,
    cases: Path | None,
    form: str | None,
    output: Path | None,
    verbose: bool,
) -> int:
    """审查一份申请的全部材料并给出差异报告。 Review the files of one application."""
    form = form or _form_of(output)
    if form == "xlsx" and output is None:
        raise click.UsageError("XLSX 需要 --output 文件名。 XLSX needs --output FILE.")
    rotations: dict[tuple[str, int], int] = {}
    seen = partial(_note_rotations, rotations) if form == "html" else None
    report, uploads = reviewed(settings, paths, registry, application, as_of, cases, seen)
    _write_report(report, form, output, verbose, uploads, rotations)
    approved = report.recommendation.value == "approve" and not report.problems
    return ending(report.problems, NOTHING_TO_OBJECT if approved else LOOK)


@main.command()
@click.option("--markdown", is_flag=True, help="输出 Markdown 表。 Print a Markdown table.")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
def checks(markdown: bool, as_json: bool) -> None:
    """核查项目录。 The catalogue of checks."""
    from api.render.catalogue import catalogue_json, catalogue_markdown, catalogue_text
    from matchers.checks import CHECKS

    if as_json:
        echo_json(catalogue_json(CHECKS))
    else:
        click.echo(catalogue_markdown(CHECKS) if markdown else catalogue_text(CHECKS))


@main.command()
@click.argument("folder", type=PATHS, metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.option("--no-checks", is_flag=True, help="只比较读取结果，不运行核查。 Compare what was read; run no checks.")
@click.option(
    "--labelled", type=PATHS, metavar="DIR", help="标注的比对样本，默认随源码的一套。 Labelled pairs to judge by."
)
@click.option(
    "--output",
    type=PATHS,
    metavar="DIR",
    help="另存表格、图与出错处的图片。 Also write tables, plots and pictures of failures.",
)
@click.option(
    "--no-ladder",
    is_flag=True,
    help="没有把握的文字不再复读，以见复读的作用。 Do not read doubtful text again: what does that gain?",
)
@click.option("-v", "--verbose", is_flag=True, help="逐条列出错误。 List every mistake.")
@click.pass_obj
def evaluate(
    settings: Settings,
    folder: Path,
    as_json: bool,
    no_checks: bool,
    labelled: Path | None,
    output: Path | None,
    no_ladder: bool,
    verbose: bool,
) -> int:
    """对照 truth.json 评估读取与核查的准确性。 Accuracy over a folder of documents with truth.json."""
    from api.comparators import LABELLED
    from api.evaluate import evaluate as run
    from api.evaluate import evaluation_json, file_of_case

    labelled = labelled or (LABELLED if LABELLED.is_dir() else None)
    ocr = replace(ocr_factory(settings), ladder=not no_ladder)
    with progress_bar("评估 evaluating") as progress:
        tally = run(folder, ocr, progress, not no_checks, labelled)
    if output:
        from api.render.evaluation_files import evaluation_files

        files = evaluation_files(evaluation_json(tally), tally.mistakes, partial(file_of_case, folder), tally.turns)
        for name, content in files.items():
            write_file(output / name, content)
    if as_json:
        echo_json({**evaluation_json(tally), **({"mistakes": list(map(str, tally.mistakes))} if verbose else {})})
    else:
        from api.render.evaluation import evaluation_text

        for mistake in tally.mistakes if verbose else ():
            click.echo(str(mistake))
        click.echo(evaluation_text(evaluation_json(tally), len(tally.mistakes)))
    return LOOK if tally.mistakes else NOTHING_TO_OBJECT


def _form_of(output: Path | None) -> str:
    suffix = output.suffix.lower().lstrip(".") if output else ""
    return {"json": "json", "html": "html", "htm": "html", "xlsx": "xlsx"}.get(suffix, "text")


def _note_rotations(rotations: dict[tuple[str, int], int], document: "Document") -> None:
    from api.render.pages import rotations_of

    rotations.update(rotations_of(document))


def _write_report(
    report: "Report",
    form: str,
    output: Path | None,
    verbose: bool,
    uploads: "Sequence[Upload]",
    rotations: dict[tuple[str, int], int],
) -> None:
    """In the form asked for, on stdout or into `output`."""
    content: str | bytes
    if form == "json":
        from api.render.json import report_json

        content = json.dumps(report_json(report), ensure_ascii=False, indent=2)
    elif form == "html":
        from api.render.html import report_html
        from api.render.pages import PagePictures

        content = report_html(report, PagePictures([upload.data for upload in uploads], rotations).crop)
    elif form == "xlsx":
        from api.render.xlsx import report_xlsx

        content = report_xlsx(report)
    else:
        from api.render.text import report_text

        content = report_text(report, verbose)
        content = content if output is None else click.unstyle(content)
    if output is None:
        click.echo(content)
    else:
        write_file(output, content.encode() + b"\n" if isinstance(content, str) else content)


for command in (
    annex,
    audit,
    notice,
    registry,
    impact,
    draw,
    due,
    experts,
    publication,
    serve,
    worker,
    keys,
    people,
    log,
    backup,
    restore,
    hold,
    quarantine,
    sweep,
):
    main.add_command(command)


if __name__ == "__main__":
    main()
