"""Column generation: it raises the bound of a day that time makes dear, and never too far."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from logistics.planning.exact.duals import Cut
from logistics.planning.exact.fleet import Case
from logistics.planning.exact.flows import solve_flows
from logistics.planning.exact.generate import Generator
from logistics.planning.exact.prices import price
from logistics.planning.exact.prove import prove
from logistics.planning.exact.read import read_day
from logistics.planning.timing import build_plan
from tests.planning.days import HOUR, MINUTE, small_day, with_site
from tests.planning.enumeration import optimum


def test_waiting_that_the_flows_do_not_see_raises_the_bound() -> None:
    """North opens at 12 and south closes at 9: two hours and more of waiting at 360 kr."""
    day = with_site(small_day(), "north", window=(12 * HOUR, 13 * HOUR))
    day = with_site(day, "south", window=(8 * HOUR, 9 * HOUR))
    best = optimum(day)
    assert best is not None
    tables = read_day(day)
    cuts = [Cut(inside=tables.must, runs=1)]
    duals = solve_flows(tables, ~np.eye(tables.size, dtype=np.bool_), cuts, 10.0)
    assert duals is not None
    prices = price(tables, duals, cuts)
    case = Case(day=tables, cuts=cuts, whole=False, penalty=0.0)
    generator = Generator(case, prices, best.cost, np.zeros(1, dtype=np.bool_))
    told: list[float] = []

    generator.begin_with(0, 0b11, best.cost - tables.constant)
    generator.run(float("inf"), told.append)

    assert prices.bound < generator.prices.bound <= best.cost + 1e-6
    assert told == sorted(told)


def test_the_proof_of_a_day_with_a_plan_ends_at_its_cost() -> None:
    day = with_site(small_day(), "north", window=(10 * HOUR, 10 * HOUR + 5 * MINUTE))
    day = replace(day, vehicles=(day.vehicles[0], replace(day.vehicles[0], id="second")))
    best = optimum(day)
    assert best is not None

    proof = prove(day, incumbent=build_plan(day, best.routes), seconds=20)

    assert proof.status == "optimal"
    assert abs(proof.bound - best.cost) < 1e-2
