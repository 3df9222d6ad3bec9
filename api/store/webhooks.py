"""Who is told about reviews, and what became of telling them: one delivery for each review, subscription and event."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.store import log
from api.store.errors import EntryMissing
from api.store.ids import new_id
from api.store.opened import Store, claim
from api.store.schema import DELIVERIES, SUBSCRIPTIONS


class DeliveryState(StrEnum):
    """What became of one delivery."""

    PENDING = "pending"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who is told. `secrets` sign, the newest first; no `events` means every event; a `review_id` makes it the callback of that review."""

    id: str
    url: str
    secrets: tuple[str, ...]
    events: tuple[str, ...]
    review_id: str | None
    api_key_id: str | None
    created_at: dt.datetime
    disabled_at: dt.datetime | None
    disabled_reason: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event of one review for one subscription; `last_status` is the HTTP status of the last attempt, if there was an answer."""

    id: str
    subscription_id: str
    review_id: str
    event: str
    state: DeliveryState
    attempts: int
    created_at: dt.datetime
    next_at: dt.datetime | None
    delivered_at: dt.datetime | None
    last_status: int | None
    last_error: str | None


def subscribe(
    store: Store,
    url: str,
    secrets: Sequence[str],
    *,
    actor: str,
    now: dt.datetime,
    events: Sequence[str] = (),
    review_id: str | None = None,
    api_key_id: str | None = None,
) -> Subscription:
    """Tell this address from now on."""
    subscription = Subscription(
        new_id("sub", now), url, tuple(secrets), tuple(events), review_id, api_key_id, now, None, None
    )

    def work(connection: Connection) -> None:
        add_subscription(connection, store, subscription)
        log.append(connection, actor, "webhook.subscribed", subscription.id, now, events=list(events), review=review_id)

    store.database.write(work)
    return subscription


def add_subscription(connection: Connection, store: Store, subscription: Subscription) -> None:
    """Write a subscription down in the caller's transaction."""
    connection.execute(
        sa.insert(SUBSCRIPTIONS).values(
            id=subscription.id,
            url=subscription.url,
            secrets=_sealed(store, subscription.id, subscription.secrets),
            events=list(subscription.events),
            review_id=subscription.review_id,
            api_key_id=subscription.api_key_id,
            created_at=subscription.created_at,
        )
    )


def subscriptions(store: Store, review_id: str | None = None) -> list[Subscription]:
    """Those that stand, oldest first; of a review its callback alone."""
    which = SUBSCRIPTIONS.c.review_id.is_(None) if review_id is None else SUBSCRIPTIONS.c.review_id == review_id
    question = sa.select(SUBSCRIPTIONS).where(which).order_by(SUBSCRIPTIONS.c.created_at, SUBSCRIPTIONS.c.id)
    return [_subscription(store, row) for row in store.database.read(lambda c: c.execute(question).all())]


def get_subscription(store: Store, subscription_id: str) -> Subscription:
    """EntryMissing where there is none."""
    question = sa.select(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.id == subscription_id)
    row = store.database.read(lambda connection: connection.execute(question).first())
    if row is None:
        raise EntryMissing
    return _subscription(store, row)


def replace_secrets(
    store: Store, subscription_id: str, secrets: Sequence[str], *, actor: str, now: dt.datetime
) -> None:
    """Sign with these from now on; give the former one second while receivers change over."""
    _change(
        store, subscription_id, "webhook.secrets_replaced", actor, now, secrets=_sealed(store, subscription_id, secrets)
    )


def disable(store: Store, subscription_id: str, reason: str, *, actor: str, now: dt.datetime) -> None:
    """Tell this address nothing more; what is pending stays to be looked at."""
    _change(store, subscription_id, "webhook.disabled", actor, now, disabled_at=now, disabled_reason=reason)


def enable(store: Store, subscription_id: str, *, actor: str, now: dt.datetime) -> None:
    """Tell this address again."""
    _change(store, subscription_id, "webhook.enabled", actor, now, disabled_at=None, disabled_reason=None)


def unsubscribe(store: Store, subscription_id: str, *, actor: str, now: dt.datetime) -> None:
    """Remove a subscription with its deliveries."""

    def work(connection: Connection) -> None:
        gone = connection.execute(sa.delete(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.id == subscription_id))
        if not gone.rowcount:
            raise EntryMissing
        log.append(connection, actor, "webhook.unsubscribed", subscription_id, now)

    store.database.write(work)


