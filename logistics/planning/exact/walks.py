"""Prices of visits that know the clock, raised until the cheapest walks call everywhere once.

The flows do not see windows, nor how long one run takes. A walk by the clock does: it is what the
search for runs takes for the way home (:mod:`home`), and may call twice at a site. Where the
cheapest walk leaves sites out, the price of a visit there rises; where it calls twice, it falls
(Lagrange; Held and Karp 1971, "The traveling-salesman problem and minimum spanning trees: part II",
with steps by what is missing, Polyak 1969). Each price proves a bound, and the best leaves far
fewer labels than those of the flows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact.arguments import clocks, ways
from logistics.planning.exact.duals import Cut
from logistics.planning.exact.home import cheapest_walk, ways_home
from logistics.planning.exact.limits import most_late
from logistics.planning.exact.prices import price_of_fewest

if TYPE_CHECKING:
    from logistics.planning.exact.day import Flags, Floats
    from logistics.planning.exact.fleet import Case
    from logistics.planning.exact.prices import Prices

_STEPS, _PATIENCE, _SHORTER, _SHORTEST = 200, 10, 0.6, 0.02
"""How many steps; after so many without a gain they get so much shorter, down to the shortest."""


def by_the_clock(case: Case, prices: Prices, ceiling: float, stop: Flags) -> Prices:
    """
    Move the prices of visits and of the run to where the cheapest walks cost most.

    Parameters
    ----------
    case
        Plans of one run at most: those of two seldom lack time that walks would see.
    prices
        A dual solution of the case.
    ceiling
        SEK: dearer plans are of no interest.
    stop
        Whoever sets its first element ends the search.

    Returns
    -------
    Prices
        A dual solution whose bound is no lower.
    """
    search = _Search(case, prices, ceiling)
    step, idle = 1.0, 0
    visit = search.visit
    for _ in range(_STEPS):
        if stop[0] or step < _SHORTEST or search.bound >= ceiling:
            break
        before = search.bound
        bound, slope = search.look(visit)
        size = float((slope**2).sum())
        if size == 0.0:
            break
        idle = 0 if search.bound > before else idle + 1
        if idle >= _PATIENCE:
            step, idle, visit = step * _SHORTER, 0, search.visit
            continue
        visit = np.minimum(visit + step * (search.aim - bound) / size * slope, search.most)
    return search.prices()


class _Search:
    """Prices of visits that are tried, and the best so far."""

    def __init__(self, case: Case, prices: Prices, ceiling: float) -> None:
        day = case.day
        self.day, self.start = day, prices
        self.fewest = case.fewest
        self.paid, self.worth = price_of_fewest(prices, self.fewest), float(prices.runs[0])
        self.aim = ceiling if np.isfinite(ceiling) else 1.1 * abs(prices.bound)
        self.most = np.where(day.must, np.inf, np.maximum(0.0, -prices.visit))
        self.most[0] = 0.0
        self.bound, self.visit = prices.bound, np.zeros(day.size)
        self.run = self.more = 0.0
        self._dear = most_late(day, ceiling)
        self._ways = ways(day, prices, 0)
        self._clocks = clocks(day, 0)
        self._late = day.late - float(prices.time[0]) * np.arange(day.late.size)

    def look(self, visit: Floats) -> tuple[float, Floats]:
        """Return the bound that prices of visits prove, and how it changes with them."""
        least, visits = self._walk(visit)
        # a run is never paid for, but as one that there must be
        run = min(-self.worth, least)
        more = least - run if self.fewest else 0.0
        bound = self.start.bound + float(visit.sum()) + run + more
        if bound > self.bound:
            self.bound, self.visit, self.run, self.more = bound, visit, run, more
        counts = self.fewest > 0 or least < -self.worth
        slope = 1.0 - visits if counts else np.ones(visits.size)
        slope[0] = 0.0
        return bound, np.where((visit >= self.most) & (slope > 0), 0.0, slope)

    def _walk(self, visit: Floats) -> tuple[float, Floats]:
        """Find the cheapest walk, by its work or by the time of day."""
        arcs = self._ways.copy()
        arcs[:, 1:] -= visit[1:]
        found = []
        for clock in self._clocks:
            limits = clock.start, clock.end, self._late, self._dear
            best, way = ways_home(clock.steps, arcs, clock.windows, *limits, priced=True)
            table = best, way, clock.steps, arcs, clock.windows
            found.append(cheapest_walk(*table, clock.start, self._dear))
        return max(found, key=lambda walk: walk[0])

    def prices(self) -> Prices:
        """Shift the prices that the search began with to the best."""
        start = self.start
        if self.bound <= start.bound:
            return start
        first = start.first.copy()
        first[:, :, 1:] -= self.visit[1:]
        first[:, 0, 1:] -= self.run + self.more
        others = [
            (cut, price)
            for cut, price in zip(start.cuts, start.cut_prices, strict=True)
            if cut.runs != self.fewest or not cut.everywhere
        ]
        said = Cut.leaving(self.day.size, self.fewest)
        gained = self.bound - start.bound
        return replace(
            start,
            bound=self.bound - 1e-9 * (1.0 + abs(gained)),
            first=first,
            visit=start.visit + self.visit,
            runs=start.runs + self.run,
            cuts=[*(cut for cut, _ in others), said],
            cut_prices=[*(price for _, price in others), self.paid + self.more],
        )
