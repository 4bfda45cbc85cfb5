"""The slow reference: every run of every van with every choice of load, and the best set of them.

Where a vehicle makes one run only, each shipment depends on one run: the one that calls at its
origin, or, from the hub, at its destination. So runs can be priced one by one and put together.
Times come from the checker's clock, which shares nothing with the planner's.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, combinations, pairwise, permutations
from typing import TYPE_CHECKING

from logistics.planning.check_times import Moments, least
from logistics.planning.plan import Route
from tests.uncounted import uncounted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logistics.planning.problem import Problem, Shipment


@dataclass(frozen=True)
class Best:
    cost: float
    routes: tuple[Route, ...]


@uncounted()
def optimum(problem: Problem) -> Best | None:
    """The cheapest plan, or None where a compulsory site cannot be served."""
    others = [site for site in range(len(problem.sites)) if site != problem.hub_index]
    nothing = Best(sum(one.cost_if_left for one in problem.shipments), ())
    done: dict[frozenset[int], Best] = {frozenset(): nothing}
    for vehicle in range(len(problem.vehicles)):
        runs = best_runs(problem, vehicle, others)
        grown = dict(done)
        for served, plan in done.items():
            for more, run in runs.items():
                if served & more:
                    continue
                cost = plan.cost + run.cost
                if served | more not in grown or cost < grown[served | more].cost - 1e-9:
                    grown[served | more] = Best(cost, (*plan.routes, *run.routes))
        done = grown
    must = {site for site in others if problem.sites[site].must_visit}
    allowed = [plan for served, plan in done.items() if must <= served]
    return min(allowed, key=lambda plan: plan.cost, default=None)


@uncounted()
def best_runs(problem: Problem, vehicle: int, sites: list[int]) -> dict[frozenset[int], Best]:
    """For each set of sites the cheapest run; its cost counts what it saves in waiting."""
    best: dict[frozenset[int], Best] = {}
    if problem.vehicles[vehicle].max_runs < 1:
        return best
    subsets = chain.from_iterable(combinations(sites, n) for n in range(1, len(sites) + 1))
    for subset in subsets:
        found = [run for order in permutations(subset) for run in runs_by(problem, vehicle, order)]
        if found:
            best[frozenset(subset)] = min(found, key=lambda run: run.cost)
    return best


def runs_by(problem: Problem, vehicle: int, order: tuple[int, ...]) -> Iterator[Best]:
    """The run with every choice of load that keeps the rules; costs count what is saved too."""
    van = problem.vehicles[vehicle]
    way = [problem.hub_index, *order, problem.hub_index]
    metres = sum(problem.travel_metres[a][b] for a, b in pairwise(way))
    drive = van.fixed_cost + van.cost_per_stop * len(order) + van.cost_per_km * metres / 1000
    times: dict[tuple[int, ...], int | None] = {}
    for taken in choices(problem, order):
        handled, fits = handled_items(problem, vehicle, order, taken)
        if not fits:
            continue
        if handled not in times:
            found = least_paid(problem, vehicle, order, handled)
            times[handled] = None if found is None else found[0]
        paid = times[handled]
        if paid is None:
            continue
        saved = sum(saved_by(problem, order, one) for one in taken)
        cost = drive + van.cost_per_hour * paid / 3600 - saved
        yield Best(cost, (route_with(problem, vehicle, order, taken),))


def _touched(problem: Problem, order: tuple[int, ...]) -> list[int]:
    names = [problem.sites[site].id for site in order]
    touched = []
    for number, one in enumerate(problem.shipments):
        if one.origin == problem.hub:
            if one.destination in names:
                touched.append(number)
        elif one.origin in names and (not one.direct_only or _rides(problem, order, one)):
            touched.append(number)
    return touched


def choices(problem: Problem, order: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Every set of shipments that a run could take."""
    touched = _touched(problem, order)
    for n in range(len(touched) + 1):
        yield from combinations(touched, n)


def _rides(problem: Problem, order: tuple[int, ...], one: Shipment) -> bool:
    names = [problem.sites[site].id for site in order]
    if problem.hub in (one.origin, one.destination):
        return True
    return one.destination in names and names.index(one.destination) > names.index(one.origin)


def saved_by(problem: Problem, order: tuple[int, ...], number: int) -> float:
    """SEK of waiting that a run saves by taking a shipment."""
    one = problem.shipments[number]
    return one.cost_if_left - (0.0 if _rides(problem, order, one) else one.cost_if_at_hub)


def handled_items(
    problem: Problem,
    vehicle: int,
    order: tuple[int, ...],
    taken: tuple[int, ...],
    carried: tuple[int, ...] = (),
) -> tuple[tuple[int, ...], bool]:
    """Items put off and taken at each stop, and whether the capacity is kept."""
    chosen = [problem.shipments[number] for number in taken]
    others = [problem.shipments[number] for number in carried]
    capacity = problem.vehicles[vehicle].capacity
    aboard = sum(one.items for one in chosen if one.origin == problem.hub)
    aboard += sum(one.items for one in others)
    fits = aboard <= capacity
    handled = []
    for site in order:
        name = problem.sites[site].id
        off = sum(
            one.items for one in chosen if one.destination == name and _rides(problem, order, one)
        )
        off += sum(one.items for one in others if one.destination == name)
        on = sum(one.items for one in chosen if one.origin == name)
        aboard += on - off
        fits = fits and aboard <= capacity
        handled.append(on + off)
    return tuple(handled), fits


def least_paid(
    problem: Problem,
    vehicle: int,
    order: tuple[int, ...],
    handled: tuple[int, ...],
    earliest: int = 0,
) -> tuple[int, int, bool] | None:
    """Paid seconds, start, and whether a break is due, by the checker's clock."""
    van, rule = problem.vehicles[vehicle], problem.break_
    way = [problem.hub_index, *order, problem.hub_index]
    each = problem.handling_seconds_per_item
    return least(
        Moments(
            travel=tuple(problem.travel_seconds[a][b] for a, b in pairwise(way)),
            service=tuple(
                problem.sites[site].stop_seconds + each * items
                for site, items in zip(order, handled, strict=True)
            ),
            windows=tuple(problem.sites[site].window for site in order),
            earliest=max(earliest, van.shift[0]),
            latest=van.shift[1],
            max_seconds=van.max_seconds,
            after_seconds=2**60 if rule is None else rule.after_seconds,
            pause=0 if rule is None else rule.seconds,
        )
    )


def route_with(
    problem: Problem, vehicle: int, order: tuple[int, ...], taken: tuple[int, ...]
) -> Route:
    """The run with what it takes spelled out."""
    names = [problem.sites[site].id for site in order]
    chosen = frozenset(taken)
    shipments = list(enumerate(problem.shipments))
    hub = {
        number
        for number, one in shipments
        if one.origin == problem.hub and one.destination in names
    }
    load = tuple(
        frozenset(number for number, one in shipments if one.origin == name and number in chosen)
        for name in names
    )
    return Route(vehicle=vehicle, sites=order, load=load, leave=frozenset(hub - chosen))
