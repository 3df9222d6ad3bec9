"""Too much at once: what cannot be taken is refused with 503 and when to come back, and what was taken is finished."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from api import clock
from api.http.app import create_app
from api.settings import Settings
from api.store.keys import Scope, create_key
from api.store.reviews import State
from tests.api.jobs.service import Service, ofd, service

LIMIT = 3


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Without a worker, so that what is accepted waits."""
    with service(tmp_path_factory.mktemp("overload") / "data", ZHENGSHEN_QUEUE_LIMIT=str(LIMIT)) as made:
        yield made


@contextmanager
def client(here: Service, settings: Settings) -> Iterator[TestClient]:
    _, key = create_key(here.store, "overload", list(Scope), actor="test", now=clock.now())
    with TestClient(create_app(settings), headers={"Authorization": f"Bearer {key}"}) as http:
        yield http


def post(http: TestClient, number: int) -> tuple[int, dict[str, str], dict[str, object]]:
    answer = http.post(
        "/v1/reviews", files={"files": ("a.ofd", ofd(1, str(number)))}, headers={"Idempotency-Key": f"post {number}"}
    )
    return answer.status_code, dict(answer.headers), answer.json()


@pytest.mark.parametrize("short", ["disk_full", "memory_short"])
def test_nothing_is_accepted_where_it_could_not_be_kept(
    here: Service, short: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if short == "memory_short":
        monkeypatch.setattr("api.http.intake.available_mb", lambda: 199.0)
    with client(
        here, here.settings if short == "memory_short" else replace(here.settings, min_free_mb=1 << 40)
    ) as http:
        status, headers, body = post(http, 0)
    assert (status, body["code"]) == (503, short)
    assert int(headers["retry-after"]) > 0
    assert headers["content-type"] == "application/problem+json"


def test_a_full_queue_refuses_what_is_new_and_finishes_what_it_has(here: Service) -> None:
    with client(here, here.settings) as http:
        accepted = [post(http, number) for number in range(LIMIT)]
        assert [status for status, _, _ in accepted] == [202] * LIMIT
        status, headers, body = post(http, LIMIT)
        assert (status, body["code"]) == (503, "queue_full")
        assert int(headers["retry-after"]) > 0
        again, _, same = post(http, 0)
        assert (again, same["id"]) == (202, accepted[0][2]["id"]), "what was accepted before is no new work"
        here.start("worker")
        for _, _, review in accepted:
            assert here.ended(str(review["id"])).state is State.DONE
        assert post(http, LIMIT)[0] == 202
