"""The day by which each transfer was promised when it was taken in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("transfers", sa.Column("promised_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("transfers", "promised_on")
