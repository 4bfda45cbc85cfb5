"""What peers can see of a day: a service, two demands and a window a site, and pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logistics.units import METRES_PER_KILOMETRE

if TYPE_CHECKING:
    from logistics.planning.problem import Problem

UNITS = 1_000
"""Units of the peers' whole costs in one SEK."""
LATE = 2**31
"""Later than anything that peers with 32-bit clocks are asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """
    What each site asks for, as peers see it.

    Attributes
    ----------
    service
        Seconds at each site.
    delivery, pickup
        Items from and to the hub.
    pairs
        Origin, destination and items of what must ride direct.
    alone
        Sites that are no end of a pair.
    """

    service: list[int]
    delivery: list[int]
    pickup: list[int]
    pairs: list[tuple[int, int, int]]
    alone: list[int]


def calls_of(problem: Problem) -> Calls:
    """
    Reduce a day to what peers can see.

    Parameters
    ----------
    problem
        The day.

    Returns
    -------
    Calls
        Lists in the order of the sites.
    """
    count, hub = len(problem.sites), problem.hub_index
    delivery, pickup, handled = [0] * count, [0] * count, [0] * count
    pairs = []
    for one in problem.shipments:
        origin, destination = problem.site_index[one.origin], problem.site_index[one.destination]
        if one.direct_only and hub not in (origin, destination):
            pairs.append((origin, destination, one.items))
            handled[destination] += one.items
            handled[origin] += one.items
        elif origin == hub:
            delivery[destination] += one.items
            handled[destination] += one.items
        else:
            pickup[origin] += one.items
            handled[origin] += one.items
    each = problem.handling_seconds_per_item
    service = [s.stop_seconds + each * n for s, n in zip(problem.sites, handled, strict=True)]
    paired = {site for origin, destination, _ in pairs for site in (origin, destination)}
    alone = [site for site in range(count) if site != hub and site not in paired]
    return Calls(service=service, delivery=delivery, pickup=pickup, pairs=pairs, alone=alone)


def unit_costs(problem: Problem) -> list[list[int]]:
    """
    Price driving in the peers' units: kilometres only, of the first vehicle.

    Parameters
    ----------
    problem
        The day.

    Returns
    -------
    list[list[int]]
        From row to column.
    """
    metre = UNITS * problem.vehicles[0].cost_per_km / METRES_PER_KILOMETRE
    return [[round(metre * metres) for metres in row] for row in problem.travel_metres]
