"""What was recognised is as sure as such readings turned out to be; what the text layer says stays as it is."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.confidence import TERMS, Circumstances, circumstances, rated, share_right, weights
from extractor.document import read
from extractor.parsers import parse, parsed
from models.field import Field, Region
from models.layout import Box, Document, Origin, Page, Word
from models.papers import BusinessLicence, CnasCertificate, PaperSource
from tests.cases import CASES, engine

CODE = "91460000MA5TE5T076"
CERTAIN = st.floats(0, 1)


def line(text: str, top: float, certainty: float = 0.9, other: str = "") -> Word:
    return Word(text, Box(100, top, 100 + 10 * len(text), top + 10), certainty, Origin.OCR, other)


def field(text: str, *words: Word, origin: Origin = Origin.OCR, value: str | None = "") -> Field[str]:
    box = Box.around(word.box for word in words)
    sure = min(word.confidence for word in words)
    return Field(text if value == "" else value, text, (Region("f" * 64, 1, box, text),), sure, origin)


@pytest.mark.parametrize("what", ["field", "row"])
@given(lower=CERTAIN, higher=CERTAIN, signs=st.integers(1, 300), lines=st.integers(1, 9))
def test_surer_words_never_make_a_value_less_sure(
    what: str, lower: float, higher: float, signs: int, lines: int
) -> None:
    lower, higher = sorted((lower, higher))
    one, other = (Circumstances(each, signs, lines) for each in (lower, higher))
    assert 0 <= share_right(weights()[what], one) <= share_right(weights()[what], other) < 1


@pytest.mark.parametrize("what", ["field", "row"])
@given(certainty=CERTAIN, signs=st.integers(1, 300), proven=st.booleans())
def test_nothing_doubted_or_on_a_worn_copy_is_called_sure(
    what: str, certainty: float, signs: int, proven: bool
) -> None:
    copied = Circumstances(certainty, signs, proven=proven, copied=True)
    strange = Circumstances(certainty, signs, proven=proven, strange=True)
    assert share_right(weights()[what], strange) < 0.95
    doubted = Circumstances(0.6 * certainty, signs, proven=proven)
    assert share_right(weights()[what], copied) < 0.95
    assert share_right(weights()[what], doubted) < 0.95


@pytest.mark.parametrize("what", ["field", "row"])
def test_weights_push_the_way_they_may(what: str) -> None:
    named = dict(zip(TERMS, weights()[what], strict=True))
    assert named["certainty"] > 0
    assert named["proven"] >= 0
    assert all(named[term] <= 0 for term in ("length", "lines", "disputed", "sealed", "repaired", "copied"))


def test_circumstances_of_a_field() -> None:
    words = (line("海口市龙华区滨涯", 100, 0.97), line("路18号", 115, 0.9, other="路16号"), line("别处", 300, 0.2))
    seen = circumstances(field("海口市龙华区滨涯路18号", *words[:2]), {1: (words, False)})
    assert seen == Circumstances(0.9, 12, 2, disputed=True)
    code = line(CODE, 200)
    assert circumstances(field(CODE, code), {1: ([code], True)}).proven
    repaired = field(CODE, code).flagged("repaired", "seal_overlap")
    assert circumstances(repaired, {1: ([code], True)}).repaired
    assert circumstances(repaired, {1: ([code], True)}).sealed
    assert circumstances(repaired, {1: ([code], True)}).copied


def test_only_what_was_recognised_is_rated() -> None:
    word = line("海南蓝洋检测有限公司", 100)
    name, printed = field(word.text, word), field(word.text, word, origin=Origin.TEXT)
    source = PaperSource("a.jpg", "f" * 64, (1,))
    licence = BusinessLicence(
        source, "business_licence", replace(name, value=None, confidence=0.0), name, address=printed
    )
    document = Document("a.jpg", "f" * 64, "image/jpeg", 1, (Page(1, 595, 842, (word,), (), Origin.OCR),))
    result = rated(licence, document)
    assert isinstance(result, BusinessLicence)
    assert result.address == printed
    assert result.unified_social_credit_code.confidence == 0.0  # not read, so not sure
    expected = share_right(weights()["field"], Circumstances(0.9, len(word.text)))
    assert result.name == replace(name, confidence=expected)


def test_a_scanned_certificate_is_rated_a_digital_one_is_not() -> None:
    scanned = CASES / "expired_certificate" / "CNAS证书.jpg"
    document = read(scanned.read_bytes(), "x", engine)
    before, after = parsed(document)[0], parse(document)[0]
    assert isinstance(before, CnasCertificate)
    assert isinstance(after, CnasCertificate)
    assert after.expires_on.value == before.expires_on.value
    assert after.expires_on.confidence != before.expires_on.confidence
    digital = read((CASES / "clean_company_g3" / "CNAS证书.pdf").read_bytes(), "x")
    assert parse(digital) == parsed(digital)
