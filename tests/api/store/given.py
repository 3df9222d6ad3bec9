"""What the tests of the store begin with."""

import base64
import datetime as dt
from dataclasses import dataclass
from typing import Any

from api.store import Store, reviews
from api.store.retention import Retention
from api.store.reviews import ReviewRow, Summary

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
KEY = base64.b64encode(bytes(range(32))).decode()
OTHER_KEY = base64.b64encode(bytes(range(32, 64))).decode()
RETENTION = Retention({"review": 100, "business_licence": 10, "other": 50})


@dataclass(frozen=True)
class Where:
    database_url: str
    store_url: str
    store_key: str | None = None


@dataclass(frozen=True)
class File:
    name: str
    data: bytes


LICENCE, ANNEX = File("营业执照.jpg", b"a licence"), File("附件.pdf", b"an annex")


def after(days: float) -> dt.datetime:
    return NOW + dt.timedelta(days=days)


def given_review(store: Store, *files: File, now: dt.datetime = NOW, **more: Any) -> ReviewRow:
    row, new = reviews.create_review(store, files or (LICENCE, ANNEX), as_of=NOW.date(), actor="key:k", now=now, **more)
    assert new
    return row


def given_done(store: Store, *files: File, now: dt.datetime = NOW, **more: Any) -> ReviewRow:
    """A finished review; the first file was a licence."""
    row = given_review(store, *files, now=now, **more)
    summary = Summary(
        "correct",
        blocking=1,
        major=2,
        name="海口椰风检测技术有限公司",
        unified_social_credit_code="91460100MAA9ABC12W",
        registration_number="CNAS L9876",
        kinds={row.files[0].sha256: "business_licence"},
    )
    report = b'{"of": "%s"}' % row.id.encode()
    assert reviews.finish(store, row.id, report, summary, retention=RETENTION, actor="worker", now=now)
    return reviews.get_review(store, row.id)
