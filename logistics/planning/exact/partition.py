"""Choose runs so that every compulsory site is visited once and no site twice, at least cost.

The linear relaxation is solved over a growing part of the runs; its prices then sort out every run
that no choice below a ceiling can hold (Baldacci, Christofides and Mingozzi 2008, "An exact
algorithm for the vehicle routing problem based on the set partitioning formulation"), and what is
left goes to HiGHS as a mixed-integer programme.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
from ortools.math_opt.python import mathopt

from logistics.planning.exact.day import Floats, Integers
from logistics.planning.exact.runs import Sets, bits_of

if TYPE_CHECKING:
    from logistics.planning.exact.fleet import Case
    from logistics.planning.exact.runs import Runs

_SAFETY = 1e-7
"""Share of a mixed-integer bound that is given away for the solver's tolerances."""
_MANY = 1500
_WORTH_ADDING = 1e-6
_STEPS = (0.002, 0.01, 0.03, 0.1, 0.3, np.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """
    Runs as columns of the set-partitioning model.

    Attributes
    ----------
    kind, number
        Where each comes from: position among the kinds, and among the runs of its kind.
    sets
        Stops as bits.
    cost
        SEK.
    """

    kind: Integers
    number: Integers
    sets: Sets
    cost: Floats

    def only(self, kept: Integers) -> Columns:
        """
        Keep some of the columns.

        Parameters
        ----------
        kept
            Their positions.

        Returns
        -------
        Columns
            Those.
        """
        return Columns(
            kind=self.kind[kept],
            number=self.number[kept],
            sets=self.sets[kept],
            cost=self.cost[kept],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """
    The cheapest choice of runs.

    Attributes
    ----------
    bound
        SEK: no choice of these runs costs less; infinite where none is possible.
    columns
        Positions of the columns chosen; None where none below the ceiling was found.
    """

    bound: float
    columns: list[int] | None


def columns_of(runs: list[Runs]) -> Columns:
    """
    Collect runs as columns.

    Parameters
    ----------
    runs
        Enumerated runs, one entry a kind.

    Returns
    -------
    Columns
        All of them.
    """
    return Columns(
        kind=np.concatenate([np.full(one.cost.size, one.kind) for one in runs]),
        number=np.concatenate([np.arange(one.cost.size) for one in runs]),
        sets=np.concatenate([one.sets for one in runs]),
        cost=np.concatenate([one.cost for one in runs]),
    )


def choose(case: Case, columns: Columns, ceiling: float, seconds: float) -> Choice:
    """
    Choose the cheapest runs.

    Parameters
    ----------
    case
        Some of the plans of a day; what takes several runs in each of them is a row of the model.
    columns
        Runs to choose from.
    ceiling
        SEK: choices that cost more are of no interest.
    seconds
        Time limit.

    Returns
    -------
    Choice
        The best choice; its bound never passes the ceiling.
    """
    until = monotonic() + seconds
    relaxed = _relax(case, columns, until)
    if relaxed is None:
        return Choice(bound=-np.inf, columns=None)
    bound, reduced = relaxed
    if bound >= ceiling:
        return Choice(bound=ceiling, columns=None)
    room = ceiling - bound
    for step in _STEPS:
        allowed = min(room, step * (abs(bound) + 1.0))
        kept = np.flatnonzero(reduced <= allowed)
        choice = _integer(case, columns.only(kept), until - monotonic())
        edge = bound + allowed
        if choice.columns is not None and choice.bound <= edge:
            return Choice(
                bound=min(choice.bound, ceiling),
                columns=[int(kept[column]) for column in choice.columns],
            )
        bound_here = min(choice.bound, edge)
        if allowed >= room or monotonic() > until or choice.bound < edge:
            break
    return Choice(bound=max(bound, bound_here), columns=None)


def _integer(case: Case, columns: Columns, seconds: float) -> Choice:
    day = case.day
    model = mathopt.Model()
    chosen = [model.add_binary_variable() for _ in range(columns.cost.size)]
    _fill(case, columns, model, chosen)
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=max(0.1, seconds)),
        relative_gap_tolerance=0.0,
        absolute_gap_tolerance=0.0,
    )
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
    if result.termination.reason == mathopt.TerminationReason.INFEASIBLE:
        return Choice(bound=np.inf, columns=None)
    bound = result.termination.objective_bounds.dual_bound
    if not np.isfinite(bound):
        bound = -np.inf
    safe = _SAFETY * (1.0 + abs(bound) + day.constant)
    if not result.has_primal_feasible_solution():
        return Choice(bound=day.constant + bound - safe, columns=None)
    values = result.variable_values(chosen)
    picked = [number for number, value in enumerate(values) if round(value)]
    return Choice(bound=day.constant + bound - safe, columns=picked)


