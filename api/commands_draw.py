"""The command that draws bodies and inspectors, and checks what was drawn."""

import datetime as dt
import json
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.options import DATE, PATHS, acting, opened
from api.settings import Settings
from api.terminal import LOOK, NOTHING_TO_OBJECT, echo_json, write_file
from models.errors import InputError

if TYPE_CHECKING:
    from api.draw import Body
    from api.store import Store


@click.command()
@click.option(
    "--bodies", type=PATHS, metavar="FILE", help="机构名单，默认已发证书快照。 Bodies; issued certificates by default."
)
@click.option("--inspectors", type=PATHS, metavar="FILE", help="检查人员名单。 Inspectors.")
@click.option("--count", type=click.IntRange(min=1), default=10, show_default=True, help="抽取机构数。 Bodies to draw.")
@click.option(
    "--team", type=click.IntRange(min=1), default=2, show_default=True, help="每家人数。 Inspectors for each."
)
@click.option("--most", type=click.IntRange(min=0), default=0, help="每人最多几家，0 为不限。 Bodies for one at most.")
@click.option("--seed", metavar="TEXT", help="公开的随机种子。 The published seed.")
@click.option("--seed-source", metavar="TEXT", default="", help="种子的公开出处。 Where the seed was published.")
@click.option("--as-of", type=DATE, metavar="DATE", help="抽取日，默认今天。 The day of the draw; today by default.")
@click.option("--output", type=PATHS, metavar="RECORD", help="记录写入 JSON 文件。 Write the record to a JSON file.")
@click.option("--verify", "record", type=PATHS, metavar="RECORD", help="核验记录，不抽取。 Check a record.")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。 Print JSON.")
@click.pass_obj
def draw(
    settings: Settings,
    bodies: Path | None,
    inspectors: Path | None,
    count: int,
    team: int,
    most: int,
    seed: str | None,
    seed_source: str,
    as_of: dt.datetime | None,
    output: Path | None,
    record: Path | None,
    as_json: bool,
) -> int:
    """双随机：按风险加权抽取机构和检查人员，任何人可凭种子核验；不给 --seed 时只公布两份名单的哈希。

    Draw bodies, weighted by risk, and inspectors for them; anyone can check the record. Without --seed only the hashes of both lists are
    told, to be published before the seed is known.
    """
    if record is not None:
        return _verified(record, bodies, inspectors, as_json)
    if inspectors is None:
        raise click.UsageError("请给出 --inspectors。 Give --inspectors.")
    from api import clock
    from api.draw import Terms, list_hash, load_risk_table, persons_in
    from api.draw import draw as run
    from api.registries import rows_in
    from api.store import log
    from models.records import RegistryKind

    persons = persons_in(rows_in(inspectors, RegistryKind.EXPERTS))
    with opened(settings) as store:
        known = _bodies(settings, store, bodies)
        if seed is None:
            hashes = {
                "bodies": list_hash([b.entry() for b in known]),
                "inspectors": list_hash([p.entry() for p in persons]),
            }
            if as_json:
                echo_json(hashes)
            else:
                click.echo(
                    f"机构 {len(known)} 家 sha256 {hashes['bodies']}\n人员 {len(persons)} 名 sha256 {hashes['inspectors']}"
                )
            return NOTHING_TO_OBJECT
        day = as_of.date() if as_of else dt.date.today()  # noqa: DTZ011 - the day of the office
        made = run(seed, seed_source, Terms(day, count, team, most), known, persons, load_risk_table())
        log.record(store, acting(), "draw.made", made["sha256"], clock.now(), drawn=len(made["drawn"]))
    if output is not None:
        write_file(output, json.dumps(made, ensure_ascii=False, indent=1).encode() + b"\n")
    if as_json:
        echo_json(made)
    else:
        click.echo(drawn_text(made))
    short = len(made["drawn"]) < count or any(each["missing"] for each in made["drawn"])
    return LOOK if short else NOTHING_TO_OBJECT


