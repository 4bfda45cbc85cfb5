"""The one call others use: a day problem in, a checked plan with its certificate out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from logistics.errors import LogisticsError, NoPlanError
from logistics.planning.feasibility import impossible_sites
from logistics.planning.incumbent import Incumbent, Progress
from logistics.planning.routing import route
from logistics.planning.timing import route_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from logistics.planning.plan import Plan
    from logistics.planning.problem import Problem

__all__ = ["Progress", "solve"]


def solve(
    problem: Problem,
    *,
    seconds: float = 10.0,
    workers: int = 2,
    seed: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
    start: Plan | None = None,
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
        Processor cores to use.
    seed
        Of the search.
    on_progress
        Told of every better plan and bound; may be called from another thread.
    start
        A plan to begin with; one that does not fit this day is passed over.

    Returns
    -------
    Plan
        Checked by :mod:`logistics.planning.check`.

    Raises
    ------
    NoPlanError
        A compulsory site cannot be served; which, and why.
    """
    best = Incumbent(problem, time.monotonic(), on_progress)
    impossible = impossible_sites(problem)
    if impossible:
        raise NoPlanError(impossible)
    if start is not None:
        _begin_with(best, start)
    for bare in (False, True):
        found = route(problem, seconds=seconds, bare=bare)
        if found is not None:
            best.offer(found, "routing")
            break
    best.raise_bound(0.0, "start")
    plan = best.certified()
    if plan is None:
        raise NoPlanError("no plan found")
    best.report("done")
    return plan


def _begin_with(best: Incumbent, start: Plan) -> None:
    try:
        best.offer([route_of(best.problem, run) for run in start.runs], "start")
    except (LogisticsError, KeyError):
        return
