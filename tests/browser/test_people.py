"""The people page: adding somebody, giving roles, shutting out."""

import re

from playwright.sync_api import expect

from api import clock
from api.store import people
from api.store.people import Role
from tests.browser.conftest import PASSWORD, House, Visit, given_person


def test_an_administrator_adds_a_person_gives_a_role_and_shuts_them_out(house: House, visit: Visit) -> None:
    page = visit(Role.ADMIN, "/people")
    page.get_by_label("姓名").fill("<i>何乐东</i>")
    page.get_by_label("登录名").fill("He.Ledong")
    page.get_by_role("button", name="添加").click()
    once = page.locator("#once").inner_text()
    assert re.fullmatch(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", once)
    row = page.get_by_role("row", name="何乐东")
    expect(row).to_contain_text("<i>何乐东</i>")
    expect(row).to_contain_text("待改密码")
    page.goto("/people")
    expect(page.locator("#once")).to_have_count(0)
    row.locator("summary").click()
    row.get_by_label("复核员").check()
    row.get_by_role("button", name="保存角色").click()
    expect(row).to_contain_text("审查员、复核员")
    row.get_by_role("button", name="停用").click()
    expect(row).to_contain_text("已停用")
    row.get_by_role("button", name="恢复").click()
    expect(row).to_contain_text("待改密码")
    person = people.person_by_login(house.store, "he.ledong")
    assert person.roles == {Role.REVIEWER, Role.SECOND_REVIEWER}


def test_mistakes_are_said_and_what_was_typed_stays(house: House, visit: Visit) -> None:
    page = visit(Role.ADMIN, "/people")
    page.get_by_label("姓名").fill("重名者")
    page.get_by_label("登录名").fill("reviewer1")
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("alert")).to_contain_text("已被使用")
    expect(page.get_by_label("姓名")).to_have_value("重名者")


def test_whoever_is_shut_out_is_out_at_once(house: House, visit: Visit) -> None:
    person, _ = given_person(house.store, "leaver", "离任者", Role.REVIEWER, PASSWORD)
    page = visit(None, "/login")
    page.get_by_label("登录名").fill("leaver")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="工作清单")).to_be_visible()
    page.wait_for_load_state()  # what is typed before HTMX runs, nobody hears
    people.disable_person(house.store, person.id, actor="test", now=clock.now())
    page.get_by_label("搜索").fill("x")  # HTMX asks, and is sent to the log-in
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
