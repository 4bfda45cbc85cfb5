"""Annealing over whole days: the search that knows pins, moved stops and several runs a vehicle.

Plain, exact in its prices and slow beside the compiled search, which it continues where a day asks
for what that one does not know. Simulated annealing (Kirkpatrick et al. 1983, Science 220, p. 671)
with the moves relocate, swap, reverse, exchange of tails, drop and add, and, where vehicles go out
more than once, with trips given to other vehicles and timed in another order.
"""

from __future__ import annotations

import math
import time
from random import Random
from typing import TYPE_CHECKING

from logistics.planning.reshaper import BROKEN_SEK, Reshaper

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logistics.planning.pins import Pins
    from logistics.planning.plan import Route
    from logistics.planning.problem import Problem
    from logistics.planning.trips import Trip

_HOT, _COLD = 0.02, 1e-5
"""First and last temperature as a share of the cost."""
_WHOLE_TRIPS = 0.1
"""How many moves change whole trips: which is timed first, and whose it is."""


def reshape(  # noqa: PLR0913 - one keyword a choice
    problem: Problem,
    *,
    pins: Pins | None = None,
    start: Sequence[Route] = (),
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 0,
    stop: Callable[[], bool] | None = None,
    on_better: Callable[[list[Route]], object] | None = None,
    on_short: Callable[[float, list[Route]], object] | None = None,
) -> list[Route] | None:
    """
    Improve the runs of a day under pins, or with several runs a vehicle.

    Parameters
    ----------
    problem
        The day; :func:`logistics.planning.pins.pinned` has put times into it.
    pins
        What must stay.
    start
        Runs to begin with.
    seconds, iterations
        Ends whichever comes first; with iterations alone the answer is the same every time.
    seed
        Of the search.
    stop
        Asked now and then; True ends the search.
    on_better
        Told of each better set of runs that keeps every pin.
    on_short
        Told at the end of the best set of runs, and its price with what it breaks, where a
        compulsory stop or a pin is not kept.

    Returns
    -------
    list[Route] or None
        The best found, in driving order; None where a compulsory stop or a pin is not kept.
    """
    shaper = Reshaper(problem, pins)
    limit = _Limit(seconds, iterations, stop)
    search = _Search(shaper, start, Random(seed), limit)  # noqa: S311 - a search, no secret
    kept = math.inf
    while limit.goes_on():
        search.step(limit.share)
        if on_better is not None and search.best_cost < min(kept - 1e-6, BROKEN_SEK):
            kept = search.best_cost
            on_better(search.routes())
    if search.best_cost < BROKEN_SEK:
        return search.routes()
    if on_short is not None and search.best_cost < math.inf:
        on_short(search.best_cost, search.routes())
    return None


class _Limit:
    """When to end, and how far along the way a search is."""

    def __init__(
        self, seconds: float | None, iterations: int | None, stop: Callable[[], bool] | None
    ) -> None:
        self.seconds, self.iterations, self.stop = seconds, iterations, stop
        self.done, self.share = 0, 0.0
        self.began = time.monotonic()

    @property
    def over(self) -> bool:
        """Whether the clock, or who asked, has ended the search already."""
        late = self.seconds is not None and time.monotonic() - self.began >= self.seconds
        return late or (self.stop is not None and self.stop())

    def goes_on(self) -> bool:
        self.done += 1
        if self.iterations is not None:
            self.share = self.done / self.iterations
        if self.done % 32 == 0:
            if self.stop is not None and self.stop():
                return False
            if self.seconds is not None:
                self.share = max(self.share, (time.monotonic() - self.began) / self.seconds)
        return self.share <= 1.0