def announce(connection: Connection, review_id: str, event: str, now: dt.datetime) -> None:
    """One pending delivery for everyone who wants the event, in the caller's transaction; a second call adds none."""
    own = (SUBSCRIPTIONS.c.review_id.is_(None)) | (SUBSCRIPTIONS.c.review_id == review_id)
    wanted = connection.execute(sa.select(SUBSCRIPTIONS).where(own, SUBSCRIPTIONS.c.disabled_at.is_(None))).all()
    for row in wanted:
        if row.events and event not in row.events:
            continue
        claim(
            connection,
            DELIVERIES,
            id=new_id("msg", now),
            subscription_id=row.id,
            review_id=review_id,
            event=event,
            state=DeliveryState.PENDING,
            attempts=0,
            created_at=now,
            next_at=now,
        )


def deliveries(
    store: Store, *, review_id: str | None = None, state: DeliveryState | None = None, limit: int = 1_000
) -> list[Delivery]:
    """Deliveries, oldest first; of one review or in one state."""
    question = sa.select(DELIVERIES).order_by(DELIVERIES.c.created_at, DELIVERIES.c.id).limit(limit)
    if review_id is not None:
        question = question.where(DELIVERIES.c.review_id == review_id)
    if state is not None:
        question = question.where(DELIVERIES.c.state == state)
    return [_delivery(row) for row in store.database.read(lambda connection: connection.execute(question).all())]


def get_delivery(store: Store, delivery_id: str) -> Delivery:
    """EntryMissing where there is none."""
    question = sa.select(DELIVERIES).where(DELIVERIES.c.id == delivery_id)
    row = store.database.read(lambda connection: connection.execute(question).first())
    if row is None:
        raise EntryMissing
    return _delivery(row)


def record_attempt(
    store: Store,
    delivery_id: str,
    attempt: int,
    *,
    now: dt.datetime,
    status: int | None = None,
    error: str | None = None,
    delivered: bool = False,
    next_at: dt.datetime | None = None,
) -> bool:
    """What attempt number `attempt` (from 1) came to. Without `delivered` and `next_at` it is given up.

    False where that attempt or a later one is on record already, or the delivery has ended: recording twice changes nothing.
    """
    ended = DeliveryState.DELIVERED if delivered else DeliveryState.GIVEN_UP
    state = DeliveryState.PENDING if next_at is not None and not delivered else ended
    change = (
        sa.update(DELIVERIES)
        .where(
            DELIVERIES.c.id == delivery_id,
            DELIVERIES.c.state == DeliveryState.PENDING,
            DELIVERIES.c.attempts < attempt,
        )
        .values(
            state=state,
            attempts=attempt,
            next_at=next_at if state is DeliveryState.PENDING else None,
            delivered_at=now if delivered else None,
            last_status=status,
            last_error=error,
        )
    )
    return bool(store.database.write(lambda connection: connection.execute(change).rowcount))


def _change(store: Store, subscription_id: str, action: str, actor: str, now: dt.datetime, **values: Any) -> None:
    def work(connection: Connection) -> None:
        changed = connection.execute(
            sa.update(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.id == subscription_id).values(**values)
        )
        if not changed.rowcount:
            raise EntryMissing
        log.append(connection, actor, action, subscription_id, now, reason=values.get("disabled_reason"))

    store.database.write(work)


def _sealed(store: Store, name: str, secrets: Sequence[str]) -> str:
    text = json.dumps(list(secrets))
    return text if store.blobs.seal is None else store.blobs.seal.seal(text.encode(), name).hex()


def _subscription(store: Store, row: Any) -> Subscription:
    text = row.secrets
    if not text.startswith("["):
        text = store.blobs.unsealed(bytes.fromhex(text), row.id).decode()
    return Subscription(
        row.id,
        row.url,
        tuple(json.loads(text)),
        tuple(row.events),
        row.review_id,
        row.api_key_id,
        row.created_at,
        row.disabled_at,
        row.disabled_reason,
    )


def _delivery(row: Any) -> Delivery:
    return Delivery(**{**row._mapping, "state": DeliveryState(row.state)})
