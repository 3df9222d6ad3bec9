"""What a review shares with the others of the store: asked when it is judged, and kept for those to come."""

from collections.abc import Sequence

from api.elsewhere import met_by, traces
from api.render.json import parse_json
from api.store.opened import Store
from api.store.sightings import keep_sightings, sightings_met
from models.case import Sighting, SightingKind
from models.papers import Paper

Told = list[list[str]]
"""Traces as they pass from the desk to the worker: what each is met by, kind, value, body, credit code."""


def known_to(store: Store, papers: Sequence[Paper], review_id: str) -> tuple[Sequence[Sighting], Told]:
    """What the other reviews hold that these papers may share, and what the papers show themselves."""
    own = traces(parse_json(papers)["papers"])
    keys = [met_by(sighting) for sighting in own]
    told = [
        [key, sighting.kind.value, sighting.value, sighting.body, sighting.unified_social_credit_code]
        for key, sighting in zip(keys, own, strict=True)
    ]
    return sightings_met(store, set(keys), but=review_id), told


def keep(store: Store, review_id: str, told: Told) -> None:
    """Keep what a review shows; it is met by others once the review is done."""
    found = [(key, Sighting(SightingKind(kind), value, body, code)) for key, kind, value, body, code in told]
    keep_sightings(store, review_id, found)
