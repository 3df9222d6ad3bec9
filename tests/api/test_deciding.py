"""The report after people decided, values put right and judged again, and the documents made of it; pure, on a real small case."""

import datetime as dt
import io
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from api.correcting import CORRECTED, PlaceUnknown, ValueUnusable, all_places, corrected, place, places_of, written
from api.deciding import changes, decided, is_blocking, needs_second, undecided
from api.inputs import uploads_in
from api.jobs import parcels, rejudging, showing
from api.jobs.showing import Judged, ReportOutdated
from api.reading import parse_files
from api.render.pdf import report_pdf
from api.review import judge
from api.settings import Settings
from api.store import open_store
from extractor.registries import open_snapshots
from models.dates import FOREVER, Period
from models.decided import Correction, Decided, FinalWord, FindingWord, RowWord
from models.finding import Finding, Verdict
from models.papers import ApplicationForm, BusinessLicence, CnasCertificate
from models.report import Decision, Recommendation, Report

CASE = Path(__file__).resolve().parents[2] / "samples" / "cases" / "wrong_name_by_one_character"
AT = dt.datetime(2026, 11, 22, 8, 5, tzinfo=dt.UTC)
RIGHT = "三亚恒正检验检测有限公司"


@pytest.fixture(scope="module")
def judged() -> Judged:
    """ID-03 blocks: one character of the name on the licence is not the register's."""
    reading = parse_files(uploads_in([CASE]))
    return showing.kept(judge(reading, open_snapshots(CASE / "registry"), dt.date(2026, 11, 1)), reading)


@pytest.fixture(scope="module")
def report(judged: Judged) -> Report:
    return judged.report


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    data = tmp_path_factory.mktemp("desk")
    shutil.copytree(CASE / "registry", data / "registry")
    settings = Settings(data=data)
    open_store(settings).close()
    return settings


def objection(report: Report) -> Finding:
    return next(finding for finding in report.findings if finding.is_objection)


def dismissed(finding: Finding, seconded_by: str = "") -> FindingWord:
    return FindingWord(finding.fingerprint, 1, Verdict.DISMISSED, "已核对原件", "李海宁", AT, seconded_by)


def name_place(report: Report) -> str:
    return next(each.key for each in places_of(report.papers, objection(report)) if each.kind == "business_licence")


def test_a_dismissal_of_a_blocking_finding_counts_with_the_second_person(report: Report) -> None:
    finding = objection(report)
    assert (finding.check, is_blocking(finding), report.recommendation) == ("ID-03", True, Recommendation.CORRECT)
    assert needs_second(report)
    alone = decided(report, Decided((dismissed(finding),)))
    assert (alone.recommendation, finding in alone.findings) == (Recommendation.CORRECT, True)
    assert undecided(report, Decided((dismissed(finding),))) == (finding,)
    both = decided(report, Decided((dismissed(finding, "符文昌"),)))
    assert both.recommendation is Recommendation.APPROVE
    assert finding not in both.findings
    assert undecided(report, Decided((dismissed(finding, "符文昌"),))) == ()
    assert both.rows == report.rows


def test_a_confirmed_finding_is_settled_and_still_counts(report: Report) -> None:
    finding = objection(report)
    people = Decided((replace(dismissed(finding), verdict=Verdict.CONFIRMED),))
    assert undecided(report, people) == ()
    assert decided(report, people).recommendation is Recommendation.CORRECT


def test_rows_that_people_decided_overrule_and_say_why(report: Report) -> None:
    people = Decided(
        (dismissed(objection(report), "符文昌"),), (RowWord(3, Decision.EXCLUDE, "设备未到位", "李海宁", AT, 1),)
    )
    after = decided(report, people)
    assert after.recommendation is Recommendation.APPROVE_IN_PART
    assert [(row.decision, row.said) for row in after.rows[2:5]] == [
        (Decision.ISSUE, ""),
        (Decision.EXCLUDE, "设备未到位"),
        (Decision.ISSUE, ""),
    ]
    held = decided(report, replace(people, rows=(RowWord(0, Decision.HUMAN, "", "李海宁", AT, 1),)))
    assert held.recommendation is Recommendation.HUMAN


