"""The command line: every way in for people and scripts at a terminal; libraries load only when a command needs them."""

import datetime as dt
import json
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.settings import Settings, settings_from
from api.terminal import LOOK, NOTHING_TO_OBJECT, Program, echo_json, ending, progress_bar, write_file

if TYPE_CHECKING:
    from api.reading import OcrFactory, Upload
    from extractor.document import Limits
    from models.layout import Document
    from models.report import Report


PATHS = click.Path(path_type=Path)
KINDS = ("enterprises", "credit", "cnas", "cnas_rows", "cma", "cma_rows", "items", "library", "standards", "experts")
DATE = click.DateTime(formats=["%Y-%m-%d"])


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
    with progress_bar("读取 reading") as progress:
        reading = parse_files(uploads, _ocr_factory(settings), progress, seen, _limits(settings))
    if as_json:
        from api.render.json import parse_json

        echo_json(parse_json(reading.papers, reading.problems))
    else:
        from api.render.text import papers_text

        click.echo(papers_text(reading.papers, reading.problems))
    return ending(reading.problems, LOOK if reading.problems or reading.unread else NOTHING_TO_OBJECT)


def _of_a_case(command: Callable[..., int]) -> Callable[..., int]:
    """The argument and options of every command that reviews the files of one application."""
    for option in (
        click.option(
            "--as-of", type=DATE, metavar="DATE", help="审查日，默认今天。 The day of judgement; today by default."
        ),
        click.option(
            "--application", type=PATHS, metavar="FILE", help="申请数据（JSON）。 The application's data as JSON."
        ),
        click.option("--registry", type=PATHS, metavar="DIR", help="登记数据快照目录。 Folder of registry snapshots."),
        click.argument("paths", nargs=-1, required=True, type=PATHS, metavar="PATH..."),
    ):
        command = option(command)
    return command


@main.command()
@_of_a_case
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
    report, uploads = _reviewed(settings, paths, registry, application, as_of, seen)
    _write_report(report, form, output, verbose, uploads, rotations)
    approved = report.recommendation.value == "approve" and not report.problems
    return ending(report.problems, NOTHING_TO_OBJECT if approved else LOOK)


@main.command()
@_of_a_case
@click.option("--output", required=True, type=PATHS, metavar="FILE", help="写入 .xlsx 或 .docx。 Write .xlsx or .docx.")
@click.pass_obj
def annex(
    settings: Settings,
    paths: tuple[Path, ...],
    registry: Path | None,
    application: Path | None,
    as_of: dt.datetime | None,
    output: Path,
) -> int:
    """审查申请并拟制附表草稿。 Review an application and draft its 附表: rows to issue, rows not to, each with its reason."""
    suffix = _suffix_among(output, ".xlsx", ".docx")
    report, _ = _reviewed(settings, paths, registry, application, as_of)
    from api.render.annex import draft_annex

    draft = draft_annex(report)
    if suffix == ".xlsx":
        from api.render.annex_xlsx import annex_xlsx

        write_file(output, annex_xlsx(draft))
    else:
        from api.render.annex_docx import annex_docx

        write_file(output, annex_docx(draft))
    counts = f"{len(draft.issued)} / {len(draft.refused)} / {len(draft.undecided)}"
    click.echo(f"拟批准 / 不予列入 / 须人工决定：{counts} 项 rows to issue / not to issue / to decide → {output}")
    approved = report.recommendation.value == "approve" and not report.problems
    return ending(report.problems, NOTHING_TO_OBJECT if approved else LOOK)


