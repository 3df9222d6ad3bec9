"""The frame of every page: who gets in, what a forged request meets, the content policy, language and colours."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from api.http.pages.shell import CSP, SESSION, csrf_of
from api.store import people
from api.store.people import Role
from tests.browser.conftest import PASSWORD, TABLET, House, Visit, given_person, serious

PAGES = ("/", "/upload", "/registries", "/people", "/quality", "/due")


def client(house: House, role: Role | None = None, **headers: str) -> tuple[httpx.Client, str]:
    """A browser without scripts, signed in as the person with a role, and the token that forms of its pages carry."""
    token = house.token(role) if role else ""
    cookies = {SESSION: token} if role else {}
    return httpx.Client(base_url=house.url, cookies=cookies, headers=headers, timeout=30), csrf_of(token)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_shown_to_nobody(house: House, path: str) -> None:
    browser, _ = client(house)
    with browser:
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/login")
        part = browser.get(path, headers={"HX-Request": "true"})
        assert part.headers["hx-redirect"].startswith("/login")
        assert not part.content
        assert browser.post(path).status_code in {403, 405}


@pytest.mark.parametrize("path", [*PAGES, "/login", "/nothing/here"])
def test_the_content_policy_lets_nothing_of_others_in(house: House, path: str) -> None:
    browser, _ = client(house, Role.ADMIN, Accept="text/html")
    with browser:
        answer = browser.get(path, follow_redirects=True)
    assert answer.headers["content-security-policy"] == CSP
    assert "unsafe" not in CSP
    assert CSP.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", answer.text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", answer.text)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_request_that_no_page_of_ours_made_changes_nothing(house: House) -> None:
    browser, token = client(house, Role.ADMIN)
    wanted = {"login": "forged", "name": "x", "roles": "admin"}
    with browser:
        for given in ({}, {"csrf": ""}, {"csrf": token[:-1]}, {"csrf": csrf_of("x")}):
            assert browser.post("/people", data={**wanted, **given}).status_code == 403
        assert browser.post("/people", data=wanted, headers={"X-CSRF-Token": "x"}).status_code == 403
        assert browser.post("/people", json=wanted).status_code == 403
        assert "forged" not in {person.login for person in people.list_people(house.store)}
        answer = browser.post("/people", data={**wanted, "roles": "auditor", "login": "ours", "csrf": token})
        assert answer.status_code == 200


def test_roles_open_what_they_should(house: House) -> None:
    expected = {
        Role.REVIEWER: {"/": 200, "/upload": 200, "/registries": 200, "/people": 403},
        Role.AUDITOR: {"/": 200, "/upload": 403, "/people": 403},
        Role.REGISTRAR: {"/": 200, "/upload": 403, "/registries": 200, "/people": 403},
        Role.ADMIN: {"/upload": 200, "/people": 200},
    }
    for role, pages in expected.items():
        browser, token = client(house, role)
        with browser:
            assert {path: browser.get(path).status_code for path in pages} == pages, role
            if role in {Role.REVIEWER, Role.AUDITOR}:
                assert browser.post("/registries/preview", data={"csrf": token}).status_code == 403


def test_whoever_has_a_password_for_once_chooses_one_first(house: House, visit: Visit) -> None:
    _, once = given_person(house.store, "newcomer", "新人", Role.REVIEWER)
    page = visit(None, "/registries")
    page.get_by_label("登录名").fill("newcomer")
    page.get_by_label("密码", exact=True).fill(once)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/password$"))
    page.goto("/people")
    expect(page).to_have_url(re.compile(r"/password$"))
    page.get_by_label("原密码").fill(once)
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再次输入新密码").fill(PASSWORD + "?")
    page.get_by_role("button", name="更改密码").click()
    expect(page.get_by_role("alert")).to_contain_text("不一致")
    for label, text in (("原密码", once), ("新密码", PASSWORD), ("再次输入新密码", PASSWORD)):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="更改密码").click()
    expect(page.get_by_role("heading", name="工作清单")).to_be_visible()


def test_a_login_is_locked_after_five_failures_and_an_administrator_lifts_that(house: House, visit: Visit) -> None:
    given_person(house.store, "locked", "林锁定", Role.AUDITOR, PASSWORD)
    page = visit(None, "/login")
    for attempt in range(6):
        page.get_by_label("登录名").fill("locked")
        page.get_by_label("密码", exact=True).fill("wrong" if attempt < 5 else PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("不正确" if attempt < 5 else "已锁定 15 分钟")
        page.goto("/login")
    admin = visit(Role.ADMIN, "/people")
    row = admin.get_by_role("row", name="林锁定")
    expect(row).to_contain_text("已锁定")
    admin.get_by_role("button", name="重置密码 林锁定").click()
    once = admin.locator("#once").inner_text()
    page.get_by_label("登录名").fill("locked")
    page.get_by_label("密码", exact=True).fill(once)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/password$"))


def test_two_log_ins_are_two_sessions_and_ending_one_leaves_the_other(visit: Visit) -> None:
    one, other = visit(Role.AUDITOR), visit(Role.AUDITOR, language="en")
    one.get_by_role("button", name="退出").click()
    expect(one.get_by_role("heading", name="登录")).to_be_visible()
    other.reload()
    expect(other.get_by_role("heading", name="Work list")).to_be_visible()


def test_language_and_colours_are_kept_and_lead_back(visit: Visit) -> None:
    page = visit(Role.REVIEWER, "/?view=open&q=海口")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Work list")).to_be_visible()
    assert "view=open" in page.url
    expect(page.get_by_label("Search")).to_have_value("海口")
    ground = page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor")
    page.get_by_role("link", name="System").click()
    page.get_by_role("link", name="Light").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor") != ground
    page.goto("/language/zh?next=//evil.example/")
    assert page.url.startswith("http://127.0.0.1")


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "dark")])
def test_problems_are_pages_with_a_way_back(visit: Visit, language: str, scheme: str) -> None:
    page = visit(Role.REVIEWER, "/nothing/here", language=language, scheme=scheme, size=TABLET)
    assert serious(page) == []
    page.get_by_role("link", name="返回工作清单" if language == "zh" else "Back to the work list").click()
    expect(page.locator("#list")).to_be_visible()


def test_files_of_the_page_are_kept_by_browsers_under_their_hash_only(house: House) -> None:
    browser, _ = client(house)
    with browser:
        at = re.search(r'href="(/static/[^"]+style\.css)"', browser.get("/login").text)
        assert at
        assert "immutable" in browser.get(at[1]).headers["cache-control"]
        assert browser.get("/static/0/style.css").headers["cache-control"] == "no-cache"
        for path in ("/static/0/../app.py", "/static/0/..%2fapp.py", "/static/0/htmx.LICENSE.txt", "/static/0/none.js"):
            assert browser.get(path).status_code == 404
