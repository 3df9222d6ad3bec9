"""The work list and the form that hands in papers, as people use them."""

import datetime as dt
import json
import re
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from api import clock
from api.http.pages.shell import SESSION, csrf_of, today
from api.reading import Upload
from api.store import reviews
from api.store.listing import Filters, list_reviews
from api.store.people import Role
from api.store.retention import Retention
from api.store.reviews import ReviewRow, State, Summary
from api.store.schema import REVIEWS
from tests.api.jobs.service import ofd
from tests.browser.conftest import TABLET, House, Visit, serious

DAY = dt.timedelta(days=1)
MARKUP = "<img src=x onerror=alert(1)>澄迈 & <script>alert(2)</script>检测"


def given(house: House, name: str, *, done: bool = True, **more: object) -> ReviewRow:
    """A case in the store that no worker takes for lost: it was last heard of tomorrow."""
    now = clock.now()
    files = [Upload(f"{name}.pdf", name.encode())]
    row, _ = reviews.create_review(house.store, files, as_of=today(), actor="test", now=now, **more)  # type: ignore[arg-type]
    reviews.start_reading(house.store, row.id, 40, now + DAY)
    if done:
        summary = Summary(
            "correct",
            blocking=1,
            major=2,
            name=name,
            unified_social_credit_code="91460100MA5T9XR50A",
            registration_number="CNAS L7001",
            certificate_number="241234567890",
        )
        reviews.finish(house.store, row.id, b"{}", summary, retention=Retention(), actor="test", now=now)
    return reviews.get_review(house.store, row.id)


@pytest.fixture(scope="module")
def cases(house: House) -> dict[str, ReviewRow]:
    late = today() - dt.timedelta(days=3)
    return {
        "plain": given(house, "琼中清单检测有限公司"),
        "late": given(house, "保亭清单检测有限公司", due_on=late, due_for="correction"),
        "markup": given(house, MARKUP),
    }


def test_a_case_is_found_and_opened_by_keyboard_alone(visit: Visit, cases: dict[str, ReviewRow]) -> None:
    page = visit()
    page.keyboard.press("/")
    page.keyboard.type("琼中清单")
    expect(page.locator(".cases tbody tr")).to_have_count(1)
    assert "q=" in page.url
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="琼中清单检测有限公司")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/cases/{cases['plain'].id}"))


def test_a_line_says_where_a_case_stands(visit: Visit, cases: dict[str, ReviewRow]) -> None:
    page = visit(path="/?q=清单检测")
    row = page.get_by_role("row", name="保亭清单检测有限公司")
    for said in ("待决定", "建议补正", "阻断 1", "重要 2", "补正", "逾期 3 天", "241234567890", "CNAS L7001"):
        expect(row).to_contain_text(said)
    page.get_by_label("期限").select_option("late")
    expect(page.get_by_role("row", name="保亭清单检测有限公司")).to_be_visible()
    expect(page.get_by_role("row", name="琼中清单检测有限公司")).to_have_count(0)
    page.get_by_text("处理中").click()
    expect(page.get_by_text("没有符合条件的案件")).to_be_visible()
    page.evaluate("history.go(-2)")
    expect(page.get_by_role("row", name="琼中清单检测有限公司")).to_be_visible()
    expect(page.get_by_role("heading", name="工作清单")).to_be_visible()


def test_numbers_in_part_find_a_case(visit: Visit, cases: dict[str, ReviewRow]) -> None:
    for part in ("ma5t9xr50a", "L7001", "41234567890"):
        page = visit(path=f"/?q={part}")
        expect(page.get_by_role("link", name="琼中清单检测有限公司")).to_be_visible()


def test_markup_in_names_is_text(visit: Visit, cases: dict[str, ReviewRow]) -> None:
    page = visit(path="/?q=澄迈")
    expect(page.locator(".cases .who a")).to_have_text(MARKUP)
    assert page.locator(".cases img, .cases script").count() == 0
    page.goto("/?q=" + '"><script>alert(1)</script>')
    expect(page.get_by_label("搜索")).to_have_value('"><script>alert(1)</script>')


def test_progress_is_live_while_a_case_is_read_and_stops_at_its_end(house: House, visit: Visit) -> None:
    row = given(house, "乐东进度检测有限公司", done=False)
    page = visit(path="/?q=乐东进度")
    link = page.locator(".cases .who a")
    link.focus()
    expect(page.locator(f"#line-{row.id}")).to_contain_text("读取中")
    reviews.set_progress(house.store, row.id, 25, "x", clock.now() + DAY)
    expect(page.locator(f"#line-{row.id}")).to_contain_text("25/40")
    expect(link).to_be_focused()
    summary = Summary("approve", name="乐东进度检测有限公司")
    reviews.finish(house.store, row.id, b"{}", summary, retention=Retention(), actor="test", now=clock.now())
    expect(page.locator(f"#line-{row.id}")).to_contain_text("建议准予")
    expect(page.locator("#live[hx-get]")).to_have_count(0)


