"""The steps of a review: plan, read pages, judge. Each may run twice: what it writes is keyed by what it is about."""

import hashlib
import logging
import time
from contextlib import suppress
from typing import Any

from api import clock
from api.jobs import meeting, quarantine
from api.jobs.desk import DeskDied, TaskFailed, TaskRefused
from api.jobs.hands import ACTOR, Hands, Leaving
from api.jobs.tasks import Header, ReadPart, StaleParts
from api.reading import failed
from api.store import parts, reviews
from api.store.audits import audit_of
from api.store.dossiers import keep_dossier
from api.store.errors import BlobMissing, ReviewMissing
from api.store.reviews import AUDIT, Summary
from extractor.document import Progress
from extractor.packing import pack
from extractor.pool import PoolClosed

logger = logging.getLogger(__name__)

Plan = dict[str, Any]
"""`files`: of each its name, sha256, `parts` (pairs of first and last page) or `problem`; `problems`: those of bundles; `audit`."""

UNUSABLE = (
    "整理所提交的文件时程序两次异常中止；请重新导出后提交，或人工审查。 "
    "The program broke off twice while sorting the files; export them again, or review by hand."
)
NOT_JUDGED = (
    "材料已读取，但判断时程序异常中止；请人工审查并反馈。 "
    "The papers were read but the program broke off while judging them; please review by hand."
)
_PROGRESS_SECONDS = 0.5
_LOOK_SECONDS = 0.2


class Unwanted(Exception):
    """The review has ended meanwhile: cancelled, or finished by a worker that took over."""


def plan(hands: Hands, review_id: str) -> Plan:
    """Which pages are to be read; no files where the review has ended."""
    nothing: Plan = {"files": [], "problems": []}
    review = hands.open_review(review_id)
    if review is None:
        return nothing
    blobs = [hands.blob(file.sha256) for file in review.files]
    try:
        found, unpacked = hands.at_desk({"task": "unpack", "names": [file.name for file in review.files]}, blobs)
    except (DeskDied, TaskFailed, TaskRefused):
        hands.fail(review_id, "files_unusable", UNUSABLE)
        return nothing
    contents = {hashlib.sha256(data).hexdigest(): data for data in (*blobs, *unpacked)}
    for file in found["files"]:
        file |= _divided(hands, file["name"], contents[file["sha256"]])
    hands.patiently(lambda: hands.store.keep(review_id, unpacked, clock.now()))
    total = sum(last - first + 1 for file in found["files"] for first, last in file["parts"])
    hands.patiently(lambda: reviews.start_reading(hands.store, review_id, total, clock.now()))
    return {**found, "audit": review.purpose == AUDIT}


def places(plan: Plan) -> list[tuple[Header, int, int]]:
    """What is to be read: file, first and last page; a file that was handed in twice only once."""
    return list(
        {
            (file["sha256"], first): (file, first, last) for file in plan["files"] for first, last in file["parts"]
        }.values()
    )


def read(hands: Hands, review_id: str, file: Header, first: int, last: int) -> None:
    """Read pages and keep what they show; nothing where that was done before or nobody wants it any more."""
    store, sha256 = hands.store, file["sha256"]
    done = hands.patiently(lambda: parts.parts_of(store, review_id, sha256))
    review = hands.open_review(review_id)
    if any(part.first == first for part in done) or review is None:
        return
    data = hands.blob(sha256)
    started = time.monotonic()
    part, problem = None, None
    try:
        with hands.reading(review):
            started = time.monotonic()
            part = quarantine.read(hands, data, sha256, first, last, _progress(hands, review_id, file["name"]))
    except PoolClosed:
        raise Leaving from None
    except Unwanted:
        return
    except Exception as error:
        problem = failed(file["name"], error).problem
    content = pack(ReadPart(part, problem, time.monotonic() - started))
    with suppress(ReviewMissing):
        hands.patiently(lambda: parts.save_part(store, review_id, sha256, first, last, content, clock.now()))


