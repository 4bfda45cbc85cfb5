"""Column generation: prices of the sites that know of time, breaks and waiting.

The tail flows know what rides direct, but not how long a run takes. Here runs are columns of a
linear programme, and its prices shift those of the flows. Runs that would lower its value are
found by the same search that enumerates runs, so every round proves a bound (Lagrange; Desrosiers
and Luebbecke 2005, "A primer in column generation", section 1.2). Prices are taken between the
best so far and the programme's (Pessoa, Sadykov, Uchoa and Vanderbeck 2018, "Automation and
combination of linear-programming based stabilization techniques in column generation", section 2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
from ortools.math_opt.python import mathopt

from logistics.planning.exact.day import Floats
from logistics.planning.exact.limits import most_late
from logistics.planning.exact.runs import enumerate_runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from logistics.planning.exact.day import Flags
    from logistics.planning.exact.fleet import Case
    from logistics.planning.exact.prices import Prices
    from logistics.planning.exact.runs import Runs

_ADDED = 300
_CLOSE = 1e-5
_BOX = 1.3
MOST_LABELS = 1 << 18
_LEAST_SHARE, _FIRST_SHARE = 0.12, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shift:
    """What is added to the prices of the sites, of each kind's runs, and of the fewest runs."""

    visit: Floats
    runs: Floats
    fewest: float

    def mixed(self, other: _Shift, share: float) -> _Shift:
        return _Shift(
            visit=share * self.visit + (1 - share) * other.visit,
            runs=share * self.runs + (1 - share) * other.runs,
            fewest=share * self.fewest + (1 - share) * other.fewest,
        )


class Generator:
    """
    Raises the bound of a case by column generation.

    Parameters
    ----------
    case
        Some of the plans of a day.
    prices
        What the tail flows say of it.
    ceiling
        SEK: dearer plans are of no interest.
    stop
        Whoever sets its first element ends the search.
    """

    def __init__(self, case: Case, prices: Prices, ceiling: float, stop: Flags) -> None:
        self.case, self.day, self.stop = case, case.day, stop
        self.start = prices
        self.prices = prices
        self.ceiling = ceiling
        self.fewest = max((cut.runs for cut in case.cuts), default=0)
        self.dear = most_late(self.day, ceiling)
        kinds = len(self.day.kinds)
        self.best = _Shift(visit=np.zeros(self.day.size), runs=np.zeros(kinds), fewest=0.0)
        room = ceiling - prices.bound if np.isfinite(ceiling) else 0.1 * abs(prices.bound)
        self.box = _BOX * (1.0 + room) / max(1, self.day.size - 1)
        self.master = _Master(self, prices)

    def _shifted(self, shift: _Shift) -> Prices:
        """Shift the prices of the flows; the bound is right once no run costs less than nothing."""
        start = self.start
        first = start.first.copy()
        first[:, :, 1:] -= shift.visit[1:]
        first[:, 0, 1:] -= (shift.runs + shift.fewest)[:, np.newaxis]
        fleet = np.array([kind.runs for kind in self.day.kinds])
        gained = float(shift.visit.sum() + fleet @ shift.runs) + self.fewest * shift.fewest
        bound = start.bound + gained - 1e-9 * (1.0 + abs(gained))
        return replace(
            start,
            bound=bound,
            first=first,
            visit=start.visit + shift.visit,
            runs=start.runs + shift.runs,
        )

    def _price(self, shift: _Shift) -> int | None:
        """
        Search for runs that cost less than nothing; count the new ones.

        None where the search was ended.
        """
        prices = self._shifted(shift)
        found = enumerate_runs(
            self.day,
            prices,
            0.0,
            self.dear,
            self.stop,
            whole=self.case.whole,
            most=MOST_LABELS,
        )
        if found is None:
            return None
        least = np.array([one.extra.min(initial=min(0.0, one.allowance)) for one in found])
        fleet = np.array([kind.runs for kind in self.day.kinds])
        bound = prices.bound + float(fleet @ least)
        if bound > self.prices.bound:
            first = prices.first.copy()
            first[:, 0, 1:] -= least[:, np.newaxis]
            self.prices = replace(prices, bound=bound, first=first, runs=prices.runs + least)
            self.best = shift
        return self._add(found, shift)

    def include(self, runs: list[Runs]) -> None:
        """
        Add runs enumerated at the prices of the flows.

        Parameters
        ----------
        runs
            One entry a kind.
        """
        self._add(runs, self.best)

    def _add(self, found: list[Runs], shift: _Shift) -> int:
        """Add the best of the runs found, those with the fewest in common first."""
        added = 0
        for one in found:
            order = np.argsort(one.extra, kind="stable")[:_ADDED]
            inside = self._bits(one.sets[order])
            back = inside @ shift.visit[1:] + shift.runs[one.kind] + shift.fewest
            for at, place in enumerate(order.tolist()):
                cost = float(one.extra[place] + back[at])
                added += self.master.add(one.kind, int(one.sets[place]), inside[at], cost)
        return added

    def begin_with(self, kind: int, stops: int, cost: float) -> None:
        """
        Add a run that is known from elsewhere.

        Parameters
        ----------
        kind
            Position of its kind of vehicle.
        stops
            Its stops as bits.
        cost
            SEK at least, what it saves in waiting taken off.
        """
        inside = self._bits(np.array([stops], dtype=np.uint64))[0]
        cost -= float(inside @ self.start.visit[1:]) + float(self.start.runs[kind])
        for cut, price in zip(self.case.cuts, self.start.cut_prices, strict=True):
            cost -= price * bool(inside @ cut.inside[1:])
        self.master.add(kind, stops, inside, max(0.0, cost))

    def _bits(self, sets: np.ndarray) -> Floats:
        """Turn sets of stops into rows of zeros and ones."""
        rows = np.arange(self.day.size - 1, dtype=np.uint64)
        return ((sets[:, np.newaxis] >> rows) & np.uint64(1)).astype(np.float64)

    def run(self, until: float, on_bound: Callable[[float], None]) -> None:
        """
        Generate columns until nothing is gained, the ceiling is met, or time is up.

        Parameters
        ----------
        until
            When to end, by :func:`time.monotonic`.
        on_bound
            Told every better bound.
        """
        share = _FIRST_SHARE
        while monotonic() < until and not self.stop[0] and self.prices.bound < self.ceiling:
            solved = self.master.solve()
            if solved is None:
                return
            value, target = solved
            if self.start.bound + value - self.prices.bound < _CLOSE * (1.0 + abs(self.ceiling)):
                return
            before = self.prices.bound
            added = self._price(target.mixed(self.best, share))
            if self.prices.bound > before:
                on_bound(self.prices.bound)
                share = min(1.0, 1.3 * share)
            elif not added:
                share *= 0.5
                if share < _LEAST_SHARE:
                    return


