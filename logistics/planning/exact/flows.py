"""The tail-flow relaxation: arcs driven, and for each stop the flow of what it sends after itself.

For each site one unit of flow leaves it along the arcs driven after it and ends at the hub. Its
inflow elsewhere says who rides direct, so waiting is linear in it, and since it never exceeds the
arcs, every site is joined to the hub: no subtour is possible. First-order methods (PDLP, Applegate
et al. 2021, "Practical large-scale linear programming using primal-dual hybrid gradient") solve it
many times faster than the simplex method; what they leave unfinished `prices` makes good.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from ortools.math_opt.python import mathopt
from ortools.pdlp import solvers_pb2

from logistics.planning.exact.company import (
    keep_company,
    keep_squares,
    prices_of,
)
from logistics.planning.exact.day import Flags, Floats, Integers, direct_gain
from logistics.planning.exact.limits import late_rate, longest_work
from logistics.planning.exact.programme import MUCH_LATER, TWICE, Rows

if TYPE_CHECKING:
    from logistics.planning.exact.day import Day
    from logistics.planning.exact.limits import Work


_DIGITS = 1e-4
MOST_ROWS = 112
"""Rows of a day up to which the relaxation is solved in a minute or so."""
MANY_ROWS, _NEAR = 32, ((64, 12), (MOST_ROWS, 8))
"""Rows up to which all arcs are known, and how many from each row on larger days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """
    At least `runs` runs enter a set of compulsory sites.

    Attributes
    ----------
    inside
        Which rows belong to the set.
    runs
        How many runs it takes at least.
    """

    inside: Flags
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Duals:
    """
    Prices of the rows of the relaxation, as the solver left them.

    Attributes
    ----------
    visit
        For each site that it is visited once.
    balance
        For each kind and site: as many arrive as leave.
    runs
        For each kind: so many runs at most.
    cuts
        For each cut.
    link
        For origin and arc: flow only where a van drives; at least 0.
    potential
        For origin and site: what arrives leaves.
    pair
        For two sites: either before the other, or neither; at least 0, symmetric.
    time
        For each kind: its runs work no longer than they may; SEK for each second, at least 0.
    company
        For each site: it and all on its run take no longer than a run may; SEK for each second,
        at least 0.
    square
        For weights of the stops: the square of a run's sum is never negative; the weights' products
        times their prices, summed, for each two sites and on the diagonal for one.
    """

    visit: Floats
    balance: Floats
    runs: Floats
    cuts: Floats
    link: Floats
    potential: Floats
    pair: Floats
    time: Floats
    company: Floats
    square: Floats


def solve_flows(
    day: Day,
    allowed: Flags,
    cuts: list[Cut],
    seconds: float,
    work: Work | None = None,
    weights: Floats | None = None,
) -> Duals | None:
    """
    Solve the tail-flow relaxation on some of the arcs.

    Parameters
    ----------
    day
        The day.
    allowed
        Which arcs the relaxation knows; all others are priced afterwards.
    cuts
        Sets that take several runs.
    seconds
        Time limit; a solver that is stopped still leaves prices that can be made good.
    work
        What each site adds to the work of a run; None where nothing is known.
    weights
        Of the rows, the hub's nothing, one line for each square.

    Returns
    -------
    Duals or None
        None where the solver left nothing.
    """
    rows = Rows()
    tail, head = np.nonzero(allowed)
    arcs = Arcs(day, rows, tail, head, cuts)
    flows = Flows(day, rows, arcs)
    company = rows.add_rows(np.zeros(0), np.zeros(0))
    if work is not None:
        company = keep_company(day, rows, arcs, flows, work)
    weights = np.zeros((0, day.size)) if weights is None else weights
    squares = keep_squares(rows, arcs, flows, weights)
    model = rows.model()
    parameters = mathopt.SolveParameters(
        threads=1, time_limit=timedelta(seconds=seconds), pdlp=_rough()
    )
    result = mathopt.solve(model, mathopt.SolverType.PDLP, params=parameters)
    if not result.solutions or result.solutions[0].dual_solution is None:
        return None
    answer = result.solutions[0].dual_solution.dual_values
    dual = np.zeros(rows.count)
    for row, value in answer.items():
        dual[row.id] = value
    return Duals(
        visit=np.concatenate([[0.0], dual[arcs.visit]]),
        balance=np.concatenate([np.zeros((len(day.kinds), 1)), dual[arcs.balance]], axis=1),
        runs=dual[arcs.runs],
        cuts=dual[arcs.cuts],
        time=np.maximum(0.0, -dual[arcs.time]) / arcs.longest,
        company=prices_of(dual[company], arcs.longest.max(), day.size),
        square=(weights.T * np.maximum(0.0, dual[squares])) @ weights,
        **flows.duals(day, dual),
    )


