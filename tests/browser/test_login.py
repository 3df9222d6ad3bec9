"""Signing in at the page, and what nobody may do without."""

import re

import pytest
from playwright.sync_api import Page, expect

from api.store.people import Role
from tests.browser.conftest import PASSWORD, House, Visit, serious


def sign_in(page: Page, login: str, password: str) -> None:
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码", exact=True).fill(password)
    page.keyboard.press("Enter")


def test_people_sign_in_by_keyboard_and_go_on_where_they_wanted(house: House, visit: Visit) -> None:
    page = visit(None, "/password")
    expect(page).to_have_url(re.compile(r"/login\?next="))
    page.keyboard.type("reviewer1")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("登录名或密码不正确")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/password$"))
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(re.compile(r"/login$"))
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/login$"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_log_in_is_open_to_everybody(visit: Visit, language: str, scheme: str) -> None:
    page = visit(None, "/login", language=language, scheme=scheme)
    assert serious(page) == []
    page = visit(Role.REVIEWER, "/password", language=language, scheme=scheme)
    assert serious(page) == []
