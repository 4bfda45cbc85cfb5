"""The slow reference for several runs a vehicle: every order of every run with every choice.

Runs are driven one after the other in every order in which each comes after those it waits for;
each takes any choice of what waits at its stops, of what waits at the hub, and of what earlier runs
brought there. Times come from the checker's clock, which shares nothing with the planner's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, pairwise, permutations
from random import Random
from typing import TYPE_CHECKING

from logistics.planning.plan import Route
from tests.planning.enumeration import (
    Best,
    choices,
    handled_items,
    least_paid,
    route_with,
    saved_by,
)
from tests.planning.strategies import random_day
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logistics.planning.problem import Problem


@dataclass(frozen=True)
class _Driven:
    """One way to drive one run."""

    cost: float
    route: Route
    back: int
    brought: tuple[int, ...]


@dataclass(frozen=True)
class _Far:
    """What has been driven so far."""

    served: frozenset[int]
    turns: tuple[int, ...]
    free: tuple[int, ...]
    ready: tuple[tuple[int, int], ...]


@uncounted()
def optimum_of_runs(problem: Problem) -> Best | None:
    """The cheapest plan, or None where a compulsory site cannot be served."""
    vans = len(problem.vehicles)
    far = _Far(frozenset(), (0,) * vans, (0,) * vans, ())
    best = _Enumeration(problem).rest(far)
    if best is None:
        return None
    nothing = sum(one.cost_if_left for one in problem.shipments)
    return Best(nothing + best.cost, best.routes)


class _Enumeration:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.sites = [site for site in range(len(problem.sites)) if site != problem.hub_index]
        self.must = {site for site in self.sites if problem.sites[site].must_visit}
        self.end = [problem.site_index[one.destination] for one in problem.shipments]
        self.known: dict[_Far, Best | None] = {}

    def rest(self, far: _Far) -> Best | None:
        """The cheapest way to go on, nothing more among them."""
        if far not in self.known:
            best = Best(0.0, ()) if self.must <= far.served else None
            for cost, route, after in self._next(far):
                more = self.rest(after)
                if more is not None and (best is None or cost + more.cost < best.cost):
                    best = Best(cost + more.cost, (route, *more.routes))
            self.known[far] = best
        return self.known[far]

    def _next(self, far: _Far) -> Iterator[tuple[float, Route, _Far]]:
        left = [site for site in self.sites if site not in far.served]
        for vehicle, van in enumerate(self.problem.vehicles):
            if far.turns[vehicle] == van.max_runs:
                continue
            fixed = 0.0 if far.turns[vehicle] else van.fixed_cost
            for size in range(1, len(left) + 1):
                for order in permutations(left, size):
                    for run in self._ways(far, vehicle, order):
                        yield fixed + run.cost, run.route, self._after(far, run)

    def _after(self, far: _Far, run: _Driven) -> _Far:
        vehicle = run.route.vehicle
        kept = [(one, when) for one, when in far.ready if one not in run.route.carried]
        turns, free = list(far.turns), list(far.free)
        turns[vehicle] += 1
        free[vehicle] = run.back
        ready = sorted([*kept, *((one, run.back) for one in run.brought)])
        return _Far(far.served | {*run.route.sites}, tuple(turns), tuple(free), tuple(ready))

    def _ways(self, far: _Far, vehicle: int, order: tuple[int, ...]) -> Iterator[_Driven]:
        several = self.problem.vehicles[vehicle].max_runs > 1
        wanted = [pair for pair in far.ready if several and self.end[pair[0]] in order]
        for size in range(len(wanted) + 1):
            for chosen in combinations(wanted, size):
                earliest = max([far.free[vehicle], *(when for _, when in chosen)])
                carried = tuple(one for one, _ in chosen)
                for taken in choices(self.problem, order):
                    run = self._drive(vehicle, order, taken, carried, earliest)
                    if run is not None:
                        yield run

    def _drive(
        self,
        vehicle: int,
        order: tuple[int, ...],
        taken: tuple[int, ...],
        carried: tuple[int, ...],
        earliest: int,
    ) -> _Driven | None:
        problem, van = self.problem, self.problem.vehicles[vehicle]
        handled, fits = handled_items(problem, vehicle, order, taken, carried)
        times = least_paid(problem, vehicle, order, handled, earliest) if fits else None
        if times is None:
            return None
        paid, start, rests = times
        pause = problem.break_.seconds if rests and problem.break_ is not None else 0
        way = [problem.hub_index, *order, problem.hub_index]
        metres = sum(problem.travel_metres[a][b] for a, b in pairwise(way))
        drive = van.cost_per_stop * len(order) + van.cost_per_km * metres / 1000
        saved = sum(saved_by(problem, order, one) for one in taken)
        saved += sum(problem.shipments[one].cost_if_at_hub for one in carried)
        route = route_with(problem, vehicle, order, taken)
        return _Driven(
            cost=drive + van.cost_per_hour * paid / 3600 - saved,
            route=replace(route, carried=frozenset(carried)),
            back=start + paid + pause + van.turnaround_seconds,
            brought=self._brought(order, taken),
        )

    def _brought(self, order: tuple[int, ...], taken: tuple[int, ...]) -> tuple[int, ...]:
        hub = self.problem.hub
        return tuple(
            number
            for number in taken
            if (one := self.problem.shipments[number]).destination != hub
            and one.origin != hub
            and self.end[number]
            not in order[order.index(self.problem.site_index[one.origin]) + 1 :]
        )


def random_day_of_runs(seed: int, *, sites: int = 4, shipments: int = 5) -> Problem:
    """A day whose vans may go out twice, and often should: runs are short, and driving is cheap."""
    dice = Random(seed)
    day = random_day(seed, sites=sites, shipments=shipments)
    vans = tuple(
        replace(
            van,
            max_runs=dice.choice([1, 2, 2]) if number else 2,
            turnaround_seconds=dice.choice([0, 600, 1800]),
            max_seconds=dice.choice([3_000, 4_500, 6_000, van.max_seconds]),
            cost_per_km=van.cost_per_km / 4,
            cost_per_hour=van.cost_per_hour / 4,
        )
        for number, van in enumerate(day.vehicles)
    )
    return replace(day, vehicles=vans)