def _rough() -> solvers_pb2.PrimalDualHybridGradientParams:
    """Ask for few digits: what is lacking costs a little of the bound, and most of the time."""
    parameters = solvers_pb2.PrimalDualHybridGradientParams()
    criteria = parameters.termination_criteria.simple_optimality_criteria
    criteria.eps_optimal_relative = criteria.eps_optimal_absolute = _DIGITS
    return parameters


class Arcs:
    """
    Columns and rows of the arcs driven, one layer for each kind of vehicle.

    Parameters
    ----------
    day
        The day.
    rows
        The programme they are added to.
    tail, head
        Where each arc begins and ends, by row of the day.
    cuts
        Sets that take several runs.
    """

    def __init__(
        self, day: Day, rows: Rows, tail: Integers, head: Integers, cuts: list[Cut]
    ) -> None:
        self.tail, self.head = tail, head
        size, kinds = day.size, len(day.kinds)
        seconds = day.travel + day.service * (np.arange(size) > 0)
        self.columns = np.stack(
            [rows.add_columns((kind.arcs + kind.pay * seconds)[tail, head]) for kind in day.kinds]
        )
        ones = np.ones(size - 1)
        self.visit = rows.add_rows(day.must[1:].astype(float), ones)
        self.balance = np.stack([rows.add_rows(0 * ones, 0 * ones) for _ in range(kinds)])
        self.runs = np.concatenate(
            [rows.add_rows(np.zeros(1), np.array([float(kind.runs)])) for kind in day.kinds]
        )
        self.cuts = rows.add_rows(
            np.array([float(cut.runs) for cut in cuts]), np.full(len(cuts), np.inf)
        )
        out, into = tail == 0, head == 0
        self.longest = np.array([max(1, longest_work(day, kind)) for kind in day.kinds])
        self.time = rows.add_rows(np.full(kinds, -np.inf), np.zeros(kinds))
        dearest = MUCH_LATER * late_rate(day) * self.longest
        rows.put(self.time, rows.add_columns(dearest), -MUCH_LATER)
        for kind in range(kinds):
            share = seconds[tail, head] / self.longest[kind] - out
            rows.put(np.full(tail.size, self.time[kind]), self.columns[kind], share)
            columns = self.columns[kind]
            rows.put(self.visit[head[~into] - 1], columns[~into], 1.0)
            rows.put(self.balance[kind][head[~into] - 1], columns[~into], 1.0)
            rows.put(self.balance[kind][tail[~out] - 1], columns[~out], -1.0)
            rows.put(np.full(out.sum(), self.runs[kind]), columns[out], 1.0)
            for row, cut in zip(self.cuts, cuts, strict=True):
                enters = cut.inside[head] & ~cut.inside[tail]
                rows.put(np.full(enters.sum(), row), columns[enters], 1.0)


