"""What goes and when: deletion that deletes, the sweep of what has been kept long enough, and the legal hold that stops both."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store import log
from api.store.errors import ReviewMissing, StoreError, UnderLegalHold
from api.store.opened import Store, disown
from api.store.schema import AUDITS, BLOB_OWNERS, BLOBS, PARTS, REVIEW_FILES, REVIEWS, SNAPSHOTS

RETENTION = "retention"
"""The actor of what is deleted because its time has come."""

_ORPHANED_FOR = dt.timedelta(days=1)  # longer than any request takes between its first byte and its row


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep deleted: whole reviews, single papers and typed-in applications of others, and bytes that nobody owned."""

    reviews: int
    papers: int
    orphans: int


def delete_review(store: Store, review_id: str, *, actor: str, now: dt.datetime, reason: str) -> None:
    """Delete a review with all that belongs to it; only the bare facts of the log stay. ReviewMissing, UnderLegalHold.

    Bytes that another review or a snapshot needs as well are kept for it.
    """

    def work(connection: Connection) -> list[str]:
        _not_held(connection, review_id)
        files = sa.select(sa.func.count()).where(REVIEW_FILES.c.review_id == review_id)
        number = connection.scalar(files)
        connection.execute(sa.delete(REVIEWS).where(REVIEWS.c.id == review_id))
        had = disown(connection, review_id)
        log.erase(connection, actor, review_id, now, reason=reason, files=number)
        return had

    store.collect(store.database.write(work))


def place_hold(store: Store, review_id: str, reason: str, *, actor: str, now: dt.datetime) -> None:
    """Nothing of this review is deleted, by nobody, until the hold is lifted. ReviewMissing."""
    _hold(store, review_id, reason, "hold.placed", actor, now)


def lift_hold(store: Store, review_id: str, *, actor: str, now: dt.datetime) -> None:
    """From here on retention counts again: what is past its time goes with the next sweep. ReviewMissing."""
    _hold(store, review_id, None, "hold.lifted", actor, now)


def sweep(store: Store, now: dt.datetime) -> Swept:
    """Delete what has been kept long enough and what crashes left behind. Safe while the service runs, and several times at once."""
    free = REVIEWS.c.legal_hold.is_(None)
    ended = sa.select(REVIEWS.c.id).where(REVIEWS.c.expires_at <= now, free)
    reviews = sum(_expired(store, review_id, now) for review_id in _ids(store, ended))

    past = (REVIEW_FILES.c.expires_at <= now, REVIEW_FILES.c.deleted_at.is_(None))
    with_papers = sa.select(REVIEW_FILES.c.review_id).join(REVIEWS).where(*past, free)
    data = (REVIEWS.c.application_expires_at <= now, REVIEWS.c.application_sha256.is_not(None))
    with_data = sa.select(REVIEWS.c.id).where(*data, free)
    papers = sum(_papers(store, review_id, now) for review_id in _ids(store, with_papers.union(with_data)))

    orphans = _orphans(store, now)
    store.blobs.tidy(now - _ORPHANED_FOR)
    store.database.compact()
    return Swept(reviews, papers, orphans)


def _expired(store: Store, review_id: str, now: dt.datetime) -> bool:
    try:
        delete_review(store, review_id, actor=RETENTION, now=now, reason="expired")
    except (ReviewMissing, UnderLegalHold):  # deleted or held meanwhile
        return False
    return True


def _papers(store: Store, review_id: str, now: dt.datetime) -> int:
    """Delete the papers of a review whose time has come, with what was read from them; how many."""
    past = (
        REVIEW_FILES.c.review_id == review_id,
        REVIEW_FILES.c.expires_at <= now,
        REVIEW_FILES.c.deleted_at.is_(None),
    )

    def work(connection: Connection) -> tuple[int, list[str]]:
        try:
            review = _not_held(connection, review_id)
        except (ReviewMissing, UnderLegalHold):
            return 0, []
        files = connection.execute(sa.select(REVIEW_FILES.c.sha256, REVIEW_FILES.c.kind).where(*past)).all()
        connection.execute(sa.update(REVIEW_FILES).where(*past).values(deleted_at=now, name=""))
        gone = {file.sha256 for file in files}
        of_files = (PARTS.c.review_id == review_id, PARTS.c.file_sha256.in_(gone))
        gone.update(connection.scalars(sa.select(PARTS.c.sha256).where(*of_files)))
        connection.execute(sa.delete(PARTS).where(*of_files))
        expires_at = review.application_expires_at
        typed_in = review.application_sha256 if expires_at is not None and expires_at <= now else None
        if typed_in is not None:
            gone.add(typed_in)
            change = sa.update(REVIEWS).where(REVIEWS.c.id == review_id)
            connection.execute(change.values(application_sha256=None, application_expires_at=None))
        number = len(files) + (typed_in is not None)
        if number:
            kinds = [file.kind for file in files] + ["application"] * (typed_in is not None)
            log.append(connection, RETENTION, "papers.deleted", review_id, now, kinds=kinds)
        return number, disown(connection, review_id, gone)

    number, had = store.database.write(work)
    store.collect(had)
    return number


def _orphans(store: Store, now: dt.datetime) -> int:
    """Bytes kept for a request that never became a review, and those that a crash left between two steps of deletion."""
    known = sa.union(sa.select(REVIEWS.c.id), sa.select(SNAPSHOTS.c.id), sa.select(AUDITS.c.id)).subquery()
    nobody = BLOB_OWNERS.c.owner.not_in(sa.select(known.c.id))
    abandoned = sa.select(BLOB_OWNERS.c.owner).where(nobody, BLOB_OWNERS.c.created_at < now - _ORPHANED_FOR)
    for owner in _ids(store, abandoned):
        store.database.write(partial(disown, owner=owner))
    unowned = sa.select(BLOBS.c.sha256).where(BLOBS.c.sha256.not_in(sa.select(BLOB_OWNERS.c.sha256)))
    return store.collect(_ids(store, unowned))


def _hold(store: Store, review_id: str, reason: str | None, action: str, actor: str, now: dt.datetime) -> None:
    def work(connection: Connection) -> None:
        change = sa.update(REVIEWS).where(REVIEWS.c.id == review_id)
        values = {"legal_hold": reason, "updated_at": now, "version": REVIEWS.c.version + 1}
        if not connection.execute(change.values(**values)).rowcount:
            raise ReviewMissing
        log.append(connection, actor, action, review_id, now, reason=reason)

    if reason is not None and not reason.strip():
        raise StoreError("请写明保全的理由。 Please give the reason for the hold.")
    store.database.write(work)


def _not_held(connection: Connection, review_id: str) -> Any:
    review = connection.execute(sa.select(REVIEWS).where(REVIEWS.c.id == review_id).with_for_update()).first()
    if review is None:
        raise ReviewMissing
    if review.legal_hold is not None:
        raise UnderLegalHold
    return review


def _ids(store: Store, question: sa.Select[Any] | sa.CompoundSelect[Any]) -> Sequence[str]:
    return store.database.read(lambda connection: sorted(set(connection.scalars(question))))
