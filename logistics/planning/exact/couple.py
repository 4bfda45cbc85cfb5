"""Plans of two runs: pairs of enumerated runs, and for each run near the bound, what suits it best.

Runs are enumerated up to an allowance each. Where both runs of a plan are among them, they are
found as a pair. Otherwise one costs more than that beyond the bound, and so the other less than
what is left of the room for both: for each of these few the search is held to the sites that it
leaves, all that are compulsory among them at once.
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
from logistics.planning.exact.pairing import STOPPED, pairs_below
from logistics.planning.exact.partition import columns_of
from logistics.planning.exact.runs import bits_of, runs_of
from logistics.planning.exact.state import TIE

if TYPE_CHECKING:
    from logistics.planning.exact.day import Day, Flags, Integers, Kind
    from logistics.planning.exact.fleet import Case
    from logistics.planning.exact.ledger import Ledger
    from logistics.planning.exact.prices import Prices
    from logistics.planning.exact.runs import Runs

_FEW_LABELS, MOST_LABELS = 1 << 12, 1 << 18
_MOST_PAIRS = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Couple:
    """
    The cheapest plan of two runs.

    Attributes
    ----------
    bound
        SEK: no plan of two runs costs less, or none less than the best plan known.
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
    return case.fewest == case.most == 2  # noqa: PLR2004


def best_couple(
    case: Case,
    prices: Prices,
    runs: list[Runs],
    room: float,
    *,
    dear: int,
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
        All runs whose steps cost their allowance extra at most.
    room
        SEK that both runs of a plan cost extra together at most; up to twice the allowance. Where
        it is no more than the allowance, pairs of these runs are all.
    dear
        Seconds late at most.
    stop
        Whoever sets its first element ends the search.
    ledger
        Tells what runs really cost.

    Returns
    -------
    Couple
        What was proved; never more than the bound and the room.
    """
    allowance = min(one.allowance for one in runs)
    search = _Couples(case, prices, runs, ledger)
    edge = min(prices.bound + room, search.pair(room, stop))
    partners = _Partners(case, prices, dear, stop)
    for anchor in range(search.below(room - allowance) if room > allowance else 0):
        extra, (one, number) = float(search.extra[anchor]), search.run(anchor)
        left = min(edge, search.best.bound) - prices.bound - extra
        found = None if ledger.given_up else partners.beside(one, number, left)
        if found is None or found.bound == -np.inf or stop[0]:
            # a plan whose cheaper run was not tried has another beyond the allowance
            edge = min(edge, prices.bound + extra + allowance)
            break
        edge = min(edge, prices.bound + extra + found.bound)
        search.take(anchor, found.runs)
    return replace(search.best, bound=min(search.best.bound, edge))


class _Couples:
    """Looks pairs up, and keeps the cheapest."""

    def __init__(self, case: Case, prices: Prices, runs: list[Runs], ledger: Ledger) -> None:
        self.day, self.prices, self.ledger = case.day, prices, ledger
        self.best = Couple(bound=ledger.search.ceiling + TIE, runs=[])
        extra = np.concatenate([one.extra for one in runs])
        order = np.argsort(extra, kind="stable")
        self.runs, self.columns, self.extra = runs, columns_of(runs).only(order), extra[order]

    def below(self, room: float) -> int:
        """Count the runs that cost less extra; these are the first."""
        return int(np.searchsorted(self.extra, room))

    def run(self, place: int) -> tuple[Runs, int]:
        """Tell where the run of a place was enumerated."""
        return self.runs[self.columns.kind[place]], int(self.columns.number[place])

    def pair(self, room: float, stop: Flags) -> float:
        """Look at all pairs of runs; return what a plan of a pair not looked at costs at least."""
        day, constant, columns = self.day, self.day.constant, self.columns
        limit, pairs = pairs_below(
            columns.sets,
            columns.cost,
            self.extra,
            columns.kind,
            np.array([kind.runs > 1 for kind in day.kinds]),
            np.uint64(bits_of(np.flatnonzero(day.must))),
            room,
            self.best.bound - constant,
            _MOST_PAIRS,
            stop,
        )
        if limit == STOPPED:
            return self.prices.bound
        for one, other in pairs.tolist():
            least = constant + float(columns.cost[one] + columns.cost[other])
            if least >= self.best.bound:
                break
            if stop[0] or self.ledger.given_up:
                return least
            self._keep(one, self._entry(other))
        return constant + limit

    def take(self, place: int, partners: list[Entry]) -> None:
        """Look up a run with what may be beside it, cheap first."""
        for partner in partners:
            cost = float(self.columns.cost[place])
            if self.day.constant + cost + partner.bound >= self.best.bound:
                break
            self._keep(place, self.ledger.entry(partner.kind, partner.stops, partner.bound))

    def _entry(self, place: int) -> Entry:
        one, number = self.run(place)
        return self.ledger.entry(one.kind, one.stops(number), float(one.cost[number]))

    def _keep(self, place: int, beside: Entry) -> None:
        pair = [self._entry(place), beside]
        total = self.day.constant + sum(run.bound for run in pair)
        if total < self.best.bound:
            self.best = Couple(bound=total, runs=pair)


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
        least = self.work.base + float(self.work.due[rows[1:]].sum())
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
