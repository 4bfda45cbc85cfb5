"""Put public instances together as day problems: special cases of it, with their own prices."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logistics.planning.problem import Problem, Shipment, Site, Vehicle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.planning.plan import Plan

DETAIL = 10_000
"""Euclidean distances are kept to a ten-thousandth of their unit, so that they are whole."""
PRICE_OF_A_VEHICLE = 1e6
"""Where fewest vehicles come first: more than any distance in the sets."""
PRICE_OF_LEAVING = 1e7
"""Everything must be carried in these sets, so leaving it costs more than another vehicle."""
_FOREVER = 2**40


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """
    A public instance as a day problem.

    Attributes
    ----------
    problem
        The day problem that stands for it.
    family
        Its format.
    unit_sek
        SEK of the day problem in one unit of the literature's cost.
    vehicle_price
        SEK that stand for one vehicle where fewest vehicles come first; 0 where only cost counts.
    """

    problem: Problem
    family: str
    unit_sek: float
    vehicle_price: float = 0.0

    def cost(self, plan: Plan) -> float:
        """
        Tell a plan's cost as the literature counts it.

        Parameters
        ----------
        plan
            A checked plan of the problem.

        Returns
        -------
        float
            Without the price of vehicles where they are counted apart.
        """
        return (plan.cost.total - self.vehicle_price * len(plan.runs)) / self.unit_sek


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """
    One row of a public file.

    Attributes
    ----------
    id
        Its number there.
    ready, due
        Window in the unit of the travel table; None for any time.
    service
        Time of a stop, in the unit of the travel table.
    delivery, pickup
        Items from and to the hub.
    """

    id: str
    ready: int | None = None
    due: int | None = None
    service: int = 0
    delivery: int = 0
    pickup: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """
    Vehicles that are all alike.

    Attributes
    ----------
    count
        How many.
    capacity
        Items each holds.
    fixed, per_unit
        SEK for one that runs, and for one unit of the distance table.
    horizon, longest
        Last moment of a run, and its longest duration.
    """

    count: int
    capacity: int
    fixed: float = 0.0
    per_unit: float = 1.0
    horizon: int = _FOREVER
    longest: int = _FOREVER


def euclidean(points: Sequence[tuple[float, float]]) -> tuple[tuple[int, ...], ...]:
    """
    Measure straight lines.

    Parameters
    ----------
    points
        Coordinates.

    Returns
    -------
    tuple[tuple[int, ...], ...]
        Distances in ten-thousandths, rounded.
    """
    return tuple(tuple(round(DETAIL * math.dist(a, b)) for b in points) for a in points)


def assemble(
    name: str,
    places: Sequence[Place],
    distance: Sequence[Sequence[int]],
    time: Sequence[Sequence[int]],
    fleet: Fleet,
    pairs: Sequence[tuple[str, str, int]] = (),
) -> Problem:
    """
    Build the day problem of a public instance; the first place is the hub.

    Parameters
    ----------
    name
        Of the instance.
    places
        All places; every one but the hub must be visited.
    distance, time
        Tables in the order of the places.
    fleet
        The vehicles.
    pairs
        Origin, destination and items of what must ride direct.

    Returns
    -------
    Problem
        A day on which everything must be carried.
    """
    hub = places[0].id
    out = ((hub, one.id, one.delivery) for one in places[1:] if one.delivery)
    home = ((one.id, hub, one.pickup) for one in places[1:] if one.pickup)
    through = [(f"{a}>{b}", a, b, n, False) for a, b, n in (*out, *home)]
    direct = [(f"{a}>{b}", a, b, n, True) for a, b, n in pairs]
    shipments = [
        Shipment(
            id=name,
            origin=origin,
            destination=destination,
            items=items,
            cost_if_at_hub=PRICE_OF_LEAVING,
            cost_if_left=PRICE_OF_LEAVING,
            direct_only=direct_only,
        )
        for name, origin, destination, items, direct_only in (*through, *direct)
    ]
    return Problem(
        name=name,
        hub=hub,
        sites=tuple(_site(one, one.id != hub) for one in places),
        travel_metres=tuple(map(tuple, distance)),
        travel_seconds=tuple(map(tuple, time)),
        vehicles=tuple(
            Vehicle(
                id=f"v{number}",
                capacity=fleet.capacity,
                shift=(0, fleet.horizon),
                max_seconds=fleet.longest,
                fixed_cost=fleet.fixed,
                cost_per_km=1000 * fleet.per_unit,
                cost_per_hour=0.0,
            )
            for number in range(1, fleet.count + 1)
        ),
        shipments=tuple(shipments),
        handling_seconds_per_item=0,
    )


def _site(place: Place, must: bool) -> Site:
    window = None if place.ready is None or place.due is None else (place.ready, place.due)
    return Site(id=place.id, stop_seconds=place.service, window=window, must_visit=must)


def enough_vehicles(places: Sequence[Place], capacity: int) -> int:
    """
    Choose a fleet where the set does not limit it.

    Parameters
    ----------
    places
        All places.
    capacity
        Items a vehicle holds.

    Returns
    -------
    int
        Twice what the load needs and a few, but no more than one a place.
    """
    load = max(sum(one.delivery for one in places), sum(one.pickup for one in places))
    return min(len(places) - 1, 2 * math.ceil(load / capacity) + 3)
