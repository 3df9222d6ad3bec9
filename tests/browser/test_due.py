"""The page of deadlines: what is overdue stands first, and a verification is written down from it."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from api import clock
from api.store import log
from api.store.people import Role
from api.store.snapshots import delete_snapshot, upload_snapshot
from models.records import RegistryKind
from tests.browser.conftest import House, Visit, serious

NUMBER = "262121340001"


@pytest.fixture
def issued(house: House) -> object:
    day = clock.now().date() - dt.timedelta(days=100)
    data = (
        f"证书编号,机构名称,发证日期,有效期至\n{NUMBER},海口椰风检测技术有限公司,{day},{day.year + 6}-01-01\n".encode()
    )
    row = upload_snapshot(
        house.store, RegistryKind.CMA, "cma.csv", data, clock.now().date(), actor="test", now=clock.now()
    )
    yield row
    delete_snapshot(house.store, row.id, actor="test", now=clock.now())


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "dark")])
def test_deadlines_can_be_read_by_everybody(visit: Visit, issued: object, language: str, scheme: str) -> None:
    page = visit(Role.AUDITOR, "/due", language=language, scheme=scheme)
    expect(page.get_by_role("row", name=NUMBER)).to_contain_text("Overdue" if language == "en" else "已逾期")
    assert page.get_by_role("button", name="登记").count() == 0  # an auditor looks, and writes nothing
    assert serious(page) == []


def test_a_verification_is_written_down_from_the_page(house: House, visit: Visit, issued: object) -> None:
    page = visit(Role.REVIEWER, "/due")
    line = page.get_by_role("row", name=NUMBER)
    line.get_by_role("combobox").select_option("true")
    line.get_by_role("button", name="登记").click()
    expect(page.get_by_role("row", name=NUMBER)).to_have_count(0)
    page.goto("/due?all=true&kind=verification")
    expect(page.get_by_role("row", name=NUMBER)).to_contain_text("属实")
    (entry,) = log.entries(house.store, subject=NUMBER)
    assert (entry.action, entry.actor) == ("commitment.verified", house.people[Role.REVIEWER].actor)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载日历").click()
    assert download.value.suggested_filename == "due.ics"
