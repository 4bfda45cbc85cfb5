"""What every subset of a day's sites costs at least, and runs that may cost no more, in one table.

The dynamic programme of Held and Karp ("A dynamic programming approach to sequencing problems",
Journal of SIAM 10, 1962) finds the cheapest round by every set of sites at once; a second one over
sets parts each into rounds that a van has the hours and the room for. Windows, waiting, the place
of the break, room along the way and the number of vans are left aside, all of which only make runs
dearer. So the bound holds, and where the runs found can be driven at its price it is met. Where
windows bind there are few runs, so that all of them can be listed, and the second programme then
parts the sets into those.
"""

# mypy: disable-error-code="misc, untyped-decorator"
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from logistics.planning.exact.day import Day, Floats, Integers
from logistics.planning.exact.duals import nothing
from logistics.planning.exact.limits import longest_work
from logistics.planning.exact.prices import price
from logistics.planning.exact.read import read_day
from logistics.planning.exact.runs import Runs, enumerate_runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logistics.planning.exact.day import Kind
    from logistics.planning.problem import Problem

#: Cells of the tables of all kinds of vehicles together: twenty sites and one kind take 170 MB.
MOST_CELLS: Final = 20 << 20

# Runs of one length that are listed at most; where windows bind there are far fewer.
_MOST_LABELS = 1 << 18
# What no run costs, SEK.
_ANY_PRICE = 1e9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Subsets:
    """
    The least driving cost of plans that call at the sites of a subset and leave nothing behind.

    Attributes
    ----------
    names
        Sites in the order of their bits, the hub left out.
    day
        The day in arrays.
    ways
        By kind of vehicle: SEK of the cheapest way from the hub by a set of sites to its last one.
    runs
        By kind of vehicle: SEK of the cheapest run by a set of sites; infinite where it is too
        long or the van too small.
    least
        SEK of the cheapest runs that together call at a set of sites.
    listed
        By kind of vehicle: every run by the clock; empty where only rounds are known.
    """

    names: tuple[str, ...]
    day: Day
    ways: tuple[Floats, ...]
    runs: tuple[Floats, ...]
    least: Floats
    listed: tuple[Runs, ...] = ()

    def bound(self, sites: Iterable[str]) -> float:
        """
        Bound the driving cost of a subset.

        Parameters
        ----------
        sites
            Its sites.

        Returns
        -------
        float
            SEK: no plan that calls at them all and leaves nothing behind drives for less;
            infinite where no van has the hours or the room for one of them.
        """
        return float(self.least[self._mask(sites)])

    def routes(self, sites: Iterable[str]) -> list[tuple[int, tuple[str, ...]]] | None:
        """
        Name the runs that the bound is made of.

        Parameters
        ----------
        sites
            The subset.

        Returns
        -------
        list of tuple or None
            Position of the vehicle in the problem and sites in order, by run; None where there
            are no such runs or more of them than vehicles. Whether they keep windows, break and
            room along the way is open where runs are not listed.
        """
        mask = self._mask(sites)
        if not np.isfinite(self.least[mask]):
            return None
        free = [list(kind.vehicles) for kind in self.day.kinds]
        found = []
        while mask:
            part = int(_first_run(_cheapest(self.runs), self.least, mask))
            kind = min(range(len(self.runs)), key=lambda one: self.runs[one][part])
            if not free[kind]:
                return None
            found.append((free[kind].pop(0), self._order(kind, part)))
            mask ^= part
        return found

    def by_clock(self) -> Subsets | None:
        """
        Sharpen the bounds by windows, waiting and breaks.

        Returns
        -------
        Subsets or None
            None where there are too many runs to list them all.
        """
        nobody = np.zeros(1, dtype=np.bool_)
        plain = price(self.day, nothing(self.day), [])
        listed = enumerate_runs(
            self.day, plain, _ANY_PRICE, 0, nobody, most=_MOST_LABELS, thin=False
        )
        if not listed or min(one.allowance for one in listed) < _ANY_PRICE:
            return None
        runs = []
        for one, rounds in zip(listed, self.runs, strict=True):
            sets = one.sets.astype(np.int64)
            cost = np.full(rounds.size, np.inf)
            cost[0], cost[sets] = 0.0, np.maximum(one.cost, rounds[sets])
            runs.append(cost)
        least = _parted(_cheapest(runs))
        return replace(self, runs=tuple(runs), least=least, listed=tuple(listed))

    def _order(self, kind: int, mask: int) -> tuple[str, ...]:
        if self.listed:
            number = int(np.flatnonzero(self.listed[kind].sets == mask)[0])
            return tuple(self.names[row - 1] for row in self.listed[kind].stops(number))
        table, arcs = self.ways[kind], _paid(self.day, self.day.kinds[kind])
        order: list[int] = []
        after = 0
        while mask:
            # A row of the table is infinite where its last site is not in the set.
            after = 1 + int(np.argmin(table[mask] + arcs[1:, after]))
            order.append(after - 1)
            mask ^= 1 << (after - 1)
        return tuple(self.names[stop] for stop in reversed(order))

    def _mask(self, sites: Iterable[str]) -> int:
        return sum(1 << self.names.index(site) for site in sites)


