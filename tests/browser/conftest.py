"""The service with people of every role, and Debian's Chromium to look at it with."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from api import clock
from api.http.pages.shell import SESSION, lifetime_of
from api.settings import Settings
from api.store import Store, open_store, passwords, people, sessions
from api.store.people import Person, Role
from tests.api.http.conftest import Served, serve

CHROMIUM = os.environ.get("ZHENGSHEN_CHROMIUM") or shutil.which("chromium")
DESK, TABLET = {"width": 1280, "height": 720}, {"width": 820, "height": 1180}
PASSWORD = "海口 tide tables 2026"  # noqa: S105 - of people who are made up
NAMES = {
    Role.REVIEWER: "李海宁",
    Role.SECOND_REVIEWER: "符文昌",
    Role.AUDITOR: "王琼山",
    Role.REGISTRAR: "陈定安",
    Role.ADMIN: "周万宁",
}


@dataclass(frozen=True, slots=True)
class House:
    """The service, its store, and one person for each role, whose login is the role's name with a 1 and whose password is PASSWORD."""

    served: Served
    settings: Settings
    store: Store
    people: Mapping[Role, Person]

    @property
    def url(self) -> str:
        return self.served.url

    def token(self, role: Role) -> str:
        """A session of the person with this role, as if they had just signed in."""
        return sessions.open_session(self.store, self.people[role], lifetime_of(self.settings), clock.now())


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    variables = {"ZHENGSHEN_REQUESTS_PER_MINUTE": "100000", "ZHENGSHEN_REINSPECT_PERCENT": "100"}
    served = serve(tmp_path_factory.mktemp("house"), **variables)
    settings = Settings(data=served.data)
    store = open_store(settings)
    try:
        yield House(served, settings, store, {role: _person(store, role) for role in Role})
    finally:
        store.close()
        served.process.send_signal(signal.SIGTERM)
        ended = served.process.wait(60)
    assert ended == 0


def _person(store: Store, role: Role) -> Person:
    return given_person(store, f"{role}1", NAMES[role], role, PASSWORD)[0]


def given_person(store: Store, login: str, name: str, role: Role, password: str | None = None) -> tuple[Person, str]:
    """A person and their password, one for once where none is given; its hash costs nothing, as it says itself."""
    with pytest.MonkeyPatch.context() as cheap:
        cheap.setattr(passwords, "_N", 2)
        person, once = people.create_person(
            store, login, name, [role], actor="test", now=clock.now(), password=password
        )
    return person, once or password or ""


@pytest.fixture(
    scope="module"
)  # it keeps a loop running in this thread, which would be in the way of whatever is tested after
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium, or name it in ZHENGSHEN_CHROMIUM")
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(house: House, chromium: Browser) -> Iterator[Visit]:
    """Opens a page as the person with a role (None: as nobody) in a browser of its own, with language, colours and size as asked for.

    The test fails where the page raised an error, logged one, or broke its own content policy.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(
        role: Role | None = Role.REVIEWER,
        path: str = "/",
        *,
        language: str = "zh",
        scheme: str = "light",
        size: Mapping[str, int] = DESK,
        **more: object,
    ) -> Page:
        context = chromium.new_context(base_url=house.url, viewport=dict(size), color_scheme=scheme, **more)  # type: ignore[arg-type]
        contexts.append(context)
        cookies = {"lang": language} | ({SESSION: house.token(role)} if role else {})
        context.add_cookies([{"name": name, "value": value, "url": house.url} for name, value in cookies.items()])
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors


def serious(page: Page) -> list[str]:
    """What axe-core finds wrong with the page for people who see, hear or move otherwise: findings called serious or critical."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


@pytest.fixture
def shots() -> Path | None:
    """Where to put pictures of the pages for people to look at; None unless ZHENGSHEN_SHOTS names a folder."""
    folder = os.environ.get("ZHENGSHEN_SHOTS")
    return Path(folder) if folder else None
