"""Reviews from the moment they are handed in to their end; each step happens once, whoever tries it and however often."""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store import log, webhooks
from api.store.errors import IdempotencyConflict, ReviewMissing, StoreUnavailable
from api.store.ids import new_id
from api.store.opened import Store, claim, disown
from api.store.retention import Retention
from api.store.schema import BLOB_OWNERS, IDEMPOTENCY, REVIEW_FILES, REVIEWS


class State(StrEnum):
    """Where a review is; the last three are ends."""

    QUEUED = "queued"
    READING = "reading"
    JUDGING = "judging"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (State.QUEUED, State.READING, State.JUDGING)
AUDIT = "audit"
"""The purpose of reviews that are items of an audit: they stay out of lists and counts of reviews, and no webhook tells of each."""
EVENTS = {State.DONE: "review.done", State.FAILED: "review.failed", State.CANCELLED: "review.cancelled"}


class NamedBytes(Protocol):
    """A file as it was handed in; its name is data, never a path."""

    @property
    def name(self) -> str: ...
    @property
    def data(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Idempotency:
    """The caller's key for a request, and the SHA-256 of what was asked."""

    key: str
    body_sha256: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a review; `kind` is None until it was read, `deleted_at` says when its retention ended."""

    name: str
    sha256: str
    size: int
    kind: str | None = None
    expires_at: dt.datetime | None = None
    deleted_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What lists show of a report. Counts are of objections; `kinds` is what each file (by SHA-256) turned out to be."""

    recommendation: str
    blocking: int = 0
    major: int = 0
    minor: int = 0
    name: str = ""
    unified_social_credit_code: str = ""
    registration_number: str = ""
    certificate_number: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review as it stands. `version` grows with every change; `legal_hold` is the reason why it may not be deleted.

    `due_on` is the day by which something must be done: `due_for` says what, "correction" (补正) or "verification" (承诺核查).
    """

    id: str
    version: int
    state: State
    created_at: dt.datetime
    updated_at: dt.datetime
    finished_at: dt.datetime | None
    as_of: dt.date
    purpose: str
    api_key_id: str | None
    callback_url: str | None
    application_sha256: str | None
    application_expires_at: dt.datetime | None
    report_sha256: str | None
    packed_sha256: str | None
    pages_done: int
    pages_total: int
    progress_note: str
    recommendation: str | None
    blocking: int
    major: int
    minor: int
    name: str
    unified_social_credit_code: str
    registration_number: str
    certificate_number: str
    error_code: str | None
    error_message: str | None
    due_on: dt.date | None
    due_for: str | None
    expires_at: dt.datetime | None
    legal_hold: str | None
    files: tuple[StoredFile, ...]


def create_review(
    store: Store,
    files: Sequence[NamedBytes],
    *,
    as_of: dt.date,
    actor: str,
    now: dt.datetime,
    purpose: str = "application",
    application: Mapping[str, Any] | None = None,
    callback_url: str | None = None,
    callback_secrets: Sequence[str] = (),
    api_key_id: str | None = None,
    idempotency: Idempotency | None = None,
    due_on: dt.date | None = None,
    due_for: str | None = None,
    also: Callable[[Connection, str], None] | None = None,
) -> tuple[ReviewRow, bool]:
    """Keep the files and queue their review; the row, and whether it is new.

    With `idempotency`, the same key and body give the row that was made first, however many ask at once; IdempotencyConflict where the
    key came with another body. `also` writes what else belongs to a new review, in the same transaction; it is given the review's id.
    """
    if (earlier := earlier_review(store, api_key_id, idempotency)) is not None:
        return earlier, False
    review_id = new_id("rev", now)
    typed = [] if application is None else [json.dumps(application, ensure_ascii=False, sort_keys=True).encode()]
    hashes = store.keep(review_id, [file.data for file in files] + typed, now)
    row = {
        "id": review_id,
        "version": 1,
        "state": State.QUEUED,
        "created_at": now,
        "updated_at": now,
        "as_of": as_of,
        "purpose": purpose,
        "api_key_id": api_key_id,
        "callback_url": callback_url,
        "application_sha256": hashes[-1] if typed else None,
        "due_on": due_on,
        "due_for": due_for,
        **dict.fromkeys(("pages_done", "pages_total", "blocking", "major", "minor"), 0),
        **dict.fromkeys(
            ("progress_note", "name", "unified_social_credit_code", "registration_number", "certificate_number"), ""
        ),
    }

    def work(connection: Connection) -> str | None:
        earlier = _earlier(connection, api_key_id, idempotency)
        if earlier is not None:
            return earlier
        connection.execute(sa.insert(REVIEWS).values(**row))
        if idempotency is not None and not claim(
            connection,
            IDEMPOTENCY,
            api_key_id=api_key_id or "",
            idempotency_key=idempotency.key,
            body_sha256=idempotency.body_sha256,
            review_id=review_id,
            created_at=now,
        ):
            raise _Beaten
        for position, (file, sha256) in enumerate(zip(files, hashes, strict=False)):
            connection.execute(
                sa.insert(REVIEW_FILES).values(
                    review_id=review_id, position=position, name=file.name, sha256=sha256, size=len(file.data)
                )
            )
        if callback_url is not None:
            callback = webhooks.Subscription(
                new_id("sub", now), callback_url, tuple(callback_secrets), (), review_id, api_key_id, now, None, None
            )
            webhooks.add_subscription(connection, store, callback)
        if also is not None:
            also(connection, review_id)
        log.append(
            connection, actor, "review.created", review_id, now, files=hashes[: len(files)], as_of=as_of.isoformat()
        )
        return None

    try:
        winner = store.database.write(work)
    except _Beaten:
        winner = store.database.read(lambda connection: _earlier(connection, api_key_id, idempotency))
        if winner is None:  # made and deleted within this very moment
            raise StoreUnavailable from None
    if winner is None:
        return get_review(store, review_id), True
    store.collect(store.database.write(lambda connection: disown(connection, review_id)))
    return get_review(store, winner), False


def earlier_review(store: Store, api_key_id: str | None, idempotency: Idempotency | None) -> ReviewRow | None:
    """What was made of this key and body before; IdempotencyConflict where the key came with another body."""
    found = store.database.read(lambda connection: _earlier(connection, api_key_id, idempotency))
    return None if found is None else get_review(store, found)


def get_review(store: Store, review_id: str) -> ReviewRow:
    """The review as it stands; ReviewMissing."""
    return store.database.read(lambda connection: read_review(connection, review_id))


def read_review(connection: Connection, review_id: str) -> ReviewRow:
    """The same within a transaction."""
    row = connection.execute(sa.select(REVIEWS).where(REVIEWS.c.id == review_id)).first()
    if row is None:
        raise ReviewMissing
    return rows_with_files(connection, [row])[0]


def rows_with_files(connection: Connection, rows: Sequence[Any]) -> list[ReviewRow]:
    """Rows of the table of reviews made whole, with one question for the files of all."""
    files: dict[str, list[StoredFile]] = {row.id: [] for row in rows}
    question = sa.select(REVIEW_FILES).where(REVIEW_FILES.c.review_id.in_(files))
    for file in connection.execute(question.order_by(REVIEW_FILES.c.review_id, REVIEW_FILES.c.position)):
        files[file.review_id].append(
            StoredFile(file.name, file.sha256, file.size, file.kind, file.expires_at, file.deleted_at)
        )
    return [ReviewRow(**{**row._mapping, "state": State(row.state)}, files=tuple(files[row.id])) for row in rows]


def application_of(store: Store, review: ReviewRow) -> dict[str, Any] | None:
    """What the applicant typed in; None where that is nothing, or its retention has ended."""
    if review.application_sha256 is None:
        return None
    data: dict[str, Any] = json.loads(store.blobs.get(review.application_sha256))
    return data


def report_of(store: Store, review: ReviewRow) -> bytes | None:
    """The report as it was finished, JSON; None where there is none yet."""
    return None if review.report_sha256 is None else store.blobs.get(review.report_sha256)


def packed_report_of(store: Store, review: ReviewRow) -> bytes | None:
    """What documents are drawn from, as the judge packed it; None where there is none."""
    return None if review.packed_sha256 is None else store.blobs.get(review.packed_sha256)


def owns(store: Store, review_id: str, sha256: str) -> bool:
    """Whether these bytes are kept for the review: a file of it, or one that came out of a bundle."""
    mine = sa.select(BLOB_OWNERS.c.owner).where(BLOB_OWNERS.c.owner == review_id, BLOB_OWNERS.c.sha256 == sha256)
    return store.database.read(lambda connection: connection.execute(mine).first()) is not None


def start_reading(store: Store, review_id: str, pages_total: int, now: dt.datetime) -> bool:
    """queued -> reading; again from reading, for a worker that takes over. False where the review has gone further."""
    return _move(store, review_id, (State.QUEUED, State.READING), now, state=State.READING, pages_total=pages_total)


def set_progress(store: Store, review_id: str, pages_done: int, note: str, now: dt.datetime) -> bool:
    """More pages are done; never fewer. False where the review is not being read, or was further already."""
    change = (
        sa.update(REVIEWS)
        .where(REVIEWS.c.id == review_id, REVIEWS.c.state == State.READING, REVIEWS.c.pages_done <= pages_done)
        .values(pages_done=pages_done, progress_note=note, updated_at=now, version=REVIEWS.c.version + 1)
    )
    return bool(store.database.write(lambda connection: connection.execute(change).rowcount))


def start_judging(store: Store, review_id: str, now: dt.datetime) -> bool:
    """reading -> judging; again from judging. False where the review has ended."""
    return _move(store, review_id, (State.READING, State.JUDGING), now, state=State.JUDGING, progress_note="")


def finish(
    store: Store,
    review_id: str,
    report: bytes,
    summary: Summary,
    *,
    retention: Retention,
    actor: str,
    now: dt.datetime,
    versions: Mapping[str, Any] | None = None,
    packed: bytes | None = None,
) -> bool:
    """Keep the report and end the review; its webhooks come due in the same moment. False where it had ended: nothing changes then.

    `packed` is what documents are drawn from. `versions` (of code, rules, engine and registry snapshots) go into the log, so that a
    report can be made anew.
    """
    report_sha256, *others = store.keep(review_id, [report] if packed is None else [report, packed], now)
    facts = {name: getattr(summary, name) for name in Summary.__slots__ if name != "kinds"}
    ended = _end(
        store,
        review_id,
        State.DONE,
        actor,
        now,
        retention,
        kinds=summary.kinds,
        logged={"report": report_sha256, "recommendation": summary.recommendation, **(versions or {})},
        report_sha256=report_sha256,
        packed_sha256=others[0] if others else None,
        **facts,
    )
    if not ended:
        for sha256 in (report_sha256, *others):
            _drop_unused(store, review_id, sha256)
    return ended


def fail(
    store: Store, review_id: str, code: str, message: str, *, retention: Retention, actor: str, now: dt.datetime
) -> bool:
    """End the review without a report; `message` is for the person who handed it in. False where it had ended."""
    return _end(
        store,
        review_id,
        State.FAILED,
        actor,
        now,
        retention,
        logged={"code": code},
        error_code=code,
        error_message=message,
    )


def cancel(store: Store, review_id: str, *, retention: Retention, actor: str, now: dt.datetime) -> bool:
    """End the review because nobody wants it any more. False where it had ended."""
    return _end(store, review_id, State.CANCELLED, actor, now, retention)


def _end(
    store: Store,
    review_id: str,
    state: State,
    actor: str,
    now: dt.datetime,
    retention: Retention,
    kinds: Mapping[str, str] | None = None,
    logged: Mapping[str, Any] | None = None,
    **values: Any,
) -> bool:
    def work(connection: Connection) -> bool:
        changed = connection.execute(
            sa.update(REVIEWS)
            .where(REVIEWS.c.id == review_id, REVIEWS.c.state.in_(OPEN))
            .values(
                **values,
                state=state,
                finished_at=now,
                updated_at=now,
                expires_at=retention.case_until(now),
                application_expires_at=retention.until("application_form", now),
                progress_note="",
                version=REVIEWS.c.version + 1,
            )
        )
        if not changed.rowcount:
            return False
        files = sa.select(REVIEW_FILES.c.position, REVIEW_FILES.c.sha256).where(REVIEW_FILES.c.review_id == review_id)
        for file in connection.execute(files).all():
            kind = (kinds or {}).get(file.sha256)
            connection.execute(
                sa.update(REVIEW_FILES)
                .where(REVIEW_FILES.c.review_id == review_id, REVIEW_FILES.c.position == file.position)
                .values(kind=kind, expires_at=retention.until(kind, now))
            )
        if connection.scalar(sa.select(REVIEWS.c.purpose).where(REVIEWS.c.id == review_id)) != AUDIT:
            webhooks.announce(connection, review_id, EVENTS[state], now)
        log.append(connection, actor, EVENTS[state], review_id, now, **(logged or {}))
        return True

    return store.database.write(work)


def _move(store: Store, review_id: str, before: Sequence[State], now: dt.datetime, **values: Any) -> bool:
    change = (
        sa.update(REVIEWS)
        .where(REVIEWS.c.id == review_id, REVIEWS.c.state.in_(before))
        .values(**values, updated_at=now, version=REVIEWS.c.version + 1)
    )
    return bool(store.database.write(lambda connection: connection.execute(change).rowcount))


def _drop_unused(store: Store, review_id: str, sha256: str) -> None:
    """A report that came too late is not kept, unless it is the very one that was."""

    def work(connection: Connection) -> list[str]:
        kept = sa.select(REVIEWS.c.report_sha256, REVIEWS.c.packed_sha256).where(REVIEWS.c.id == review_id)
        row = connection.execute(kept).first()
        return [] if row and sha256 in tuple(row) else disown(connection, review_id, [sha256])

    store.collect(store.database.write(work))


def _earlier(connection: Connection, api_key_id: str | None, idempotency: Idempotency | None) -> str | None:
    if idempotency is None:
        return None
    row = connection.execute(
        sa.select(IDEMPOTENCY).where(
            IDEMPOTENCY.c.api_key_id == (api_key_id or ""), IDEMPOTENCY.c.idempotency_key == idempotency.key
        )
    ).first()
    if row is None:
        return None
    if row.body_sha256 != idempotency.body_sha256:
        raise IdempotencyConflict
    return str(row.review_id)


class _Beaten(Exception):
    """Another request with the same key was first; take back what this one wrote."""
