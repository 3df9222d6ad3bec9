"""The real documents beside the project: what is printed on them is what is read."""

import json
from functools import cache
from pathlib import Path

import pytest

from extractor.document import read
from extractor.ocr import OcrEngine, default_engine
from extractor.parsers import parse
from extractor.pdf import open_pdf
from extractor.scan import read_scan
from extractor.tables import build
from models.dates import parse_date
from models.layout import Document, Table
from models.papers import BusinessLicence, CnasCertificate, UnknownPaper
from models.text import key
from samples.generate.degrade import scanned

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not beside the project"),
]


@cache
def engine() -> OcrEngine:
    return default_engine()


def document(name: str) -> Document:
    return read((CORPUS / name).read_bytes(), name, engine)


def transcript(name: str) -> dict[str, str]:
    return json.loads((CORPUS / "transcripts.json").read_text(encoding="utf-8"))[name]


def test_real_electronic_licence() -> None:
    name = "licences/xunhang_electronic_licence_2024.png"
    (licence,) = parse(document(name))
    truth = transcript(name)
    assert isinstance(licence, BusinessLicence)
    assert licence.unified_social_credit_code.value == truth["统一社会信用代码"]
    texts = {
        "名称": licence.name,
        "类型": licence.entity_type,
        "法定代表人": licence.responsible_person,
        "住所": licence.address,
        "经营范围": licence.business_scope,
        "登记机关": licence.registration_authority,
    }
    for label, field in texts.items():
        assert field is not None
        assert key(field.require()) == key(truth[label]), label
    assert licence.registered_capital is not None
    assert licence.registered_capital.text == truth["注册资本"]
    assert licence.registered_capital.require().amount == 1_000_000
    for label, date in (("成立日期", licence.established_on), ("登记日期", licence.issued_on)):
        assert date is not None
        assert date.value == parse_date(truth[label])
    assert licence.term is None


def test_real_cnas_certificate() -> None:
    name = "certificates/cnas_L17468.jpg"
    (certificate,) = parse(document(name))
    truth = transcript(name)
    assert isinstance(certificate, CnasCertificate)
    assert certificate.registration_number.value == truth["注册号"]
    assert certificate.language == "zh"
    assert certificate.name.value == truth["机构"]
    assert certificate.legal_entity is not None
    assert certificate.legal_entity.value == truth["机构"]
    address, postcode = truth["地址"].split("，")
    assert key(certificate.address.require()) == key(address)
    assert certificate.postcode is not None
    assert certificate.postcode.value == postcode
    assert str(certificate.effective_on.value) == truth["生效日期"]
    assert str(certificate.expires_on.value) == truth["截止日期"]
    assert certificate.criteria.value == "ISO/IEC 17025:2017"


@pytest.mark.parametrize("name", sorted(p.name for p in (CORPUS / "negatives").glob("*")) if CORPUS.is_dir() else [])
def test_other_certificates_are_unknown(name: str) -> None:
    papers = parse(document(f"negatives/{name}"))
    assert papers
    assert all(isinstance(paper, UnknownPaper) for paper in papers)
    assert all(paper.source.decided_by for paper in papers)


def test_every_row_of_the_ruled_report_stands_once() -> None:
    rows = [
        row
        for page in document("tables/csrc_2018q3_pages_1-10.pdf").pages
        for table in page.tables
        for row in table.grid()
    ]
    codes = [row[3].text for row in rows if row[3].text.isdigit()]
    assert all(len(code) == 6 for code in codes)
    assert len(codes) == len(set(codes)) > 300


@pytest.mark.parametrize(("name", "count", "total"), [("rail_plan_1.pdf", 27, 130), ("rail_plan_2.pdf", 64, 460)])
def test_plans_with_cells_merged_over_pages(name: str, count: int, total: int) -> None:
    numbers: list[int] = []
    column = None
    for page in document(f"tables/{name}").pages:
        for table in page.tables:
            for row in table.grid():
                texts = ["".join(cell.text.split()) for cell in row]
                if "人数" in texts:
                    column = texts.index("人数")
                elif column is not None and texts[column].isdigit():  # the last row is the total of the others
                    numbers.append(int(texts[column]))
    assert len(numbers) == count
    assert sum(numbers) == total


def last_table(name: str, page: int) -> Table:
    with open_pdf((CORPUS / name).read_bytes()) as file:
        seen = file.read_page(page)
    return build(seen.words, seen.rulings)[0][-1]


def texts(table: Table) -> list[list[str]]:
    return [[key(cell.text) for cell in row] for row in table.grid()]


def test_a_real_row_that_goes_on_without_a_rule_above_is_in_its_table() -> None:
    table = last_table("tables/joyu_colour_tables_2018.pdf", 3)
    assert (table.rows, table.columns) == (16, 4)
    assert texts(table)[0] == ["", "", key("18：00-20：00"), ""]


@pytest.mark.parametrize("page", [2, 3])  # a table with a shaded header, and one that is open at its top
def test_a_real_table_is_the_same_in_a_scan(page: int) -> None:
    name = "tables/joyu_colour_tables_2018.pdf"
    picture = scanned((CORPUS / name).read_bytes(), "light", 5, 200, grey=False)[page - 1]
    (table,) = read_scan(picture, 72 / 200, engine()).tables
    rows = 15  # below them there is a row of dots, which no engine reads
    assert texts(table)[:rows] == texts(last_table(name, page))[:rows]
    assert table.rows == last_table(name, page).rows
