"""Findings and rows as a workbook; every cell is text, so nothing that was read can become a formula."""

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from api.render.catalogue import basis_line
from api.render.record import Line
from api.render.text import problem_place
from api.render.words import word
from models.field import Region, Snapshot
from models.finding import Finding, Side
from models.report import Report, RowDecision

LONGEST = 32_000  # characters; a cell holds 32,767

FINDINGS = (
    ("编号", 8), ("级别", 7), ("结论", 10), ("核查内容", 34), ("说明", 48), ("左侧", 12), ("左侧值", 30), ("右侧", 12),
    ("右侧值", 30), ("相似度", 8), ("容差", 16), ("依据", 36), ("处理建议", 36), ("位置", 28), ("对象", 16), ("指纹", 18),
)  # fmt: skip
ROWS = (
    ("行", 6), ("建议", 10), ("理由", 14), ("建议改用", 18), ("场所", 7), ("检测对象", 18), ("项目/参数", 20), ("方法", 44),
    ("标准编号", 24), ("限制范围", 24), ("说明", 18), ("置信度", 8),
)  # fmt: skip
PROBLEMS = (("文件", 32), ("代码", 18), ("说明", 70))
RECORD = (("事项", 60), ("处理", 24), ("理由", 40), ("经办", 14), ("时间", 18))
RUN = (("项", 18), ("值", 60), ("日期", 12), ("SHA-256", 68))


def report_xlsx(report: Report, record: Sequence[Line] = ()) -> bytes:
    """A workbook with four sheets: 结论, 发现, 能力项, 问题; and 人工处理 where people decided anything."""
    files = {paper.source.sha256: paper.source.file for paper in report.papers}
    book = Workbook(write_only=True)
    _fill(book.create_sheet("结论"), RUN, _summary(report))
    _fill(book.create_sheet("发现"), FINDINGS, (_finding(finding, files) for finding in report.findings))
    _fill(book.create_sheet("能力项"), ROWS, map(_row, range(1, len(report.rows) + 1), report.rows))
    _fill(book.create_sheet("问题"), PROBLEMS, ((problem_place(p), p.code, p.message) for p in report.problems))
    if record:
        lines = ((line.about, line.outcome, line.reason, line.by, line.at) for line in record)
        _fill(book.create_sheet("人工处理"), RECORD, lines)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _summary(report: Report) -> Iterable[tuple[str, ...]]:
    recommendation = word("recommendations", report.recommendation)
    yield "建议", f"{recommendation.zh} {recommendation.en}", report.as_of.isoformat(), ""
    yield "理由", report.why.zh, "", ""
    yield "程序 / 规则 / 识别", f"{report.run.code} / {report.run.rules} / {report.run.engine}", "", ""
    for used in report.run.registries:
        yield "登记数据", word("registries", used.registry).zh, used.as_of, used.sha256
    for paper in report.papers:
        yield "材料", f"{word('kinds', paper.kind).zh}：{paper.source.file}", "", paper.source.sha256


def _finding(finding: Finding, files: dict[str, str]) -> tuple[str, ...]:
    comparison = finding.comparison
    sides = [side for side in (finding.left, finding.right) if side is not None]
    return (
        finding.check,
        word("severities", finding.severity).zh,
        word("outcomes", finding.outcome).zh + ("（疑似识别错误）" if finding.suspected_misreading else ""),
        finding.title.zh,
        finding.message.zh,
        *_side(finding.left),
        *_side(finding.right),
        f"{comparison.score:.2f}" if comparison else "",
        comparison.tolerance if comparison else "",
        "；".join(map(basis_line, finding.basis)),
        finding.advice.zh if finding.advice else "",
        "；".join(dict.fromkeys(place for side in sides for place in _places(side, files))),
        finding.subject,
        finding.fingerprint,
    )


def _side(side: Side | None) -> tuple[str, str]:
    return (side.label, side.value or "") if side else ("", "")


def _places(side: Side, files: dict[str, str]) -> Iterable[str]:
    for place in side.evidence:
        if isinstance(place, Region):
            yield f"{files.get(place.document, '')} 第 {place.page} 页".strip()
        elif isinstance(place, Snapshot):
            yield f"{word('registries', place.registry).zh} {place.as_of}".strip()


def _row(number: int, decision: RowDecision) -> tuple[str, ...]:
    row = decision.row
    return (
        str(number),
        word("decisions", decision.decision).zh,
        " ".join(decision.reasons) + (f"\n审批人员：{decision.said}" if decision.said else ""),
        decision.suggestion or "",
        row.site or "",
        row.object or "",
        row.parameter or "",
        row.method,
        "；".join(standard.key for standard in row.standards),
        row.limitation or "",
        row.note or "",
        f"{row.confidence:.2f}",
    )


def _fill(sheet: WriteOnlyWorksheet, columns: Sequence[tuple[str, int]], lines: Iterable[Sequence[str]]) -> None:
    sheet.freeze_panes = "A2"
    for number, (_, width) in enumerate(columns):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    header = [_cell(sheet, name) for name, _ in columns]
    for cell in header:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F3A5F")
    sheet.append(header)
    for line in lines:
        sheet.append([_cell(sheet, text) for text in line])


def _cell(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    """Text stays text: openpyxl would make a formula of what begins with `=`, and a reader might of + - @."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST])
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@", "\t", "\r"))
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell
