"""The registries page: a snapshot is looked at, its columns explained, confirmed, and taken back."""

import re

import pytest
from playwright.sync_api import Page, expect

from api.store.people import Role
from api.store.snapshots import list_snapshots
from models.records import RegistryKind
from tests.browser.conftest import TABLET, House, Visit, serious

FIRST = "领域,标准名称,标准编号,备注\n食品,水分的测定,GB 5009.3-2016,\n食品,铅的测定,GB 5009.12-2017,\n"
SECOND = "领域,标准名称,方法标准号,备注\n食品,水分的测定,GB 5009.3-2016,只做第一法\n食品,<b>镉</b>,GB 5009.15-2023,\n"


def preview(page: Page, kind: str, content: str, day: str = "2026-11-01", name: str = "库.csv") -> None:
    page.get_by_label("种类").select_option(kind)
    page.get_by_label("数据日期").fill(day)
    page.locator("input[name=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content.encode()})
    page.get_by_role("button", name="预览").click()


def test_a_snapshot_counts_only_once_it_was_confirmed(house: House, visit: Visit) -> None:
    page = visit(Role.REGISTRAR, "/registries")
    expect(page.get_by_role("row", name="能力项目库")).to_contain_text("没有数据")
    preview(page, "library", FIRST)
    expect(page.get_by_text("全部 2 条都是新增")).to_be_visible()
    assert list_snapshots(house.store, RegistryKind.LIBRARY) == []
    page.get_by_role("button", name="确认启用").click()
    expect(page.get_by_role("status").filter(has_text="已更新")).to_be_visible()
    (first,) = list_snapshots(house.store, RegistryKind.LIBRARY)
    assert (first.rows, first.source, first.uploaded_by) == (2, "库.csv", house.people[Role.REGISTRAR].actor)

    preview(page, "library", SECOND, "2026-11-20")
    expect(page.get_by_text("没有能区分条目的列")).to_contain_text("标准编号")
    page.get_by_label("方法标准号").select_option("code")
    page.get_by_role("button", name="按所选含义重新预览").click()
    for said in ("+1", "−1"):
        expect(page.locator(".tally")).to_contain_text(said)
    expect(page.locator(".examples")).to_contain_text("只做第一法")
    expect(page.locator(".examples strong", has_text="<b>镉</b>")).to_be_visible()
    page.get_by_role("button", name="确认启用").click()
    second, former = list_snapshots(house.store, RegistryKind.LIBRARY)
    assert (second.active, former.active, second.columns["方法标准号"]) == (True, False, "code")

    page.get_by_text("以前的快照 1 份").click()
    page.get_by_role("button", name="改用这一份").click()
    expect(page.get_by_text("以前的快照 1 份")).to_be_visible()
    assert list_snapshots(house.store, RegistryKind.LIBRARY, active=True) == [
        one for one in list_snapshots(house.store, RegistryKind.LIBRARY) if one.id == first.id
    ]
    page.get_by_text("以前的快照 1 份").click()
    page.get_by_role("button", name="删除").click()
    expect(page.get_by_text("以前的快照")).to_have_count(0)


def test_what_cannot_be_used_is_said_and_changes_nothing(house: House, visit: Visit) -> None:
    page = visit(Role.REGISTRAR, "/registries")
    preview(page, "standards", "%PDF-1.7", name="x.pdf")
    expect(page.get_by_role("alert")).to_contain_text("CSV、XLSX")
    expect(page.get_by_role("button", name="确认启用")).to_be_disabled()
    page.goto("/registries")
    preview(page, "standards", "甲,乙\n1,2\n")
    expect(page.get_by_role("alert")).to_contain_text("没有找到")
    expect(page.get_by_label("甲")).to_be_visible()
    assert list_snapshots(house.store, RegistryKind.STANDARDS) == []


def test_old_data_is_warned_of(visit: Visit) -> None:
    page = visit(Role.REGISTRAR, "/registries")
    preview(page, "cma", "证书编号,机构名称\n242120340315,海南鲣丰食品检验有限公司\n", "2026-01-01")
    page.get_by_role("button", name="确认启用").click()
    row = page.get_by_role("row", name="资质认定名录")
    expect(row).to_contain_text("过旧")
    expect(row).to_contain_text(re.compile(r"\d+ 天前"))
    expect(page.get_by_text("以下登记数据缺失或过旧")).to_contain_text("资质认定名录")


def test_who_is_no_registrar_looks_only(visit: Visit) -> None:
    page = visit(Role.REVIEWER, "/registries")
    expect(page.get_by_role("row", name="能力项目库")).to_be_visible()
    expect(page.get_by_role("button", name="预览")).to_have_count(0)


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("zh", "dark"), ("en", "light"), ("en", "dark")])
def test_the_page_and_its_preview_are_open_to_everybody(visit: Visit, language: str, scheme: str) -> None:
    page = visit(Role.REGISTRAR, "/registries", language=language, scheme=scheme, size=TABLET)
    assert serious(page) == []
    page.locator("select[name=kind]").select_option("library")
    page.locator("input[name=file]").set_input_files(
        {"name": "x.csv", "mimeType": "text/csv", "buffer": SECOND.encode()}
    )
    page.locator(".add button").click()
    expect(page.locator("#map-title")).to_be_visible()
    assert serious(page) == []
