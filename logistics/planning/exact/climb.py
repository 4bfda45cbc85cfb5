"""The bound of a case by flows, and by rounds of the tight relaxation for as long as they pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logistics.planning.exact.arcs import MANY_ROWS, near_arcs
from logistics.planning.exact.couple import is_couple
from logistics.planning.exact.duals import nothing
from logistics.planning.exact.flows import solve_flows
from logistics.planning.exact.prices import price
from logistics.planning.exact.rings import BOUNDLESS, within_reach
from logistics.planning.exact.state import TIE
from logistics.planning.exact.tighten import tight_prices
from logistics.planning.exact.walks import by_the_clock

if TYPE_CHECKING:
    from logistics.planning.exact.fleet import Case
    from logistics.planning.exact.prices import Prices
    from logistics.planning.exact.state import State

_ROUNDS, _LITTLE = (3, 6), 0.02
"""So many rounds, where runs can be enumerated next and where not, must raise the bound by such a
share of what is missing."""
_WORTH_IT = 0.1
"""Of what was missing: where windows are what loose flows do not see, tight ones bring less, and
column generation comes farther from loose prices, which leave fewer labels."""
_WIDE = 0.09
"""Of the cost: where loose flows leave more open, the rounds come before anything else."""


class Climb:
    """
    Raises the bound of a case round by round, and can go on later.

    Parameters
    ----------
    search
        The proof under way, which is told what is proved.
    number
        Position of the case.
    case
        Some of the plans of the day.

    Attributes
    ----------
    best
        The best dual solution so far.
    start
        The one to go on with: that of the loose flows unless the rounds brought much more; for
        plans of one run, moved to where the cheapest walks by the clock cost most.
    """

    def __init__(self, search: State, number: int, case: Case) -> None:
        self.search, self.number, self.case = search, number, case
        day = case.day
        self.best = self.start = price(day, nothing(day), [])
        self._rounds = tight_prices(day, near_arcs(day), case.cuts, case.work, search.halt)
        self._bounds = [self.best.bound]
        self._large = day.size > MANY_ROWS
        self._couple = is_couple(case)
        self._alone = case.most == 1
        self._ready = False

    def begin(self) -> None:
        """Take rounds of plans of two runs; else loose flows, and rounds where they leave much."""
        if self._large or self._couple:
            self.go_on()
        if not (self._large or self._ready or self.is_over()):
            self._loosen()
            if (
                not (self._couple or self._ready)
                and self._missing(self.best) >= _WIDE * self.search.ceiling
            ):
                self.go_on()

    def _loosen(self) -> None:
        """Solve the loose flows; go on from them unless tight ones bring much more."""
        if self.search.left > 0:
            day, cuts = self.case.day, self.case.cuts
            duals = solve_flows(day, near_arcs(day), cuts, self.search.left)
            if duals is not None:
                tight = self.best
                self.start = price(day, duals, cuts)
                self._take(self.start)
                if self._alone and not self.is_over():
                    self._ready = within_reach(self.search, self.case, self.start)
                    self.start = self._by_the_clock(self.start)
                if not self._ready:
                    self._choose(tight)

    def _by_the_clock(self, prices: Prices) -> Prices:
        """Move the prices of a single run to where the cheapest walks by the clock cost most."""
        if not self._alone or self._ready or self.is_over():
            return prices
        moved = by_the_clock(self.case, prices, self.search.ceiling, self.search.halt)
        self._take(moved)
        return moved

    def _choose(self, tight: Prices) -> None:
        """Go on from tight prices where they bring much more, or where runs can be enumerated."""
        more = tight.bound - self.start.bound
        if self._large or self._ready or more > _WORTH_IT * self._missing(self.start):
            self.start = self._by_the_clock(tight)

    def _missing(self, prices: Prices) -> float:
        return self.search.ceiling - prices.bound

    def _take(self, prices: Prices) -> None:
        if prices.bound > self.best.bound:
            self.best = prices
            self.search.raise_bound(self.case.bound(prices), self.number)

    def go_on(self) -> None:
        """Take rounds until they gain little, runs can be enumerated, or the turn is over."""
        search, since = self.search, len(self._bounds)
        rounds, self._ready = _ROUNDS[self._large], False
        while search.left > 0 and not (self._ready or self.is_over()):
            self._take(next(self._rounds))
            self._bounds.append(self.best.bound)
            self._ready = not self._large and within_reach(search, self.case, self.best)
            gained = self._bounds[-1] - self._bounds[max(since, len(self._bounds) - rounds) - 1]
            if len(self._bounds) >= since + rounds and gained < _LITTLE * self._missing(self.best):
                break
        self._choose(self.best)

    def is_over(self) -> bool:
        """
        Tell whether no plan of the case is cheaper than the best known.

        Returns
        -------
        bool
            Then nothing is left to prove.
        """
        return self.search.bounds[self.number] >= min(self.search.ceiling - TIE, BOUNDLESS)
