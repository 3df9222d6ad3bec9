"""The report for a terminal: order, width, and what is left out unless asked for."""

import dataclasses
from collections import Counter

import click
import pytest
from wcwidth import wcswidth

from api.render.text import papers_text, report_text
from models.finding import Bilingual, Outcome
from models.report import Report


def test_the_worst_stands_first_and_what_passed_takes_a_line(report: Report) -> None:
    text = click.unstyle(report_text(report))
    places = [
        text.index(words) for words in ("建议补正", "阻断 blocking", "ID-03", "重要 major", "AD-01", "通过 passed")
    ]
    assert places == sorted(places)
    assert "ID-02" not in text
    assert "ID-02" in click.unstyle(report_text(report, verbose=True))
    assert "能力项库" not in text
    assert "能力项目库 2026-06-01" in text


def test_what_does_not_apply_did_not_pass(report: Report) -> None:
    outcomes = Counter(finding.outcome for finding in report.findings)
    void = outcomes[Outcome.NOT_APPLICABLE]
    assert void
    head = click.unstyle(report_text(report).split("\n\n")[0])
    assert f"通过 {outcomes[Outcome.MATCH] + outcomes[Outcome.TOLERATED]}  不适用 {void}" in head


def test_rows_that_can_be_issued_are_left_out_unless_asked_for(report: Report) -> None:
    assert "水分" not in click.unstyle(report_text(report))
    assert "水分" in click.unstyle(report_text(report, verbose=True))


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(report: Report, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    long = Bilingual("住所（经营场所）不一致：" + "海南省海口市龙华区滨海大道115号，" * 12, "")
    finding = dataclasses.replace(report.findings[0], message=long)
    text = click.unstyle(report_text(dataclasses.replace(report, findings=(finding,))))
    body = [line for line in text.split("\n") if line.startswith("      ")]
    assert len(body) > 3
    assert max(map(wcswidth, body)) <= columns + 2  # a closing mark may hang over
    assert not any(line.strip()[0] in "，。" for line in body)


def test_terminal_controls_in_values_are_left_out(report: Report) -> None:
    finding = dataclasses.replace(report.findings[0], message=Bilingual("甲\x1b[2J乙", ""))
    assert "\x1b[2J" not in report_text(dataclasses.replace(report, findings=(finding,)))


def test_many_alike_are_counted(report: Report) -> None:
    same = tuple(dataclasses.replace(report.findings[0], subject=str(n)) for n in range(9))
    text = click.unstyle(report_text(dataclasses.replace(report, findings=same)))
    assert text.count("ID-03 营业执照") == 3
    assert "另有同类 6 项" in text


def test_papers_show_labels_values_and_doubts(report: Report) -> None:
    text = click.unstyle(papers_text(report.papers, report.problems))
    assert "法定代表人" in text
    assert "2019-03-14 至 长期" in text
    assert "置信度 0.83" in text
    assert "未能读取" in text
    assert "空白.pdf：文件为空" in text
