"""Who searches for a plan, in which order, and what each hands to the others."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from logistics.errors import LogisticsError, NoPlanError
from logistics.planning.crew import Crew
from logistics.planning.decompose import Rounds, in_parts
from logistics.planning.exact.prove import prove
from logistics.planning.feasibility import relaxed
from logistics.planning.improve import Search
from logistics.planning.incumbent import Incumbent, Seldom
from logistics.planning.pins import Pins, broken_pins
from logistics.planning.plan import Route
from logistics.planning.reshape import reshape
from logistics.planning.routing import route
from logistics.planning.shortfall import refusal
from logistics.planning.timing import build_plan, outline_of, route_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from logistics.planning.plan import Plan

_ROUTING_SECONDS = 1.0
_WAYS_TO_BEGIN = 3
_FEW_STEPS = 3_000
_REASON_STEPS = 20_000
_PRIZE_SEK = 1e6
_AFTER_SHARE, _LEAST_AFTER_SECONDS, _MOST_AFTER_SECONDS = 0.5, 0.5, 5.0
"""How long, after the time asked, each look for any plan at all and for a reason may take."""
_HEAD_START_SECONDS = 0.15
_WAIT_SHARE = 0.2
_LOOK_SECONDS = 0.01
_SAME_SEK = 1e-6
_SEARCH_SHARES, _LAST_SHARE = ((30, 0.0), (80, 0.5)), 0.85
"""Small days are searched in no time; the bounds of large ones are loose whatever they take."""


@dataclass(slots=True, kw_only=True)
class Searches:
    """
    One call of the planner.

    Attributes
    ----------
    best
        Where plans and bounds are kept.
    pins
        What must stay.
    crew
        Runs searches side by side, and knows when to end.
    seed
        Of the searches.
    iterations
        Steps of each search; None to search by the clock.
    certify
        Whether to prove a bound.
    seconds
        Wall time that was asked for.
    """

    best: Incumbent
    pins: Pins
    crew: Crew
    seed: int
    iterations: int | None
    certify: bool
    seconds: float
    _outline: Sequence[Route] = ()
    _short: tuple[float, Sequence[Route]] = (math.inf, ())
    _rounds: Rounds | None = None

    def begin_with(self, plan: Plan) -> None:
        """
        Keep a plan given from outside if it fits this day and the pins, else its order of stops.

        Parameters
        ----------
        plan
            The plan.
        """
        self._outline = self._outline or outline_of(self.best.problem, plan)
        try:
            routes = [route_of(self.best.problem, run) for run in plan.runs]
            if not broken_pins(self.pins, build_plan(self.best.problem, routes)):
                self.best.offer(routes, "start")
        except (LogisticsError, KeyError):
            return

    def run(self, workers: int) -> None:
        """
        Search until the clock, the steps or the proof ends it.

        Parameters
        ----------
        workers
            Processor cores to use.
        """
        if not self._reshapes and in_parts(self.best.problem):
            self._rounds = Rounds(self.best.problem, self.seed)
            if self.best.routes:
                self._rounds.begin_with(self.best.routes)
        if self.iterations is not None:
            self._improve(0)
        elif workers > 1:
            searchers = range(workers - 1 if self.certify else workers)
            crew = [partial(self._improve, number) for number in searchers]
            self.crew.work([*crew, self._certify] if self.certify else crew)
        else:
            self.crew.work([self._alone])
        if self.best.plan is None and not self.best.impossible:
            self._rescue()

    def _alone(self) -> None:
        """Take turns on one core: a first search, then the proof, then what time is left."""
        if self.certify:
            self._improve(0, max(self._head_start, self._search_share * self.crew.seconds_left))
            self._certify()
        self._improve(1)

    @property
    def _search_share(self) -> float:
        """Share of the time of a single core that goes to the search before anything is proved."""
        sites = len(self.best.problem.sites)
        return next((share for most, share in _SEARCH_SHARES if sites <= most), _LAST_SHARE)

    @property
    def _head_start(self) -> float:
        """Seconds that find a good plan of a day of this size: a proof begins with one."""
        sites = len(self.best.problem.sites)
        return min(_HEAD_START_SECONDS * (1 + sites / 25), self.crew.seconds_left / 3)

    @property
    def _longest_wait(self) -> float:
        """Seconds a proof waits for its first plan: a busy machine may take long to begin."""
        return max(_HEAD_START_SECONDS, _WAIT_SHARE * self.crew.seconds_left)

    def _certify(self) -> None:
        """Prove a bound, beginning with a plan where one is found in time: it proves far more."""
        now = time.monotonic()
        until, latest = now + self._head_start, now + self._head_start + self._longest_wait
        while now < (until if self.best.plan else latest):
            if self.crew.stop():
                return
            time.sleep(_LOOK_SECONDS)
            now = time.monotonic()
        proof = prove(
            self.best.problem,
            incumbent=None if self.pins else self.best.plan,
            seconds=self.crew.seconds_left,
            on_bound=self.best.raise_bound,
            on_plan=self._take_proved,
            stop=self.crew.stop,
            best_known=None if self.pins else self._cost,
        )
        self.best.raise_bound(proof.bound)
        if self._rounds is not None:
            self._improve_parts(self._rounds, self.crew.seconds_left)

    def _cost(self) -> float:
        plan = self.best.plan
        return math.inf if plan is None else plan.cost.total

    def _take_proved(self, routes: list[Route]) -> None:
        self._offer(routes, "prove")

    @property
    def _reshapes(self) -> bool:
        """Whether the day asks for what the compiled search does not know."""
        several = any(van.max_runs > 1 for van in self.best.problem.vehicles)
        return bool(self.pins) or several

    def _improve(self, number: int, seconds: float | None = None) -> None:
        """Search with the compiled kernels; where they do not suffice, go on without."""
        seconds = self.crew.seconds_left if seconds is None else seconds
        if self._rounds is not None:
            self._improve_parts(self._rounds, seconds)
            return
        if not self._reshapes:
            self._ruin_and_recreate(number, seconds)
            return
        if not self.best.routes and not self.pins.driven:
            self._first_for_reshaping(number)
        reshape(
            self.best.problem,
            pins=self.pins,
            start=self.best.routes or self._outline,
            seconds=None if self.iterations else seconds,
            iterations=self.iterations,
            seed=self.seed + number,
            stop=self._halt,
            on_better=lambda routes: self.best.offer(routes, "improve"),
            on_short=self._take_short,
        )

    def _halt(self) -> bool:
        """Tell a search whether to end; where steps are counted, no clock and nobody else does."""
        return self.iterations is None and self.crew.stop()

    def _take_short(self, cost: float, routes: list[Route]) -> None:
        if cost < self._short[0]:
            self._short = cost, routes

    def _improve_parts(self, rounds: Rounds, seconds: float) -> None:
        """Search part by part, beside whoever else does so."""
        late = self._after(seconds)
        if self.iterations is None:
            seldom = Seldom(self.best)
            rounds.work(
                lambda: late() or self.crew.stop() or seldom.look(), seldom.take, seconds=seconds
            )
        else:
            rounds.work(lambda: False, steps=self.iterations)
        if not rounds.missing:
            self.best.offer(rounds.routes, "improve")

    def _first_for_reshaping(self, number: int) -> None:
        """Begin with a plan of one run a vehicle that keeps the pins of vehicles."""
        problem = self.best.problem
        only = {
            problem.site_index[site]: problem.vehicle_index[van]
            for site, van in self.pins.vehicle.items()
        }
        search = Search(problem, self.seed + number, only=only)
        half = self._after(self.crew.seconds_left / 2)
        search.run(iterations=_FEW_STEPS, stop=lambda: self._halt() or half())
        if not search.missing:
            self._offer(search.best_routes(), "improve")

    def _ruin_and_recreate(self, number: int, seconds: float) -> None:
        search = Search(self.best.problem, self.seed + number)
        if self.best.routes:
            search.inject(self.best.routes)
        if self.iterations is not None:
            search.run(iterations=self.iterations)
            self._take(search)
            return
        seldom = Seldom(self.best)
        search.run(
            seconds=seconds,
            stop=lambda: self.crew.stop() or seldom.look(),
            on_better=seldom.take,
            begin=lambda: self.best.routes if self.best.price < search.cost - _SAME_SEK else (),
        )
        self._take(search)

    def _take(self, search: Search) -> None:
        if not search.missing:
            self.best.offer(search.best_routes(), "improve")

    def _offer(self, routes: Sequence[Route], phase: str) -> bool:
        """Keep runs of a search that does not know all rules; pass over those that break one."""
        try:
            if broken_pins(self.pins, build_plan(self.best.problem, routes)):
                return False
            return self.best.offer(routes, phase)
        except LogisticsError:
            return False

    def _rescue(self) -> None:
        """Ask the routing library, first with all goods, then without any, for any plan at all."""
        more = self._seconds_after
        for bare in () if self.pins.driven else (False, True):
            each = min(_ROUTING_SECONDS, more / _WAYS_TO_BEGIN)
            found = route(self.best.problem, seconds=each, bare=bare)
            if found is not None and self._offer(found, "routing"):
                return
        found = reshape(
            self.best.problem,
            pins=self.pins,
            start=self._short[1] or self._outline,
            seconds=None if self.iterations else more,
            iterations=_FEW_STEPS,
            seed=self.seed,
            on_short=self._take_short,
        )
        if found is not None:
            self._offer(found, "improve")

    @property
    def _seconds_after(self) -> float:
        """Wall time that a look for any plan, or for what stands in its way, may take after all."""
        return min(_MOST_AFTER_SECONDS, max(_LEAST_AFTER_SECONDS, _AFTER_SHARE * self.seconds))

    def _after(self, seconds: float) -> Callable[[], bool]:
        """Make what ends a search by steps in time; never where nothing may depend on the clock."""
        until = time.monotonic() + seconds if self.iterations is None else math.inf
        return lambda: time.monotonic() >= until

    def refusal(self) -> NoPlanError:
        """
        Say which compulsory sites the best of incomplete plans leaves out.

        Returns
        -------
        NoPlanError
            To be raised.
        """
        problem, routes = self.best.problem, self._short[1]
        if not routes:
            search = Search(relaxed(problem, _PRIZE_SEK), self.seed)
            search.run(iterations=_REASON_STEPS, stop=self._after(self._seconds_after))
            routes = search.best_routes()
        return refusal(problem, self.pins, routes)
