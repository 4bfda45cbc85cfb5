"""Plans of two runs: for each run near the bound, the best run by what it leaves.

Where two runs cost an allowance extra together, one of them costs half of it at most. So the runs
within half the allowance are enumerated, and for each the search is held to the sites it leaves,
all that are compulsory among them at once: it proves twice as much as a choice among these runs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact import labels
from logistics.planning.exact.among import among, priced_among
from logistics.planning.exact.arguments import arguments, ways
from logistics.planning.exact.ledger import Entry
from logistics.planning.exact.limits import longest_work
from logistics.planning.exact.runs import runs_of

if TYPE_CHECKING:
    from logistics.planning.exact.day import Day, Flags, Integers, Kind
    from logistics.planning.exact.fleet import Case
    from logistics.planning.exact.ledger import Ledger
    from logistics.planning.exact.prices import Prices
    from logistics.planning.exact.runs import Runs

_FEW_LABELS, MOST_LABELS = 1 << 12, 1 << 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Couple:
    """
    The cheapest plan of two runs.

    Attributes
    ----------
    bound
        SEK: no plan of two runs costs less; infinite where none costs less than was asked.
    runs
        The two runs; empty where none was found.
    """

    bound: float
    runs: list[Entry]


def is_couple(case: Case) -> bool:
    """
    Tell whether the plans of a case consist of just two runs.

    Parameters
    ----------
    case
        Some of the plans of a day.

    Returns
    -------
    bool
        Whether they do.
    """
    least = max((cut.runs for cut in case.cuts), default=0)
    return least == sum(kind.runs for kind in case.day.kinds) == 2  # noqa: PLR2004


def best_couple(
    case: Case,
    prices: Prices,
    runs: list[Runs],
    allowance: float,
    dear: int,
    *,
    stop: Flags,
    ledger: Ledger,
) -> Couple:
    """
    Find the cheapest plan of two runs.

    Parameters
    ----------
    case
        Plans of two runs.
    prices
        A dual solution.
    runs
        All runs whose steps cost half the allowance extra at most.
    allowance
        SEK.
    dear
        Seconds late at most.
    stop
        Whoever sets its first element ends the search.
    ledger
        Tells what runs really cost.

    Returns
    -------
    Couple
        What was proved; never more than the bound and the allowance.
    """
    anchors = [(float(extra), one, at) for one in runs for at, extra in enumerate(one.extra)]
    anchors.sort(key=lambda anchor: anchor[0])
    search = _Partners(case, prices, dear, stop)
    edge, best = prices.bound + allowance, Couple(bound=np.inf, runs=[])
    for extra, one, number in anchors:
        room = min(edge, best.bound) - prices.bound - extra
        found = None if ledger.given_up else search.beside(one, number, room)
        if found is None or stop[0]:
            # a plan whose cheaper run was not tried costs as much as this one twice
            edge = min(edge, prices.bound + 2 * extra)
            break
        edge = min(edge, prices.bound + extra + found.bound)
        for partner in found.runs:
            cost = float(one.cost[number])
            if case.day.constant + cost + partner.bound >= best.bound:
                break
            pair = [ledger.entry(one.kind, one.stops(number), cost)]
            pair.append(ledger.entry(partner.kind, partner.stops, partner.bound))
            total = case.day.constant + sum(run.bound for run in pair)
            if total < best.bound:
                best = Couple(bound=total, runs=pair)
    return replace(best, bound=min(best.bound, edge))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Partner:
    """What a second run costs extra at least if it is not among those found; these, cheap first."""

    bound: float
    runs: list[Entry]


class _Partners:
    """Searches for second runs."""

    def __init__(self, case: Case, prices: Prices, dear: int, stop: Flags) -> None:
        self.day, self.prices, self.dear, self.stop = case.day, prices, dear, stop
        self.work = case.work
        self.paid = float(prices.time.max(initial=0.0))
        least = [ways(case.day, prices, kind).min() for kind in range(len(case.day.kinds))]
        self.plain = min(least) >= 0.0  # then being late is all that can be told of a run

    def beside(self, one: Runs, number: int, room: float) -> _Partner:
        """Find the cheapest run by all that a run leaves, within an allowance."""
        stops = one.stops(number)
        rows = np.setdiff1d(np.arange(self.day.size), stops)
        if rows.size == 1 or room < 0:
            return _Partner(bound=np.inf, runs=[])
        day, prices = among(self.day, rows), priced_among(self.prices, rows, stops)
        least, partners = np.inf, []
        for kind, vehicles in enumerate(day.kinds):
            if vehicles.runs <= (kind == one.kind) or self._too_long(vehicles, rows, room):
                continue
            kept, found = self._grow(day, kind, prices, room)
            least = min(least, kept)
            if found is not None:
                partners += [
                    Entry(kind=kind, stops=tuple(rows[list(found.stops(at))].tolist()), bound=cost)
                    for at, cost in enumerate(found.cost.tolist())
                ]
        return _Partner(bound=least, runs=sorted(partners, key=lambda run: run.bound))

    def _too_long(self, kind: Kind, rows: Integers, room: float) -> bool:
        """Tell whether all compulsory rows take longer than the allowance can pay."""
        if self.work is None:
            return False
        least = self.work.base + float(self.work.each[rows[1:]].sum())
        late = least - longest_work(self.day, kind)
        if self.day.windowed and self.day.pause is not None:
            late /= 2
        if late > self.dear:
            return True
        at = max(0, int(late))
        return self.plain and float(self.day.late[at]) - self.paid * at > room

    def _grow(self, day: Day, kind: int, prices: Prices, room: float) -> tuple[float, Runs | None]:
        """Return what a run that is not found costs extra at least, and the runs found."""
        most = _FEW_LABELS
        given = arguments(day, kind, prices, room, self.dear, whole=True)
        while True:
            last = most >= MOST_LABELS
            status, kept, *rest = labels.grow(*(*given, most, last, False, self.stop))
            if status == labels.DONE:
                return (np.inf if kept >= room else kept), runs_of(kind, kept, *rest)
            if status == labels.STOPPED or last:
                return -np.inf, None
            most = min(MOST_LABELS, most * 8)
