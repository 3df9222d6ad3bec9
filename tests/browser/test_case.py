"""The case page: a case walked by keyboard and by mouse, in both languages, with its tabs, boxes and pictures."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from api.store.log import entries
from api.store.people import Role
from tests.browser.conftest import TABLET, House, Visit, serious
from tests.browser.given_case import hostile_case, sample_case, small_case

Opened = Callable[..., Page]


@pytest.fixture(scope="session")
def small(house: House) -> str:
    """A case of a few rows on two pages with findings on both."""
    return small_case(house.store)


@pytest.fixture
def opened(visit: Visit) -> Opened:
    """Opens a case and waits until it can be worked on."""

    def open_case(review: str, **more: object) -> Page:
        page = visit(path=f"/cases/{review}", **more)
        page.wait_for_selector('#case[data-ready="1"]')
        page.wait_for_selector("#finding")
        return page

    return open_case


def current(page: Page) -> str:
    return str(page.locator('#findings .line[aria-selected="true"]').get_attribute("data-fingerprint"))


def shown_page(page: Page) -> int:
    return int(page.locator("#page").input_value())


def test_a_case_is_walked_by_keyboard_alone(opened: Opened, small: str) -> None:
    page = opened(small)
    first = current(page)
    expect(page.locator("#finding")).to_have_attribute("data-fingerprint", first)
    expect(page.locator("#boxes rect.lit")).to_have_count(1)
    page.keyboard.press("j")
    second = current(page)
    assert second != first
    expect(page.locator("#finding")).to_have_attribute("data-fingerprint", second)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert current(page) == first

    page.keyboard.press("g")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    assert shown_page(page) == 2
    page.keyboard.press("PageUp")
    assert shown_page(page) == 1
    before = page.locator("#zoom").inner_text()
    page.keyboard.press("+")
    larger = page.locator("#zoom").inner_text()
    assert int(larger.rstrip("%")) > int(before.rstrip("%"))
    page.keyboard.press("0")
    expect(page.locator("#zoom")).to_have_text(before)
    page.keyboard.press("r")
    expect(page.locator("#sheet")).to_have_attribute("style", re.compile(r"rotate\(90deg\)"))

    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("j")
    assert current(page) == first  # nothing moves behind the help
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()

    page.keyboard.press("3")
    expect(page.locator("#panel-rows")).to_be_visible()
    page.wait_for_selector(".rows-line[data-row]")
    page.locator("#rows-view").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press(" ")
    expect(page.locator('#rows-selected input[name="row"]')).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#boxes rect.lit")).to_have_count(1)
    page.keyboard.press("/")
    page.keyboard.type("大米")
    expect(page.locator(".rows-line[data-row]").first).to_contain_text("大米")
    page.keyboard.press("Escape")
    for key, panel in (("2", "fields"), ("4", "registries"), ("5", "history"), ("1", "findings")):
        page.keyboard.press(key)
        expect(page.locator(f"#panel-{panel}")).to_be_visible()


def test_a_case_is_walked_by_mouse(opened: Opened, small: str) -> None:
    page = opened(small)
    lines = page.locator("#findings .line")
    lines.nth(1).click()
    chosen = current(page)
    expect(page.locator("#finding")).to_have_attribute("data-fingerprint", chosen)

    other = page.locator("#boxes rect.of-finding").first
    wanted = other.get_attribute("data-finding")
    other.click(force=True)
    expect(page.locator("#finding")).to_have_attribute("data-fingerprint", wanted or "")

    page.locator("#finding .crop").first.click()
    expect(page.locator("#boxes rect.lit")).to_have_count(1)
    page.get_by_role("tab", name=re.compile("能力项")).click()
    page.locator(".rows-line[data-row]").nth(2).click()
    expect(page.locator(".rows-line.active")).to_have_count(1)
    page.get_by_role("tab", name="字段").click()
    page.locator("#panel-fields .place").first.click()
    expect(page.locator("#boxes rect.lit")).to_have_count(1)
    page.locator("#thumbs .thumb").nth(1).click()
    assert shown_page(page) == 2


def test_what_is_read_is_shown_on_hover_and_leads_to_its_row(opened: Opened, small: str) -> None:
    page = opened(small)
    page.wait_for_selector("#boxes rect.read", state="attached")
    box = page.locator('#boxes rect.read[data-read="6"]')
    box.scroll_into_view_if_needed()
    box.hover(force=True)
    expect(page.locator("#tip")).to_contain_text("GB/T")
    box.click(force=True)
    expect(page.locator("#panel-rows")).to_be_visible()
    expect(page.locator(".rows-line.active")).to_have_count(1)


def test_a_finding_of_a_real_paper_says_all_there_is_to_say(house: House, opened: Opened, shots: Path | None) -> None:
    page = opened(sample_case(house.store, "wrong_name_by_one_character"))
    finding = page.locator("#finding")
    expect(finding.locator(".value del")).to_have_count(1)
    expect(finding.locator(".value ins")).to_have_count(1)
    assert len(finding.locator(".value del").inner_text()) == 1
    expect(finding).to_contain_text("企业信用信息公示")
    expect(finding.locator(".registry")).to_contain_text("2026-10-31")
    expect(finding.locator(".parts .differs")).to_contain_text("字号")
    expect(finding).to_contain_text("依据")
    expect(finding).to_contain_text("建议")
    expect(finding.locator('.crop[data-drawn="1"]')).to_have_count(1)
    ink = finding.locator(".crop canvas").evaluate(
        """one => one.getContext("2d").getImageData(0, 0, one.width, one.height).data
             .some((value, place) => place % 4 < 3 && value < 120)"""
    )
    assert ink
    mark, room = finding.locator(".crop-mark").bounding_box(), finding.locator(".crop").bounding_box()
    assert mark is not None
    assert room is not None
    assert room["x"] <= mark["x"] < mark["x"] + mark["width"] <= room["x"] + room["width"] + 1
    if shots:
        page.screenshot(path=shots / "case.png")


def test_both_languages_say_the_same_places(opened: Opened, small: str) -> None:
    chinese, english = opened(small), opened(small, language="en")
    assert current(chinese) == current(english)
    expect(english.get_by_role("tab", name="Findings")).to_be_visible()
    expect(english.locator("#finding")).to_contain_text("is in the library with another year only")
    expect(english.locator(".band").first).to_contain_text("Blocking")
    assert not re.search("[一-鿿]", english.locator(".tabs").inner_text())


def test_findings_are_worst_first_and_found_by_words(opened: Opened, small: str) -> None:
    page = opened(small)
    bands = page.evaluate("() => [...document.querySelectorAll('.band b')].map(b => b.textContent)")
    assert bands == sorted(bands, key=["阻断", "重要", "提示", "已通过"].index)
    page.locator("#find").fill("ST-05")
    expect(page.locator("#findings .line").first).to_contain_text("ST-05")
    assert all("ST-05" in text for text in page.locator("#findings .line").all_inner_texts())
    page.locator("#find").fill("没有这样的")
    expect(page.locator("#findings .line")).to_have_count(0)
    page.locator("#find").fill("")
    expect(page.locator("#findings .line").first).to_be_visible()  # the list follows a moment after the typing
    before = page.locator('[data-tab-count="findings"]').inner_text()
    page.locator('input[name="show"][value="all"]').check(force=True)
    page.evaluate("() => { const list = document.getElementById('findings'); list.scrollTop = list.scrollHeight; }")
    expect(page.locator("#findings .line.settled").first).to_be_visible()
    expect(page.locator('[data-tab-count="findings"]')).to_have_text(before)


def test_markup_in_values_is_text(house: House, opened: Opened) -> None:
    page = opened(hostile_case(house.store))
    for key in "23451":
        page.keyboard.press(key)
        page.wait_for_timeout(150)
    page.keyboard.press("3")
    page.wait_for_selector(".rows-line[data-row]")
    expect(page.locator(".rows-line").first).to_contain_text("<img src=x")
    assert page.title() != "broken"
    assert page.locator("img[src=x], .case script, #case [onerror]").count() == 0
    expect(page.locator("#finding .value").first).to_contain_text("<script>")
    assert page.locator('#finding a[href^="javascript"]').count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_bars_anybody_from_the_case(opened: Opened, small: str, scheme: str) -> None:
    page = opened(small, scheme=scheme)
    assert serious(page) == []
    page.keyboard.press("3")
    page.wait_for_selector(".rows-line[data-row]")
    page.keyboard.press("j")
    assert serious(page) == []
    page.keyboard.press("2")
    page.wait_for_selector("#panel-fields .fields")
    assert serious(page) == []


def test_on_a_tablet_nothing_lies_outside_the_window(opened: Opened, small: str) -> None:
    page = opened(small, size=TABLET, has_touch=True)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("tab", name=re.compile("能力项")).tap()
    page.wait_for_selector(".rows-line[data-row]")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_numbers_of_persons_are_masked_until_somebody_who_may_asks(house: House, opened: Opened, small: str) -> None:
    page = opened(small)
    page.keyboard.press("2")
    fields = page.locator("#panel-fields")
    expect(fields).to_contain_text("138****5678")
    page.locator('[data-unmask="fields"]').click()
    expect(fields).to_contain_text("13812345678")
    seen = [entry for entry in entries(house.store, small) if entry.action == "review.unmasked"]
    assert [entry.actor for entry in seen] == [house.people[Role.REVIEWER].actor]
    registrar = opened(small, role=Role.REGISTRAR)
    registrar.keyboard.press("2")
    expect(registrar.locator("#panel-fields")).to_contain_text("138****5678")
    assert registrar.locator("[data-unmask]").count() == 0
    refused = registrar.request.get(f"/cases/{small}/fields?unmask=true")
    assert refused.status == 403


def test_a_word_on_a_finding_leads_to_the_next_one(house: House, opened: Opened) -> None:
    page = opened(small_case(house.store))
    first = current(page)
    expect(page.locator("#progress")).to_have_text("已处理 0 / 8")
    page.keyboard.press("Enter")
    expect(page.locator("#progress")).to_have_text("已处理 1 / 8")
    expect(page.locator("#finding")).not_to_have_attribute("data-fingerprint", first)
    expect(page.locator(f"#f-{first} .line-word")).to_have_text("已确认")
    page.locator('input[name="show"][value="open"]').check(force=True)
    expect(page.locator(f"#f-{first}")).to_have_count(0)
    page.keyboard.press("5")
    expect(page.locator("#panel-history")).to_contain_text("确认")
