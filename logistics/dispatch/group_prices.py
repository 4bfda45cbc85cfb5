"""What runs of its own cost a group, between what is proved and what the best runs found cost.

A table of all rounds bounds every group at once and mostly names runs that meet its bound; where
windows, breaks or room along the way make runs dearer, a search looks for better ones and a proof
for a better bound.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Final

import numpy as np

from logistics.costing.sharing.game import Value
from logistics.dispatch.served_day import Runs, restricted, runs_of
from logistics.errors import NoPlanError, RuleBrokenError
from logistics.planning.check import check
from logistics.planning.exact.limits import shortest
from logistics.planning.exact.prove import prove
from logistics.planning.exact.subsets import bound_subsets
from logistics.planning.plan import Route
from logistics.planning.planner import solve
from logistics.planning.timing import build_plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logistics.dispatch.served_day import ServedDay
    from logistics.planning.exact.subsets import Subsets
    from logistics.planning.plan import Plan
    from logistics.planning.problem import Problem

#: SEK by which a bound may stay under a cost and yet prove it: a tenth of an öre.
TIE: Final = 1e-3
# Sites of a group that gets a table of its own where the day is too large for one.
_MOST_SITES_ALONE: Final = 16
# A proof that has used no more of its time has come to its end.
_SHARE_USED: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """
    What runs of its own cost a group.

    Attributes
    ----------
    low
        SEK that it pays at least; infinite where no runs serve its calls.
    high
        SEK that the best runs found cost; infinite where none are found.
    runs
        Those runs.
    exhausted
        Whether a proof came to its end without closing the bounds: a longer one would not either.
    """

    low: float
    high: float
    runs: Runs
    exhausted: bool = False

    @property
    def final(self) -> bool:
        """Whether no more can be proved: most often because the bound meets the cost."""
        return self.exhausted or self.low == np.inf or self.high - self.low <= TIE

    def value(self, most_sek: float) -> Value:
        """
        Make a value of the cost game.

        Parameters
        ----------
        most_sek
            SEK that all together pay: no group pays more.

        Returns
        -------
        Value
            Exact where it is proved.
        """
        high = min(self.high, most_sek)
        return Value(high if high - self.low <= TIE else max(0.0, self.low), high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """
    What a table of rounds says of a group.

    Attributes
    ----------
    low
        SEK that its runs cost at least.
    floor
        SEK that its runs, and those of every larger group, cost at least.
    runs
        Runs that may cost no more than `low`; empty where there are none.
    """

    low: float
    floor: float
    runs: Runs


class GroupBounds:
    """
    Bounds of all groups of a day from tables of rounds.

    Where the whole day fits in one table it bounds each group. Where it does not, groups of few
    sites have tables of their own, and larger ones are bounded by theirs: on roads closed under
    detours no group costs less than a part of it.

    Parameters
    ----------
    day
        The day as it was served.
    """

    def __init__(self, day: ServedDay) -> None:
        self._problem = day.problem
        self._whole = bound_subsets(day.problem)
        self._sharper: tuple[Subsets | None] | None = None
        self._closed = None if self._whole else _closed(day.problem)

    def of(self, sites: frozenset[str]) -> Bound:
        """
        Bound the cost of a group by its rounds.

        Parameters
        ----------
        sites
            Calls of its members.

        Returns
        -------
        Bound
            Nothing more than zero where the group is too large for a table.
        """
        if self._closed is None:
            return _bound(self._whole, None, sites)
        if len(sites) > _MOST_SITES_ALONE:
            return _bound(None, None, sites)
        own, closed = (restricted(one, sites) for one in (self._problem, self._closed))
        return _bound(bound_subsets(own), bound_subsets(closed), sites)

    def by_clock(self, sites: frozenset[str]) -> Bound:
        """
        Bound the cost of a group by all runs that windows, hours and breaks allow.

        Parameters
        ----------
        sites
            Calls of its members.

        Returns
        -------
        Bound
            Nothing more than zero where there are too many such runs.
        """
        return _bound(self._by_clock(sites), None, sites)

    def _by_clock(self, sites: frozenset[str]) -> Subsets | None:
        if self._whole is not None:
            if self._sharper is None:
                self._sharper = (self._whole.by_clock(),)
            return self._sharper[0]
        if len(sites) > _MOST_SITES_ALONE:
            return None
        own = bound_subsets(restricted(self._problem, sites))
        return own and own.by_clock()


def _bound(own: Subsets | None, closed: Subsets | None, sites: frozenset[str]) -> Bound:
    return Bound(
        low=0.0 if own is None else own.bound(sites),
        floor=0.0 if closed is None else closed.bound(sites),
        runs=() if own is None else tuple(own.routes(sites) or ()),
    )


def _closed(problem: Problem) -> Problem:
    metres = shortest(np.array(problem.travel_metres, dtype=np.int64))
    seconds = shortest(np.array(problem.travel_seconds, dtype=np.int64))
    return replace(
        problem,
        travel_metres=tuple(map(tuple, metres.tolist())),
        travel_seconds=tuple(map(tuple, seconds.tolist())),
    )


def first_price(
    problem: Problem, sites: frozenset[str], low: float, ideas: Iterable[Runs]
) -> Price:
    """
    Price a group without a search.

    Parameters
    ----------
    problem
        The day.
    sites
        Calls of its members.
    low
        SEK that they cost at least.
    ideas
        Runs that serve these calls and perhaps others, which are left out; looked at in order
        until one meets the bound.

    Returns
    -------
    Price
        By the cheapest of the ideas.
    """
    own = _own(problem, sites)
    best: Plan | None = None
    for runs in dict.fromkeys(_cut(idea, sites) for idea in ideas):
        best = _cheapest(best, _drive(own, runs))
        if best is not None and best.cost.total - low <= TIE:
            break
    return _priced(own, low, best)


def better_price(
    problem: Problem,
    sites: frozenset[str],
    price: Price,
    most_sek: float,
    *,
    iterations: int,
    seconds: float,
) -> Price:
    """
    Search for cheaper runs of a group, then prove how cheap they can be at all.

    Parameters
    ----------
    problem
        The day.
    sites
        Calls of its members.
    price
        What is known.
    most_sek
        SEK that a larger group pays at most: whether the group's own runs cost more is not asked.
    iterations
        Steps of search; none with 0.
    seconds
        Wall time for the proof.

    Returns
    -------
    Price
        At least as good on both sides.
    """
    own = _own(problem, sites)
    best = _drive(own, price.runs)
    if iterations:
        best = _search(own, best, iterations)
    found = _priced(own, price.low, best)
    began, until = monotonic(), monotonic() + seconds
    # A proof without the freight is sharper, and may do where the room aboard binds nobody.
    for one in (_bare(own), own) if own.shipments else (own,):
        left = until - monotonic()
        if min(found.high, most_sek) - found.low > TIE and left > 0:
            found = _proved(own, one, found, left, most_sek)
    used = monotonic() - began
    return replace(found, exhausted=0 < used < _SHARE_USED * seconds)


def _proved(own: Problem, relaxed: Problem, price: Price, seconds: float, most_sek: float) -> Price:
    proof = prove(
        relaxed,
        incumbent=_drive(relaxed, price.runs),
        seconds=seconds,
        best_known=lambda: most_sek,
    )
    best = _drive(own, price.runs)
    if proof.routes is not None:
        best = _cheapest(best, _built(own, proof.routes))
    low = most_sek if proof.bound >= most_sek - TIE else proof.bound
    return _priced(own, max(price.low, low), best)


def _own(problem: Problem, sites: frozenset[str]) -> Problem:
    own = restricted(problem, sites)
    # What fits in any van at once binds nobody.
    room = min((van.capacity for van in own.vehicles), default=0)
    return _bare(own) if sum(one.items for one in own.shipments) <= room else own


def _bare(problem: Problem) -> Problem:
    return replace(problem, shipments=())


def _priced(problem: Problem, low: float, best: Plan | None) -> Price:
    if best is None:
        return Price(low=low, high=float("inf"), runs=())
    cost = best.cost.total
    return Price(low=min(low, cost), high=cost, runs=runs_of(problem, best))


def _search(problem: Problem, start: Plan | None, iterations: int) -> Plan | None:
    try:
        found = solve(problem, iterations=iterations, workers=1, seed=0, start=start)
    except NoPlanError:
        return start
    return start if found.cost.delay else _cheapest(start, found)


def _cut(runs: Runs, sites: frozenset[str]) -> Runs:
    return tuple(
        (vehicle, kept)
        for vehicle, stops in runs
        if (kept := tuple(site for site in stops if site in sites))
    )


def _drive(problem: Problem, runs: Runs) -> Plan | None:
    index = problem.site_index
    return _built(
        problem,
        [Route(vehicle=v, sites=tuple(index[site] for site in stops)) for v, stops in runs],
    )


def _built(problem: Problem, routes: Iterable[Route]) -> Plan | None:
    try:
        plan = build_plan(problem, routes)
    except RuleBrokenError:
        return None
    return None if check(problem, plan) or plan.cost.delay else plan


def _cheapest(*plans: Plan | None) -> Plan | None:
    found = [plan for plan in plans if plan is not None]
    return min(found, key=lambda plan: plan.cost.total, default=None)
