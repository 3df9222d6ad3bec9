"""A second opinion: pdfplumber finds the same tables, on pages drawn here and on real ones."""

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pytest

from extractor.pdf import open_pdf
from extractor.tables import build
from models.errors import EncryptedPdf
from models.layout import Table
from tests.benchmarks import annex_readers
from tests.benchmarks.annex_pages import STYLES, annex
from tests.benchmarks.annex_readers import exact, rows_of

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
needs_corpus = [pytest.mark.corpus, pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the project")]

Texts = list[list[str | None]]


def squeezed(text: str | None) -> str | None:
    return None if text is None else re.sub(r"\s", "", text)


def texts_of(table: Table) -> Texts:
    """Rows of texts; None at the positions that a merged cell covers beside its first."""
    found: Texts = [[None] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        found[cell.row][cell.column] = squeezed(cell.text)
    return found


def by_us(data: bytes) -> Iterator[list[Table]]:
    with open_pdf(data) as file:
        for number in range(1, file.page_count + 1):
            page = file.read_page(number)
            yield list(build(page.words, page.rulings)[0])


def by_pdfplumber(data: bytes) -> Iterator[list[Texts]]:
    with pdfplumber.open(io.BytesIO(data)) as file:
        for page in file.pages:
            yield [[[squeezed(text) for text in row] for row in table] for table in page.extract_tables()]
            page.close()


def corpus(name: str) -> bytes:
    return (CORPUS / "tables" / name).read_bytes()


@pytest.mark.parametrize("style", STYLES)
def test_drawn_annexes_are_read_alike_and_right(style: str) -> None:
    data, truth = annex(2, style)
    assert [[texts_of(table) for table in page] for page in by_us(data)] == list(by_pdfplumber(data))
    assert exact(rows_of(annex_readers.ours(data)), truth) == 1.0
    assert exact(rows_of(annex_readers.pdfplumber(data)), truth) == 1.0


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=needs_corpus)
        for name in ("csrc_2018q3_pages_1-10.pdf", "rail_plan_1.pdf", "rail_plan_2.pdf", "word_job_tables_2017.pdf")
    ],
)
def test_real_tables_are_read_alike(name: str) -> None:
    data = corpus(name)
    for number, (tables, peers) in enumerate(zip(by_us(data), by_pdfplumber(data), strict=True), 1):
        found = [texts_of(table) for table in tables]
        if (name, number) == ("word_job_tables_2017.pdf", 2):
            # The edge of a shaded paragraph inside a cell is a line for pdfplumber: a column of four points, always empty.
            narrow = _narrowest(data, number)
            assert not any(row[narrow] for row in peers[0])
            peers = [[[text for i, text in enumerate(row) if i != narrow] for row in peers[0]]]
        assert found == peers, f"page {number}"


def _narrowest(data: bytes, number: int) -> int:
    with pdfplumber.open(io.BytesIO(data)) as file:
        (table,) = file.pages[number - 1].find_tables()
        edges = sorted({edge for cell in table.cells for edge in (cell[0], cell[2])})
        widths = [b - a for a, b in pairwise(edges)]
        assert min(widths) < 5
        return widths.index(min(widths))


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the project")
def test_every_listed_company_stands_once_in_a_row_of_its_own() -> None:
    codes = []
    for tables in by_us(corpus("csrc_2018q3_pages_1-10.pdf")):
        (table,) = tables
        assert table.complete
        body = [row for row in table.grid() if re.fullmatch(r"\d{6}", row[3].text)]
        assert len(body) >= table.rows - 2  # a title on the first page, a header on each
        codes += [row[3].text for row in body]
    assert len(codes) == len(set(codes)) > 400


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the project")
@pytest.mark.parametrize(("name", "rows", "people"), [("rail_plan_1.pdf", 27, 130), ("rail_plan_2.pdf", 64, 460)])
def test_merged_cells_over_page_breaks_add_up(name: str, rows: int, people: int) -> None:
    grids = [table.grid() for tables in by_us(corpus(name)) for table in tables]
    header = next(row for row in grids[0] if any("人数" in cell.text for cell in row))
    column = next(i for i, cell in enumerate(header) if "人数" in cell.text)
    body = [row for grid in grids for row in grid if row[column].text.isdigit()]
    assert len(body) == rows
    assert sum(int(row[column].text) for row in body) == people


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the project")
def test_every_file_of_the_peers_reads_or_says_why() -> None:
    refused = []
    for path in sorted((CORPUS / "peers" / "camelot").glob("*.pdf")):
        try:
            for tables in by_us(path.read_bytes()):
                for table in tables:
                    table.grid()
        except EncryptedPdf:
            refused.append(path.name)
    assert refused == ["health_protected.pdf"]
