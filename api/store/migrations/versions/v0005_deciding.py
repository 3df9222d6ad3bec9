"""What people did to a case, which cases are decided, when they were opened, and what was shown at the time."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Four tables more; what is there stays as it is."""
    op.create_table(
        "acts",
        sa.Column("review_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("about", sa.Integer(), nullable=True),
        sa.Column("needs_second", sa.Boolean(), nullable=False),
        sa.Column("report_sha256", sa.Text(), nullable=True),
        sa.Column("packed_sha256", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name="fk_acts_review_id_reviews", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("review_id", "number", name="pk_acts"),
    )
    op.create_index("ix_acts_kind_at", "acts", ["kind", "at"])
    op.create_table(
        "decided_cases",
        sa.Column("review_id", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name="fk_decided_cases_review_id_reviews", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", name="pk_decided_cases"),
    )
    op.create_index("ix_decided_cases_at", "decided_cases", ["at"])
    op.create_table(
        "openings",
        sa.Column("review_id", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name="fk_openings_review_id_reviews", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "actor", name="pk_openings"),
    )
    op.create_table(
        "labels",
        sa.Column("review_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name="fk_labels_review_id_reviews", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("review_id", "kind", "subject", "version", name="pk_labels"),
    )
    op.create_index("ix_labels_at", "labels", ["at"])
