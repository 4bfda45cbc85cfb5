"""Plans with runs, stops and legs, driver's reports, bookings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bookings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("run_number", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.String(length=60), nullable=False),
        sa.Column("vehicle_name", sa.String(length=100), nullable=False),
        sa.Column("energy", sa.String(length=20), nullable=False),
        sa.Column("distance_metres", sa.Integer(), nullable=False),
        sa.Column("paid_seconds", sa.Integer(), nullable=False),
        sa.Column("stops", sa.Integer(), nullable=False),
        sa.Column("idle_stops", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("capacity_items", sa.Integer(), nullable=False),
        sa.Column("items_per_crate", sa.Integer(), nullable=False),
        sa.Column("item_metres", sa.Integer(), nullable=False),
        sa.Column("fixed_sek", sa.Float(), nullable=False),
        sa.Column("stops_sek", sa.Float(), nullable=False),
        sa.Column("distance_sek", sa.Float(), nullable=False),
        sa.Column("time_sek", sa.Float(), nullable=False),
        sa.Column("energy_units", sa.Float(), nullable=True),
        sa.Column("co2e_grams", sa.Float(), nullable=True),
        sa.Column("planned_distance_metres", sa.Integer(), nullable=False),
        sa.Column("planned_paid_seconds", sa.Integer(), nullable=False),
        sa.Column("planned_cost_sek", sa.Float(), nullable=False),
        sa.Column("planned_stops", sa.Integer(), nullable=False),
        sa.Column("planned_items", sa.Integer(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint(
            "service_date", "run_number", name=op.f("uq_bookings_service_date_run_number")
        ),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index("ix_bookings_service_date", ["service_date"], unique=False)

    op.create_table(
        "day_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_changes")),
    )
    with op.batch_alter_table("day_changes", schema=None) as batch_op:
        batch_op.create_index("ix_day_changes_service_date", ["service_date"], unique=False)

    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("cost_sek", sa.Float(), nullable=False),
        sa.Column("bound_sek", sa.Float(), nullable=True),
        sa.Column("gap", sa.Float(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("solve_seconds", sa.Float(), nullable=False),
        sa.Column("travel_source", sa.String(length=40), nullable=False),
        sa.Column("caveats", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("under_way_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'under_way', 'closed', 'superseded')",
            name=op.f("ck_plans_state"),
        ),
        sa.CheckConstraint("status IN ('optimal', 'feasible')", name=op.f("ck_plans_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("service_date", "version", name=op.f("uq_plans_service_date_version")),
    )
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.create_index(
            "uq_plans_in_force",
            ["service_date"],
            unique=True,
            sqlite_where=sa.text("state IN ('published', 'under_way', 'closed')"),
            postgresql_where=sa.text("state IN ('published', 'under_way', 'closed')"),
        )

    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("start_seconds", sa.Integer(), nullable=False),
        sa.Column("end_seconds", sa.Integer(), nullable=False),
        sa.Column("break_after", sa.Integer(), nullable=True),
        sa.Column("distance_metres", sa.Integer(), nullable=False),
        sa.Column("paid_seconds", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("departed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'under_way', 'done', 'cancelled')", name=op.f("ck_runs_state")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_runs_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("code", name=op.f("uq_runs_code")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_runs_plan_id_number")),
    )
    op.create_table(
        "booked_flows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("origin", sa.String(length=60), nullable=False),
        sa.Column("destination", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("direct_items", sa.Integer(), nullable=False),
        sa.Column("on_time_items", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('hold', 'return', 'rebalance', 'supply')", name=op.f("ck_booked_flows_kind")
        ),
        sa.ForeignKeyConstraint(
            ["destination"], ["branches.id"], name=op.f("fk_booked_flows_destination")
        ),
        sa.ForeignKeyConstraint(["origin"], ["branches.id"], name=op.f("fk_booked_flows_origin")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booked_flows")),
        sa.UniqueConstraint(
            "service_date",
            "origin",
            "destination",
            "kind",
            "days",
            name=op.f("uq_booked_flows_service_date_origin_destination_kind_days"),
        ),
    )
    op.create_table(
        "booked_stops",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.String(length=60), nullable=False),
        sa.Column("municipality", sa.String(length=10), nullable=True),
        sa.Column("items_off", sa.Integer(), nullable=False),
        sa.Column("items_on", sa.Integer(), nullable=False),
        sa.Column("hub_metres", sa.Integer(), nullable=False),
        sa.Column("late_seconds", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["booking_id"],
            ["bookings.id"],
            name=op.f("fk_booked_stops_booking_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name=op.f("fk_booked_stops_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipalities.code"], name=op.f("fk_booked_stops_municipality")
        ),
        sa.PrimaryKeyConstraint("booking_id", "number", name=op.f("pk_booked_stops")),
    )
    with op.batch_alter_table("booked_stops", schema=None) as batch_op:
        batch_op.create_index("ix_booked_stops_branch_id", ["branch_id"], unique=False)

    op.create_table(
        "stops",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.String(length=60), nullable=False),
        sa.Column("arrive_seconds", sa.Integer(), nullable=False),
        sa.Column("begin_seconds", sa.Integer(), nullable=False),
        sa.Column("depart_seconds", sa.Integer(), nullable=False),
        sa.Column("items_off", sa.Integer(), nullable=False),
        sa.Column("items_on", sa.Integer(), nullable=False),
        sa.Column("items_aboard", sa.Integer(), nullable=False),
        sa.Column("distance_metres", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_stops_branch_id")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_stops_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_stops")),
        sa.UniqueConstraint("code", name=op.f("uq_stops_code")),
    )
    with op.batch_alter_table("stops", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stops_branch_id"), ["branch_id"], unique=False)

    op.create_table(
        "ticks",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("stop_number", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('depart', 'arrive', 'done', 'exception', 'return')",
            name=op.f("ck_ticks_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_ticks_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticks")),
    )
    with op.batch_alter_table("ticks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticks_run_id"), ["run_id"], unique=False)

    op.create_table(
        "legs",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("transfer_id", sa.String(length=32), nullable=False),
        sa.Column("origin", sa.String(length=60), nullable=False),
        sa.Column("destination", sa.String(length=60), nullable=False),
        sa.Column("board_stop", sa.Integer(), nullable=False),
        sa.Column("leave_stop", sa.Integer(), nullable=False),
        sa.Column("boarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("board_stop < leave_stop", name=op.f("ck_legs_forward")),
        sa.ForeignKeyConstraint(["destination"], ["branches.id"], name=op.f("fk_legs_destination")),
        sa.ForeignKeyConstraint(["origin"], ["branches.id"], name=op.f("fk_legs_origin")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_legs_run_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfers.id"], name=op.f("fk_legs_transfer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "transfer_id", name=op.f("pk_legs")),
    )
    with op.batch_alter_table("legs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legs_transfer_id"), ["transfer_id"], unique=False)

    op.create_table(
        "plan_transfers",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("transfer_id", sa.String(length=32), nullable=False),
        sa.Column("shipment", sa.String(length=160), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("expected_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('delivered', 'at_hub', 'left')", name=op.f("ck_plan_transfers_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_plan_transfers_plan_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"],
            ["transfers.id"],
            name=op.f("fk_plan_transfers_transfer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("plan_id", "transfer_id", name=op.f("pk_plan_transfers")),
    )
    with op.batch_alter_table("plan_transfers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_plan_transfers_transfer_id"), ["transfer_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("plan_transfers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_transfers_transfer_id"))

    op.drop_table("plan_transfers")
    with op.batch_alter_table("legs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legs_transfer_id"))

    op.drop_table("legs")
    with op.batch_alter_table("ticks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticks_run_id"))

    op.drop_table("ticks")
    with op.batch_alter_table("stops", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stops_branch_id"))

    op.drop_table("stops")
    with op.batch_alter_table("booked_stops", schema=None) as batch_op:
        batch_op.drop_index("ix_booked_stops_branch_id")

    op.drop_table("booked_stops")
    op.drop_table("booked_flows")
    op.drop_table("runs")
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.drop_index("uq_plans_in_force")

    op.drop_table("plans")
    with op.batch_alter_table("day_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_day_changes_service_date")

    op.drop_table("day_changes")
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.drop_index("ix_bookings_service_date")

    op.drop_table("bookings")
