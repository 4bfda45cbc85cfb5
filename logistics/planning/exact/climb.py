"""The bound of a case by flows, and by rounds of the tight relaxation for as long as they pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logistics.planning.exact.arcs import MANY_ROWS, near_arcs
from logistics.planning.exact.flows import solve_flows
from logistics.planning.exact.prices import nothing, price
from logistics.planning.exact.rings import BOUNDLESS
from logistics.planning.exact.state import TIE
from logistics.planning.exact.tighten import tight_prices

if TYPE_CHECKING:
    from logistics.planning.exact.fleet import Case
    from logistics.planning.exact.prices import Prices
    from logistics.planning.exact.state import State

_ROUNDS, _LITTLE = (3, 6), 0.02
"""So many rounds, where runs can be enumerated next and where not, must raise the bound by such a
share of what is missing."""
_WORTH_IT = 0.5
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
        The one to go on with: that of the loose flows unless the rounds brought much more.
    """

    def __init__(self, search: State, number: int, case: Case) -> None:
        self.search, self.number, self.case = search, number, case
        day = case.day
        self.best = self.start = price(day, nothing(day), [])
        self._rounds = tight_prices(day, near_arcs(day), case.cuts, case.work, search.halt)
        self._bounds = [self.best.bound]

    def begin(self) -> None:
        """Take the loose flows of a small day, and rounds at once where they leave much open."""
        search, case, large = self.search, self.case, self.case.day.size > MANY_ROWS
        if search.left > 0 and not large:
            duals = solve_flows(case.day, near_arcs(case.day), case.cuts, search.left)
            if duals is not None:
                self._take(price(case.day, duals, case.cuts))
                self.start = self.best
        if large or search.ceiling - self.best.bound >= _WIDE * search.ceiling:
            self.go_on()

    def _take(self, prices: Prices) -> None:
        if prices.bound > self.best.bound:
            self.best = prices
            self.search.raise_bound(self.case.bound(prices), self.number)

    def go_on(self) -> None:
        """Take rounds until they gain little, the case is closed, or its turn is over."""
        self._round_by_round()
        missing = self.search.ceiling - self.start.bound
        if (
            self.case.day.size > MANY_ROWS
            or self.best.bound > self.start.bound + _WORTH_IT * missing
        ):
            self.start = self.best

    def _round_by_round(self) -> None:
        search, since = self.search, len(self._bounds)
        rounds = _ROUNDS[self.case.day.size > MANY_ROWS]
        while search.left > 0 and not self.is_over():
            self._take(next(self._rounds))
            self._bounds.append(self.best.bound)
            missing = search.ceiling - self.best.bound
            if len(self._bounds) < since + rounds:
                continue
            if self._bounds[-1] - self._bounds[-1 - rounds] < _LITTLE * missing:
                return

    def is_over(self) -> bool:
        """
        Tell whether no plan of the case is cheaper than the best known.

        Returns
        -------
        bool
            Then nothing is left to prove.
        """
        return self.search.bounds[self.number] >= min(self.search.ceiling - TIE, BOUNDLESS)
