"""The linear programme over the runs found so far, whose prices say what runs are lacking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ortools.math_opt.python import mathopt

from logistics.planning.exact.day import Floats

if TYPE_CHECKING:
    from logistics.planning.exact.day import Day
    from logistics.planning.exact.prices import Prices


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """
    What is added to the prices of the flows.

    Attributes
    ----------
    visit, runs
        SEK for a visit to each site, and a run of each kind.
    fewest
        SEK for being one of the fewest runs.
    """

    visit: Floats
    runs: Floats
    fewest: float

    def mixed(self, other: Shift, share: float) -> Shift:
        """
        Go part of the way from another.

        Parameters
        ----------
        other
            Where from.
        share
            How far, 1 being all the way.

        Returns
        -------
        Shift
            Between the two.
        """
        return Shift(
            visit=share * self.visit + (1 - share) * other.visit,
            runs=share * self.runs + (1 - share) * other.runs,
            fewest=share * self.fewest + (1 - share) * other.fewest,
        )


class Master:
    """
    The linear programme over the runs found so far.

    Parameters
    ----------
    day
        The day.
    prices
        What the flows say of it: runs cost what they cost beyond these.
    fewest
        How many runs there must be.
    most_less
        SEK by which the pay for being one of them may be lowered.
    """

    def __init__(self, day: Day, prices: Prices, fewest: int, most_less: float) -> None:
        self.day = day
        self.model = mathopt.Model()
        dear = 2.0 * (day.constant + 1000.0)
        self.sites, self.spare, self.lacking = [], [], []
        for _ in range(1, day.size):
            site, lacking = self._row(1.0)
            spare = self.model.add_variable(lb=0.0)
            site.set_coefficient(spare, -1.0)
            self.sites.append(site)
            self.spare.append(spare)
            self.lacking.append(lacking)
        self.kinds = []
        for kind, price in zip(day.kinds, prices.runs, strict=True):
            row, lacking = self._row(float(kind.runs))
            self.model.objective.set_linear_coefficient(lacking, max(0.0, -float(price)))
            self.kinds.append(row)
        self.fewest = self.model.add_linear_constraint(lb=float(fewest))
        lacking = self.model.add_variable(lb=0.0)
        self.fewest.set_coefficient(lacking, 1.0)
        self.model.objective.set_linear_coefficient(lacking, dear)
        if most_less:
            self.fewest.upper_bound = float(fewest)
            spare = self.model.add_variable(lb=0.0)
            self.fewest.set_coefficient(spare, -1.0)
            self.model.objective.set_linear_coefficient(spare, most_less)
        self.least_fewest = -most_less
        self.solver = mathopt.IncrementalSolver(self.model, mathopt.SolverType.GLOP)
        self.limits = prices
        self.costs: dict[tuple[int, int], tuple[float, mathopt.Variable]] = {}

    def _row(self, right: float) -> tuple[mathopt.LinearConstraint, mathopt.Variable]:
        row = self.model.add_linear_constraint(lb=right, ub=right)
        variable = self.model.add_variable(lb=0.0)
        row.set_coefficient(variable, 1.0)
        return row, variable

    def keep_within(self, box: float) -> None:
        """
        Let the prices of sites move so far from those of the flows, SEK, and no farther.

        Parameters
        ----------
        box
            How far up and down; a site that may be left out is never paid for a visit.
        """
        for row, (spare, lacking) in enumerate(zip(self.spare, self.lacking, strict=True), 1):
            least = np.inf if self.day.must[row] else -float(self.limits.visit[row])
            self.model.objective.set_linear_coefficient(lacking, min(box, least))
            self.model.objective.set_linear_coefficient(spare, box)

    def add(self, kind: int, stops: int, inside: Floats, cost: float) -> int:
        """
        Add a run, or a cheaper order of its stops.

        Parameters
        ----------
        kind
            Position of its kind of vehicle.
        stops
            Its stops as bits.
        inside
            The same as zeros and ones.
        cost
            SEK beyond the prices of the flows.

        Returns
        -------
        int
            How many were added or made cheaper.
        """
        known = self.costs.get((kind, stops))
        if known is not None:
            if cost < known[0] - 1e-7:
                self.costs[kind, stops] = cost, known[1]
                self.model.objective.set_linear_coefficient(known[1], cost)
                return 1
            return 0
        variable = self.model.add_variable(lb=0.0)
        self.costs[kind, stops] = cost, variable
        self.model.objective.set_linear_coefficient(variable, cost)
        self.kinds[kind].set_coefficient(variable, 1.0)
        self.fewest.set_coefficient(variable, 1.0)
        for row in np.flatnonzero(inside):
            self.sites[row].set_coefficient(variable, 1.0)
        return 1

    def solve(self) -> tuple[float, Shift] | None:
        """
        Solve.

        Returns
        -------
        tuple[float, Shift] or None
            The value in SEK and the prices; None where the solver has neither.
        """
        result = self.solver.solve()
        if not (result.has_dual_feasible_solution() and result.has_primal_feasible_solution()):
            return None
        visit = np.array([0.0, *result.dual_values(self.sites)])
        most = np.where(self.day.must, np.inf, np.maximum(0.0, -self.limits.visit))
        runs = np.minimum(np.array(result.dual_values(self.kinds)), -self.limits.runs)
        return result.objective_value(), Shift(
            visit=np.minimum(visit, most),
            runs=runs,
            fewest=max(self.least_fewest, result.dual_values(self.fewest)),
        )
