"""A first plan and a second opinion from OR-Tools' routing library.

The library cannot price an item that rides direct, so it minimises what it can see: driving, and
for each site that need not be visited what its items lose by staying. Its runs are then judged by
the true rules and prices like anybody's. Integer tables only: a Python callback that raises is
swallowed by the engine and the answer is a wrong optimum; a short table crashes it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from logistics.planning.plan import Route
from logistics.units import METRES_PER_KILOMETRE, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from logistics.planning.problem import Problem, Vehicle

_SCALE = 1_000
"""Units of the engine's costs in one krona: it counts in whole numbers."""
_DEAREST = 10**12
_LONGEST_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Demand:
    """What each site gives and gets, in items, and what staying away costs, in SEK."""

    service: list[int]
    off: list[int]
    on: list[int]
    pairs: list[tuple[int, int, int]]
    staying: list[float]


def route(
    problem: Problem,
    *,
    seconds: float | None = None,
    solutions: int | None = None,
    bare: bool = False,
) -> list[Route] | None:
    """
    Find runs with the routing library.

    Parameters
    ----------
    problem
        The day.
    seconds
        Wall time to search after the first solution; None for no search by time.
    solutions
        Stop after so many solutions; with it the answer is the same every time.
    bare
        Drive without any shipment: the easiest way to visit what must be visited.

    Returns
    -------
    list[Route] or None
        Runs that keep the rules as the library knows them; None where it finds none.
    """
    if not problem.vehicles or len(problem.sites) == 1:
        must = any(site.must_visit for site in problem.sites if site.id != problem.hub)
        return None if must else []
    if not bare:
        return _Model(problem).solve(seconds, solutions)
    found = _Model(replace(problem, shipments=())).solve(seconds, solutions)
    return None if found is None else [_emptied(problem, one) for one in found]


def _emptied(problem: Problem, one: Route) -> Route:
    served = {problem.sites[site].id for site in one.sites}
    leave = frozenset(
        number
        for number, shipment in enumerate(problem.shipments)
        if shipment.origin == problem.hub and shipment.destination in served
    )
    return replace(one, load=(frozenset(),) * len(one.sites), leave=leave)


