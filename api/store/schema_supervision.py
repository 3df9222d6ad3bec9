"""The tables of supervision after issue: deadlines, draws, publications, and which issued certificate rests on what."""

from typing import Any

import sqlalchemy as sa

from api.store.schema import METADATA, Moment


def _text(name: str, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, **more)


VERIFICATIONS = sa.Table(
    "commitment_verifications",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    _text("certificate"),
    sa.Column("verified_on", sa.Date, nullable=False),
    _text("outcome"),
    _text("note"),
    _text("actor"),
    sa.Column("at", Moment, nullable=False),
    sa.Index(None, "certificate"),
)
"""承诺核查: nothing is overwritten, the newest entry of a certificate holds."""

CORRECTIONS = sa.Table(
    "corrections",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    _text("subject"),
    _text("name"),
    sa.Column("sent_on", sa.Date, nullable=False),
    sa.Column("working_days", sa.Integer, nullable=False),
    sa.Column("answered_on", sa.Date),
    _text("actor"),
    sa.Column("at", Moment, nullable=False),
    sa.Index(None, "subject"),
)
"""补正通知 that were sent, by review or application number."""

DUE_NOTICES = sa.Table(
    "due_notices",
    METADATA,
    sa.Column("subscription_id", sa.Text, primary_key=True),
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("event", sa.Text, primary_key=True),
    sa.Column("at", Moment, nullable=False),
)
"""Which subscriber was told of which deadline; each is told once of its coming and once of its passing."""

ISSUED_CERTIFICATES = sa.Table(
    "issued_certificates",
    METADATA,
    sa.Column("number", sa.Text, primary_key=True),
    _text("name"),
    _text("unified_social_credit_code"),
    _text("digest"),
)
"""Issued certificates whose keys stand in `issued_keys`; the digest tells whether they still are what was indexed."""

ISSUED_KEYS = sa.Table(
    "issued_keys",
    METADATA,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("certificate", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("first_row", sa.Integer, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Index(None, "certificate"),
)
"""What a certificate rests on, by the keys of registries: standards (`subject` is the very one) and its holder (`subject` empty)."""

IMPACT_RUNS = sa.Table(
    "impact_runs",
    METADATA,
    sa.Column("snapshot_id", sa.Text, primary_key=True),
    _text("kind"),
    sa.Column("compared_with", sa.Text),
    sa.Column("differing", sa.Integer, nullable=False),
    sa.Column("findings", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
)
"""Snapshots whose consequences for issued certificates have been found, each once."""

IMPACT_FINDINGS = sa.Table(
    "impact_findings",
    METADATA,
    sa.Column("snapshot_id", sa.Text, primary_key=True),
    sa.Column("certificate", sa.Text, primary_key=True),
    sa.Column("registry", sa.Text, primary_key=True),
    sa.Column("change", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    _text("check_id"),
    _text("severity"),
    _text("before"),
    _text("after"),
    _text("suggestion"),
    sa.Column("first_row", sa.Integer, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("true_on", sa.Date, nullable=False),
    sa.Column("stated", sa.Boolean, nullable=False),
    sa.Column("found_at", Moment, nullable=False),
    sa.Index(None, "certificate"),
)
"""What a snapshot changed for a certificate. `true_on` is the registry's own date where `stated`, else the snapshot's day."""

PUBLICATIONS = sa.Table(
    "publications",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    _text("state"),
    _text("name"),
    _text("unified_social_credit_code"),
    _text("certificate"),
    _text("category"),
    _text("reason"),
    _text("basis"),
    _text("authority"),
    _text("document_number"),
    sa.Column("decided_on", sa.Date, nullable=False),
    sa.Column("published_until", sa.Date, nullable=False),
    sa.Column("review_id", sa.Text),
    sa.Column("findings", sa.JSON, nullable=False),
    sa.Column("repaired_on", sa.Date),
    _text("repair_document"),
    sa.Column("sent_at", Moment),
    sa.Column("withdrawn_at", Moment),
    _text("answer"),
    _text("actor"),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index(None, "state"),
    sa.Index(None, "unified_social_credit_code"),
)
"""失信公示: what is to be published, was sent, is to be withdrawn, or was."""

ASSIGNMENTS = sa.Table(
    "assignments",
    METADATA,
    sa.Column("record", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, primary_key=True),
    _text("subject"),
    sa.Column("at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Index(None, "person"),
)
"""Who was drawn by which record, so that later draws know how much is on whom."""
