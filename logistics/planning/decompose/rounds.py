"""Plan parts of a large day in turn, several at once, until time is up.

A part is taken up as it is and given back only if it costs less, so the plan of the whole never
becomes dearer (Taillard and Voss 2002, "POPMUSIC - partial optimization metaheuristic under special
intensification conditions"). Which parts, and how long each is searched, `neighbourhoods` says.
"""

from __future__ import annotations

import itertools
import math
import threading
import time
from typing import TYPE_CHECKING

from logistics.planning.decompose.neighbourhoods import Neighbourhoods
from logistics.planning.decompose.part import Whole
from logistics.planning.improve import Search
from logistics.planning.improve.layout import BEST, MAY_LEAVE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logistics.planning.decompose.neighbourhoods import Task
    from logistics.planning.plan import Route
    from logistics.planning.problem import Problem

MIDDLING, LARGE = 50, 250
"""Sites from which parts in turn better the plan of one search, and from which they do without it:
measured, see docs/heuristic.md."""
_WHOLE_SHARE = 1 / 3
_FEW_PAIRS = 0.1
_NOT_DEAR = 50.0
_WORTH_SEK = 1e-6
_LOOK_SECONDS = 0.01
_LEAVING_STEPS = 10
_FIRST_SHARE = 0.5


def in_parts(problem: Problem) -> bool:
    """
    Tell whether a day is better planned in parts than at once.

    Parameters
    ----------
    problem
        The day.

    Returns
    -------
    bool
        True for large days, and for middling ones with optional sites, unless vehicles run twice,
        much must ride direct, or fewer vehicles come first: those need a view of the whole.
    """
    compulsory = _all_compulsory(problem)
    least = LARGE if compulsory else MIDDLING
    if len(problem.sites) < max(least, 2) or not problem.vehicles:
        return False
    if any(van.max_runs > 1 for van in problem.vehicles):
        return False
    pairs = sum(one.direct_only for one in problem.shipments)
    if pairs > _FEW_PAIRS * len(problem.sites):
        return False
    return not (compulsory and _vehicles_first(problem))


def _all_compulsory(problem: Problem) -> bool:
    return all(site.must_visit for site in problem.sites if site.id != problem.hub)


def _vehicles_first(problem: Problem) -> bool:
    """Tell whether the dearest vehicle costs more than driving to the farthest site many times."""
    far = max(problem.travel_metres[problem.hub_index]) / 1000
    long = max(problem.travel_seconds[problem.hub_index]) / 3600
    return any(
        van.fixed_cost > _NOT_DEAR * (van.cost_per_km * far + van.cost_per_hour * long)
        for van in problem.vehicles
    )


