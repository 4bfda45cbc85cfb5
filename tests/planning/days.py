"""The smallest day everybody knows by heart, and how to vary it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from logistics.planning.problem import Problem, Shipment, Site, Vehicle

MINUTE, HOUR = 60, 3600
VAN = Vehicle(
    id="van",
    capacity=100,
    shift=(8 * HOUR, 16 * HOUR),
    max_seconds=6 * HOUR,
    fixed_cost=100.0,
    cost_per_km=2.0,
    cost_per_hour=360.0,
)


def small_day(**changes: Any) -> Problem:
    """
    Hub, north and south: 10 minutes and 10 km from the hub, 15 minutes and 15 km apart.

    A book at north is wanted at south. Round by north and south: 35 km, 35 minutes of driving, two
    stops of 5 minutes = 45 minutes: 100 + 70 + 270 = 440 kr with the book delivered; the other way
    round it ends at the hub and costs 30 kr; left at north it costs 60 kr.
    """
    minutes = [[0, 10, 10], [10, 0, 15], [10, 15, 0]]
    day = Problem(
        name="small",
        hub="hub",
        sites=(
            Site(id="hub", stop_seconds=0),
            Site(id="north", stop_seconds=5 * MINUTE, must_visit=True),
            Site(id="south", stop_seconds=5 * MINUTE, must_visit=True),
        ),
        travel_metres=tuple(tuple(1000 * m for m in row) for row in minutes),
        travel_seconds=tuple(tuple(MINUTE * m for m in row) for row in minutes),
        vehicles=(VAN,),
        shipments=(
            Shipment(
                id="book",
                origin="north",
                destination="south",
                items=1,
                cost_if_at_hub=30.0,
                cost_if_left=60.0,
            ),
        ),
        handling_seconds_per_item=0,
    )
    return replace(day, **changes)


def with_site(day: Problem, site: str, **changes: Any) -> Problem:
    """The day with one site changed."""
    sites = tuple(replace(one, **changes) if one.id == site else one for one in day.sites)
    return replace(day, sites=sites)


def with_van(day: Problem, **changes: Any) -> Problem:
    """The day with its first vehicle changed."""
    return replace(day, vehicles=(replace(day.vehicles[0], **changes), *day.vehicles[1:]))
