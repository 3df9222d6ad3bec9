"""Who may do what, and how what is refused is said."""

import socket

import httpx
import pytest

from api.http.problems import Said, parted, prefers_english
from api.http.rates import Rates
from tests.api.http.conftest import Served
from tests.api.jobs.service import ofd


def test_nothing_is_open_without_a_key(served: Served) -> None:
    described = httpx.get(f"{served.url}/openapi.json").json()
    with httpx.Client(base_url=served.url) as anybody:
        for path, methods in described["paths"].items():
            for method in methods:
                if path.startswith("/v1") or path == "/metrics":
                    where = path.replace("{page}", "1").replace("{sha256}", "0" * 64).replace("{kind}", "cma")
                    answer = anybody.request(method.upper(), where)
                    assert answer.status_code == 401, (method, path)
                    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("text", ["none", "zs_", "zs_x_y", "Bearer", "zs_" + "a" * 500])
def test_a_wrong_key_opens_nothing(served: Served, text: str) -> None:
    with served.client(text) as http:
        assert http.get("/v1/checks").status_code == 401


def test_a_key_does_what_its_scopes_say(served: Served) -> None:
    from api import clock
    from api.settings import settings_from
    from api.store.keys import Scope, create_key
    from api.store.opened import open_store

    store = open_store(settings_from({"ZHENGSHEN_DATA": str(served.data)}))
    _, one = create_key(store, "one", (Scope.SUBMIT,), actor="test", now=clock.now())
    _, other = create_key(store, "other", (Scope.SUBMIT,), actor="test", now=clock.now())
    _, reading = create_key(store, "reading", (Scope.READ,), actor="test", now=clock.now())
    store.close()
    with served.client(one) as http:
        where = http.post("/v1/reviews", files={"files": ("a.ofd", ofd(1))}).headers["location"]
        assert http.get(where).status_code == 200
        assert http.get("/v1/reviews").status_code == 403
        assert http.get("/metrics").status_code == 403
    with served.client(other) as http:
        assert http.get(where).status_code == 404  # not even that it exists
        assert http.delete(where).status_code == 404
    with served.client(reading) as http:
        assert http.get(where).status_code == 200
        assert http.post("/v1/reviews", files={"files": ("a.ofd", ofd(1))}).status_code == 403


def test_problems_speak_the_callers_language(served: Served) -> None:
    with served.client(**{"Accept-Language": "en-GB,en;q=0.9"}) as http:
        english = http.get("/v1/reviews/rev_none")
    with served.client() as http:
        chinese = http.get("/v1/reviews/rev_none", headers={"X-Request-Id": "mine-1"})
    assert (english.json()["detail"], chinese.json()["detail"]) == ("There is no such review.", "没有这一审查。")
    assert chinese.json()["instance"] == "urn:request:mine-1"
    assert chinese.headers["content-type"] == "application/problem+json"


def test_what_is_malformed_is_pointed_at(served: Served) -> None:
    with served.client() as http:
        answer = http.get("/v1/reviews", params={"limit": "many"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/limit"


def test_headers_that_browsers_need_are_on_every_answer(served: Served) -> None:
    with served.client() as http:
        for path in ("/livez", "/v1/checks", "/nothing/here"):
            headers = http.get(path).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert "default-src 'none'" in headers["content-security-policy"]


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(served: Served) -> None:
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(b"POST /v1/parse HTTP/1.1\r\nHost: x\r\nContent-Length: 700000000\r\n\r\n")
        assert b" 413 " in line.recv(200)


@pytest.mark.parametrize(
    ("accepted", "english"),
    [("", False), ("en", True), ("zh-CN,zh;q=0.9,en;q=0.8", False), ("en;q=0.5,zh;q=0.9", False), ("fr", False)],
)
def test_chinese_unless_english_is_asked_for(accepted: str, english: bool) -> None:
    assert prefers_english(accepted) is english


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("文件为空。 The file is empty.", Said("文件为空。", "The file is empty.")),
        ("只有中文。", Said("只有中文。", "只有中文。")),
        ("甲。乙。 One. Two.", Said("甲。乙。", "One. Two.")),
    ],
)
def test_messages_part_into_their_languages(message: str, said: Said) -> None:
    assert parted(message) == said


def test_a_caller_who_asks_too_often_waits_and_others_do_not() -> None:
    rates = Rates(60)
    waits = [rates.wait("a") for _ in range(12)]
    assert waits[:10] == [0.0] * 10
    assert 0 < waits[-1] <= 1.0
    assert rates.wait("b") == 0.0
