"""Drafts: kept for a day, then gone with their bytes; bytes that others need stay."""

import pytest

from api.store import Store
from api.store.drafts import draft, drop_draft, keep_draft, sizes
from api.store.errors import EntryMissing
from tests.api.store.given import NOW, after


def test_a_draft_is_there_until_it_is_dropped_or_a_day_old(store: Store) -> None:
    one, other = keep_draft(store, b"one", NOW), keep_draft(store, b"other", NOW)
    (kept,) = store.keep("snap_1", [b"other"], NOW)
    assert draft(store, one) == b"one"
    drop_draft(store, one)
    keep_draft(store, b"third", after(1.1))
    for gone in (one, other, "snap_1", "", "draft_x"):
        with pytest.raises(EntryMissing):
            draft(store, gone)
    drop_draft(store, "snap_1")  # is none, and stays
    assert store.blobs.get(kept) == b"other"
    assert sizes(store, [kept, "0" * 64]) == {kept: 5}
