"""How hot a search is, and what it pays for: by what the day is like and the plan has become."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.improve import layout as at

if TYPE_CHECKING:
    from logistics.planning.problem import Problem

HOT, COLD = 0.5, 0.01
"""Temperatures at the start and the end, in costs of one average leg."""
HOT_UNLIKE, HOT_OPTIONAL, HOT_CROWDED = 1.0, 3.0, 1.0
"""At the start where vehicles are unlike, or most of many sites optional, or hardly any of them:
what runs must exchange, or to call elsewhere, costs more on the way."""
HOT_SETTLED = 0.2
"""At the start once enough searches from nothing were made: the best of them is refined."""
_REMOVED = 10.0
_OVERLOADS = (0.5, 1.3), (0.2, 1.5)
"""Legs that an average stop's load beyond what a vehicle holds costs while it is hot, and the power
of the ratio of temperatures with which that grows as it cools; in turn."""
_LONG_RUN = 10.0
"""Stops of an average run that is long."""
_SMALL, _SMALL_MOST, _STOPS_APART = 0.1, 0.4, 50.0
"""Share of steps that are small moves; long runs, which no ruin empties, want more of them."""
_LEGS_A_VEHICLE = 50.0
_MANY_SITES = 40
"""From so many sites on a day is searched hotter, and by whether it has a choice of sites."""


class Dials:
    """
    Sets what one step of a search goes by.

    Parameters
    ----------
    problem
        The day.
    data, state
        The day and the plan as the kernels see them.

    Attributes
    ----------
    values
        What `act` takes: temperatures at start and end in SEK, sites to remove, share of small
        moves, SEK for an item too many.
    choosy
        Whether the day has many sites, most of them optional.
    crowded
        Whether it has many sites, nearly all compulsory and none tied to another.
    sheds
        Whether goods may be shed at a price: nothing is in a pair, nor the day crowded.
    soft
        Whether a vehicle may take too much where runs are long.
    settled
        Whether the best plan is to be refined rather than searched for anew.
    starts
        How often the search began from nothing; the prices of too much take turns.
    """

    def __init__(self, problem: Problem, data: at.Data, state: at.State) -> None:
        self.problem, self.data, self.state = problem, data, state
        self.values = np.zeros(5)
        tied = bool((data.site[:, at.MATE] >= 0).any())
        self.choosy, self.crowded = self._many(tied)
        self.sheds = not (self.crowded or tied)
        self.soft = self.settled = False
        self.starts = 0

    def turn(self, heat: float) -> None:
        """
        Set the values for the next steps.

        Parameters
        ----------
        heat
            Temperature in legs of the present plan.
        """
        leg = self.leg_cost()
        overload = self._overload(leg, heat)
        self.values[:] = heat * leg, heat * leg, self._removed(), self._small(), overload

    def _many(self, tied: bool) -> tuple[bool, bool]:
        """Tell of a day of many sites whether most are optional, or few and none tied to a mate."""
        sites = self.problem.sites
        if len(sites) < _MANY_SITES:
            return False, False
        optional = sum(not one.must_visit for one in sites)
        return 2 * optional > len(sites), 4 * optional <= len(sites) and not tied

    @property
    def hot(self) -> float:
        """Temperature at the start of a cycle, in legs."""
        if self.settled:
            return HOT_SETTLED
        if self.choosy:
            return HOT_OPTIONAL
        if self.crowded:
            return HOT_CROWDED
        return HOT_UNLIKE if self.data.rule[at.KINDS] > 1 else HOT

    def _overload(self, leg: float, heat: float) -> float:
        """Tell what an item costs that a vehicle does not hold, SEK; nothing where none may be."""
        squeezed = bool(self.state.tally[at.SQUEEZE])
        load = float(self.data.items[0].sum()) / 2 / max(1, len(self.data.site) - 1)
        if not self.soft or squeezed or self.data.rule[at.MAY_LEAVE] or not load:
            return 0.0
        price, power = _OVERLOADS[self.starts % len(_OVERLOADS)]
        return price * leg / load * (self.hot / heat) ** power

    def _removed(self) -> float:
        return min(_REMOVED, max(3.0, 0.4 * (len(self.data.site) - 1)))

    def _small(self) -> float:
        """Tell how many steps are small moves: more of them where runs are long."""
        if not self.crowded:
            return _SMALL
        stops = int(self.state.run[:, at.STOPS].sum())
        used = max(1, int(self.state.tally[at.USED]))
        return min(_SMALL_MOST, max(_SMALL, stops / used / _STOPS_APART))

    @property
    def has_long_runs(self) -> bool:
        """Whether the runs of the best plan are: one begun from nothing has none to ask."""
        stops = self.state.run[:, at.KEPT_STOPS]
        return self.crowded and bool(int(stops.sum()) >= _LONG_RUN * np.count_nonzero(stops) > 0)

    @property
    def vans_are_dear(self) -> bool:
        """Whether one more vehicle may cost more than many legs."""
        dearest = max((van.fixed_cost for van in self.problem.vehicles), default=0.0)
        return dearest >= _LEGS_A_VEHICLE * self.leg_cost()

    def leg_cost(self) -> float:
        """
        Tell what an average leg of the present plan costs.

        Returns
        -------
        float
            SEK, more than zero.
        """
        way, stops = self.state.way, self.state.run[:, at.STOPS]
        hub = self.problem.hub_index
        total, legs = 0.0, 0
        for van in np.flatnonzero(stops):
            price = self.data.price[self.data.van[van, at.PRICES]]
            path = np.concatenate([[hub], way[van, : stops[van]], [hub]])
            total += float(price[path[:-1], path[1:]].sum())
            # a carrier is paid by the stop, and not by the kilometre
            total += float(self.data.van_cost[van, at.PER_STOP]) * int(stops[van])
            legs += len(path) - 1
        return total / legs if total > 0 else max(float(self.data.price.mean()), 1e-6)
