"""Webhooks: signatures that the reference library accepts, addresses that are refused, and one attempt against a real receiver."""

import base64
import datetime as dt
import hmac
import json
import subprocess
import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from api import webhooks
from api.store.reviews import ReviewRow, State
from api.store.webhooks import Delivery, DeliveryState
from api.webhooks import TargetRefused
from models.errors import InputError
from tests.api.jobs.receiver import HANG, receiver

NOW = dt.datetime.now(dt.UTC)


def review(**more: object) -> ReviewRow:
    values = dict.fromkeys(ReviewRow.__slots__)
    row = {"id": "rev_1", "state": State.DONE, "recommendation": "correct", "blocking": 2, "major": 1, "minor": 0}
    return ReviewRow(**{**values, **row, **more})  # type: ignore[arg-type]


def delivery() -> Delivery:
    return Delivery("msg_1", "sub_1", "rev_1", "review.done", DeliveryState.PENDING, 0, NOW, NOW, None, None, None)


def target(url: str) -> webhooks.Target:
    return webhooks.resolve(url, ("127.0.0.1", "localhost"))


def test_the_reference_library_accepts_each_of_our_signatures() -> None:
    old, new = webhooks.new_secret(), webhooks.new_secret()
    body = webhooks.payload(review(name="海口椰风检测技术有限公司"), delivery())
    head = webhooks.headers("msg_1", body, (new, old), dt.datetime.now(dt.UTC))
    for secret in (old, new):
        assert Webhook(secret).verify(body, head)["data"]["review_id"] == "rev_1"
    with pytest.raises(WebhookVerificationError):
        Webhook(webhooks.new_secret()).verify(body, head)
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(body + b" ", head)


@pytest.mark.skipif(not webhooks.sm3_at_hand(), reason="this OpenSSL has no SM3")
def test_sm3_stands_beside_the_standard_signature() -> None:
    secret = webhooks.new_secret()
    head = webhooks.headers("msg_1", b"{}", (secret,), dt.datetime.now(dt.UTC), sm3=True)
    standard, ours = head["webhook-signature"].split(" ")
    assert Webhook(secret).verify(b"{}", {**head, "webhook-signature": f"{ours} {standard}"}) == {}
    signed = f"msg_1.{head['webhook-timestamp']}.".encode() + b"{}"
    key = base64.b64decode(secret.removeprefix("whsec_")).hex()
    openssl = subprocess.run(
        ["openssl", "dgst", "-sm3", "-mac", "HMAC", "-macopt", f"hexkey:{key}", "-binary"],
        input=signed,
        capture_output=True,
        check=True,
    )
    assert ours == "v1sm," + base64.b64encode(openssl.stdout).decode()


def test_the_message_is_thin_and_the_same_at_every_attempt() -> None:
    body = webhooks.payload(review(name="甲" * 5_000), delivery())
    assert len(body) < 1_000
    assert body == webhooks.payload(review(name="甲" * 5_000), delivery())
    assert json.loads(body)["type"] == "review.done"
    assert set(json.loads(body)) == {"type", "timestamp", "data"}


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!!!", "whsec_" + base64.b64encode(b"short").decode(), "AAAA"])
def test_a_weak_or_broken_secret_is_refused(secret: str) -> None:
    with pytest.raises(InputError):
        webhooks.secret_bytes(secret)


def test_waits_grow_for_three_days_and_then_end() -> None:
    drawn = [webhooks.wait_before(attempt) for attempt in range(1, 11)]
    assert drawn[0] == 0
    for wait, stated in zip(drawn, webhooks.WAITS, strict=True):
        assert wait is not None
        assert 0.9 * stated <= wait <= 1.1 * stated
    assert webhooks.wait_before(11) is None
    assert len({webhooks.wait_before(4) for _ in range(5)}) > 1


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "192.0.2.1",
        "198.18.0.1",
    ],
)
def test_addresses_that_are_not_of_the_open_internet(address: str) -> None:
    assert not webhooks.is_public(address)
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(TargetRefused):
        webhooks.resolve(f"https://{host}/hook")


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_addresses_that_are(address: str) -> None:
    assert webhooks.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://8.8.8.8/hook",
        "ftp://8.8.8.8/",
        "https:///hook",
        "https://user:secret@8.8.8.8/",
        "https://8.8.8.8:99999/",
        "https://[::1/",
        "file:///etc/passwd",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://127.1/",
        "https://" + "a" * 3_000,
    ],
)
def test_urls_that_no_webhook_may_go_to(url: str) -> None:
    with pytest.raises(TargetRefused):
        webhooks.resolve(url)


def test_a_host_may_be_allowed_by_name() -> None:
    assert webhooks.resolve("http://localhost:1/hook", ("localhost",)).host == "localhost"
    with pytest.raises(TargetRefused):
        webhooks.resolve("http://127.0.0.1:1/hook", ("localhost",))


def test_the_request_goes_to_the_address_that_was_checked() -> None:
    """The name is not looked up a second time: one that leads nowhere is no hindrance once its address is known."""
    with receiver() as here:
        port = here.url.rpartition(":")[2]
        pinned = webhooks.Target(f"http://nowhere.invalid:{port}/hook?a=1", "nowhere.invalid", "127.0.0.1")
        assert webhooks.post(pinned, b"{}", {"webhook-id": "msg_1"}).delivered
        (got,) = here.got
        assert (got.path, got.headers["host"]) == ("/hook?a=1", f"nowhere.invalid:{port}")


@pytest.mark.parametrize(
    ("status", "delivered"), [(200, True), (204, True), (301, False), (307, False), (410, False), (500, False)]
)
def test_what_counts_as_delivered(status: int, delivered: bool) -> None:
    with receiver([status]) as here:
        attempt = webhooks.post(target(here.url), b"{}", {})
        assert (attempt.status, attempt.delivered) == (status, delivered)
        time.sleep(0.05)
        assert len(here.got) == 1, "a redirect was followed"


def test_a_receiver_that_hangs_is_left_in_time() -> None:
    with receiver([HANG]) as here:
        started = time.monotonic()
        attempt = webhooks.post(target(here.url), b"{}", {}, seconds=0.3)
        assert attempt.status is None
        assert "0 s" in (attempt.error or "")
        assert time.monotonic() - started < 2


def test_a_receiver_that_is_away() -> None:
    with receiver() as here:
        pass
    assert webhooks.post(target(here.url), b"{}", {}).error == "ConnectError"


def test_headers_need_no_library_on_the_other_side() -> None:
    secret = webhooks.new_secret()
    head = webhooks.headers("msg_1", b"{}", (secret,), NOW)
    signed = f"msg_1.{int(NOW.timestamp())}.{{}}".encode()
    expected = base64.b64encode(hmac.digest(webhooks.secret_bytes(secret), signed, "sha256")).decode()
    assert head["webhook-signature"] == f"v1,{expected}"
