"""The letter of commitment on paper: whether somebody signed, whatever recognition makes of the strokes."""

import datetime as dt
from dataclasses import replace

import pytest

from extractor.parsers.commitment_letter import parse
from models.layout import Box, Document, Mark, MarkKind, Origin, Page, Word
from models.papers import CommitmentLetter, PaperSource

TITLE = Word("检验检测机构资质认定告知承诺书", Box(150, 60, 440, 80), 0.99, Origin.OCR)
SELF = Word("本机构（海口椰风检测技术有限公司）承诺：", Box(80, 120, 400, 136), 0.99, Origin.OCR)
LABEL = Word("法定代表人（签字）：", Box(220, 436, 352, 453), 0.97, Origin.OCR)
SOURCE = PaperSource("告知承诺书.jpg", "0" * 64, (1,))
SEAL = Mark(MarkKind.SEAL, Box(351, 452, 472, 571), "round", "red")


def letter(*words: Word, marks: tuple[Mark, ...] = (SEAL,)) -> CommitmentLetter:
    page = Page(1, 595, 842, origin=Origin.OCR, words=(TITLE, SELF, LABEL, *words), tables=(), marks=marks)
    return parse(Document("告知承诺书.jpg", "0" * 64, "image/jpeg", 1, (page,)), SOURCE)


@pytest.mark.parametrize(
    ("word", "says"),
    [
        (Word("邢永澄", Box(354, 412, 440, 461), 0.93, Origin.OCR), True),
        (Word("邢永澄", Box(354, 412, 440, 461), 0.4, Origin.OCR), None),
        (Word("慎检步", Box(382, 461, 434, 480), 0.93, Origin.OCR), None),
        (Word("第2页", Box(354, 412, 440, 461), 0.93, Origin.OCR), None),
        (Word("邢永澄", Box(80, 300, 160, 318), 0.93, Origin.OCR), None),
    ],
    ids=["askew beside its label", "not sure", "of the seal", "no name", "elsewhere"],
)
def test_a_signature_that_was_read_as_a_word(word: Word, says: bool | None) -> None:
    assert letter(word).signed is says


def test_a_signature_that_was_seen_as_strokes() -> None:
    assert letter(marks=(Mark(MarkKind.HANDWRITING, Box(360, 420, 430, 450), "", ""),)).signed is True
    assert letter().signed is None


def test_whether_a_copy_in_black_and_white_was_sealed_may_not_be_known() -> None:
    page = Page(1, 595, 842, origin=Origin.OCR, words=(TITLE, SELF, LABEL), tables=(), marks=())
    copy, seal = replace(page, notes=("copied",)), replace(page, notes=("copied",), marks=(SEAL,))
    found = [
        parse(Document("告知承诺书.jpg", "0" * 64, "image/jpeg", 1, (each,)), SOURCE).sealed
        for each in (page, copy, seal)
    ]
    assert found == [False, None, True]


def test_a_seal_that_binds_the_pages_does_not_seal_the_letter() -> None:
    page = Page(
        1, 595, 842, origin=Origin.OCR, words=(TITLE, SELF, LABEL), tables=(), marks=(replace(SEAL, shape="part"),)
    )
    assert parse(Document("告知承诺书.jpg", "0" * 64, "image/jpeg", 1, (page,)), SOURCE).sealed is False


def test_a_date_that_a_seal_hides_is_one_that_could_not_be_read() -> None:
    hidden = letter().signed_on
    assert hidden is not None
    assert hidden.value is None
    printed = letter(Word("2026年10月29日", Box(356, 600, 458, 616), 0.95, Origin.OCR)).signed_on
    assert printed is not None
    assert printed.value == dt.date(2026, 10, 29)


@pytest.mark.parametrize("date", ["2026年1029日", "2026年10日29日", "2026年10月29"])
def test_a_date_that_lost_a_sign_to_the_seal_is_read_all_the_same(date: str) -> None:
    found = letter(Word(date, Box(356, 600, 458, 616), 0.6, Origin.OCR)).signed_on
    assert found is not None
    assert found.value == dt.date(2026, 10, 29)


@pytest.mark.parametrize(
    ("opening", "name", "repaired"),
    [
        (
            "本机构（海南汐正测试中心（普通合伙））就申请资质认定事项，郑重承诺如下：",
            "海南汐正测试中心（普通合伙）",
            False,
        ),
        ("本机构(海南汐正测试中心(普通合伙)就申请资质认定事项，郑重承诺如下：", "海南汐正测试中心(普通合伙)", True),
        ("本机构（海南汐正（三亚）测试中心）就申请资质认定事项，郑重承诺如下：", "海南汐正（三亚）测试中心", False),
    ],
)
def test_two_brackets_that_were_read_as_one_cost_no_name(opening: str, name: str, repaired: bool) -> None:
    page = Page(1, 595, 842, origin=Origin.OCR, words=(TITLE, replace(SELF, text=opening), LABEL), tables=())
    found = parse(Document("告知承诺书.jpg", "0" * 64, "image/jpeg", 1, (page,)), SOURCE).name
    assert found.value == name
    assert ("repaired" in found.flags) is repaired
