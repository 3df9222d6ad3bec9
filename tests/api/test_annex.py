"""The draft 附表: every claimed row in one place, numbering without holes, merged cells, pages, and text that stays text."""

import dataclasses
import io
import shutil
import subprocess
from collections import Counter
from itertools import pairwise
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from api.render.annex import DraftAnnex, draft_annex
from api.render.annex_docx import annex_docx
from api.render.annex_tables import issued_table
from api.render.annex_xlsx import annex_xlsx
from api.render.printed_sheet import PAGE_HEIGHT
from models.field import Field
from models.finding import Bilingual, Finding, Outcome, Severity
from models.papers import ApplicationForm, CapabilityRow, CnasAnnex, PaperSource, Section, Signatory, Site
from models.report import Decision, Report, RowDecision
from models.standards import find_all

HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0")


def row(index: int, thing: str | None, parameter: str | None, method: str = "", **more: str | None) -> CapabilityRow:
    method = method or f"{parameter}的测定 GB 5009.{index + 1}-2016"
    values = {"site": "A", "limitation": None, "note": None, **more}
    return CapabilityRow(
        index=index,
        section=Section.TESTING,
        object_number=None,
        object=thing,
        parameter_number=None,
        parameter=parameter,
        field_code=None,
        method=method,
        standards=tuple(find_all(method)),
        **values,  # type: ignore[arg-type]
    )


def issuing(report: Report, *rows: CapabilityRow) -> Report:
    return dataclasses.replace(report, rows=tuple(RowDecision(each, Decision.ISSUE) for each in rows))


def form(**more: object) -> ApplicationForm:
    values: dict[str, object] = {
        "source": PaperSource("申请书.pdf", "4" * 64, (1,)),
        "name": Field("海口椰风检测技术有限公司检测中心", ""),
        "unified_social_credit_code": None,
        "address": Field("海南省海口市龙华区滨海大道115号", ""),
        "responsible_person": None,
        "rows": (),
        "signatories": (Signatory("王琼", "全部检测项目", "A"), Signatory("符 明", "食品检测", "A")),
        "sites": (Site("A", "海口市龙华区滨海大道115号"),),
    }
    return ApplicationForm(**{**values, **more})  # type: ignore[arg-type]


def with_form(report: Report, **more: object) -> Report:
    return dataclasses.replace(report, papers=(form(**more), *report.papers))


def objection(check: str, outcome: Outcome = Outcome.MISMATCH, subject: str = "", **more: object) -> Finding:
    words = Bilingual("应当相符", "They agree")
    message = Bilingual("两者不符。", "They differ.")
    return Finding(check, words, outcome, Severity.MAJOR, message, (), subject=subject, **more)  # type: ignore[arg-type]


def sheets(draft: DraftAnnex) -> dict[str, Worksheet]:
    book = openpyxl.load_workbook(io.BytesIO(annex_xlsx(draft)))
    return {sheet.title: sheet for sheet in book.worksheets}


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value is not None]


def table_lines(sheet: Worksheet) -> list[list[object]]:
    """The lines below the repeated headings that belong to the table: those framed on the left."""
    first = int(str(sheet.print_title_rows).rpartition(":")[2].lstrip("$")) + 1
    lines = []
    for line in sheet.iter_rows(min_row=first):
        if line[0].border.left is None or line[0].border.left.style is None:
            break
        lines.append([cell.value for cell in line])
    return lines


def test_every_claimed_row_is_in_exactly_one_part(report: Report) -> None:
    draft = draft_annex(report)
    places = [r.claimed for r in draft.issued] + [r.claimed for r in (*draft.refused, *draft.undecided)]
    assert sorted(places) == list(range(1, len(report.rows) + 1))
    assert [len(draft.issued), len(draft.refused), len(draft.undecided)] == [1, 1, 1]
    found = sheets(draft)
    assert list(found) == ["能力范围", "授权签字人", "不予列入", "须人工决定", "涉及整个申请"]
    for name, sheet in found.items():
        here = " ".join(texts(sheet))
        assert ("水分" in here, "铅" in here, "吊白块" in here) == (
            name == "能力范围",
            name == "不予列入",
            name == "须人工决定",
        )


