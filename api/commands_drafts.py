"""The commands that hand a review on: the draft 附表 and the draft 补正通知."""

import datetime as dt
from pathlib import Path

import click

from api.options import PATHS, of_a_case, reviewed, suffix_among
from api.settings import Settings
from api.terminal import LOOK, NOTHING_TO_OBJECT, ending, write_file


@click.command()
@of_a_case
@click.option("--output", required=True, type=PATHS, metavar="FILE", help="写入 .xlsx 或 .docx。 Write .xlsx or .docx.")
@click.pass_obj
def annex(
    settings: Settings,
    paths: tuple[Path, ...],
    registry: Path | None,
    application: Path | None,
    as_of: dt.datetime | None,
    cases: Path | None,
    output: Path,
) -> int:
    """审查申请并拟制附表草稿。 Review an application and draft its 附表: rows to issue, rows not to, each with its reason."""
    suffix = suffix_among(output, ".xlsx", ".docx")
    report, _ = reviewed(settings, paths, registry, application, as_of, cases)
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


@click.command()
@of_a_case
@click.option("--output", required=True, type=PATHS, metavar="FILE", help="写入 .docx。 Write .docx.")
@click.pass_obj
def notice(
    settings: Settings,
    paths: tuple[Path, ...],
    registry: Path | None,
    application: Path | None,
    as_of: dt.datetime | None,
    cases: Path | None,
    output: Path,
) -> int:
    """审查申请并拟制补正通知草稿。 Review an application and draft the letter that asks the applicant for corrections."""
    suffix_among(output, ".docx")
    report, _ = reviewed(settings, paths, registry, application, as_of, cases)
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
