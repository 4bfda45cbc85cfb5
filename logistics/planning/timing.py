"""From what a solver decides to a plan: who rides where, when, and what all of it costs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from logistics.errors import RuleBrokenError
from logistics.planning.plan import Cost, Plan, Route, Run, Stop
from logistics.planning.schedule import best_timing, road
from logistics.units import METRES_PER_KILOMETRE, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logistics.planning.problem import Problem


@dataclass(slots=True)
class Freight:
    """
    What one run carries, by positions of shipments.

    Attributes
    ----------
    load, unload
        For each stop, in the order of the problem's shipments.
    start
        Aboard when the run leaves the hub.
    delivered
        Put off at their destination by this run, the hub included.
    to_hub
        Brought to the hub on their way to elsewhere.
    """

    load: list[tuple[int, ...]]
    unload: list[tuple[int, ...]]
    start: tuple[int, ...]
    delivered: set[int] = field(default_factory=set)
    to_hub: set[int] = field(default_factory=set)


class Waiting:
    """
    The shipments of a day by the site where they wait.

    Parameters
    ----------
    problem
        The day.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.at: dict[int, list[int]] = defaultdict(list)
        self.ends: list[tuple[int, int]] = []
        for position, shipment in enumerate(problem.shipments):
            origin, destination = (
                problem.site_index[shipment.origin],
                problem.site_index[shipment.destination],
            )
            self.at[origin].append(position)
            self.ends.append((origin, destination))

    def freight(self, route: Route) -> Freight:
        """
        Tell what a run carries.

        Parameters
        ----------
        route
            The run.

        Returns
        -------
        Freight
            Loaded and unloaded shipments; capacity is not judged here.
        """
        hub = self.problem.hub_index
        place = {site: stop for stop, site in enumerate(route.sites)}
        outbound = [one for one in self.at[hub] if self.ends[one][1] in place]
        start = tuple(sorted({*outbound} - route.leave | route.carried))
        unload: list[list[int]] = [[] for _ in route.sites]
        made = Freight(load=[], unload=[], start=start)
        for one in start:
            unload[place[self.ends[one][1]]].append(one)
            made.delivered.add(one)
        for stop, site in enumerate(route.sites):
            taken = self._taken(route, stop, site, place)
            made.load.append(taken)
            for one in taken:
                destination = self.ends[one][1]
                if place.get(destination, -1) > stop:
                    unload[place[destination]].append(one)
                    made.delivered.add(one)
                else:
                    (made.delivered if destination == hub else made.to_hub).add(one)
        made.unload = [tuple(sorted(off)) for off in unload]
        return made

    def _taken(self, route: Route, stop: int, site: int, place: dict[int, int]) -> tuple[int, ...]:
        if route.load is not None:
            return tuple(sorted(route.load[stop]))
        hub = self.problem.hub_index
        return tuple(
            one
            for one in self.at[site]
            if not self.problem.shipments[one].direct_only
            or self.ends[one][1] == hub
            or place.get(self.ends[one][1], -1) > stop
        )


def build_plan(problem: Problem, routes: Iterable[Route]) -> Plan:
    """
    Work out the clock times, the shipments and the cost of a solver's decision.

    Parameters
    ----------
    problem
        The day.
    routes
        Its runs; where a run depends on another (a vehicle's earlier run, shipments carried on),
        the other stands before it.

    Returns
    -------
    Plan
        Exact, but not judged: capacity and visits are left to the checker.

    Raises
    ------
    RuleBrokenError
        A run has no timing that keeps windows, shift, longest run and break.
    """
    waiting = Waiting(problem)
    runs: list[Run] = []
    delivered: set[int] = set()
    at_hub: set[int] = set()
    ready: dict[int, int] = {}
    free: dict[int, int] = {}
    for route in routes:
        freight = waiting.freight(route)
        earliest = max([free.get(route.vehicle, 0), *(ready.get(one, 0) for one in route.carried)])
        run = _run(problem, route, freight, earliest)
        runs.append(run)
        back = run.end + problem.vehicles[route.vehicle].turnaround_seconds
        free[route.vehicle] = back
        ready.update(dict.fromkeys(freight.to_hub, back))
        delivered |= freight.delivered
        at_hub |= freight.to_hub
    delay = [
        one.cost_if_at_hub if position in at_hub else one.cost_if_left
        for position, one in enumerate(problem.shipments)
        if position not in delivered
    ]
    return Plan(problem=problem.name, cost=_cost(problem, runs, sum(delay)), runs=tuple(runs))


