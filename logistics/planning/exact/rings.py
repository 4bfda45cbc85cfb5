"""The last step of a proof: the best choice among the runs in growing rings round the bound."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact.couple import best_couple, is_couple
from logistics.planning.exact.ledger import Ledger
from logistics.planning.exact.limits import most_late
from logistics.planning.exact.partition import choose, columns_of
from logistics.planning.exact.runs import enumerate_runs
from logistics.planning.exact.state import TIE
from logistics.planning.plan import Route

if TYPE_CHECKING:
    from logistics.planning.exact.day import Day
    from logistics.planning.exact.fleet import Case
    from logistics.planning.exact.ledger import Entry
    from logistics.planning.exact.prices import Prices
    from logistics.planning.exact.runs import Runs
    from logistics.planning.exact.state import State

FIRST_SHARE = 0.005
"""The first ring, as a share of the bound."""
BOUNDLESS = 1e13
"""SEK beyond which rings round the bound only grow: what nobody pays is less."""
_GROWTH = 3.0


def close(
    search: State, number: int, case: Case, prices: Prices, *, better_later: bool = False
) -> bool:
    """
    Enumerate runs in growing rings round the bound until the best choice lies within.

    Parameters
    ----------
    search
        The proof under way, which is told what is proved and found.
    number
        Position of the case.
    case
        Some of the plans of the day.
    prices
        A dual solution of the case.
    better_later
        Whether better prices can be had, so that it may give up early.

    Returns
    -------
    bool
        Whether nothing more can be proved of the case.
    """
    share = max(case.penalty * _GROWTH, FIRST_SHARE * (abs(prices.bound) + 1.0))
    couple = is_couple(case)
    ledger = Ledger(search, case.day, prices, better_later=better_later)
    while search.left > 0 and search.bounds[number] < search.ceiling - TIE and not ledger.given_up:
        room = search.ceiling - prices.bound + TIE
        asked = room / 2 if couple else room
        if share <= BOUNDLESS:
            asked = min(asked, share)
        dear = most_late(case.day, search.ceiling)
        found = enumerate_runs(case.day, prices, asked, dear, search.halt, whole=case.whole)
        if found is None:
            return False
        runs = [one.whole() for one in found]
        allowance = min(one.allowance for one in runs)
        full = allowance >= asked
        if couple:
            allowance = min(room, 2 * allowance)
            bound = _join(search, case, prices, runs, allowance, dear=dear, ledger=ledger)
        else:
            bound = _settle(search, case.day, runs, prices.bound + allowance, ledger)
        edge = prices.bound + allowance
        search.raise_bound(min(bound, edge) if allowance < room else bound, number)
        if allowance >= room or not full or bound < edge:
            return full and search.left > 0
        share = asked * _GROWTH
    return search.bounds[number] >= search.ceiling - TIE


def _join(
    search: State,
    case: Case,
    prices: Prices,
    runs: list[Runs],
    allowance: float,
    *,
    dear: int,
    ledger: Ledger,
) -> float:
    """Find the cheapest plan of two runs; offer it."""
    best = best_couple(case, prices, runs, allowance, dear, stop=search.halt, ledger=ledger)
    if best.runs:
        search.offer(_named(case.day, best.runs))
    return best.bound


def _settle(search: State, day: Day, runs: list[Runs], edge: float, ledger: Ledger) -> float:
    """Find the cheapest choice of runs, looking up what those chosen really cost; offer it."""
    columns = columns_of(runs)
    if columns.cost.size == 0:
        return np.inf if day.must.any() else day.constant
    looked_up: set[int] = set()
    while True:
        choice = choose(day, columns, min(edge, search.ceiling + TIE), search.left)
        if choice.columns is None:
            return choice.bound
        entries = []
        for column in choice.columns:
            kind, number = int(columns.kind[column]), int(columns.number[column])
            entry = ledger.entry(kind, runs[kind].stops(number), float(columns.cost[column]))
            # no other run saves more than the constant, so a plan with this one costs as much
            cost = min(entry.bound, abs(search.ceiling))
            columns.cost[column] = max(columns.cost[column], cost)
            entries.append(entry)
        search.offer(_named(day, entries))
        if looked_up.issuperset(choice.columns) or search.left <= 0:
            return choice.bound
        looked_up.update(choice.columns)


def _named(day: Day, runs: list[Entry]) -> list[Route]:
    """Give each run a vehicle of its kind."""
    free = [list(kind.vehicles) for kind in day.kinds]
    routes = []
    for run in runs:
        vans = free[run.kind]
        vehicle = vans.pop(0) if len(vans) > 1 else vans[0]
        route = run.route or Route(vehicle=0, sites=tuple(day.sites[row] for row in run.stops))
        routes.append(replace(route, vehicle=vehicle))
    return routes
