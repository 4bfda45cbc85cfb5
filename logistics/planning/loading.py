"""The best load of a run whose order of stops is given, with a bound that is proved.

Every shipment is taken whole or left, by CP-SAT, with the clock, the break and the room aboard as
docs/day-problem.md has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, inf
from time import monotonic
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from logistics.planning.plan import Route
from logistics.planning.timing import Waiting
from logistics.units import METRES_PER_KILOMETRE, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logistics.planning.problem import Problem, Vehicle

_FINEST, _MOST = 2500.0, 2.0**58
"""CP-SAT counts in so many parts of a krona for each second of an hour, that pay a second be whole,
and in fewer where sums would pass the second number."""

_MOST_WORK = 10.0
"""Seconds of CP-SAT's own clock, which counts steps: the same load every time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """
    A run with the best load that was found.

    Attributes
    ----------
    bound
        SEK: by no load does the run cost less, what it saves in waiting taken off; infinite where
        none keeps the rules.
    route
        The run with the best load found; None without one.
    """

    bound: float
    route: Route | None


@dataclass(frozen=True, slots=True)
class _Ride:
    """A shipment that may ride from stop to stop; the hub is -1 and one past the last."""

    shipment: int
    items: int
    value: float
    on: int
    off: int


def best_load(
    problem: Problem, vehicle: int, sites: Sequence[int], *, below: float, seconds: float
) -> Loaded:
    """
    Choose what a run takes along, at least cost.

    Parameters
    ----------
    problem
        The day, on which no vehicle goes out again.
    vehicle
        Position of the vehicle.
    sites
        Positions of its stops in order.
    below
        SEK: a run that costs more is of no interest, and its bound is this.
    seconds
        Time limit.

    Returns
    -------
    Loaded
        The bound holds whenever the search ended.
    """
    van = problem.vehicles[vehicle]
    way = [problem.hub_index, *sites, problem.hub_index]
    metres = sum(problem.travel_metres[a][b] for a, b in pairwise(way))
    driven = van.fixed_cost + van.cost_per_stop * len(sites)
    driven += van.cost_per_km * metres / METRES_PER_KILOMETRE
    rides = list(_rides(problem, sites, _span(van)))
    model = _Model(problem, van, way, rides)
    return model.solve(driven, below, seconds, vehicle)


def reloaded(problem: Problem, routes: Sequence[Route], seconds: float) -> list[Route]:
    """
    Choose the loads of runs anew, where something is left behind that could pay for its handling.

    Parameters
    ----------
    problem
        The day.
    routes
        Runs that keep the rules.
    seconds
        Time limit.

    Returns
    -------
    list[Route]
        The runs, with the best load found for each; as they are where a vehicle may go out again.
    """
    until, waiting, made = monotonic() + seconds, Waiting(problem), list(routes)
    if any(van.max_runs > 1 for van in problem.vehicles):
        return made
    for number, route in enumerate(routes):
        freight = waiting.freight(route)
        taken = {*freight.start, *(one for loaded in freight.load for one in loaded)}
        van = problem.vehicles[route.vehicle]
        second = van.cost_per_hour / SECONDS_PER_HOUR * problem.handling_seconds_per_item
        left_behind = any(
            ride.value > 2 * second * ride.items and ride.shipment not in taken
            for ride in _rides(problem, route.sites, _span(van))
        )
        if left_behind and (left := until - monotonic()) > 0:
            found = best_load(problem, route.vehicle, route.sites, below=inf, seconds=left)
            made[number] = found.route or route
    return made


def _span(van: Vehicle) -> int:
    return min(van.shift[1] - van.shift[0], van.max_seconds)


def _rides(problem: Problem, sites: Sequence[int], span: int) -> Iterator[_Ride]:
    """List what could pay for itself, and for which there is time."""
    place = {problem.sites[site].id: stop for stop, site in enumerate(sites)}
    last = len(sites)
    for number, one in enumerate(problem.shipments):
        on = -1 if one.origin == problem.hub else place.get(one.origin, last)
        off = last if one.destination == problem.hub else place.get(one.destination, -1)
        value = one.cost_if_left
        if on == last or (on == -1 and off == -1):
            continue
        if off <= on:
            if one.direct_only:
                continue
            off, value = last, value - one.cost_if_at_hub
        if value > 0 and one.items * problem.handling_seconds_per_item <= span:
            yield _Ride(number, one.items, value, on, off)


class _Model:
    """Clock, break, room and load of one run, in seconds since the vehicle's shift began."""

    def __init__(self, problem: Problem, van: Vehicle, way: list[int], rides: list[_Ride]) -> None:
        self.problem, self.van, self.sites, self.rides = problem, van, way[1:-1], rides
        self.model = cp_model.CpModel()
        self.taken = [self.model.new_bool_var("") for _ in rides]
        self.span = _span(van)
        self.paid = self._clock(way)
        self._room()

    def _handled(self, stop: int) -> cp_model.LinearExpr:
        """Sum the seconds of what is put off and taken."""
        each = self.problem.handling_seconds_per_item
        return self._sum([each * ride.items * (stop in {ride.on, ride.off}) for ride in self.rides])

    def _sum(self, amounts: list[int]) -> cp_model.LinearExpr:
        """Sum amounts over the rides that are taken."""
        return cp_model.LinearExpr.weighted_sum(self.taken, amounts)

    def _clock(self, way: list[int]) -> cp_model.LinearExpr:
        """Time the run; return its paid seconds."""
        model, opens = self.model, self.van.shift[0]
        last = self.van.shift[1] - opens
        rule = self.problem.break_
        rests = [model.new_bool_var("") for _ in self.sites] if rule is not None else []
        pause = 0 if rule is None else rule.seconds
        start = model.new_int_var(0, last, "")
        before: cp_model.LinearExpr = start
        ended: list[cp_model.LinearExpr] = []
        for stop, site in enumerate(self.sites):
            window = self.problem.sites[site].window or (0, opens + last)
            first, until = max(0, window[0] - opens), min(last, window[1] - opens)
            if first > until:
                model.add_bool_or([])
                return start
            begin = model.new_int_var(first, until, "")
            model.add(begin >= before + self.problem.travel_seconds[way[stop]][site])
            done = begin + self.problem.sites[site].stop_seconds + self._handled(stop)
            ended.append(done)
            before = done + pause * rests[stop] if rests else done
        end = model.new_int_var(0, last, "")
        model.add(end == before + self.problem.travel_seconds[way[-2]][way[-1]])
        model.add(end - start <= self.span)
        if rule is None:
            return end - start
        rested = cp_model.LinearExpr.sum(rests)
        model.add(rested <= 1)
        plain = model.new_bool_var("")
        model.add(plain + rested == 1)
        model.add(end - start <= rule.after_seconds).only_enforce_if(plain)
        for done, rest in zip(ended, rests, strict=True):
            model.add(done - start <= rule.after_seconds).only_enforce_if(rest)
            model.add(end - done - pause <= rule.after_seconds).only_enforce_if(rest)
        self._rest_only_where_it_must(way, plain, rule.after_seconds)
        return end - start - pause * rested

    def _rest_only_where_it_must(
        self, way: list[int], plain: cp_model.IntVar, after_seconds: int
    ) -> None:
        """
        Forbid a break in place of waiting: without one the run has to be too long.

        It is as long as it works, or as what lies between its latest start, where some window
        closes, and its earliest end, where some window opens.
        """
        model, sites = self.model, [self.problem.sites[site] for site in self.sites]
        begun: list[cp_model.LinearExpr] = []
        work: cp_model.LinearExpr = cp_model.LinearExpr.sum([])
        for stop, site in enumerate(sites):
            work = work + self.problem.travel_seconds[way[stop]][way[stop + 1]]
            begun.append(work)
            work = work + site.stop_seconds + self._handled(stop)
        work = work + self.problem.travel_seconds[way[-2]][way[-1]]
        lengths = [work]
        for opening, opened in zip(sites, begun, strict=True):
            for closing, closed in zip(sites, begun, strict=True):
                if opening.window is not None and closing.window is not None:
                    apart = opening.window[0] - closing.window[1]
                    lengths.append(apart + work - opened + closed)
        reasons = [model.new_bool_var("") for _ in lengths]
        model.add_bool_or([plain, *reasons])
        for length, reason in zip(lengths, reasons, strict=True):
            model.add(length > after_seconds).only_enforce_if(reason)

    def _room(self) -> None:
        """Hold what is aboard to the capacity, on every leg where it could be more."""
        for leg in range(-1, len(self.sites)):
            aboard = [ride.items * (ride.on <= leg < ride.off) for ride in self.rides]
            if sum(aboard) > self.van.capacity:
                self.model.add(self._sum(aboard) <= self.van.capacity)

    def solve(self, driven: float, below: float, seconds: float, vehicle: int) -> Loaded:
        """Minimise what the run costs beyond its driving."""
        an_hour = self.van.cost_per_hour
        most = an_hour * (1 + self.span / SECONDS_PER_HOUR) + sum(r.value for r in self.rides) + 1.0
        share = min(_FINEST, _MOST / most / SECONDS_PER_HOUR)
        parts = share * SECONDS_PER_HOUR
        saved = [ceil(ride.value * parts) for ride in self.rides]
        cost = floor(an_hour * share) * self.paid - self._sum(saved)
        if below < inf:
            self.model.add(cost <= ceil(min((below - driven) * parts, _MOST)))
        self.model.minimize(cost)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_time_in_seconds = max(0.01, seconds)
        solver.parameters.max_deterministic_time = _MOST_WORK
        status = solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            return Loaded(bound=below, route=None)
        bound = driven + solver.best_objective_bound / parts
        bound = min(below, bound - 1e-9 * (1.0 + abs(bound)))
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return Loaded(bound=bound, route=None)
        chosen = {
            ride.shipment
            for ride, taken in zip(self.rides, self.taken, strict=True)
            if solver.boolean_value(taken)
        }
        return Loaded(bound=bound, route=self._route(vehicle, chosen))

    def _route(self, vehicle: int, chosen: set[int]) -> Route:
        """Name the load stop by stop."""
        shipments = self.problem.shipments
        names = [self.problem.sites[site].id for site in self.sites]
        at_hub = {
            number
            for number, one in enumerate(shipments)
            if one.origin == self.problem.hub and one.destination in names
        }
        return Route(
            vehicle=vehicle,
            sites=tuple(self.sites),
            load=tuple(
                frozenset(one for one in chosen if shipments[one].origin == name) for name in names
            ),
            leave=frozenset(at_hub - chosen),
        )
