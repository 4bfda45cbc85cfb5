"""Plans made part by part: as good as others on small days, repeatable, and complete."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from logistics.errors import NoPlanError
from logistics.planning.check import check
from logistics.planning.decompose import Rounds, in_parts, neighbourhoods, rounds
from logistics.planning.improve import improve
from logistics.planning.plan import Route
from logistics.planning.planner import solve
from logistics.planning.problem import Problem, read_problem
from logistics.planning.timing import build_plan
from tests.planning.days import VAN, small_day, with_site
from tests.planning.decompose.scattered import scattered
from tests.planning.enumeration import optimum
from tests.planning.strategies import days
from tests.planning.test_planner import best_known
from tests.planning.test_problem import INSTANCES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STEPS = 4_000


@pytest.fixture(autouse=True)
def tiny_parts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounds, "MIDDLING", 0)
        patch.setattr(rounds, "LARGE", 0)
        patch.setattr(neighbourhoods, "REGION_SITES", 3)
        patch.setattr(neighbourhoods, "STOPS", (4, 8, 20))
        patch.setattr(neighbourhoods, "UNSERVED", (1, 3))
        yield


@settings(max_examples=25, deadline=None)
@given(day=days(sites=5, shipments=6))
def test_no_plan_made_in_parts_is_cheaper_than_the_enumerated_optimum(day: Problem) -> None:
    best = optimum(day)
    if best is None:
        with pytest.raises(NoPlanError):
            solve(day, iterations=STEPS)
        return
    plan = solve(day, iterations=STEPS)
    assert check(day, plan) == []
    assert plan.cost.total >= best.cost - 1e-6


@pytest.mark.parametrize("path", INSTANCES[1:3], ids=lambda path: path.stem)
def test_our_days_planned_in_parts_cost_little_more_than_the_best_known(path: Path) -> None:
    day = read_problem(path)
    plan = solve(day, iterations=30_000)
    assert check(day, plan) == []
    assert plan.cost.total <= 1.02 * best_known()[path.stem]


def test_the_same_seed_and_steps_give_the_same_plan_made_in_parts() -> None:
    day = scattered(40)
    one, other, third = (solve(day, iterations=STEPS, seed=seed) for seed in (3, 3, 4))
    assert one.runs == other.runs
    assert one.runs != third.runs


def test_the_plan_of_the_whole_never_becomes_dearer() -> None:
    day = scattered(40)
    costs: list[float] = []
    Rounds(day, 1).work(
        lambda: False,
        lambda routes: costs.append(build_plan(day, routes).cost.total),
        steps=STEPS,
    )
    assert len(costs) > 10
    assert costs == sorted(costs, reverse=True)


def test_a_plan_from_elsewhere_is_taken_up() -> None:
    day = scattered(40)
    known = solve(day, iterations=STEPS, seed=1)
    assert solve(day, iterations=1, start=known).cost.total <= known.cost.total


def test_several_threads_share_a_day_without_getting_in_each_others_way() -> None:
    day = scattered(40)
    made = Rounds(day, 1)
    crew = [
        threading.Thread(target=made.work, args=(lambda: False,), kwargs={"steps": STEPS})
        for _ in range(4)
    ]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    visited = [site for route in made.routes for site in route.sites]
    assert len(visited) == len({*visited})
    assert check(day, build_plan(day, made.routes)) == []


def test_no_time_at_all_still_plans_every_region() -> None:
    day = scattered(40)
    for workers in (1, 2):
        plan = solve(day, seconds=0.0, workers=workers)
        assert check(day, plan) == []
        assert plan.runs


def test_compulsory_sites_that_no_region_could_serve_are_planned_first() -> None:
    day = scattered(40)
    day = replace(day, sites=tuple(replace(site, must_visit=True) for site in day.sites))
    made = Rounds(day, 1)
    made.work(lambda: True)
    made.work(lambda: False, steps=5 * STEPS)
    assert made.missing == []
    assert check(day, build_plan(day, made.routes)) == []


def test_a_day_of_middling_size_is_planned_whole_before_it_is_planned_in_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rounds, "LARGE", 50)
    day = scattered(40)
    costs: list[float] = []
    made = Rounds(day, 1)
    made.work(
        lambda: False,
        lambda routes: costs.append(build_plan(day, routes).cost.total),
        steps=STEPS,
    )
    alone = improve(day, iterations=STEPS // 3, seed=1)
    whole = build_plan(day, alone).cost.total
    assert whole in costs
    assert build_plan(day, made.routes).cost.total <= whole
    again = [solve(day, iterations=STEPS, seed=1).runs for _ in range(2)]
    assert again[0] == again[1] == build_plan(day, made.routes).runs


def test_now_and_then_the_shorter_of_two_runs_must_go_and_no_idle_van_may_replace_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(neighbourhoods, "FEWER", 1.0)
    monkeypatch.setattr(neighbourhoods, "STOPS", (20,))
    monkeypatch.setattr(neighbourhoods, "ALONE", 0.0)
    day = scattered(12)
    day = replace(day, vehicles=tuple(replace(VAN, id=f"van-{number}") for number in range(4)))
    made = Rounds(day, 1)
    made.begin_with([Route(vehicle=0, sites=(1, 2, 3)), Route(vehicle=1, sites=(4,))])
    assert made._hoods.take(100.0).fewer == (1, 2, 3)
    made.work(lambda: False, steps=STEPS // 10)
    assert check(day, build_plan(day, made.routes)) == []


def test_days_of_middling_size_are_taken_apart_only_where_sites_are_optional(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rounds, "LARGE", 4)
    day = small_day()
    assert not in_parts(day)
    assert in_parts(with_site(day, "south", must_visit=False))


def test_days_that_need_a_view_of_the_whole_are_not_taken_apart() -> None:
    day = small_day()
    assert in_parts(day)
    assert not in_parts(replace(day, vehicles=()))
    assert not in_parts(replace(day, vehicles=(replace(VAN, max_runs=2),)))
    assert not in_parts(replace(day, vehicles=(replace(VAN, fixed_cost=1e6),)))
    direct = tuple(replace(one, direct_only=True) for one in day.shipments)
    assert not in_parts(replace(day, shipments=direct))
