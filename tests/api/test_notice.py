"""The draft 补正通知: what is asked of the applicant, what is not, and the commands that hand drafts on."""

import dataclasses
import io
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner, Result

from api.cli import main
from api.render.notice import Notice, draft_notice
from api.render.notice_docx import NOTHING, notice_docx
from api.terminal import LOOK, NOTHING_TO_OBJECT, UNUSABLE
from matchers.basis import CMA_RULES, HAINAN_DRAFT
from matchers.checks import CHECKS
from models.field import Region, Snapshot
from models.finding import Basis, Bilingual, Finding, Outcome, Severity, Side
from models.layout import Box
from models.report import Problem, Recommendation, Report

LICENCE = "1" * 64


def finding(check: str, outcome: Outcome = Outcome.MISMATCH, **more: object) -> Finding:
    values: dict[str, object] = {
        "title": Bilingual("两处相同", "Both agree"),
        "severity": Severity.BLOCKING,
        "message": Bilingual(f"{check} 两处不同。", "They differ."),
        "basis": (Basis("检验检测机构资质认定管理办法", "第9条"),),
        "left": Side("营业执照名称", "海口椰风", evidence=(Region(LICENCE, 2, Box(1, 2, 3, 4)),)),
        "right": Side("登记名称", "海口椰凤", evidence=(Snapshot("enterprises", "2026-11-01", "c" * 64),)),
    }
    return Finding(check=check, outcome=outcome, **{**values, **more})  # type: ignore[arg-type]


def notice_on(report: Report, *findings: Finding, problems: tuple[Problem, ...] = ()) -> Notice:
    return draft_notice(dataclasses.replace(report, findings=findings, problems=problems))


def words_of(notice: Notice) -> str:
    paper = docx.Document(io.BytesIO(notice_docx(notice)))
    cells = [cell.text for table in paper.tables for line in table.rows for cell in line.cells]
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells])


def test_an_item_says_what_is_where_what_it_should_be_and_what_to_hand_in(report: Report) -> None:
    notice = notice_on(report, finding("ID-03"))
    (item,) = notice.items
    assert item.wrong == "ID-03 两处不同。"
    assert item.values == (
        "营业执照名称：“海口椰风”（见营业执照“营业执照.jpg”第 2 页）",
        "登记名称：“海口椰凤”（见企业信用信息公示，截至 2026-11-01）",
    )
    assert "换发后的现行营业执照" in item.hand_in
    text = words_of(notice)
    assert text.index("海口椰风检测技术有限公司：") < text.index("1. ID-03") < text.index("法律依据")
    assert "请于　　　　年　　月　　日前" in text
    assert "中华人民共和国行政许可法 第32条" in text
    assert "检验检测机构资质认定管理办法 第9条" in text
    assert "草稿 DRAFT" in text


@pytest.mark.parametrize(
    "one",
    [
        finding("VA-03"),
        finding("CC-05"),
        finding("CR-01"),
        finding("TP-04"),
        finding("ID-03", Outcome.SOURCE_UNAVAILABLE),
        finding("ID-03", Outcome.ERROR),
        finding("ID-03", Outcome.TOLERATED),
        finding("ID-03", severity=Severity.MINOR),
    ],
    ids=lambda f: f"{f.check} {f.outcome} {f.severity}",
)
def test_what_the_applicant_cannot_put_right_is_not_asked_for(report: Report, one: Finding) -> None:
    notice = notice_on(report, one)
    assert notice.asks_nothing
    assert notice.set_aside == 0
    assert NOTHING in words_of(notice)
    assert "法律依据" not in words_of(notice)


def test_a_text_that_is_not_enacted_is_no_basis_of_a_letter(report: Report) -> None:
    one = finding("AD-03")
    drafted = dataclasses.replace(one, basis=(HAINAN_DRAFT.whole("适用范围"), CMA_RULES.article(9)))
    notice = notice_on(report, drafted)
    assert any("第9条" in line for line in notice.bases)
    assert not any("征求意见稿" in line for line in notice.bases)


def test_what_may_be_our_misreading_is_set_aside_and_said(report: Report) -> None:
    notice = notice_on(report, finding("ID-03", suspected_misreading=True))
    assert (notice.asks_nothing, notice.set_aside) == (True, 1)
    assert "1 项疑似识别错误" in words_of(notice)


def test_pages_of_one_file_are_named_together(report: Report) -> None:
    pages = tuple(Region(LICENCE, page, Box(1, 2, 3, 4)) for page in (3, 1, 2, 1))
    (item,) = notice_on(report, finding("CP-02", left=Side("附件实有页码", "1–3", evidence=pages))).items
    assert item.values[0].endswith("（见营业执照“营业执照.jpg”第 1、2、3 页）")


def test_a_missing_paper_is_asked_for_once(report: Report) -> None:
    missing = finding("CP-01", Outcome.NOT_PROVIDED, left=None, right=None, subject="application_form")
    follows = finding("ID-05", Outcome.NOT_PROVIDED, left=None, right=None)
    assert [item.wrong[:5] for item in notice_on(report, missing, follows).items] == ["CP-01"]
    assert [item.wrong[:5] for item in notice_on(report, follows).items] == ["ID-05"]


