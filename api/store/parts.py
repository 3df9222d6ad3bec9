"""Pages that have been read, kept until the review that asked for them is over."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store.errors import ReviewMissing
from api.store.opened import Store, claim, disown
from api.store.schema import PARTS, REVIEWS


@dataclass(frozen=True, slots=True)
class PartRow:
    """Pages `first` to `last` (from 1, both included) of a file, as bytes in the blob `sha256`."""

    file_sha256: str
    first: int
    last: int
    sha256: str


def save_part(
    store: Store, review_id: str, file_sha256: str, first: int, last: int, data: bytes, now: dt.datetime
) -> PartRow:
    """Keep what was read. The first result for a range stands, also where a step runs twice. ReviewMissing."""
    (sha256,) = store.keep(review_id, [data], now)

    def work(connection: Connection) -> PartRow:
        if connection.scalar(sa.select(REVIEWS.c.id).where(REVIEWS.c.id == review_id)) is None:
            raise ReviewMissing
        values = {"review_id": review_id, "file_sha256": file_sha256, "first": first, "last": last}
        claim(connection, PARTS, **values, sha256=sha256, created_at=now)
        mine = (PARTS.c.review_id == review_id, PARTS.c.file_sha256 == file_sha256, PARTS.c.first == first)
        return _part(connection.execute(sa.select(PARTS).where(*mine)).one())

    try:
        return store.database.write(work)
    except ReviewMissing:
        store.collect(store.database.write(lambda connection: disown(connection, review_id)))
        raise


def parts_of(store: Store, review_id: str, file_sha256: str | None = None) -> list[PartRow]:
    """What has been read, by file and page; of one file where it is given."""
    question = sa.select(PARTS).where(PARTS.c.review_id == review_id).order_by(PARTS.c.file_sha256, PARTS.c.first)
    if file_sha256 is not None:
        question = question.where(PARTS.c.file_sha256 == file_sha256)
    return [_part(row) for row in store.database.read(lambda connection: connection.execute(question).all())]


def drop_parts(store: Store, review_id: str) -> None:
    """Let go what was read, when nobody needs it any more."""

    def work(connection: Connection) -> list[str]:
        hashes = list(connection.scalars(sa.select(PARTS.c.sha256).where(PARTS.c.review_id == review_id)))
        connection.execute(sa.delete(PARTS).where(PARTS.c.review_id == review_id))
        return disown(connection, review_id, hashes)

    store.collect(store.database.write(work))


def _part(row: sa.Row[tuple[object, ...]]) -> PartRow:
    return PartRow(row.file_sha256, row.first, row.last, row.sha256)
