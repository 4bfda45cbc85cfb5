"""Wire models of branches, vehicles, the service calendar and rates."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, ValidationInfo

from api.known_codes import Known
from api.schemas.base import (
    Amount,
    BranchId,
    Count,
    Day,
    Flag,
    Impersonal,
    LastDay,
    Line,
    MaybeLine,
    Number,
    Wire,
)
from api.schemas.paging import Paging
from logistics.errors import InputError
from logistics.network.hours import parse_hours
from logistics.storage.tables import BranchRow, DepotRow, MunicipalityRow

_LONGEST = timedelta(days=62)


def _hours(value: str) -> str:
    try:
        return parse_hours(value) if value else value
    except InputError as error:
        raise ValueError("; ".join(error.problems)) from None


def _two_months(last: Day, info: ValidationInfo) -> Day:
    first = info.data.get("first_day")
    if first is not None and last - first > _LONGEST:
        raise ValueError(f"ask for {_LONGEST.days} days at most, from {first} on")
    return last


Hours = Annotated[
    str,
    StringConstraints(max_length=300, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$"),
    AfterValidator(_hours),
]
A_BRANCH = Known(BranchRow, "there is no such branch, expected one of GET /v1/branches")
A_DEPOT = Known(DepotRow, "there is no such depot, expected one of GET /v1/depots")
A_MUNICIPALITY = Known(
    MunicipalityRow, "there is no such municipality, expected one of GET /v1/municipalities"
)
Note = Annotated[MaybeLine, Impersonal]
Named = Annotated[Line, Impersonal]
#: Seconds since local midnight.
Clock = Annotated[int, Field(strict=True, ge=0, le=86_400)]


class Branch(Wire):
    """A library service point, or the hub."""

    id: str
    name: str
    municipality: str | None
    kind: str
    street_address: str
    postal_code: str
    locality: str
    latitude: float
    longitude: float
    coordinate_quality: str
    inhabitants: int
    stop_seconds: int | None
    receiving_hours: str | None = Field(description="In the syntax of OSM opening_hours.")
    is_hub: bool
    driver_note: str
    source: str
    confidence: str
    active: bool
    revision: int


class BranchChange(Wire):
    """What shall be different about a branch; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"driver_note": "ring the bell at the back"}]}
    )

    name: Annotated[Named, Field(max_length=200)] | None = None
    inhabitants: Annotated[Count, Field(le=10_000_000)] | None = None
    street_address: Note | None = None
    postal_code: Annotated[str, StringConstraints(pattern=r"^(\d{3} \d{2})?$")] | None = None
    latitude: Annotated[float, Field(strict=True, ge=55, le=70)] | None = None
    longitude: Annotated[float, Field(strict=True, ge=10, le=25)] | None = None
    stop_seconds: Annotated[int, Field(strict=True, ge=0, le=7_200)] | None = None
    receiving_hours: Hours | None = None
    driver_note: Note | None = None
    active: Flag | None = None


class Vehicle(Wire):
    """A vehicle, and what driving it costs."""

    id: str
    name: str
    kind: str
    depot: str | None
    capacity_crates: int
    items_per_crate: int
    shift_start: int
    shift_end: int
    max_hours: float
    fixed_cost_sek: float
    cost_per_stop_sek: float
    cost_per_km_sek: float
    cost_per_hour_sek: float
    energy: str
    consumption_per_km: float
    max_runs: int
    turnaround_seconds: int
    active: bool
    revision: int


class VehicleChange(Wire):
    """What shall be different about a vehicle; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"cost_per_km_sek": 4.2}]})

    name: Annotated[Named, Field(max_length=100)] | None = None
    depot: Annotated[BranchId, A_DEPOT] | None = None
    capacity_crates: Annotated[Number, Field(le=10_000)] | None = None
    items_per_crate: Annotated[Number, Field(le=10_000)] | None = None
    shift_start: Clock | None = None
    shift_end: Clock | None = None
    energy: Literal["diesel", "hvo", "electric"] | None = None
    consumption_per_km: Amount | None = None
    max_runs: Annotated[Number, Field(le=20)] | None = None
    turnaround_seconds: Clock | None = None
    fixed_cost_sek: Amount | None = None
    cost_per_stop_sek: Amount | None = None
    cost_per_km_sek: Amount | None = None
    cost_per_hour_sek: Amount | None = None
    max_hours: Annotated[float, Field(strict=True, gt=0, le=24)] | None = None
    active: Flag | None = None


class NewOutage(Wire):
    """Days on which a vehicle is out of traffic, both included."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"first_day": "2026-12-01", "last_day": "2026-12-02", "reason": "inspection"}
            ]
        }
    )

    first_day: Day
    last_day: LastDay
    reason: Note = ""


class Outage(NewOutage):
    """A stored outage."""

    id: Number
    vehicle: str


class NewClosure(Wire):
    """Days on which a branch is closed, both included; without a branch the whole service rests."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "branch": "nora",
                    "first_day": "2026-12-21",
                    "last_day": "2026-12-23",
                    "reason": "new floor",
                }
            ]
        }
    )

    branch: Annotated[BranchId, A_BRANCH] | None = None
    first_day: Day
    last_day: LastDay
    reason: Note = ""


class Closure(NewClosure):
    """A stored closure."""

    id: Number


class ClosureChange(Wire):
    """What shall be different about a closure; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"last_day": "2026-12-30"}]})

    first_day: Day | None = None
    last_day: LastDay | None = None
    reason: Note | None = None


class ServedDay(Wire):
    """One day of the service calendar."""

    date: Day
    service_day: bool
    served: list[str] = Field(description="Branches that a run may call at.")
    not_served: dict[str, str] = Field(description="Reason by branch.")


class CalendarQuery(Paging):
    """Which days, at most two months, and which page of them."""

    first_day: Day
    last_day: Annotated[LastDay, AfterValidator(_two_months)]
    language: Literal["sv", "en"] = "sv"


class RatesWire(Wire):
    """What waiting costs and what the house counts with, from a day on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "valid_from": "2027-01-01",
                    "waiting_sek_per_item_day": {
                        "late": 9.0,
                        "hold": 3.0,
                        "supply": 1.0,
                        "rebalance": 0.5,
                        "return": 0.5,
                    },
                    "promise_days": 3,
                    "stop_seconds": 300,
                    "handling_seconds_per_item": 2,
                    "items_per_crate": 40,
                    "break_after_seconds": 18_000,
                    "break_seconds": 1_800,
                }
            ]
        }
    )

    valid_from: Day
    waiting_sek_per_item_day: dict[Literal["late", "hold", "supply", "rebalance", "return"], Amount]
    promise_days: Count
    stop_seconds: Count
    handling_seconds_per_item: Count
    items_per_crate: Number
    break_after_seconds: Count
    break_seconds: Count