class _Master:
    """The linear programme over the runs found so far."""

    def __init__(self, generator: Generator, prices: Prices) -> None:
        day = self.day = generator.day
        self.model = mathopt.Model()
        dear = 2.0 * (day.constant + 1000.0)
        self.sites = []
        for row in range(1, day.size):
            least = -np.inf if day.must[row] else float(prices.visit[row])
            self.sites.append(self._row(1.0, min(generator.box, -least)))
            spare = self.model.add_variable(lb=0.0)
            self.sites[-1].set_coefficient(spare, -1.0)
            self.model.objective.set_linear_coefficient(spare, generator.box)
        self.kinds = [
            self._row(float(kind.runs), max(0.0, -float(price)))
            for kind, price in zip(day.kinds, prices.runs, strict=True)
        ]
        self.fewest = self.model.add_linear_constraint(lb=float(generator.fewest))
        lacking = self.model.add_variable(lb=0.0)
        self.fewest.set_coefficient(lacking, 1.0)
        self.model.objective.set_linear_coefficient(lacking, dear)
        self.solver = mathopt.IncrementalSolver(self.model, mathopt.SolverType.GLOP)
        self.limits = prices
        self.costs: dict[tuple[int, int], tuple[float, mathopt.Variable]] = {}

    def _row(self, right: float, lacking: float) -> mathopt.LinearConstraint:
        row = self.model.add_linear_constraint(lb=right, ub=right)
        variable = self.model.add_variable(lb=0.0)
        row.set_coefficient(variable, 1.0)
        self.model.objective.set_linear_coefficient(variable, lacking)
        return row

    def add(self, kind: int, stops: int, inside: Floats, cost: float) -> int:
        """Add a run, or a cheaper order of its stops; return how many that were."""
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

    def solve(self) -> tuple[float, _Shift] | None:
        """Solve; return the value and the prices."""
        result = self.solver.solve()
        if not (result.has_dual_feasible_solution() and result.has_primal_feasible_solution()):
            return None
        visit = np.array([0.0, *result.dual_values(self.sites)])
        most = np.where(self.day.must, np.inf, np.maximum(0.0, -self.limits.visit))
        runs = np.minimum(np.array(result.dual_values(self.kinds)), -self.limits.runs)
        return result.objective_value(), _Shift(
            visit=np.minimum(visit, most),
            runs=runs,
            fewest=max(0.0, result.dual_values(self.fewest)),
        )
