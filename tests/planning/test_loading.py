"""The best load of a run, against every choice of load."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from math import inf
from random import Random
from typing import TYPE_CHECKING

import pytest

from logistics.planning.check import check
from logistics.planning.loading import best_load, reloaded
from logistics.planning.plan import Route
from logistics.planning.timing import build_plan
from tests.planning.days import HOUR, small_day, with_van
from tests.planning.enumeration import runs_by
from tests.planning.exact.twists import resting_day, twisted_day

if TYPE_CHECKING:
    from logistics.planning.problem import Problem

_SLACK = 1e-2
"""SEK that CP-SAT's whole numbers may take off a bound."""


def orders(day: Problem, seed: int) -> list[tuple[int, ...]]:
    """Some runs of the day."""
    others = [site for site in range(len(day.sites)) if site != day.hub_index]
    ways = [way for stops in (1, 2, 3, 4) for way in permutations(others, stops)]
    return Random(seed).sample(ways, min(4, len(ways)))


@pytest.mark.parametrize("seed", range(40))
def test_no_load_is_better_and_its_price_is_what_it_costs(seed: int) -> None:
    day = (resting_day if seed % 2 else twisted_day)(seed)
    nothing = sum(one.cost_if_left for one in day.shipments)
    for vehicle, van in enumerate(day.vehicles):
        for order in orders(day, seed):
            best = min((run.cost for run in runs_by(day, vehicle, order)), default=inf)

            found = best_load(day, vehicle, order, below=inf, seconds=20)

            if best == inf or not van.max_runs:
                assert found.bound == inf or not van.max_runs
                continue
            assert best - _SLACK <= found.bound <= best + 1e-6 * (1 + abs(best))
            assert found.route is not None
            plan = build_plan(day, [found.route])
            assert plan.cost.total == pytest.approx(nothing + best, abs=1e-6)


def test_a_run_dearer_than_is_of_interest_costs_as_much_as_that() -> None:
    day = small_day()

    found = best_load(day, 0, (1, 2), below=-1e6, seconds=20)

    assert found.bound == -1e6
    assert found.route is None


def test_what_is_worth_least_stays_where_there_is_no_time_for_all() -> None:
    # An item takes an hour, and beside the 45 minutes of the round there is time for one.
    book = replace(small_day().shipments[0], destination="hub", cost_if_at_hub=0.0)
    cheap = replace(book, id="cheap", cost_if_left=1000.0)
    dear = replace(book, id="dear", origin="south", cost_if_left=2000.0)
    day = small_day(shipments=(cheap, dear), handling_seconds_per_item=HOUR)
    day = with_van(day, max_seconds=2 * HOUR)
    greedy = Route(vehicle=0, sites=(1, 2), load=(frozenset({0}), frozenset()))

    (better,) = reloaded(day, [greedy], 20.0)

    assert better.load == (frozenset(), frozenset({1}))
    plan = build_plan(day, [better])
    assert not check(day, plan)
    assert plan.cost.delay == 1000.0


def test_runs_that_leave_nothing_behind_stay_as_they_are() -> None:
    day = small_day()
    route = Route(vehicle=0, sites=(1, 2))

    assert reloaded(day, [route], 20.0) == [route]
