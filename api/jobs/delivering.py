"""The steps of a webhook's delivery."""

import datetime as dt

from api import clock, webhooks
from api.jobs.hands import ACTOR, Hands
from api.store import reviews
from api.store import webhooks as deliveries
from api.store.errors import EntryMissing, ReviewMissing
from api.store.webhooks import DeliveryState, Subscription
from models.errors import InputError

AGAIN, ENDED = "again", "ended"


def pending(hands: Hands, review_id: str) -> list[str]:
    """The deliveries that the end of a review brought with it."""
    found = hands.patiently(
        lambda: deliveries.deliveries(hands.store, review_id=review_id, state=DeliveryState.PENDING)
    )
    return [delivery.id for delivery in found]


def attempt(hands: Hands, delivery_id: str, number: int, wait: float | None) -> str:
    """Attempt number `number` (from 1) to deliver; `again` where another is to follow `wait` seconds later, `ended` where none is."""
    store = hands.store
    try:
        delivery = hands.patiently(lambda: deliveries.get_delivery(store, delivery_id))
        subscription = hands.patiently(lambda: deliveries.get_subscription(store, delivery.subscription_id))
        review = hands.patiently(lambda: reviews.get_review(store, delivery.review_id))
    except (EntryMissing, ReviewMissing):
        return ENDED
    if delivery.state is not DeliveryState.PENDING:
        return ENDED
    if delivery.attempts >= number:
        return AGAIN
    if subscription.disabled_at is not None:
        result, wait = webhooks.Attempt(None, f"disabled: {subscription.disabled_reason}"), None
    else:
        result = _sent(hands, delivery_id, subscription, webhooks.payload(review, delivery))
    if result.status == webhooks.GONE:
        wait = None
        hands.patiently(lambda: deliveries.disable(store, subscription.id, "410 Gone", actor=ACTOR, now=clock.now()))
    now = clock.now()
    hands.patiently(
        lambda: deliveries.record_attempt(
            store,
            delivery_id,
            number,
            now=now,
            status=result.status,
            error=result.error,
            delivered=result.delivered,
            next_at=None if wait is None else now + dt.timedelta(seconds=wait),
        )
    )
    return ENDED if result.delivered or wait is None else AGAIN


def _sent(hands: Hands, message_id: str, subscription: Subscription, body: bytes) -> webhooks.Attempt:
    settings = hands.settings
    sm3 = settings.webhook_sm3 and webhooks.sm3_at_hand()
    try:
        target = webhooks.resolve(subscription.url, settings.webhook_hosts)
        head = webhooks.headers(message_id, body, subscription.secrets, clock.now(), sm3)
    except InputError as error:
        return webhooks.Attempt(None, str(error))
    return webhooks.post(target, body, head)
