"""The commands on experts: who knows what, a panel for the rows that need people, and when its work is done."""

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.options import DATE, PATHS, acting, opened
from api.settings import Settings
from api.terminal import LOOK, NOTHING_TO_OBJECT, echo_json, write_file
from models.errors import InputError

if TYPE_CHECKING:
    from api.draw import Person
    from api.store import Store
    from matchers.standards import Library

_EXPERTS = click.option(
    "--experts",
    "file",
    type=PATHS,
    metavar="FILE",
    help="专家名单，默认 experts 快照。 Experts; the snapshot by default.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")


@click.group()
def experts() -> None:
    """专家库。 Experts."""


@experts.command("list")
@_EXPERTS
@_JSON
@click.pass_obj
def list_(settings: Settings, file: Path | None, as_json: bool) -> int:
    """专家及其对应的能力项目库领域、在办任务。 Experts, the library's domains that they know, and what is on them."""
    from api.experts import domains_of, unplaced

    with opened(settings) as store:
        known = _experts(settings, store, file)
    shape = [
        {
            "id": p.id,
            "name": p.name,
            "unit": p.unit,
            "workload": p.workload,
            "domains": list(domains_of(p.fields)),
            "unplaced": list(unplaced(p.fields)),
        }
        for p in known
    ]
    if as_json:
        echo_json(shape)
    for each in () if as_json else shape:
        strange = f"  未能对应 unplaced：{'、'.join(each['unplaced'])}" if each["unplaced"] else ""  # type: ignore[arg-type]
        domains = "、".join(each["domains"])  # type: ignore[arg-type]
        click.echo(f"{each['id']}  {each['name']}  {each['unit']}  在办 {each['workload']}  {domains}{strange}")
    return LOOK if any(each["unplaced"] for each in shape) else NOTHING_TO_OBJECT


