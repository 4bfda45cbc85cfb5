"""VROOM on the same days (bench group only)."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from logistics.errors import UnavailableError
from logistics.planning.benchmark.calls import LATE, UNITS, Calls, calls_of, longest_run, unit_costs
from logistics.planning.plan import Route
from logistics.units import SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.planning.problem import Problem

_DEEPEST = 5
_FIRST = 100
_STOPS = {"job", "pickup", "delivery"}


def vroom_routes(problem: Problem, *, seconds: float, seed: int, workers: int) -> list[Route]:
    """
    Let VROOM plan a day, at its deepest exploration.

    It calls at as many sites as it can, whatever that costs; where it cannot reach all, what
    waiting a visit saves says which come first.

    Parameters
    ----------
    problem
        The day; its vehicles must be alike.
    seconds
        Wall time at most; it ends by itself, usually sooner.
    seed
        Not used: there is no chance in it.
    workers
        Threads.

    Returns
    -------
    list[Route]
        Its runs.

    Raises
    ------
    UnavailableError
        VROOM is not installed, or leaves a compulsory site out.
    """
    del seed
    try:
        import vroom  # noqa: PLC0415 - of the bench group only
    except ImportError as error:
        raise UnavailableError("VROOM is not installed; run make bench once") from error
    given = vroom.Input()
    coarse = _tables(given, problem)
    _vehicles(given, vroom, problem, coarse)
    calls = calls_of(problem)
    _ask(given, vroom, problem, calls)
    limit = timedelta(seconds=seconds)
    found = given.solve(exploration_level=_DEEPEST, nb_threads=workers, timeout=limit)
    answer = found.to_dict()
    left = sum(calls.must[one["location_index"]] for one in answer["unassigned"])
    if left:
        raise UnavailableError(f"VROOM leaves {left} compulsory calls out")
    return [
        Route(
            vehicle=run["vehicle"],
            sites=tuple(step["location_index"] for step in run["steps"] if step["type"] in _STOPS),
        )
        for run in answer["routes"]
    ]


def _tables(given: Any, problem: Problem) -> int:  # noqa: ANN401 - a foreign model
    """Give times and costs; tell how many of our units make one that its sums have room for."""
    second = UNITS * problem.vehicles[0].cost_per_hour / SECONDS_PER_HOUR
    seconds = np.array(problem.travel_seconds, dtype=np.int64)
    costs = np.array(unit_costs(problem), dtype=np.int64) + np.rint(second * seconds)
    longest = float(costs.max(axis=0).sum() + costs.max(axis=1).sum())
    coarse = max(1, math.ceil(longest / LATE))
    for name, table in (("durations", seconds), ("costs", np.rint(costs / coarse))):
        small = np.minimum(table, LATE).astype(np.uint32)
        getattr(given, f"set_{name}_matrix")(profile="car", matrix_input=small)
    return coarse


def _vehicles(given: Any, vroom: Any, problem: Problem, coarse: int) -> None:  # noqa: ANN401
    longest = longest_run(problem)
    for number, van in enumerate(problem.vehicles):
        given.add_vehicle(
            vroom.Vehicle(
                number,
                start=problem.hub_index,
                end=problem.hub_index,
                capacity=[min(van.capacity, LATE)],
                time_window=vroom.TimeWindow(van.shift[0], _last(problem, longest)),
                costs=vroom.VehicleCosts(fixed=round(UNITS * van.fixed_cost / coarse)),
                max_travel_time=min(longest, LATE),
            )
        )


def _last(problem: Problem, longest: int) -> int:
    """End the shift where the longest run ends: its own limit counts driving alone."""
    first, last = problem.vehicles[0].shift
    if all(site.window is None for site in problem.sites):
        last = min(last, first + longest)
    return min(last, LATE)


def _priorities(prizes: Sequence[float], musts: Sequence[bool]) -> list[int]:
    """Rank calls from 1 to 100, the compulsory first."""
    most = max(prizes, default=0.0) or 1.0
    return [
        _FIRST if must else 1 + int((_FIRST - 2) * prize / most)
        for prize, must in zip(prizes, musts, strict=True)
    ]


def _ask(given: Any, vroom: Any, problem: Problem, calls: Calls) -> None:  # noqa: ANN401
    def spans(site: int) -> Sequence[Any]:
        window = problem.sites[site].window
        return [] if window is None else [vroom.TimeWindow(window[0], min(window[1], LATE))]

    def about(site: int) -> dict[str, Any]:
        service, windows = calls.service[site], spans(site)
        return {"location": site, "default_service": service, "time_windows": windows}

    ranks = _priorities(calls.prize, calls.must)
    for site in calls.alone:
        both = {"delivery": calls.delivery[site], "pickup": calls.pickup[site]}
        amounts = {name: vroom.Amount([items]) for name, items in both.items()}
        given.add_job(vroom.Job(site, **about(site), **amounts, priority=ranks[site]))
    musts = [calls.must[origin] or calls.must[end] for origin, end, _ in calls.pairs]
    ranks = _priorities(calls.pair_prize, musts)
    for number, (origin, destination, items) in enumerate(calls.pairs):
        steps = [vroom.ShipmentStep(number, **about(site)) for site in (origin, destination)]
        given.add_shipment(*steps, amount=vroom.Amount([items]), priority=ranks[number])
