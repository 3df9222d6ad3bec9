"""What the service keeps: blobs by SHA-256 and, in one SQL database, reviews, verdicts, keys, webhooks, snapshots and the log."""

from api.store import schema_deciding as schema_deciding  # their tables belong to the schema wherever that is used
from api.store import schema_supervision as schema_supervision
from api.store.opened import Places, Store, open_store

__all__ = ["Places", "Store", "open_store"]
