"""What is left of a day whose vans are on the road, as a day problem of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logistics.planning.pins import Driven
from logistics.planning.plan import Stop

if TYPE_CHECKING:
    from logistics.operations.road.road_state import RoadState, VanState
    from logistics.planning.problem import Problem
    from logistics.planning.records import Vehicle

_NEVER = (0, 0)
"""A window in which no van can begin: nobody calls there any more."""


def rest_of_day(state: RoadState, clock: int, closed: str | None) -> Problem:
    """
    Make the day problem of what is still to be done.

    Parameters
    ----------
    state
        Where the vans are, what is aboard, what is delivered.
    clock
        Seconds since midnight: no van that waits leaves earlier.
    closed
        A branch that takes nothing more today, if any.

    Returns
    -------
    Problem
        The planned day without what is delivered; what was moved lies where it is now.
    """
    problem = state.stored.problem
    vans = {van.vehicle: van for van in state.vans}
    vehicles = tuple(
        # A van that stops stays in the day, for its books, with a shift in which nothing fits.
        replace(one, shift=_NEVER)
        if one.id == state.broken
        else _van(problem, one, vans.get(one.id), clock)
        for one in problem.vehicles
    )
    driven = {stop.site for van in state.vans for stop in van.stops}
    sites = tuple(
        replace(site, must_visit=False, window=_NEVER if site.id == closed else site.window)
        if site.id == closed or site.id in driven
        else site
        for site in problem.sites
    )
    shipments = tuple(
        replace(one, origin=state.moved[one.id], items=len(state.transfers[one.id]))
        if one.id in state.moved
        else one
        for one in problem.shipments
        if one.id not in state.delivered
    )
    return replace(problem, vehicles=vehicles, sites=sites, shipments=shipments)


def _van(problem: Problem, vehicle: Vehicle, van: VanState | None, clock: int) -> Vehicle:
    first, last = vehicle.shift
    if van is None or not van.begun:
        return replace(vehicle, shift=(max(first, clock), max(last, clock)))
    begun = driven_by(problem, van)
    end = _home(problem, begun)
    if van.done:  # home already: it has no time for anything more
        length = max(end - min(begun.start, first), 0)
        return replace(vehicle, shift=(min(first, begun.start), end), max_seconds=max(length, 1))
    late = max(0, van.late_seconds)
    return replace(
        vehicle,
        shift=(min(first, begun.start), last + late),
        max_seconds=vehicle.max_seconds + late,
    )


def driven_by(problem: Problem, van: VanState) -> Driven:
    """
    Tell what a van has done, with times that the travel table allows.

    Parameters
    ----------
    problem
        The rest of the day.
    van
        Where the van has been, and when.

    Returns
    -------
    Driven
        Its stops so far, and what it began with.
    """
    index, items = problem.site_index, {one.id: one.items for one in problem.shipments}
    ends = {one.id: one.destination for one in problem.shipments}
    aboard = {one for one in van.aboard if one in ends}
    stops: list[Stop] = []
    before, now = problem.hub, van.start
    for made in van.stops:
        site = problem.sites[index[made.site]]
        load = tuple(one for one in made.load if one in ends)
        off = {one for one in aboard if ends[one] == made.site}
        handled = sum(items[one] for one in (*off, *load))
        service = site.stop_seconds + problem.handling_seconds_per_item * handled
        arrive = now + problem.travel_seconds[index[before]][index[made.site]]
        begin = max(arrive, made.done - service)
        stops.append(
            Stop(site=made.site, arrive=arrive, begin=begin, depart=begin + service, load=load)
        )
        aboard = (aboard - off) | {*load}
        before, now = made.site, begin + service
    return Driven(
        vehicle=van.vehicle,
        start=van.start,
        aboard=tuple(one for one in van.aboard if one in ends),
        stops=tuple(stops),
    )


def _home(problem: Problem, begun: Driven) -> int:
    if not begun.stops:
        return begun.start
    last, index = begun.stops[-1], problem.site_index
    return last.depart + problem.travel_seconds[index[last.site]][problem.hub_index]
