"""Searches that begin from nothing now and then, and keep the best plan that they came upon."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logistics.planning.check import check
from logistics.planning.improve import Search, search
from logistics.planning.improve.state import write_kept
from logistics.planning.timing import build_plan
from tests.planning.improve.test_overload import clusters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.planning.improve.layout import Data, State
    from logistics.planning.problem import Problem


def short_runs(fixed_cost: float = 0.0) -> Problem:
    """Stops in six clusters of eight; a van holds no more than about a cluster."""
    day = clusters(0, room=0.55)
    van = replace(day.vehicles[0], fixed_cost=fixed_cost)
    return replace(day, vehicles=tuple(replace(van, id=f"van-{n}") for n in range(10)))


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many runs each plan had that a search was told to go on from; twenty steps a site do."""
    monkeypatch.setattr(search, "_MANY_SITES", 40)
    monkeypatch.setattr(search, "_SHORT_RUNS", (6, 0.75, 20))
    runs: list[int] = []

    def spy(data: Data, state: State, ways: Sequence[tuple[int, tuple[int, ...]]]) -> None:
        runs.append(len(ways))
        write_kept(data, state, ways)

    monkeypatch.setattr(search, "write_kept", spy)
    return runs


def test_a_long_search_of_many_short_runs_begins_from_nothing_six_times(begun: list[int]) -> None:
    day = short_runs()
    found = Search(day, 1)

    found.run(iterations=20_000)

    assert begun.count(0) == 6
    plan = build_plan(day, found.best_routes())
    assert check(day, plan) == []
    assert plan.cost.total == pytest.approx(found.cost)


def test_what_was_found_before_is_never_lost(begun: list[int]) -> None:
    found = Search(short_runs(), 1)
    best: list[float] = []

    def watch() -> bool:
        best.append(found.cost)
        return False

    found.run(iterations=20_000, stop=watch)

    assert begun.count(0) == 6
    assert best == sorted(best, reverse=True)


@pytest.mark.parametrize(
    ("day", "steps"), [(short_runs(), 2_000), (short_runs(fixed_cost=1e6), 20_000)]
)
def test_a_short_search_and_one_for_fewer_vans_go_on_from_what_they_have(
    begun: list[int], day: Problem, steps: int
) -> None:
    Search(day, 1).run(iterations=steps)

    assert begun.count(0) == 0
