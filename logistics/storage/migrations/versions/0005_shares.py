"""What each municipality pays of a booked day, priced once and kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "booked_shares",
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("total_sek", sa.Float(), nullable=False),
        sa.Column("by_rule", sa.JSON(), nullable=False),
        sa.Column("alone_sek", sa.JSON(), nullable=False),
        sa.Column("error_sek", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("service_date", name=op.f("pk_booked_shares")),
    )


def downgrade() -> None:
    op.drop_table("booked_shares")