class _Model:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.demand = _demand(problem)
        self.latest = max(van.shift[1] for van in problem.vehicles)
        count, vans = len(problem.sites), len(problem.vehicles)
        self.manager = pywrapcp.RoutingIndexManager(count, vans, problem.hub_index)
        self.routing = pywrapcp.RoutingModel(self.manager)
        self._price_driving()
        self._keep_time()
        self._keep_capacity()
        self._visit()
        self._pair()

    def solve(self, seconds: float | None, solutions: int | None) -> list[Route] | None:
        first = routing_enums_pb2.FirstSolutionStrategy
        # The first two insert by price and may miss that room to and from the hub is shared; the
        # third steps back when that shows, and may then take for ever, hence the limit.
        for strategy in (
            first.PARALLEL_CHEAPEST_INSERTION,
            first.PATH_CHEAPEST_ARC,
            first.FIRST_UNBOUND_MIN_VALUE,
        ):
            search = pywrapcp.DefaultRoutingSearchParameters()
            search.first_solution_strategy = strategy
            if solutions is not None:
                search.solution_limit = solutions
            limit = _LONGEST_SECONDS if seconds is None else seconds
            if seconds is not None:
                guided = routing_enums_pb2.LocalSearchMetaheuristic
                search.local_search_metaheuristic = guided.GUIDED_LOCAL_SEARCH
            search.time_limit.FromMilliseconds(max(1, round(1000 * limit)))
            found = self.routing.SolveWithParameters(search)
            if found is not None:
                return self._read(found)
        return None

    def _read(self, found: Any) -> list[Route]:  # noqa: ANN401 - the engine has no types
        routes = []
        for vehicle in range(len(self.problem.vehicles)):
            sites = []
            index = found.Value(self.routing.NextVar(self.routing.Start(vehicle)))
            while not self.routing.IsEnd(index):
                sites.append(self.manager.IndexToNode(index))
                index = found.Value(self.routing.NextVar(index))
            if sites:
                routes.append(Route(vehicle=vehicle, sites=tuple(sites)))
        return routes

    def _price_driving(self) -> None:
        hub = self.problem.hub_index
        for vehicle, van in enumerate(self.problem.vehicles):
            metre = van.cost_per_km / METRES_PER_KILOMETRE
            table = [
                [
                    _units(metre * metres + (van.cost_per_stop if there != hub else 0.0))
                    for there, metres in enumerate(row)
                ]
                for row in self.problem.travel_metres
            ]
            arc = self.routing.RegisterTransitMatrix(table)
            self.routing.SetArcCostEvaluatorOfVehicle(arc, vehicle)
            self.routing.SetFixedCostOfVehicle(_units(van.fixed_cost), vehicle)

    def _keep_time(self) -> None:
        never = self.latest + 1
        table = [
            [min(never, self.demand.service[here] + seconds) for seconds in row]
            for here, row in enumerate(self.problem.travel_seconds)
        ]
        driving = self.routing.RegisterTransitMatrix(table)
        self.routing.AddDimension(driving, self.latest, self.latest, False, "time")  # noqa: FBT003
        self.time = self.routing.GetDimensionOrDie("time")
        for node, site in enumerate(self.problem.sites):
            if node != self.problem.hub_index and site.window is not None:
                first, last = (min(moment, self.latest) for moment in site.window)
                self.time.CumulVar(self.manager.NodeToIndex(node)).SetRange(first, last)
        for vehicle, van in enumerate(self.problem.vehicles):
            self._keep_shift(vehicle, van)
        self._rest()

    def _keep_shift(self, vehicle: int, van: Vehicle) -> None:
        for index in (self.routing.Start(vehicle), self.routing.End(vehicle)):
            self.time.CumulVar(index).SetRange(*van.shift)
            self.routing.AddVariableMinimizedByFinalizer(self.time.CumulVar(index))
        self.time.SetSpanUpperBoundForVehicle(min(van.max_seconds, self.latest), vehicle)
        second = _units(van.cost_per_hour / SECONDS_PER_HOUR)
        self.time.SetSpanCostCoefficientForVehicle(second, vehicle)

    def _rest(self) -> None:
        rule = self.problem.break_
        if rule is None or not rule.seconds:
            return
        solver = self.routing.solver()
        spent = [0] * self.routing.Size()
        for node, service in enumerate(self.demand.service):
            if node != self.problem.hub_index:
                spent[self.manager.NodeToIndex(node)] = min(service, self.latest)
        for vehicle, van in enumerate(self.problem.vehicles):
            if van.max_seconds <= rule.after_seconds:
                continue
            name = f"break of {vehicle}"
            pause = solver.FixedDurationIntervalVar(*van.shift, rule.seconds, True, name)  # noqa: FBT003
            self.time.SetBreakIntervalsOfVehicle([pause], vehicle, spent)
            self.time.SetBreakDistanceDurationOfVehicle(rule.after_seconds, rule.seconds, vehicle)

    def _keep_capacity(self) -> None:
        total = sum(one.items for one in self.problem.shipments)
        room = [min(van.capacity, total) for van in self.problem.vehicles]
        if min(room) >= total:
            return
        names = {"off": [-n for n in self.demand.off], "on": self.demand.on}
        through = [0] * len(self.problem.sites)
        for origin, destination, items in self.demand.pairs:
            through[origin] += items
            through[destination] -= items
        names["through"] = through
        used = {name: change for name, change in names.items() if any(change)}
        for name, change in used.items():
            vector = self.routing.RegisterUnaryTransitVector(change)
            empty = name != "off"
            self.routing.AddDimensionWithVehicleCapacity(vector, 0, room, empty, name)
        self._share_room(list(used), room)

    def _share_room(self, names: list[str], room: list[int]) -> None:
        """All that is aboard, to and from the hub and from site to site, shares one van."""
        solver = self.routing.solver()
        dimensions = [self.routing.GetDimensionOrDie(name) for name in names]
        ends = [self.routing.End(vehicle) for vehicle in range(len(room))]
        if "off" in names:
            off = self.routing.GetDimensionOrDie("off")
            for end in ends:
                solver.Add(off.CumulVar(end) == 0)
        if len(dimensions) == 1:
            return
        for index in range(self.routing.Size()):
            if self.routing.IsStart(index):
                continue
            aboard = sum(one.CumulVar(index) + one.TransitVar(index) for one in dimensions)
            driven_by = self.routing.VehicleVar(index)
            # Vehicle -1 means that nobody calls: no limit then.
            limit = solver.Element([sum(room), *room], (driven_by + 1).Var())
            solver.Add(aboard <= limit)

    def _visit(self) -> None:
        for node, site in enumerate(self.problem.sites):
            if node == self.problem.hub_index or site.must_visit:
                continue
            index = self.manager.NodeToIndex(node)
            self.routing.AddDisjunction([index], _units(self.demand.staying[node]))

    def _pair(self) -> None:
        solver = self.routing.solver()
        for origin, destination, _ in self.demand.pairs:
            first, then = map(self.manager.NodeToIndex, (origin, destination))
            self.routing.AddPickupAndDelivery(first, then)
            solver.Add(self.routing.VehicleVar(first) == self.routing.VehicleVar(then))
            solver.Add(self.time.CumulVar(first) <= self.time.CumulVar(then))


def _demand(problem: Problem) -> _Demand:
    """
    Reduce the shipments to what the library can see: each site gives and gets.

    Items between two sites are taken to ride by way of the hub, which never needs less room. Those
    that ride direct only become pairs where no other pair shares the sites; the rest of them may
    stay, and are left out.
    """
    count = len(problem.sites)
    off, on, handled, staying = [0] * count, [0] * count, [0] * count, [0.0] * count
    ends = [
        (problem.site_index[s.origin], problem.site_index[s.destination]) for s in problem.shipments
    ]
    loose = zip(ends, problem.shipments, strict=True)
    paired = Counter(
        site
        for pair, one in loose
        if one.direct_only and problem.hub_index not in pair
        for site in pair
    )
    pairs = []
    for (origin, destination), one in zip(ends, problem.shipments, strict=True):
        if origin == problem.hub_index:
            off[destination] += one.items
            staying[destination] += one.cost_if_left
            handled[destination] += one.items
        elif not one.direct_only or destination == problem.hub_index:
            on[origin] += one.items
            rest = 0.0 if destination == problem.hub_index else one.cost_if_at_hub
            staying[origin] += max(0.0, one.cost_if_left - rest)
            handled[origin] += one.items
        elif paired[origin] == paired[destination] == 1:
            pairs.append((origin, destination, one.items))
            staying[origin] += one.cost_if_left
            handled[origin] += one.items
            handled[destination] += one.items
    each = problem.handling_seconds_per_item
    service = [s.stop_seconds + each * n for s, n in zip(problem.sites, handled, strict=True)]
    service[problem.hub_index] = 0
    return _Demand(service=service, off=off, on=on, pairs=pairs, staying=staying)


def _units(sek: float) -> int:
    return min(_DEAREST, round(sek * _SCALE))
