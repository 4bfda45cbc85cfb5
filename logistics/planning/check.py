"""Judge a plan against its day: every rule and every cost recomputed from scratch.

Nothing here is shared with what makes plans: the checker is the second opinion.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from logistics.planning.check_freight import Account, account
from logistics.planning.check_runs import run_violations
from logistics.planning.plan import OPTIMAL_GAP, Cost
from logistics.planning.violations import Kind, Violation
from logistics.units import METRES_PER_KILOMETRE, SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logistics.planning.plan import Plan
    from logistics.planning.problem import Problem

__all__ = ["Kind", "Violation", "check", "recompute_cost"]

TOLERANCE_SEK = 0.01
"""Costs that differ by less are the same: answers are rounded."""


def check(problem: Problem, plan: Plan) -> list[Violation]:
    """
    Find every rule that a plan breaks.

    Parameters
    ----------
    problem
        The day.
    plan
        Its plan.

    Returns
    -------
    list[Violation]
        Empty for a plan that may be driven and costs what it says.
    """
    unknown = list(_unknown(problem, plan))
    if unknown:
        return unknown
    broken = list(_visits(problem, plan))
    book = account(problem, plan)
    broken += book.broken
    if not any(one.kind in {Kind.NO_STOPS, Kind.STOP_AT_HUB} for one in broken):
        broken += run_violations(problem, plan)
    return [*broken, *_certificate(plan, _cost(problem, plan, book))]


def recompute_cost(problem: Problem, plan: Plan) -> Cost:
    """
    Work out what a plan costs, whatever it says itself.

    Parameters
    ----------
    problem
        The day.
    plan
        Its plan; every id in it is known.

    Returns
    -------
    Cost
        By its parts, SEK.
    """
    return _cost(problem, plan, account(problem, plan))


def _cost(problem: Problem, plan: Plan, book: Account) -> Cost:
    vans = {van.id: van for van in problem.vehicles}
    place = {site.id: position for position, site in enumerate(problem.sites)}
    stops = distance = time = 0.0
    for run in plan.runs:
        van = vans[run.vehicle]
        way = [place[problem.hub], *(place[stop.site] for stop in run.stops), place[problem.hub]]
        metres = sum(problem.travel_metres[a][b] for a, b in pairwise(way))
        pause = 0
        if run.break_after is not None and problem.break_ is not None:
            pause = problem.break_.seconds
        stops += van.cost_per_stop * len(run.stops)
        distance += van.cost_per_km * metres / METRES_PER_KILOMETRE
        time += van.cost_per_hour * (run.end - run.start - pause) / SECONDS_PER_HOUR
    delay = 0.0
    for shipment in problem.shipments:
        if shipment.id in book.at_hub:
            delay += shipment.cost_if_at_hub
        elif shipment.id not in book.delivered:
            delay += shipment.cost_if_left
    fixed = sum(vans[name].fixed_cost for name in {run.vehicle for run in plan.runs})
    return Cost(fixed=fixed, stops=stops, distance=distance, time=time, delay=delay)


def _unknown(problem: Problem, plan: Plan) -> Iterator[Violation]:
    if plan.problem != problem.name:
        told = f"plan: answers {plan.problem!r}, expected {problem.name!r}"
        yield Violation(kind=Kind.OTHER_PROBLEM, run=None, subject=plan.problem, message=told)
    known = {
        Kind.UNKNOWN_VEHICLE: {van.id for van in problem.vehicles},
        Kind.UNKNOWN_SITE: {site.id for site in problem.sites},
        Kind.UNKNOWN_SHIPMENT: {shipment.id for shipment in problem.shipments},
    }
    for number, run in enumerate(plan.runs):
        named = {
            Kind.UNKNOWN_VEHICLE: [run.vehicle],
            Kind.UNKNOWN_SITE: [stop.site for stop in run.stops],
            Kind.UNKNOWN_SHIPMENT: [
                *run.leave,
                *run.carried,
                *(name for stop in run.stops for name in (*stop.load, *stop.unload)),
            ],
        }
        for kind, names in named.items():
            for name in sorted({*names} - known[kind]):
                thing = kind.removeprefix("unknown-")
                told = f"{thing} {name!r}: is not in problem {problem.name!r}"
                yield Violation(kind=kind, run=number, subject=name, message=told)


def _visits(problem: Problem, plan: Plan) -> Iterator[Violation]:
    for number, run in enumerate(plan.runs):
        if not run.stops:
            told = f"run of {run.vehicle!r}: has no stops, expected one or more"
            yield Violation(kind=Kind.NO_STOPS, run=number, subject=run.vehicle, message=told)
        if any(stop.site == problem.hub for stop in run.stops):
            told = f"run of {run.vehicle!r}: stops at the hub, expected other sites only"
            yield Violation(kind=Kind.STOP_AT_HUB, run=number, subject=problem.hub, message=told)
    visits = Counter(stop.site for run in plan.runs for stop in run.stops)
    for site, count in visits.items():
        if count > 1 and site != problem.hub:
            told = f"site {site!r}: visited {count} times, expected at most once"
            yield Violation(
                kind=Kind.VISITED_TWICE, run=None, subject=site, message=told, excess=count - 1
            )
    for place in problem.sites:
        if place.must_visit and place.id != problem.hub and not visits[place.id]:
            told = f"site {place.id!r}: is not visited, but must be"
            yield Violation(kind=Kind.NOT_VISITED, run=None, subject=place.id, message=told)
    runs = Counter(run.vehicle for run in plan.runs)
    for van in problem.vehicles:
        if runs[van.id] > van.max_runs:
            told = f"vehicle {van.id!r}: makes {runs[van.id]} runs, expected {van.max_runs} at most"
            excess = runs[van.id] - van.max_runs
            yield Violation(
                kind=Kind.TOO_MANY_RUNS, run=None, subject=van.id, message=told, excess=excess
            )


def _certificate(plan: Plan, cost: Cost) -> Iterator[Violation]:
    for part in ("fixed", "stops", "distance", "time", "delay", "total"):
        stated, found = getattr(plan.cost, part), getattr(cost, part)
        if not abs(stated - found) <= TOLERANCE_SEK:
            told = f"plan: cost {part} is {stated:.2f} SEK, recomputed {found:.2f}"
            excess = abs(stated - found)
            yield Violation(
                kind=Kind.WRONG_COST, run=None, subject=part, message=told, excess=excess
            )
    if plan.bound is not None and plan.bound > cost.total + TOLERANCE_SEK:
        told = f"plan: bound {plan.bound:.2f} SEK is above the cost {cost.total:.2f}"
        excess = plan.bound - cost.total
        yield Violation(
            kind=Kind.BOUND_ABOVE_COST, run=None, subject="bound", message=told, excess=excess
        )
    if plan.status == "optimal" and (plan.gap is None or plan.gap > OPTIMAL_GAP):
        told = f"plan: status is optimal, but the proved gap is {plan.gap}"
        yield Violation(kind=Kind.WRONG_STATUS, run=None, subject="status", message=told)
