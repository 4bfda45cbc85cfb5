"""Rings of runs round the bound: foretelling whether all that matter are few enough."""

from __future__ import annotations

import math
from time import monotonic

import numpy as np
import pytest

from logistics.planning.exact.arcs import near_arcs
from logistics.planning.exact.fleet import Case
from logistics.planning.exact.flows import solve_flows
from logistics.planning.exact.prices import Prices, price
from logistics.planning.exact.read import read_day
from logistics.planning.exact.rings import within_reach
from logistics.planning.exact.runs import enumerate_runs
from logistics.planning.exact.state import State
from logistics.planning.problem import Problem, read_problem
from tests.planning.test_problem import INSTANCES


@pytest.fixture(scope="module")
def flows() -> tuple[Problem, Case, Prices]:
    """A shipped day, all its plans, and what the loose flows say of them."""
    problem = read_problem(next(path for path in INSTANCES if path.stem == "north-south"))
    day = read_day(problem)
    case = Case(day=day, cuts=[], whole=False, penalty=0.0)
    duals = solve_flows(day, near_arcs(day), [], 60.0)
    assert duals is not None
    return problem, case, price(day, duals, [])


@pytest.mark.parametrize(
    ("room", "soon"), [(math.inf, False), (2000.0, False), (100.0, True), (-1.0, False)]
)
def test_narrow_rings_foretell_whether_all_runs_can_soon_be_enumerated(
    flows: tuple[Problem, Case, Prices], room: float, soon: bool
) -> None:
    problem, case, prices = flows
    cost = prices.bound + room
    search = State(problem=problem, day=case.day, until=monotonic() + 60, cost=cost)

    assert within_reach(search, case, prices) == soon

    if soon:
        found = enumerate_runs(case.day, prices, room, 0, np.zeros(1, dtype=np.bool_))
        assert found is not None
        assert found[0].parent.size < 2e6