def wait_for(hands: Hands, review_id: str, wanted: set[tuple[str, int]]) -> None:
    """Until those parts (SHA-256 of the file, first page) have been read or the review has ended."""
    while hands.open_review(review_id) is not None:
        done = hands.patiently(lambda: parts.parts_of(hands.store, review_id))
        if wanted <= {(part.file_sha256, part.first) for part in done}:
            return
        hands.pause(_LOOK_SECONDS)


def judge(hands: Hands, review_id: str, plan: Plan) -> str:
    """Put the parts together, judge them, and end the review; the state that it is in."""
    store = hands.store
    review = hands.open_review(review_id)
    if review is None:
        hands.patiently(lambda: parts.drop_parts(store, review_id))
        return state(hands, review_id)
    hands.patiently(lambda: reviews.start_judging(store, review_id, clock.now()))
    read = {(p.file_sha256, p.first): p.sha256 for p in hands.patiently(lambda: parts.parts_of(store, review_id))}
    header = {
        "task": "parse" if review.purpose == "parse" else "judge",
        "review": review_id,
        "files": [{**file, "parts": len(file["parts"])} for file in plan["files"]],
        "problems": plan["problems"],
        "as_of": review.as_of.isoformat(),
        "purpose": review.purpose,
        "application": hands.patiently(lambda: reviews.application_of(store, review)),
        "audit": hands.patiently(lambda: audit_of(store, review_id)) if review.purpose == AUDIT else None,
    }
    try:
        blobs = [hands.blob(read[file["sha256"], first]) for file in plan["files"] for first, _ in file["parts"]]
    except (KeyError, BlobMissing):
        # A database set back to an earlier moment knows of parts whose bytes are gone: another run reads them again.
        hands.patiently(lambda: parts.drop_parts(store, review_id))
        raise
    try:
        answer, (report, *packed) = hands.at_desk(header, blobs)
    except TaskRefused as error:
        if error.code == StaleParts.code:
            hands.patiently(lambda: parts.drop_parts(store, review_id))
            raise
        hands.fail(review_id, error.code, str(error))
    except (DeskDied, TaskFailed):
        hands.fail(review_id, "internal_error", NOT_JUDGED)
    else:
        hands.patiently(lambda: meeting.keep(store, review_id, answer.get("traces", [])))
        ended = hands.patiently(
            lambda: reviews.finish(
                store,
                review_id,
                report,
                Summary(**answer["summary"]),
                retention=hands.retention,
                actor=ACTOR,
                now=clock.now(),
                versions=answer["versions"],
                packed=packed[0] if packed else None,
            )
        )
        if ended and len(packed) > 1:
            with suppress(ReviewMissing):
                name = hashlib.sha256(packed[0]).hexdigest()
                hands.patiently(lambda: keep_dossier(store, review_id, name, packed[1], clock.now()))
    hands.patiently(lambda: parts.drop_parts(store, review_id))
    return state(hands, review_id)


def state(hands: Hands, review_id: str) -> str:
    """The state that the review is in; "deleted" where it is gone."""
    try:
        return hands.patiently(lambda: reviews.get_review(hands.store, review_id)).state.value
    except ReviewMissing:
        return "deleted"


def _progress(hands: Hands, review_id: str, name: str) -> Progress:
    """Writes down how far the review is, twice a second at most, and raises Unwanted once it has ended.

    What other parts of the review are at is counted when they are finished.
    """
    told = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told < _PROGRESS_SECONDS:
            return
        told = time.monotonic()
        saved = hands.patiently(lambda: parts.parts_of(hands.store, review_id))
        if hands.open_review(review_id) is None:
            raise Unwanted
        pages = sum(part.last - part.first + 1 for part in saved) + done
        hands.patiently(
            lambda: reviews.set_progress(hands.store, review_id, pages, f"{name} {done}/{total}", clock.now())
        )

    return tell


def _divided(hands: Hands, name: str, data: bytes) -> Header:
    """First and last page of each part in which a file is to be read; none and the reason where it cannot be opened."""
    try:
        return {"parts": quarantine.planned(hands, data).ranges(hands.settings.pages_per_part)}
    except PoolClosed:
        raise Leaving from None
    except Exception as error:
        problem = failed(name, error).problem
        return {"parts": [], "problem": problem and {"code": problem.code, "message": problem.message}}