def _fill(
    case: Case, columns: Columns, model: mathopt.Model, chosen: list[mathopt.Variable]
) -> list[mathopt.LinearConstraint]:
    """Put columns into a model; return its rows: sites, then kinds, then sets for several runs."""
    day = case.day
    rows = [model.add_linear_constraint(lb=float(must), ub=1.0) for must in day.must[1:].tolist()]
    rows += [model.add_linear_constraint(lb=0.0, ub=float(kind.runs)) for kind in day.kinds]
    rows += [model.add_linear_constraint(lb=float(cut.runs)) for cut in case.cuts]
    _append(case, columns, np.arange(columns.cost.size), model, chosen, rows)
    return rows


def _append(
    case: Case,
    columns: Columns,
    which: Integers,
    model: mathopt.Model,
    chosen: list[mathopt.Variable],
    rows: list[mathopt.LinearConstraint],
) -> None:
    day = case.day
    sets = [bits_of(np.flatnonzero(cut.inside)) for cut in case.cuts]
    enters = rows[day.size - 1 + len(day.kinds) :]
    for number, variable in zip(which.tolist(), chosen, strict=True):
        model.objective.set_linear_coefficient(variable, float(columns.cost[number]))
        rows[day.size - 1 + int(columns.kind[number])].set_coefficient(variable, 1.0)
        stops, row = int(columns.sets[number]), 0
        for inside, entered in zip(sets, enters, strict=True):
            if stops & inside:
                entered.set_coefficient(variable, 1.0)
        while stops:
            if stops & 1:
                rows[row].set_coefficient(variable, 1.0)
            stops >>= 1
            row += 1


def _relax(case: Case, columns: Columns, until: float) -> tuple[float, Floats] | None:
    """Solve the linear relaxation over all columns; return its bound and all reduced costs."""
    day = case.day
    model = mathopt.Model()
    lacking = [model.add_variable(lb=0.0) for _ in range(day.size - 1)]
    rows = _fill(case, columns.only(np.zeros(0, dtype=np.int64)), model, [])
    dear = 10.0 * (1.0 + float(np.abs(columns.cost).max(initial=0.0)) + day.constant)
    for row, variable, must in zip(rows, lacking, day.must[1:].tolist(), strict=False):
        row.set_coefficient(variable, 1.0 if must else 0.0)
        model.objective.set_linear_coefficient(variable, dear)
    for row in rows[day.size - 1 + len(day.kinds) :]:
        variable = model.add_variable(lb=0.0)
        row.set_coefficient(variable, 1.0)
        model.objective.set_linear_coefficient(variable, dear)
    solver = mathopt.IncrementalSolver(model, mathopt.SolverType.GLOP)
    inside = np.zeros(columns.cost.size, dtype=bool)
    size = day.size - 1
    bits = (columns.sets[:, np.newaxis] >> np.arange(size, dtype=np.uint64)) & np.uint64(1)
    bits = bits.astype(float)
    inside_cuts = np.zeros((len(case.cuts), columns.cost.size))
    for number, cut in enumerate(case.cuts):
        inside_cuts[number] = bits @ cut.inside[1:] > 0
    least_runs = np.array([float(cut.runs) for cut in case.cuts])
    kinds = slice(size, size + len(day.kinds))
    fresh = np.argsort(columns.cost / np.maximum(1.0, bits.sum(axis=1)))[:_MANY]
    best = -np.inf, columns.cost
    while monotonic() < until:
        inside[fresh] = True
        variables = [model.add_variable(lb=0.0) for _ in fresh]
        _append(case, columns, fresh, model, variables, rows)
        result = solver.solve()
        if not result.has_dual_feasible_solution():
            return None
        dual = np.array(result.dual_values(rows))
        dual[:size] = np.where(day.must[1:], dual[:size], np.minimum(0.0, dual[:size]))
        dual[kinds] = np.minimum(0.0, dual[kinds])
        dual[kinds.stop :] = np.maximum(0.0, dual[kinds.stop :])
        reduced = columns.cost - bits @ dual[:size] - dual[kinds][columns.kind]
        reduced -= dual[kinds.stop :] @ inside_cuts
        least = np.array(
            [reduced[columns.kind == kind].min(initial=0.0) for kind in range(len(day.kinds))]
        )
        fleet = np.array([kind.runs for kind in day.kinds])
        bound = day.constant + float(dual[:size].sum() + fleet @ (dual[kinds] + least))
        bound += float(dual[kinds.stop :] @ least_runs)
        if bound > best[0]:
            safe = 1e-9 * (1.0 + abs(bound) + day.constant)
            best = bound - safe, reduced - least[columns.kind]
        wanting = np.flatnonzero((reduced < -_WORTH_ADDING) & ~inside)
        if wanting.size == 0:
            return best
        fresh = wanting[np.argsort(reduced[wanting])[:_MANY]]
    return best if np.isfinite(best[0]) else None