def test_a_refused_row_says_why_by_which_law_and_what_instead(report: Report) -> None:
    (refused,) = draft_annex(report).refused
    (reason,) = refused.reasons
    assert reason.found.startswith("营业执照名称与登记名称一致——未提交：")
    assert reason.found.endswith("（SC-04）")
    assert "检验检测机构资质认定管理办法 第9条" in reason.basis
    assert "待核" in reason.basis
    assert reason.advice.startswith("可改为申请“GB 5009.12-2023”")


def test_a_contradiction_says_what_was_seen_and_no_more(report: Report) -> None:
    rows = tuple(RowDecision(each.row, Decision.EXCLUDE, ("SC-04",)) for each in report.rows)
    seen = objection("SC-04", suspected_misreading=True, rows=(0,))
    (first, *_) = draft_annex(dataclasses.replace(report, findings=(seen,), rows=rows)).refused
    assert first.reasons[0].found == "疑似识别错误：两者不符。（SC-04）"


def test_what_could_not_be_asked_is_the_reason_for_every_row_it_holds(report: Report) -> None:
    unasked = objection("SC-05", Outcome.SOURCE_UNAVAILABLE)
    rows = tuple(RowDecision(each.row, Decision.HUMAN, ("SC-05",)) for each in report.rows)
    draft = draft_annex(dataclasses.replace(report, findings=(unasked,), rows=rows))
    assert all("未能查询：" in held.reasons[0].found for held in draft.undecided)
    assert len(draft.undecided) == len(rows)


def test_what_could_not_be_asked_is_no_reason_to_refuse(report: Report) -> None:
    found = (objection("SC-05", Outcome.SOURCE_UNAVAILABLE), objection("SC-02", rows=(0,)))
    rows = (RowDecision(report.rows[0].row, Decision.EXCLUDE, ("SC-05", "SC-02")),)
    (refused,) = draft_annex(dataclasses.replace(report, findings=found, rows=rows)).refused
    assert ["SC-02" in reason.found for reason in refused.reasons] == [True]


def test_equal_categories_come_together_and_numbers_have_no_holes(report: Report) -> None:
    rows = (
        row(0, "食品", "水分"),
        row(1, "水", "铅"),
        row(2, "食品", "铅"),
        row(3, "食品", "水分"),
        row(4, "食 品", "灰分"),
        row(5, None, None),
    )
    draft = draft_annex(issuing(report, *rows))
    assert [(r.number, r.category, r.parameter, r.claimed) for r in draft.issued] == [
        ("1.1", "食品", "水分", 1),
        ("1.1", "食品", "水分", 4),
        ("1.2", "食品", "铅", 3),
        ("1.3", "食品", "灰分", 5),
        ("2.1", "水", "铅", 2),
        ("3.1", "—", "—", 6),
    ]


def test_equal_neighbours_are_one_cell(report: Report) -> None:
    rows = (row(0, "食品", "水分"), row(1, "食品", "水分"), row(2, "食品", "铅"), row(3, "水", "铅"))
    sheet = sheets(draft_annex(issuing(report, *rows)))["能力范围"]
    first = int(str(sheet.print_title_rows).rpartition(":")[2].lstrip("$")) + 1
    merged = {str(each) for each in sheet.merged_cells.ranges if each.min_row >= first and each.max_col < 5}
    assert merged == {
        f"A{first}:A{first + 2}",
        f"B{first}:B{first + 2}",
        f"C{first}:C{first + 1}",
        f"D{first}:D{first + 1}",
    }
    assert [line[0] for line in table_lines(sheet)] == ["1", None, None, "2"]


