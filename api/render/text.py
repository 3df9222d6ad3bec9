"""Papers and reports for a terminal: Chinese first, worst first, in columns that hold for double-width characters."""

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import click
from wcwidth import wcswidth, wcwidth

from api.render.json import paper_json
from api.render.words import group_of, said, word
from models.finding import Finding, Outcome, Severity, Side
from models.papers import Paper
from models.report import Decision, Problem, Report, RowDecision

SETTLED = frozenset({Outcome.MATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE})
COLOURS = {Severity.BLOCKING: "red", Severity.MAJOR: "yellow", Severity.MINOR: "blue"}
RECOMMENDATION_COLOURS = {"approve": "green", "refuse_route": "red"}
UNSURE = 0.9
ROWS_SHOWN = 20
ALIKE_SHOWN = 3
CLOSING = frozenset("，。；：、！？）》”’」』】,.;:!?)")


def report_text(report: Report, verbose: bool = False) -> str:
    """The whole report with ANSI colours; what matched takes a line a group unless `verbose`."""
    return "\n".join(
        [
            *_head(report),
            *_objections([f for f in report.findings if f.outcome not in SETTLED], verbose),
            *_settled([f for f in report.findings if f.outcome in SETTLED], verbose),
            *_decisions(report.rows, verbose),
            *_problems_text(report.problems),
            *_foot(report),
        ]
    )


def papers_text(papers: Sequence[Paper], problems: Sequence[Problem]) -> str:
    """What `parse` read: each paper with its fields, unsure ones marked."""
    lines: list[str] = []
    for paper in papers:
        shape = paper_json(paper)
        kind = word("kinds", paper.kind)
        lines += [
            click.style(f"{kind.zh} {kind.en}", bold=True) + f"  {printable(paper.source.file)}（{shape['pages']} 页）"
        ]
        lines += [line for name, field in shape["fields"].items() for line in _field_lines(name, field)]
        if shape["rows"]:
            lines.append(f"  {padded('能力项', 20)}{len(shape['rows'])} 行 rows")
        lines.append("")
    return "\n".join([*lines, *_problems_text(problems)]).rstrip()


def _field_lines(name: str, field: dict[str, Any]) -> Iterator[str]:
    notes = list(field["flags"])
    if field["value"] is None:
        notes.append("未能读取 unread")
    elif field["confidence"] < UNSURE:
        notes.append(f"置信度 {field['confidence']:.2f}")
    note = click.style(f"  [{'，'.join(notes)}]", fg="yellow") if notes else ""
    yield from _hanging(f"  {padded(field.get('label') or word('fields', name).zh, 20)}", said(field["value"]), note)


def _head(report: Report) -> Iterator[str]:
    recommendation = word("recommendations", report.recommendation.value)
    colour = RECOMMENDATION_COLOURS.get(report.recommendation.value, "yellow")
    yield click.style(f"{recommendation.zh}  {recommendation.en}", fg=colour, bold=True)
    yield from _wrapped(report.why.zh, "")
    counted = Counter(f.severity for f in report.findings if f.outcome not in SETTLED)
    settled = Counter(f.outcome for f in report.findings if f.outcome in SETTLED)
    void = settled.pop(Outcome.NOT_APPLICABLE, 0)
    parts = [click.style(f"{word('severities', s).zh} {counted[s]}", fg=COLOURS[s]) for s in Severity if counted[s]]
    decided = Counter(row.decision for row in report.rows)
    parts += [f"通过 {settled.total()}", *([f"{word('outcomes', Outcome.NOT_APPLICABLE).zh} {void}"] if void else [])]
    parts += [f"{word('decisions', d).zh} {decided[d]} 行" for d in Decision if decided[d]]
    yield f"{'  '.join(parts)}  （审查日 {report.as_of}）"
    yield ""


def _objections(findings: Sequence[Finding], verbose: bool) -> Iterator[str]:
    for severity, found in groupby(findings, key=lambda f: f.severity):
        name = word("severities", severity)
        yield click.style(f"■ {name.zh} {name.en}", fg=COLOURS[severity], bold=True)
        for _, alike in groupby(found, key=lambda f: (f.check, f.outcome)):
            same = list(alike)
            shown = same if verbose else same[:ALIKE_SHOWN]
            for finding in shown:
                yield from _objection(finding, verbose)
            if len(same) > len(shown):
                yield click.style(
                    f"  … {same[0].check} 另有同类 {len(same) - len(shown)} 项，--verbose 查看全部", dim=True
                )
        yield ""


def _objection(finding: Finding, verbose: bool) -> Iterator[str]:
    outcome = word("outcomes", finding.outcome).zh
    doubt = click.style(" 疑似识别错误", fg="magenta") if finding.suspected_misreading else ""
    yield f"  {click.style(finding.check, bold=True)} {finding.title.zh} · {outcome}{doubt}"
    yield from _wrapped(finding.message.zh, "      ")
    for side in (finding.left, finding.right):
        if side is not None:
            yield from _side_lines(side)
    if finding.advice:
        yield from _wrapped(f"→ {finding.advice.zh}", "      ")
    if verbose:
        for basis in finding.basis:
            unverified = "" if basis.verified else "（待核）"
            yield from _wrapped(f"依据 {basis.instrument} {basis.clause}{unverified}", "      ")