class Flows:
    """
    Columns and rows of the tail flows, and of who is on the same run.

    Parameters
    ----------
    day
        The day.
    rows
        The programme they are added to.
    arcs
        What it holds already.
    """

    def __init__(self, day: Day, rows: Rows, arcs: Arcs) -> None:
        size = day.size
        inner = arcs.tail > 0
        origin = np.repeat(np.arange(1, size), inner.sum())
        number = np.tile(np.flatnonzero(inner), size - 1)
        keep = arcs.head[number] != origin
        self.origin, number = origin[keep], number[keep]
        self.tail, self.head = arcs.tail[number], arcs.head[number]
        gain = direct_gain(day)
        columns = rows.add_columns(-gain[self.origin, self.head])
        none = np.full(columns.size, -np.inf)
        self.link = rows.add_rows(none, np.zeros(columns.size))
        rows.put(self.link, columns, 1.0)
        for layer in arcs.columns:
            rows.put(self.link, layer[number], -1.0)
        nothing = np.zeros((size - 1) ** 2)
        self.potential = rows.add_rows(nothing, nothing).reshape(size - 1, size - 1)
        rows.put(self.potential[self.origin - 1, self.tail - 1], columns, 1.0)
        on = self.head > 0
        rows.put(self.potential[self.origin[on] - 1, self.head[on] - 1], columns[on], -1.0)
        for layer in arcs.columns:
            tails = arcs.tail[inner] - 1
            rows.put(self.potential[tails, tails], layer[inner], -1.0)
        first, second = np.triu_indices(size - 1, 1)
        self.first, self.second = first + 1, second + 1
        count = np.zeros(first.size)
        self.pair = rows.add_rows(count - np.inf, count)
        self.both = rows.add_columns(count)
        join = rows.add_rows(count, count)
        where = np.zeros((size, size), dtype=np.int64)
        where[self.first, self.second] = where[self.second, self.first] = join
        rows.put(where[self.origin[on], self.head[on]], columns[on], 1.0)
        rows.put(join, self.both, -TWICE)
        rows.put(self.pair, self.both, TWICE)
        for layer in arcs.columns:
            self._visits(rows, arcs, layer)

    def _visits(self, rows: Rows, arcs: Arcs, layer: Integers) -> None:
        """Put the visits of the second site of each pair on the right of its row."""
        for row in np.unique(self.second):
            pairs, into = self.pair[self.second == row], np.flatnonzero(arcs.head == row)
            rows.put(np.repeat(pairs, into.size), np.tile(layer[into], pairs.size), -1.0)

    def duals(self, day: Day, dual: Floats) -> dict[str, Floats]:
        """
        Read the prices of the rows of the flows.

        Parameters
        ----------
        day
            The day.
        dual
            Of all rows.

        Returns
        -------
        dict[str, Floats]
            By their names in :class:`Duals`.
        """
        size = day.size
        link = np.zeros((size, size, size))
        link[self.origin, self.tail, self.head] = np.maximum(0.0, -dual[self.link])
        potential = np.zeros((size, size))
        potential[1:, 1:] = dual[self.potential]
        pair = np.zeros((size, size))
        pair[self.first, self.second] = np.maximum(0.0, -dual[self.pair])
        return {"link": link, "potential": potential, "pair": pair}


def near_arcs(day: Day) -> Flags:
    """
    Choose the arcs that the relaxation should know.

    Parameters
    ----------
    day
        The day.

    Returns
    -------
    Flags
        All of a small day; of others those from and to the hub, and from each site to the nearest
        and back.
    """
    allowed = ~np.eye(day.size, dtype=np.bool_)
    if day.size > MANY_ROWS:
        apart = np.where(allowed, day.travel, np.iinfo(np.int64).max)
        count = next((count for most, count in _NEAR if day.size <= most), _NEAR[-1][1])
        near = apart.argsort(axis=1, kind="stable")[:, :count]
        close = np.zeros_like(allowed)
        np.put_along_axis(close, near, values=True, axis=1)
        close[0] = True
        allowed &= close | close.T
    return allowed
