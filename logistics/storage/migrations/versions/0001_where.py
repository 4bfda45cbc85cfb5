"""Municipalities, branches, vehicles, roads, calendar, rates and travel."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "boundaries",
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("member", sa.Boolean(), nullable=False),
        sa.Column("rings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_boundaries")),
    )
    op.create_table(
        "emission_factors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("energy", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("grams_co2e_per_unit", sa.Float(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emission_factors")),
        sa.UniqueConstraint(
            "energy", "valid_from", name=op.f("uq_emission_factors_energy_valid_from")
        ),
    )
    op.create_table(
        "municipalities",
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("population_date", sa.Date(), nullable=False),
        sa.Column("area_square_kilometres", sa.Float(), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "confidence IN ('high', 'medium', 'low')", name=op.f("ck_municipalities_confidence")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_municipalities")),
        sa.UniqueConstraint("name", name=op.f("uq_municipalities_name")),
    )
    op.create_table(
        "rates",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("waiting_sek_per_item_day", sa.JSON(), nullable=False),
        sa.Column("promise_days", sa.Integer(), nullable=False),
        sa.Column("stop_seconds", sa.Integer(), nullable=False),
        sa.Column("handling_seconds_per_item", sa.Integer(), nullable=False),
        sa.Column("items_per_crate", sa.Integer(), nullable=False),
        sa.Column("break_after_seconds", sa.Integer(), nullable=False),
        sa.Column("break_seconds", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("valid_from", name=op.f("pk_rates")),
    )
    op.create_table(
        "road_nodes",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("municipality", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_road_nodes")),
    )
    op.create_table(
        "travel_matrices",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("ids", sa.JSON(), nullable=False),
        sa.Column("metres", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.JSON(), nullable=False),
        sa.Column("caveats", sa.JSON(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_travel_matrices")),
    )
    op.create_table(
        "branches",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("municipality", sa.String(length=10), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("street_address", sa.String(length=200), nullable=False),
        sa.Column("postal_code", sa.String(length=12), nullable=False),
        sa.Column("locality", sa.String(length=100), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("coordinate_quality", sa.String(length=12), nullable=False),
        sa.Column("road_node", sa.String(length=60), nullable=False),
        sa.Column("inhabitants", sa.Integer(), nullable=False),
        sa.Column("stop_seconds", sa.Integer(), nullable=True),
        sa.Column("receiving_hours", sa.String(length=300), nullable=True),
        sa.Column("self_service_hours", sa.String(length=300), nullable=True),
        sa.Column("hours_source", sa.String(length=1000), nullable=False),
        sa.Column("hours_confidence", sa.String(length=10), nullable=False),
        sa.Column("is_hub", sa.Boolean(), nullable=False),
        sa.Column("driver_note", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "confidence IN ('high', 'medium', 'low')", name=op.f("ck_branches_confidence")
        ),
        sa.CheckConstraint(
            "coordinate_quality IN ('door', 'address', 'locality')",
            name=op.f("ck_branches_coordinate_quality"),
        ),
        sa.CheckConstraint(
            "kind IN ('main', 'branch', 'bookbus', 'depot', 'terminal')",
            name=op.f("ck_branches_kind"),
        ),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_branches_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_branches_longitude")),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipalities.code"], name=op.f("fk_branches_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branches")),
    )
    with op.batch_alter_table("branches", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_branches_municipality"), ["municipality"], unique=False
        )
        batch_op.create_index(
            "uq_branches_hub",
            ["is_hub"],
            unique=True,
            sqlite_where=sa.text("is_hub"),
            postgresql_where=sa.text("is_hub"),
        )

    op.create_table(
        "road_edges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_node", sa.String(length=60), nullable=False),
        sa.Column("to_node", sa.String(length=60), nullable=False),
        sa.Column("road", sa.String(length=100), nullable=False),
        sa.Column("length_metres", sa.Integer(), nullable=False),
        sa.Column("speed_kilometres_per_hour", sa.Float(), nullable=False),
        sa.Column("geometry", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.CheckConstraint("length_metres > 0", name=op.f("ck_road_edges_length_metres")),
        sa.ForeignKeyConstraint(
            ["from_node"], ["road_nodes.id"], name=op.f("fk_road_edges_from_node")
        ),
        sa.ForeignKeyConstraint(["to_node"], ["road_nodes.id"], name=op.f("fk_road_edges_to_node")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_road_edges")),
    )
    op.create_table(
        "branch_codes",
        sa.Column("system", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("branch", sa.String(length=60), nullable=True),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["branch"], ["branches.id"], name=op.f("fk_branch_codes_branch")),
        sa.PrimaryKeyConstraint("system", "code", name=op.f("pk_branch_codes")),
    )
    op.create_table(
        "closures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("branch", sa.String(length=60), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_closures_days")),
        sa.ForeignKeyConstraint(["branch"], ["branches.id"], name=op.f("fk_closures_branch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closures")),
    )
    with op.batch_alter_table("closures", schema=None) as batch_op:
        batch_op.create_index("ix_closures_branch", ["branch"], unique=False)
        batch_op.create_index("ix_closures_last_day", ["last_day"], unique=False)

    op.create_table(
        "depots",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("branch", sa.String(length=60), nullable=False),
        sa.Column("default", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["branch"], ["branches.id"], name=op.f("fk_depots_branch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_depots")),
    )
    op.create_table(
        "service_patterns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("branch", sa.String(length=60), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("weeks", sa.String(length=8), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "weeks IN ('every', 'odd', 'even')", name=op.f("ck_service_patterns_weeks")
        ),
        sa.ForeignKeyConstraint(
            ["branch"], ["branches.id"], name=op.f("fk_service_patterns_branch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_patterns")),
    )
    with op.batch_alter_table("service_patterns", schema=None) as batch_op:
        batch_op.create_index("ix_service_patterns_branch", ["branch"], unique=False)

    op.create_table(
        "vehicles",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("depot", sa.String(length=60), nullable=True),
        sa.Column("capacity_crates", sa.Integer(), nullable=False),
        sa.Column("items_per_crate", sa.Integer(), nullable=False),
        sa.Column("shift_start", sa.Integer(), nullable=False),
        sa.Column("shift_end", sa.Integer(), nullable=False),
        sa.Column("max_hours", sa.Float(), nullable=False),
        sa.Column("fixed_cost_sek", sa.Float(), nullable=False),
        sa.Column("cost_per_stop_sek", sa.Float(), nullable=False),
        sa.Column("cost_per_km_sek", sa.Float(), nullable=False),
        sa.Column("cost_per_hour_sek", sa.Float(), nullable=False),
        sa.Column("energy", sa.String(length=20), nullable=False),
        sa.Column("consumption_per_km", sa.Float(), nullable=False),
        sa.Column("max_runs", sa.Integer(), nullable=False),
        sa.Column("turnaround_seconds", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "confidence IN ('high', 'medium', 'low')", name=op.f("ck_vehicles_confidence")
        ),
        sa.CheckConstraint(
            "energy IN ('diesel', 'hvo', 'electric')", name=op.f("ck_vehicles_energy")
        ),
        sa.CheckConstraint("kind IN ('own', 'carrier')", name=op.f("ck_vehicles_kind")),
        sa.CheckConstraint(
            "capacity_crates > 0 AND items_per_crate > 0", name=op.f("ck_vehicles_capacity")
        ),
        sa.CheckConstraint("shift_start < shift_end", name=op.f("ck_vehicles_shift")),
        sa.ForeignKeyConstraint(["depot"], ["depots.id"], name=op.f("fk_vehicles_depot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicles")),
    )
    op.create_table(
        "vehicle_outages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.String(length=60), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_vehicle_outages_days")),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicles.id"], name=op.f("fk_vehicle_outages_vehicle_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicle_outages")),
    )
    with op.batch_alter_table("vehicle_outages", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_vehicle_outages_vehicle_id"), ["vehicle_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("vehicle_outages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vehicle_outages_vehicle_id"))

    op.drop_table("vehicle_outages")
    op.drop_table("vehicles")
    with op.batch_alter_table("service_patterns", schema=None) as batch_op:
        batch_op.drop_index("ix_service_patterns_branch")

    op.drop_table("service_patterns")
    op.drop_table("depots")
    with op.batch_alter_table("closures", schema=None) as batch_op:
        batch_op.drop_index("ix_closures_last_day")
        batch_op.drop_index("ix_closures_branch")

    op.drop_table("closures")
    op.drop_table("branch_codes")
    op.drop_table("road_edges")
    with op.batch_alter_table("branches", schema=None) as batch_op:
        batch_op.drop_index("uq_branches_hub")
        batch_op.drop_index(batch_op.f("ix_branches_municipality"))

    op.drop_table("branches")
    op.drop_table("travel_matrices")
    op.drop_table("road_nodes")
    op.drop_table("rates")
    op.drop_table("municipalities")
    op.drop_table("emission_factors")
    op.drop_table("boundaries")
