"""Letters that are due are found in the order in which they are sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    _index(["next_at", "position"])


def downgrade() -> None:
    _index(["next_at"])


def _index(columns: list[str]) -> None:
    op.drop_index("ix_deliveries_due", table_name="deliveries")
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        columns,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
