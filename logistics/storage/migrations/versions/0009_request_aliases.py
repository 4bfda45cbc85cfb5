"""Requests for a transfer that another request had asked for already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "request_aliases",
        sa.Column("request_id", sa.String(200), nullable=False),
        sa.Column("transfer_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["transfer_id"],
            ["transfers.id"],
            name=op.f("fk_request_aliases_transfer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_request_aliases")),
    )
    op.create_index(op.f("ix_request_aliases_transfer_id"), "request_aliases", ["transfer_id"])


def downgrade() -> None:
    op.drop_table("request_aliases")
