"""Webhooks as in Standard Webhooks: what is said, how it is signed, where it may go, and when it is tried again."""

import asyncio
import base64
import datetime as dt
import hashlib
import hmac
import ipaddress
import json
import random
import secrets as randomness
import socket
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from models.errors import InputError

if TYPE_CHECKING:
    from api.store.reviews import ReviewRow
    from api.store.webhooks import Delivery

PREFIX = "whsec_"
TIMEOUT_SECONDS = 15.0
_MINUTE, _HOUR = 60, 3600
WAITS = (0, 5, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 14 * _HOUR, 20 * _HOUR, 24 * _HOUR)
"""Seconds before each attempt, counted from the one before; the table of Standard Webhooks."""
GONE = 410
_TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))
"""IPv6 that carries an IPv4 address and would lead there (NAT64, 6to4)."""


class TargetRefused(InputError):
    """回调地址不可用。 The webhook's address cannot be used."""

    code = "webhook_target_refused"


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: the URL as given, its host, and the one IP address that the request will go to."""

    url: str
    host: str
    address: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one attempt came to: the HTTP status, or in words why there was none."""

    status: int | None
    error: str | None = None

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def new_secret() -> str:
    """A secret of 32 random bytes, as receivers paste it into their settings."""
    return PREFIX + base64.b64encode(randomness.token_bytes(32)).decode()


def secret_bytes(secret: str) -> bytes:
    """The key in a `whsec_…` secret; InputError where it is none, or has fewer than 24 or more than 64 bytes."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        key = b""
    if not secret.startswith(PREFIX) or not 24 <= len(key) <= 64:
        raise InputError(
            "回调密钥应为 whsec_ 加 24 至 64 字节的 Base64。 A webhook secret is whsec_ and the Base64 of 24 to 64 bytes."
        )
    return key


def wait_before(attempt: int) -> float | None:
    """Seconds until attempt number `attempt` (from 1), a tenth more or less so that many do not come at once; None: given up."""
    if attempt > len(WAITS):
        return None
    return WAITS[attempt - 1] * random.uniform(0.9, 1.1)  # noqa: S311 - spreads the load, keeps no secret


def payload(review: "ReviewRow", delivery: "Delivery") -> bytes:
    """The thin message: which review came to what. Everything else is to be fetched with a key; the same bytes at every attempt."""
    return json.dumps(
        {
            "type": delivery.event,
            "timestamp": delivery.created_at.isoformat().replace("+00:00", "Z"),
            "data": {
                "review_id": review.id,
                "state": review.state.value,
                "recommendation": review.recommendation,
                "error": review.error_code,
                "objections": {"blocking": review.blocking, "major": review.major, "minor": review.minor},
                "path": f"/v1/reviews/{review.id}",
            },
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def headers(
    message_id: str, body: bytes, secrets: Sequence[str], now: dt.datetime, sm3: bool = False
) -> dict[str, str]:
    """The three headers of Standard Webhooks, a signature for each secret; with `sm3` one with HMAC-SM3 (`v1sm`) beside each."""
    from standardwebhooks import Webhook

    stamp = str(int(now.timestamp()))
    signed = f"{message_id}.{stamp}.".encode() + body
    signatures = []
    for secret in secrets:
        signatures.append(Webhook(secret).sign(message_id, now.astimezone(dt.UTC), body.decode()))
        if sm3:
            digest = hmac.new(secret_bytes(secret), signed, _sm3).digest()
            signatures.append("v1sm," + base64.b64encode(digest).decode())
    return {
        "content-type": "application/json",
        "user-agent": "zhengshen-webhooks",
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(signatures),
    }


def sm3_at_hand() -> bool:
    """Whether this machine's OpenSSL has SM3."""
    return "sm3" in hashlib.algorithms_available


def resolve(url: str, private_hosts: Collection[str] = ()) -> Target:
    """Where the URL leads, checked. TargetRefused unless it is https to a public address, or to a host allowed by name.

    A name that leads to several addresses is refused if any of them is not public. The request goes to the address that was checked,
    so a name that changes its mind between the two gains nothing.
    """
    host = checked_host(url, private_hosts)
    parts = urlsplit(url)
    try:
        found = socket.getaddrinfo(
            host, parts.port or (443 if parts.scheme == "https" else 80), type=socket.SOCK_STREAM
        )
    except OSError as error:
        raise TargetRefused(
            f"回调地址的主机名无法解析：{host}。 The host of the webhook cannot be resolved: {host}."
        ) from error
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    if host not in private_hosts and not all(map(is_public, addresses)):
        raise TargetRefused(
            f"回调地址指向内部网络，未被允许：{host}。 The webhook leads into a private network, which is not allowed: {host}."
        )
    return Target(url, host, addresses[0])


def checked_host(url: str, private_hosts: Collection[str] = ()) -> str:
    """The host that a URL names, in lower case; TargetRefused for what no webhook may go to, whatever the name leads to."""
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").rstrip(".").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError) as error:
        raise TargetRefused from error
    if parts.scheme not in ("https", "http") or not host or parts.username is not None or len(url) > 2_000:
        raise TargetRefused(
            "回调地址应为不含用户名的 https 地址。 The webhook's address must be an https URL without a user name."
        )
    if parts.scheme == "http" and host not in private_hosts:
        raise TargetRefused(
            "回调地址必须使用 https；http 仅限管理员许可的主机。 Use https; http is for hosts that the operator allows by name only."
        )
    return host


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet: not private, loopback, link-local, shared, reserved, multicast or a disguise."""
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif any(ip in network for network in _TRANSLATED):
            return False
    return ip.is_global and not ip.is_multicast


def post(target: Target, body: bytes, head: dict[str, str], seconds: float = TIMEOUT_SECONDS) -> Attempt:
    """One attempt, over after `seconds` whatever the receiver does; redirects are not followed, proxies not used, answers not read."""
    try:
        return asyncio.run(asyncio.wait_for(_post(target, body, head), seconds))
    except TimeoutError:
        return Attempt(None, f"no answer within {seconds:.0f} s")


async def _post(target: Target, body: bytes, head: dict[str, str]) -> Attempt:
    import httpx

    parts = urlsplit(target.url)
    address = f"[{target.address}]" if ":" in target.address else target.address
    there = parts._replace(netloc=f"{address}:{parts.port}" if parts.port else address, fragment="").geturl()
    name = f"[{target.host}]" if ":" in target.host else target.host
    head = {**head, "host": f"{name}:{parts.port}" if parts.port else name}
    try:
        async with (
            httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=TIMEOUT_SECONDS) as client,
            client.stream(
                "POST", there, content=body, headers=head, extensions={"sni_hostname": target.host}
            ) as answer,
        ):
            return Attempt(answer.status_code)
    except (httpx.HTTPError, OSError) as error:
        return Attempt(None, type(error).__name__)


def _sm3(data: bytes = b"") -> "hashlib._Hash":
    return hashlib.new("sm3", data)
