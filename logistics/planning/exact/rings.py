"""The last step of a proof: the best choice among the runs in growing rings round the bound."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from logistics.planning.exact.arcs import MANY_ROWS
from logistics.planning.exact.couple import best_couple, is_couple
from logistics.planning.exact.ledger import Ledger
from logistics.planning.exact.limits import most_late
from logistics.planning.exact.partition import choose, columns_of
from logistics.planning.exact.runs import MOST_LABELS, MOST_SITES, enumerate_runs
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
_GROWTH, _NEAR = 3.0, 5.0
"""How much wider the next ring is; the last may be so much wider."""
_PACE, _PACE_OF_ONE = (80_000, 20_000), 70_000
"""Labels of one length for each second left, on small and on large days, and where plans have one
run: more would not be done in time, and tell nothing."""
_HOPELESS = 5e6
"""Labels beyond which better prices come first, where they can be had."""
_NARROW, _FEW_LABELS, _SOON = (0.2, 0.4), 1 << 15, 2e6
"""Shares of the room, and labels of one length, by which it is foretold whether all labels are few
enough."""
_DEARER, _BESIDE_SECONDS = 3.0, 0.01
"""How much longer a ring may take than the last one, and what it takes to search beside a run."""


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
        Whether it takes better prices to prove more, not just more time.
    """
    share = max(case.penalty * _GROWTH, FIRST_SHARE * (abs(prices.bound) + 1.0))
    couple = is_couple(case)
    alone = case.most == 1
    ledger = Ledger(search, case.day, prices, better_later=better_later)
    dear = most_late(case.day, search.ceiling)
    rings: list[tuple[float, int]] = []
    pace, limit = _PACE[case.day.size > MANY_ROWS], MOST_LABELS
    if alone:
        pace, limit = min(pace, _PACE_OF_ONE), 2 * MOST_LABELS
    while search.left > 0 and search.bounds[number] < search.ceiling - TIE and not ledger.given_up:
        room = search.ceiling - prices.bound + TIE
        asked = min(room, share) if share <= BOUNDLESS else room
        began = monotonic()
        most = max(_FEW_LABELS, min(limit, int(pace * search.left)))
        found = enumerate_runs(
            case.day, prices, asked, dear, search.halt, whole=case.whole, most=most
        )
        if found is None:
            return True
        took = monotonic() - began
        rings.append((asked, sum(one.parent.size for one in found)))
        runs = [one.whole() for one in found]
        reach = min(one.allowance for one in runs)
        full, last = reach >= asked, False
        share = asked * (_GROWTH if room > _NEAR * asked else _NEAR)
        if couple:
            farther = _farther(runs, room, reach, took) if took < search.left / _DEARER else reach
            share, last = min(share, farther), farther <= reach
            if not full or last:
                reach = min(room, 2 * reach)
            best = best_couple(
                case, prices, runs, reach, dear=dear, stop=search.halt, ledger=ledger
            )
            if best.runs:
                search.offer(_named(case.day, best.runs))
            bound = best.bound
        else:
            bound = _settle(search, case, runs, prices.bound + reach, ledger)
        edge = prices.bound + reach
        search.raise_bound(min(bound, edge) if reach < room else bound, number)
        if reach >= room or not full or bound < edge:
            return not full or (couple and search.bounds[number] < search.ceiling - TIE)
        many = rings[-1][1] > _FEW_LABELS
        foretold = _labels(rings, min(share, room), alone=alone)
        if last or (better_later and many and foretold > _HOPELESS):
            return True
    return ledger.given_up


def within_reach(search: State, case: Case, prices: Prices) -> bool:
    """
    Tell whether all runs of a case that matter can soon be enumerated, as narrow rings foretell it.

    Parameters
    ----------
    search
        The proof under way.
    case
        Some of the plans of the day.
    prices
        A dual solution of the case.

    Returns
    -------
    bool
        Whether better prices are not worth waiting for.
    """
    room = search.ceiling - prices.bound
    if case.day.size > MOST_SITES + 1 or not 0 < room < BOUNDLESS:
        return False
    dear = most_late(case.day, search.ceiling)
    rings: list[tuple[float, int]] = []
    for share in _NARROW:
        found = enumerate_runs(
            case.day,
            prices,
            share * room,
            dear,
            search.halt,
            whole=case.whole,
            most=_FEW_LABELS,
            thin=False,
        )
        if found is None:
            return False
        rings.append((share * room, sum(one.parent.size for one in found)))
    return _labels(rings, room) <= _SOON


def _labels(rings: list[tuple[float, int]], asked: float, *, alone: bool = False) -> float:
    """
    Foretell how many labels it takes to enumerate so far, as they grew from ring to ring.

    Where plans have one run, labels by all that is compulsory run out: they grow by a power.
    """
    if len(rings) < 2:  # noqa: PLR2004
        return 0.0
    (near, few), (far, many) = rings[-2:]
    ahead = log(asked / far) / log(far / near) if alone else (asked - far) / (far - near)
    return float(many * exp(min(99.0, log(max(1.0, many / few)) * ahead)))


def _farther(runs: list[Runs], room: float, reach: float, took: float) -> float:
    """
    Tell how far to enumerate at most where plans have two runs; no farther than now to go on.

    The farther runs are known, the fewer are those beside which others have to be searched for,
    but the longer it takes: some times as long for a third of what is missing.
    """
    if reach >= room or 2 * reach < room:
        return min(room, max(reach, room / 2))
    extra = np.concatenate([one.extra for one in runs])
    farther = reach + (room - reach) / 3
    now, then = (_BESIDE_SECONDS * int((extra < room - far).sum()) for far in (reach, farther))
    return farther if took * _DEARER + then < now else reach


def _settle(search: State, case: Case, runs: list[Runs], edge: float, ledger: Ledger) -> float:
    """Find the cheapest choice of runs, looking up what those chosen really cost; offer it."""
    day, columns = case.day, columns_of(runs)
    if columns.cost.size == 0:
        return np.inf if day.must.any() else day.constant
    looked_up: set[int] = set()
    while True:
        choice = choose(case, columns, min(edge, search.ceiling + TIE), search.left)
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
