"""Deciding in the browser: a case by keyboard alone, two people at once, four eyes, corrections judged at once, undo, documents."""

import io
import re
import shutil
from collections.abc import Iterator

import openpyxl
import pypdfium2
import pytest
from playwright.sync_api import Locator, Page, expect

from api.store import log
from api.store.people import Role
from api.store.reviews import get_review
from api.store.standing import standing
from tests.browser.conftest import DESK, NAMES, House, Visit, serious
from tests.browser.given_case import SAMPLES, large_case, sample_case

CASE = "wrong_name_by_one_character"
WRONG, RIGHT = "三亚汐正检验检测有限公司", "三亚恒正检验检测有限公司"
SECONDS = 60_000
"""For what a desk makes: the machine may be busy."""
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module", autouse=True)
def registry(house: House) -> Iterator[None]:
    """The registers by which the sample was judged, for what is judged again."""
    place = house.settings.registry
    shutil.copytree(SAMPLES / CASE / "registry", place)
    yield
    shutil.rmtree(place)


@pytest.fixture
def case(house: House) -> str:
    return sample_case(house.store, CASE)


def finding(page: Page) -> Locator:
    return page.locator("#finding")


def opened(visit: Visit, role: Role, case: str, **more: str) -> Page:
    page = visit(role, f"/cases/{case}", **more)
    expect(page.locator("#finding .act-row")).to_be_visible(timeout=SECONDS)
    return page


def test_a_case_is_decided_by_keyboard_alone(house: House, visit: Visit, case: str) -> None:
    page = opened(visit, Role.REVIEWER, case)
    expect(finding(page)).to_contain_text("ID-03")
    page.keyboard.press("e")
    expect(page.locator("#correct-form input[name=value]")).to_be_focused(timeout=SECONDS)
    expect(page.locator("#correct-form input[name=value]")).to_have_value(WRONG)
    page.keyboard.press("Escape")
    expect(page.locator("#correct-form")).to_have_count(0)
    page.keyboard.press("d")
    expect(page.locator("#dismiss-form input[name=reason]")).to_be_focused()
    page.keyboard.type("曾用名，登记机关已确认")
    page.keyboard.press("Enter")
    expect(page.locator('[data-fingerprint][data-verdict="dismissed"]')).to_be_visible()
    expect(finding(page)).to_contain_text("须由另一名复核员复核")
    page.keyboard.press("u")
    expect(page.locator('[data-fingerprint][data-verdict=""]')).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator('[data-fingerprint][data-verdict="confirmed"]')).to_be_visible()
    page.keyboard.press("6")
    panel = page.locator("#decision-panel")
    expect(panel).to_contain_text("异议均已处理", timeout=SECONDS)
    page.locator("#final input[value=correct]").focus()
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(panel).to_contain_text("待另一名复核员复核", timeout=SECONDS)
    final = standing(house.store, get_review(house.store, case)).final
    assert final is not None
    assert (final.decision, final.stands) == ("correct", False)
    assert [e.action for e in log.entries(house.store, case)][-4:] == ["verdict", "verdict", "verdict", "case.final"]
    assert serious(page) == []


def test_two_people_at_once_and_four_eyes(visit: Visit, case: str) -> None:
    one, two = opened(visit, Role.REVIEWER, case), opened(visit, Role.SECOND_REVIEWER, case)
    one.keyboard.press("d")
    one.keyboard.type("已核对登记机关档案")
    one.keyboard.press("Enter")
    expect(one.locator('[data-fingerprint][data-verdict="dismissed"]')).to_be_visible()
    two.keyboard.press("Enter")  # has not seen that
    expect(finding(two).locator(".said")).to_contain_text(
        re.compile(rf"该发现刚由{NAMES[Role.REVIEWER]}于 \d\d:\d\d 处理（排除）")
    )
    expect(finding(two)).to_have_attribute("data-verdict", "dismissed")
    expect(finding(one).get_by_role("button", name="同意排除")).to_have_count(0)
    two.keyboard.press("Enter")  # now it agrees
    expect(finding(two)).to_have_attribute("data-second", "1")
    two.keyboard.press("6")
    expect(two.locator("#decision-panel")).to_contain_text("建议准予", timeout=SECONDS)
    two.locator("#final").get_by_text("准予", exact=True).click()
    two.get_by_role("button", name="作出决定").click()
    expect(two.locator("#final")).to_contain_text("待另一名复核员复核", timeout=SECONDS)
    expect(two.get_by_role("button", name="复核同意")).to_have_count(0)
    one.reload()
    expect(one.locator("#case[data-ready]")).to_be_attached(timeout=SECONDS)
    one.keyboard.press("6")
    expect(one.locator("#final")).to_contain_text("待另一名复核员复核", timeout=SECONDS)
    expect(one.get_by_role("button", name="复核同意")).to_have_count(0)  # no second reviewer


def test_a_correction_is_checked_at_once_and_can_be_taken_back(house: House, visit: Visit, case: str) -> None:
    page = opened(visit, Role.REVIEWER, case, language="en")
    page.keyboard.press("e")
    field = page.locator("#correct-form input[name=value]")
    expect(field).to_be_focused(timeout=SECONDS)
    page.keyboard.press("Control+a")
    page.keyboard.type(RIGHT)
    page.keyboard.press("Enter")
    changes = page.locator("#changes")
    expect(changes).to_contain_text("Findings that changed 3", timeout=SECONDS)
    expect(changes).to_contain_text("passes now")
    expect(changes).to_contain_text("ID-04")
    page.keyboard.press("6")
    panel = page.locator("#decision-panel")
    expect(panel).to_contain_text("Corrections", timeout=SECONDS)
    expect(panel).to_contain_text(WRONG)
    panel.locator("section", has_text="Corrections").get_by_role("button", name="Undo").click()
    expect(panel).not_to_contain_text("Corrections", timeout=SECONDS)
    now = standing(house.store, get_review(house.store, case))
    assert now.packed_sha256 == get_review(house.store, case).packed_sha256
    assert [act.kind for act in now.acts] == ["correction", "undo"]