def bound_subsets(problem: Problem) -> Subsets | None:
    """
    Bound what every subset of the sites of a day costs.

    Parameters
    ----------
    problem
        The day. Only shipments from and to the hub count, and only for the room they take.

    Returns
    -------
    Subsets or None
        None where the table would have more than ``MOST_CELLS``.
    """
    day = read_day(replace(problem, shipments=()))
    stops = day.size - 1
    if (stops << stops) * max(1, len(day.kinds)) > MOST_CELLS:
        return None
    outbound, inbound = _room(problem, day)
    work = _rounds((day.travel + day.service[np.newaxis, :]).astype(np.float64))[1]
    ways, runs = [], []
    for kind in day.kinds:
        table, rounds = _rounds(_paid(day, kind))
        small = np.maximum(outbound, inbound) > kind.capacity
        rounds[(work > longest_work(day, kind)) | small] = np.inf
        rounds[0] = 0.0
        ways.append(table)
        runs.append(rounds)
    names = tuple(problem.sites[site].id for site in day.sites[1:])
    best = _cheapest(runs) if runs else np.where(np.arange(1 << stops) > 0, np.inf, 0.0)
    least = best if _one_run_does(day, best) else _parted(best)
    return Subsets(names=names, day=day, ways=tuple(ways), runs=tuple(runs), least=least)


def _paid(day: Day, kind: Kind) -> Floats:
    """Price each arc with the time on it and at its end."""
    return kind.arcs + kind.pay * (day.travel + day.service[np.newaxis, :])


def _one_run_does(day: Day, best: Floats) -> bool:
    """Tell whether joining two runs never costs more than driving both."""
    if len(day.kinds) != 1 or not np.isfinite(best).all():
        return False
    arcs = _paid(day, day.kinds[0])
    # From the last stop of one run straight to the first of the other, not by the hub.
    return bool((arcs[1:, 1:] <= arcs[1:, :1] + arcs[:1, 1:]).all())


def _cheapest(runs: Sequence[Floats]) -> Floats:
    return runs[0] if len(runs) == 1 else np.minimum.reduce(runs)


def _room(problem: Problem, day: Day) -> tuple[Integers, Integers]:
    """Add up the items that a run by each set of sites takes from the hub, and to it."""
    row = {problem.sites[site].id: number for number, site in enumerate(day.sites)}
    items = np.zeros((2, day.size), dtype=np.int64)
    for one in problem.shipments:
        if one.origin == problem.hub:
            items[0, row[one.destination]] += one.items
        elif one.destination == problem.hub:
            items[1, row[one.origin]] += one.items
    return _sums(items[0, 1:]), _sums(items[1, 1:])


def _sums(weights: Integers) -> Integers:
    sums = np.zeros(1, dtype=np.int64)
    for weight in weights:
        sums = np.concatenate([sums, sums + weight])
    return sums


@njit(cache=True, nogil=True)
def _rounds(arcs: Floats) -> tuple[Floats, Floats]:
    """Find the cheapest way by every set of stops to its last one, and the cheapest round."""
    stops = arcs.shape[0] - 1
    ways = np.full((1 << stops, stops), np.inf)
    rounds = np.full(1 << stops, np.inf)
    rounds[0] = 0.0
    for stop in range(stops):
        ways[1 << stop, stop] = arcs[0, stop + 1]
    for mask in range(1, 1 << stops):
        for last in range(stops):
            cost = ways[mask, last]
            if cost == np.inf:
                continue
            rounds[mask] = min(rounds[mask], cost + arcs[last + 1, 0])
            for stop in range(stops):
                if not mask >> stop & 1:
                    more = mask | 1 << stop
                    ways[more, stop] = min(ways[more, stop], cost + arcs[last + 1, stop + 1])
    return ways, rounds


@njit(cache=True, nogil=True)
def _parted(runs: Floats) -> Floats:
    """Find the cheapest runs that together call at each set of stops."""
    least = np.full(runs.size, np.inf)
    least[0] = 0.0
    for mask in range(1, runs.size):
        lowest = mask & -mask
        rest = mask ^ lowest
        part = rest
        while True:
            least[mask] = min(least[mask], runs[part | lowest] + least[rest ^ part])
            if part == 0:
                break
            part = (part - 1) & rest
    return least


@njit(cache=True, nogil=True)
def _first_run(runs: Floats, least: Floats, mask: int) -> int:
    """Name the run of the cheapest ones that calls at the lowest stop of a set."""
    lowest = mask & -mask
    rest = mask ^ lowest
    best, part = mask, rest
    while True:
        if runs[part | lowest] + least[rest ^ part] < runs[best] + least[mask ^ best]:
            best = part | lowest
        if part == 0:
            return best
        part = (part - 1) & rest