@experts.command()
@click.argument("report", type=PATHS, metavar="REPORT.json")
@_EXPERTS
@click.option("--seed", required=True, metavar="TEXT", help="公开的随机种子。 The published seed.")
@click.option("--seed-source", metavar="TEXT", default="", help="种子的公开出处。 Where the seed was published.")
@click.option("--size", type=click.IntRange(min=0), default=0, help="至少几人。 Members at least.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=5, show_default=True, help="每人在办上限。 Tasks for one at most."
)
@click.option("--as-of", type=DATE, metavar="DATE", help="抽取日，默认今天。 The day of the draw; today by default.")
@click.option("--assign", is_flag=True, help="记为在办任务。 Count it as a task of those drawn.")
@click.option("--output", type=PATHS, metavar="RECORD", help="记录写入 JSON 文件。 Write the record to a JSON file.")
@_JSON
@click.pass_obj
def panel(
    settings: Settings,
    report: Path,
    file: Path | None,
    seed: str,
    seed_source: str,
    size: int,
    limit: int,
    as_of: dt.datetime | None,
    assign: bool,
    output: Path | None,
    as_json: bool,
) -> int:
    """为报告中须人工决定的能力项拟出专家组；记录用 `zhengshen draw --verify` 核验。

    Propose a panel for the rows of a report (`review --json`) that people must decide; `zhengshen draw --verify` checks its record.
    """
    from api import clock
    from api.experts import needs_of, propose
    from api.store.supervision import assign as write_down

    try:
        shape = json.loads(report.read_text("utf-8-sig"))
        rows, papers = shape["rows"], shape["papers"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{report}：不是审查报告。 {report} is no report of a review.") from error
    day = as_of.date() if as_of else dt.date.today()  # noqa: DTZ011 - the day of the office
    with opened(settings) as store:
        needs, lost = needs_of(rows, _library(settings, store, rows))
        made = propose(
            seed, seed_source, day, needs, _experts(settings, store, file), applicant_of(papers), size=size, limit=limit
        )
        if assign:
            drawn = [each["expert"] for each in made["seats"]]
            write_down(store, made["sha256"], drawn, report.name, actor=acting(), now=clock.now())
    if output is not None:
        write_file(output, json.dumps(made, ensure_ascii=False, indent=1).encode() + b"\n")
    if as_json:
        echo_json(made)
    else:
        click.echo(panel_text(made))
    if lost:
        click.echo(
            f"第 {'、'.join(map(str, lost))} 行的领域无法判定，请人工指定专家。 The domain of these rows cannot be told.",
            err=True,
        )
    return LOOK if lost or made["uncovered"] or made["missing"] else NOTHING_TO_OBJECT


@experts.command()
@click.argument("record", metavar="SHA256")
@click.pass_obj
def done(settings: Settings, record: str) -> int:
    """专家组任务完成，不再计入在办。 The panel's work is done and no longer counts."""
    from api import clock
    from api.store.supervision import end_assignments

    with opened(settings) as store:
        end_assignments(store, record, actor=acting(), now=clock.now())
    click.echo(f"{record[:16]}…：已完成 done")
    return NOTHING_TO_OBJECT


def applicant_of(papers: "list[Mapping[str, Any]]") -> dict[str, list[str]]:
    """Names and credit codes that the papers of a report give of the applicant and its legal person."""
    names: dict[str, None] = {}
    codes: dict[str, None] = {}
    for paper in papers:
        fields = paper.get("fields", {})
        legal = fields.get("legal_entity")
        holders = [fields, legal] if isinstance(legal, dict) and "value" not in legal else [fields]
        for holder in holders:
            for name in ("name", "legal_entity"):
                if text := _value(holder.get(name)):
                    names[text] = None
            if text := _value(holder.get("unified_social_credit_code")):
                codes[text] = None
    return {"names": list(names), "codes": list(codes)}


def panel_text(record: dict[str, Any]) -> str:
    """Who was drawn, for what and why; who could not be."""
    people = {entry["id"]: entry for entry in record["experts"]["entries"]}
    rows = {need["id"]: len(need["rows"]) for need in record["needs"]["entries"]}
    lines = [
        f"{number}. {people[each['expert']]['name']}（{people[each['expert']]['unit']}）  为“{each['for']}”自 {each['among']} 人中抽出，"
        f"覆盖 {'、'.join(f'{domain} {rows[domain]} 行' for domain in each['covers'])}  签 {each['lot'][:12]}…"
        for number, each in enumerate(record["seats"], 1)
    ]
    lines += [f"回避 {people[each['expert']]['name']}：{each['why']}" for each in record["avoided"]]
    lines += [f"在办已满 {people[one]['name']}" for one in record["busy"]]
    lines += [f"没有可派专家的领域 nobody for：{domain}（{rows[domain]} 行）" for domain in record["uncovered"]]
    if record["missing"]:
        lines.append(f"人数不足，还缺 {record['missing']} 人。 {record['missing']} members are missing.")
    return "\n".join([*lines, f"记录 record sha256 {record['sha256']}"])


def _value(field: Any) -> str:
    value = field.get("value") if isinstance(field, dict) else None
    return value if isinstance(value, str) else ""


def _experts(settings: Settings, store: "Store", file: Path | None) -> "list[Person]":
    """From a file or the snapshot, with the tasks that draws have laid on them."""
    from api.draw import persons_in
    from api.holdings import Opened, rows_of
    from api.registries import open_registries, rows_in
    from api.store.supervision import workloads
    from models.records import RegistryKind

    if file is not None:
        known = persons_in(rows_in(file, RegistryKind.EXPERTS))
    else:
        found = open_registries(settings, store, os.environ).registries.get(RegistryKind.EXPERTS)
        if not isinstance(found, Opened):
            raise InputError(
                "没有专家库快照，请用 --experts 给出名单。 There is no snapshot `experts`; give --experts."
            )
        known = persons_in(rows_of(found))
    tasks = workloads(store)
    return [replace(person, workload=person.workload + tasks.get(person.id, 0)) for person in known]


def _library(settings: Settings, store: "Store", rows: "list[Mapping[str, Any]]") -> "Library | None":
    """The library's records of the rows' standards; None where there is no library."""
    from api.registries import open_registries
    from extractor.registries.keys import series_keys
    from matchers.standards import index_library
    from models.records import RegistryKind
    from models.standards import find_references

    library = open_registries(settings, store, os.environ).registries.get(RegistryKind.LIBRARY)
    if library is None:
        return None
    standards = [
        ref for each in rows for one in each["row"].get("standards") or () for ref in find_references(one["key"])
    ]
    return index_library(library.find(set(series_keys(standards))), settings.rules)
