"""What new snapshots change, for scripts and for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from api.impact import Change, Difference, Effect, HolderKind, Holding, Impact
from api.render.text import padded, printable
from api.render.words import word
from matchers.standards import LibraryState
from models.records import RegistryKind

if TYPE_CHECKING:
    from api.store.consequences import Run, Touched
    from api.store.snapshots import SnapshotRow

Json = dict[str, Any]

ROWS_SHOWN = 5
CHANGES = {
    Change.ADDED: "新列入",
    Change.ABOLISHED: "已废止",
    Change.CITE_ONLY: "仅限引用",
    Change.SERIES_ONLY: "仅有其他年号",
    Change.TYPE_VARIANT: "标识改变",
    Change.AMBIGUOUS: "年号不明",
    Change.REMOVED: "已删除",
    Change.MOVED: "领域改变",
    Change.STATUS: "状态改变",
    Change.RENAMED: "名称改变",
    Change.LISTED: "新增失信记录",
    Change.ENDED: "记录终止",
}
STATES = {
    LibraryState.IN_LIB: "已收录",
    LibraryState.CITE_ONLY: "仅限引用",
    LibraryState.ABOLISHED: "废止",
    LibraryState.TYPE_VARIANT: "收录为另一标识（GB 与 GB/T）",
    LibraryState.SERIES_ONLY: "仅收录其他年号",
    LibraryState.AMBIGUOUS: "未注年号",
    LibraryState.NOT_IN_LIB: "未收录",
}
HOLDERS = {HolderKind.CERTIFICATE: "证书", HolderKind.CASE: "案件"}
COLOURS = {Change.ADDED: "green", Change.MOVED: "blue", Change.STATUS: "yellow"}


def impact_json(impact: Impact) -> Json:
    """The answer of `zhengshen impact --json`."""
    return {
        "differences": [_difference(difference) for difference in impact.differences],
        "effects": [_effect(effect) for effect in impact.effects],
    }


def _difference(difference: Difference) -> Json:
    old, new = difference.old, difference.new
    return {
        "registry": difference.registry.value,
        "old": {"name": old[0], "sha256": old[1]},
        "new": {"name": new[0], "sha256": new[1]},
        "added": difference.added,
        "removed": difference.removed,
        "changed": difference.changed,
    }


def _effect(effect: Effect) -> Json:
    return {
        "registry": effect.registry.value,
        "change": effect.change.value,
        "subject": effect.subject,
        "before": effect.before,
        "after": effect.after,
        "suggestion": effect.suggestion or None,
        "rows": [
            {
                "holder": holding.kind.value,
                "name": holding.holder,
                "row": holding.row or None,
                "site": holding.site or None,
                "object": holding.object or None,
                "parameter": holding.parameter or None,
                "method": holding.method or None,
            }
            for holding in effect.holdings
        ],
    }


def impact_text(impact: Impact, verbose: bool = False) -> str:
    """The differences, then each effect with the rows that it touches, a few of them unless `verbose`."""
    lines = [_difference_line(difference) for difference in impact.differences]
    for effect in impact.effects:
        lines += ["", *_effect_lines(effect, verbose)]
    holders = {(row.kind, row.holder) for effect in impact.effects for row in effect.holdings}
    rows = {(row.kind, row.holder, row.row) for effect in impact.effects for row in effect.holdings}
    end = f"受影响 affected：{len(impact.effects)} 项变化，{len(holders)} 份证书或案件，{len(rows)} 行"
    return "\n".join([*lines, "", end if impact.effects else "没有受影响的能力项。 Nothing is affected."])


def _difference_line(difference: Difference) -> str:
    name = word("registries", difference.registry).zh
    counts = f"增 {difference.added}，删 {difference.removed}，改 {difference.changed}"
    return f"{click.style(name, bold=True)}  {printable(difference.old[0])} → {printable(difference.new[0])}：{counts}"


def _effect_lines(effect: Effect, verbose: bool) -> Iterator[str]:
    change = CHANGES[effect.change]
    instead = f"；可改为 {effect.suggestion}" if effect.suggestion else ""
    yield (
        f"■ {click.style(change, fg=COLOURS.get(effect.change, 'red'), bold=True)}  {printable(effect.subject)}"
        f"  {_state(effect, effect.before)} → {_state(effect, effect.after)}{instead}"
    )
    shown = effect.holdings if verbose else effect.holdings[:ROWS_SHOWN]
    for holding in shown:
        yield f"    {_holding(holding)}"
    if len(effect.holdings) > len(shown):
        yield f"    … 另有 {len(effect.holdings) - len(shown)} 行，--verbose 查看全部"


def _state(effect: Effect, text: str) -> str:
    """States of the library in words; what a register printed stays as it is."""
    if effect.registry is RegistryKind.LIBRARY and effect.change is not Change.MOVED:
        return STATES[LibraryState(text)]
    return printable(text) or "无"


def _holding(holding: Holding) -> str:
    holder = f"{HOLDERS[holding.kind]} {printable(holding.holder)}"
    what = " / ".join(part for part in (holding.object, holding.parameter, holding.method) if part)
    place = f"第 {holding.row} 行" if holding.row else "全部能力项"
    site = f"[{holding.site}] " if holding.site else ""
    return f"{padded(holder, 32)}{padded(place, 12)}{site}{printable(what)}".rstrip()


def touched_json(
    followed: "Sequence[tuple[SnapshotRow, Run]]", found: "Sequence[Touched]", names: Mapping[str, tuple[str, str]]
) -> Json:
    """The answer of `zhengshen impact --stored --json`: what was looked at now, and every finding."""
    return {
        "snapshots": [
            {
                "id": snapshot.id,
                "kind": snapshot.kind.value,
                "as_of": snapshot.as_of.isoformat(),
                "compared_with": run.compared_with,
                "differing": run.differing,
                "findings": run.findings,
            }
            for snapshot, run in followed
        ],
        "findings": [
            {
                "check": each.check_id,
                "severity": each.severity,
                "certificate": each.certificate,
                "name": names.get(each.certificate, ("", ""))[0] or None,
                "registry": each.registry,
                "change": each.change,
                "subject": each.subject,
                "before": each.before or None,
                "after": each.after or None,
                "suggestion": each.suggestion or None,
                "rows": each.rows or None,
                "first_row": each.first_row or None,
                "true_on": each.true_on.isoformat(),
                "stated": each.stated,
                "snapshot": each.snapshot_id,
            }
            for each in found
        ],
    }


def touched_text(
    followed: "Sequence[tuple[SnapshotRow, Run]]", found: "Sequence[Touched]", names: Mapping[str, tuple[str, str]]
) -> str:
    """A line for each snapshot that was looked at now, then one for each finding, the newest first."""
    lines = [
        f"{click.style(word('registries', snapshot.kind).zh, bold=True)}  {snapshot.as_of}："
        f"差异 {run.differing} 行，触及证书 {run.findings} 处"
        for snapshot, run in followed
    ]
    lines += [_touched_line(each, names.get(each.certificate, ("", ""))[0]) for each in found]
    return "\n".join(lines) if found else "\n".join([*lines, "没有触及已发证书。 No issued certificate is touched."])


def _touched_line(each: "Touched", name: str) -> str:
    """证书、机构、自何日起、何事；没有标明日期的是快照的日期。"""
    since = f"{each.true_on}{'起' if each.stated else ' 前'}"
    change = CHANGES[Change(each.change)]
    colour = "blue" if each.severity == "minor" else "red"
    states = [
        STATES[LibraryState(t)] if each.registry == "library" and t in set(LibraryState) else t
        for t in (each.before, each.after)
    ]
    rows = f"，第 {each.first_row} 行起共 {each.rows} 行" if each.rows else ""
    instead = f"；可改为 {each.suggestion}" if each.suggestion else ""
    return (
        f"{each.check_id}  {each.certificate}  {printable(name)}  {since}  {click.style(change, fg=colour)}  "
        f"{printable(each.subject)}：{printable(states[0]) or '无'} → {printable(states[1]) or '无'}{rows}{instead}"
    )
