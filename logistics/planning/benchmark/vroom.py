"""VROOM on the same days (bench group only)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from logistics.errors import UnavailableError
from logistics.planning.benchmark.calls import LATE, UNITS, Calls, calls_of, unit_costs
from logistics.planning.plan import Route
from logistics.units import SECONDS_PER_HOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.planning.problem import Problem

_DEEPEST = 5
_STOPS = {"job", "pickup", "delivery"}


def vroom_routes(problem: Problem, *, seconds: float, seed: int, workers: int) -> list[Route]:
    """
    Let VROOM plan a day, at its deepest exploration.

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
        VROOM is not installed, or leaves somebody out.
    """
    del seed
    try:
        import vroom  # noqa: PLC0415 - of the bench group only
    except ImportError as error:
        raise UnavailableError("VROOM is not installed; run make bench once") from error
    given = vroom.Input()
    _tables(given, problem)
    _vehicles(given, vroom, problem)
    _ask(given, vroom, problem, calls_of(problem))
    limit = timedelta(seconds=seconds)
    found = given.solve(exploration_level=_DEEPEST, nb_threads=workers, timeout=limit)
    if found.unassigned:
        raise UnavailableError(f"VROOM leaves {len(found.unassigned)} calls out")
    return [
        Route(
            vehicle=run["vehicle"],
            sites=tuple(step["location_index"] for step in run["steps"] if step["type"] in _STOPS),
        )
        for run in found.to_dict()["routes"]
    ]


def _tables(given: Any, problem: Problem) -> None:  # noqa: ANN401 - a foreign model
    second = UNITS * problem.vehicles[0].cost_per_hour / SECONDS_PER_HOUR
    seconds = np.array(problem.travel_seconds, dtype=np.int64)
    costs = np.array(unit_costs(problem), dtype=np.int64) + np.rint(second * seconds)
    for name, table in (("durations", seconds), ("costs", costs)):
        small = np.minimum(table, LATE).astype(np.uint32)
        getattr(given, f"set_{name}_matrix")(profile="car", matrix_input=small)


def _vehicles(given: Any, vroom: Any, problem: Problem) -> None:  # noqa: ANN401
    for number, van in enumerate(problem.vehicles):
        given.add_vehicle(
            vroom.Vehicle(
                number,
                start=problem.hub_index,
                end=problem.hub_index,
                capacity=[min(van.capacity, LATE)],
                time_window=vroom.TimeWindow(van.shift[0], min(van.shift[1], LATE)),
                costs=vroom.VehicleCosts(fixed=round(UNITS * van.fixed_cost)),
                max_travel_time=min(van.max_seconds, LATE),
            )
        )


def _ask(given: Any, vroom: Any, problem: Problem, calls: Calls) -> None:  # noqa: ANN401
    def spans(site: int) -> Sequence[Any]:
        window = problem.sites[site].window
        return [] if window is None else [vroom.TimeWindow(window[0], min(window[1], LATE))]

    def about(site: int) -> dict[str, Any]:
        service, windows = calls.service[site], spans(site)
        return {"location": site, "default_service": service, "time_windows": windows}

    for site in calls.alone:
        both = {"delivery": calls.delivery[site], "pickup": calls.pickup[site]}
        amounts = {name: vroom.Amount([items]) for name, items in both.items()}
        given.add_job(vroom.Job(site, **about(site), **amounts))
    for number, (origin, destination, items) in enumerate(calls.pairs):
        steps = [vroom.ShipmentStep(number, **about(site)) for site in (origin, destination)]
        given.add_shipment(*steps, amount=vroom.Amount([items]))
