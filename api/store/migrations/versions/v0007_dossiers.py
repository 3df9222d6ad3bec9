"""What the case page shows of a report is kept beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table more; what is not in it is made when somebody looks."""
    op.create_table(
        "dossiers",
        sa.Column("review_id", sa.Text(), nullable=False),
        sa.Column("packed_sha256", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name="fk_dossiers_review_id_reviews", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "packed_sha256", name="pk_dossiers"),
    )
