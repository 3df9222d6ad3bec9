"""What the page shows of a report, kept under its review so that a large case opens at once."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store.errors import BlobMissing, ReviewMissing
from api.store.opened import Store, claim, disown
from api.store.schema import DOSSIERS, REVIEWS


def keep_dossier(store: Store, review_id: str, packed_sha256: str, data: bytes, now: dt.datetime) -> None:
    """Keep what is shown of this packed report, in place of what was kept before. ReviewMissing."""
    (sha256,) = store.keep(review_id, [data], now)
    mine = (DOSSIERS.c.review_id == review_id, DOSSIERS.c.packed_sha256 == packed_sha256)

    def work(connection: Connection) -> list[str]:
        if connection.scalar(sa.select(REVIEWS.c.id).where(REVIEWS.c.id == review_id)) is None:
            return disown(connection, review_id)
        before = connection.scalar(sa.select(DOSSIERS.c.sha256).where(*mine))
        if not claim(connection, DOSSIERS, review_id=review_id, packed_sha256=packed_sha256, sha256=sha256):
            connection.execute(sa.update(DOSSIERS).where(*mine).values(sha256=sha256))
        return disown(connection, review_id, [before]) if before and before != sha256 else []

    gone = store.database.write(work)
    store.collect(gone)
    if sha256 in gone:
        raise ReviewMissing


def dossier_of(store: Store, review_id: str, packed_sha256: str) -> bytes | None:
    """What is kept of this packed report; None where nothing is."""
    mine = (DOSSIERS.c.review_id == review_id, DOSSIERS.c.packed_sha256 == packed_sha256)
    question = sa.select(DOSSIERS.c.sha256).where(*mine)
    sha256 = store.database.read(lambda connection: connection.scalar(question))
    if sha256 is None:
        return None
    try:
        return store.blobs.get(sha256)
    except BlobMissing:
        return None
