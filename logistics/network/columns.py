"""The columns of every file of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logistics.network import cells
from logistics.network.branches import BranchKind, Confidence, CoordinateQuality
from logistics.network.patterns import Weeks
from logistics.network.vehicles import Energy, VehicleKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logistics.csvfile import Column

_PLACE: Final = (
    cells.text("street_address", required=False),
    cells.text("postal_code", required=False),
)

#: The columns of every file, by its name.
COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = {
    "municipalities.csv": (
        cells.text("code"),
        cells.text("name"),
        cells.whole("population"),
        cells.day("population_date"),
        cells.number("area_square_kilometres"),
        *cells.PROVENANCE,
    ),
    "branches.csv": (
        cells.text("id"),
        cells.text("name"),
        cells.text("municipality"),
        cells.choice("kind", BranchKind),
        *_PLACE,
        cells.text("locality"),
        cells.number("latitude"),
        cells.number("longitude"),
        cells.choice("coordinate_quality", CoordinateQuality, required=False),
        cells.text("road_node"),
        cells.whole("inhabitants", required=False),
        cells.whole("stop_seconds", required=False),
        cells.hours("receiving_hours"),
        cells.hours("self_service_hours"),
        cells.text("hours_source", required=False),
        cells.choice("hours_confidence", Confidence, required=False),
        *cells.PROVENANCE,
    ),
    "depots.csv": (
        cells.text("id"),
        cells.text("name"),
        cells.text("branch", required=False),
        *_PLACE,
        cells.text("locality", required=False),
        cells.number("latitude", required=False),
        cells.number("longitude", required=False),
        cells.choice("coordinate_quality", CoordinateQuality, required=False),
        cells.text("road_node", required=False),
        cells.yes_no("default"),
        *cells.PROVENANCE,
    ),
    "vehicles.csv": (
        cells.text("id"),
        cells.text("name"),
        cells.choice("kind", VehicleKind),
        cells.text("depot", required=False),
        cells.whole("capacity_crates"),
        cells.whole("items_per_crate"),
        cells.clock_time("shift_start"),
        cells.clock_time("shift_end"),
        cells.number("max_hours"),
        cells.number("fixed_cost_sek"),
        cells.number("cost_per_stop_sek"),
        cells.number("cost_per_km_sek"),
        cells.number("cost_per_hour_sek"),
        cells.choice("energy", Energy),
        cells.number("consumption_per_km"),
        cells.whole("max_runs", required=False),
        cells.whole("turnaround_seconds", required=False),
        *cells.PROVENANCE,
    ),
    "road_nodes.csv": (
        cells.text("id"),
        cells.text("name"),
        cells.text("municipality", required=False),
        cells.number("latitude"),
        cells.number("longitude"),
        cells.text("kind"),
        *cells.PROVENANCE,
    ),
    "road_edges.csv": (
        cells.text("from"),
        cells.text("to"),
        cells.text("road"),
        cells.whole("length_metres"),
        cells.number("speed_kilometres_per_hour"),
        cells.geometry("geometry"),
        *cells.PROVENANCE,
    ),
    "service_calendar.csv": (
        cells.text("branch"),
        cells.weekdays("weekdays"),
        cells.choice("weeks", Weeks),
        cells.day("valid_from", required=False),
        cells.day("valid_until", required=False),
        *cells.PROVENANCE,
    ),
    "closures.csv": (
        cells.text("branch"),
        cells.day("first_day"),
        cells.day("last_day"),
        cells.text("reason", required=False),
        *cells.PROVENANCE,
    ),
    "branch_codes.csv": (
        cells.text("system"),
        cells.text("code"),
        cells.text("branch"),
        *cells.PROVENANCE,
    ),
}
