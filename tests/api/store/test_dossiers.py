"""Dossiers in the store: one for each packed report, replaced when it is made anew, gone with its review."""

import pytest

from api.store import Store
from api.store.deletion import delete_review
from api.store.dossiers import dossier_of, keep_dossier
from api.store.errors import BlobMissing, ReviewMissing
from tests.api.store.given import NOW, given_done


def test_a_dossier_is_kept_with_its_review_and_replaced_when_made_anew(store: Store) -> None:
    review = given_done(store)
    assert dossier_of(store, review.id, "a" * 64) is None
    keep_dossier(store, review.id, "a" * 64, b"first", NOW)
    keep_dossier(store, review.id, "b" * 64, b"other", NOW)
    keep_dossier(store, review.id, "a" * 64, b"second", NOW)
    keep_dossier(store, review.id, "a" * 64, b"second", NOW)
    assert dossier_of(store, review.id, "a" * 64) == b"second"
    assert dossier_of(store, review.id, "b" * 64) == b"other"
    (gone,) = store.keep("somebody", [b"first"], NOW)  # its bytes went; these are new ones
    assert store.blobs.get(gone) == b"first"


def test_a_dossier_goes_with_its_review(store: Store) -> None:
    review = given_done(store)
    keep_dossier(store, review.id, "a" * 64, b"what is shown", NOW)
    (name,) = store.keep("somebody", [b"what is shown"], NOW)
    delete_review(store, review.id, actor="test", now=NOW, reason="asked")
    assert dossier_of(store, review.id, "a" * 64) is None
    assert store.blobs.get(name) == b"what is shown"  # others may own the same bytes
    with pytest.raises(ReviewMissing):
        keep_dossier(store, review.id, "a" * 64, b"too late", NOW)
    with pytest.raises(BlobMissing):
        store.blobs.get("f" * 64)
