"""Skewed pages: boxes go straight and back exactly, and a tilted photo is read like a straight one."""

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from extractor.document import read
from extractor.parsers import parse
from extractor.straighten import lens_of, put_back, straightened
from models.layout import Box, Document, Lens, Origin, Page, Word
from models.papers import BusinessLicence
from tests.cases import CASES, engine

pytestmark = pytest.mark.slow

SEEN_FROM_THE_SIDE = Lens(595.0, 842.0, (0.9, 0.08, 40.0, -0.05, 0.95, 60.0, 0.00008, -0.0001, 1.0))


def page_of(skew: float, *words: Word) -> Page:
    return Page(1, 595.0, 842.0, words, (), Origin.OCR, skew=skew)


@given(
    st.floats(-8, 8),
    st.floats(0, 500),
    st.floats(0, 800),
    st.floats(8, 400),
    st.floats(8, 40),
)
def test_straight_boxes_come_back(skew: float, x: float, y: float, width: float, height: float) -> None:
    lens = lens_of(replace(page_of(skew), lens=SEEN_FROM_THE_SIDE if abs(skew) < 0.15 else None))
    assert lens is not None
    box = Box(x, y, x + width, y + height)
    back = lens.flat(lens.seen(box))
    assert (back.x0, back.top, back.x1, back.bottom) == pytest.approx((box.x0, box.top, box.x1, box.bottom), abs=1e-6)


def test_a_page_without_skew_is_left_alone() -> None:
    document = Document("a", "0" * 64, "image/png", 1, (page_of(0.05, Word("a", Box(1, 1, 5, 9))),))
    straight, turns = straightened(document)
    assert straight is document
    assert not turns
    assert put_back(("a", 1), turns) == ("a", 1)


@pytest.mark.parametrize("angle", [4, -6])
def test_a_tilted_photo_is_read_like_a_straight_one(angle: int) -> None:
    photo = Image.open(CASES / "clean_60_page_annex" / "营业执照副本.jpg")
    out = io.BytesIO()
    photo.rotate(angle, expand=True, fillcolor=(205, 200, 195), resample=Image.Resampling.BICUBIC).save(
        out, "JPEG", quality=90
    )
    document = read(out.getvalue(), "a.jpg", engine)
    (licence,) = parse(document)
    (truth,) = parse(read((CASES / "clean_60_page_annex" / "营业执照副本.jpg").read_bytes(), "b.jpg", engine))
    assert isinstance(licence, BusinessLicence)
    assert isinstance(truth, BusinessLicence)
    for name in (
        "unified_social_credit_code",
        "name",
        "entity_type",
        "responsible_person",
        "address",
        "established_on",
    ):
        assert getattr(licence, name).value == getattr(truth, name).value
    region = licence.name.evidence[0]
    words = [word for word in document.pages[0].words if word.text in region.text or region.text in word.text]
    assert any(word.box.intersects(region.box) for word in words)
