"""What a plan would add for one stop more: the cheapest detour of a van that drives anyway."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from logistics.demand.matching.planned_calls import Call, PlannedCalls
from logistics.units import METRES_PER_KILOMETRE, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from logistics.network.travel import TravelTimes
    from logistics.planning.plan import Plan, Run
    from logistics.planning.problem import Problem
    from logistics.planning.records import Vehicle


def calls_of(
    problem: Problem, plan: Plan, travel: TravelTimes, stop_seconds: Mapping[str, int]
) -> PlannedCalls:
    """
    Read the calls of a plan, and price one more at each other place.

    Parameters
    ----------
    problem
        The day.
    plan
        Its plan.
    travel
        Travel times between all places.
    stop_seconds
        How long a stop takes, by place; of the places that are not called at these are priced.

    Returns
    -------
    PlannedCalls
        A place that no run has the time to call at has no price.
    """
    return calls_on(problem.hub, problem.vehicles, plan, travel, stop_seconds)


def calls_on(
    hub: str,
    vehicles: Iterable[Vehicle],
    plan: Plan,
    travel: TravelTimes,
    stop_seconds: Mapping[str, int],
) -> PlannedCalls:
    """
    Read the calls of a plan whose problem is not at hand, and price one more at each other place.

    Parameters
    ----------
    hub
        Where runs start and end.
    vehicles
        The fleet, those that drive among it.
    plan
        The plan.
    travel
        Travel times between all places.
    stop_seconds
        How long a stop takes, by place; of the places that are not called at these are priced.

    Returns
    -------
    PlannedCalls
        A place that no run has the time to call at has no price.
    """
    calls = {
        stop.site: Call(run=i, number=number, run_start=run.start, run_end=run.end)
        for i, run in enumerate(plan.runs)
        for number, stop in enumerate(run.stops)
    }
    by_id = {vehicle.id: vehicle for vehicle in vehicles}
    known = set(travel.ids)
    prices: dict[str, float] = {}
    for place in sorted((stop_seconds.keys() & known) - calls.keys() - {hub}):
        detours = [
            sek
            for run in plan.runs
            if known.issuperset((hub, *(stop.site for stop in run.stops)))
            for sek in _detours(hub, run, by_id[run.vehicle], place, travel, stop_seconds)
        ]
        if detours:
            prices[place] = min(detours)
    return PlannedCalls(calls=calls, detour_sek=prices)


def _detours(
    hub: str,
    run: Run,
    vehicle: Vehicle,
    place: str,
    travel: TravelTimes,
    stop_seconds: Mapping[str, int],
) -> Iterator[float]:
    left = min(vehicle.max_seconds - (run.end - run.start), vehicle.shift[1] - run.end)
    for before, after in itertools.pairwise([hub, *(stop.site for stop in run.stops), hub]):
        ways = [travel.between(before, place), travel.between(place, after)]
        metres, seconds = travel.between(before, after)
        more_metres = max(0, sum(way for way, _ in ways) - metres)
        more_seconds = max(0, sum(time for _, time in ways) - seconds) + stop_seconds[place]
        if more_seconds <= left:
            yield (
                vehicle.cost_per_stop
                + vehicle.cost_per_km * more_metres / METRES_PER_KILOMETRE
                + vehicle.cost_per_hour * more_seconds / SECONDS_PER_HOUR
            )