def test_rows_are_decided_together_and_taken_back(house: House, visit: Visit) -> None:
    case = large_case(house.store, rows=2_000, pages=20, findings=40)
    page = opened(visit, Role.REVIEWER, case)
    page.keyboard.press("3")
    panel = page.locator("#rows-panel")
    panel.get_by_label("符合筛选的全部").check()
    panel.get_by_label("决定", exact=True).select_option("human")
    panel.get_by_role("button", name="决定", exact=True).click()
    expect(panel.locator(".said")).to_contain_text("请填写理由")
    panel.get_by_label("理由").fill("须现场核查")
    panel.get_by_role("button", name="决定", exact=True).click()
    expect(panel.locator(".acts li")).to_contain_text("2000 行", timeout=SECONDS)
    assert len(standing(house.store, get_review(house.store, case)).rows) == 2_000
    panel.get_by_role("button", name="撤销").click()
    expect(panel.locator(".acts li")).to_have_count(0)
    assert standing(house.store, get_review(house.store, case)).rows == {}


def test_documents_open_and_say_what_was_decided(house: House, visit: Visit, case: str) -> None:
    page = opened(visit, Role.REVIEWER, case)
    page.keyboard.press("d")
    page.keyboard.type("=1+1 已核对")
    page.keyboard.press("Enter")
    expect(page.locator('[data-verdict="dismissed"][data-fingerprint]')).to_be_visible()
    texts = {}
    for form in ("report.html", "report.pdf", "report.xlsx", "annex.docx", "notice.docx"):
        answer = page.request.get(f"/cases/{case}/export/{form}", timeout=2 * SECONDS)
        assert answer.status == 200, (form, answer.text())
        assert f'filename="{case}-{form}"' in answer.headers["content-disposition"]
        texts[form] = answer.body()
    assert NAMES[Role.REVIEWER] in texts["report.html"].decode()
    made = pypdfium2.PdfDocument(texts["report.pdf"])
    text = "".join(each.get_textpage().get_text_range() for each in made)
    assert "人工处理" in text
    assert NAMES[Role.REVIEWER] in text
    book = openpyxl.load_workbook(io.BytesIO(texts["report.xlsx"]))
    assert "=1+1 已核对" in [row[2].value for row in book["人工处理"].iter_rows() if row[2].data_type == "s"]
    assert page.request.get(f"/cases/{case}/export/report.exe").status == 404


def test_who_may_only_look_decides_nothing(visit: Visit, case: str) -> None:
    page = visit(Role.AUDITOR, f"/cases/{case}")
    expect(finding(page)).to_contain_text("只有审查员和复核员可以处理发现", timeout=SECONDS)
    fingerprint = finding(page).get_attribute("data-fingerprint")
    token = page.locator("meta[name=csrf-token]").get_attribute("content")
    answer = page.request.post(
        f"/cases/{case}/findings/{fingerprint}/verdict",
        form={"verdict": "confirmed", "seen_version": "0"},
        headers={"X-CSRF-Token": token or ""},
    )
    assert answer.status == 403


def test_the_page_of_quality(house: House, visit: Visit) -> None:
    case = sample_case(house.store, CASE)
    page = opened(visit, Role.REVIEWER, case)
    page.keyboard.press("d")
    page.keyboard.type("误报")
    page.keyboard.press("Enter")
    expect(page.locator('[data-verdict="dismissed"][data-fingerprint]')).to_be_visible()
    for language, scheme in (("zh", "light"), ("en", "dark")):
        seen = visit(Role.AUDITOR, "/quality", language=language, scheme=scheme, size=DESK)
        expect(seen.locator("#dismissals")).to_contain_text("ID-03")
        expect(seen.locator("#dismissals svg.plot .plot-bar").first).to_be_visible()
        assert serious(seen) == []
    pairs = seen.request.get("/quality/pairs.jsonl").text().splitlines()
    assert any(f'"review": "{case}"' in line and '"verdict": "dismissed"' in line for line in pairs)
    assert page.request.get("/quality/pairs.jsonl").status == 403  # a reviewer takes no data away
    assert any(entry.action == "labels.exported" for entry in log.entries(house.store, "quality"))


def test_a_case_without_findings_is_inspected_again(house: House, visit: Visit) -> None:
    case = sample_case(house.store, "clean_institution_g1")
    page = visit(Role.REVIEWER, f"/cases/{case}")
    expect(finding(page)).to_be_visible(timeout=SECONDS)
    page.keyboard.press("6")
    panel = page.locator("#inspection")
    expect(panel).to_contain_text("随机抽中复查", timeout=SECONDS)
    panel.get_by_role("button", name="有遗漏").click()
    expect(page.locator("#final .said")).to_contain_text("请填写理由")
    panel.get_by_label("遗漏了什么").fill("附件缺第 3 页")
    panel.get_by_role("button", name="有遗漏").click()
    expect(panel).to_contain_text("复查发现遗漏", timeout=SECONDS)
    page.goto("/quality")
    expect(page.locator("#inspections tr", has_text="附件缺第 3 页")).to_contain_text(NAMES[Role.REVIEWER])
