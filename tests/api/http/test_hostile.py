"""Hostile files handed in over HTTP: each ends as a report, a refusal or a failure with a reason, and every process lives on."""

import html
import re
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.api.http.conftest import Served
from tests.hostile.corpus import NAMES, damaged_samples, drawn
from tests.hostile.papers import SOUND
from tests.hostile.test_reading import SLOW

pytestmark = pytest.mark.slow

_SECONDS = 120.0


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[httpx.Client]:
    with served.client() as http:
        yield http


def pids(client: httpx.Client) -> set[int]:
    return {worker["pid"] for worker in client.get("/v1/workers").json()}


def test_each_ends_with_an_answer(served: Served, client: httpx.Client) -> None:
    files = [(name, data) for name, data in drawn() if data and name not in SLOW][4::16] + list(damaged_samples(4))
    before = pids(client)
    open_ids = {}
    for name, data in files:
        answer = client.post("/v1/reviews", files=[("files", (name, data))])
        assert answer.status_code in {202, 413, 415, 422}, name
        if answer.status_code == 202:
            open_ids[answer.json()["id"]] = name
    assert len(open_ids) >= 12
    until = time.monotonic() + _SECONDS
    while open_ids and time.monotonic() < until:
        for review_id, name in list(open_ids.items()):
            review = client.get(f"/v1/reviews/{review_id}").json()
            if review["state"] in {"done", "failed"}:
                del open_ids[review_id]
                assert (review["error"] or {"code": ""})["code"] != "internal_error", name
                assert review["state"] == "done" or review["error"]["message"], name
        time.sleep(0.5)
    assert not open_ids
    assert served.process.poll() is None
    assert pids(client) == before


def test_names_are_data_and_shown_as_text(client: httpx.Client) -> None:
    """Paths, markup, commands and control characters in names: nothing is written, run or lost, and the page shows letters."""
    answer = client.post(
        "/v1/reviews", files=[("files", (name, SOUND)) for name in NAMES], headers={"Prefer": "wait=60"}
    )
    assert answer.status_code == 200
    review = client.get("/v1/reviews?limit=1").json()["reviews"][0]
    assert len(review["files"]) == len(NAMES)
    assert max(len(file["name"]) for file in review["files"]) <= 255
    shown = client.get(f"/v1/reviews/{review['id']}/report.html")
    assert shown.headers["content-disposition"].startswith("attachment")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert not re.search(
        r"<script|<img src=x|onerror=[^&]*>",
        shown.text.replace("&#34;", '"').split("<body", 1)[1].split("data:image")[0],
    )
    assert html.escape("<script>alert(1)</script>.pdf", quote=False) in shown.text


@pytest.mark.parametrize(
    "where", ["../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%00", "rev_x%0d%0aSet-Cookie:x=1", "." * 300]
)
def test_paths_lead_nowhere(client: httpx.Client, where: str) -> None:
    for path in (f"/v1/reviews/{where}", f"/v1/reviews/{where}/report", f"/v1/reviews/x/files/{where}/pages/1"):
        answer = client.get(path)
        assert answer.status_code in {404, 422}, path
        assert "root:" not in answer.text
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/", "http://localhost/", "http://169.254.169.254/latest/meta-data", "http://[::1]/", "http://10.0.0.1/", "file:///etc/passwd",
        "gopher://127.0.0.1/", "http://0x7f000001/", "http://2130706433/", "http://[::ffff:127.0.0.1]/", "http://user:secret@127.0.0.1/",
    ],
)  # fmt: skip
def test_callbacks_into_the_house_are_refused(client: httpx.Client, url: str) -> None:
    data = f'{{"callback": {{"url": "{url}", "secrets": ["whsec_{"QUFB" * 8}"]}}}}'
    answer = client.post("/v1/reviews", files=[("files", ("a.pdf", SOUND))], data={"data": data})
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
