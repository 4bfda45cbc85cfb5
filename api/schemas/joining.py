"""Wire models of branches and vehicles that join the network."""

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, ValidationInfo

from api.schemas.base import Amount, Code, Count, Number, Wire
from api.schemas.network import A_DEPOT, A_MUNICIPALITY, Clock, Hours, Named, Note

NewId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
Weekday = Annotated[int, Field(strict=True, ge=1, le=7)]


def each_once(days: list[int]) -> list[int]:
    """
    Put weekdays in order.

    Parameters
    ----------
    days
        ISO weekdays.

    Returns
    -------
    list[int]
        In order.

    Raises
    ------
    ValueError
        One stands twice.
    """
    if len(set(days)) < len(days):
        raise ValueError("a weekday stands twice, expected each once")
    return sorted(days)


def _after_its_start(end: int, info: ValidationInfo) -> int:
    start = info.data.get("shift_start")
    if start is not None and end <= start:
        raise ValueError(f"expected a time after shift_start, {start}")
    return end


class NewBranch(Wire):
    """A library that joins the network; its place on the roads is found from its position."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "gyttorp",
                    "name": "Gyttorps bibliotek",
                    "municipality": "1884",
                    "kind": "branch",
                    "locality": "Gyttorp",
                    "latitude": 59.5083,
                    "longitude": 14.9647,
                    "weekdays": [2, 4],
                }
            ]
        }
    )

    id: NewId = Field(description="Short name by which it is known everywhere; it never changes.")
    name: Annotated[Named, Field(max_length=200)]
    municipality: Annotated[
        str,
        StringConstraints(pattern=r"^\d{4}$"),
        A_MUNICIPALITY,
        Field(description="Code of its owner."),
    ]
    kind: Literal["main", "branch", "bookbus", "depot"]
    locality: Annotated[Named, Field(max_length=100)]
    latitude: Annotated[float, Field(strict=True, ge=55, le=70)]
    longitude: Annotated[float, Field(strict=True, ge=10, le=25)]
    street_address: Note = ""
    postal_code: Annotated[str, StringConstraints(pattern=r"^(\d{3} \d{2})?$")] = ""
    inhabitants: Annotated[Count, Field(le=10_000_000)] = 0
    stop_seconds: Annotated[int, Field(strict=True, ge=0, le=7_200)] | None = None
    receiving_hours: Hours = Field(
        default="", description="In the syntax of OSM opening_hours; any time when empty."
    )
    driver_note: Note = ""
    weekdays: Annotated[list[Weekday], Field(max_length=7), AfterValidator(each_once)] = Field(
        description="ISO weekdays on which vans call, 1 is Monday; none: not served yet."
    )
    weeks: Literal["every", "odd", "even"] = "every"


class NewVehicle(Wire):
    """A vehicle that joins the fleet; clock times are seconds since local midnight."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "van-9",
                    "name": "Bil 9",
                    "kind": "own",
                    "capacity_crates": 40,
                    "items_per_crate": 40,
                    "shift_start": 25_200,
                    "shift_end": 57_600,
                    "max_hours": 8.5,
                    "fixed_cost_sek": 450.0,
                    "cost_per_stop_sek": 0.0,
                    "cost_per_km_sek": 4.2,
                    "cost_per_hour_sek": 320.0,
                    "energy": "electric",
                    "consumption_per_km": 0.28,
                }
            ]
        }
    )

    id: NewId = Field(description="Short name by which it is known everywhere; it never changes.")
    name: Annotated[Named, Field(max_length=100)]
    kind: Literal["own", "carrier"]
    depot: Annotated[Code, A_DEPOT, Field(max_length=60)] | None = Field(
        default=None, description="Where its runs start and end; the hub in use when absent."
    )
    capacity_crates: Annotated[Number, Field(le=10_000)]
    items_per_crate: Annotated[Number, Field(le=10_000)]
    shift_start: Clock
    shift_end: Annotated[Clock, AfterValidator(_after_its_start)]
    max_hours: Annotated[float, Field(strict=True, gt=0, le=24)]
    fixed_cost_sek: Amount
    cost_per_stop_sek: Amount
    cost_per_km_sek: Amount
    cost_per_hour_sek: Amount
    energy: Literal["diesel", "hvo", "electric"]
    consumption_per_km: Amount
    max_runs: Annotated[Number, Field(le=20)] = 1
    turnaround_seconds: Clock = 0
