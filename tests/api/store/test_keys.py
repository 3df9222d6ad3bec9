"""API keys: shown once, kept as hashes, opening what they say for as long as they say."""

import datetime as dt
import time

import pytest
import sqlalchemy as sa

from api.store import Store, log
from api.store.errors import EntryMissing
from api.store.keys import KeyRing, Scope, create_key, list_keys, revoke_key, rotate_key
from api.store.schema import API_KEYS
from tests.api.store.given import NOW, after

DAY = dt.timedelta(days=1)


def test_a_key_opens_until_it_is_revoked(store: Store) -> None:
    key, text = create_key(store, "海易办", [Scope.SUBMIT, Scope.READ], actor="cli", now=NOW)
    ring = KeyRing(store)
    found = ring.verify(text, NOW)
    assert found is not None
    assert (found.id, found.scopes) == (key.id, {Scope.SUBMIT, Scope.READ})
    revoke_key(store, key.id, actor="cli", now=NOW)
    assert ring.verify(text, NOW) is None  # at once, though the ring remembers the text
    with pytest.raises(EntryMissing):
        revoke_key(store, key.id, actor="cli", now=NOW)
    assert [entry.action for entry in log.entries(store, key.id)] == ["key.created", "key.revoked"]


@pytest.mark.parametrize(
    "wrong", ["", "zs", "zs_", "zs__", "zs_0_0", "Bearer x", "zs_{id}_", "zs_{id}_x", "zs_{id}_" + "x" * 500]
)
def test_nothing_else_opens(store: Store, wrong: str) -> None:
    key, text = create_key(store, "k", [Scope.READ], actor="cli", now=NOW)
    ring = KeyRing(store)
    assert ring.verify(wrong.format(id=key.id), NOW) is None
    assert ring.verify(text[:-1], NOW) is None
    assert ring.verify(text + "x", NOW) is None
    assert ring.verify(text, NOW) is not None


def test_the_secret_is_kept_nowhere(store: Store) -> None:
    _, text = create_key(store, "k", [Scope.READ], actor="cli", now=NOW)
    KeyRing(store).verify(text, NOW)
    (row,) = store.database.read(lambda connection: connection.execute(sa.select(API_KEYS)).all())
    secret = text.split("_", 2)[2]
    assert secret not in repr(row)
    assert secret not in repr(list_keys(store))
    assert secret not in repr(log.entries(store))


def test_a_rotated_key_opens_until_the_overlap_ends(store: Store) -> None:
    key, text = create_key(store, "k", [Scope.AUDIT], actor="cli", now=NOW)
    fresh, fresh_text = rotate_key(store, key.id, actor="cli", now=NOW, overlap=DAY)
    ring = KeyRing(store)
    assert (fresh.replaces, fresh.scopes, fresh.name) == (key.id, key.scopes, key.name)
    assert ring.verify(text, after(0.9)) is not None
    assert ring.verify(text, after(1)) is None
    assert ring.verify(fresh_text, after(1)) is not None
    with pytest.raises(EntryMissing):
        rotate_key(store, key.id, actor="cli", now=after(2), overlap=DAY)


def test_a_key_can_end_by_itself(store: Store) -> None:
    _, text = create_key(store, "k", [Scope.READ], actor="cli", now=NOW, expires_at=after(3))
    assert KeyRing(store).verify(text, after(2)) is not None
    assert KeyRing(store).verify(text, after(3)) is None


def test_use_is_noted(store: Store) -> None:
    key, text = create_key(store, "k", [Scope.READ], actor="cli", now=NOW)
    assert list_keys(store) == [key]
    KeyRing(store).verify(text, after(1))
    assert [k.last_used_at for k in list_keys(store)] == [after(1)]


def test_a_known_key_is_told_quickly(store: Store) -> None:
    _, text = create_key(store, "k", [Scope.READ], actor="cli", now=NOW)
    ring = KeyRing(store)
    times = []
    for _ in range(20):
        started = time.perf_counter()
        assert ring.verify(text, NOW) is not None
        times.append(time.perf_counter() - started)
    assert sorted(times[1:])[len(times) // 2] < times[0]