class Rounds:
    """
    A plan of a large day that is made better part by part.

    Parameters
    ----------
    problem
        The day; no vehicle makes more than one run.
    seed
        Of the random numbers; one worker and a number of steps always make the same plan.
    """

    def __init__(self, problem: Problem, seed: int = 0) -> None:
        self.whole = Whole(problem)
        self._lock = threading.Lock()
        self._routes: dict[int, Route] = {}
        self._run_of: dict[int, int] = {}
        self._seeds = itertools.count(seed)
        self._head: tuple[float, list[Route]] = (math.inf, [])
        self._hoods = Neighbourhoods(self.whole, self._routes, self._run_of, seed)

    @property
    def routes(self) -> list[Route]:
        """The plan as it stands, in the order of the vehicles."""
        with self._lock:
            return [self._routes[van] for van in sorted(self._routes)]

    @property
    def missing(self) -> list[int]:
        """Compulsory sites without a call."""
        with self._lock:
            return self._hoods.missing()

    def begin_with(self, routes: Sequence[Route]) -> None:
        """
        Take up a plan instead of planning region by region first.

        Parameters
        ----------
        routes
            At most one a vehicle.
        """
        with self._lock:
            self._replace(tuple(self._routes), routes)
            self._hoods.skip_regions()

    def work(
        self,
        stop: Callable[[], bool],
        on_better: Callable[[list[Route]], object] | None = None,
        steps: int | None = None,
        seconds: float = 0.0,
    ) -> None:
        """
        Plan one part after the other; several threads may work at once.

        Days that are not large are first planned whole for a third of the time or the steps.

        Parameters
        ----------
        stop
            Asked often; True ends the work as soon as every region has been planned.
        on_better
            Called with each better plan of the whole that misses no compulsory site.
        steps
            Steps to make at most, though every region gets one.
        seconds
            Where there are no steps to count: until `stop` may end it, as far as is known.
        """
        left = math.inf if steps is None else float(steps)
        if len(self.whole.sites) < LARGE and not self._routes:
            left -= self._plan_whole(stop, on_better, steps, seconds)
        most = _FIRST_SHARE * left / len(self.whole.sites)
        while self._hoods.regions_left or not (stop() or left <= 0):
            with self._lock:
                task = self._hoods.take(most)
            made = int(min(task.steps, max(left, 1)))
            left -= made
            if not task.sites:
                time.sleep(_LOOK_SECONDS)
            better = False
            try:
                better = self._plan(task, made, stop)
            finally:
                with self._lock:
                    self._hoods.give_back(task)
            if better and on_better is not None and not self.missing:
                on_better(self.routes)

    def _plan_whole(
        self,
        stop: Callable[[], bool],
        on_better: Callable[[list[Route]], object] | None,
        steps: int | None,
        seconds: float,
    ) -> int:
        """Begin with the best plan that searches of the whole day, side by side, have found."""
        search = Search(self.whole.problem, next(self._seeds))

        def tell(routes: list[Route]) -> None:
            self._head = min(self._head, (search.cost, routes), key=lambda one: one[0])
            if on_better is not None:
                on_better(routes)

        some = None if steps is None else int(_WHOLE_SHARE * steps)
        share = _WHOLE_SHARE * seconds if steps is None else None
        search.run(iterations=some, seconds=share, stop=stop, on_better=tell)
        with self._lock:
            if not self._routes and (found := self._head[1] or search.best_routes()):
                self._replace((), found)
                self._hoods.skip_regions()
        return some or 0

    def _plan(self, task: Task, steps: int, stop: Callable[[], bool]) -> bool:
        """Search for better runs of a part; tell whether there were any."""
        now = [self._routes[van] for van in task.vans if van in self._routes]
        part = self.whole.part(task.sites, task.vans)
        search = Search(part.problem, task.seed)
        search.inject(part.inward(now))
        before = float(search.state.sum[BEST]) if now else math.inf
        if task.fewer:
            part = self.whole.part(task.sites, [van for van in task.vans if van not in task.fewer])
        if task.fewer or task.anew:
            search = Search(part.problem, task.seed)
        if task.fewer and not task.anew:
            search.inject(part.inward(one for one in now if one.vehicle in part.vans))
        self._search(search, task, steps, stop)
        if not search.state.sum[BEST] < before - _WORTH_SEK:
            return False
        found = part.outward(search.best_routes())
        with self._lock:
            self._replace(task.vans, found)
        return True

    def _search(self, search: Search, task: Task, steps: int, stop: Callable[[], bool]) -> None:
        """Search mostly without judging what to leave behind, which takes most of the time."""
        may_leave = search.data.rule[MAY_LEAVE]
        search.data.rule[MAY_LEAVE] = may_leave and task.leaving
        steps = max(1, steps // _LEAVING_STEPS) if may_leave and task.leaving else steps
        search.run(iterations=steps, stop=stop)
        if search.missing and may_leave and not task.leaving:
            search.data.rule[MAY_LEAVE] = may_leave
            search.run(iterations=max(1, steps // _LEAVING_STEPS), stop=stop)

    def _replace(self, vans: Sequence[int], routes: Sequence[Route]) -> None:
        for van in vans:
            for site in self._routes.pop(van).sites if van in self._routes else ():
                del self._run_of[site]
        for route in routes:
            self._routes[route.vehicle] = route
            self._run_of.update(dict.fromkeys(route.sites, route.vehicle))
