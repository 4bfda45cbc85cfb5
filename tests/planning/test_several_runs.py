"""Several runs a vehicle: enumeration, search, bound and checker agree, and pins are kept."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.errors import NoPlanError
from logistics.planning.check import check
from logistics.planning.exact.prove import prove
from logistics.planning.pins import broken_pins, pinned
from logistics.planning.planner import solve
from logistics.planning.timing import build_plan
from logistics.planning.trips import Day, Trip
from tests.planning.several_runs import optimum_of_runs, random_day_of_runs
from tests.planning.test_pins import pins_of

if TYPE_CHECKING:
    from logistics.planning.problem import Problem

SEEDS = st.integers(0, 10**6)
STEPS = 400


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_no_plan_is_below_the_enumerated_optimum_and_the_checker_agrees(seed: int) -> None:
    day = random_day_of_runs(seed)
    best = optimum_of_runs(day)
    if best is None:
        with pytest.raises(NoPlanError):
            solve(day, iterations=STEPS)
        return
    known = build_plan(day, best.routes)
    assert check(day, known) == []
    assert known.cost.total == pytest.approx(best.cost, abs=1e-6)
    found = solve(day, iterations=STEPS)
    assert check(day, found) == []
    assert found.cost.total >= best.cost - 1e-6


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_no_bound_exceeds_the_enumerated_optimum(seed: int) -> None:
    day = random_day_of_runs(seed)
    best = optimum_of_runs(day)
    proof = prove(day, seconds=0.2)
    if best is not None:
        assert (proof.bound or 0.0) <= best.cost + 1e-6


@pytest.mark.parametrize("seed", [48, 151, 289])
def test_search_finds_the_enumerated_optimum_where_freight_rides_on(seed: int) -> None:
    # 48: the first vehicle's first run waits for what the second vehicle's first run brings.
    # 151 and 289: a shipment is dearer at the hub than left, but rides on to its destination.
    day = random_day_of_runs(seed)
    best = optimum_of_runs(day)
    assert best is not None
    assert any(route.carried for route in best.routes)
    assert solve(day, iterations=STEPS).cost.total == pytest.approx(best.cost, abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS)
def test_any_trips_cost_what_the_plan_costs_and_keep_the_rules(seed: int) -> None:
    day = random_day_of_runs(seed, sites=6, shipments=8)
    priced = Day(day).routes(_trips(day, Random(seed)))
    if priced is None:
        return
    plan = build_plan(day, priced[1])
    assert plan.cost.total == pytest.approx(priced[0], abs=1e-6)
    broken = check(day, plan)
    assert [one for one in broken if one.kind != "not-visited"] == []


def _trips(day: Problem, dice: Random) -> list[Trip]:
    """Some of the sites on as many runs as the vehicles may make, in any order."""
    sites = [site for site in range(len(day.sites)) if site != day.hub_index]
    dice.shuffle(sites)
    runs = [van for van, vehicle in enumerate(day.vehicles) for _ in range(vehicle.max_runs)]
    dice.shuffle(runs)
    trips = []
    for van in runs:
        taken = [sites.pop() for _ in range(dice.randint(0, min(2, len(sites))))]
        if taken:
            trips.append((van, tuple(taken)))
    return trips


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, data=st.data())
def test_pins_are_kept_where_vehicles_go_out_twice(seed: int, data: st.DataObject) -> None:
    day = random_day_of_runs(seed)
    best = optimum_of_runs(day)
    if best is None or not best.routes or any(route.carried for route in best.routes):
        return
    known = build_plan(day, best.routes)
    pins = data.draw(pins_of(day, known))
    found = solve(day, iterations=STEPS, pins=pins, start=known)
    assert check(pinned(day, pins), found) == []
    assert broken_pins(pins, found) == []
    assert found.cost.total >= best.cost - 1e-6
