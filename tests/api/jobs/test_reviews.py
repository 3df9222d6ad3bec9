"""Reviews as durable jobs, done by a real worker on SQLite and on PostgreSQL."""

import datetime as dt
import io
import json
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from standardwebhooks import Webhook

from api import clock, webhooks
from api.inputs import uploads_in
from api.reading import Upload
from api.store import parts, reviews
from api.store import webhooks as deliveries
from api.store.quarantine import lift, quarantined
from api.store.retention import Retention
from api.store.reviews import State
from api.store.webhooks import DeliveryState
from tests.api.jobs.receiver import receiver
from tests.api.jobs.service import Service, ofd, service, until
from tests.cases import CASES, Reviewed

pytestmark = pytest.mark.slow

ACROSS_CASES = {"DU-02", "DU-03", "DU-05", "SG-04"}
"""Checks that ask other cases: the service knows that there is none, the command line without --cases knows of none."""
PAPER = Upload("附件.ofd", ofd(6))


def test_a_review_runs_from_its_files_to_its_report(running: Service) -> None:
    review = running.ended(running.submit(PAPER, Upload("坏.pdf", b"%PDF-1.7 broken"), Upload("空.jpg", b"")))
    assert (review.state, review.pages_total) == (State.DONE, 6)
    content = reviews.report_of(running.store, review)
    assert content is not None
    report = json.loads(content)
    assert [paper["pages"] for paper in report["papers"]] == [6]
    assert {problem["file"]: problem["code"] for problem in report["problems"]} == {
        "坏.pdf": "corrupt_pdf",
        "空.jpg": "empty_file",
    }
    until(lambda: not parts.parts_of(running.store, review.id), 10, running)


def test_nothing_that_can_be_read_fails_with_the_reason(running: Service) -> None:
    review = running.ended(running.submit(Upload("a.bin", b"\0" * 100)))
    assert (review.state, review.error_code) == (State.FAILED, "input_error")
    assert "a.bin" in (review.error_message or "")


def test_a_file_handed_in_twice_and_one_in_a_bundle(running: Service) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("内/附件.ofd", PAPER.data)
    files = (PAPER, Upload("副本.ofd", PAPER.data), Upload("包.zip", out.getvalue()))
    review = running.ended(running.submit(*files))
    report = json.loads(reviews.report_of(running.store, review) or b"")
    assert [paper["file"] for paper in report["papers"]] == ["附件.ofd", "副本.ofd", "包.zip/内/附件.ofd"]


def test_a_file_that_another_applicant_handed_in_before(running: Service) -> None:
    bodies = [("海口椰风检测技术有限公司", "91460100MAA9ABC12W"), ("三亚清澜检测有限公司", "91460000MA5TE5T076")]
    typed = [{"name": name, "unified_social_credit_code": code} for name, code in bodies]
    first, second = (running.ended(running.submit(PAPER, application=each)) for each in typed)
    findings = [json.loads(reviews.report_of(running.store, each) or b"")["findings"] for each in (first, second)]
    said = [[f for f in found if f["check"] == "DU-03" and f["outcome"] == "mismatch"] for found in findings]
    assert said[0] == []
    assert [(f["right"]["value"], bodies[0][0] in f["message"]["zh"]) for f in said[1]] == [(first.id, True)]


def test_papers_alone(running: Service) -> None:
    review = running.ended(running.submit(PAPER, purpose="parse"))
    report = json.loads(reviews.report_of(running.store, review) or b"")
    assert set(report) == {"papers", "problems"}


def test_submitting_twice_is_submitting_once(running: Service) -> None:
    review_id = running.submit(PAPER)
    for _ in range(5):
        running.jobs.submit(review_id)
    running.ended(review_id)
    running.jobs.submit(review_id)
    runs = running.jobs.client.list_workflows(workflow_id_prefix=review_id, name="review_case")
    assert len(runs) == 1


def test_a_review_that_was_never_submitted_is_found(running: Service) -> None:
    """As when the HTTP process dies between writing the review down and handing it to the engine."""
    row, _ = reviews.create_review(running.store, [PAPER], as_of=clock.now().date(), actor="test", now=clock.now())
    assert running.ended(row.id, 30).state is State.DONE


def test_a_cancelled_review_stays_cancelled(running: Service) -> None:
    with receiver() as here:
        secret = webhooks.new_secret()
        review_id = running.submit(Upload("长.ofd", ofd(400)), callback=here.url, secrets=[secret])
        until(lambda: running.get(review_id).pages_done > 0, 30, running)
        assert reviews.cancel(running.store, review_id, retention=Retention(), actor="test", now=clock.now())
        running.jobs.cancel(review_id)
        (got,) = here.wait(1)
        assert Webhook(secret).verify(got.body, got.headers)["type"] == "review.cancelled"
        until(
            lambda: (
                not running.jobs.client.list_workflows(status=["PENDING", "ENQUEUED"], workflow_id_prefix=review_id)
            ),
            30,
            running,
        )
        assert running.get(review_id).state is State.CANCELLED
        time.sleep(0.2)
        assert len(here.got) == 1