def test_places_of_a_finding_are_the_fields_that_it_compares(report: Report) -> None:
    (found,) = places_of(report.papers, objection(report))
    assert (found.kind, found.name, found.illegible) == ("business_licence", "name", True)
    assert found.text is not None
    assert "汐正" in found.text
    assert place(report.papers, found.key) == found
    assert found.key in {each.key for each in all_places(report.papers)}


@pytest.mark.parametrize(
    "key", ["", "x/name", "99/name", "0/source", "0/name.x", "0/rows.0.index", "0/rows.999.method", "0/a.b.c.d"]
)
def test_a_place_that_is_none_is_refused(report: Report, key: str) -> None:
    with pytest.raises(PlaceUnknown):
        corrected(report.papers, {key: "x"})
    with pytest.raises(PlaceUnknown):
        place(report.papers, key)


def number_of(papers: Sequence[object], kind: type) -> int:
    return next(n for n, paper in enumerate(papers) if isinstance(paper, kind))


def test_values_are_put_right_by_their_type(report: Report) -> None:
    certificate, licence = (number_of(report.papers, kind) for kind in (CnasCertificate, BusinessLicence))
    papers = corrected(
        report.papers,
        {
            f"{certificate}/expires_on": "2031年3月14日",
            f"{certificate}/registration_number": "cnas l0867",
            f"{licence}/business_scope": "检验检测服务",
            f"{licence}/address": None,
        },
    )
    shown = papers[certificate]
    assert isinstance(shown, CnasCertificate)
    assert (shown.expires_on.value, shown.expires_on.text) == (dt.date(2031, 3, 14), "2031年3月14日")
    assert (shown.expires_on.flags, shown.expires_on.confidence) == ((CORRECTED,), 1.0)
    assert shown.expires_on.evidence == report.papers[certificate].expires_on.evidence  # type: ignore[union-attr]
    assert shown.registration_number.value == "CNAS L0867"
    owner = papers[licence]
    assert isinstance(owner, BusinessLicence)
    assert owner.activities is not None
    assert [activity.text for activity in owner.activities] == ["检验检测服务"]
    assert owner.address is not None
    assert owner.address.value is None
    with pytest.raises(ValueUnusable, match="日期"):
        corrected(report.papers, {f"{certificate}/expires_on": "明年"})
    for wrong in ("  ", "长" * 5_000):
        with pytest.raises(ValueUnusable):
            corrected(report.papers, {f"{certificate}/name": wrong})


def test_a_cell_put_right_brings_its_standards_and_limits(report: Report) -> None:
    form = number_of(report.papers, ApplicationForm)
    papers = corrected(
        report.papers,
        {f"{form}/rows.0.method": "食品中铅的测定 GB 5009.12-2023", f"{form}/rows.0.limitation": "只用第一法"},
    )
    row = papers[form].rows[0]  # type: ignore[union-attr]
    assert [standard.key for standard in row.standards] == ["GB 5009.12-2023"]
    assert (row.limitation, bool(row.limits), row.flags[-1]) == ("只用第一法", True, CORRECTED)
    with pytest.raises(ValueUnusable):
        corrected(report.papers, {f"{form}/rows.0.method": None})


def test_values_are_written_as_a_person_types_them() -> None:
    assert written(Period(dt.date(2019, 3, 14), FOREVER)) == "自2019-03-14至长期"
    assert written(Period(None, dt.date(2030, 1, 1))) == "至2030-01-01"
    assert written(dt.date(2030, 1, 1)) == "2030-01-01"