def drawn_text(record: dict[str, Any]) -> str:
    """What was drawn, a line for each body."""
    names = {entry["id"]: entry["name"] for entry in record["inspectors"]["entries"]}
    weights = {weight["id"]: weight for weight in record["weights"]}
    lines = []
    for number, each in enumerate(record["drawn"], 1):
        weight = weights[each["body"]]
        team = "、".join(names[member["inspector"]] for member in each["team"])
        missing = f"（缺 {each['missing']} 人 short of inspectors）" if each["missing"] else ""
        lines.append(
            f"{number:3} {each['name']}  {weight['class']} 类 {weight['points']} 分 {weight['lots']} 签  {team}{missing}"
            f"  签 {each['lot'][:12]}…"
        )
        lines += [f"      回避 {names[a['inspector']]}：{a['why']}" for a in each["avoided"]]
    return "\n".join([*lines, f"记录 record sha256 {record['sha256']}"])


def _bodies(settings: Settings, store: "Store", file: Path | None) -> "list[Body]":
    """From a file as it stands; else the issued certificates, with what reviews found and when promises were verified."""
    from api.draw import bodies_in
    from api.holdings import Opened, rows_of
    from api.registries import open_registries, rows_in
    from api.store.supervision import newest_counts, verifications
    from models.records import RegistryKind

    if file is not None:
        return bodies_in(rows_in(file, RegistryKind.CMA))
    issued = open_registries(settings, store, os.environ).registries.get(RegistryKind.CMA)
    if not isinstance(issued, Opened):
        raise InputError("没有已发证书的快照，请用 --bodies 给出机构名单。 There is no snapshot `cma`; give --bodies.")
    known = bodies_in(rows_of(issued))
    counts = newest_counts(store, [body.unified_social_credit_code for body in known])
    verified = verifications(store)
    return list(_with_record(known, counts, {number: v.verified_on for number, v in verified.items()}))


def _with_record(bodies: "Iterable[Body]", counts: "Any", verified: dict[str, dt.date]) -> "Iterable[Body]":
    for body in bodies:
        blocking, major = counts.get(body.unified_social_credit_code, (0, 0))
        days = [verified[number].isoformat() for number in body.certificates if number in verified]
        yield replace(
            body,
            blocking=max(body.blocking, blocking),
            major=max(body.major, major),
            last_inspected_on=max([body.last_inspected_on, *days]),
        )


def _verified(path: Path, bodies: Path | None, inspectors: Path | None, as_json: bool) -> int:
    """Draw again from what the record holds, and compare the lists that were published, where they are given."""
    from api.draw import bodies_in, list_hash, persons_in
    from api.draw import verify as run
    from api.experts import PANEL, verify_panel
    from api.registries import rows_in
    from models.records import RegistryKind

    try:
        record = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}：不是可读的 JSON。 {path} is no readable JSON.") from error
    if not isinstance(record, dict):
        raise InputError(f"{path}：不是抽取记录。 {path} is no record of a draw.")
    differing = verify_panel(record) if record.get("algorithm") == PANEL else run(record)
    hashes = {
        "bodies": bodies and list_hash([body.entry() for body in bodies_in(rows_in(bodies, RegistryKind.CMA))]),
        "inspectors": inspectors
        and list_hash([person.entry() for person in persons_in(rows_in(inspectors, RegistryKind.EXPERTS))]),
    }
    differing += [f"{name}.sha256" for name, one in hashes.items() if one and one != record.get(name, {}).get("sha256")]
    if as_json:
        echo_json({"ok": not differing, "differing": differing})
    elif differing:
        click.echo("记录与算法重算的结果不符 the record differs from the draw made again：" + "、".join(differing[:20]))
    else:
        click.echo("核验一致：按记录中的种子和名单重算，结果逐项相同。 Verified: drawn again, every part is the same.")
    return LOOK if differing else NOTHING_TO_OBJECT
