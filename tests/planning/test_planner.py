"""The planner: the enumerated optimum on small days, the best known on ours, and good manners."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from hypothesis import given, settings

from logistics.errors import NoPlanError, RuleBrokenError
from logistics.planning.check import check
from logistics.planning.crew import Crew
from logistics.planning.improve.budget import Budget
from logistics.planning.incumbent import Incumbent, Progress
from logistics.planning.plan import Route
from logistics.planning.planner import solve
from logistics.planning.problem import Problem, read_problem
from logistics.planning.searches import Searches
from logistics.planning.timing import build_plan
from tests.planning.days import HOUR, MINUTE, VAN, small_day, with_site, with_van
from tests.planning.enumeration import optimum
from tests.planning.strategies import days
from tests.planning.test_problem import INSTANCES

if TYPE_CHECKING:
    from pathlib import Path

STEPS = 2_000
PLENTY = 5.0
"""Seconds that no small day needs: a proof ends the search long before."""


def best_known() -> dict[str, float]:
    table = (INSTANCES[0].parent / "optima.csv").read_text().splitlines()
    return {row.split(",")[0]: float(row.split(",")[1]) for row in table[1:]}


@settings(max_examples=20, deadline=None)
@given(day=days(sites=5, shipments=6))
def test_the_plan_is_the_enumerated_optimum_and_proved(day: Problem) -> None:
    best = optimum(day)
    if best is None:
        with pytest.raises(NoPlanError):
            solve(day, iterations=STEPS)
        return
    # Whatever the clock allows: no bound above the optimum, and no plan below it.
    plan = solve(day, seconds=0.3, workers=1)
    assert check(day, plan) == []
    assert (plan.bound or 0.0) <= best.cost + 1e-6
    assert plan.cost.total >= best.cost - 1e-6
    if plan.status == "optimal":
        assert plan.cost.total <= best.cost * (1 + 1.1e-4) + 1e-6


@pytest.mark.parametrize("path", INSTANCES, ids=lambda path: path.stem)
def test_our_days_are_planned_as_well_as_anybody_knows(path: Path) -> None:
    # Steps, not seconds: the same on every machine. Two in a thousand are allowed, none is needed.
    day = read_problem(path)
    plan = solve(day, iterations=60_000)
    assert check(day, plan) == []
    assert plan.cost.total <= 1.002 * best_known()[path.stem]


def test_the_same_seed_and_steps_give_the_same_plan() -> None:
    day = read_problem(INSTANCES[0])
    one, other = (solve(day, iterations=3_000, seed=7) for _ in range(2))
    assert one.runs == other.runs


def test_steps_are_made_to_the_last_however_little_time_was_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[int] = []
    spent = Budget.spent

    def count(budget: Budget, steps: int) -> None:
        made.append(steps)
        spent(budget, steps)

    monkeypatch.setattr(Budget, "spent", count)
    solve(read_problem(INSTANCES[0]), iterations=3_000, seconds=0.0)
    assert sum(made) == 3_000


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_a_small_day_is_proved_with_any_number_of_workers(workers: int) -> None:
    plan = solve(small_day(), seconds=PLENTY, workers=workers)
    assert plan.status == "optimal"
    assert plan.cost.total == 440.0
    assert plan.bound == pytest.approx(440.0, abs=1e-2)
    assert plan.seconds < PLENTY


def test_without_a_certificate_nothing_is_proved() -> None:
    seen: list[Progress] = []
    plan = solve(small_day(), seconds=0.1, certify=False, on_progress=seen.append)
    assert (plan.status, plan.bound) == ("feasible", None)
    assert [one.phase for one in seen][-1] == "done"
    assert seen[-1].cost == 440.0


def test_progress_only_gets_better() -> None:
    seen: list[Progress] = []
    solve(read_problem(INSTANCES[0]), seconds=1.0, on_progress=seen.append)
    costs = [one.cost for one in seen if one.cost is not None]
    bounds = [one.bound for one in seen if one.bound is not None]
    assert costs == sorted(costs, reverse=True)
    assert bounds == sorted(bounds)


def test_no_time_at_all_still_gives_a_checked_plan() -> None:
    plan = solve(read_problem(INSTANCES[0]), seconds=0.0)
    assert check(read_problem(INSTANCES[0]), plan) == []


def test_a_start_is_kept_where_nothing_is_better() -> None:
    known = build_plan(small_day(), [Route(vehicle=0, sites=(1, 2))])
    assert solve(small_day(), iterations=1, start=known).runs == known.runs


def test_a_start_that_does_not_fit_is_passed_over() -> None:
    known = build_plan(small_day(), [Route(vehicle=0, sites=(1, 2))])
    closed = with_site(small_day(), "south", window=(8 * HOUR, 8 * HOUR + 10 * MINUTE))
    assert solve(closed, iterations=STEPS, start=known).cost.total == 470.0
    other = replace(small_day(), vehicles=(replace(VAN, id="other"),))
    assert solve(other, iterations=STEPS, start=known).cost.total == 440.0


def test_a_site_out_of_reach_is_named() -> None:
    with pytest.raises(NoPlanError, match="'north': must be visited, but 'van' arrives"):
        solve(with_site(small_day(), "north", window=(0, 60)))


def test_sites_that_do_not_fit_together_are_named() -> None:
    # Each needs 25 minutes, both 45.
    day = with_van(small_day(), max_seconds=44 * MINUTE)
    with pytest.raises(NoPlanError) as caught:
        solve(day, seconds=PLENTY)
    assert len(caught.value.problems) == 1
    assert "can be served alone, but not together with the others" in caught.value.problems[0]


def test_a_day_without_vans_or_sites_has_an_empty_plan() -> None:
    day = with_site(with_site(small_day(), "north", must_visit=False), "south", must_visit=False)
    plan = solve(replace(day, vehicles=()), seconds=PLENTY)
    assert (plan.runs, plan.cost.total, plan.status) == ((), 60.0, "optimal")


def test_several_runs_carry_on_what_came_first() -> None:
    # A run may last 30 minutes: north, then south with what came from north.
    day = with_van(small_day(), max_seconds=30 * MINUTE, max_runs=2, turnaround_seconds=60)
    plan = solve(day, iterations=STEPS)
    assert check(day, plan) == []
    assert [[stop.site for stop in run.stops] for run in plan.runs] == [["north"], ["south"]]
    assert plan.runs[1].carried == ("book",)
    assert plan.cost.total == 100.0 + 80.0 + 300.0


def test_an_interrupt_gives_the_best_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    known = build_plan(small_day(), [Route(vehicle=0, sites=(2, 1))])
    monkeypatch.setattr(Searches, "run", Mock(side_effect=KeyboardInterrupt))
    assert solve(small_day(), start=known).cost.total == 470.0


def test_an_interrupt_asks_every_search_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    crew = Crew(time.monotonic() + PLENTY, lambda: False)
    monkeypatch.setattr(crew, "_halt", _Interrupting())
    ended = []

    def search() -> None:
        while not crew.stop():
            time.sleep(0.001)
        ended.append(True)

    with pytest.raises(KeyboardInterrupt):
        crew.work([search, search])
    assert ended == [True, True]


class _Interrupting(threading.Event):
    """An event whose first wait is cut short by Ctrl-C."""

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002
        raise KeyboardInterrupt


def test_an_interrupt_before_any_plan_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Searches, "run", Mock(side_effect=KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        solve(small_day())


def test_a_failure_of_a_search_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Searches, "_improve", Mock(side_effect=ZeroDivisionError))
    with pytest.raises(ZeroDivisionError):
        solve(small_day(), seconds=PLENTY)


def test_runs_that_break_a_rule_are_never_kept() -> None:
    best = Incumbent(small_day())
    with pytest.raises(RuleBrokenError, match="runs found by nobody break a rule"):
        best.offer([Route(vehicle=0, sites=(1,))], "nobody")
    assert best.certified() is None