def test_a_correction_is_judged_at_once_and_tells_what_changed(judged: Judged, settings: Settings) -> None:
    key, packed = name_place(judged.report), parcels.pack(judged)
    header = {"values": {key: RIGHT}, "place": key, "purpose": "application", "review": "rev_1"}
    answer, (_, again) = rejudging.rejudge(settings, header, [packed])
    after = parcels.unpack(Judged, again)
    assert after.report.recommendation is Recommendation.REFUSE_ROUTE  # now the accreditation is of another body
    assert after.handed == judged.handed
    assert {(c["after"]["check"], c["before"]["outcome"], c["after"]["outcome"]) for c in answer["changes"]} == {
        ("ID-03", "mismatch", "match"),
        ("ID-04", "match", "mismatch"),
        ("ID-05", "match", "mismatch"),
    }
    assert answer["read"]["text"] != RIGHT
    assert next(c.after and c.after.check for c in changes(after.report, judged.report)) == "ID-03"
    (asked,) = rejudging.places(settings, {"fingerprint": objection(judged.report).fingerprint}, [packed])[0]["places"]
    assert (asked["key"], asked["read"]) == (key, asked["text"])
    answer, _ = rejudging.rejudge(settings, {**header, "values": {key: None}}, [packed, again])
    assert "unreadable" in {c["after"]["outcome"] for c in answer["changes"] if c["after"]}
    with pytest.raises(ReportOutdated):
        rejudging.rejudge(settings, header, [parcels.pack(replace(judged, handed=None))])


def test_documents_are_made_of_what_people_decided(judged: Judged, settings: Settings) -> None:
    finding = objection(judged.report)
    people = Decided(
        (replace(dismissed(finding, "符文昌"), reason="=HYPERLINK(1)"),),
        (RowWord(3, Decision.EXCLUDE, "设备未到位", "李海宁", AT, 1),),
        (Correction("0/name", "新名", "旧名", "", "李海宁", AT, 2),),
        FinalWord(Recommendation.APPROVE_IN_PART, "同意", "李海宁", AT, 3, True, "符文昌", AT),
    )
    packed, said = parcels.pack(judged), parcels.pack(people)

    def made(form: str) -> bytes:
        return rejudging.document(settings, {"form": form}, [packed, said])[1][0]

    page = made("report.html").decode()
    assert "人工处理" in page
    assert "已排除" not in page
    assert "=HYPERLINK(1)" in page
    assert finding.fingerprint not in page
    book = openpyxl.load_workbook(io.BytesIO(made("report.xlsx")))
    lines = list(book["人工处理"].iter_rows(values_only=True))
    assert lines[1][:4] == ("审批决定", "部分准予", "同意", "李海宁")
    (reason,) = [cell for row in book["人工处理"].iter_rows() for cell in row if cell.value == "=HYPERLINK(1)"]
    assert reason.data_type != "f"
    assert finding.fingerprint not in {row[-1] for row in book["发现"].iter_rows(values_only=True)}
    annex = openpyxl.load_workbook(io.BytesIO(made("annex.xlsx")))
    text = "\n".join(str(c) for sheet in annex for row in sheet.iter_rows(values_only=True) for c in row if c)
    assert "部分准予（审批决定：李海宁，复核：符文昌，2026-11-22 16:05）" in text
    assert "审批人员决定：设备未到位" in text
    assert made("notice.docx")[:2] == b"PK"
    with pytest.raises(ValueError, match=r"report\.doc"):
        made("report.doc")


def test_the_pdf_holds_the_text_of_the_page_and_asks_nobody() -> None:
    try:
        import weasyprint  # noqa: F401
    except OSError:
        pytest.skip("Pango is not installed: apt-get install libpango-1.0-0 libpangoft2-1.0-0")
    page = (
        "<title>差异报告</title><h1>海南鹿屿环境检测</h1><img src='http://127.0.0.1:9/x.png' alt='没有'><p>第二段</p>"
    )
    made = pypdfium2.PdfDocument(report_pdf(page))
    text = made[0].get_textpage().get_text_range()
    assert "海南鹿屿环境检测" in text
    assert "第二段" in text
