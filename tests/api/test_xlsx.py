"""The workbook: sheets, and cells that stay text."""

import dataclasses
import io

import openpyxl
import pytest

from api.render.xlsx import report_xlsx
from models.finding import Side
from models.report import Report


def load(report: Report) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(report_xlsx(report)))


def test_findings_rows_and_problems(report: Report) -> None:
    book = load(report)
    assert book.sheetnames == ["结论", "发现", "能力项", "问题"]
    assert book["发现"].max_row == 1 + len(report.findings)
    assert [cell.value for cell in book["能力项"][3]][:4] == ["2", "不予列入", "SC-04", "GB 5009.12-2023"]
    assert book["问题"]["A3"].value == "CNAS附件.pdf，第 2 页"


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\tx"])
def test_nothing_becomes_a_formula(report: Report, value: str) -> None:
    finding = dataclasses.replace(report.findings[0], left=Side("值", value))
    cell = load(dataclasses.replace(report, findings=(finding,)))["发现"]["G2"]
    assert cell.value == value
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_control_characters_and_very_long_texts_fit(report: Report) -> None:
    finding = dataclasses.replace(report.findings[0], left=Side("值", "\x00\x1b" + "长" * 40_000))
    cell = load(dataclasses.replace(report, findings=(finding,)))["发现"]["G2"]
    assert set(cell.value) == {"长"}
