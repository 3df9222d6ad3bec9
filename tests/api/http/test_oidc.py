"""Signing in through an OpenID Connect provider that runs beside the test."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
import uvicorn
from joserfc.jwk import RSAKey

from api import clock
from api.http.app import create_app
from api.http.openid import Provider
from api.http.pages.shell import SESSION
from api.settings import Settings
from api.store import Store, open_store, people
from api.store.people import Role
from models.errors import InputError
from tests.api.http.provider import CLIENT, SECRET, Given, provider

PASSWORD = "a long enough password"  # noqa: S105 - of people who are made up


@dataclass(frozen=True)
class Served:
    url: str
    store: Store
    given: Given

    def browser(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, follow_redirects=True, timeout=30)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app in this process, on a port of its own, with a provider that it trusts."""
    with provider() as (issuer, given), socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        settings = Settings(
            data=tmp_path_factory.mktemp("oidc"), oidc_issuer=issuer, oidc_client=CLIENT, oidc_secret=SECRET
        )
        store = open_store(settings)
        server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None, lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield Served(f"http://127.0.0.1:{sock.getsockname()[1]}", store, given)
        server.should_exit = True
        thread.join(30)
        store.close()


@pytest.fixture(autouse=True)
def as_before(served: Served) -> Iterator[None]:
    yield
    served.given.__init__()  # type: ignore[misc]


def test_whom_the_provider_vouches_for_is_let_in_once_an_administrator_gave_a_role(served: Served) -> None:
    served.given.sub = "u-42"
    with served.browser() as browser:
        refused = browser.get("/oidc/start?next=/password")
        assert refused.status_code == 403
        assert "分配角色" in refused.text
        assert SESSION not in browser.cookies
        (person,) = [one for one in people.list_people(served.store) if (one.subject or "").endswith("|u-42")]
        assert (person.login, person.name, person.roles) == ("lin.tunchang", "林屯昌", frozenset())
        give_role(served, person.id)
        let_in = browser.get("/oidc/start?next=/password")
        assert str(let_in.url) == f"{served.url}/password"
        assert "林屯昌" in let_in.text
    with served.browser() as browser:  # the same person another day, under another name at the provider
        served.given.username = "renamed"
        assert "林屯昌" in browser.get("/oidc/start").text
    assert len([one for one in people.list_people(served.store) if one.subject]) == 1


def test_a_login_that_somebody_has_is_not_taken_over(served: Served) -> None:
    mine, _ = people.create_person(
        served.store, "chen", "陈定安", [Role.ADMIN], actor="test", now=clock.now(), password=PASSWORD
    )
    served.given.sub, served.given.username = "u-evil", "chen"
    with served.browser() as browser:
        assert browser.get("/oidc/start").status_code == 403
    assert people.get_person(served.store, mine.id).subject is None
    (other,) = [one for one in people.list_people(served.store) if (one.subject or "").endswith("|u-evil")]
    assert other.login.startswith("chen-")


@pytest.mark.parametrize(
    ("claims", "sub"),
    [
        ({"aud": "another"}, "u-aud"),
        ({"iss": "http://127.0.0.1:1"}, "u-iss"),
        ({"nonce": "of another log-in"}, "u-nonce"),
        ({"exp": 1_000_000_000}, "u-exp"),
        ({"azp": "another"}, "u-azp"),
    ],
)
def test_a_token_that_is_not_for_us_now_opens_nothing(served: Served, claims: dict[str, object], sub: str) -> None:
    served.given.sub, served.given.claims = sub, claims
    refuses(served, sub)


def test_a_token_signed_by_somebody_else_opens_nothing(served: Served) -> None:
    served.given.sub, served.given.signs_with = "u-forged", RSAKey.generate_key(2048)
    refuses(served, "u-forged")


def test_a_person_who_declines_at_the_provider_can_sign_in_otherwise(served: Served) -> None:
    served.given.refuses = True
    with served.browser() as browser:
        answer = browser.get("/oidc/start")
        assert answer.status_code == 422
        assert "未能确认身份" in answer.text


def test_a_callback_that_this_browser_did_not_ask_for_is_refused(served: Served) -> None:
    with served.browser() as browser:
        browser.get("/oidc/start", follow_redirects=False)
        assert browser.get("/oidc/callback?code=x&state=of-somebody-else").status_code == 422
    with served.browser() as other:
        assert other.get("/oidc/callback?code=x&state=").status_code == 422


def test_a_provider_in_the_clear_is_refused_at_the_start() -> None:
    with pytest.raises(InputError, match="https"):
        Provider(Settings(oidc_issuer="http://login.example.cn", oidc_client="x"))


def refuses(served: Served, sub: str) -> None:
    with served.browser() as browser:
        answer = browser.get("/oidc/start")
        assert answer.status_code == 422
        assert "未能确认身份" in answer.text
        assert SESSION not in browser.cookies
    assert not [one for one in people.list_people(served.store) if (one.subject or "").endswith(f"|{sub}")]


def give_role(served: Served, person_id: str) -> None:
    """As an administrator does on the people page; there must be one who stays."""
    if not any(Role.ADMIN in one.roles for one in people.list_people(served.store)):
        people.create_person(
            served.store,
            "first",
            "周万宁",
            [Role.ADMIN],
            actor="test",
            now=clock.now(),
            password=PASSWORD,
        )
    people.set_roles(served.store, person_id, [Role.REVIEWER], actor="test", now=clock.now())