def test_places_of_work_are_shown_where_they_tell_rows_apart(report: Report) -> None:
    one = draft_annex(with_form(issuing(report, row(0, "水", "铅"))))
    assert not one.shows_sites
    two = draft_annex(with_form(issuing(report, row(0, "水", "铅"), row(1, "水", "铅", site="B"))))
    assert two.shows_sites
    assert [r.number for r in two.issued] == ["1.1", "2.1"]
    assert issued_table(two).columns[-1].title == "所在场所"
    assert sum(column.share for column in issued_table(two).columns) == sum(c.share for c in issued_table(one).columns)


def test_the_head_leaves_open_what_the_authority_fills_in(report: Report) -> None:
    here = texts(sheets(draft_annex(with_form(report)))["能力范围"])
    assert here[0] == "批准海口椰风检测技术有限公司检测中心检验检测的能力范围"
    assert "证书编号：待编号" in here
    assert "地址：海南省海口市龙华区滨海大道115号" in here
    assert any(text.startswith("批准日期：") and "年" in text for text in here)
    assert "草稿 DRAFT" in here
    assert any("建议补正" in text and "建议批准 1 项" in text for text in here)


def test_several_standards_of_one_row_stand_on_lines_of_their_own(report: Report) -> None:
    method = "食品中铅的测定 GB 5009.12-2023 第一法食品中多元素的测定 GB 5009.268-2016"
    (issued,) = draft_annex(issuing(report, row(0, "食品", "铅", method))).issued
    assert issued.method == "食品中铅的测定 GB 5009.12-2023 第一法\n食品中多元素的测定 GB 5009.268-2016"


def test_only_signatories_without_objection_are_proposed(report: Report) -> None:
    def proposed(*findings: Finding) -> list[str]:
        return [p.name for p in draft_annex(dataclasses.replace(with_form(report), findings=findings)).signatories]

    assert proposed() == ["王琼", "符 明"]
    assert proposed(objection("SG-01", subject="王琼")) == ["符 明"]
    assert proposed(objection("SG-03", Outcome.NOT_PROVIDED, "符 明 某公司")) == ["王琼"]
    assert proposed(objection("SG-01", Outcome.NOT_PROVIDED)) == []
    assert proposed(objection("SG-02", rows=(0,), subject="王琼")) == ["王琼", "符 明"]
    held = draft_annex(dataclasses.replace(with_form(report), findings=(objection("SG-01", subject="王琼"),)))
    assert any("SG-01" in concern.found for concern in held.concerns)


def test_without_a_form_the_draft_says_whose_rows_and_signatories_these_are(report: Report, annex: CnasAnnex) -> None:
    draft = draft_annex(report)
    assert draft.name == "海口椰风检测技术有限公司"
    assert [person.name for person in draft.signatories] == [person.name for person in annex.signatories]
    assert draft.notes
    assert not draft_annex(with_form(report, rows=annex.rows)).notes


def test_objections_to_the_case_and_unusable_files_are_for_a_person(report: Report) -> None:
    here = " ".join(texts(sheets(draft_annex(report))["涉及整个申请"]))
    assert "ID-03" in here
    assert "未能处理（空白.pdf）：文件为空，请重新上传。" in here
    assert "VA-01" not in here  # 提示 needs no decision


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_becomes_a_formula(report: Report, value: str) -> None:
    hostile = row(0, value, value, value, limitation=value, note=value)
    draft = draft_annex(
        with_form(
            dataclasses.replace(
                report, rows=(RowDecision(hostile, Decision.ISSUE), RowDecision(hostile, Decision.EXCLUDE))
            ),
            name=Field(value, value),
            signatories=(Signatory(value, value, "A", value, value),),
        )
    )
    found = sheets(draft)
    for sheet in found.values():
        assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n"}
        for line in sheet.iter_rows():
            assert all(cell.quotePrefix for cell in line if cell.value == value)
    assert sum(text == value for text in texts(found["能力范围"])) >= 5
    paper = docx.Document(io.BytesIO(annex_docx(draft)))
    assert paper.tables[0].rows[2].cells[1].text == value


