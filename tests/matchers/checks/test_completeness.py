"""CP-01 to CP-03."""

import datetime as dt
from dataclasses import replace

import pytest

from models.file_facts import FileFacts
from models.finding import Outcome, Severity
from models.papers import (
    AnnexSection,
    ApplicationForm,
    BusinessLicence,
    CnasAnnex,
    CnasCertificate,
    CommitmentLetter,
    IndexEntry,
    Section,
)
from tests.matchers.factory import annex, field, letter, make_case, run, said, source, stamps

X, T, NA, NP, UNREAD = (
    Outcome.MISMATCH,
    Outcome.TOLERATED,
    Outcome.NOT_APPLICABLE,
    Outcome.NOT_PROVIDED,
    Outcome.UNREADABLE,
)
B, M = Severity.BLOCKING, Severity.MAJOR


@pytest.mark.parametrize("kind", [BusinessLicence, CnasCertificate, CnasAnnex, ApplicationForm, CommitmentLetter])
def test_cp_01_a_missing_paper(kind: type) -> None:
    assert said("CP-01", make_case(without=[kind])) == [(NP, B)]


def test_cp_01_the_letter() -> None:
    assert said("CP-01", make_case(letter(signed=False))) == [(X, B)]
    assert said("CP-01", make_case(letter(signed=False, sealed=False))) == [(X, B), (X, B)]
    assert said("CP-01", make_case(letter(sealed=None))) == [(UNREAD, M)]
    (finding,) = run("CP-01", make_case(without=[BusinessLicence], unread=("IMG_1.jpg",)))
    assert "IMG_1.jpg" in finding.message.zh
    assert finding.advice is not None


def numbered(
    total: int, pages: list[int | None], file: str = "annex.pdf", number: str | None = "CNAS L9901"
) -> CnasAnnex:
    return annex(stamps=stamps(total, number, pages), source=source(file))


@pytest.mark.parametrize(
    ("total", "pages", "expected"),
    [
        (3, [1, 2, 3], []),
        (3, [3, 1, 2], []),
        (3, [1, 2, None, 3], [(T, B)]),
        (3, [1, 3], [(X, B)]),
        (3, [1, 2], [(X, B)]),
        (3, [2, 3], [(X, B)]),
        (3, [1, 2, 2, 3], [(X, B)]),
        (3, [1, 2, 3, 4], [(X, B)]),
        (3, [1, None, 3], [(UNREAD, M)]),
        (4, [1, None, 3], [(X, B)]),
        (3, [1, 1, None, 3], [(X, B)]),
        (3, [None, None], [(UNREAD, M)]),
    ],
)
def test_cp_02(total: int, pages: list[int | None], expected: list[tuple[Outcome, Severity]]) -> None:
    assert said("CP-02", make_case(numbered(total, pages))) == expected


def test_cp_02_says_which_pages() -> None:
    (finding,) = run("CP-02", make_case(numbered(9, [1, 2, 5, 5, 6, 9, 10])))
    assert "缺第 3–4、7–8 页" in finding.message.zh
    assert "第 5 页重复" in finding.message.zh
    assert "第 10 页超出总页数" in finding.message.zh


def test_cp_02_over_several_files() -> None:
    assert said("CP-02", make_case(numbered(4, [1, 2], "1.pdf"), numbered(4, [3, 4], "2.pdf", "L9901"))) == []
    assert said("CP-02", make_case(numbered(4, [1, 2], "1.pdf"), numbered(4, [2, 3, 4], "2.pdf"))) == [(X, B)]
    assert said("CP-02", make_case(numbered(3, [1, 2, 3]), numbered(3, [1, 2, 3]))) == []
    assert said("CP-02", make_case(numbered(2, [1, 2], "zh.pdf"), numbered(3, [1, 2, 3], "en.pdf"))) == []
    assert said("CP-02", make_case(numbered(2, [1, 2], "zh.pdf", None), numbered(3, [1, 2], "en.pdf"))) == [(X, B)]
    assert said("CP-02", make_case(annex(stamps=stamps(3, None), registration_number=field(None)))) == []
    assert said("CP-02", make_case(without=[CnasAnnex])) == [(NP, M)]
    lost = FileFacts("a.pdf", source("a.pdf").sha256, "application/pdf", (), unread_pages=(2,))
    gap = make_case(numbered(3, [1, 3], "a.pdf"))
    assert said("CP-02", gap) == [(X, B)]
    assert [o for o, _ in said("CP-02", replace(gap, files=(lost,)))] == [UNREAD], "the page is there, it was not read"


def entry(
    number: str, kind: Section | None, site: str | None = "A", language: str = "zh", day: dt.date | None = None
) -> IndexEntry:
    return IndexEntry(number, site, kind, f"第{number}部分", language, "复评", day)


def section(kind: Section, site: str | None = "A", language: str = "zh", day: dt.date | None = None) -> AnnexSection:
    return AnnexSection(kind.value, kind, language, site, day, (1,))


DAY, LATER = dt.date(2025, 1, 1), dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("index", "sections", "expected"),
    [
        ([entry("1", Section.TESTING)], [section(Section.TESTING)], []),
        ([entry("1", Section.TESTING), entry("2", Section.TESTING, language="en")], [section(Section.TESTING)], []),
        ([entry("1", Section.TESTING)], [section(Section.TESTING, language="en")], [(X, B)]),
        ([entry("1", Section.TESTING, "B")], [section(Section.TESTING)], [(X, B)]),
        ([entry("1", Section.TESTING, None)], [section(Section.TESTING)], []),
        ([entry("1", Section.TESTING)], [section(Section.TESTING, None)], []),
        ([entry("1", Section.SIGNATORIES)], [section(Section.TESTING)], [(X, B)]),
        ([entry("1", Section.INSPECTION, None)], [section(Section.TESTING)], [(X, B)]),
        ([entry("1", Section.CALIBRATION)], [section(Section.TESTING)], [(X, M)]),
        ([entry("1", Section.INDEX)], [], [(X, M)]),
        ([entry("1", None)], [], []),
        ([entry("1", Section.TESTING, day=DAY)], [section(Section.TESTING, day=DAY)], []),
        ([entry("1", Section.TESTING, day=DAY)], [section(Section.TESTING, day=LATER)], [(X, B)]),
        ([], [section(Section.TESTING), section(Section.SIGNATORIES)], []),
        ([], [section(Section.INSPECTION), section(Section.SIGNATORIES)], []),
        ([], [section(Section.TESTING)], [(X, B)]),
        ([], [section(Section.SIGNATORIES)], [(X, B)]),
        ([], [], [(NA, M)]),
    ],
)
def test_cp_03(index: list[IndexEntry], sections: list[AnnexSection], expected: list[tuple[Outcome, Severity]]) -> None:
    assert said("CP-03", make_case(annex(index=tuple(index), sections=tuple(sections)))) == expected


def test_cp_03_over_several_files() -> None:
    first = annex(
        index=(entry("1", Section.TESTING), entry("2", Section.SIGNATORIES)), sections=(section(Section.TESTING),)
    )
    second = annex(source=source("2.pdf"), sections=(section(Section.SIGNATORIES),))
    assert said("CP-03", make_case(first, second)) == []
    assert said("CP-03", make_case(first)) == [(X, B)]
    assert said("CP-03", make_case(without=[CnasAnnex])) == [(NP, M)]


def test_cp_02_asks_no_page_numbers_of_a_workbook() -> None:
    assert [f.outcome for f in run("CP-02", make_case(annex(stamps=())))] == [Outcome.NOT_APPLICABLE]
