"""A bound for days too large for the rest: every stop has one way in and one way on.

Take a plan apart into its arcs: each site that is visited has one arc in and one out, and each run
leaves the hub and comes back to it once. The cheapest choice of such arcs, an assignment, is found
exactly whatever the size (Carpaneto and Toth 1980, "Some new branching and bounding criteria for
the asymmetric travelling salesman problem", bound tours so). A site that may be left out may be
assigned to itself for nothing, and so may a vehicle. What riding direct saves is granted in full,
half to the stop where it begins and half to the one where it ends. Costs are whole öre, rounded
down: the bound owes nothing to floating point but the sum of the constant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment

from logistics.planning.exact.day import direct_gain

if TYPE_CHECKING:
    from logistics.planning.exact.day import Day, Floats, Integers

_ORE = 100
_FORBIDDEN_ORE = 10**13
"""Dearer than any plan worth a thought; a bound that reaches it says so of the day."""
_MOST_ORE = 10**12


def assignment_bound(day: Day) -> float:
    """
    Bound the cost of a day by the cheapest arcs in and out of every stop.

    Parameters
    ----------
    day
        The day, with a vehicle.

    Returns
    -------
    float
        SEK: no plan costs less. Nothing where amounts are too large to tell.
    """
    costs = _arcs(day)
    hubs = min(sum(kind.runs for kind in day.kinds), day.size - 1)
    if not np.abs(costs).max() * _ORE < _MOST_ORE:
        return 0.0
    ore = np.floor(costs * _ORE).astype(np.int64)
    total = _cheapest(_with_hubs(day, ore, hubs))
    rounding = 1e-9 * (1.0 + abs(day.constant))
    return max(0.0, day.constant + total / _ORE - rounding)


def _arcs(day: Day) -> Floats:
    """Price each arc at the cheapest vehicle, with all that its two ends can save."""
    seconds = day.travel + day.service * (np.arange(day.size) > 0)
    costs = np.min([kind.arcs + kind.pay * seconds for kind in day.kinds], axis=0)
    gain = np.maximum(0.0, direct_gain(day))
    costs = costs - gain.sum(axis=0)[np.newaxis, :] / 2 - gain.sum(axis=1)[:, np.newaxis] / 2
    own = np.arange(day.size)
    costs[own, own] = 0.0
    return np.asarray(costs, dtype=np.float64)


def _with_hubs(day: Day, ore: Integers, hubs: int) -> Integers:
    """Give every run a hub of its own in front of the sites."""
    rows = np.concatenate([np.zeros(hubs, dtype=np.int64), np.arange(1, day.size)])
    table = ore[np.ix_(rows, rows)]
    stays = np.where(day.must[1:], _FORBIDDEN_ORE, 0)
    sites = np.arange(hubs, len(rows))
    table[sites, sites] = stays
    table[:hubs, :hubs] = 0
    if day.must.any():  # then somebody drives
        table[0, :hubs] = table[:hubs, 0] = _FORBIDDEN_ORE
    return np.asarray(table, dtype=np.int64)


def _cheapest(table: Integers) -> int:
    """Solve the assignment in whole numbers."""
    size = len(table)
    least = table.min()
    ends = np.arange(size)
    solver = SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(np.repeat(ends, size), np.tile(ends, size), (table - least).ravel())
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise AssertionError(f"assignment of {size} rows ended as {status}, expected an optimum")
    return int(solver.optimal_cost()) + int(least) * size
