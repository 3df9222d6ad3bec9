"""Files read in ranges of pages: joined they are what reading at once gives; packed they are values and nothing else."""

import io
import zlib
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from extractor.document import Limits, read
from extractor.packing import Malformed, pack, schema, unpack
from extractor.parts import Part, Plan, join, merged, plan, read_part
from models.errors import CorruptImage, OcrUnavailable, TooManyPages
from models.layout import Barcode, Box, Mark, MarkKind, Origin, Page, PageFault, Word
from tests.cases import CASES
from tests.extractor.drawn import pdf
from tests.extractor.office_files import as_docx, as_xlsx

ANNEX = (CASES / "clean_company_g3" / "附件.pdf").read_bytes()


def tiff() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (300, 200), (shade, shade, 255)) for shade in (255, 250, 245)]
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    return out.getvalue()


@cache
def file(kind: str) -> bytes:
    match kind:
        case "tiff":
            return tiff()
        case "docx":
            return as_docx(read(ANNEX))
        case "xlsx":
            return as_xlsx(read(ANNEX))
        case _:
            return ANNEX


@pytest.mark.parametrize(("kind", "sizes"), [("pdf", (1, 2, 100)), ("tiff", (1, 2)), ("docx", (1,)), ("xlsx", (1,))])
def test_ranges_in_any_order_join_to_the_document(kind: str, sizes: tuple[int, ...]) -> None:
    data = file(kind)
    document = read(data, "a")
    for size in sizes:
        parts = [Part.unpacked(read_part(data, *pages).packed()) for pages in plan(data).ranges(size)]
        assert join(parts[::-1], "a") == document
        assert repr(join(parts, "a")) == repr(document)


def test_a_plan_divides_what_can_be_divided() -> None:
    assert plan(tiff()).ranges(2) == [(1, 2), (3, 3)]
    assert Plan("", "application/pdf", 5).ranges(2) == [(1, 2), (3, 4), (5, 5)]
    assert len(plan(file("docx")).ranges(1)) == 1


def test_a_plan_refuses_what_reading_would() -> None:
    with pytest.raises(TooManyPages):
        plan(pdf([b""] * 3), Limits(pages=2))
    with pytest.raises(CorruptImage):
        plan(b"\xff\xd8\xff\xe0 no picture")


def test_only_the_first_part_says_what_the_file_says_of_itself() -> None:
    first, second = (read_part(ANNEX, *pages) for pages in plan(ANNEX).ranges(2)[:2])
    assert first.info == read(ANNEX).info
    assert second.info is None


def test_a_picture_without_an_engine_is_a_fault_of_its_page() -> None:
    part = read_part(tiff(), 2, 3)
    assert [(fault.page, fault.code) for fault in part.faults] == [(2, OcrUnavailable.code), (3, OcrUnavailable.code)]
    assert part.engine == ""


def made(first: int, last: int, sha256: str = "a" * 64) -> Part:
    pages = tuple(Page(number, 1.0, 1.0, (), (), Origin.TEXT) for number in range(first, last + 1))
    return Part(sha256, "application/pdf", 5, first, last, pages)


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (made(1, 2), made(4, 5)),
        (made(1, 3), made(3, 5)),
        (made(1, 2), made(3, 5, "b" * 64)),
        (made(2, 5),),
        (made(1, 4),),
    ],
)
def test_parts_that_do_not_make_up_the_file_are_refused(parts: tuple[Part, ...]) -> None:
    with pytest.raises(ValueError, match=r"part|page"):
        join(parts)


@pytest.mark.parametrize("pages", [(0, 1), (2, 1), (1, 4), (4, 4)])
def test_pages_that_the_file_has_not_are_refused(pages: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="of 3"):
        read_part(tiff(), *pages)


def test_the_engine_of_any_page_is_the_engine_of_the_whole() -> None:
    assert merged([made(1, 2), replace(made(3, 5), engine="e")]).engine == "e"


numbers = st.floats(allow_nan=False) | st.integers(-(10**6), 10**6).map(float)
boxes = st.builds(Box, numbers, numbers, numbers, numbers)
words = st.builds(Word, st.text(), boxes, numbers, st.sampled_from(Origin))
pages = st.builds(
    Page,
    st.integers(1, 9),
    numbers,
    numbers,
    st.lists(words, max_size=4).map(tuple),
    st.just(()),
    st.sampled_from(Origin),
    notes=st.lists(st.text(), max_size=2).map(tuple),
    marks=st.none() | st.lists(st.builds(Mark, st.sampled_from(MarkKind), boxes)).map(tuple),
    barcodes=st.none() | st.lists(st.builds(Barcode, st.text(), st.text(), boxes), max_size=2).map(tuple),
)
parts = st.builds(
    Part,
    st.text(),
    st.text(),
    st.integers(),
    st.integers(),
    st.integers(),
    st.lists(pages, max_size=2).map(tuple),
    st.lists(st.builds(PageFault, st.integers(), st.text(), st.text()), max_size=2).map(tuple),
    st.none() | st.dictionaries(st.text(), st.text(), max_size=3),
)


@given(parts)
def test_packed_and_unpacked_a_part_is_the_same(part: Part) -> None:
    assert repr(Part.unpacked(part.packed())) == repr(part)


@given(parts, st.data())
def test_damaged_parts_are_malformed(part: Part, data: st.DataObject) -> None:
    packed = part.packed()
    place = data.draw(st.integers(0, len(packed) - 1))
    changed = packed[:place] + bytes([packed[place] ^ data.draw(st.integers(1, 255))]) + packed[place + 1 :]
    for damaged in (changed, packed[:place], packed + b"x"):
        with pytest.raises(Malformed):
            Part.unpacked(damaged)


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "[]",
        '["a"]',
        '[1,"application/pdf",5]',
        '["a","b",true]',
        '["a","b",1.5]',
        '["a","b",1,2]',
        '{"__class__": "os"}',
        "[" * 100_000,
    ],
)
def test_other_values_than_the_type_says_are_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        unpack(Plan, schema(Plan) + zlib.compress(text.encode()))


def test_a_value_of_another_type_is_malformed() -> None:
    with pytest.raises(Malformed, match="another version"):
        Part.unpacked(pack(Plan("a", "b", 1)))
