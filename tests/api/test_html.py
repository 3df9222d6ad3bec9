"""The HTML report: self-contained, escaped, with marked differences and the pictures that were given."""

import base64
import dataclasses
import hashlib
import html.parser
import re

import pytest

from api.render.diff import marked
from api.render.html import CARDS_ALIKE, report_html
from models.finding import Bilingual, Side
from models.layout import Box
from models.papers import BusinessLicence
from models.report import Problem, Report

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
VOID = {"meta", "img", "br", "hr", "input", "link"}


class Page(html.parser.HTMLParser):
    """Collects tags and checks that they close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_needs_nothing_else(report: Report) -> None:
    page = Page(report_html(report, lambda *_: b"\xff\xd8jpeg"))
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "iframe", "object", "form", "base"}
    assert not any(name.startswith("on") or name == "style" for _, attributes in page.tags for name in attributes)
    sources = {attributes["src"] for tag, attributes in page.tags if tag == "img"}
    assert sources == {"data:image/jpeg;base64," + base64.b64encode(b"\xff\xd8jpeg").decode()}
    assert all((attributes["href"] or "").startswith("#") for tag, attributes in page.tags if tag == "a")


def test_the_policy_allows_exactly_its_own_style(report: Report) -> None:
    text = report_html(report)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}&#39;" in text or f"style-src 'sha256-{digest}'" in text
    assert "default-src 'none'" in text


def test_links_lead_somewhere(report: Report) -> None:
    page = Page(report_html(report))
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    linked = {(attributes["href"] or "")[1:] for tag, attributes in page.tags if tag == "a"}
    shown = {"blocking", "major", "minor"}
    assert linked - ids <= shown


def test_hostile_names_and_values_stay_text(report: Report, licence: BusinessLicence) -> None:
    finding = dataclasses.replace(
        report.findings[0],
        message=Bilingual(HOSTILE, HOSTILE),
        left=Side(HOSTILE, HOSTILE, HOSTILE),
        right=Side("登记名称", HOSTILE + "x"),
        subject=HOSTILE,
    )
    name = dataclasses.replace(licence.name, value=HOSTILE)
    paper = dataclasses.replace(licence, name=name, source=dataclasses.replace(licence.source, file=HOSTILE))
    hostile = dataclasses.replace(
        report, findings=(finding,), papers=(paper,), problems=(Problem(HOSTILE, "x", HOSTILE),), rows=()
    )
    text = report_html(hostile)
    assert "<script" not in text
    assert "onerror" not in {name for _, attributes in Page(text).tags for name in attributes}
    assert "&lt;script&gt;" in text


def test_differing_characters_are_marked_on_both_sides(report: Report) -> None:
    text = report_html(report)
    assert "海口椰<del>风</del>检测技术有限公司" in text
    assert "海口椰<ins>凤</ins>检测技术有限公司" in text


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("甲", "甲", ("甲", "甲")),
        ("甲乙", "", ("甲乙", "")),
        ("18层", "16层", ("1<del>8</del>层", "1<ins>6</ins>层")),
        ("滨海大道", "海大道", ("<del>滨</del>海大道", "海大道")),
        ("陈海涛", "李四", ("<del>陈海涛</del>", "<ins>李四</ins>")),
        ("a<b", "a<c", ("a&lt;<del>b</del>", "a&lt;<ins>c</ins>")),
    ],
)
def test_marks(left: str, right: str, expected: tuple[str, str]) -> None:
    assert tuple(map(str, marked(left, right))) == expected


def test_many_findings_of_one_check_are_lines_beyond_the_first(report: Report) -> None:
    same = [dataclasses.replace(report.findings[0], subject=f"第{n}项") for n in range(10)]
    text = report_html(dataclasses.replace(report, findings=tuple(same)))
    assert text.count('<article class="finding') == CARDS_ALIKE
    assert "另有同类 7 项" in text


def test_each_place_is_cut_once_and_a_place_that_cannot_be_shown_is_left_out(report: Report) -> None:
    asked: list[tuple[str, int, Box]] = []

    def crop(sha256: str, page: int, box: Box) -> bytes | None:
        asked.append((sha256, page, box))

    assert "<img" not in report_html(report, crop)
    assert len(asked) == len(set(asked)) == 1


def test_an_unverified_basis_is_marked(report: Report) -> None:
    assert "公告2026年第14号" in (text := report_html(report))
    assert text.count("待核") > 1


def test_a_report_without_findings_or_papers_renders(report: Report) -> None:
    bare = dataclasses.replace(report, findings=(), papers=(), rows=(), problems=())
    assert "没有需要处理的发现" in report_html(bare)
