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
    must
        Whether a site has to be visited.
    prize
        SEK of waiting that a visit saves at the least: what waits there rides to the hub, and what
        waits at the hub for it arrives.
    pair_prize
        SEK that each pair saves.
    """

    service: list[int]
    delivery: list[int]
    pickup: list[int]
    pairs: list[tuple[int, int, int]]
    alone: list[int]
    must: list[bool]
    prize: list[float]
    pair_prize: list[float]


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
    pairs, prize, pair_prize = [], [0.0] * count, []
    for one in problem.shipments:
        origin, destination = problem.site_index[one.origin], problem.site_index[one.destination]
        if one.direct_only and hub not in (origin, destination):
            pairs.append((origin, destination, one.items))
            pair_prize.append(one.cost_if_left)
            handled[destination] += one.items
            handled[origin] += one.items
        elif origin == hub:
            delivery[destination] += one.items
            handled[destination] += one.items
            prize[destination] += one.cost_if_left
        else:
            pickup[origin] += one.items
            handled[origin] += one.items
            at_hub = 0.0 if destination == hub else one.cost_if_at_hub
            prize[origin] += max(0.0, one.cost_if_left - at_hub)
    each = problem.handling_seconds_per_item
    service = [s.stop_seconds + each * n for s, n in zip(problem.sites, handled, strict=True)]
    paired = {site for origin, destination, _ in pairs for site in (origin, destination)}
    alone = [site for site in range(count) if site != hub and site not in paired]
    return Calls(
        service=service,
        delivery=delivery,
        pickup=pickup,
        pairs=pairs,
        alone=alone,
        must=[site.must_visit for site in problem.sites],
        prize=prize,
        pair_prize=pair_prize,
    )


def longest_run(problem: Problem) -> int:
    """
    Tell how long a run may last for a peer that knows no breaks.

    Parameters
    ----------
    problem
        The day; its vehicles must be alike.

    Returns
    -------
    int
        Seconds: a run of that length has room for its break.
    """
    most, rest = problem.vehicles[0].max_seconds, problem.break_
    if rest is None or most <= rest.after_seconds:
        return most
    return max(rest.after_seconds, min(most - rest.seconds, 2 * rest.after_seconds))


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
