"""The last step of a proof: the best choice among the runs in growing rings round the bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact.couple import best_couple, is_couple
from logistics.planning.exact.limits import most_late
from logistics.planning.exact.partition import choose, columns_of
from logistics.planning.exact.runs import enumerate_runs
from logistics.planning.exact.state import TIE
from logistics.planning.plan import Route

if TYPE_CHECKING:
    from logistics.planning.exact.day import Day
    from logistics.planning.exact.fleet import Case
    from logistics.planning.exact.partition import Columns
    from logistics.planning.exact.prices import Prices
    from logistics.planning.exact.runs import Runs
    from logistics.planning.exact.state import State

FIRST_SHARE = 0.005
"""The first ring, as a share of the bound."""
BOUNDLESS = 1e13
"""SEK beyond which rings round the bound only grow: what nobody pays is less."""
_GROWTH = 3.0


def close(search: State, number: int, case: Case, prices: Prices) -> bool:
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

    Returns
    -------
    bool
        Whether nothing more can be proved of the case.
    """
    share = max(case.penalty * _GROWTH, FIRST_SHARE * (abs(prices.bound) + 1.0))
    couple = is_couple(case)
    while search.left > 0 and search.bounds[number] < search.ceiling - TIE:
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
            bound = _join(search, case, prices, runs, allowance, dear)
        else:
            bound = _settle(search, case.day, runs, prices.bound + allowance)
        edge = prices.bound + allowance
        search.raise_bound(min(bound, edge) if allowance < room else bound, number)
        if allowance >= room or not full or bound < edge:
            return full and search.left > 0
        share = asked * _GROWTH
    return search.bounds[number] >= search.ceiling - TIE


def _join(
    search: State, case: Case, prices: Prices, runs: list[Runs], allowance: float, dear: int
) -> float:
    """Find the cheapest plan of two runs; offer it."""
    best = best_couple(case, prices, runs, allowance, dear, search.halt)
    if best.runs:
        search.offer(_named(case.day, best.runs))
    return best.bound


def _settle(search: State, day: Day, runs: list[Runs], edge: float) -> float:
    """Find the cheapest choice of runs; offer it."""
    columns = columns_of(runs)
    if columns.cost.size == 0:
        return np.inf if day.must.any() else day.constant
    ceiling = min(edge, search.ceiling + TIE)
    choice = choose(day, columns, ceiling, search.left)
    if choice.columns is None:
        return choice.bound
    search.offer(_routes(day, runs, columns, choice.columns))
    return choice.bound


def _routes(day: Day, runs: list[Runs], columns: Columns, picked: list[int]) -> list[Route]:
    at = [(int(columns.kind[column]), int(columns.number[column])) for column in picked]
    return _named(day, [(kind, runs[kind].stops(number)) for kind, number in at])


def _named(day: Day, runs: list[tuple[int, tuple[int, ...]]]) -> list[Route]:
    free = [list(kind.vehicles) for kind in day.kinds]
    routes = []
    for kind, stops in runs:
        vehicle = free[kind].pop(0) if len(free[kind]) > 1 else free[kind][0]
        routes.append(Route(vehicle=vehicle, sites=tuple(day.sites[row] for row in stops)))
    return routes
