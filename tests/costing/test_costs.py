from __future__ import annotations

from dataclasses import dataclass

import pytest

from logistics.costing.costs import (
    Activity,
    CostBreakdown,
    plan_cost,
    run_cost,
    total,
    unit_costs,
)


@dataclass
class Van:
    fixed_cost: float = 165.0
    cost_per_stop: float = 0.0
    cost_per_km: float = 3.5
    cost_per_hour: float = 330.0


@dataclass
class Planned:
    fixed: float = 1.0
    stops: float = 2.0
    distance: float = 3.0
    time: float = 4.0
    delay: float = 5.0


def test_an_own_van_is_paid_by_kilometre_and_hour() -> None:
    # 100 km x 3.50 + 4 h x 330 + 165
    cost = run_cost(Van(), stops=9, distance_metres=100_000, paid_seconds=14_400)
    assert cost == CostBreakdown(fixed_sek=165, distance_sek=350, time_sek=1320)
    assert cost.driving_sek == cost.total_sek == 1835


def test_a_carrier_is_paid_by_the_stop() -> None:
    carrier = Van(fixed_cost=0, cost_per_stop=85, cost_per_km=0, cost_per_hour=0)
    cost = run_cost(carrier, stops=9, distance_metres=100_000, paid_seconds=14_400)
    assert cost.driving_sek == 765


def test_waiting_is_minimised_but_not_billed() -> None:
    cost = plan_cost(Planned())
    assert (cost.driving_sek, cost.total_sek) == (10.0, 15.0)
    assert total([cost, cost]).total_sek == 30.0
    assert total([]) == CostBreakdown()


def test_unit_costs_leave_out_what_was_not_done() -> None:
    cost = CostBreakdown(time_sek=600, waiting_sek=99)
    done = Activity(runs=1, stops=4) + Activity(runs=1, stops=8, distance_metres=50_000, items=300)
    units = unit_costs(cost, done)
    assert (units.per_run, units.per_stop, units.per_kilometre) == (300, 50, 12)
    assert units.per_item == pytest.approx(2.0)
    assert units.per_crate is None
