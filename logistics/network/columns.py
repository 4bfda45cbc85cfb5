"""The columns of every file of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logistics.network.branches import BranchKind, Confidence, CoordinateQuality
from logistics.network.cells import (
    CLOCK,
    DAY,
    GEOMETRY,
    HOURS,
    NUMBER,
    PROVENANCE,
    WEEKDAYS,
    WHOLE,
    YES_NO,
    choice,
    column,
)
from logistics.network.patterns import Weeks
from logistics.network.vehicles import Energy, VehicleKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logistics.csvfile import Column

_PLACE: Final = (
    column("street_address", required=False),
    column("postal_code", required=False),
)

#: The columns of every file, by its name.
COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = {
    "municipalities.csv": (
        column("code"),
        column("name"),
        column("population", WHOLE),
        column("population_date", DAY),
        column("area_square_kilometres", NUMBER),
        *PROVENANCE,
    ),
    "branches.csv": (
        column("id"),
        column("name"),
        column("municipality"),
        column("kind", choice(BranchKind)),
        *_PLACE,
        column("locality"),
        column("latitude", NUMBER),
        column("longitude", NUMBER),
        column("coordinate_quality", choice(CoordinateQuality), required=False),
        column("road_node"),
        column("inhabitants", WHOLE, required=False),
        column("stop_seconds", WHOLE, required=False),
        column("receiving_hours", HOURS, required=False),
        column("self_service_hours", HOURS, required=False),
        column("hours_source", required=False),
        column("hours_confidence", choice(Confidence), required=False),
        *PROVENANCE,
    ),
    "depots.csv": (
        column("id"),
        column("name"),
        column("branch", required=False),
        *_PLACE,
        column("locality", required=False),
        column("latitude", NUMBER, required=False),
        column("longitude", NUMBER, required=False),
        column("coordinate_quality", choice(CoordinateQuality), required=False),
        column("road_node", required=False),
        column("default", YES_NO),
        *PROVENANCE,
    ),
    "vehicles.csv": (
        column("id"),
        column("name"),
        column("kind", choice(VehicleKind)),
        column("depot", required=False),
        column("capacity_crates", WHOLE),
        column("items_per_crate", WHOLE),
        column("shift_start", CLOCK),
        column("shift_end", CLOCK),
        column("max_hours", NUMBER),
        column("fixed_cost_sek", NUMBER),
        column("cost_per_stop_sek", NUMBER),
        column("cost_per_km_sek", NUMBER),
        column("cost_per_hour_sek", NUMBER),
        column("energy", choice(Energy)),
        column("consumption_per_km", NUMBER),
        column("max_runs", WHOLE, required=False),
        column("turnaround_seconds", WHOLE, required=False),
        *PROVENANCE,
    ),
    "road_nodes.csv": (
        column("id"),
        column("name"),
        column("municipality", required=False),
        column("latitude", NUMBER),
        column("longitude", NUMBER),
        column("kind"),
        *PROVENANCE,
    ),
    "road_edges.csv": (
        column("from"),
        column("to"),
        column("road"),
        column("length_metres", WHOLE),
        column("speed_kilometres_per_hour", NUMBER),
        column("geometry", GEOMETRY, required=False),
        *PROVENANCE,
    ),
    "service_calendar.csv": (
        column("branch"),
        column("weekdays", WEEKDAYS),
        column("weeks", choice(Weeks)),
        column("valid_from", DAY, required=False),
        column("valid_until", DAY, required=False),
        *PROVENANCE,
    ),
    "closures.csv": (
        column("branch"),
        column("first_day", DAY),
        column("last_day", DAY),
        column("reason", required=False),
        *PROVENANCE,
    ),
    "branch_codes.csv": (
        column("system"),
        column("code"),
        column("branch"),
        *PROVENANCE,
    ),
}