def test_controls_and_very_long_texts_fit(report: Report) -> None:
    spoilt = row(0, "食\x00\x1b品", "铅" * 40_000, "方\ud800法\x0b")
    draft = draft_annex(issuing(report, spoilt))
    lines = table_lines(sheets(draft)["能力范围"])
    assert lines[0][1] == "食品"
    assert docx.Document(io.BytesIO(annex_docx(draft))).tables[0].rows[2].cells[1].text == "食品"


def many(report: Report, count: int) -> DraftAnnex:
    rows = [
        row(n, f"类别{n // 40}", f"参数{n // 2}", f"很长的方法名称，需要占去不止一行的位置 GB/T {n}.1-2020")
        for n in range(count)
    ]
    return draft_annex(issuing(report, *rows))


def test_long_tables_are_paged_and_repeat_category_and_headings_on_each_page(report: Report) -> None:
    sheet = sheets(many(report, 300))["能力范围"]
    setup = sheet.page_setup
    assert (setup.paperSize, setup.orientation) == (int(sheet.PAPERSIZE_A4), "landscape")
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
    breaks = [each.id for each in sheet.row_breaks.brk]
    assert len(breaks) > 5
    spans = [r for r in sheet.merged_cells.ranges if r.max_col <= 4 and r.max_row > breaks[0]]
    assert not [r for r in spans for at in breaks if r.min_row <= at < r.max_row]
    for at in breaks:
        assert sheet.cell(at + 1, 2).value
        assert sheet.cell(at + 1, 4).value
    edges = [0, *breaks, sheet.max_row]
    for start, stop in pairwise(edges):
        assert sum(sheet.row_dimensions[n].height for n in range(start + 1, stop + 1)) <= PAGE_HEIGHT


def test_the_document_has_the_same_rows_and_repeats_its_headings(report: Report) -> None:
    draft = many(report, 60)
    paper = docx.Document(io.BytesIO(annex_docx(draft)))
    assert paper.sections[0].page_width > paper.sections[0].page_height
    assert "NUMPAGES" in paper.sections[0].footer._element.xml
    assert "草稿" in paper.sections[0].header.paragraphs[0].text
    table: Table = paper.tables[0]
    headings = [r for r in table._tbl.tr_lst if r.trPr is not None and r.trPr.xpath("w:tblHeader")]
    assert len(headings) == 2
    body = [[cell.text for cell in line.cells] for line in table.rows][2:]
    assert [line[4] for line in body] == [r.method for r in draft.issued]
    assert Counter(line[1] for line in body) == {"类别0": 40, "类别1": 20}
    assert [line[2] for line in body] == [r.number for r in draft.issued]


def test_empty_parts_say_so(report: Report) -> None:
    draft = draft_annex(dataclasses.replace(report, rows=(), findings=(), problems=()))
    assert "没有建议批准的能力项。" in texts(sheets(draft)["能力范围"])
    assert "没有不予列入的能力项。" in texts(sheets(draft)["不予列入"])
    paper = docx.Document(io.BytesIO(annex_docx(draft)))
    assert paper.tables[0].rows[-1].cells[0].text == "没有建议批准的能力项。"


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("soffice") is None,
    reason="LibreOffice is not installed: make tools",
)
def test_libreoffice_reads_hostile_values_as_text(report: Report, tmp_path: Path) -> None:
    values = {value: row(n, "食品", value, f"方法{n}") for n, value in enumerate(HOSTILE)}
    (tmp_path / "a.xlsx").write_bytes(annex_xlsx(draft_annex(issuing(report, *values.values()))))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "csv", "--outdir", str(tmp_path), "a.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    read = (tmp_path / "a.csv").read_text("utf-8", errors="replace").replace('""', '"')
    assert all(value in read for value in HOSTILE)