class _Search:
    def __init__(
        self, shaper: Reshaper, start: Sequence[Route], dice: Random, limit: _Limit
    ) -> None:
        self.shaper, self.dice = shaper, dice
        self.trips = shaper.start(start)
        self.head = shaper.fixed(self.trips)
        self.cost = shaper.cost(self.trips)
        if math.isinf(self.cost):
            self._shorten()
        self._insert_compulsory(limit)
        self.best, self.best_cost = list(self.trips), self.cost

    def routes(self) -> list[Route]:
        priced = self.shaper.day.routes([trip for trip in self.best if trip[1]])
        return [] if priced is None else priced[1]

    def _shorten(self) -> None:
        """Leave stops out of trips that cannot be driven, as few as that takes."""
        kept = list(zip(self.trips, self.head, strict=True))
        for trips in (
            [self._driveable(van, sites, head) for (van, sites), head in kept],
            [(van, sites[:head]) for (van, sites), head in kept],
        ):
            self.trips, self.cost = trips, self.shaper.cost(trips)
            if self.cost < math.inf:
                return

    def _driveable(self, van: int, sites: tuple[int, ...], head: int) -> Trip:
        day, stays = self.shaper.day, sites[:head]
        if head < len(sites) and day.routes([(van, sites)]) is not None:
            return van, sites
        for site in sites[head:]:
            if day.routes([(van, (*stays, site))]) is not None:
                stays = (*stays, site)
        return van, stays

    def _insert_compulsory(self, limit: _Limit) -> None:
        served = {site for _, sites in self.trips for site in sites}
        for site in sorted(self.shaper.must - served):
            if limit.over:
                return
            options = [
                self._with(trip, place, site)
                for trip, (_, sites) in enumerate(self.trips)
                for place in range(self.head[trip], len(sites) + 1)
            ]
            priced = [(self.shaper.cost(option), option) for option in options]
            cost, option = min(priced, key=lambda pair: pair[0], default=(math.inf, self.trips))
            if cost < self.cost:
                self.cost, self.trips = cost, option

    def _with(self, trip: int, place: int, site: int) -> list[Trip]:
        van, sites = self.trips[trip]
        changed = list(self.trips)
        changed[trip] = (van, (*sites[:place], site, *sites[place:]))
        return changed

    def step(self, share: float) -> None:
        option = self._move()
        if option is None:
            return
        cost = self.shaper.cost(option)
        usual = min(self.best_cost, BROKEN_SEK)
        heat = usual * _HOT * (_COLD / _HOT) ** min(1.0, share) + 1e-9
        if cost < self.cost - heat * math.log(self.dice.random() or 1e-12):
            self.trips, self.cost = option, cost
            if self.shaper.begun:
                self.head = self.shaper.fixed(option)
            if cost < self.best_cost - 1e-9:
                self.best, self.best_cost = list(option), cost

    def _move(self) -> list[Trip] | None:
        if self.shaper.day.several and self.trips and self.dice.random() < _WHOLE_TRIPS:
            return self.dice.choice((self._reorder, self._rehouse))()
        kinds = (self._relocate, self._relocate, self._swap, self._reverse, self._tails)
        return self.dice.choice(kinds)()

    def _reorder(self) -> list[Trip]:
        """Time a trip sooner or later among other vehicles', to wait for what they bring."""
        trip = self.dice.randrange(len(self.trips))
        van = self.trips[trip][0]
        first = last = trip
        while first > 0 and self.trips[first - 1][0] != van:
            first -= 1
        while last + 1 < len(self.trips) and self.trips[last + 1][0] != van:
            last += 1
        changed = list(self.trips)
        changed.insert(self.dice.randint(first, last), changed.pop(trip))
        return changed

    def _rehouse(self) -> list[Trip] | None:
        """Give what one trip still has to do to one vehicle's empty trips, whole or in two."""
        trip = self.dice.randrange(len(self.trips))
        van, sites = self.trips[trip]
        head = self.head[trip]
        other = self.dice.randrange(len(self.shaper.problem.vehicles))
        idle = [place for place, one in enumerate(self.trips) if one == (other, ())]
        if other == van and not head:
            idle.append(trip)
        if not idle or len(sites) == head:
            return None
        first, *rest = self.dice.sample(idle, min(2, len(idle)))
        cut = self.dice.randint(head, len(sites)) if rest else len(sites)
        changed = list(self.trips)
        changed[trip] = (van, sites[:head])
        changed[first] = (other, sites[head:cut])
        for place in rest:
            changed[place] = (other, sites[cut:])
        return changed

    def _position(self, site: int) -> tuple[int, int] | None:
        for trip, (_, sites) in enumerate(self.trips):
            if site in sites:
                return trip, sites.index(site)
        return None

    def _relocate(self) -> list[Trip] | None:
        """Move a stop elsewhere; add one that is not served, or drop one that need not be."""
        if not self.shaper.free or not self.trips:
            return None
        site = self.dice.choice(self.shaper.free)
        found = self._position(site)
        changed = list(self.trips)
        if found is not None:
            van, sites = changed[found[0]]
            changed[found[0]] = (van, sites[: found[1]] + sites[found[1] + 1 :])
            if site not in self.shaper.must and self.dice.random() < 0.2:  # noqa: PLR2004
                return changed
        trip = self.dice.randrange(len(changed))
        van, sites = changed[trip]
        place = self.dice.randint(self.head[trip], max(self.head[trip], len(sites)))
        changed[trip] = (van, (*sites[:place], site, *sites[place:]))
        return changed

    def _swap(self) -> list[Trip] | None:
        if len(self.shaper.free) < 2:  # noqa: PLR2004 - two stops change places
            return None
        one, other = self.dice.sample(self.shaper.free, 2)
        switch = {one: other, other: one}
        return [(van, tuple(switch.get(s, s) for s in sites)) for van, sites in self.trips]

    def _reverse(self) -> list[Trip] | None:
        """Reverse or move a stretch of one trip."""
        if not self.trips:
            return None
        trip = self.dice.randrange(len(self.trips))
        van, sites = self.trips[trip]
        if len(sites) - self.head[trip] < 2:  # noqa: PLR2004 - one stop has no order
            return None
        first, last = sorted(self.dice.choices(range(self.head[trip], len(sites) + 1), k=2))
        middle, rest = sites[first:last], sites[:first] + sites[last:]
        if self.dice.random() < 0.5:  # noqa: PLR2004 - as often as not
            turned = sites[:first] + middle[::-1] + sites[last:]
        else:
            place = self.dice.randint(self.head[trip], len(rest))
            turned = rest[:place] + middle + rest[place:]
        changed = list(self.trips)
        changed[trip] = (van, turned)
        return changed

    def _tails(self) -> list[Trip] | None:
        if len(self.trips) < 2:  # noqa: PLR2004 - two trips exchange
            return None
        a, b = self.dice.sample(range(len(self.trips)), 2)
        (first, here), (second, there) = self.trips[a], self.trips[b]
        cut = self.dice.randint(self.head[a], len(here))
        other = self.dice.randint(self.head[b], len(there))
        changed = list(self.trips)
        changed[a] = (first, here[:cut] + there[other:])
        changed[b] = (second, there[:other] + here[cut:])
        return changed
