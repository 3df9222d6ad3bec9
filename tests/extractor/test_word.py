"""Word files: an annex or a form typed in Word says the same as its PDF; hostile and damaged ones are one clear error."""

import shutil
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.enum.section import WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from extractor import office
from extractor.document import Limits, read
from extractor.parsers import parse
from models.errors import CorruptFile, EmptyFile, InputError, TooManyPages, UnsupportedFile
from models.layout import Page
from models.papers import ApplicationForm, CnasAnnex
from tests.extractor.office_files import as_docx, saved
from tests.extractor.test_sheets import meaning, pdf, with_part

OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "WordDocument\0".encode("utf-16-le") + bytes(4000)


def texts(page: Page) -> list[str]:
    return [word.text for word in page.words]


def body(xml: str) -> bytes:
    """A file whose body holds this besides its section."""
    file = docx.Document()
    for element in parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>"):
        file.element.body.insert(len(file.element.body) - 1, element)
    return saved(file)


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def table(*rows: str, widths: tuple[int, ...] = ()) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


@pytest.mark.parametrize("case", ["clean_company_g3", "clean_partnership_unit_english"])
def test_an_annex_in_word_has_the_rows_of_its_pdf(case: str) -> None:
    printed = pdf(case, "附件.pdf")
    (left,), (right,) = parse(printed), parse(read(as_docx(printed), "附件.docx"))
    assert isinstance(left, CnasAnnex)
    assert isinstance(right, CnasAnnex)
    assert [meaning(r) for r in right.rows] == [meaning(r) for r in left.rows]
    assert len(right.rows) > 20
    assert [(s.name, s.field) for s in right.signatories] == [(s.name, s.field) for s in left.signatories]
    assert [s.kind for s in right.sections] == [s.kind for s in left.sections]
    assert right.source.pages == left.source.pages


def test_a_form_in_word_has_the_fields_of_its_pdf() -> None:
    printed = pdf("clean_company_g3", "申请书.pdf")
    (left,), (right,) = parse(printed), parse(read(as_docx(printed), "申请书.docx"))
    assert isinstance(left, ApplicationForm)
    assert isinstance(right, ApplicationForm)
    assert [meaning(r) for r in right.rows] == [meaning(r) for r in left.rows]
    for name in (
        "name",
        "unified_social_credit_code",
        "address",
        "responsible_person",
        "application_type",
        "cnas_number",
    ):
        assert getattr(right, name).value == getattr(left, name).value, name
    assert right.independent is left.independent is True


def test_merged_cells_of_all_kinds() -> None:
    restart, on, wide = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    (page,) = read(
        body(
            table(
                cell("对象", restart) + cell("项目/参数", wide),
                cell("", on) + cell("序号") + cell("名称"),
                cell("食品", restart) + cell("1.1") + cell("水分"),
                cell("", on) + cell("1.2") + cell("灰分"),
                "<w:trPr><w:gridBefore w:val='1'/></w:trPr>" + cell("备注", wide),
            )
        ),
        "a.docx",
    ).pages
    assert [(c.text, c.row, c.column, c.row_span, c.column_span) for c in page.tables[0].cells if c.text] == [
        ("对象", 0, 0, 2, 1),
        ("项目/参数", 0, 1, 1, 2),
        ("序号", 1, 1, 1, 1),
        ("名称", 1, 2, 1, 1),
        ("食品", 2, 0, 2, 1),
        ("1.1", 2, 1, 1, 1),
        ("水分", 2, 2, 1, 1),
        ("1.2", 3, 1, 1, 1),
        ("灰分", 3, 2, 1, 1),
        ("备注", 4, 1, 1, 2),
    ]


def test_edges_drawn_by_hand_a_little_apart_are_one() -> None:
    wide = '<w:gridSpan w:val="2"/>'
    rows = (cell("甲", wide) + cell("乙"), cell("1") + cell("2", wide))
    (page,) = read(body(table(*rows, widths=(2000, 60, 2000))), "a.docx").pages
    assert page.tables[0].columns == 2
    cells = [(c.text, c.column, c.column_span) for c in page.tables[0].cells]
    assert cells == [("甲", 0, 1), ("乙", 1, 1), ("1", 0, 1), ("2", 1, 1)]


