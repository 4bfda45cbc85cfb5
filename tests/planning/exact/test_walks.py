"""Prices of visits that know the clock, against complete enumeration."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.planning.exact.arcs import near_arcs
from logistics.planning.exact.climb import Climb
from logistics.planning.exact.duals import nothing
from logistics.planning.exact.fleet import cases
from logistics.planning.exact.flows import solve_flows
from logistics.planning.exact.limits import most_late
from logistics.planning.exact.prices import price, price_of_fewest
from logistics.planning.exact.read import read_day
from logistics.planning.exact.runs import enumerate_runs
from logistics.planning.exact.state import State
from logistics.planning.exact.walks import by_the_clock
from logistics.planning.problem import read_problem
from tests.planning.enumeration import optimum
from tests.planning.exact.twists import hurried_day, resting_day, twisted_day
from tests.planning.test_problem import INSTANCES

if TYPE_CHECKING:
    from collections.abc import Callable

    from logistics.planning.exact.fleet import Case
    from logistics.planning.exact.prices import Prices
    from logistics.planning.problem import Problem

ON = np.zeros(1, dtype=np.bool_)


def flows_of(case: Case) -> Prices:
    duals = solve_flows(case.day, near_arcs(case.day), case.cuts, 10.0)
    return price(case.day, duals or nothing(case.day), case.cuts if duals else [])


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(min_value=0, max_value=2**32),
    make=st.sampled_from([twisted_day, hurried_day, resting_day]),
    one_van=st.booleans(),
)
def test_walks_never_lift_the_bound_above_the_optimum(
    seed: int, make: Callable[[int], Problem], *, one_van: bool
) -> None:
    problem = make(seed)
    if one_van:
        problem = replace(problem, vehicles=problem.vehicles[:1])
    best = optimum(problem)
    day = read_day(problem)
    if best is None or day.size == 1 or not day.kinds:
        return

    bounds = []
    for case in cases(day, 10.0, ON, [0]):
        prices = moved = flows_of(case)
        if case.most == 1:
            moved = by_the_clock(case, prices, best.cost + 100.0, ON)
        assert moved.bound >= prices.bound - 1e-6 * (1.0 + abs(prices.bound))
        bounds.append(moved.bound)

    assert min(bounds) <= best.cost + 1e-6 * (1.0 + abs(best.cost))


def one_run(name: str) -> Case:
    """The plans of one long run of a shipped day whose sites are open for three hours each."""
    problem = read_problem(next(path for path in INSTANCES if path.stem == name))
    van = replace(problem.vehicles[0], max_seconds=11 * 3600)
    opens = [8, 10, 12]
    sites = [
        replace(site, window=None if site.id == problem.hub else (hour * 3600, (hour + 3) * 3600))
        for site, hour in zip(problem.sites, opens * len(problem.sites), strict=False)
    ]
    day = replace(problem, vehicles=(van,), sites=tuple(sites))
    (case,) = cases(read_day(day), 10.0, ON, [0])[:1]
    return case


def test_windows_that_flows_do_not_see_raise_the_bound_and_leave_fewer_labels() -> None:
    case = one_run("optional")
    prices = flows_of(case)
    ceiling = prices.bound + 400.0

    moved = by_the_clock(case, prices, ceiling, ON)

    def labels(of: Prices) -> int:
        dear = most_late(case.day, ceiling)
        found = enumerate_runs(case.day, of, prices.bound + 200.0 - of.bound, dear, ON)
        assert found is not None
        return sum(one.parent.size for one in found)

    assert moved.bound > prices.bound + 20.0
    assert labels(moved) < labels(prices) / 2


def test_a_search_that_is_stopped_keeps_the_prices() -> None:
    case = one_run("optional")
    prices = flows_of(case)

    moved = by_the_clock(case, prices, prices.bound + 400.0, np.ones(1, dtype=np.bool_))

    assert moved.bound == pytest.approx(prices.bound)
    assert np.array_equal(moved.first, prices.first)


def test_what_walks_cost_is_paid_for_being_one_of_the_fewest_runs() -> None:
    case = one_run("optional")
    prices = flows_of(case)

    moved = by_the_clock(case, prices, prices.bound + 400.0, ON)

    paid = price_of_fewest(moved, 1)
    shifted = moved.visit - prices.visit
    runs = float((moved.runs - prices.runs).sum())
    gained = shifted.sum() + runs + paid - price_of_fewest(prices, 1)
    assert moved.bound - prices.bound == pytest.approx(gained, abs=1e-3)
    assert moved.runs.max() <= 1e-9


def test_a_case_goes_on_from_the_best_prices_where_its_runs_are_few_already() -> None:
    problem = read_problem(next(path for path in INSTANCES if path.stem == "nine-mains"))
    day = read_day(problem)
    (case,) = cases(day, 10.0, ON, [0])
    search = State(problem=problem, day=day, until=monotonic() + 30, cost=4259.18 + 50)

    climb = Climb(search, 0, case)
    climb.begin()

    assert climb.start.bound == climb.best.bound > price(day, nothing(day), []).bound
