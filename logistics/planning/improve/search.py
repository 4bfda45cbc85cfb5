"""A search that keeps its state: run it, look at it, give it plans, run it again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.improve import layout as at
from logistics.planning.improve.act import ANNEAL, KEEP, LOADS, TAKE_UP, act
from logistics.planning.improve.arrays import data_of
from logistics.planning.improve.budget import Budget
from logistics.planning.improve.dials import COLD, Dials
from logistics.planning.improve.state import new_state, read_kept, route_of, write_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from logistics.planning.plan import Route
    from logistics.planning.problem import Problem

_LONG_RUNS, _SHORT_RUNS = (24, 0.3, 400), (6, 0.75, 1_500)
"""Search from nothing at most so often, in this share of the time, with so many steps a site."""
_NEARLY = 0.9
"""Of a start must be left; a chunk of steps may have ended a little late."""
_MANY_SITES = 150
"""On smaller days of short runs one long annealing ends as well as the best of several."""
_FIRST_STEPS_A_SITE = 50
_GROWTH = 8.0
_FIRST_SHARE = 0.2
_STEPS_TO_SQUEEZE, _FEW_STEPS = 200, 5_000
"""Steps a site that are enough for both; few steps are enough for a small day."""
_SQUEEZE_SHARE, _SQUEEZE_MOST, _SQUEEZE_HEAT = 0.1, 0.5, 0.05
_SHEDDING_SHARE = 0.5
"""Of a cycle, without choosing what to leave behind: steps are several times as fast."""
_SOME_SHED, _SOME_LEFT = range(2)
"""Kinds of steps, each with a speed of its own."""


class Search:
    """
    Looks for cheaper plans of one day.

    Parameters
    ----------
    problem
        The day.
    seed
        Of the random numbers; the same seed and the same calls give the same plans.
    only
        For some sites the one vehicle that may call there, both by position.
    """

    def __init__(
        self, problem: Problem, seed: int = 0, *, only: Mapping[int, int] | None = None
    ) -> None:
        self.problem = problem
        self.data = data_of(problem, only)
        self.state = new_state(self.data, seed)
        self._spare: at.State | None = None
        self._base = math.fsum(one.cost_if_left for one in problem.shipments)
        self._taken = np.zeros(len(problem.shipments), np.int64)
        self._dials = Dials(problem, self.data, self.state)
        self._seen = 0
        self._cycles = 0
        self._stop: Callable[[], bool] | None = None
        self._tell: Callable[[list[Route]], object] | None = None
        self._act(TAKE_UP)
        self._act(KEEP)

    @property
    def cost(self) -> float:
        """Of the best plan so far, SEK; infinite while it misses a compulsory site."""
        return math.inf if self.missing else self._base + float(self.state.sum[at.BEST])

    @property
    def missing(self) -> int:
        """Compulsory sites without a call in the best plan so far."""
        return int(self.state.tally[at.KEPT_MISSED])

    def inject(self, routes: Sequence[Route]) -> bool:
        """
        Give the search a plan from elsewhere; it goes on from the better of that and its own.

        Parameters
        ----------
        routes
            At most one a vehicle. Runs that break a rule are passed over; what they leave or carry
            is chosen anew.

        Returns
        -------
        bool
            Whether it is better than the best so far.
        """
        state, own, best = self.state, read_kept(self.state), float(self.state.sum[at.BEST])
        write_kept(self.data, state, [(route.vehicle, route.sites) for route in routes])
        self._act(TAKE_UP)
        if state.sum[at.TOTAL] < best:
            self._act(KEEP)
            return True
        write_kept(self.data, state, own)
        return False

    def best_routes(self) -> list[Route]:
        """
        Take the best plan so far.

        Returns
        -------
        list of Route
            Loads are spelled out only where something stays behind.
        """
        if self._spare is None:
            self._spare = new_state(self.data, 0)
        state, ways = self._spare, read_kept(self.state)
        write_kept(self.data, state, ways)
        act(self.data, state, TAKE_UP, 0, self._dials.values, self._taken)
        self._taken[:] = 0
        for van, _ in ways:
            act(self.data, state, LOADS, van, self._dials.values, self._taken)
        return [route_of(self.data, van, sites, self._taken) for van, sites in ways]

    def run(
        self,
        *,
        iterations: int | None = None,
        seconds: float | None = None,
        stop: Callable[[], bool] | None = None,
        on_better: Callable[[list[Route]], object] | None = None,
        begin: Callable[[], Sequence[Route]] | None = None,
    ) -> None:
        """
        Search on from the best plan so far, in cycles of annealing, each longer than the last.

        Parameters
        ----------
        iterations
            Steps to make; with these the result does not depend on the clock.
        seconds
            Wall time to spend instead.
        stop
            Asked about every 20 ms; True ends the search.
        on_better
            Called with each better plan that misses no compulsory site.
        begin
            Asked at the start of each cycle for a plan from elsewhere.
        """
        if not len(self.data.van) or len(self.data.site) < 2:
            return
        self._seen = int(self.state.tally[at.NEWS])
        self._stop, self._tell = stop, on_better
        self._dials.settled = False
        budget = Budget(iterations, seconds)
        plain = not (self._dials.sheds and self.data.rule[at.MAY_LEAVE])
        if plain and (self._first_cycle(budget) or self._start_anew(budget)):
            return
        while budget.share < 1.0:
            if begin is not None and (other := begin()):
                self.inject(other)
            self._act(TAKE_UP)
            self._leave_if_stuck()
            if self._cycle(budget):
                return

    def _first_cycle(self, budget: Budget) -> bool:
        """Anneal once, then see to fewer vehicles; tell whether to stop altogether."""
        ahead = self._ahead(budget)
        # where nothing may be left, doing with fewer vehicles, or with too few, wants time too
        roomy = budget.steps > _STEPS_TO_SQUEEZE * len(self.data.site) or budget.steps < _FEW_STEPS
        squeezed = roomy and not self.data.rule[at.MAY_LEAVE]
        if self._phase(budget, min(ahead, _FIRST_SHARE) if squeezed else ahead):
            return True
        if squeezed:
            self._squeeze_out(budget)
        return False

    def _cycle(self, budget: Budget) -> bool:
        """Anneal once; first goods without time or room have a price, then they are chosen."""
        if not (self._dials.sheds and self.data.rule[at.MAY_LEAVE]):
            return self._phase(budget, self._ahead(budget))
        budget.kind, now = _SOME_LEFT, budget.share
        upto = self._ahead(budget)
        budget.kind = _SOME_SHED
        self._shed(on=True)
        try:
            stopped = self._phase(budget, now + _SHEDDING_SHARE * (upto - now))
        finally:
            self._shed(on=False)
            budget.kind = _SOME_LEFT
        return stopped or self._phase(budget, upto)

    def _shed(self, *, on: bool) -> None:
        """Price goods without time or room, or choose them again; go on from the best plan."""
        self.state.tally[at.SHEDDING] = on
        self._act(TAKE_UP)

    def _start_anew(self, budget: Budget) -> bool:
        """
        Anneal from nothing, a few times, for a part of the budget; tell whether to stop altogether.

        Which sites nearly full runs share is settled early, and differs by chance.
        """
        if not self._dials.crowded:
            return False
        long_runs = self._dials.has_long_runs
        most, share, enough = _LONG_RUNS if long_runs else _SHORT_RUNS
        spend = share * (1.0 - budget.share)
        length = max(enough * len(self.data.site) / budget.steps, spend / most)
        upto = budget.share + spend
        one_does = len(self.data.site) < _MANY_SITES or 2 * length > spend
        if not long_runs and (one_does or self.missing or self._dials.vans_are_dear):
            return False
        while budget.share + _NEARLY * length <= upto:
            best = read_kept(self.state)
            write_kept(self.data, self.state, [])
            self._act(TAKE_UP)
            write_kept(self.data, self.state, best)
            if self._phase(budget, budget.share + length):
                return True
            self._dials.starts += 1
            self._cycles = max(self._cycles, 2)  # as good as the second cycle, which is as long
        self._dials.settled = not long_runs
        return False

    def _ahead(self, budget: Budget) -> float:
        """Tell at which share of the budget the next cycle of annealing ends."""
        if not budget.done:
            # learn how fast it is
            self._chunk(budget, 1.0, 1.0, self._dials.hot)
            self._chunk(budget, 1.0, 1.0, self._dials.hot)
        size = _FIRST_STEPS_A_SITE * len(self.data.site) * _GROWTH**self._cycles / budget.steps
        self._cycles += 1
        now = budget.share
        return 1.0 if now + size * (1 + _GROWTH / 2) > 1.0 else now + size

    def _phase(self, budget: Budget, upto: float) -> bool:
        """Anneal until a share of the budget is spent; tell whether to stop altogether."""
        start = budget.share
        span, hot = upto - start, self._dials.hot
        self._dials.soft = upto < 1.0 and self._dials.has_long_runs
        while (now := budget.share) < upto:
            heat = hot * (COLD / hot) ** min(1.0, (now - start) / span)
            if self._chunk(budget, span, upto, heat):
                return True
        return False

    def _chunk(self, budget: Budget, span: float, upto: float, heat: float) -> bool:
        steps = budget.chunk(span, upto)
        self._dials.turn(heat)
        self._act(ANNEAL, steps)
        budget.spent(steps)
        if self.state.tally[at.NEWS] > self._seen:
            self._seen = int(self.state.tally[at.NEWS])
            if self._tell is not None and not self.missing:
                self._tell(self.best_routes())
        return self._stop is not None and self._stop()

    def _squeeze_out(self, budget: Budget) -> None:
        """Spend a while on doing with fewer vehicles where one costs more than many legs."""
        if not self.missing and not self._dials.vans_are_dear:
            return
        tally = self.state.tally
        news, last = int(tally[at.NEWS]), budget.share
        limit = last + _SQUEEZE_MOST * (1.0 - last)
        self._act(TAKE_UP)
        tally[at.SQUEEZE] = 1
        while (now := budget.share) < min(limit, last + _SQUEEZE_SHARE):
            if self._chunk(budget, 1.0, 1.0, _SQUEEZE_HEAT):
                break
            if tally[at.NEWS] > news:
                news, last = int(tally[at.NEWS]), now
        tally[at.SQUEEZE], tally[at.MOST_RUNS] = 0, len(self.data.van)

    def _act(self, task: int, number: int = 0) -> None:
        act(self.data, self.state, task, number, self._dials.values, self._taken)

    def _leave_if_stuck(self) -> None:
        """Consider leaving what is dear to leave where compulsory sites find no place otherwise."""
        if self.missing:
            self.data.rule[at.MAY_LEAVE] = 1
