"""What finished reviews show that may be met again in another case: files, signatories, places of work, accreditations."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store.opened import Store
from api.store.reviews import State
from api.store.schema import REVIEWS, SIGHTINGS
from models.case import Sighting, SightingKind

Trace = tuple[str, Sighting]
"""A sighting and what it is met by: see `api.elsewhere.met_by`."""


def keep_sightings(store: Store, review_id: str, traces: Sequence[Trace]) -> None:
    """Keep what a review shows, in place of what was kept before; nothing where the review is gone. It counts once the review is done."""
    rows = [
        {
            "review_id": review_id,
            "position": position,
            "kind": sighting.kind,
            "met_by": met_by,
            "value": sighting.value,
            "body": sighting.body,
            "unified_social_credit_code": sighting.unified_social_credit_code,
        }
        for position, (met_by, sighting) in enumerate(traces)
    ]

    def work(connection: Connection) -> None:
        connection.execute(sa.delete(SIGHTINGS).where(SIGHTINGS.c.review_id == review_id))
        if rows and connection.scalar(sa.select(REVIEWS.c.id).where(REVIEWS.c.id == review_id)) is not None:
            connection.execute(sa.insert(SIGHTINGS), rows)

    store.database.write(work)


def sightings_met(store: Store, keys: Collection[str], but: str) -> list[Sighting]:
    """What reviews that are done show under one of the keys, without the review `but`; of each body's the newest, oldest first."""
    question = (
        sa.select(SIGHTINGS)
        .join(REVIEWS)
        .where(SIGHTINGS.c.met_by.in_(sorted(keys)), REVIEWS.c.state == State.DONE, SIGHTINGS.c.review_id != but)
        .order_by(REVIEWS.c.finished_at, SIGHTINGS.c.review_id, SIGHTINGS.c.position)
    )
    newest: dict[tuple[str, ...], Sighting] = {}
    for row in store.database.read(lambda connection: connection.execute(question).all()):
        of_whom = (row.kind, row.value, row.body, row.unified_social_credit_code)
        newest.pop(of_whom, None)
        newest[of_whom] = Sighting(SightingKind(row.kind), *of_whom[1:], case=row.review_id)
    return list(newest.values())