def _side_lines(side: Side) -> Iterator[str]:
    unsure = f"（置信度 {side.confidence:.2f}）" if side.confidence < UNSURE else ""
    yield from _hanging(f"      {padded(side.label, 16)}", side.value or "—", unsure)


def _settled(findings: Sequence[Finding], verbose: bool) -> Iterator[str]:
    if not findings:
        return
    yield click.style("■ 通过 passed", fg="green", bold=True)
    families: dict[str, list[Finding]] = {}
    for finding in findings:
        families.setdefault(group_of(finding.check).zh, []).append(finding)
    for family, found in families.items():
        counted = Counter(f.outcome for f in found)
        yield f"  {padded(family, 18)}" + "，".join(f"{word('outcomes', o).zh} {n}" for o, n in counted.items())
        for finding in found if verbose else ():
            yield f"      {finding.check} {finding.title.zh} · {word('outcomes', finding.outcome).zh}"
            if finding.outcome is Outcome.TOLERATED:
                yield from _wrapped(finding.message.zh, "        ")
    yield ""


def _decisions(rows: Sequence[RowDecision], verbose: bool) -> Iterator[str]:
    """The rows that cannot simply be issued; `verbose` lists every row."""
    held = [(n, row) for n, row in enumerate(rows, 1) if verbose or row.decision is not Decision.ISSUE]
    if not held:
        return
    yield click.style("■ 能力项 rows", bold=True)
    shown = held if verbose else held[:ROWS_SHOWN]
    for number, row in shown:
        what = " / ".join(filter(None, (row.row.object, row.row.parameter, row.row.method)))
        reasons = " ".join(row.reasons)
        suggestion = f" 建议改用 {row.suggestion}" if row.suggestion else ""
        yield from _hanging(
            f"  {padded(str(number), 6)}{padded(word('decisions', row.decision).zh, 10)}",
            f"{what}  {reasons}{suggestion}",
        )
    if len(held) > len(shown):
        yield f"  … 另有 {len(held) - len(shown)} 行，--verbose 查看全部"
    yield ""


def _problems_text(problems: Iterable[Problem]) -> Iterator[str]:
    for number, problem in enumerate(problems):
        if number == 0:
            yield click.style("■ 读取问题 problems", fg="magenta", bold=True)
        yield from _hanging(f"  {problem_place(problem)}：", problem.message)


def problem_place(problem: Problem) -> str:
    """File and page in words."""
    file = printable(problem.file)
    return f"{file}，第 {problem.page} 页" if problem.page else file


def printable(name: str) -> str:
    """A name that came with the files, without what a terminal would obey."""
    return "".join(c if c.isprintable() else "�" for c in name)


def _foot(report: Report) -> Iterator[str]:
    used = "，".join(f"{word('registries', s.registry).zh} {s.as_of}" for s in report.run.registries) or "无"
    yield from _wrapped(f"登记数据：{used}", "")
    engine = f" · {report.run.engine}" if report.run.engine else ""
    yield f"zhengshen {report.run.code} · 规则 {report.run.rules}{engine} · {report.run.seconds:.1f} s"


def _width() -> int:
    return min(max(shutil.get_terminal_size((100, 24)).columns, 40), 120)


def padded(text: str, columns: int) -> str:
    """`text` and the blanks that fill it to so many terminal columns, at least one."""
    return text + " " * max(columns - max(wcswidth(text), 0), 1)


def _wrapped(text: str, indent: str) -> Iterator[str]:
    """Lines of at most the terminal's width; Chinese breaks anywhere, words of other scripts stay whole."""
    return _hanging(indent, text)


def _hanging(first: str, text: str, tail: str = "") -> Iterator[str]:
    """`first`, then the text beside it, its further lines indented as deep."""
    indent = max(wcswidth(click.unstyle(first)), 0)
    room = max(_width() - indent, 20)
    lines = list(_folded(text, room)) or [""]
    for number, line in enumerate(lines):
        end = tail if number == len(lines) - 1 else ""
        yield (first if number == 0 else " " * indent) + line + end


def _folded(text: str, room: int) -> Iterator[str]:
    line, used = "", 0
    for piece in _pieces(text):
        wide = sum(max(wcwidth(c), 0) for c in piece)
        if used + wide > room and line.strip() and piece not in CLOSING:
            yield line.rstrip()
            line, used, piece = "", 0, piece.lstrip()
            wide = sum(max(wcwidth(c), 0) for c in piece)
        line, used = line + piece, used + wide
    if line.strip():
        yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """Single wide characters, and runs of narrow ones up to the next blank; terminal controls are left out."""
    run = ""
    for character in text:
        if character.isspace() or wcwidth(character) != 1:
            if run:
                yield run
                run = ""
            if character.isspace() or wcwidth(character) > 1:
                yield " " if character.isspace() else character
        else:
            run += character
    if run:
        yield run
