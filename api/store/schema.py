"""The tables of the service as they are now; how a database gets there is told by the migrations."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect


class Moment(sa.types.TypeDecorator[dt.datetime]):
    """An aware moment, kept in UTC: `timestamptz` in PostgreSQL, text without offset in SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("moments must be aware")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, **more)


def _of_review() -> sa.Column[str]:
    return sa.Column("review_id", sa.Text, sa.ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True)


BLOBS = sa.Table(
    "blobs",
    METADATA,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)
"""What the blob store holds. A row may stand here shortly before its bytes do, never the other way round."""

BLOB_OWNERS = sa.Table(
    "blob_owners",
    METADATA,
    sa.Column("sha256", sa.Text, sa.ForeignKey("blobs.sha256"), primary_key=True),
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index(None, "owner"),
)
"""Who needs a blob: the id of a review or of a snapshot. Bytes go when the last owner does."""

REVIEWS = sa.Table(
    "reviews",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    _text("state"),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("finished_at", Moment),
    sa.Column("as_of", sa.Date, nullable=False),
    _text("purpose"),
    sa.Column("api_key_id", sa.Text),
    sa.Column("callback_url", sa.Text),
    sa.Column("application_sha256", sa.Text),
    sa.Column("application_expires_at", Moment),
    sa.Column("report_sha256", sa.Text),
    sa.Column("packed_sha256", sa.Text),
    sa.Column("pages_done", sa.Integer, nullable=False),
    sa.Column("pages_total", sa.Integer, nullable=False),
    _text("progress_note"),
    sa.Column("recommendation", sa.Text),
    sa.Column("blocking", sa.Integer, nullable=False),
    sa.Column("major", sa.Integer, nullable=False),
    sa.Column("minor", sa.Integer, nullable=False),
    _text("name"),
    _text("unified_social_credit_code"),
    _text("registration_number"),
    _text("certificate_number"),
    sa.Column("error_code", sa.Text),
    sa.Column("error_message", sa.Text),
    sa.Column("due_on", sa.Date),
    sa.Column("due_for", sa.Text),
    sa.Column("expires_at", Moment),
    sa.Column("legal_hold", sa.Text),
    sa.Index(None, "created_at", "id"),
    sa.Index(None, "state", "created_at"),
    sa.Index(None, "unified_social_credit_code"),
    sa.Index(None, "registration_number"),
    sa.Index(None, "certificate_number"),
    sa.Index(None, "application_expires_at"),
    sa.Index(None, "expires_at"),
    sa.Index(None, "due_on"),
)

REVIEW_FILES = sa.Table(
    "review_files",
    METADATA,
    _of_review(),
    sa.Column("position", sa.Integer, primary_key=True),
    _text("name"),
    _text("sha256"),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.Text),
    sa.Column("expires_at", Moment),
    sa.Column("deleted_at", Moment),
    sa.Index(None, "expires_at"),
    sa.Index(None, "sha256"),
)