def test_webhooks_are_tried_again_and_given_up(running: Service) -> None:
    """A receiver that is well, one that fails first, one that redirects, one that is gone; each is told once and no more."""
    secret = webhooks.new_secret()
    with receiver() as well, receiver([500, 204]) as failing, receiver([307]) as moved, receiver([410]) as gone:
        made = {
            here.url: deliveries.subscribe(running.store, here.url, [secret], actor="test", now=clock.now())
            for here in (well, failing, moved, gone)
        }
        try:
            review_id = running.submit(PAPER)
            assert running.ended(review_id).state is State.DONE
            first, second = failing.wait(2, 25)
            assert Webhook(secret).verify(second.body, second.headers)["data"]["review_id"] == review_id
            assert first.headers["webhook-id"] == second.headers["webhook-id"]
            assert 4.0 < second.at - first.at < 15.0
            until(lambda: states(running, review_id)[made[failing.url].id][1] == 2, 5, running)
            until(lambda: states(running, review_id)[made[moved.url].id][1] == len(moved.got), 5, running)
            assert {url: states(running, review_id)[made[url].id] for url in made} == {
                well.url: (DeliveryState.DELIVERED, 1, 204),
                failing.url: (DeliveryState.DELIVERED, 2, 204),
                moved.url: (DeliveryState.PENDING, len(moved.got), 307),
                gone.url: (DeliveryState.GIVEN_UP, 1, 410),
            }
            assert all(got.path == "/" for got in moved.got), "a redirect was followed"
            assert (len(well.got), len(gone.got)) == (1, 1)
            assert deliveries.get_subscription(running.store, made[gone.url].id).disabled_reason == "410 Gone"
        finally:
            for subscription in made.values():
                deliveries.unsubscribe(running.store, subscription.id, actor="test", now=clock.now())


def states(running: Service, review_id: str) -> dict[str, tuple[DeliveryState, int, int | None]]:
    found = deliveries.deliveries(running.store, review_id=review_id)
    return {d.subscription_id: (d.state, d.attempts, d.last_status) for d in found}


@pytest.mark.parametrize("pages", [1, 5])
def test_progress_grows_page_by_page(running: Service, pages: int) -> None:
    review = running.ended(running.submit(Upload("页.ofd", ofd(pages))))
    assert review.pages_total == pages
    assert review.pages_done <= pages


def test_the_report_is_that_of_the_command_line(review_of: Callable[[Path], Reviewed], tmp_path: Path) -> None:
    """The same files, day and registries give the same JSON, whoever reads them in however many parts; but for the time that it took."""
    case = review_of(CASES / "wrong_name_by_one_character")
    shutil.copytree(case.path / "registry", tmp_path / "data" / "registry")
    with service(tmp_path / "data", ZHENGSHEN_PAGES_PER_PART="2", ZHENGSHEN_WORKERS="1") as here:
        here.start("worker")
        as_of = dt.date.fromisoformat(case.truth["as_of"])
        review = here.ended(here.submit(*uploads_in([case.path]), as_of=as_of), 120)
        report = json.loads(reviews.report_of(here.store, review) or b"")
    expected = json.loads(json.dumps(case.json))
    for one in (report, expected):
        one["run"].pop("seconds")
        one["findings"] = [finding for finding in one["findings"] if finding["check"] not in ACROSS_CASES]
    different = {part for part in expected if report[part] != expected[part]}
    assert not different, [
        (a, b) for part in different for a, b in zip(report[part], expected[part], strict=False) if a != b
    ][:3]


def test_a_file_that_ends_its_readers_is_set_aside(tmp_path: Path) -> None:
    """A page that takes too long ends two readers; then it is a problem of its own, and the other papers are reviewed.

    The same file in another review ends none.
    """
    with service(tmp_path / "data", ZHENGSHEN_PAGE_SECONDS="1") as here:
        here.start("worker")
        large = Upload("巨图.png", large_picture())
        for codes in ({"page_timeout", "unreadable_file"}, {"page_quarantined", "file_quarantined"}):
            review = here.ended(here.submit(PAPER, large), 90)
            report = json.loads(reviews.report_of(here.store, review) or b"")
            (problem,) = report["problems"]
            assert problem["file"] == "巨图.png"
            assert problem["code"] in codes, "while it was recognised, or already opened"
            assert here.said().count("ended its reader") == 2
            assert {paper["file"] for paper in report["papers"]} >= {"附件.ofd"}
        (known,) = quarantined(here.store, clock.now())
        assert lift(here.store, known.sha256) == 1


def large_picture() -> bytes:
    out = io.BytesIO()
    rng = np.random.default_rng(7)
    tile = rng.integers(0, 255, (500, 500, 3), dtype=np.uint8)
    Image.fromarray(np.tile(tile, (16, 16, 1))).save(out, "PNG", compress_level=1)
    return out.getvalue()