def test_what_word_shows_and_nothing_else() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    page_number = field.format("begin") + "<w:r><w:instrText> PAGE </w:instrText></w:r>" + field.format("separate")
    (page,) = read(
        body(
            f"<w:p>{run.format('名称')}<w:ins>{run.format('新')}</w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>"
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件</w:t><w:tab/><w:t>右边</w:t><w:br/><w:t>下一行</w:t></w:r></w:p></w:sdtContent></w:sdt>"
            '<w:p><w:r><w:sym w:font="Wingdings 2" w:char="F052"/><w:t>首次</w:t>'
            '<w:sym w:font="Wingdings 2" w:char="F0A3"/><w:t>扩项</w:t></w:r></w:p>'
            f"<w:p>{run.format('第')}{page_number}{run.format('3')}{field.format('end')}{run.format('页')}</w:p>"
        ),
        "a.docx",
    ).pages
    assert texts(page) == ["名称新", "控件", "右边", "下一行", "☑首次□扩项", "第页"]


def test_pages_and_sections_and_what_stands_on_every_page() -> None:
    file = docx.Document()
    file.sections[0].header.paragraphs[0].text = "证书附件"
    file.sections[0].footer.paragraphs[0].text = "No. CNAS L0001"
    file.add_paragraph("一")
    file.add_paragraph("二").paragraph_format.page_break_before = True
    file.add_section(WD_SECTION.CONTINUOUS)
    file.add_paragraph("三")
    file.add_section(WD_SECTION.NEW_PAGE)
    file.add_paragraph("四")
    around = ("证书附件", "No. CNAS L0001")
    pages = read(saved(file), "a.docx").pages
    assert [texts(p) for p in pages] == [[around[0], *t, around[1]] for t in (["一"], ["二", "三"], ["四"])]
    with pytest.raises(TooManyPages):
        read(saved(file), "a.docx", limits=Limits(pages=2))


def test_a_frame_of_one_cell_is_no_table_and_a_table_in_a_cell_is_read() -> None:
    inner = table(cell("甲") + cell("乙"), cell("丙") + cell("丁"))
    framed = read(body(table(f"<w:tc>{inner}<w:p/></w:tc>")), "a.docx").pages[0]
    assert [c.text for c in framed.tables[0].cells] == ["甲", "乙", "丙", "丁"]
    inside = read(body(table(f"<w:tc>{inner}<w:p/></w:tc>" + cell("右"))), "a.docx").pages[0]
    assert [c.text for c in inside.tables[0].cells] == ["甲  乙丙  丁", "右"]


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: saved(docx.Document()), EmptyFile),
        (lambda: with_part(body(""), "word/document.xml", lambda _: b"<w:document"), CorruptFile),
        (lambda: with_part(body(""), "word/document.xml", lambda _: b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'), CorruptFile),
        (lambda: body("")[:-40], CorruptFile),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_error(make: Callable[[], bytes], error: type[InputError]) -> None:
    with pytest.raises(error):
        read(make(), "坏.docx")


@pytest.mark.parametrize("value", ["99999999999", "-5", "x", "0", "70000"])
def test_spans_beyond_reason_are_cut(value: str) -> None:
    rows = cell("甲", f'<w:gridSpan w:val="{value}"/>') + cell("乙"), cell("丙") + cell("丁")
    (page,) = read(body(table(*rows)), "a.docx").pages
    assert {word.text for word in page.all_words()} >= {"甲", "丙", "丁"}
    assert all(t.columns <= 63 for t in page.tables)


def test_old_word_files_without_libreoffice_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(UnsupportedFile, match=r"另存为 \.docx 或 PDF"):
        read(OLD_WORD, "申请书.doc")


def a_program(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_old_word_files_are_read_through_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made.docx").write_bytes(body("<w:p><w:r><w:t>申请书</w:t></w:r></w:p>"))
    a_program(tmp_path, monkeypatch, f'test -s file.doc && cp "{tmp_path}/made.docx" file.docx')
    document = read(OLD_WORD, "申请书.doc")
    assert document.media_type == "application/msword"
    assert texts(document.pages[0]) == ["申请书"]


@pytest.mark.parametrize("script", ["sleep 30", "exit 1", "echo no docx > file.docx"])
def test_a_conversion_that_fails_or_hangs_is_an_error(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "SECONDS", 0.5)
    a_program(tmp_path, monkeypatch, script)
    with pytest.raises(CorruptFile):
        read(OLD_WORD, "申请书.doc")


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed: apt-get install libreoffice-writer-nogui"
)
def test_libreoffice_itself() -> None:
    with pytest.raises(CorruptFile):
        read(OLD_WORD, "坏.doc")
