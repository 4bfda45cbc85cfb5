"""A search that keeps its state: run it, look at it, give it plans, run it again."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.improve import layout as at
from logistics.planning.improve.act import ANNEAL, KEEP, LOADS, TAKE_UP, act
from logistics.planning.improve.arrays import data_of
from logistics.planning.improve.state import new_state, read_kept, write_kept
from logistics.planning.plan import Route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from logistics.planning.problem import Problem

HOT, COLD = 0.5, 0.004
"""Temperatures at the start and the end, in costs of one average leg."""
_REMOVED = 10.0
_SMALL = 0.1
_FIRST_STEPS_A_SITE = 100
_GROWTH = 4.0
_CHUNK_SECONDS = 0.02


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
        self._dials = np.zeros(4)
        self._seen = 0
        self._cycles = 0
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
        act(self.data, state, TAKE_UP, 0, self._dials, self._taken)
        self._taken[:] = 0
        for van, _ in ways:
            act(self.data, state, LOADS, van, self._dials, self._taken)
        return [self._route(van, sites) for van, sites in ways]

    def run(
        self,
        *,
        iterations: int | None = None,
        seconds: float | None = None,
        stop: Callable[[], bool] | None = None,
        on_better: Callable[[list[Route]], object] | None = None,
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
        """
        if not len(self.data.van) or len(self.data.site) < 2:
            return
        self._seen = int(self.state.tally[at.NEWS])
        schedule = self._by_count(iterations) if seconds is None else self._by_clock(seconds)
        for steps, hot, cold in schedule:
            if steps == 0:
                self._act(TAKE_UP)
                self._leave_if_stuck()
                continue
            scale = self._leg_cost()
            self._dials[:] = hot * scale, cold * scale, self._removed(), _SMALL
            self._act(ANNEAL, steps)
            if self.state.tally[at.NEWS] > self._seen:
                self._seen = int(self.state.tally[at.NEWS])
                if on_better is not None and not self.missing:
                    on_better(self.best_routes())
            if stop is not None and stop():
                return

    def _act(self, task: int, number: int = 0) -> None:
        act(self.data, self.state, task, number, self._dials, self._taken)

    def _removed(self) -> float:
        return min(_REMOVED, max(3.0, 0.4 * (len(self.data.site) - 1)))

    def _leave_if_stuck(self) -> None:
        """Consider leaving what is dear to leave where compulsory sites find no place otherwise."""
        if self.missing:
            self.data.rule[at.MAY_LEAVE] = 1

    def _leg_cost(self) -> float:
        """Tell what an average leg of the present plan costs."""
        way, stops = self.state.way, self.state.run[:, at.STOPS]
        hub = self.problem.hub_index
        total, legs = 0.0, 0
        for van in np.flatnonzero(stops):
            price = self.data.price[self.data.van[van, at.PRICES]]
            path = np.concatenate([[hub], way[van, : stops[van]], [hub]])
            total += float(price[path[:-1], path[1:]].sum())
            legs += len(path) - 1
        return total / legs if total > 0 else max(float(self.data.price.mean()), 1e-6)

    def _by_count(self, iterations: int | None) -> Iterator[tuple[int, float, float]]:
        """Split a number of steps into cycles of falling temperature; 0 steps begin a cycle."""
        left = 10_000 if iterations is None else iterations
        length = _FIRST_STEPS_A_SITE * len(self.data.site)
        while left > 0:
            steps = left if left < length * (1 + _GROWTH / 2) else length
            yield 0, 0.0, 0.0
            chunks = max(1, min(50, steps // 200))
            for k in range(chunks):
                part = steps * (k + 1) // chunks - steps * k // chunks
                yield part, _heat(k / chunks), _heat((k + 1) / chunks)
            left -= steps
            length = int(length * _GROWTH)

    def _by_clock(self, seconds: float) -> Iterator[tuple[int, float, float]]:
        """Split a time into cycles of falling temperature; steps that fit are learnt on the way."""
        began = time.perf_counter()
        rate, done, steps = 0.0, 0, 20
        first = _FIRST_STEPS_A_SITE * len(self.data.site)
        while (left := seconds - (time.perf_counter() - began)) > 0:
            # the first cycle is by count, later ones take their share of the time that is left
            share = left if rate == 0 else first * _GROWTH**self._cycles / rate
            span = left if rate > 0 and share * (1 + _GROWTH / 2) > left else min(share, left)
            self._cycles += rate > 0
            yield 0, 0.0, 0.0
            start, known = time.perf_counter(), 0.0
            while (spent := time.perf_counter() - start) < span:
                if rate == 0 and spent > min(0.02, seconds / 10):
                    rate = done / spent
                    share = first / rate
                    span = left if share * (1 + _GROWTH / 2) > left else share
                    self._cycles += 1
                chunk = min(_CHUNK_SECONDS, (span - spent), span / 20)
                if done:
                    steps = max(1, int((rate or done / max(spent, 1e-9)) * chunk))
                ahead = min(1.0, (spent + chunk) / span)
                yield steps, _heat(min(known, ahead)), _heat(ahead)
                known = ahead
                done += steps
                if rate > 0:
                    now = time.perf_counter() - start
                    rate = 0.7 * rate + 0.3 * steps / max(now - spent, 1e-9)

    def _route(self, van: int, sites: tuple[int, ...]) -> Route:
        """Spell out the loads of a run where something stays behind."""
        ship, hub = self.data.ship, self.problem.hub_index
        place = {site: stop for stop, site in enumerate(sites)}
        load, leave, all_taken = [], set[int](), True
        for stop, site in enumerate(sites):
            first, last = self.data.site[site, at.FIRST_SHIP], self.data.site[site, at.LAST_SHIP]
            taken = set[int]()
            for one in self.data.ship[first:last, at.LISTED].tolist():
                rides = place.get(int(ship[one, at.TARGET]), -1) > stop
                if self._taken[one]:
                    taken |= {one} if ship[one, at.ORIGIN] != hub else set()
                elif ship[one, at.ORIGIN] == hub:
                    leave.add(one)
                else:
                    all_taken &= bool(ship[one, at.DIRECT]) and not rides
            load.append(frozenset(taken))
        return Route(
            vehicle=van,
            sites=sites,
            load=None if all_taken else tuple(load),
            leave=frozenset(leave),
        )


def _heat(share: float) -> float:
    return float(HOT * (COLD / HOT) ** share)
