"""OFD files: the pages of a PDF written as OFD say the same; rules, spacing, templates, and what is damaged or hostile."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from extractor.document import Limits, read
from extractor.ofd import POINTS
from extractor.parsers import parse
from extractor.pdf import DigitalPage, open_pdf
from models.errors import CorruptFile, EmptyFile, InputError, TooManyPages
from models.layout import Direction, Page
from models.papers import CnasAnnex
from tests.extractor.test_sheets import meaning

CASES = Path(__file__).resolve().parents[2] / "samples" / "cases"
NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
LINES = "M 10 10 L 110 10 L 110 30 L 10 30 C M 60 10 L 60 30"


def text_object(x: float, y: float, text: str, size: float = 3.5, attributes: str = "", delta: str = "") -> str:
    """Text whose baseline begins at x, y, in millimetres."""
    return (
        f'<ofd:TextObject Boundary="{x} {y - size} 100 {size}" Size="{size}" {attributes}>'
        f'<ofd:TextCode X="0" Y="{size}" {delta}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
    )


def path_object(data: str, attributes: str = "", boundary: str = "0 0 210 297") -> str:
    return f'<ofd:PathObject Boundary="{boundary}" {attributes}><ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>'


def ofd(*pages: str, box: str = "0 0 210 297", template: str = "", **parts: str) -> bytes:
    listed = "".join(f'<ofd:Page ID="{i}" BaseLoc="Pages/P{i}.xml"/>' for i in range(len(pages)))
    files = {
        "OFD.xml": f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocInfo><ofd:Creator>某软件</ofd:Creator></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:PageArea>"
        f'<ofd:TemplatePage ID="9" BaseLoc="T.xml"/></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>',
        "Doc_0/T.xml": f"<ofd:Page {NS}><ofd:Content><ofd:Layer>{template}</ofd:Layer></ofd:Content></ofd:Page>",
    }
    for i, content in enumerate(pages):
        files[f"Doc_0/Pages/P{i}.xml"] = (
            f'<ofd:Page {NS}><ofd:Template TemplateID="9"/><ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content></ofd:Page>'
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (files | parts).items():
            archive.writestr(name, content)
    return out.getvalue()


def as_ofd(page: DigitalPage) -> str:
    """Words and rules of a page of a PDF as objects."""
    objects = []
    for word in page.words:
        box, size = word.box, word.box.height / POINTS
        step = word.box.width / POINTS / len(word.text)
        delta = f'DeltaX="g {len(word.text) - 1} {step:.5f}"' if len(word.text) > 1 else ""
        baseline = (box.centre[1] / POINTS) + 0.4 * size
        objects.append(text_object(box.x0 / POINTS, baseline, word.text, size, delta=delta))
    for rule in page.rulings:
        at, start, end = (v / POINTS for v in (rule.position, rule.start, rule.end))
        line = (
            f"M {start} {at} L {end} {at}" if rule.direction is Direction.HORIZONTAL else f"M {at} {start} L {at} {end}"
        )
        objects.append(path_object(line))
    return "".join(objects)


def first_page(data: bytes) -> Page:
    document = read(data, "a.ofd")
    assert not document.faults
    return document.pages[0]


@pytest.mark.parametrize("case", ["clean_company_g3", "clean_branch_g2_multisite"])
def test_an_annex_as_ofd_has_the_rows_of_its_pdf(case: str) -> None:
    data = (CASES / case / "附件.pdf").read_bytes()
    with open_pdf(data) as pdf:
        pages = [pdf.read_page(number) for number in range(1, pdf.page_count + 1)]
    box = f"0 0 {pages[0].width / POINTS} {pages[0].height / POINTS}"
    document = read(ofd(*map(as_ofd, pages), box=box), "附件.ofd")
    assert not document.faults
    (left,), (right,) = parse(read(data, "附件.pdf")), parse(document)
    assert isinstance(left, CnasAnnex)
    assert isinstance(right, CnasAnnex)
    assert [meaning(r) for r in right.rows] == [meaning(r) for r in left.rows]
    assert len(right.rows) > 20
    assert right.registration_number.value == left.registration_number.value


def test_a_page_and_where_its_text_stands() -> None:
    document = read(ofd(text_object(20, 50, "检测 A")), "a.ofd")
    page = document.pages[0]
    assert document.media_type == "application/ofd"
    assert (document.info["creator"], document.info["signatures"]) == ("某软件", "0")
    assert (page.width, page.height) == pytest.approx((595.3, 841.9), abs=0.1)
    assert [w.text for w in page.words] == ["检测 A"]
    assert page.words[0].box.x0 == pytest.approx(20 * POINTS)
    assert page.words[0].box.centre[1] == pytest.approx((50 - 0.4 * 3.5) * POINTS)


def filled(x: float, y: float, width: float, height: float) -> str:
    """A filled rectangle."""
    outline = f"M 0 0 L {width} 0 L {width} {height} L 0 {height} C"
    return path_object(outline, 'Fill="true" Stroke="false"', f"{x} {y} {width} {height}")


THIN = ((10, 10, 100, 0.2), (10, 30, 100, 0.2), (10, 10, 0.2, 20), (60, 10, 0.2, 20), (110, 10, 0.2, 20))


@pytest.mark.parametrize(
    "lines",
    [
        path_object(LINES),
        path_object("M 0 0 L 100 0 L 100 20 L 0 20 C M 50 0 L 50 20", boundary="10 10 100 20"),
        path_object("M 0 0 L 50 0 L 50 10 L 0 10 C M 25 0 L 25 10", 'CTM="2 0 0 2 0 0"', "10 10 100 20"),
        "".join(filled(*area) for area in THIN),
    ],
    ids=["stroked", "shifted", "scaled", "filled"],
)
def test_rules_in_every_form_part_cells_and_words(lines: str) -> None:
    page = first_page(ofd(text_object(12, 22, "甲乙", delta='DeltaX="50"') + lines))
    assert [c.text for c in page.tables[0].cells] == ["甲", "乙"]


def test_a_rule_parts_a_word() -> None:
    page = first_page(ofd(text_object(55, 22, "甲乙", delta='DeltaX="4.5"') + path_object(LINES.replace("60", "59"))))
    assert [c.text for c in page.tables[0].cells] == ["甲", "乙"]


def test_a_template_lies_below_and_hidden_text_is_not_there() -> None:
    hidden = text_object(20, 90, "看不见", attributes='Visible="false"')
    page = first_page(ofd(text_object(20, 50, "正文") + hidden, template=text_object(20, 20, "页眉")))
    assert [w.text for w in page.words] == ["页眉", "正文"]


@pytest.mark.parametrize(
    "delta", ['DeltaX="g 3 3.5"', 'DeltaX="3.5 3.5 3.5"', 'DeltaX="g 999999999 3.5"', "", 'DeltaX="g"']
)
def test_spacing_in_every_form(delta: str) -> None:
    assert [w.text for w in first_page(ofd(text_object(20, 50, "检测标准", delta=delta))).words] == ["检测标准"]


def test_a_page_that_is_a_picture_says_what_to_do() -> None:
    document = read(ofd('<ofd:ImageObject Boundary="0 0 210 297" ResourceID="3"/>', text_object(1, 9, "文字")), "a.ofd")
    assert [p.number for p in document.pages] == [2]
    assert [(f.page, f.code) for f in document.faults] == [(1, "unsupported_file")]
    assert "转换为 PDF" in document.faults[0].message


def test_a_damaged_page_costs_that_page_only() -> None:
    document = read(
        ofd(text_object(1, 9, "一"), text_object(1, 9, "二"), **{"Doc_0/Pages/P1.xml": "<ofd:Page"}), "a.ofd"
    )
    assert [p.number for p in document.pages] == [1]
    assert [(f.page, f.code) for f in document.faults] == [(2, "corrupt_file")]


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: ofd(), EmptyFile),
        (lambda: ofd("", **{"OFD.xml": "<OFD/>"}), CorruptFile),
        (
            lambda: ofd("", **{"OFD.xml": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><OFD>&x;</OFD>'}),
            CorruptFile,
        ),
        (
            lambda: ofd("", **{"OFD.xml": "<OFD><DocBody><DocRoot>../../etc/passwd</DocRoot></DocBody></OFD>"}),
            CorruptFile,
        ),
    ],
)
def test_what_cannot_be_read_is_one_error(make: Callable[[], bytes], error: type[InputError]) -> None:
    with pytest.raises(error):
        read(make(), "坏.ofd")


def test_more_pages_than_allowed() -> None:
    with pytest.raises(TooManyPages):
        read(ofd("", "", ""), "a.ofd", limits=Limits(pages=2))


@pytest.mark.parametrize(
    "content",
    [
        text_object(20, 50, "字", size=float("nan")),
        text_object(20, 50, "字", attributes='CTM="1e99 0 0 1 0 0"'),
        path_object("M L L C C B 1 2"),
        path_object("M 1 1 " + "L 1e9 1e9 " * 2_000),
        path_object("A 1 2 3 4 5 6 7 C Z"),
        "<ofd:PageBlock>" * 150 + "</ofd:PageBlock>" * 150,
    ],
)
def test_nonsense_in_a_page_is_harmless(content: str) -> None:
    document = read(ofd(content), "a.ofd")
    assert len(document.pages) + len(document.faults) == 1
    assert {f.code for f in document.faults} <= {"corrupt_file", "too_large"}
