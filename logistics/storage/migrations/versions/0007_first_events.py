"""A transfer names its first event, so that only later ones are indexed by their transfer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NAME = """
    UPDATE transfers SET first_event = (
        SELECT min(events.id) FROM events
        WHERE events.transfer_id = transfers.id AND events.kind = 'transfer.requested'
    )
"""
_MARK = """
    UPDATE events SET is_first = true
    WHERE id IN (SELECT first_event FROM transfers WHERE first_event IS NOT NULL)
"""


def upgrade() -> None:
    op.add_column("transfers", sa.Column("first_event", sa.BigInteger(), nullable=True))
    op.add_column(
        "events",
        sa.Column("is_first", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    op.execute(_NAME)
    op.execute(_MARK)
    op.drop_index("ix_events_transfer_id", table_name="events")
    later = sa.text("NOT is_first")
    op.create_index(
        "ix_events_later", "events", ["transfer_id"], sqlite_where=later, postgresql_where=later
    )


def downgrade() -> None:
    op.drop_index("ix_events_later", table_name="events")
    op.create_index("ix_events_transfer_id", "events", ["transfer_id"])
    op.drop_column("events", "is_first")
    op.drop_column("transfers", "first_event")
