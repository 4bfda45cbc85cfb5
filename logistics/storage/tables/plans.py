"""Tables of how it travels: plans in versions, their runs, stops and legs, and what was driven."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from logistics.demand.transfers import TransferKind
from logistics.storage.tables.base import UtcDateTime, now, one_of, unique_where
from logistics.storage.tables.demand import RowNumber

#: Superseded: published once, and replaced by a later version of the same day.
PLAN_STATES = ("draft", "published", "under_way", "closed", "superseded")
RUN_STATES = ("planned", "under_way", "done", "cancelled")
OUTCOMES = ("delivered", "at_hub", "left")


class PlanRow(SQLModel, table=True):
    """One version of the plan of one service day, with the problem it answers."""

    __tablename__ = "plans"
    __table_args__ = (
        UniqueConstraint("service_date", "version"),
        one_of("state", PLAN_STATES),
        one_of("status", ("optimal", "feasible")),
        unique_where(
            "uq_plans_in_force",
            "service_date",
            where="state IN ('published', 'under_way', 'closed')",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    service_date: dt.date
    version: int
    state: str = Field(default="draft", max_length=12)
    revision: int = 1
    problem: dict[str, Any] = Field(sa_type=JSON)
    answer: dict[str, Any] = Field(sa_type=JSON)
    cost_sek: float
    bound_sek: float | None = None
    gap: float | None = None
    status: str = Field(max_length=12)
    solve_seconds: float
    travel_source: str = Field(max_length=40)
    caveats: list[str] = Field(default_factory=list, sa_type=JSON)
    changes: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    made_by: str = Field(default="", max_length=100)
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    under_way_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RunRow(SQLModel, table=True):
    """One vehicle's trip; clock times are seconds since local midnight of the service day."""

    __tablename__ = "runs"
    __table_args__ = (UniqueConstraint("plan_id", "number"), one_of("state", RUN_STATES))

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plans.id", ondelete="CASCADE")
    number: int
    vehicle_id: str = Field(max_length=60)
    code: str = Field(unique=True, max_length=32)
    start_seconds: int
    end_seconds: int
    break_after: int | None = None
    distance_metres: int
    paid_seconds: int
    state: str = Field(default="planned", max_length=12)
    departed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    returned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StopRow(SQLModel, table=True):
    """One call of a run at a branch, as planned and as it happened."""

    __tablename__ = "stops"

    run_id: int = Field(primary_key=True, foreign_key="runs.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    branch_id: str = Field(foreign_key="branches.id", max_length=60, index=True)
    arrive_seconds: int
    begin_seconds: int
    depart_seconds: int
    items_off: int
    items_on: int
    items_aboard: int
    distance_metres: int
    code: str = Field(unique=True, max_length=32)
    arrived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PlanTransferRow(SQLModel, table=True):
    """What a plan promises one transfer: how it ends the day, and when it arrives."""

    __tablename__ = "plan_transfers"
    __table_args__ = (one_of("outcome", OUTCOMES),)

    plan_id: int = Field(primary_key=True, foreign_key="plans.id", ondelete="CASCADE")
    transfer_id: str = Field(
        primary_key=True, foreign_key="transfers.id", ondelete="CASCADE", max_length=32, index=True
    )
    shipment: str = Field(max_length=160)
    outcome: str = Field(max_length=12)
    reason: str = Field(default="", max_length=40)
    expected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LegRow(SQLModel, table=True):
    """One ride of a transfer on one run; number 0 and the last are the hub."""

    __tablename__ = "legs"
    __table_args__ = (CheckConstraint("board_stop < leave_stop", name="forward"),)

    run_id: int = Field(primary_key=True, foreign_key="runs.id", ondelete="CASCADE")
    transfer_id: str = Field(
        primary_key=True, foreign_key="transfers.id", ondelete="CASCADE", max_length=32, index=True
    )
    origin: str = Field(foreign_key="branches.id", max_length=60)
    destination: str = Field(foreign_key="branches.id", max_length=60)
    board_stop: int
    leave_stop: int
    boarded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TickRow(SQLModel, table=True):
    """What a driver reported, under an id the phone made, so that a report sent twice is one."""

    __tablename__ = "ticks"
    __table_args__ = (one_of("kind", ("depart", "arrive", "done", "exception", "return")),)

    id: str = Field(primary_key=True, max_length=64)
    run_id: int = Field(foreign_key="runs.id", ondelete="CASCADE", index=True)
    stop_number: int | None = None
    kind: str = Field(max_length=12)
    at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class DayChangeRow(SQLModel, table=True):
    """What the coordinator decided about one day: a closed branch, a pin, a van more or less."""

    __tablename__ = "day_changes"
    __table_args__ = (Index("ix_day_changes_service_date", "service_date"),)

    id: int | None = Field(default=None, primary_key=True)
    service_date: dt.date
    kind: str = Field(max_length=24)
    subject: str = Field(max_length=100)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    made_by: str = Field(default="", max_length=100)
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class BookingRow(SQLModel, table=True):
    """What one run cost as it was driven; reports read this, never the plan."""

    __tablename__ = "bookings"
    __table_args__ = (
        UniqueConstraint("service_date", "run_number"),
        Index("ix_bookings_service_date", "service_date"),
    )

    id: int | None = Field(default=None, primary_key=True)
    service_date: dt.date
    run_number: int
    vehicle_id: str = Field(max_length=60)
    vehicle_name: str = Field(max_length=100)
    energy: str = Field(max_length=20)
    distance_metres: int
    paid_seconds: int
    stops: int
    idle_stops: int
    items: int
    capacity_items: int
    items_per_crate: int
    item_metres: int
    fixed_sek: float
    stops_sek: float
    distance_sek: float
    time_sek: float
    energy_units: float | None = None
    co2e_grams: float | None = None
    planned_distance_metres: int
    planned_paid_seconds: int
    planned_cost_sek: float
    planned_stops: int
    planned_items: int
    booked_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class BookedStopRow(SQLModel, table=True):
    """One call as it happened."""

    __tablename__ = "booked_stops"
    __table_args__ = (Index("ix_booked_stops_branch_id", "branch_id"),)

    booking_id: int = Field(primary_key=True, foreign_key="bookings.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    branch_id: str = Field(foreign_key="branches.id", max_length=60)
    municipality: str | None = Field(default=None, foreign_key="municipalities.code", max_length=10)
    items_off: int
    items_on: int
    hub_metres: int
    late_seconds: int | None = None


class BookedFlowRow(SQLModel, table=True):
    """How many items arrived on one day between two branches, and after how many days."""

    __tablename__ = "booked_flows"
    __table_args__ = (
        ForeignKeyConstraint(["origin"], ["branches.id"]),
        ForeignKeyConstraint(["destination"], ["branches.id"]),
        one_of("kind", TransferKind),
        UniqueConstraint("service_date", "origin", "destination", "kind", "days"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=RowNumber)
    service_date: dt.date
    origin: str = Field(max_length=60)
    destination: str = Field(max_length=60)
    kind: str = Field(max_length=12)
    days: int
    items: int
    direct_items: int
    on_time_items: int


class BookedSharesRow(SQLModel, table=True):
    """What each municipality pays of one booked day by every rule, priced once and kept."""

    __tablename__ = "booked_shares"

    service_date: dt.date = Field(primary_key=True)
    total_sek: float
    by_rule: dict[str, Any] = Field(sa_type=JSON)
    alone_sek: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    error_sek: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    groups: int = 0
    proved_groups: int = 0
    made_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
