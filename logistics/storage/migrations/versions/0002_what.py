"""Transfers, the feed of events, returned items, holds, parked records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("transfer_id", sa.String(length=32), nullable=True),
        sa.Column("subject", sa.String(length=100), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=True),
        sa.Column("cause", sa.String(length=200), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("details", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("position", name=op.f("uq_events_position")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_transfer_id", ["transfer_id"], unique=False)
        batch_op.create_index(
            "ix_events_unplaced",
            ["id"],
            unique=False,
            sqlite_where=sa.text("position IS NULL"),
            postgresql_where=sa.text("position IS NULL"),
        )

    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_feed_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
    )
    op.create_table(
        "parked_records",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("request_id", sa.String(length=200), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("unknown_codes", sa.JSON(), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('transfer', 'return', 'hold')", name=op.f("ck_parked_records_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_records")),
        sa.UniqueConstraint("request_id", name=op.f("uq_parked_records_request_id")),
    )
    with op.batch_alter_table("parked_records", schema=None) as batch_op:
        batch_op.create_index(
            "ix_parked_records_open",
            ["parked_at"],
            unique=False,
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )
        batch_op.create_index("ix_parked_records_source_kind", ["source", "kind"], unique=False)

    op.create_table(
        "holds",
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=64), nullable=False),
        sa.Column("pickup", sa.String(length=60), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queue_position", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=100), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("transfer_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'assigned', 'cancelled')", name=op.f("ck_holds_state")
        ),
        sa.CheckConstraint("queue_position >= 1", name=op.f("ck_holds_queue_position")),
        sa.ForeignKeyConstraint(["pickup"], ["branches.id"], name=op.f("fk_holds_pickup")),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_holds")),
    )
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.create_index(
            "ix_holds_waiting",
            ["title", "queue_position"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "returned_items",
        sa.Column("request_id", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("at", sa.String(length=60), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("material", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("transfer_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "state IN ('free', 'assigned', 'stays')", name=op.f("ck_returned_items_state")
        ),
        sa.ForeignKeyConstraint(["at"], ["branches.id"], name=op.f("fk_returned_items_at")),
        sa.ForeignKeyConstraint(["owner"], ["branches.id"], name=op.f("fk_returned_items_owner")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_returned_items")),
    )
    with op.batch_alter_table("returned_items", schema=None) as batch_op:
        batch_op.create_index(
            "ix_returned_items_free",
            ["title"],
            unique=False,
            sqlite_where=sa.text("state = 'free'"),
            postgresql_where=sa.text("state = 'free'"),
        )

    op.create_table(
        "transfers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("origin", sa.String(length=60), nullable=False),
        sa.Column("destination", sa.String(length=60), nullable=False),
        sa.Column("hold_hash", sa.String(length=64), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", sa.String(length=60), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('hold', 'return', 'rebalance', 'supply')", name=op.f("ck_transfers_kind")
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'packed', 'aboard', 'at_hub', "
            "'delivered', 'cancelled', 'missing')",
            name=op.f("ck_transfers_state"),
        ),
        sa.CheckConstraint("origin <> destination", name=op.f("ck_transfers_two_places")),
        sa.ForeignKeyConstraint(["at"], ["branches.id"], name=op.f("fk_transfers_at")),
        sa.ForeignKeyConstraint(
            ["destination"], ["branches.id"], name=op.f("fk_transfers_destination")
        ),
        sa.ForeignKeyConstraint(["origin"], ["branches.id"], name=op.f("fk_transfers_origin")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("request_id", name=op.f("uq_transfers_request_id")),
    )
    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.create_index("ix_transfers_item", ["item"], unique=False)
        batch_op.create_index(
            "ix_transfers_waiting",
            ["state", "at"],
            unique=False,
            sqlite_where=sa.text("state IN ('requested', 'packed', 'at_hub')"),
            postgresql_where=sa.text("state IN ('requested', 'packed', 'at_hub')"),
        )
    op.execute("INSERT INTO feed (id, last) VALUES (1, 0)")


def downgrade() -> None:
    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.drop_index("ix_transfers_waiting")
        batch_op.drop_index("ix_transfers_item")

    op.drop_table("transfers")
    with op.batch_alter_table("returned_items", schema=None) as batch_op:
        batch_op.drop_index("ix_returned_items_free")

    op.drop_table("returned_items")
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.drop_index("ix_holds_waiting")

    op.drop_table("holds")
    with op.batch_alter_table("parked_records", schema=None) as batch_op:
        batch_op.drop_index("ix_parked_records_source_kind")
        batch_op.drop_index("ix_parked_records_open")

    op.drop_table("parked_records")
    op.drop_table("feed")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_unplaced")
        batch_op.drop_index("ix_events_transfer_id")

    op.drop_table("events")
