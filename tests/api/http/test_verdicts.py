"""Deciding over the API: by the same functions as the page, with a key that is no person."""

import shutil
from collections.abc import Iterator

import httpx
import pytest

from api import clock
from api.settings import Settings
from api.store.keys import Scope, create_key
from api.store.opened import Store, open_store
from tests.api.http.conftest import Served
from tests.browser.given_case import SAMPLES, sample_case

CASE = "wrong_name_by_one_character"


@pytest.fixture(scope="module")
def store(served: Served) -> Iterator[Store]:
    settings = Settings(served.data)
    shutil.copytree(SAMPLES / CASE / "registry", settings.registry)
    opened = open_store(settings)
    yield opened
    opened.close()
    shutil.rmtree(settings.registry)


@pytest.fixture
def case(store: Store) -> str:
    return f"/v1/reviews/{sample_case(store, CASE)}"


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[httpx.Client]:
    with served.client() as http:
        yield http


def test_a_case_is_decided_over_the_api(client: httpx.Client, case: str) -> None:
    report = client.get(f"{case}/report").json()
    fingerprint = next(f["fingerprint"] for f in report["findings"] if f["outcome"] == "mismatch")
    word = {"fingerprint": fingerprint, "verdict": "dismissed"}
    refused = client.post(f"{case}/verdicts", json=word)
    assert (refused.status_code, refused.json()["code"]) == (422, "reason_needed")
    stands = client.post(f"{case}/verdicts", json={**word, "reason": "已核对"}).json()
    assert [(v["verdict"], v["seconded_by"]) for v in stands["verdicts"]] == [("dismissed", "")]
    late = client.post(f"{case}/verdicts", json={**word, "verdict": "confirmed"})
    assert (late.status_code, late.json()["code"]) == (409, "edit_conflict")
    assert "API" in late.json()["detail"]
    alone = client.post(f"{case}/verdicts", json={**word, "seen_version": 1})
    assert (alone.status_code, alone.json()["code"]) == (409, "second_person_needed")

    rows = client.post(
        f"{case}/rows", json={"rows": [0, 1], "decision": "exclude", "seen": 0, "reason": "未到位"}
    ).json()
    assert [(r["row"], r["decision"]) for r in rows["rows"]] == [(0, "exclude"), (1, "exclude")]
    assert client.post(f"{case}/rows", json={"rows": [10_000], "decision": "issue", "seen": 1}).status_code == 404
    conflict = client.post(f"{case}/rows", json={"rows": [1], "decision": "issue", "seen": 0, "reason": "x"})
    assert conflict.status_code == 409

    decision = {"decision": "correct", "seen": rows["seen"], "seen_words": rows["seen_words"]}
    assert client.post(f"{case}/decision", json={**decision, "seen_words": 0}).status_code == 409
    final = client.post(f"{case}/decision", json=decision).json()["decision"]
    assert (final["decision"], final["stands"]) == ("correct", False)
    closed = client.post(f"{case}/verdicts", json={**word, "verdict": None, "seen_version": 1})
    assert (closed.status_code, closed.json()["code"]) == (409, "case_decided")
    undone = client.post(f"{case}/undo", json={"act": final["act"], "seen": final["act"]}).json()
    assert undone["decision"] is None


def test_a_correction_over_the_api_is_judged_at_once(client: httpx.Client, case: str) -> None:
    report = client.get(f"{case}/report").json()
    fingerprint = next(f["fingerprint"] for f in report["findings"] if f["outcome"] == "mismatch")
    (place,) = client.get(f"{case}/places", params={"fingerprint": fingerprint}).json()["places"]
    body = {"place": place["key"], "value": "三亚恒正检验检测有限公司", "seen": 0}
    done = client.post(f"{case}/corrections", json=body).json()
    assert {c["after"]["check"] for c in done["changes"]} == {"ID-03", "ID-04", "ID-05"}
    assert [(c["before"], c["value"]) for c in done["corrections"]] == [(place["text"], body["value"])]
    again = client.get(f"{case}/places", params={"fingerprint": done["changes"][0]["after"]["fingerprint"]}).json()
    assert {(p["text"], p["read"]) for p in again["places"] if p["key"] == place["key"]} == {
        (body["value"], place["text"])
    }
    assert client.post(f"{case}/corrections", json=body).status_code == 409
    wrong = client.post(f"{case}/corrections", json={**body, "place": "9/name", "seen": done["seen"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "place_unknown")
    page = client.get(f"{case}/decided/report.html")
    assert "更正为" in page.text
    undone = client.post(f"{case}/undo", json={"act": 1, "seen": done["seen"]}).json()
    assert (undone["corrections"], len(undone["changes"])) == ([], 3)


def test_deciding_takes_the_scope(served: Served, store: Store, case: str) -> None:
    _, key = create_key(store, "reading", (Scope.READ, Scope.SUBMIT), actor="test", now=clock.now())
    with served.client(key) as reader:
        assert reader.get(f"{case}/verdicts").status_code == 403
        assert reader.post(f"{case}/verdicts", json={"fingerprint": "f", "verdict": "confirmed"}).status_code == 403
