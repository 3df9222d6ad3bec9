"""CC-01, CC-02, CC-03 and CC-05."""

from dataclasses import replace

from models.file_facts import FileFacts
from models.finding import Outcome, Severity
from models.papers import ApplicationForm, CnasAnnex, CnasCertificate, Section, Site
from tests.matchers.factory import (
    ADDRESS,
    NAME,
    ROWS,
    annex,
    answered,
    certificate,
    field,
    form,
    make_case,
    row,
    run,
    said,
    scope_record,
    source,
    stamps,
    unavailable,
    with_rows,
)

X, T, NA, NP = Outcome.MISMATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE, Outcome.NOT_PROVIDED
UNREAD, SILENT = Outcome.UNREADABLE, Outcome.SOURCE_UNAVAILABLE
B, M, N = Severity.BLOCKING, Severity.MAJOR, Severity.MINOR


def test_cc_01() -> None:
    assert said("CC-01", make_case()) == []
    assert said("CC-01", make_case(annex(registration_number=field("L09901")))) == []
    assert said("CC-01", make_case(annex(registration_number=field("CNAS L9902")))) == [(X, B)]
    assert said("CC-01", make_case(annex(registration_number=field("CNAS L9902", 0.5)))) == [(X, M)]
    assert said("CC-01", make_case(annex(registration_number=field("看不清")))) == [(X, B)]
    assert said("CC-01", make_case(annex(registration_number=field(None)))) == [(UNREAD, M)]
    assert said("CC-01", make_case(form(cnas_number=field("CNAS L9902")))) == [(X, B)]
    english = certificate(language="en", registration_number=field("CNAS L9902"), source=source("en.pdf"))
    assert said("CC-01", make_case(english, certificate())) == [(X, B)]
    assert said("CC-01", make_case(without=[CnasAnnex, ApplicationForm])) == [(NA, M)]
    assert said("CC-01", make_case(without=[CnasCertificate])) == [(NP, M)]


def test_cc_01_a_page_of_another_annex() -> None:
    pages = list(stamps(3))
    pages[1] = replace(pages[1], registration_number="CNAS L1234")
    pages[2] = replace(pages[2], registration_number=None)
    (finding,) = [f for f in run("CC-01", make_case(annex(stamps=tuple(pages)))) if f.outcome is X]
    assert "第 2 页" in finding.message.zh
    assert "CNAS L1234" in finding.message.zh


def test_cc_02() -> None:
    assert said("CC-02", make_case()) == []
    assert said("CC-02", make_case(annex(name=field("海南蓝洋 检测技术\n有限公司")))) == []
    assert said("CC-02", make_case(annex(name=field("海南绿岛检测技术有限公司")))) == [(X, M)]
    assert said("CC-02", make_case(annex(name=field(None)))) == [(UNREAD, M)]
    other = Site("B", "海南省三亚市吉阳区荔枝沟路9号")
    assert said("CC-02", make_case(annex(sites=(other,)))) == [(X, M)]
    assert said("CC-02", make_case(annex(sites=(other, Site("A", ADDRESS))))) == []
    assert said("CC-02", make_case(annex(name=None, sites=()))) == [(NA, M)]
    assert said("CC-02", make_case(certificate(name=field(None)))) == [(UNREAD, M)]
    assert said("CC-02", make_case(certificate(language="en", name=field("Lanyang")))) == [(NA, M)]
    assert said("CC-02", make_case(annex(name=field(NAME), sites=(Site("A", ""),)))) == []


def test_cc_03() -> None:
    english = tuple(replace(each, language="en", index=each.index + 3) for each in ROWS)
    assert said("CC-03", make_case()) == [(NA, N)]
    assert said("CC-03", make_case(annex(rows=(*ROWS, *english)))) == []
    assert said("CC-03", make_case(annex(rows=(*ROWS, *english[:2])))) == [(X, N)]
    lost = FileFacts("附件.pdf", annex().source.sha256, "application/pdf", (), unread_pages=(3,))
    (unread,) = run("CC-03", replace(make_case(annex(rows=(*ROWS, *english[:2]))), files=(lost,)))
    assert unread.outcome is Outcome.UNREADABLE
    many = tuple(row(i, f"参数{i}", f"GB/T {1000 + i}-2020") for i in range(12))
    (finding,) = run("CC-03", make_case(annex(rows=(*many, replace(many[0], language="en")))))
    assert "等11处" in finding.message.zh


def test_cc_05() -> None:
    assert said("CC-05", make_case()) == []
    assert said("CC-05", make_case(**unavailable("cnas_rows"))) == [(SILENT, M)]
    assert said("CC-05", make_case(without=[CnasAnnex])) == [(NP, M)]
    assert said("CC-05", make_case(cnas_rows=answered("cnas_rows"))) == [(X, M)]
    strangers = answered("cnas_rows", *(scope_record(each, owner="CNAS L1") for each in ROWS))
    assert said("CC-05", make_case(cnas_rows=strangers)) == [(X, M)]
    nameless = make_case(
        without=[CnasCertificate, ApplicationForm],
        cnas_rows=answered("cnas_rows", scope_record(ROWS[0], owner="CNAS L9901")),
    )
    assert (X, M) not in said("CC-05", nameless)[:1]


def test_cc_05_a_row_only_in_the_upload_blocks_it() -> None:
    added = row(3, "砷", "GB 5009.11-2024")
    case = with_rows(*ROWS, added, cnas_rows=answered("cnas_rows", *(scope_record(each) for each in ROWS)))
    (finding,) = [f for f in run("CC-05", case) if f.outcome is X]
    assert (finding.severity, finding.rows) == (B, (3,))
    assert "砷" in finding.message.zh


def test_cc_05_a_dropped_limit_blocks_the_row() -> None:
    case = with_rows(row(0, limit=None), cnas_rows=answered("cnas_rows", scope_record(row(0, limit="只用第一法"))))
    (finding,) = [f for f in run("CC-05", case) if f.outcome is X]
    assert (finding.severity, finding.rows) == (B, (0,))


def test_cc_05_an_unclaimed_row_is_for_a_person() -> None:
    accredited = (*ROWS, row(3, "砷", "GB 5009.11-2024"))
    directory = answered("cnas_rows", *(scope_record(each) for each in ROWS))
    case = with_rows(*ROWS, accredited=accredited, cnas_rows=directory)
    assert said("CC-05", case) == [(X, M)]


def test_cc_05_a_row_only_in_the_directory_is_worth_knowing() -> None:
    more = answered("cnas_rows", *(scope_record(each) for each in (*ROWS, row(3, "砷", "GB 5009.11-2024"))))
    assert said("CC-05", make_case(cnas_rows=more)) == [(X, N)]


def test_cc_05_nothing_but_calibration() -> None:
    lines = (row(0, section=Section.CALIBRATION),)
    case = make_case(annex(rows=lines), form(rows=()))
    assert said("CC-05", case) == [(X, N)]
