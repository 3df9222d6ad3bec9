"""Numbers of persons in answers: masked, and shown in full only to those who may and say so, which the audit log keeps."""

from collections.abc import Iterator

import httpx
import pytest

from api import clock
from api.settings import Settings
from api.store.keys import Scope, create_key
from api.store.log import entries, verify
from api.store.opened import open_store
from tests.api.http.conftest import Served
from tests.hostile.papers import SOUND

CARD = "460100199003070015"
NAME = f"张某{CARD}和13800138000.pdf"
SHOWN = "张某460***********0015和138****8000.pdf"


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[httpx.Client]:
    with served.client() as http:
        yield http


@pytest.fixture(scope="module")
def review_id(client: httpx.Client) -> str:
    answer = client.post("/v1/reviews", files=[("files", (NAME, SOUND))], headers={"Prefer": "wait=60"})
    assert answer.status_code == 200
    assert CARD not in answer.text
    assert SHOWN in answer.text
    return str(client.get("/v1/reviews?limit=1").json()["reviews"][0]["id"])


@pytest.mark.parametrize("path", ["", "?limit=5", "/{}", "/{}/report", "/{}/report.html"])
def test_lists_and_reports_are_masked(client: httpx.Client, review_id: str, path: str) -> None:
    text = client.get(f"/v1/reviews{path.format(review_id)}").text
    assert CARD not in text
    assert "13800138000" not in text
    assert SHOWN in text


def test_unmasking_is_for_reviewers_and_logged(served: Served, client: httpx.Client, review_id: str) -> None:
    whole = client.get(f"/v1/reviews/{review_id}/report?unmask=true")
    assert NAME in whole.text
    assert NAME in client.get(f"/v1/reviews/{review_id}/report.html?unmask=true").text
    store = open_store(Settings(served.data))
    try:
        seen = [e.details for e in entries(store, review_id) if e.action == "review.unmasked"]
        assert [details and details["what"] for details in seen] == ["report", "report.html"]
        assert verify(store).ok
    finally:
        store.close()


def test_others_cannot_unmask(served: Served, review_id: str) -> None:
    store = open_store(Settings(served.data))
    _, key = create_key(store, "reading", (Scope.READ,), actor="test", now=clock.now())
    store.close()
    with served.client(key) as http:
        assert http.get(f"/v1/reviews/{review_id}/report").status_code == 200
        refused = http.get(f"/v1/reviews/{review_id}/report?unmask=true")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_the_log_of_the_service_holds_no_number(served: Served, review_id: str) -> None:
    said = (served.data / "log").read_text("utf-8", "replace")
    assert review_id in said
    assert CARD not in said
    assert "13800138000" not in said
