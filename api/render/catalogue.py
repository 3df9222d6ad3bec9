"""Lists for people and scripts: the catalogue of checks, and the registry snapshots at hand."""

from collections.abc import Sequence
from typing import Any

import click

from api.render.json import basis_json, bilingual
from api.render.text import COLOURS, padded
from api.render.words import group_of, word
from extractor.registries import Snapshots
from matchers.check import Check
from models.errors import RegistryError
from models.finding import Basis

Json = dict[str, Any]

UNVERIFIED = "待核"


def catalogue_json(checks: Sequence[Check]) -> list[Json]:
    """The checks in report order."""
    return [
        {
            "check": check.id,
            "title": bilingual(check.title),
            "severity": check.severity.value,
            "basis": [basis_json(basis) for basis in check.basis],
        }
        for check in checks
    ]


def catalogue_markdown(checks: Sequence[Check]) -> str:
    """The table that the README shows."""
    lines = ["| 编号 | 核查内容 | Check | 级别 | 依据 |", "|---|---|---|---|---|"]
    for check in checks:
        cells = (
            check.id,
            check.title.zh,
            check.title.en,
            word("severities", check.severity).zh,
            "；".join(map(basis_line, check.basis)) or "—",
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def catalogue_text(checks: Sequence[Check]) -> str:
    """The checks by family, for a terminal."""
    lines: list[str] = []
    family = ""
    for check in checks:
        if (named := group_of(check.id).zh) != family:
            family = named
            lines.append(click.style(f"■ {family} {group_of(check.id).en}", bold=True))
        severity = click.style(word("severities", check.severity).zh, fg=COLOURS[check.severity])
        lines.append(f"  {padded(check.id, 8)}{severity}  {check.title.zh}")
    return "\n".join([*lines, f"{len(checks)} 项 checks"])


def basis_line(basis: Basis) -> str:
    """Instrument and clause, marked where the wording was not checked against the official text."""
    name = f"{basis.instrument} {basis.clause}".strip()
    return name if basis.verified else f"{name}（{UNVERIFIED}）"


def snapshots_json(snapshots: Snapshots) -> list[Json]:
    """Each registry with its day and hash; `unavailable` says why one cannot be opened."""
    entries: list[Json] = []
    for kind, registry in snapshots.registries.items():
        entry: Json = {"name": kind.value, "as_of": None, "sha256": None, "records": None, "unavailable": None}
        try:
            entry |= {"as_of": registry.snapshot.as_of, "sha256": registry.snapshot.sha256, "records": registry.count}
        except RegistryError as error:
            entry["unavailable"] = str(error)
        entries.append(entry)
    return entries


def snapshots_text(entries: Sequence[Json]) -> str:
    """One line a registry."""
    if not entries:
        return "没有登记数据快照。 There are no snapshots."
    return "\n".join(
        f"{padded(entry['name'], 13)}{padded(word('registries', entry['name']).zh, 20)}"
        + (
            click.style(entry["unavailable"], fg="red")
            if entry["unavailable"]
            else f"{entry['as_of']}  {padded(str(entry['records']), 9)}sha256 {entry['sha256'][:16]}…"
        )
        for entry in entries
    )
