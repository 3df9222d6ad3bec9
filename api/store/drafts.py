"""Files that somebody looks at before they count: kept like any other, dropped when used or after a day."""

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store.errors import EntryMissing
from api.store.ids import new_id
from api.store.opened import Store, disown
from api.store.schema import BLOB_OWNERS, BLOBS

_KEPT_FOR = dt.timedelta(days=1)
_PREFIX = "draft"


def keep_draft(store: Store, data: bytes, now: dt.datetime) -> str:
    """Keep the bytes for a day; the id under which they are found. Drafts that are older go."""

    def sweep(connection: Connection) -> list[str]:
        old = sa.select(BLOB_OWNERS.c.owner).where(
            BLOB_OWNERS.c.owner.startswith(f"{_PREFIX}_", autoescape=True), BLOB_OWNERS.c.created_at < now - _KEPT_FOR
        )
        return [sha256 for owner in connection.scalars(old).all() for sha256 in disown(connection, owner)]

    store.collect(store.database.write(sweep))
    draft_id = new_id(_PREFIX, now)
    store.keep(draft_id, [data], now)
    return draft_id


def draft(store: Store, draft_id: str) -> bytes:
    """The bytes of a draft; EntryMissing where there is none (any more)."""
    question = sa.select(BLOB_OWNERS.c.sha256).where(BLOB_OWNERS.c.owner == draft_id)
    found = store.database.read(lambda connection: connection.scalar(question))
    if not draft_id.startswith(f"{_PREFIX}_") or found is None:
        raise EntryMissing("预览已过期，请重新选择文件。 The preview is no longer kept; choose the file again.")
    return store.blobs.get(found)


def drop_draft(store: Store, draft_id: str) -> None:
    """The draft is needed no more."""
    if draft_id.startswith(f"{_PREFIX}_"):
        store.collect(store.database.write(lambda connection: disown(connection, draft_id)))


def sizes(store: Store, hashes: Collection[str]) -> dict[str, int]:
    """How many bytes each of these blobs has."""
    question = sa.select(BLOBS.c.sha256, BLOBS.c.size).where(BLOBS.c.sha256.in_(hashes))
    return {row.sha256: row.size for row in store.database.read(lambda connection: connection.execute(question).all())}
