"""The tail-flow relaxation: arcs driven, and for each stop the flow of what it sends after itself.

For each site one unit of flow leaves it along the arcs driven after it and ends at the hub. Its
inflow elsewhere says who rides direct, so waiting is linear in it, and since it never exceeds the
arcs, every site is joined to the hub: no subtour is possible. First-order methods (PDLP, Applegate
et al. 2021, "Practical large-scale linear programming using primal-dual hybrid gradient") solve it
many times faster than the simplex method; what they leave unfinished `prices` makes good.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from ortools.math_opt.python import mathopt
from ortools.pdlp import solvers_pb2

from logistics.planning.exact.arcs import Arcs
from logistics.planning.exact.day import direct_gain
from logistics.planning.exact.duals import Cut, Duals
from logistics.planning.exact.first_order import FirstOrder
from logistics.planning.exact.pairs import Pairs
from logistics.planning.exact.programme import Rows

if TYPE_CHECKING:
    from logistics.planning.exact.day import Day, Flags, Floats, Integers

_DIGITS = 1e-4


def solve_flows(
    day: Day,
    allowed: Flags,
    cuts: list[Cut],
    seconds: float,
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
        Time limit, none left where negative; a solver that is stopped still leaves prices that can
        be made good.

    Returns
    -------
    Duals or None
        None where the solver left nothing.
    """
    rows = Rows()
    tail, head = np.nonzero(allowed)
    arcs = Arcs(day, rows, tail, head, cuts)
    flows = Flows(rows, arcs, tail, head, direct_gain(day))
    pairs = Pairs(day, rows, arcs, flows)
    model = rows.model()
    # time may have run out while the caller made the arguments
    limit = timedelta(seconds=max(0.0, seconds))
    parameters = mathopt.SolveParameters(threads=1, time_limit=limit, pdlp=_rough())
    result = mathopt.solve(model, mathopt.SolverType.PDLP, params=parameters)
    if not result.solutions or result.solutions[0].dual_solution is None:
        return None
    answer = result.solutions[0].dual_solution.dual_values
    dual = np.zeros(rows.count)
    for row, value in answer.items():
        dual[row.id] = value
    return duals_of(arcs, flows, pairs, dual)


def solve_roughly(day: Day, allowed: Flags, cuts: list[Cut], steps: int, stop: Flags) -> Duals:
    """
    Solve the relaxation of a day on which nothing is saved by riding direct, to three digits or so.

    Parameters
    ----------
    day
        The day.
    allowed
        Which arcs the relaxation knows; all others are priced afterwards.
    cuts
        Sets that take several runs.
    steps
        Of the first-order method.
    stop
        Whoever sets its first element ends the search: what it leaves can be made good.

    Returns
    -------
    Duals
        The prices.
    """
    rows = Rows()
    tail, head = np.nonzero(allowed)
    arcs = Arcs(day, rows, tail, head, cuts)
    flows = Flows(rows, arcs, tail, head, np.zeros((day.size, day.size)))
    solver = FirstOrder(rows.table())
    solver.run(steps, stop)
    return duals_of(arcs, flows, None, solver.dual)


def duals_of(arcs: Arcs, flows: Flows, pairs: Pairs | None, dual: Floats) -> Duals:
    """
    Read the prices of the rows that every relaxation has.

    Parameters
    ----------
    arcs, flows, pairs
        Its columns and rows; None where nothing is told of pairs.
    dual
        Of all rows.

    Returns
    -------
    Duals
        The prices.
    """
    size = flows.size
    return Duals(
        visit=np.append(0.0, dual[arcs.visit]),
        balance=np.pad(dual[arcs.balance], ((0, 0), (1, 0))),
        runs=dual[arcs.runs],
        cuts=dual[arcs.cuts],
        time=np.maximum(0.0, -dual[arcs.time]) / arcs.longest,
        link=flows.link_prices(dual),
        potential=flows.potentials(dual),
        pair=np.zeros((size, size)) if pairs is None else pairs.prices(dual),
        company=np.zeros(size),
    )


def _rough() -> solvers_pb2.PrimalDualHybridGradientParams:
    """Ask for few digits: what is lacking costs a little of the bound, and most of the time."""
    parameters = solvers_pb2.PrimalDualHybridGradientParams()
    criteria = parameters.termination_criteria.simple_optimality_criteria
    criteria.eps_optimal_relative = criteria.eps_optimal_absolute = _DIGITS
    return parameters


class Flows:
    """
    A unit of flow from each site to the hub: on arcs driven after it, or back on those before.

    Parameters
    ----------
    rows
        The programme they are added to.
    arcs
        What it holds already.
    tail, head
        Where the flow on each arc comes from and goes to: turned round for what comes before.
    gain
        SEK that a unit of flow from the row saves at the column.
    """

    def __init__(
        self, rows: Rows, arcs: Arcs, tail: Integers, head: Integers, gain: Floats
    ) -> None:
        self.size = size = len(gain)
        inner = tail > 0
        origin = np.repeat(np.arange(1, size), inner.sum())
        number = np.tile(np.flatnonzero(inner), size - 1)
        keep = head[number] != origin
        self.origin, number = origin[keep], number[keep]
        self.tail, self.head = tail[number], head[number]
        self.columns = columns = rows.add_columns(-gain[self.origin, self.head])
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
            tails = tail[inner] - 1
            rows.put(self.potential[tails, tails], layer[inner], -1.0)

    def link_prices(self, dual: Floats) -> Floats:
        """
        Read the prices of flow on arcs.

        Parameters
        ----------
        dual
            Of all rows.

        Returns
        -------
        Floats
            By origin, tail and head; at least 0.
        """
        return self.table(np.maximum(0.0, -dual[self.link]))

    def potentials(self, dual: Floats) -> Floats:
        """
        Read the prices of what arrives and leaves.

        Parameters
        ----------
        dual
            Of all rows.

        Returns
        -------
        Floats
            By origin and site.
        """
        potential = np.zeros((self.size, self.size))
        potential[1:, 1:] = dual[self.potential]
        return potential

    def table(self, values: Floats) -> Floats:
        """
        Put what each column holds where it belongs.

        Parameters
        ----------
        values
            One a column.

        Returns
        -------
        Floats
            By origin, tail and head.
        """
        table: Floats = np.zeros((self.size, self.size, self.size))
        table[self.origin, self.tail, self.head] = values
        return table