def _run(problem: Problem, route: Route, freight: Freight, earliest: int) -> Run:
    items = [shipment.items for shipment in problem.shipments]
    handled = [
        sum(items[one] for one in (*on, *off))
        for on, off in zip(freight.load, freight.unload, strict=True)
    ]
    timing = best_timing(road(problem, route.vehicle, route.sites, handled, earliest))
    van = problem.vehicles[route.vehicle].id
    names = [problem.sites[site].id for site in route.sites]
    if timing is None:
        way = " ".join(names)
        raise RuleBrokenError(
            f"run of {van!r} by {way}: no timing keeps its windows, shift, longest run and break"
        )
    stops = [
        Stop(
            site=name,
            arrive=timing.arrive[stop],
            begin=timing.begin[stop],
            depart=timing.depart[stop],
            unload=_ids(problem, freight.unload[stop]),
            load=_ids(problem, freight.load[stop]),
        )
        for stop, name in enumerate(names)
    ]
    return Run(
        vehicle=van,
        start=timing.start,
        end=timing.end,
        stops=tuple(stops),
        leave=_ids(problem, sorted(route.leave)),
        carried=_ids(problem, sorted(route.carried)),
        break_after=timing.break_after,
    )


def _ids(problem: Problem, positions: Iterable[int]) -> tuple[str, ...]:
    return tuple(problem.shipments[one].id for one in positions)


def _cost(problem: Problem, runs: Sequence[Run], delay: float) -> Cost:
    fixed = {run.vehicle for run in runs}
    stops, distance, time = 0.0, 0.0, 0.0
    for run in runs:
        van = problem.vehicles[problem.vehicle_index[run.vehicle]]
        way = [problem.hub, *(stop.site for stop in run.stops), problem.hub]
        where = [problem.site_index[site] for site in way]
        metres = sum(problem.travel_metres[a][b] for a, b in pairwise(where))
        stops += van.cost_per_stop * len(run.stops)
        distance += van.cost_per_km * metres / METRES_PER_KILOMETRE
        time += van.cost_per_hour * run.paid_seconds(problem) / SECONDS_PER_HOUR
    return Cost(
        fixed=sum(van.fixed_cost for van in problem.vehicles if van.id in fixed),
        stops=stops,
        distance=distance,
        time=time,
        delay=delay,
    )


def route_of(problem: Problem, run: Run) -> Route:
    """
    Take from a run what a solver decides.

    Parameters
    ----------
    problem
        The day.
    run
        A run of a plan of that day.

    Returns
    -------
    Route
        The run with its loads spelled out; :func:`build_plan` gives it back.
    """
    index = problem.shipment_index
    return Route(
        vehicle=problem.vehicle_index[run.vehicle],
        sites=tuple(problem.site_index[stop.site] for stop in run.stops),
        load=tuple(frozenset(index[one] for one in stop.load) for stop in run.stops),
        leave=frozenset(index[one] for one in run.leave),
        carried=frozenset(index[one] for one in run.carried),
    )


def outline_of(problem: Problem, plan: Plan) -> list[Route]:
    """
    Take from the plan of another day what this one knows: vehicles and the order of their stops.

    Parameters
    ----------
    problem
        The day.
    plan
        A plan of a day like it.

    Returns
    -------
    list[Route]
        Runs without loads, no more a vehicle than it makes; whether they can be driven is open.
    """
    left = {van.id: van.max_runs for van in problem.vehicles}
    routes = []
    for run in plan.runs:
        if left.get(run.vehicle, 0) > 0:
            left[run.vehicle] -= 1
            known = [stop.site for stop in run.stops if stop.site in problem.site_index]
            sites = tuple(problem.site_index[site] for site in known)
            routes.append(Route(vehicle=problem.vehicle_index[run.vehicle], sites=sites))
    return routes
