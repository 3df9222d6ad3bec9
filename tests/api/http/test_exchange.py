"""The exchange with an approval system, over a real socket: hand in, wait, take, cancel, delete."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from samples.client.client import Zhengshen
from tests.api.http.conftest import Served
from tests.api.jobs.service import ofd

CASES = Path(__file__).resolve().parents[3] / "samples" / "cases"
CASE = CASES / "clean_company_g3"


@pytest.fixture(scope="module")
def papers() -> list[Path]:
    return [path for path in sorted(CASE.iterdir()) if path.suffix == ".pdf" and path.stat().st_size < 400_000]


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[httpx.Client]:
    with served.client() as http:
        yield http


@pytest.fixture(scope="module")
def review(client: httpx.Client, papers: list[Path]) -> dict[str, object]:
    """A review that has ended."""
    service = Zhengshen(client)
    return service.wait(service.submit(papers, "a whole case", as_of="2026-11-01"), 120)


def test_papers_handed_in_become_a_report(client: httpx.Client, review: dict[str, object]) -> None:
    assert review["state"] == "done"
    report = client.get(f"/v1/reviews/{review['id']}/report")
    again = client.get(f"/v1/reviews/{review['id']}/report")
    assert report.status_code == 200
    assert report.content == again.content
    assert report.json()["recommendation"] == review["recommendation"]
    assert {"findings", "rows", "papers", "problems", "run"} <= report.json().keys()


@pytest.mark.parametrize(
    ("what", "begins"),
    [("annex", b"PK"), ("annex?form=docx", b"PK"), ("notice", b"PK"), ("report.xlsx", b"PK"), ("report.html", b"<!")],
)
def test_documents_are_drawn_from_the_report(
    client: httpx.Client, review: dict[str, object], what: str, begins: bytes
) -> None:
    answer = client.get(f"/v1/reviews/{review['id']}/{what}")
    assert answer.status_code == 200
    assert answer.content.lower().startswith(begins.lower())
    assert answer.headers["content-disposition"].startswith("attachment")


def test_evidence_can_be_looked_at(client: httpx.Client, review: dict[str, object]) -> None:
    report = client.get(f"/v1/reviews/{review['id']}/report").json()
    papers = [paper for paper in report["papers"] if paper["kind"] == "cnas_certificate"]
    place = papers[0]["fields"]["name"]["evidence"][0]
    where = f"/v1/reviews/{review['id']}/files/{papers[0]['sha256']}/pages/{place['page']}"
    page = client.get(where, params={"dpi": 60})
    crop = client.get(f"{where}/crop", params={"box": ",".join(str(side) for side in place["box"])})
    assert page.content.startswith(b"\xff\xd8")
    assert crop.content.startswith(b"\xff\xd8")
    assert len(crop.content) < len(page.content)
    assert client.get(where.replace(f"/pages/{place['page']}", "/pages/999")).status_code == 404
    assert client.get(f"/v1/reviews/{review['id']}/files/{'0' * 64}/pages/1").status_code == 404


def test_the_same_key_and_content_are_one_review(client: httpx.Client, papers: list[Path]) -> None:
    def submit(_: int) -> str:
        return Zhengshen(client).submit(papers[:1], "fifty at once")

    with ThreadPoolExecutor(10) as pool:
        ids = set(pool.map(submit, range(50)))
    assert len(ids) == 1
    other = client.post("/v1/reviews", files={"files": ("b.txt", b"x")}, headers={"Idempotency-Key": "fifty at once"})
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_conflict"


def test_a_bounded_wait_answers_with_the_report(client: httpx.Client) -> None:
    answer = client.post("/v1/reviews", files={"files": ("a.ofd", ofd(1))}, headers={"Prefer": "wait=50"})
    assert answer.status_code == 200
    assert answer.json()["papers"][0]["kind"] == "unknown"
    assert client.get(answer.headers["content-location"]).json() == answer.json()


def test_without_a_wait_the_answer_is_where_to_look(client: httpx.Client) -> None:
    answer = client.post("/v1/reviews", files={"files": ("a.ofd", ofd(3))})
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/v1/reviews/{answer.json()['id']}"
    assert int(answer.headers["retry-after"]) > 0


def test_papers_alone(client: httpx.Client, papers: list[Path]) -> None:
    certificate = next(path for path in papers if "证书" in path.name)
    answer = client.post("/v1/parse", files={"files": (certificate.name, certificate.read_bytes())})
    assert answer.status_code == 200
    assert [paper["kind"] for paper in answer.json()["papers"]] == ["cnas_certificate"]


def test_a_file_that_cannot_be_used_ends_with_its_reason(client: httpx.Client) -> None:
    answer = client.post("/v1/reviews", files={"files": ("a.pdf", b"no pdf")}, headers={"Prefer": "wait=50"})
    assert answer.status_code == 202
    assert answer.json()["state"] == "failed"
    assert answer.json()["error"]["message"]
    refused = client.get(f"{answer.headers['location']}/report")
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"


def test_cancelled_and_deleted(client: httpx.Client) -> None:
    where = client.post("/v1/reviews", files={"files": ("long.ofd", ofd(400))}).headers["location"]
    assert client.delete(where).json()["state"] == "cancelled"
    assert client.delete(where).status_code == 409
    assert client.delete(where, params={"erase": "true"}).status_code == 204
    assert client.get(where).status_code == 404


def test_a_list_goes_on_where_its_page_ended(client: httpx.Client, review: dict[str, object]) -> None:
    seen: list[str] = []
    after = None
    while True:
        page = client.get("/v1/reviews", params={"limit": 2, **({"after": after} if after else {})}).json()
        seen += [entry["id"] for entry in page["reviews"]]
        if (after := page["next"]) is None:
            break
    assert len(seen) == len(set(seen)) > 2
    found = client.get("/v1/reviews", params={"registration_number": review["registration_number"]}).json()
    assert review["id"] in [entry["id"] for entry in found["reviews"]]


def test_a_snapshot_handed_in_is_asked_from_then_on(client: httpx.Client, papers: list[Path]) -> None:
    folder = CASE / "registry"
    certificate = next(path for path in papers if "证书" in path.name)
    before = client.post(
        "/v1/reviews", files={"files": (certificate.name, certificate.read_bytes())}, headers={"Prefer": "wait=50"}
    )
    source = next(folder.glob("cnas.*"))
    uploaded = client.post(
        "/v1/registries/cnas", files={"file": (source.name, source.read_bytes())}, data={"as_of": "2026-10-30"}
    )
    assert uploaded.status_code == 201, uploaded.text
    assert [entry["kind"] for entry in client.get("/v1/registries", params={"active": True}).json()] == ["cnas"]
    after = client.post(
        "/v1/reviews", files={"files": (certificate.name, certificate.read_bytes())}, headers={"Prefer": "wait=50"}
    )
    assert before.json()["run"]["registries"] == []
    assert [entry["name"] for entry in after.json()["run"]["registries"]] == ["cnas"]
    assert client.delete(f"/v1/registries/snapshots/{uploaded.json()['id']}").status_code == 204


def test_the_description_is_openapi_with_an_example_for_every_error(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                if status >= "400" and path.startswith("/v1"):
                    assert "example" in answer["content"]["application/problem+json"], (method, path, status)
    json.dumps(described)


def test_figures_for_prometheus(client: httpx.Client, review: dict[str, object]) -> None:
    text = client.get("/metrics").text
    assert 'zhengshen_reviews{state="done"}' in text
    assert "zhengshen_worker_memory_mb{" in text
    assert 'route="/v1/reviews/{review_id}"' in text