def test_a_field_that_cannot_be_read_is_asked_for_once_as_a_clearer_copy(report: Report) -> None:
    unread = Side("营业执照名称", None)
    notice = notice_on(report, *(finding(check, Outcome.UNREADABLE, left=unread) for check in ("ID-03", "ID-05")))
    (item,) = notice.items
    assert item.values[0] == "营业执照名称：未能识别"
    assert "清晰" in item.hand_in


def test_rows_that_can_be_changed_stand_in_a_table_of_their_own(report: Report) -> None:
    of_rows = finding("SC-04", rows=(1, 2), left=Side("申请能力项", "GB 5009.12-2017"))
    notice = notice_on(report, of_rows)
    assert notice.items == ()
    (line,) = notice.rows
    assert (line.places, line.what) == ("第 2、3 项", "GB 5009.12-2017")
    assert "能力项目库收录的标准" in line.hand_in
    assert "一、可以修改的能力项" in words_of(notice)


def test_a_file_that_cannot_be_used_is_asked_for_and_a_fault_of_ours_is_not(report: Report) -> None:
    locked = Problem("x.pdf", "encrypted_pdf", "PDF 已加密，请提交无打开密码的版本。 The PDF is encrypted.")
    ours = Problem("y.pdf", "ocr_failed", "文字识别失败。 Text recognition failed.", 2)
    (item,) = notice_on(report, problems=(locked, ours)).items
    assert item.wrong == "文件“x.pdf”无法使用：PDF 已加密，请提交无打开密码的版本。"


def test_a_check_without_words_of_its_own_gets_the_usual_ones(report: Report) -> None:
    (item,) = notice_on(report, finding("ZZ-99")).items
    assert item.hand_in.startswith("请核对该事项")


def test_words_are_kept_for_real_checks_only() -> None:
    from api.render import notice

    asked = set(notice._words()["ask"])
    assert {check.partition("-")[0] for check in asked} <= {check.id.partition("-")[0] for check in CHECKS}
    assert not {check for check in asked if notice._is_internal(check)}


def test_hostile_values_are_plain_text(report: Report) -> None:
    hostile = finding("ID-03", left=Side("营业执照名称", '=HYPERLINK("http://x")\x00<w:p>'))
    assert '=HYPERLINK("http://x")<w:p>' in words_of(notice_on(report, hostile))


@pytest.fixture
def run(report: Report, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """The commands on a review whose report is given."""
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    monkeypatch.setenv("ZHENGSHEN_DATA", str(tmp_path / "data"))

    def invoke(command: str, *output: str, given: Report = report) -> Result:
        monkeypatch.setattr("api.review.review", lambda *_: given)
        files = [str(tmp_path / name) for name in output]
        options = ["--output", *files] if files else []
        return CliRunner().invoke(main, [command, str(tmp_path / "a.pdf"), *options], prog_name="zhengshen")

    return invoke


@pytest.mark.parametrize(("command", "name"), [("annex", "a.xlsx"), ("annex", "a.DOCX"), ("notice", "n.docx")])
def test_drafts_are_written_and_wait_for_a_person(
    run: Callable[..., Result], report: Report, tmp_path: Path, command: str, name: str
) -> None:
    sound = dataclasses.replace(report, problems=())
    assert run(command, name, given=sound).exit_code == LOOK
    assert (tmp_path / name).read_bytes().startswith(b"PK")
    if name.endswith("xlsx"):
        assert openpyxl.load_workbook(tmp_path / name).sheetnames[0] == "能力范围"


def test_a_case_in_order_ends_with_0_and_a_notice_that_asks_nothing(run: Callable[..., Result], report: Report) -> None:
    clean = dataclasses.replace(report, recommendation=Recommendation.APPROVE, findings=(), problems=())
    assert run("annex", "a.xlsx", given=clean).exit_code == NOTHING_TO_OBJECT
    result = run("notice", "n.docx", given=clean)
    assert result.exit_code == NOTHING_TO_OBJECT
    assert NOTHING in result.stdout


@pytest.mark.parametrize(
    ("command", "output", "words"),
    [
        ("annex", (), "--output"),
        ("notice", (), "--output"),
        ("annex", ("a.pdf",), ".xlsx、.docx"),
        ("annex", ("a",), ".xlsx、.docx"),
        ("notice", ("n.xlsx",), ".docx"),
    ],
)
def test_a_missing_or_wrong_output_ends_with_2_before_any_work(
    run: Callable[..., Result], tmp_path: Path, command: str, output: tuple[str, ...], words: str
) -> None:
    result = run(command, *output)
    assert result.exit_code == UNUSABLE
    assert words in result.stderr
    assert {path.name for path in tmp_path.iterdir()} <= {"a.pdf"}


def test_an_unusable_file_ends_with_2_and_the_draft_is_still_written(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    assert run("notice", "n.docx").exit_code == UNUSABLE
    assert "空白.pdf" in words_of_file(tmp_path / "n.docx")


def words_of_file(path: Path) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
