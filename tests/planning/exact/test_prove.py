"""The proof against complete enumeration, and against days whose optimum is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.planning.check import check
from logistics.planning.exact import climb, necessity, rings
from logistics.planning.exact import prove as prove_module
from logistics.planning.exact.prove import prove
from logistics.planning.exact.runs import enumerate_runs
from logistics.planning.timing import build_plan
from tests.planning.days import HOUR, small_day, with_site, with_van
from tests.planning.enumeration import optimum
from tests.planning.exact.twists import hurried_day, resting_day, twisted_day
from tests.planning.strategies import random_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from logistics.planning.exact.day import Day
    from logistics.planning.exact.prices import Prices
    from logistics.planning.exact.runs import Runs
    from logistics.planning.problem import Problem


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_the_bound_never_passes_the_optimum_of_complete_enumeration(seed: int) -> None:
    day = random_day(seed)
    best = optimum(day)
    told: list[float] = []

    proof = prove(day, seconds=20, on_bound=told.append)

    assert told == sorted(told)
    if best is None:
        assert proof.status != "optimal"
        return
    assert proof.bound <= best.cost + 1e-6 * (1 + abs(best.cost))
    if proof.routes is not None:
        plan = build_plan(day, proof.routes)
        assert check(day, plan) == []
        assert plan.cost.total >= best.cost - 1e-6
    if proof.status == "optimal":
        assert proof.bound == pytest.approx(best.cost, rel=2e-4, abs=1e-3)


def test_without_a_plan_the_first_runs_are_widened_only_while_there_may_be_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[float] = []

    def counted(
        day: Day, prices: Prices, allowance: float, *rest: Any, **choices: Any
    ) -> list[Runs] | None:
        looks.append(allowance)
        return enumerate_runs(day, prices, allowance, *rest, **choices)

    def closed(*case: Any, better_later: bool = False) -> bool:
        return better_later or rings.close(*case)

    monkeypatch.setattr("logistics.planning.exact.prove.enumerate_runs", counted)
    monkeypatch.setattr("logistics.planning.exact.prove.close", closed)

    assert prove(small_day(), seconds=20).status == "optimal"

    assert 0 < len(looks) < 100
    assert max(looks) < 1e14


@pytest.mark.parametrize("made", [twisted_day, hurried_day, resting_day])
@pytest.mark.parametrize("seed", range(20))
def test_days_at_an_extreme_are_closed_once_the_optimum_is_known(
    seed: int, made: Callable[[int], Problem]
) -> None:
    day = made(seed)
    best = optimum(day)
    incumbent = None if best is None else build_plan(day, best.routes)

    proof = prove(day, incumbent=incumbent, seconds=20)

    if best is None:
        assert proof.status != "optimal"
    else:
        assert proof.status == "optimal"
        assert proof.bound <= best.cost + 1e-6 * (1 + abs(best.cost))
        assert proof.routes is None or check(day, build_plan(day, proof.routes)) == []


@pytest.mark.parametrize("seed", [*range(12), 1025, 1667, 20_011, 20_295, 21_591])
def test_breaks_beside_windows_are_never_charged_for_more_than_they_take(seed: int) -> None:
    day = resting_day(seed)
    best = optimum(day)

    proof = prove(day, seconds=20)

    if best is None:
        assert proof.status != "optimal"
    else:
        assert proof.bound <= best.cost + 1e-6 * (1 + abs(best.cost))


@pytest.mark.parametrize("seed", [10_636, 3_000_330])
def test_a_proof_ends_where_prices_of_sites_could_move_together_for_ever(seed: int) -> None:
    day = resting_day(seed)
    best = optimum(day)
    assert best is not None

    proof = prove(day, incumbent=build_plan(day, best.routes), seconds=20)

    assert proof.status == "optimal"
    assert proof.bound <= best.cost + 1e-6 * (1 + abs(best.cost))


def test_waiting_makes_up_for_what_rides_direct_only_and_is_handled_before() -> None:
    # 4 h of handling at north and at south each; the way on waits for south as long as that.
    book = replace(small_day().shipments[0], items=4, direct_only=True, cost_if_left=1e4)
    day = small_day(shipments=(book,), handling_seconds_per_item=HOUR)
    day = with_van(day, shift=(0, 24 * HOUR), max_seconds=24 * HOUR)
    day = with_site(day, "north", window=(0, HOUR))
    day = with_site(day, "south", window=(6 * HOUR, 24 * HOUR))
    best = optimum(day)
    assert best is not None

    proof = prove(day, seconds=20)

    assert proof.bound <= best.cost + 1e-6 * best.cost


def test_a_shift_longer_than_any_table_gets_a_bound_that_holds() -> None:
    # 440 kr is the optimum of the small day, whatever the hours of its van.
    proof = prove(with_van(small_day(), shift=(0, 2**53), max_seconds=2**53), seconds=20)
    assert 0 <= proof.bound <= 440.0


@pytest.mark.parametrize("rows", [1, prove_module.MANY_ROWS])
@pytest.mark.parametrize("seed", [1_003_874, 2_001_634, 2_002_144])
def test_plans_of_few_runs_are_not_charged_twice_for_being_late_nor_held_to_so_many_runs(
    seed: int, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (prove_module, climb, necessity):
        monkeypatch.setattr(module, "MANY_ROWS", rows)
    day = hurried_day(seed)
    best = optimum(day)
    assert best is not None

    proof = prove(day, seconds=20)

    assert proof.bound <= best.cost + 1e-6 * (1 + abs(best.cost))
