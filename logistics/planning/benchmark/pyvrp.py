"""PyVRP on the same days (bench group only)."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any

from logistics.errors import UnavailableError
from logistics.planning.benchmark.calls import UNITS, Calls, calls_of, longest_run, unit_costs
from logistics.planning.plan import Route
from logistics.units import SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.planning.problem import Problem

_EVER = 2**62
_NO_PLAN = float("inf")


def pyvrp_routes(problem: Problem, *, seconds: float, seed: int, workers: int) -> list[Route]:
    """
    Let PyVRP plan a day; what waiting an optional visit saves is its prize.

    Parameters
    ----------
    problem
        The day; its vehicles must be alike.
    seconds
        Wall time.
    seed
        Of its search.
    workers
        Searches side by side, each from a seed of its own, as it has one thread.

    Returns
    -------
    list[Route]
        Runs of the search that it thinks best.

    Raises
    ------
    UnavailableError
        PyVRP is not installed, or finds no plan.
    """
    if workers < 2:  # noqa: PLR2004 - nothing to share
        cost, routes = _searched(problem, seconds, seed)
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            asked = [pool.submit(_searched, problem, seconds, seed + n) for n in range(workers)]
            cost, routes = min((one.result() for one in asked), key=lambda one: one[0])
    if not cost < _NO_PLAN:
        raise UnavailableError("PyVRP found no feasible plan")
    return routes


def _searched(problem: Problem, seconds: float, seed: int) -> tuple[float, list[Route]]:
    """Search once; tell what the plan costs in PyVRP's own eyes."""
    try:
        from pyvrp.stop import MaxRuntime  # noqa: PLC0415 - of the bench group only
    except ImportError as error:
        raise UnavailableError("PyVRP is not installed; run make bench once") from error
    calls = calls_of(problem)
    model = _model(problem, calls)
    result = model.solve(MaxRuntime(seconds), seed=seed, display=False, collect_stats=False)
    if not result.is_feasible():
        return _NO_PLAN, []
    return result.cost(), _read(result.best.routes(), calls)


def _model(problem: Problem, calls: Calls) -> Any:  # noqa: ANN401 - a foreign model
    import pyvrp  # noqa: PLC0415

    model, van = pyvrp.Model(), problem.vehicles[0]
    places = [model.add_location(0, 0, name=site.id) for site in problem.sites]
    depot = model.add_depot(places[problem.hub_index])
    model.add_vehicle_type(
        num_available=len(problem.vehicles),
        capacity=van.capacity,
        start_depot=depot,
        end_depot=depot,
        fixed_cost=round(UNITS * van.fixed_cost),
        tw_early=van.shift[0],
        tw_late=van.shift[1],
        shift_duration=longest_run(problem),
        unit_duration_cost=round(UNITS * van.cost_per_hour / SECONDS_PER_HOUR),
    )
    costs = unit_costs(problem)
    for a, here in enumerate(places):
        for b, there in enumerate(places):
            if a != b:
                model.add_edge(here, there, costs[a][b], problem.travel_seconds[a][b])
    _ask(model, places, problem, calls)
    return model


def _ask(model: Any, places: Sequence[Any], problem: Problem, calls: Calls) -> None:  # noqa: ANN401
    windows = [site.window or (0, _EVER) for site in problem.sites]
    for site in calls.alone:
        model.add_client(
            places[site],
            delivery=calls.delivery[site],
            pickup=calls.pickup[site],
            service_duration=calls.service[site],
            tw_early=windows[site][0],
            tw_late=windows[site][1],
            required=calls.must[site],
            prize=0 if calls.must[site] else round(UNITS * calls.prize[site]),
        )
    for (origin, destination, items), prize in zip(calls.pairs, calls.pair_prize, strict=True):
        must = calls.must[origin] or calls.must[destination]
        model.add_shipment(
            places[origin],
            places[destination],
            *(*windows[origin], calls.service[origin]),
            *(*windows[destination], calls.service[destination]),
            amount=items,
            required=must,
            prize=0 if must else round(UNITS * prize),
        )


def _read(found: Sequence[Any], calls: Calls) -> list[Route]:
    routes = []
    for vehicle, run in enumerate(found):
        sites = []
        for activity in run.schedule():
            if activity.is_client():
                sites.append(calls.alone[activity.idx])
            elif activity.is_pickup():
                sites.append(calls.pairs[activity.idx][0])
            elif activity.is_delivery():
                sites.append(calls.pairs[activity.idx][1])
        routes.append(Route(vehicle=vehicle, sites=tuple(sites)))
    return routes
