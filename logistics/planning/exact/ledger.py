"""What runs cost by the true rules, looked up as they are chosen.

The tables tell what a run costs at least. Where that is less than it really costs, a choice of such
runs proves too little. So a run that is chosen is looked at again: every order in which its stops
could be made within the allowance is enumerated, no order beaten by another, and the best load of
each is found, the cheapest by the tables first, until none is left that could cost less.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact.among import among, priced_among
from logistics.planning.exact.limits import most_late
from logistics.planning.exact.runs import enumerate_orders
from logistics.planning.exact.state import TIE
from logistics.planning.loading import best_load
from logistics.planning.plan import Route

if TYPE_CHECKING:
    from logistics.planning.exact.day import Day
    from logistics.planning.exact.prices import Prices
    from logistics.planning.exact.state import State
    from logistics.planning.loading import Loaded

_LOAD_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    One run.

    Attributes
    ----------
    kind
        Position of its kind of vehicle.
    stops
        Its rows, in the order of driving where no route is known.
    bound
        SEK that it costs at least, what it saves in waiting taken off.
    route
        The cheapest order and load found, by the first vehicle of its kind; None without any.
    """

    kind: int
    stops: tuple[int, ...]
    bound: float
    route: Route | None = None


class Ledger:
    """
    Looks up what runs really cost, and remembers it.

    Parameters
    ----------
    search
        The proof under way.
    day
        The day, or the case of it that is proved.
    prices
        A dual solution.
    better_later
        Whether better prices can be had: then it is not worth going on once orders are too many.

    Attributes
    ----------
    given_up
        Whether it is not.
    """

    def __init__(
        self, search: State, day: Day, prices: Prices, *, better_later: bool = False
    ) -> None:
        self.search, self.day, self.prices = search, day, prices
        self.given_up = False
        self._better_later = better_later
        self._crowded = False
        self._known: dict[tuple[int, frozenset[int], float], Entry] = {}

    def entry(self, kind: int, stops: tuple[int, ...], cost: float) -> Entry:
        """
        Look a run up.

        Parameters
        ----------
        kind
            Position of its kind of vehicle.
        stops
            Its rows.
        cost
            SEK that it costs at least by the tables.

        Returns
        -------
        Entry
            What it really costs at least, or what the tables say where time is up, orders are too
            many, or a vehicle may go out again.
        """
        # a wider search may find the same stops for less: that is looked up anew
        key = kind, frozenset(stops), cost
        if key not in self._known:
            plain = Entry(kind=kind, stops=stops, bound=cost)
            self._known[key] = plain if self.day.several_runs else self._looked_at(plain)
        return self._known[key]

    def _looked_at(self, run: Entry) -> Entry:
        search = self.search
        room = search.ceiling - self.prices.bound
        if search.left <= 0 or not np.isfinite(room):
            return run
        told = self._load(run, [self.day.sites[row] for row in run.stops], np.inf)
        best = replace(run, bound=told.bound, route=told.route)
        if best.bound <= run.bound + TIE or self._crowded:
            return replace(best, bound=run.bound)
        rows = np.array([0, *sorted(run.stops)])
        others = np.setdiff1d(np.arange(self.day.size), rows)
        day = replace(among(self.day, rows), must=rows > 0)
        near = priced_among(self.prices, rows, others.tolist())
        dear = most_late(day, search.ceiling)
        found = enumerate_orders(day, near, run.kind, room, dear, search.halt)
        if found is None or found.allowance < room:
            self._crowded = True
            self.given_up = self._better_later
            return replace(best, bound=run.bound)
        for number in np.argsort(found.cost, kind="stable").tolist():
            cost = float(found.cost[number])
            if cost >= best.bound:
                break
            if search.left <= 0:
                return replace(best, bound=max(run.bound, cost))
            sites = [day.sites[row] for row in found.stops(number)]
            loaded = self._load(run, sites, best.bound)
            if loaded.bound < best.bound:
                best = replace(best, bound=loaded.bound, route=loaded.route)
        return replace(best, bound=max(run.bound, best.bound))

    def _load(self, run: Entry, sites: list[int], below: float) -> Loaded:
        """Find the best load of one order of a run."""
        vehicle = self.day.kinds[run.kind].vehicles[0]
        seconds = min(self.search.left, _LOAD_SECONDS)
        return best_load(self.search.problem, vehicle, sites, below=below, seconds=seconds)