@main.command()
@_of_a_case
@click.option("--output", required=True, type=PATHS, metavar="FILE", help="写入 .docx。 Write .docx.")
@click.pass_obj
def notice(
    settings: Settings,
    paths: tuple[Path, ...],
    registry: Path | None,
    application: Path | None,
    as_of: dt.datetime | None,
    output: Path,
) -> int:
    """审查申请并拟制补正通知草稿。 Review an application and draft the letter that asks the applicant for corrections."""
    _suffix_among(output, ".docx")
    report, _ = _reviewed(settings, paths, registry, application, as_of)
    from api.render.notice import draft_notice
    from api.render.notice_docx import NOTHING, notice_docx

    draft = draft_notice(report)
    write_file(output, notice_docx(draft))
    if draft.asks_nothing:
        click.echo(f"{NOTHING} Nothing is to be corrected. → {output}")
    else:
        click.echo(f"{len(draft.items) + len(draft.rows)} 处需要补正 to be corrected → {output}")
    if draft.set_aside:
        click.echo(
            f"另有 {draft.set_aside} 项疑似识别错误，未列入通知，请先对照原件核实。 "
            f"{draft.set_aside} findings may be misreadings and were left out; compare the originals first.",
            err=True,
        )
    return ending(report.problems, NOTHING_TO_OBJECT if draft.asks_nothing and not draft.set_aside else LOOK)


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


@main.group()
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


@main.command()
@click.argument("folder", type=PATHS, metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.option("--no-checks", is_flag=True, help="只比较读取结果，不运行核查。 Compare what was read; run no checks.")
@click.option(
    "--labelled", type=PATHS, metavar="DIR", help="标注的比对样本，默认随源码的一套。 Labelled pairs to judge by."
)
@click.option("-v", "--verbose", is_flag=True, help="逐条列出错误。 List every mistake.")
@click.pass_obj
def evaluate(
    settings: Settings, folder: Path, as_json: bool, no_checks: bool, labelled: Path | None, verbose: bool
) -> int:
    """对照 truth.json 评估读取与核查的准确性。 Accuracy over a folder of documents with truth.json."""
    from api.comparators import LABELLED
    from api.evaluate import evaluate as run
    from api.evaluate import evaluation_json

    labelled = labelled or (LABELLED if LABELLED.is_dir() else None)
    with progress_bar("评估 evaluating") as progress:
        tally = run(folder, _ocr_factory(settings), progress, not no_checks, labelled)
    if as_json:
        echo_json({**evaluation_json(tally), **({"mistakes": list(map(str, tally.mistakes))} if verbose else {})})
    else:
        from api.render.evaluation import evaluation_text

        for mistake in tally.mistakes if verbose else ():
            click.echo(str(mistake))
        click.echo(evaluation_text(evaluation_json(tally), len(tally.mistakes)))
    return LOOK if tally.mistakes else NOTHING_TO_OBJECT


@main.command()
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
        found, problems = run(pairs, open_snapshots(registry), cases, _ocr_factory(settings), progress)
    if as_json:
        echo_json(impact_json(found))
    else:
        click.echo(impact_text(found, verbose))
    return ending(problems, LOOK if found.effects else NOTHING_TO_OBJECT)


def _reviewed(
    settings: Settings,
    paths: "Sequence[Path]",
    registry: Path | None,
    application: Path | None,
    as_of: dt.datetime | None,
    seen: "Callable[[Document], None] | None" = None,
) -> "tuple[Report, Sequence[Upload]]":
    """The report on the files of one application, and the files."""
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
            _ocr_factory(settings),
            progress,
            seen,
            _limits(settings),
        )
    return report, uploads


def _ocr_factory(settings: Settings) -> "OcrFactory":
    """Makes the engine when the first page needs it: a digital case never loads one."""

    def make() -> Any:
        from extractor.ocr import default_engine

        return default_engine(cache_dir=settings.data / "cache", backend=settings.ocr)

    return make


def _limits(settings: Settings) -> "Limits":
    from extractor.document import Limits

    return Limits(bytes=settings.max_file_bytes, pages=settings.max_pages, pixels=settings.max_pixels)


def _suffix_among(output: Path, *suffixes: str) -> str:
    """The file's suffix; a usage error where it is none of those, before any work is done."""
    if output.suffix.lower() not in suffixes:
        raise click.UsageError(
            f"--output 的后缀应为 {'、'.join(suffixes)}。 --output must end in {' or '.join(suffixes)}."
        )
    return output.suffix.lower()


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


if __name__ == "__main__":
    main()
