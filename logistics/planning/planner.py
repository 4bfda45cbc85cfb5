"""The one call others use: a day problem in, a checked plan with its certificate out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from logistics.planning.crew import Crew
from logistics.planning.feasibility import impossible
from logistics.planning.incumbent import Incumbent, Progress
from logistics.planning.loading import reloaded
from logistics.planning.pins import Pins, moved_stops, pinned
from logistics.planning.searches import Searches
from logistics.planning.shortfall import LeftOutError

if TYPE_CHECKING:
    from collections.abc import Callable

    from logistics.planning.plan import Plan
    from logistics.planning.problem import Problem

__all__ = ["Progress", "solve"]

_SHARE_OF_CHECKS = 0.1
_MOST_RESERVE_SECONDS = 0.25
_RELOAD_SECONDS = 60.0


def solve(  # noqa: PLR0913 - one keyword a choice
    problem: Problem,
    *,
    seconds: float = 10.0,
    workers: int = 2,
    seed: int = 0,
    iterations: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    start: Plan | None = None,
    pins: Pins | None = None,
    certify: bool = True,
) -> Plan:
    """
    Find the cheapest plan of a day, and prove how good it is.

    Parameters
    ----------
    problem
        The day.
    seconds
        Wall time to spend at most; the search ends earlier where the optimum is proved.
    workers
        Processor cores to use; with 1 the search and the proof take turns.
    seed
        Of the search.
    iterations
        Search so many steps and prove nothing: the plan is the same every time.
    on_progress
        Told of every better plan and bound; may be called from another thread.
    start
        A plan to begin with; one that does not fit this day is passed over.
    pins
        What must stay of an earlier plan. The plan then answers the day that
        :func:`logistics.planning.pins.pinned` makes of the problem.
    certify
        Whether to prove a bound; without, all cores search.

    Returns
    -------
    Plan
        Checked by :mod:`logistics.planning.check`. After Ctrl-C: the best so far.

    Raises
    ------
    InputError
        Pins name what does not exist.
    NoPlanError
        A compulsory site cannot be served, or a pin not kept; which, and why. Where sites find no
        room it is a :class:`logistics.planning.shortfall.LeftOutError`, with a plan of the rest.
    """
    began = time.monotonic()
    pins = pins or Pins()
    day = pinned(problem, pins) if pins else problem
    if alone := impossible(day):
        raise LeftOutError(dict.fromkeys(alone.values()), alone)
    best = Incumbent(day, began, on_progress, _price_of_moves(pins))
    reserve = min(_MOST_RESERVE_SECONDS, seconds * _SHARE_OF_CHECKS)
    search = Searches(
        best=best,
        pins=pins,
        crew=Crew(began + seconds - reserve, lambda: best.closed),
        seed=seed,
        iterations=iterations,
        certify=certify,
        seconds=seconds,
    )
    for plan in (start, pins.reference):
        if plan is not None:
            search.begin_with(plan)
    try:
        search.run(workers)
        if best.routes and not pins and not best.closed:
            # the search leaves behind what it finds first
            left = began + seconds - time.monotonic() if iterations is None else _RELOAD_SECONDS
            best.offer(reloaded(day, best.routes, left), "improve")
    except KeyboardInterrupt:
        if best.plan is None:
            raise
    found = best.certified()
    if found is None:
        raise search.refusal()
    best.report("done")
    return found


def _price_of_moves(pins: Pins) -> Callable[[Plan], float] | None:
    reference, price = pins.reference, pins.cost_per_moved_stop
    if reference is None or not price:
        return None

    def moves(plan: Plan) -> float:
        named = [(run.vehicle, [stop.site for stop in run.stops]) for run in plan.runs]
        return price * moved_stops(reference, named)

    return moves
