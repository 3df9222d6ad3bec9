"""Opened booklets: two pages of an annex side by side in one picture are read one after the other."""

import io

import numpy as np
import pypdfium2
import pypdfium2.raw as raw
import pytest
from PIL import Image

from extractor.document import read
from extractor.facing import halves
from extractor.parsers import parse
from models.layout import Box, Origin, Page, Table, Word
from models.papers import CnasAnnex
from samples.generate.degrade import scanned
from samples.generate.draw.annex import draw_annex
from samples.generate.invent import invent
from samples.generate.plan import Plan
from tests.cases import engine


def annex_pdf(seed: int, generation: str) -> bytes:
    return draw_annex(invent(seed, Plan(generation=generation, objects=5, parameters=12)).annex).pdf


def opened(pdf: bytes) -> bytes:
    """The pages two and two on sheets of double width."""
    document = pypdfium2.PdfDocument(pdf)
    width, height = document[0].get_size()
    sheets = pypdfium2.PdfDocument(raw.FPDF_ImportNPagesToOne(document, 2 * width, height, 2, 1))
    buffer = io.BytesIO()
    sheets.save(buffer)
    return buffer.getvalue()


def annex_in(data: bytes, name: str = "附件.pdf") -> CnasAnnex:
    (annex,) = parse(read(data, name, engine))
    assert isinstance(annex, CnasAnnex)
    return annex


def said(annex: CnasAnnex) -> list[tuple[object, ...]]:
    """What the rows say, without where they stand."""
    return [
        (r.section, r.site, r.object_number, r.object, r.parameter_number, r.parameter, r.method, r.limitation)
        for r in annex.rows
    ]  # fmt: skip


@pytest.mark.parametrize(("seed", "generation"), [(21, "G1"), (43, "G2"), (20, "G3")])
def test_an_opened_annex_says_what_the_bound_one_says(seed: int, generation: str) -> None:
    pdf = annex_pdf(seed, generation)
    bound, open_ = annex_in(pdf), annex_in(opened(pdf))
    assert said(open_) == said(bound)
    assert [s.code for s in open_.sites] == [s.code for s in bound.sites]
    assert [s.name for s in open_.signatories] == [s.name for s in bound.signatories]
    assert [(s.number, s.total) for s in open_.stamps if s.number] == [(s.number, s.total) for s in bound.stamps]
    assert {e.page for row in open_.rows for e in row.evidence} <= set(range(1, len(bound.stamps) // 2 + 2))


def test_a_scanned_spread_is_read_left_page_first() -> None:
    pdf = annex_pdf(43, "G2")
    pages = scanned(pdf, "light", 2, 150)
    sheets = [Image.fromarray(np.hstack(pages[i : i + 2])) for i in (0, 2)]
    buffer = io.BytesIO()
    sheets[0].save(buffer, "TIFF", save_all=True, append_images=sheets[1:], dpi=(150, 150), compression="jpeg")
    annex, bound = annex_in(buffer.getvalue(), "附件.tiff"), annex_in(pdf)
    numbers = [row.parameter_number for row in annex.rows]
    assert len(numbers) > 20
    assert numbers == [row.parameter_number for row in bound.rows][: len(numbers)]
    assert [s.number for s in annex.stamps] == [1, 2, 3, 4]


def table(x0: float, x1: float) -> Table:
    return Table(Box(x0, 100, x1, 400), 1, 1, ())


def word(x: float, reach: float = 5) -> Word:
    return Word("附件", Box(x - reach, 50, x + reach, 60))


def page(tables: tuple[Table, ...], words: tuple[Word, ...] = (), width: float = 1190) -> Page:
    return Page(1, width, 842, words, tables, Origin.TEXT)


@pytest.mark.parametrize(
    "single",
    [
        page((table(40, 1150),)),  # a table over the whole width
        page((table(40, 550),)),  # nothing on the right
        page((table(40, 560), table(630, 1150)), (word(595, 60),)),  # a title in the middle
        page((table(40, 560), table(565, 1150))),  # tables that stand close
        page((table(40, 300), table(330, 1150))),  # a narrow one beside a wide one
        page((table(40, 280), table(315, 555)), width=595),  # an upright page
        page((), (word(100), word(900))),
    ],
)
def test_one_page_stays_one(single: Page) -> None:
    assert halves(single) == (single,)


def test_two_pages_are_taken_apart_where_they_meet() -> None:
    left, right = halves(page((table(640, 1150), table(40, 550)), (word(900), word(100))))
    assert (left.tables, left.words) == ((table(40, 550),), (word(100),))
    assert (right.tables, right.words) == ((table(640, 1150),), (word(900),))
