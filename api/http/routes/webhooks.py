"""Standing webhook subscriptions and what became of their deliveries."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import clock, webhooks
from api.http.access import Administrator
from api.http.answers import errors
from api.http.context import context_of
from api.http.routes.reviews import actor
from api.http.shapes import DeliveryView, SubscriptionRequest, SubscriptionView
from api.store import webhooks as stored

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])


@router.get("", response_model=list[SubscriptionView], responses=errors())
def listed(request: Request, _: Administrator) -> list[SubscriptionView]:
    """订阅列表。 Standing subscriptions."""
    return [SubscriptionView.of(row) for row in stored.subscriptions(context_of(request).store)]


@router.post("", status_code=201, response_model=SubscriptionView, responses=errors())
def subscribe(request: Request, key: Administrator, asked: SubscriptionRequest) -> SubscriptionView:
    """订阅全部审查的结果；未给密钥则生成一个，只显示这一次。 Subscribe; a secret is made where none is given, and shown once."""
    context = context_of(request)
    webhooks.resolve(asked.url, context.settings.webhook_hosts)
    for secret in asked.secrets:
        webhooks.secret_bytes(secret)
    made = None if asked.secrets else webhooks.new_secret()
    row = stored.subscribe(
        context.store,
        asked.url,
        asked.secrets or [made or ""],
        events=asked.events,
        actor=actor(key),
        now=clock.now(),
        api_key_id=key.id,
    )
    return SubscriptionView.of(row, made)


@router.post("/{subscription_id}/enable", response_model=SubscriptionView, responses=errors(404))
def enable(request: Request, key: Administrator, subscription_id: str) -> SubscriptionView:
    """重新启用（例如曾返回 410）。 Tell this address again."""
    store = context_of(request).store
    stored.enable(store, subscription_id, actor=actor(key), now=clock.now())
    return SubscriptionView.of(stored.get_subscription(store, subscription_id))


@router.delete("/{subscription_id}", status_code=204, responses=errors(404))
def unsubscribe(request: Request, key: Administrator, subscription_id: str) -> Response:
    """取消订阅。 Remove a subscription."""
    stored.unsubscribe(context_of(request).store, subscription_id, actor=actor(key), now=clock.now())
    return Response(status_code=204)


@router.get("/deliveries", response_model=list[DeliveryView], responses=errors())
def delivered(
    request: Request,
    _: Administrator,
    review_id: Annotated[str | None, Query(max_length=100)] = None,
    state: stored.DeliveryState | None = None,
) -> list[DeliveryView]:
    """通知的送达情况。 What became of telling whom."""
    rows = stored.deliveries(context_of(request).store, review_id=review_id, state=state)
    return [DeliveryView.of(row) for row in rows]
