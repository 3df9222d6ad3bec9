"""A case of 300 pages and 10,000 rows: nothing of it is sent or kept that is not looked at."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House, Visit
from tests.browser.given_case import large_case

ROWS, PAGES, FINDINGS = 10_000, 300, 600


@pytest.fixture(scope="module")
def large(house: House) -> str:
    return large_case(house.store, ROWS, PAGES, FINDINGS)


@pytest.fixture
def page(visit: Visit, large: str) -> Page:
    page = visit(path=f"/cases/{large}")
    page.wait_for_selector('#case[data-ready="1"]')
    return page


def test_the_page_itself_is_small_however_large_the_case(page: Page, large: str) -> None:
    sizes = page.evaluate(
        """() => Object.fromEntries(performance.getEntries().filter((one) => one.decodedBodySize)
             .map((one) => [new URL(one.name).pathname, one.transferSize]))"""
    )
    assert sizes[f"/cases/{large}"] < 60_000
    assert sizes[f"/cases/{large}/outline"] < 150_000
    assert page.evaluate("() => document.querySelectorAll('*').length") < 1_500


def test_ten_thousand_rows_are_scrolled_searched_and_found_on_their_page(page: Page) -> None:
    page.keyboard.press("3")
    page.wait_for_selector(".rows-line[data-row]")
    view = page.locator("#rows-view")
    view.focus()
    page.keyboard.press("End")
    last = page.locator(f'.rows-line[data-row="{ROWS - 1}"]')
    expect(last).to_be_visible()
    assert page.locator(".rows-line").count() < 40
    page.keyboard.press("Enter")
    expect(page.locator("#page")).to_have_value(str(PAGES))
    expect(page.locator("#boxes rect.lit")).to_have_count(1)
    page.locator("#panel-rows").get_by_text("不予列入").first.click()
    expect(page.locator("#rows")).to_have_attribute("aria-rowcount", str(FINDINGS + 1))
    page.locator("#rows-q").fill("5016.16 氨氮")
    expect(page.locator(".rows-line[data-row]").first).to_contain_text("GB/T 5016.16")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.locator("#finding .row-link").first.click()
    expect(page.locator(".rows-line.active")).to_have_count(1)
    expect(page.locator('[data-rows-count="all"]')).to_have_text(str(ROWS))


def test_pages_that_were_looked_at_do_not_pile_up(page: Page) -> None:
    for number in range(1, 31):
        page.evaluate("number => zs.show(0, number)", number)
    assert page.locator("#page").input_value() == "30"
    assert page.evaluate("() => zs.viewer.pictures.kept.size") <= 10
    assert page.locator("img").count() < 30
    page.evaluate("() => { const strip = document.getElementById('thumbs'); strip.scrollTop = strip.scrollHeight; }")
    last = page.locator(f'#thumbs .thumb[data-number="{PAGES - 1}"] img')
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=last.element_handle())
    assert page.locator("#thumbs .thumb").count() < 16


def test_thousands_of_findings_are_walked_without_a_jump(page: Page) -> None:
    before = page.locator("#finding-slot").bounding_box()
    for _ in range(6):
        page.keyboard.press("j")
    chosen = page.locator('#findings .line[aria-selected="true"]')
    expect(page.locator("#finding")).to_have_attribute(
        "data-fingerprint", chosen.get_attribute("data-fingerprint") or ""
    )
    expect(chosen).to_be_in_viewport(ratio=0.99)
    assert page.locator("#finding-slot").bounding_box() == before
    expect(page.locator("#boxes rect.lit")).to_be_in_viewport()
    shift = page.evaluate(
        """() => new Promise((done) => new PerformanceObserver((list) => done(
             list.getEntries().filter((one) => !one.hadRecentInput).reduce((sum, one) => sum + one.value, 0)
           )).observe({ type: "layout-shift", buffered: true }) || setTimeout(() => done(0), 300))"""
    )
    assert shift < 0.05
