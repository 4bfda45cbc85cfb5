"""The first-order method, against the simplex method."""

from __future__ import annotations

import numpy as np
import pytest
from ortools.math_opt.python import mathopt

from logistics.planning.exact.first_order import FirstOrder
from logistics.planning.exact.programme import Rows

ON = np.zeros(1, dtype=np.bool_)
STOPPED = np.ones(1, dtype=np.bool_)


def random_programme(seed: int, *, columns: int = 30, rows: int = 20) -> Rows:
    """A programme with a solution, half of whose rows are equations."""
    chance = np.random.default_rng(seed)
    within = chance.uniform(0.0, 1.0, columns)
    programme = Rows()
    numbers = programme.add_columns(chance.normal(0.0, 1.0, columns))
    for row in range(rows):
        some = chance.choice(numbers, size=6, replace=False)
        values = chance.choice([-1.0, 1.0, 2.0], size=6)
        high = float(values @ within[some])
        low = high if row % 2 else -np.inf
        (number,) = programme.add_rows(np.array([low]), np.array([high]))
        programme.put(np.full(6, number), some, values)
    return programme


def least(programme: Rows) -> float:
    result = mathopt.solve(programme.model(), mathopt.SolverType.GLOP)
    assert result.termination.reason == mathopt.TerminationReason.OPTIMAL
    return result.objective_value()


def proved(programme: Rows, solver: FirstOrder) -> float:
    """What the prices prove (weak duality), whatever the solver left undone."""
    table, prices = programme.table(), solver.dual
    slack = table.cost - np.bincount(table.column, table.value * prices[table.row], table.cost.size)
    low = np.where(np.isfinite(table.low), table.low, 0.0)
    return float(
        low @ np.maximum(0.0, prices)
        + table.high @ np.minimum(0.0, prices)
        + np.minimum(0.0, slack).sum()
    )


@pytest.mark.parametrize("seed", range(8))
def test_prices_and_columns_agree_with_the_simplex_method(seed: int) -> None:
    programme = random_programme(seed)
    solver = FirstOrder(programme.table())
    solver.run(4_000, ON)

    best = least(programme)
    assert solver.primal @ programme.table().cost == pytest.approx(best, abs=2e-3)
    assert proved(programme, solver) == pytest.approx(best, abs=2e-3)
    assert (solver.primal >= 0).all()
    assert (solver.primal <= 1).all()


@pytest.mark.parametrize("seed", range(8))
def test_it_goes_on_from_where_it_is_when_rows_come_and_go(seed: int) -> None:
    loose, full = random_programme(seed, rows=12), random_programme(seed, rows=20)
    solver = FirstOrder(loose.table())
    solver.run(2_000, ON)
    prices = solver.dual

    solver.replace(full.table(), np.append(np.arange(12), np.full(8, -1)))

    assert np.array_equal(solver.dual[:12], prices)
    assert not solver.dual[12:].any()
    solver.run(4_000, ON)
    assert proved(full, solver) == pytest.approx(least(full), abs=2e-3)
    solver.replace(loose.table(), np.arange(12))
    solver.run(4_000, ON)
    assert proved(loose, solver) == pytest.approx(least(loose), abs=2e-3)


def test_whoever_stops_it_finds_it_where_it_was() -> None:
    solver = FirstOrder(random_programme(0).table())

    solver.run(1_000, STOPPED)

    assert solver.steps == 0
    assert not solver.primal.any()
