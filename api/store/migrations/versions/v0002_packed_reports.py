"""What documents are drawn from is kept beside the report."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column more; reviews that ended before have nothing in it."""
    op.add_column("reviews", sa.Column("packed_sha256", sa.Text(), nullable=True))
