"""The tight relaxation: its bound holds at any prices, and is tight."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.planning.exact import climb, necessity, prove, tighten
from logistics.planning.exact.arcs import near_arcs
from logistics.planning.exact.fleet import Case, cases
from logistics.planning.exact.flows import solve_flows
from logistics.planning.exact.generate import Generator
from logistics.planning.exact.prices import price
from logistics.planning.exact.read import read_day
from logistics.planning.exact.runs import enumerate_runs
from logistics.planning.exact.tighten import Relaxation, tight_prices
from logistics.planning.problem import read_problem
from tests.planning.enumeration import optimum
from tests.planning.exact.twists import hurried_day, twisted_day
from tests.planning.test_problem import INSTANCES

if TYPE_CHECKING:
    from logistics.planning.exact.day import Floats
    from logistics.planning.exact.duals import Duals

ON = np.zeros(1, dtype=np.bool_)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32), dearest=st.sampled_from([0.1, 10.0, 1e3]))
def test_no_price_of_order_lifts_the_bound_above_the_optimum(seed: int, dearest: float) -> None:
    chance = np.random.default_rng(seed)
    read = Relaxation.duals

    def disordered(relaxation: Relaxation) -> Duals:
        duals, size = read(relaxation), relaxation.day.size
        assert duals.order is not None

        def some(*shape: int) -> Floats:
            dear = chance.uniform(0.0, dearest, shape) * (chance.random(shape) < 0.3)
            dear[0] = dear[:, 0] = 0.0  # the hub has no rows
            return dear

        order = replace(
            duals.order,
            link=some(size, size, size),
            potential=some(size, size) - some(size, size),
            before=some(size, size) - some(size, size),
        )
        return replace(duals, order=order)

    day = twisted_day(seed)
    best = optimum(day)
    with pytest.MonkeyPatch.context() as patched:
        for module in (prove, climb, necessity):
            patched.setattr(module, "MANY_ROWS", 1)
        patched.setattr(Relaxation, "duals", disordered)
        proof = prove.prove(day, seconds=20)

    if best is not None:
        assert proof.bound <= best.cost + 1e-6 * (1 + abs(best.cost))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32), share=st.sampled_from([0.01, 1.0, 30.0]))
def test_no_price_of_a_row_that_was_added_lifts_the_bound(seed: int, share: float) -> None:
    chance = np.random.default_rng(seed)
    read = Relaxation.duals

    def dear_rows(relaxation: Relaxation) -> Duals:
        first = relaxation.base.low.size
        added = relaxation.solver.dual[first:]
        relaxation.solver.dual[first:] = -share * chance.uniform(0.0, 100.0, added.size)
        duals = read(relaxation)
        relaxation.solver.dual[first:] = added
        return duals

    day = hurried_day(seed) if seed % 2 else twisted_day(seed)
    best = optimum(day)
    with pytest.MonkeyPatch.context() as patched:
        for module in (prove, climb, necessity):
            patched.setattr(module, "MANY_ROWS", 1)
        patched.setattr(tighten, "_FIRST_STEPS", 100)
        patched.setattr(tighten, "_STEPS", 100)
        patched.setattr(Relaxation, "duals", dear_rows)
        proof = prove.prove(day, seconds=20)

    if best is not None:
        assert proof.bound <= best.cost + 1e-6 * (1 + abs(best.cost))


@pytest.mark.parametrize("name", ["north-south", "villages"])
def test_it_leaves_less_than_half_of_what_the_tail_flows_leave(name: str) -> None:
    path = next(path for path in INSTANCES if path.stem == name)
    day = read_day(read_problem(path))
    best = {"north-south": 5359.76, "villages": 5366.41}[name]
    case = Case(day=day, cuts=[], whole=False, penalty=0.0)
    duals = solve_flows(day, near_arcs(day), case.cuts, 60.0)
    assert duals is not None
    loose = price(day, duals, case.cuts).bound

    rounds = tight_prices(day, near_arcs(day), case.cuts, None, ON)
    tight = max(prices.bound for prices in islice(rounds, 15))

    assert tight <= best + 0.01
    assert best - tight < (best - loose) / 2


@pytest.mark.parametrize("seconds", [0.0, -1e-6])
def test_loose_flows_without_time_leave_what_can_be_made_good(seconds: float) -> None:
    path = next(path for path in INSTANCES if path.stem == "nine-mains")
    day = read_day(read_problem(path))
    duals = solve_flows(day, near_arcs(day), [], seconds)
    assert duals is None or price(day, duals, []).bound <= 4259.18


def test_rows_without_a_price_go_again() -> None:
    path = next(path for path in INSTANCES if path.stem == "nine-mains")
    day = read_day(read_problem(path))
    relaxation = Relaxation(day, near_arcs(day), [], None)
    relaxation.run(200, ON)
    assert relaxation.tighten() > 0
    relaxation.solver.dual[relaxation.base.low.size :] = 0.0
    first = {row.name for row in relaxation.cuts}

    for _ in range(3):
        relaxation.solver.dual[relaxation.base.low.size :] = 0.0
        relaxation.tighten()

    broken = {row.name for row in relaxation._broken()}
    assert not (first - broken) & {row.name for row in relaxation.cuts}


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_a_run_costs_no_less_than_its_steps(seed: int) -> None:
    day = read_day(hurried_day(seed))
    case = cases(day, 20.0, ON)[0]
    rounds = tight_prices(case.day, near_arcs(day), case.cuts, case.work, ON)
    prices = list(islice(rounds, 4))[-1]
    runs = enumerate_runs(case.day, prices, 1e5, 0, ON)
    assert runs is not None
    generator = Generator(case, prices, prices.bound + 1e5, ON)

    for one in runs:
        costs = generator.costs(one)
        assert (costs >= one.extra - 1e-6 * (1.0 + np.abs(costs))).all()
