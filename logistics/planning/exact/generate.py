"""Column generation: prices of the sites that know of time, breaks and waiting.

The tail flows know what rides direct, but not how long a run takes. Here runs are columns of a
linear programme, and its prices shift those of the flows. Runs that would lower its value are
found by the same search that enumerates runs, so every round proves a bound (Lagrange; Desrosiers
and Luebbecke 2005, "A primer in column generation", section 1.2). Prices are taken between the
best so far and the programme's (Pessoa, Sadykov, Uchoa and Vanderbeck 2018, "Automation and
combination of linear-programming based stabilization techniques in column generation", section 2).
"""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact.arcs import MANY_ROWS
from logistics.planning.exact.limits import most_late
from logistics.planning.exact.master import Master, Shift
from logistics.planning.exact.prices import price_of_fewest
from logistics.planning.exact.runs import enumerate_runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from logistics.planning.exact.day import Flags, Floats
    from logistics.planning.exact.fleet import Case
    from logistics.planning.exact.prices import Prices
    from logistics.planning.exact.runs import Runs

_ADDED = 300
_CLOSE = 1e-5
_BOX, _WIDER, _WIDEST = 1.3, 1.6, 1e9
"""Of the mean of what is missing; how much wider the box gets once nothing is gained within, and up
to how many SEK, as prices that only move together may go on for ever."""
MOST_LABELS = 1 << 18
_LEAST_SHARE, _FIRST_SHARE = 0.05, (0.5, 0.25)


