"""The figures of an evaluation, for a terminal."""

from collections.abc import Iterator
from typing import Any

import click

from api.render.text import padded
from api.render.words import word


def evaluation_text(figures: dict[str, Any], mistakes: int) -> str:
    """One line a figure, weak ones in colour."""
    return "\n".join(_lines(figures, mistakes))


def _lines(figures: dict[str, Any], mistakes: int) -> Iterator[str]:
    fields, rows, checks = figures["fields"], figures["rows"], figures["checks"]
    yield click.style(f"{figures['cases']} 个案例 cases，{figures['pages']} 页 pages", bold=True)
    yield _line("材料种类 kinds", *(figures["kinds"][name] for name in ("exact", "total")))
    yield _line("字段 fields", fields["exact"], fields["total"])
    for kind, score in fields["by_kind"].items():
        yield _line(f"  {word('kinds', kind).zh}", score["exact"], score["total"])
    for source, score in fields["by_source"].items():
        yield _line(f"  {source}", score["exact"], score["total"])
    for name, score in fields["by_degradation"].items():
        yield _line(f"  劣化 {name}", score["exact"], score["total"])
    for floor, score in fields["by_confidence"].items():
        yield _line(f"  置信度 ≥ {floor}", score["exact"], score["total"])
    for name, score in fields["by_field"].items():
        if score["exact"] < score["total"]:
            yield _line(f"  {name}", score["exact"], score["total"])
    yield f"{padded('确信却错 sure and wrong', 40)}{fields['sure_and_wrong']}"
    if rows["true"] or rows["read"]:
        yield _line("能力行 rows", rows["right"], rows["true"])
        yield f"{padded('  F1 / 单元格 cells F1', 40)}{_percent(rows['f1'])} / {_percent(rows['cell_f1'])}"
    for what, figure in figures["calibration"].items():
        if figure["total"]:
            yield _calibration("字段" if what == "fields" else "能力行", figure)
    if checks["recall"] is not None or checks["clean_cases"]:
        yield f"{padded('核查 recall / precision', 40)}{_percent(checks['recall'])} / {_percent(checks['precision'])}"
        false = checks["false_mismatches_per_clean_case"]
        yield f"{padded('误报/无缺陷案例 false mismatches', 40)}{'—' if false is None else f'{false:.3f}'} ({checks['clean_cases']})"
        for check, count in checks["false_mismatches"].items():
            yield f"  {padded(check, 38)}{count}"
        for check, figure in checks["by_check"].items():
            if figure["found"] < figure["expected"] or figure["precision"] not in (None, 1.0):
                yield _shares(f"  {check}", figure, f"{figure['found']}/{figure['expected']}")
    if figures["comparators"]:
        yield "比对 comparators recall / precision"
        for name, figure in figures["comparators"].items():
            yield _shares(f"  {word('comparators', name).zh}", figure, f"{figure['exact']}/{figure['pairs']}")
    if figures["seconds_per_page"] is not None:
        yield f"{padded('秒/页 seconds per page', 40)}{figures['seconds_per_page']:.3f}"
    if mistakes:
        yield click.style(f"{mistakes} 处错误 mistakes（--verbose 逐条列出）", fg="yellow")


def _line(name: str, right: int, total: int) -> str:
    share = right / total if total else 1.0
    return click.style(f"{padded(name, 40)}{right}/{total}  {_percent(share)}", fg=None if share == 1.0 else "yellow")


def _calibration(what: str, figure: dict[str, Any]) -> str:
    sure = figure["sure"]
    told = f"{sure['exact']}/{sure['total']}  {_percent(sure['share'])}，ECE {figure['expected_calibration_error']:.4f}"
    return f"{padded(f'{what}置信度 ≥ 0.99 said sure', 40)}{told}"


def _shares(name: str, figure: dict[str, Any], counts: str) -> str:
    weak = any(figure[share] not in (None, 1.0) for share in ("recall", "precision"))
    text = f"{padded(name, 40)}{counts}  {_percent(figure['recall'])} / {_percent(figure['precision'])}"
    return click.style(text, fg="yellow" if weak else None)


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.2f} %"
