"""The figures of an evaluation as a Markdown page, with its plots and pictures of where it fails."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rapidfuzz.distance import Postfix, Prefix

from api.render.words import word
from api.tally import Mistake, shown

Json = dict[str, Any]

LISTED = 200
"""Mistakes that the page names; the JSON counts them all."""
_LONGEST, _CONTEXT = 160, 25
"""Characters of a difference, and around it, that are shown."""


def evaluation_markdown(
    figures: Json, mistakes: Sequence[Mistake], plots: Mapping[str, str], pictures: Mapping[int, str]
) -> str:
    """The page. `plots` are titles and files of the plots; `pictures` files by the place of a mistake in `mistakes`, worst first."""
    return "\n".join(_lines(figures, mistakes, plots, pictures)) + "\n"


def _lines(
    figures: Json, mistakes: Sequence[Mistake], plots: Mapping[str, str], pictures: Mapping[int, str]
) -> Iterator[str]:
    fields, rows, sure = figures["fields"], figures["rows"], figures["calibration"]
    yield "# 评估 Evaluation"
    yield ""
    yield f"{figures['cases']} 个案例 cases，{figures['pages']} 页 pages，{_number(figures['seconds_per_page'])} 秒/页 seconds a page"
    yield ""
    yield from _table(
        ("", "正确 exact", "总数 total", "比例 share"),
        [
            ("材料种类 kinds", *_score(figures["kinds"])),
            ("字段 fields", *_score(fields)),
            ("能力行 rows", rows["right"], rows["true"], _percent(rows["exact"])),
        ],
    )
    yield f"行 F1 {_percent(rows['f1'])}，单元格 F1 cells {_percent(rows['cell_f1'])}；确信却错 sure and wrong {fields['sure_and_wrong']}。"
    yield ""
    yield "## 按来源与图像劣化 By source and degradation"
    yield ""
    yield from _table(
        ("来源 source", "字段 fields", "总数 total", "比例 share"),
        [(name, *_score(score)) for name, score in fields["by_source"].items()],
    )
    yield from _table(
        ("劣化 degradation", "字段 fields", "总数 total", "比例 share", "行 rows", "行 F1", "单元格 F1 cells"),
        [
            (name, *_score(score), *_rows(rows["by_degradation"].get(name)))
            for name, score in fields["by_degradation"].items()
        ],
    )
    yield "## 按材料与字段 By paper and field"
    yield ""
    kinds = [(f"**{word('kinds', kind).zh}** {kind}", *_score(score)) for kind, score in fields["by_kind"].items()]
    names = [(f"`{name}`", *_score(score)) for name, score in fields["by_field"].items()]
    yield from _table(("", "正确 exact", "总数 total", "比例 share"), kinds + names)
    yield "## 置信度校准 Calibration"
    yield ""
    yield from _calibration("字段 fields", sure["fields"])
    yield from _calibration("能力行 rows", sure["rows"])
    for title, file in plots.items():
        yield f"![{title}]({file})"
        yield ""
    yield f"## 错误 Mistakes ({len(mistakes)})"
    yield ""
    for place, mistake in enumerate(mistakes[:LISTED]):
        yield from _mistake(place + 1, mistake, pictures.get(place))


def _calibration(title: str, figures: Json) -> Iterator[str]:
    """How often readings were right against how sure they were said to be."""
    if not figures["total"]:
        yield f"{title}：没有识别所得的内容。 Nothing was recognised."
        yield ""
        return
    error, sure, wrong = figures["expected_calibration_error"], figures["sure"], figures["sure_and_wrong"]
    yield f"{title}（识别所得 recognised {figures['total']}）：期望校准误差 ECE {error:.4f}；"
    yield f"置信度 ≥ 0.99 的 {sure['total']} 个中 {_percent(sure['share'])} 正确；"
    yield f"确信却错 sure and wrong {wrong['count']}（{_percent(wrong['share'])}）。"
    yield ""
    yield from _table(
        ("置信度 ≥ said", "平均 mean", "正确 exact", "总数 total", "比例 share"),
        [
            (f"{b['floor']:.2f}", f"{b['said']:.3f}", b["exact"], b["total"], _percent(b["share"]))
            for b in figures["bins"]
        ],
    )


def _mistake(number: int, mistake: Mistake, picture: str | None) -> Iterator[str]:
    sure = "" if mistake.confidence is None else f"，置信度 confidence {mistake.confidence:.2f}"
    yield f"**{number}.** `{mistake.case}/{mistake.file}` {mistake.place}{sure}"
    yield ""
    true, read = _around_difference(shown(mistake.truth), shown(mistake.read))
    yield f"- 应为 true: {_code(true)}"
    yield f"- 读作 read: {_code(read)}"
    yield ""
    if picture:
        yield f"![{mistake.place}]({picture})"
        yield ""


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(map(str, row)) + " |"
    yield ""


def _score(score: Json) -> tuple[object, object, str]:
    return score["exact"], score["total"], _percent(score["exact"] / score["total"] if score["total"] else None)


def _rows(rows: Json | None) -> tuple[str, str, str]:
    if rows is None or not rows["true"]:
        return "", "", ""
    return f"{rows['right']}/{rows['true']}", _percent(rows["f1"]), _percent(rows["cell_f1"])


def _around_difference(true: str, read: str) -> tuple[str, str]:
    """Both texts from a little before the first difference to a little behind the last one."""
    start = Prefix.similarity(true, read)
    end = min(Postfix.similarity(true, read), min(len(true), len(read)) - start)
    return _cut(true, start, len(true) - end), _cut(read, start, len(read) - end)


def _cut(text: str, start: int, end: int) -> str:
    first, last = max(0, start - _CONTEXT), min(len(text), min(end, start + _LONGEST) + _CONTEXT)
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"


def _code(text: str) -> str:
    return "`" + " ".join(text.split()).replace("|", "\\|").replace("`", "'") + "`"


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.2f} %"


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"