class Generator:
    """
    Raises the bound of a case by column generation.

    Parameters
    ----------
    case
        Some of the plans of a day.
    prices
        What the tail flows say of it.
    ceiling
        SEK: dearer plans are of no interest.
    stop
        Whoever sets its first element ends the search.
    """

    def __init__(self, case: Case, prices: Prices, ceiling: float, stop: Flags) -> None:
        self.case, self.day, self.stop = case, case.day, stop
        self.start = prices
        self.prices = prices
        self.ceiling = ceiling
        self.fewest = case.fewest
        self.most_less = price_of_fewest(prices, self.fewest)
        self.dear = most_late(self.day, ceiling)
        self.cut_short = False
        kinds = len(self.day.kinds)
        self.best = Shift(visit=np.zeros(self.day.size), runs=np.zeros(kinds), fewest=0.0)
        room = ceiling - prices.bound if np.isfinite(ceiling) else 0.1 * abs(prices.bound)
        self.box = _BOX * (1.0 + room) / max(1, self.day.size - 1)
        self.master = Master(self.day, prices, self.fewest, self.most_less)
        self.master.keep_within(self.box)

    def _shifted(self, shift: Shift) -> Prices:
        """Shift the prices of the flows; the bound is right once no run costs less than nothing."""
        start = self.start
        first = start.first.copy()
        first[:, :, 1:] -= shift.visit[1:]
        first[:, 0, 1:] -= (shift.runs + shift.fewest)[:, np.newaxis]
        fleet = np.array([kind.runs for kind in self.day.kinds])
        gained = float(shift.visit.sum() + fleet @ shift.runs) + self.fewest * shift.fewest
        bound = start.bound + gained - 1e-9 * (1.0 + abs(gained))
        return replace(
            start,
            bound=bound,
            first=first,
            visit=start.visit + shift.visit,
            runs=start.runs + shift.runs,
        )

    def _price(self, shift: Shift) -> int | None:
        """
        Search for runs that cost less than nothing; count the new ones.

        None where the search was ended.
        """
        prices = self._shifted(shift)
        found = enumerate_runs(
            self.day,
            prices,
            0.0,
            self.dear,
            self.stop,
            whole=self.case.whole,
            most=MOST_LABELS,
        )
        if found is None:
            return None
        self.cut_short = any(one.allowance < 0 for one in found)
        costs = [self.costs(one) for one in found]
        lacking = [cost - self._paid(one, shift) for one, cost in zip(found, costs, strict=True)]
        least = np.array(
            [
                lack.min(initial=min(0.0, one.allowance))
                for one, lack in zip(found, lacking, strict=True)
            ]
        )
        bound = prices.bound + self._lost(least, shift)
        if bound > self.prices.bound:
            first = prices.first.copy()
            first[:, 0, 1:] -= least[:, np.newaxis]
            self.prices = replace(prices, bound=bound, first=first, runs=prices.runs + least)
            self.best = shift
        return sum(map(self._add, found, costs, lacking))

    def _lost(self, least: Floats, shift: Shift) -> float:
        """
        Tell what the bound loses where the cheapest runs of each kind cost less than nothing.

        Either every run is paid so much less, or, where runs are paid for being as many as they
        must, that pay is lowered, which costs the bound only as many times.
        """
        fleet = np.array([kind.runs for kind in self.day.kinds])
        lost = float(fleet @ least)
        dearest = float(least.min())
        if -dearest <= self.most_less + shift.fewest:
            return max(lost, self.fewest * dearest)
        return lost

    def include(self, runs: list[Runs]) -> None:
        """
        Add runs enumerated at the prices of the flows.

        Parameters
        ----------
        runs
            One entry a kind.
        """
        for one in runs:
            costs = self.costs(one)
            self._add(one, costs, costs - self._paid(one, self.best))

    def costs(self, one: Runs) -> Floats:
        """
        Tell what runs cost beyond the prices of the flows.

        The sum of their steps leaves out what they pay for rows that they do not use up, so it is
        never more.

        Parameters
        ----------
        one
            Runs of a kind.

        Returns
        -------
        Floats
            SEK for each run.
        """
        inside = self._bits(one.sets)
        return self._beyond(one.kind, inside, one.cost)

    def _beyond(self, kind: int, inside: Floats, cost: Floats) -> Floats:
        """Take the prices of the flows off what runs of a kind cost."""
        start = self.start
        beyond: Floats = cost - inside @ start.visit[1:] - start.runs[kind]
        for cut, price in zip(start.cuts, start.cut_prices, strict=True):
            beyond -= price * (inside @ cut.inside[1:] > 0)
        crowd = start.crowd[1:]
        beyond += (inside @ crowd) ** 2 - inside @ crowd**2
        return beyond

    def _paid(self, one: Runs, shift: Shift) -> Floats:
        """Tell what a shift pays for each run."""
        paid: Floats = self._bits(one.sets) @ shift.visit[1:]
        paid += shift.runs[one.kind] + shift.fewest
        return paid

    def _add(self, one: Runs, costs: Floats, lacking: Floats) -> int:
        """Add the runs of a kind that lack most of costing nothing; count the new ones."""
        best = np.argsort(lacking, kind="stable")[:_ADDED]
        inside = self._bits(one.sets[best])
        return sum(
            self.master.add(one.kind, int(one.sets[at]), stops, float(costs[at]))
            for at, stops in zip(best.tolist(), inside, strict=True)
        )

    def begin_with(self, kind: int, stops: int, cost: float) -> None:
        """
        Add a run that is known from elsewhere.

        Parameters
        ----------
        kind
            Position of its kind of vehicle.
        stops
            Its stops as bits.
        cost
            SEK at least, what it saves in waiting taken off.
        """
        inside = self._bits(np.array([stops], dtype=np.uint64))
        beyond = self._beyond(kind, inside, np.array([cost]))
        self.master.add(kind, stops, inside[0], max(0.0, float(beyond[0])))

    def _bits(self, sets: np.ndarray) -> Floats:
        """Turn sets of stops into rows of zeros and ones."""
        rows = np.arange(self.day.size - 1, dtype=np.uint64)
        return ((sets[:, np.newaxis] >> rows) & np.uint64(1)).astype(np.float64)

    def run(self, until: float, on_bound: Callable[[float], None]) -> None:
        """
        Generate columns until nothing is gained, the ceiling is met, or time is up.

        Parameters
        ----------
        until
            When to end, by :func:`time.monotonic`.
        on_bound
            Told every better bound.
        """
        share = _FIRST_SHARE[self.day.size > MANY_ROWS]
        while monotonic() < until and not self.stop[0] and self.prices.bound < self.ceiling:
            solved = self.master.solve()
            if solved is None:
                return
            value, target = solved
            if self.start.bound + value - self.prices.bound < _CLOSE * (1.0 + abs(self.ceiling)):
                within = np.abs(target.visit[1:]).max(initial=0.0) < self.box * (1.0 - _CLOSE)
                if within or not np.isfinite(self.ceiling) or self.box > _WIDEST:
                    return
                self.box *= _WIDER
                self.master.keep_within(self.box)
                continue
            before = self.prices.bound
            added = self._price(target.mixed(self.best, share))
            if self.prices.bound > before:
                on_bound(self.prices.bound)
                share = min(1.0, 1.3 * share)
            elif not added or self.cut_short:
                share *= 0.5
                if share < _LEAST_SHARE:
                    return
