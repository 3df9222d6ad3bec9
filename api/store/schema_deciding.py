"""The tables of deciding: what people did to a case, when they opened it, and what was shown when they gave their word."""

from typing import Any

import sqlalchemy as sa

from api.store.schema import METADATA, Moment


def _text(name: str, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, **more)


def _of_review() -> sa.Column[str]:
    return sa.Column("review_id", sa.Text, sa.ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True)


ACTS = sa.Table(
    "acts",
    METADATA,
    _of_review(),
    sa.Column("number", sa.Integer, primary_key=True),
    _text("kind"),
    _text("rows"),
    _text("place"),
    sa.Column("decision", sa.Text),
    sa.Column("value", sa.Text),
    _text("before"),
    _text("reason"),
    _text("actor"),
    sa.Column("at", Moment, nullable=False),
    sa.Column("about", sa.Integer),
    sa.Column("needs_second", sa.Boolean, nullable=False),
    sa.Column("report_sha256", sa.Text),
    sa.Column("packed_sha256", sa.Text),
    sa.Index(None, "kind", "at"),
)
"""Append-only: what people did, numbered within a case. An act of kind `undo` takes back the one that it is `about`; `rows` are ranges."""

DECIDED = sa.Table(
    "decided_cases",
    METADATA,
    _of_review(),
    _text("decision"),
    sa.Column("at", Moment, nullable=False),
    _text("actor"),
    sa.Index(None, "at"),
)
"""Cases whose final decision stands."""

OPENINGS = sa.Table(
    "openings",
    METADATA,
    _of_review(),
    sa.Column("actor", sa.Text, primary_key=True),
    sa.Column("at", Moment, nullable=False),
)
"""When a person first opened a case: from there the time that it takes is counted."""

LABELS = sa.Table(
    "labels",
    METADATA,
    _of_review(),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Index(None, "at"),
)
"""What the machine had said when a person gave his word on a finding (by fingerprint and version) or a field (by place and act)."""
