"""Tables of where: municipalities, branches, vehicles, roads, the service calendar, rates."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from logistics.network.branches import BranchKind, Confidence, CoordinateQuality
from logistics.network.vehicles import Energy, VehicleKind
from logistics.storage.tables.base import UtcDateTime, now, one_of, unique_where


class MunicipalityRow(SQLModel, table=True):
    """A municipality, which owns branches and pays a share."""

    __tablename__ = "municipalities"
    __table_args__ = (one_of("confidence", Confidence),)

    code: str = Field(primary_key=True, max_length=10)
    name: str = Field(unique=True, max_length=100)
    population: int
    population_date: dt.date
    area_square_kilometres: float
    source: str = Field(default="", max_length=1000)
    confidence: str = Field(max_length=10)


class BranchRow(SQLModel, table=True):
    """A library service point, or the terminal where runs start and end."""

    __tablename__ = "branches"
    __table_args__ = (
        one_of("kind", BranchKind),
        one_of("confidence", Confidence),
        one_of("coordinate_quality", CoordinateQuality),
        unique_where("uq_branches_hub", "is_hub", where="is_hub"),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
    )

    id: str = Field(primary_key=True, max_length=60)
    name: str = Field(max_length=200)
    municipality: str | None = Field(
        default=None, foreign_key="municipalities.code", max_length=10, index=True
    )
    kind: str = Field(max_length=12)
    street_address: str = Field(default="", max_length=200)
    postal_code: str = Field(default="", max_length=12)
    locality: str = Field(max_length=100)
    latitude: float
    longitude: float
    coordinate_quality: str = Field(default="locality", max_length=12)
    road_node: str = Field(max_length=60)
    inhabitants: int = 0
    stop_seconds: int | None = None
    receiving_hours: str | None = Field(default=None, max_length=300)
    self_service_hours: str | None = Field(default=None, max_length=300)
    hours_source: str = Field(default="", max_length=1000)
    hours_confidence: str = Field(default="low", max_length=10)
    is_hub: bool = False
    driver_note: str = Field(default="", max_length=500)
    source: str = Field(default="", max_length=1000)
    confidence: str = Field(max_length=10)
    active: bool = True
    revision: int = 1


class BranchCodeRow(SQLModel, table=True):
    """What another system calls a branch; without a branch, a code that waits to be explained."""

    __tablename__ = "branch_codes"

    system: str = Field(primary_key=True, max_length=40)
    code: str = Field(primary_key=True, max_length=60)
    branch: str | None = Field(default=None, foreign_key="branches.id", max_length=60)
    source: str = Field(default="", max_length=1000)
    confidence: str = Field(default="low", max_length=10)
    first_seen_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class DepotRow(SQLModel, table=True):
    """A place where runs can start and end."""

    __tablename__ = "depots"

    id: str = Field(primary_key=True, max_length=60)
    branch: str = Field(foreign_key="branches.id", max_length=60)
    default: bool = False
    source: str = Field(default="", max_length=1000)
    confidence: str = Field(default="low", max_length=10)


class BoundaryRow(SQLModel, table=True):
    """The border of a municipality, for maps."""

    __tablename__ = "boundaries"

    code: str = Field(primary_key=True, max_length=10)
    name: str = Field(max_length=100)
    member: bool
    rings: list[Any] = Field(sa_type=JSON)


class VehicleRow(SQLModel, table=True):
    """A vehicle of the fleet, and what driving it costs."""

    __tablename__ = "vehicles"
    __table_args__ = (
        one_of("kind", VehicleKind),
        one_of("energy", Energy),
        one_of("confidence", Confidence),
        CheckConstraint("shift_start < shift_end", name="shift"),
        CheckConstraint("capacity_crates > 0 AND items_per_crate > 0", name="capacity"),
    )

    id: str = Field(primary_key=True, max_length=60)
    name: str = Field(max_length=100)
    kind: str = Field(max_length=12)
    depot: str | None = Field(default=None, foreign_key="depots.id", max_length=60)
    capacity_crates: int
    items_per_crate: int
    shift_start: int
    shift_end: int
    max_hours: float
    fixed_cost_sek: float
    cost_per_stop_sek: float
    cost_per_km_sek: float
    cost_per_hour_sek: float
    energy: str = Field(max_length=20)
    consumption_per_km: float
    max_runs: int = 1
    turnaround_seconds: int = 0
    source: str = Field(default="", max_length=1000)
    confidence: str = Field(max_length=10)
    active: bool = True
    revision: int = 1


class VehicleOutageRow(SQLModel, table=True):
    """Days on which a vehicle is out of traffic, both included."""

    __tablename__ = "vehicle_outages"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="days"),)

    id: int | None = Field(default=None, primary_key=True)
    vehicle_id: str = Field(foreign_key="vehicles.id", max_length=60, index=True)
    first_day: dt.date
    last_day: dt.date
    reason: str = Field(default="", max_length=200)


class ServicePatternRow(SQLModel, table=True):
    """On which weekdays a branch is served, in which weeks, from which day on."""

    __tablename__ = "service_patterns"
    __table_args__ = (
        one_of("weeks", ("every", "odd", "even")),
        Index("ix_service_patterns_branch", "branch"),
    )

    id: int | None = Field(default=None, primary_key=True)
    branch: str = Field(foreign_key="branches.id", max_length=60)
    weekdays: list[int] = Field(sa_type=JSON)
    weeks: str = Field(default="every", max_length=8)
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    source: str = Field(default="", max_length=1000)
    confidence: str = Field(default="low", max_length=10)


class ClosureRow(SQLModel, table=True):
    """Days on which a branch, or with no branch the whole service, is closed; both included."""

    __tablename__ = "closures"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        Index("ix_closures_branch", "branch"),
        Index("ix_closures_last_day", "last_day"),
    )

    id: int | None = Field(default=None, primary_key=True)
    branch: str | None = Field(default=None, foreign_key="branches.id", max_length=60)
    first_day: dt.date
    last_day: dt.date
    reason: str = Field(default="", max_length=200)
    source: str = Field(default="", max_length=1000)
    confidence: str = Field(default="high", max_length=10)
    revision: int = 1


class RoadNodeRow(SQLModel, table=True):
    """A town or junction of the road graph."""

    __tablename__ = "road_nodes"

    id: str = Field(primary_key=True, max_length=60)
    name: str = Field(max_length=100)
    latitude: float
    longitude: float
    kind: str = Field(default="town", max_length=20)
    municipality: str = Field(default="", max_length=10)
    source: str = Field(default="", max_length=1000)
    confidence: str = Field(default="low", max_length=10)


class RoadEdgeRow(SQLModel, table=True):
    """A stretch of road between two nodes, driven both ways."""

    __tablename__ = "road_edges"
    __table_args__ = (CheckConstraint("length_metres > 0", name="length_metres"),)

    id: int | None = Field(default=None, primary_key=True)
    from_node: str = Field(foreign_key="road_nodes.id", max_length=60)
    to_node: str = Field(foreign_key="road_nodes.id", max_length=60)
    road: str = Field(max_length=100)
    length_metres: int
    speed_kilometres_per_hour: float
    geometry: list[tuple[float, float]] = Field(default_factory=list, sa_type=JSON)
    source: str = Field(default="", max_length=1000)
    confidence: str = Field(default="low", max_length=10)


class RatesRow(SQLModel, table=True):
    """What waiting costs and what the house counts with, from a day on."""

    __tablename__ = "rates"

    valid_from: dt.date = Field(primary_key=True)
    waiting_sek_per_item_day: dict[str, float] = Field(sa_type=JSON)
    promise_days: int
    stop_seconds: int
    handling_seconds_per_item: int
    items_per_crate: int
    break_after_seconds: int
    break_seconds: int
    source: str = Field(default="", max_length=1000)


class EmissionFactorRow(SQLModel, table=True):
    """What a litre or a kilowatt-hour emits, from a day on, and who says so."""

    __tablename__ = "emission_factors"
    __table_args__ = (UniqueConstraint("energy", "valid_from"),)

    id: int | None = Field(default=None, primary_key=True)
    energy: str = Field(max_length=20)
    unit: str = Field(max_length=20)
    grams_co2e_per_unit: float
    valid_from: dt.date
    scope: str = Field(default="well-to-wheel", max_length=40)
    source: str = Field(default="", max_length=1000)
    confidence: str = Field(default="low", max_length=10)


class TravelMatrixRow(SQLModel, table=True):
    """Distances and times between a set of places, as one source answered once."""

    __tablename__ = "travel_matrices"

    key: str = Field(primary_key=True, max_length=64)
    source: str = Field(max_length=40)
    ids: list[str] = Field(sa_type=JSON)
    metres: list[list[int]] = Field(sa_type=JSON)
    seconds: list[list[int]] = Field(sa_type=JSON)
    caveats: list[str] = Field(default_factory=list, sa_type=JSON)
    computed_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