IDEMPOTENCY = sa.Table(
    "idempotency",
    METADATA,
    sa.Column("api_key_id", sa.Text, primary_key=True),
    sa.Column("idempotency_key", sa.Text, primary_key=True),
    _text("body_sha256"),
    sa.Column("review_id", sa.Text, sa.ForeignKey("reviews.id", ondelete="CASCADE"), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index(None, "review_id"),
)

PARTS = sa.Table(
    "parts",
    METADATA,
    _of_review(),
    sa.Column("file_sha256", sa.Text, primary_key=True),
    sa.Column("first", sa.Integer, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
    _text("sha256"),
    sa.Column("created_at", Moment, nullable=False),
)
"""Pages of a file that have been read: `first` to `last`, from 1, both included."""

DOSSIERS = sa.Table(
    "dossiers",
    METADATA,
    _of_review(),
    sa.Column("packed_sha256", sa.Text, primary_key=True),
    _text("sha256"),
)
"""What the page shows of a packed report, made once; it can be made anew at any time."""

SIGHTINGS = sa.Table(
    "sightings",
    METADATA,
    _of_review(),
    sa.Column("position", sa.Integer, primary_key=True),
    _text("kind"),
    _text("met_by"),
    _text("value"),
    _text("body"),
    _text("unified_social_credit_code"),
    sa.Index(None, "met_by"),
)
"""What a review shows that may be met again in another case. `met_by` is a hash of fixed length: equal for what may be one thing."""

VERDICTS = sa.Table(
    "verdicts",
    METADATA,
    _of_review(),
    sa.Column("fingerprint", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("verdict", sa.Text),
    sa.Column("value", sa.Text),
    _text("reason"),
    _text("actor"),
    sa.Column("at", Moment, nullable=False),
)
"""The human's word on a finding; the highest version holds, a null verdict takes the word back."""

LOG = sa.Table(
    "log",
    METADATA,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    _text("actor"),
    _text("action"),
    _text("subject"),
    _text("details_hash"),
    _text("previous"),
    _text("hash"),
    sa.Index(None, "subject"),
    sa.Index(None, "at"),
)
"""Append-only: the database itself refuses to change or delete a row."""

LOG_DETAILS = sa.Table(
    "log_details",
    METADATA,
    sa.Column(
        "number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.ForeignKey("log.number"), primary_key=True
    ),
    _text("salt"),
    _text("details"),
)
"""What an entry says beyond its bare facts, as canonical JSON. They go with a deleted case; the chain over salted hashes stays."""

API_KEYS = sa.Table(
    "api_keys",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    _text("name"),
    _text("salt"),
    _text("hash"),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment),
    sa.Column("revoked_at", Moment),
    sa.Column("last_used_at", Moment),
    sa.Column("replaces", sa.Text),
)

SUBSCRIPTIONS = sa.Table(
    "webhook_subscriptions",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    _text("url"),
    _text("secrets"),
    sa.Column("events", sa.JSON, nullable=False),
    sa.Column("review_id", sa.Text, sa.ForeignKey("reviews.id", ondelete="CASCADE")),
    sa.Column("api_key_id", sa.Text),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("disabled_at", Moment),
    sa.Column("disabled_reason", sa.Text),
    sa.Index(None, "review_id"),
)
"""`secrets` are sealed where the store has a key. One with a `review_id` is the callback of that review alone."""

DELIVERIES = sa.Table(
    "webhook_deliveries",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column(
        "subscription_id", sa.Text, sa.ForeignKey("webhook_subscriptions.id", ondelete="CASCADE"), nullable=False
    ),
    sa.Column("review_id", sa.Text, sa.ForeignKey("reviews.id", ondelete="CASCADE"), nullable=False),
    _text("event"),
    _text("state"),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("next_at", Moment),
    sa.Column("delivered_at", Moment),
    sa.Column("last_status", sa.Integer),
    sa.Column("last_error", sa.Text),
    sa.UniqueConstraint("review_id", "subscription_id", "event"),
    sa.Index(None, "state", "next_at"),
)

SNAPSHOTS = sa.Table(
    "registry_snapshots",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    _text("kind"),
    sa.Column("as_of", sa.Date, nullable=False),
    _text("sha256"),
    _text("source"),
    sa.Column("columns", sa.JSON, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("notices", sa.JSON, nullable=False),
    sa.Column("uploaded_at", Moment, nullable=False),
    _text("uploaded_by"),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Index(None, "kind", "active"),
)

WORKERS = sa.Table(
    "workers",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    _text("role"),
    _text("host"),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("beat_at", Moment, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
)
"""Processes of the service and when each was last alive."""

QUARANTINE = sa.Table(
    "quarantine",
    METADATA,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("page", sa.Integer, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    _text("cause"),
    sa.Column("at", Moment, nullable=False),
)
"""Pages (0: the file as a whole) that ended their reader twice under a version of the code."""

PEOPLE = sa.Table(
    "people",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    _text("login"),
    _text("name"),
    sa.Column("roles", sa.JSON, nullable=False),
    sa.Column("password", sa.Text),
    sa.Column("must_change", sa.Boolean, nullable=False),
    sa.Column("subject", sa.Text),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("disabled_at", Moment),
    sa.Column("signed_in_at", Moment),
    sa.UniqueConstraint("login"),
    sa.UniqueConstraint("subject"),
)
"""Who may sign in at the page. `password` is a scrypt hash, `subject` the name under which an identity provider knows the person."""

SESSIONS = sa.Table(
    "sessions",
    METADATA,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("person_id", sa.Text, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Index(None, "person_id"),
)
"""Open sessions of browsers, by the hash of their token."""

LOGIN_ATTEMPTS = sa.Table(
    "login_attempts",
    METADATA,
    sa.Column("login", sa.Text, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_at", Moment, nullable=False),
    sa.Index(None, "last_at"),
)
"""How often a login, whether anybody has it or not, was tried in vain of late."""

AUDITS = sa.Table(
    "audits",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    _text("manifest_sha256"),
    sa.Column("snapshots", sa.JSON, nullable=False),
    sa.Column("versions", sa.JSON, nullable=False),
)
"""What an audit was run with; its id is a hash of that. It owns the bytes of its snapshots."""

AUDIT_ITEMS = sa.Table(
    "audit_items",
    METADATA,
    sa.Column("audit_id", sa.Text, sa.ForeignKey("audits.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    _text("certificate"),
    sa.Column("review_id", sa.Text),
    sa.Column("error_code", sa.Text),
    sa.Column("error_message", sa.Text),
    sa.Index(None, "review_id"),
)
"""A certificate of an audit: the review that looks at it, or the reason why there can be none."""
