"""How many groups of a booked day were proved; of days priced before, nothing is known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_NAMES = ("groups", "proved_groups")


def upgrade() -> None:
    with op.batch_alter_table("booked_shares", schema=None) as batch_op:
        for name in _NAMES:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("booked_shares", schema=None) as batch_op:
        for name in _NAMES:
            batch_op.drop_column(name)