def test_pages_go_on_where_the_last_one_ended(house: House, visit: Visit) -> None:
    row = given(house, "昌江翻页00")

    def copy(connection: sa.Connection) -> None:
        values = dict(connection.execute(sa.select(REVIEWS).where(REVIEWS.c.id == row.id)).one()._mapping)
        later = [
            {"id": f"{row.id[:-8]}{n:08}", "name": f"昌江翻页{n:02}", "created_at": row.created_at + dt.timedelta(0, n)}
            for n in range(1, 52)
        ]
        connection.execute(sa.insert(REVIEWS), [{**values, **one} for one in later])

    house.store.database.write(copy)
    page = visit(path="/?q=昌江翻页")
    expect(page.locator(".cases tbody tr")).to_have_count(50)
    page.get_by_role("link", name="更早的案件").click()
    expect(page.locator(".cases .who a")).to_have_text(["昌江翻页01", "昌江翻页00"])
    page.get_by_role("link", name="回到最新").click()
    expect(page.locator(".cases .who a").first).to_have_text("昌江翻页51")


@pytest.mark.parametrize(
    ("path", "role"), [("/?q=清单检测", Role.REVIEWER), ("/upload", Role.REVIEWER), ("/people", Role.ADMIN)]
)
@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("zh", "dark"), ("en", "light"), ("en", "dark")])
def test_pages_are_open_to_everybody(
    visit: Visit, cases: dict[str, ReviewRow], shots: Path | None, path: str, role: Role, language: str, scheme: str
) -> None:
    page = visit(role, path, language=language, scheme=scheme)
    assert serious(page) == []
    page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if shots:
        page.screenshot(path=shots / f"{path.strip('/?').partition('=')[0] or 'list'}_{language}_{scheme}.png")


def test_papers_are_handed_in_by_drag_and_drop_with_the_application(house: House, visit: Visit) -> None:
    page = visit(path="/upload")
    page.get_by_role("button", name="提交并开始审查").click()
    expect(page.locator("#wrong-files")).to_have_text("请先选择文件。")
    dropped = page.evaluate_handle(
        """([name, bytes]) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], name));
            return data;
        }""",
        ["<b>屯昌</b>.ofd", list(ofd(1))],
    )
    page.dispatch_event("#drop", "drop", {"dataTransfer": dropped})
    page.set_input_files("#files", [{"name": "空.pdf", "mimeType": "application/pdf", "buffer": b""}])
    expect(page.locator("#chosen .name")).to_have_text(["<b>屯昌</b>.ofd", "空.pdf"])
    page.get_by_role("button", name="提交并开始审查").click()
    expect(page.locator("#wrong-files")).to_have_text("空.pdf: 文件为空")
    page.get_by_role("button", name="移除 空.pdf").click()
    page.get_by_label("申请单位名称").fill("屯昌拖放检测有限公司")
    page.get_by_label("统一社会信用代码").fill("91460100ma5t9xr50a")
    page.get_by_label("数据文件").set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": b"[]"})
    page.get_by_role("button", name="提交并开始审查").click()
    expect(page.locator("#wrong-data")).to_have_text("申请数据文件应为 JSON 对象。")
    typed = json.dumps({"rows": [{"object": "食品", "method": "GB 5009.3-2016"}]}).encode()
    page.get_by_label("数据文件").set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": typed})
    page.get_by_label("办理期限").fill("2027-01-31")
    page.get_by_label("期限事由").select_option("verification")
    page.get_by_role("button", name="提交并开始审查").click()
    expect(page).to_have_url(re.compile(r"/cases/rev_"))
    (row,) = list_reviews(house.store, Filters(text="屯昌</b>.ofd"))[0]
    assert (row.due_on, row.due_for) == (dt.date(2027, 1, 31), "verification")
    application = reviews.application_of(house.store, row)
    assert application == {
        "name": "屯昌拖放检测有限公司",
        "unified_social_credit_code": "91460100MA5T9XR50A",
        "rows": [{"object": "食品", "method": "GB 5009.3-2016"}],
    }
    reviews.cancel(house.store, row.id, retention=Retention(), actor="test", now=clock.now())


def test_a_form_sent_twice_is_one_case_and_needs_no_script(house: House) -> None:
    token = house.token(Role.REVIEWER)
    sent = {"csrf": csrf_of(token), "once": "a" * 32, "name": "定安一次检测有限公司"}
    with httpx.Client(base_url=house.url, cookies={SESSION: token}, headers={"Accept": "text/html"}) as browser:
        answers = [browser.post("/upload", data=sent, files={"files": ("定安.ofd", ofd(1))}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [303, 303]
        assert answers[0].headers["location"] == answers[1].headers["location"]
        wrong = browser.post("/upload", data={**sent, "as_of": "2026-13-01"}, files={"data": ("x.json", b"{")})
        assert wrong.status_code == 422
        for said in ("请选择要提交的文件", "请填写有效的日期", "应为 JSON 对象", "定安一次检测有限公司"):
            assert said in wrong.text
    row = reviews.get_review(house.store, answers[0].headers["location"].rpartition("/")[2])
    assert row.state is not State.FAILED
    reviews.cancel(house.store, row.id, retention=Retention(), actor="test", now=clock.now())
