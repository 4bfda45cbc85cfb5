"""The one call others use: a day problem in, a checked plan with its certificate out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logistics.errors import LogisticsError, NoPlanError
from logistics.planning.crew import Crew
from logistics.planning.feasibility import impossible_sites, relaxed
from logistics.planning.incumbent import Incumbent, Progress
from logistics.planning.pins import Pins, broken_pins, moved_stops, pinned
from logistics.planning.reshape import reshape
from logistics.planning.routing import route
from logistics.planning.timing import build_plan, route_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from logistics.planning.plan import Plan, Route
    from logistics.planning.problem import Problem

__all__ = ["Progress", "solve"]

_FIRST_SECONDS = 0.5
_REASON_ITERATIONS = 2_000
_PRIZE_SEK = 1e6


def solve(
    problem: Problem,
    *,
    seconds: float = 10.0,
    workers: int = 2,
    seed: int = 0,
    iterations: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    start: Plan | None = None,
    pins: Pins | None = None,
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

    Returns
    -------
    Plan
        Checked by :mod:`logistics.planning.check`. After Ctrl-C: the best so far.

    Raises
    ------
    InputError
        Pins name what does not exist.
    NoPlanError
        A compulsory site cannot be served, or a pin not kept; which, and why.
    """
    began = time.monotonic()
    pins = pins or Pins()
    day = pinned(problem, pins) if pins else problem
    impossible = impossible_sites(day)
    if impossible:
        raise NoPlanError(impossible)
    best = Incumbent(day, began, on_progress, _price_of_moves(pins))
    search = _Search(
        best=best,
        pins=pins,
        crew=Crew(began + seconds, lambda: best.closed),
        seed=seed,
        iterations=iterations,
    )
    for plan in (start, pins.reference):
        if plan is not None:
            search.begin_with(plan)
    try:
        search.run(workers)
    except KeyboardInterrupt:
        if best.plan is None:
            raise
    found = best.certified()
    if found is None:
        raise NoPlanError(search.reasons())
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


@dataclass(slots=True, kw_only=True)
class _Search:
    """One call of solve: who searches, in which order, and what each hands over."""

    best: Incumbent
    pins: Pins
    crew: Crew
    seed: int
    iterations: int | None

    def begin_with(self, plan: Plan) -> None:
        """Keep a plan given from outside if it fits this day and the pins."""
        try:
            routes = [route_of(self.best.problem, run) for run in plan.runs]
            if not broken_pins(self.pins, build_plan(self.best.problem, routes)):
                self.best.offer(routes, "start")
        except (LogisticsError, KeyError):
            return

    def run(self, workers: int) -> None:  # noqa: ARG002
        self._first()
        self._improve()
        self.best.raise_bound(0.0)

    def _first(self) -> None:
        """Take the routing library's plan, unless pins ask for what it does not know."""
        if self.pins or self.iterations is not None:
            return
        limit = min(_FIRST_SECONDS, self.crew.seconds_left / 4)
        for bare in (False, True):
            found = route(self.best.problem, seconds=limit, bare=bare)
            if found is not None and self._offer(found, "routing"):
                return

    def _offer(self, routes: list[Route], phase: str) -> bool:
        """Keep runs of a search that does not know all rules; pass over those that break one."""
        try:
            return self.best.offer(routes, phase)
        except LogisticsError:
            return False

    def _improve(self) -> None:
        reshape(
            self.best.problem,
            pins=self.pins,
            start=self.best.routes,
            seconds=None if self.iterations else self.crew.seconds_left,
            iterations=self.iterations,
            seed=self.seed,
            stop=self.crew.stop,
            on_better=lambda routes: self.best.offer(routes, "improve"),
        )

    def reasons(self) -> list[str]:
        """Say which compulsory sites the best of incomplete plans leaves out."""
        loose = relaxed(self.best.problem, _PRIZE_SEK)
        found = reshape(loose, iterations=_REASON_ITERATIONS, seed=self.seed) or []
        served = {site for one in found for site in one.sites}
        left = [
            site.id
            for place, site in enumerate(self.best.problem.sites)
            if self.best.problem.sites[place].must_visit
            and place not in served
            and place != self.best.problem.hub_index
        ]
        if not left:
            return ["no plan found that keeps every pin; loosen one, or allow more time"]
        together = "each can be served alone, but not together with the others"
        cure = "add a vehicle, a longer shift or run, or wider windows"
        return [f"site {site!r}: must be visited, but {together}; {cure}" for site in left]
