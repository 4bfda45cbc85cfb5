"""Plans of two runs: the best run beside each run near the bound, against enumeration."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np
import pytest

from logistics.planning.exact.couple import best_couple, is_couple
from logistics.planning.exact.duals import Cut
from logistics.planning.exact.fleet import Case, cases
from logistics.planning.exact.flows import solve_flows
from logistics.planning.exact.ledger import Ledger
from logistics.planning.exact.limits import most_late
from logistics.planning.exact.prices import Prices, price
from logistics.planning.exact.read import read_day
from logistics.planning.exact.runs import enumerate_runs
from logistics.planning.exact.state import State
from logistics.planning.problem import Shipment, Site
from tests.planning.days import small_day
from tests.planning.enumeration import best_runs
from tests.planning.strategies import random_day

if TYPE_CHECKING:
    from logistics.planning.exact.couple import Couple
    from logistics.planning.problem import Problem

ON = np.zeros(1, dtype=np.bool_)
SEEDS = [0, 5, 6, 7, 9, 10, 11, 13, 16, 17, 19, 20]
"""Random days that two runs can serve."""
STOPPED = np.ones(1, dtype=np.bool_)


def two_vans(day: Problem) -> Problem:
    """The day with two vans like its first, which are its only ones."""
    first = day.vehicles[0]
    return replace(day, vehicles=(first, replace(first, id="twin")))


def best_of_two_runs(day: Problem) -> float:
    """What the cheapest plan of two runs costs; infinite where there is none."""
    others = [site for site in range(len(day.sites)) if site != day.hub_index]
    must = {site for site in others if day.sites[site].must_visit}
    runs = best_runs(day, 0, others)
    pairs = (
        one.cost + other.cost
        for stops, one in runs.items()
        for more, other in runs.items()
        if not stops & more and must <= stops | more
    )
    return sum(one.cost_if_left for one in day.shipments) + min(pairs, default=np.inf)


def of_two_runs(day: Problem) -> tuple[Case, Prices]:
    """The plans of two runs, and what the tail flows say of them."""
    tables = read_day(day)
    rows = np.arange(tables.size) > 0
    case = Case(day=tables, cuts=[Cut(inside=rows, runs=2)], whole=False, penalty=0.0)
    duals = solve_flows(tables, ~np.eye(tables.size, dtype=np.bool_), case.cuts, 10.0)
    assert duals is not None
    return case, price(tables, duals, case.cuts)


def couple(
    day: Problem,
    case: Case,
    prices: Prices,
    allowance: float,
    stop: np.ndarray = ON,
    *,
    share: float = 0.5,
) -> Couple:
    """What is proved where runs are enumerated up to a share of the allowance."""
    dear = most_late(case.day, prices.bound + allowance)
    runs = enumerate_runs(case.day, prices, share * allowance, dear, ON)
    assert runs is not None
    cost = prices.bound + allowance
    search = State(problem=day, day=case.day, until=monotonic() + 20, cost=cost)
    ledger = Ledger(search, case.day, prices)
    return best_couple(case, prices, runs, allowance, dear=dear, stop=stop, ledger=ledger)


@pytest.mark.parametrize("seed", SEEDS)
def test_two_runs_never_cost_less_than_is_proved(seed: int) -> None:
    day = two_vans(random_day(seed, sites=4, shipments=4))
    best = best_of_two_runs(day)
    assert best < np.inf
    case, prices = of_two_runs(day)
    assert is_couple(case)

    for allowance in (1.0, 50.0, 5000.0):
        proved = couple(day, case, prices, allowance)
        assert proved.bound <= best + 1e-6 * (1 + abs(best))
        assert proved.bound <= prices.bound + allowance + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_it_proves_the_same_however_far_runs_are_enumerated(seed: int) -> None:
    day = two_vans(random_day(seed, sites=4, shipments=4))
    case, prices = of_two_runs(day)
    allowance = best_of_two_runs(day) - prices.bound + 1.0

    proved = [couple(day, case, prices, allowance, share=share) for share in (0.5, 0.7, 1.0)]

    assert [one.bound for one in proved] == pytest.approx([proved[0].bound] * 3, abs=1e-6)
    assert all(one.runs for one in proved)


def test_the_two_runs_of_the_small_day_are_found() -> None:
    # A van each: 2 x (100 + 40 + 150) kr = 580 kr, and 30 kr for the book that ends at the hub.
    day = two_vans(small_day())
    case, prices = of_two_runs(day)

    found = couple(day, case, prices, 610.0 - prices.bound + 1.0)

    assert found.bound == pytest.approx(610.0, abs=1e-3)
    assert sorted((run.kind, run.stops) for run in found.runs) == [(0, (1,)), (0, (2,))]


def test_a_search_that_is_stopped_proves_what_both_runs_cost_twice() -> None:
    day = two_vans(small_day())
    case, prices = of_two_runs(day)

    found = couple(day, case, prices, 1000.0, STOPPED)

    assert not found.runs
    assert prices.bound <= found.bound <= 610.0 + 1e-3


def test_plans_are_parted_by_the_runs_of_the_plan_known() -> None:
    parts = cases(read_day(two_vans(small_day())), 10.0, ON, planned=[0, 0])

    assert [sum(kind.runs for kind in part.day.kinds) for part in parts] == [1, 2]
    assert [part.whole for part in parts] == [True, False]
    assert is_couple(parts[-1])


def a_little_too_much(day: Problem) -> Problem:
    """Two vans, each too short by some minutes for all that is compulsory, and an optional site."""
    minutes = [[0, 10, 10, 9], [10, 0, 15, 9], [10, 15, 0, 9], [9, 9, 9, 0]]
    short = replace(day.vehicles[0], max_seconds=40 * 60)  # all that is compulsory takes 45 minutes
    return two_vans(
        replace(
            day,
            sites=(*day.sites, Site(id="east", stop_seconds=300)),
            travel_metres=tuple(tuple(1000 * one for one in row) for row in minutes),
            travel_seconds=tuple(tuple(60 * one for one in row) for row in minutes),
            vehicles=(short,),
            handling_seconds_per_item=60,
        )
    )


def cuts_of(parts: list[Case]) -> list[list[tuple[int, int]]]:
    """Sites and runs of the cuts of each case."""
    return [[(int(cut.inside.sum()), cut.runs) for cut in part.cuts] for part in parts]


def test_one_late_run_is_parted_from_two_where_a_run_by_optional_sites_alone_does_not_pay() -> None:
    parts = cases(read_day(a_little_too_much(small_day())), 10.0, ON, planned=[0, 0])

    assert [part.day.kinds[0].runs for part in parts] == [1, 2]
    assert [part.whole for part in parts] == [True, False]
    assert cuts_of(parts) == [[(2, 1)], [(3, 2), (2, 2)]]
    assert parts[0].penalty > 0.0


def test_one_late_run_is_parted_from_more_by_optional_sites_where_those_may_pay() -> None:
    day = a_little_too_much(small_day())
    awaited = Shipment(
        id="awaited",
        origin=day.hub,
        destination="east",
        items=1,
        cost_if_at_hub=1e4,
        cost_if_left=1e4,
    )
    day = replace(day, shipments=(*day.shipments, awaited))

    parts = cases(read_day(day), 10.0, ON, planned=[0, 0])

    alone, more, _ = parts
    assert [part.day.kinds[0].runs for part in parts] == [1, 2, 2]
    assert [part.whole for part in parts] == [True, False, False]
    assert cuts_of(parts) == [[(2, 1)], [(2, 1), (3, 2)], [(2, 2), (3, 2)]]
    assert alone.penalty == more.penalty > 0.0


def test_plans_of_unlike_vehicles_are_parted_by_the_fleet_and_the_planned_one_comes_last() -> None:
    day = two_vans(small_day())
    first, other = day.vehicles
    third = replace(other, id="third", capacity=other.capacity + 1)

    parts = cases(read_day(replace(day, vehicles=(first, other, third))), 10.0, ON, planned=[0])

    fleets = [[(kind.vehicles, kind.runs) for kind in part.day.kinds] for part in parts]
    alike, alone = (0, 1), (2,)
    assert fleets == [
        [(alone, 1)],
        [(alike, 1), (alone, 1)],
        [(alike, 2)],
        [(alike, 2), (alone, 1)],
        [(alike, 1)],
    ]
    assert [part.whole for part in parts] == [True, False, False, False, True]
    assert [is_couple(part) for part in parts] == [False, True, True, False, False]


def test_too_many_fleets_are_not_parted() -> None:
    day = two_vans(small_day())
    vans = [replace(day.vehicles[0], id=f"van-{n}", capacity=100 + n) for n in range(4)]

    parts = cases(read_day(replace(day, vehicles=tuple(vans))), 10.0, ON, planned=[0])

    assert [tuple(kind.runs for kind in part.day.kinds) for part in parts] == [(1, 1, 1, 1)]
