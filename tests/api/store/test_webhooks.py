"""Subscriptions and deliveries: one for each review, subscription and event; attempts counted once."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from api.store import Store, deletion, open_store, reviews
from api.store.errors import BlobDamaged, EntryMissing
from api.store.schema import SUBSCRIPTIONS
from api.store.webhooks import (
    DeliveryState,
    deliveries,
    disable,
    enable,
    get_delivery,
    get_subscription,
    record_attempt,
    replace_secrets,
    subscribe,
    subscriptions,
    unsubscribe,
)
from tests.api.store.given import KEY, NOW, RETENTION, Where, after, given_done, given_review

HOOK = "https://approval.example/hook"


def test_everyone_who_wants_it_is_told_once(store: Store) -> None:
    everyone = subscribe(store, HOOK, ["whsec_a"], actor="t", now=NOW)
    failures = subscribe(store, HOOK, ["whsec_b"], actor="t", now=NOW, events=["review.failed"])
    silent = subscribe(store, HOOK, ["whsec_c"], actor="t", now=NOW)
    disable(store, silent.id, "410", actor="t", now=NOW)
    other = given_review(store, callback_url="https://other.example")
    done = given_done(store, callback_url=HOOK, callback_secrets=["whsec_d"])
    (callback,) = subscriptions(store, done.id)
    told = deliveries(store, review_id=done.id)
    assert {delivery.subscription_id for delivery in told} == {everyone.id, callback.id}
    assert {delivery.event for delivery in told} == {"review.done"}
    assert callback.secrets == ("whsec_d",)
    reviews.fail(store, other.id, "x", "x", retention=RETENTION, actor="w", now=NOW)
    assert len(deliveries(store, review_id=other.id)) == 3
    assert failures.id in {delivery.subscription_id for delivery in deliveries(store, review_id=other.id)}


def test_attempts_count_once_and_end(store: Store) -> None:
    subscribe(store, HOOK, ["whsec_a"], actor="t", now=NOW)
    given_done(store)
    (delivery,) = deliveries(store, state=DeliveryState.PENDING)
    assert record_attempt(store, delivery.id, 1, now=NOW, status=500, next_at=after(1))
    assert not record_attempt(store, delivery.id, 1, now=NOW, delivered=True, status=200)
    assert get_delivery(store, delivery.id).last_status == 500
    assert record_attempt(store, delivery.id, 2, now=after(1), status=204, delivered=True)
    assert not record_attempt(store, delivery.id, 3, now=after(2), error="late")
    ended = get_delivery(store, delivery.id)
    assert (ended.state, ended.attempts, ended.delivered_at, ended.next_at) == (
        DeliveryState.DELIVERED,
        2,
        after(1),
        None,
    )
    assert deliveries(store, state=DeliveryState.PENDING) == []


def test_what_is_given_up_says_why(store: Store) -> None:
    subscribe(store, HOOK, ["whsec_a"], actor="t", now=NOW)
    given_done(store)
    (delivery,) = deliveries(store)
    assert record_attempt(store, delivery.id, 10, now=NOW, error="timed out")
    given_up = get_delivery(store, delivery.id)
    assert (given_up.state, given_up.last_error) == (DeliveryState.GIVEN_UP, "timed out")


def test_secrets_are_sealed_where_there_is_a_key(where: Where) -> None:
    sealed = open_store(Where(where.database_url, where.store_url, KEY))
    made = subscribe(sealed, HOOK, ["whsec_a"], actor="t", now=NOW)
    kept = sealed.database.read(lambda connection: connection.scalar(sa.select(SUBSCRIPTIONS.c.secrets)))
    assert "whsec" not in kept
    assert get_subscription(sealed, made.id) == made
    replace_secrets(sealed, made.id, ["whsec_b", "whsec_a"], actor="t", now=NOW)
    assert get_subscription(sealed, made.id).secrets == ("whsec_b", "whsec_a")
    plain = open_store(where)
    with pytest.raises(BlobDamaged):
        get_subscription(plain, made.id)
    for opened in (sealed, plain):
        opened.close()


def test_a_subscription_can_rest_and_end(store: Store) -> None:
    made = subscribe(store, HOOK, ["whsec_a"], actor="t", now=NOW)
    disable(store, made.id, "410 Gone", actor="t", now=NOW)
    assert get_subscription(store, made.id).disabled_reason == "410 Gone"
    enable(store, made.id, actor="t", now=NOW)
    assert subscriptions(store) == [made]
    given_done(store)
    unsubscribe(store, made.id, actor="t", now=NOW)
    assert subscriptions(store) == []
    assert deliveries(store) == []
    for verb in (lambda: unsubscribe(store, made.id, actor="t", now=NOW), lambda: get_subscription(store, made.id)):
        with pytest.raises(EntryMissing):
            verb()
    with pytest.raises(EntryMissing):
        get_delivery(store, "msg_0")


def test_the_callback_goes_with_its_review(store: Store, tmp_path: Path) -> None:
    row = given_done(store, callback_url=HOOK)
    (callback,) = subscriptions(store, row.id)
    assert subscriptions(store) == []
    deletion.delete_review(store, row.id, actor="t", now=NOW, reason="asked")
    with pytest.raises(EntryMissing):
        get_subscription(store, callback.id)
