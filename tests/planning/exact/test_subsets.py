"""The table of rounds holds for every subset, and is met where nothing but hours and room binds."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from logistics.dispatch.served_day import restricted
from logistics.planning.exact import subsets
from logistics.planning.exact.subsets import bound_subsets
from logistics.planning.plan import Route
from logistics.planning.records import Shipment
from logistics.planning.timing import build_plan
from tests.planning.days import small_day, with_site, with_van
from tests.planning.enumeration import optimum
from tests.planning.strategies import days

if TYPE_CHECKING:
    from logistics.planning.problem import Problem


def compulsory(problem: Problem) -> Problem:
    sites = tuple(replace(one, must_visit=one.id != problem.hub) for one in problem.sites)
    return replace(problem, sites=sites, shipments=())


def subsets_of(problem: Problem) -> list[tuple[str, ...]]:
    names = [one.id for one in problem.sites if one.id != problem.hub]
    return list(chain.from_iterable(combinations(names, n) for n in range(1, len(names) + 1)))


def cost(problem: Problem, runs: list[tuple[int, tuple[str, ...]]]) -> float:
    index = problem.site_index
    routes = [Route(vehicle=v, sites=tuple(index[one] for one in way)) for v, way in runs]
    return build_plan(problem, routes).cost.total


def without_clock(problem: Problem) -> Problem:
    """Only hours and prices are left, the shortest way is the cheapest, and vans are plenty."""
    sites = tuple(replace(one, window=None) for one in problem.sites)
    vans = tuple(
        replace(van, id=f"{van.id}-{number}", cost_per_km=1.0 + van.cost_per_km)
        for van in problem.vehicles
        for number in range(len(sites))
    )
    metres = tuple(tuple(15 * seconds for seconds in row) for row in problem.travel_seconds)
    return replace(problem, sites=sites, vehicles=vans, break_=None, travel_metres=metres)


@given(days(sites=5, vehicles=2))
def test_no_plan_of_any_subset_costs_less(drawn: Problem) -> None:
    problem = compulsory(drawn)
    table = bound_subsets(problem)
    assert table is not None
    for names in subsets_of(problem):
        best = optimum(restricted(problem, names))
        assert best is None or table.bound(names) <= best.cost + 1e-6


@given(days(sites=4, vehicles=2))
def test_without_clock_the_bound_is_the_optimum_and_its_runs_cost_as_much(drawn: Problem) -> None:
    problem = without_clock(compulsory(drawn))
    table = bound_subsets(problem)
    assert table is not None
    for names in subsets_of(problem):
        best = optimum(restricted(problem, names))
        runs = table.routes(names)
        if best is None:
            assert (table.bound(names), runs) == (float("inf"), None)
            continue
        assert table.bound(names) == pytest.approx(best.cost)
        assert runs is not None
        assert cost(problem, runs) == pytest.approx(best.cost)
        assert sorted(one for _, way in runs for one in way) == sorted(names)


@given(days(sites=5, vehicles=2))
def test_by_the_clock_no_plan_costs_less_and_with_vans_enough_one_costs_as_much(
    drawn: Problem,
) -> None:
    problem = compulsory(drawn)
    free = without_clock(problem)
    timed = replace(problem, vehicles=free.vehicles, break_=None)
    for one in (problem, timed):
        rounds = bound_subsets(one)
        assert rounds is not None
        table = rounds.by_clock()
        assert table is not None
        for names in subsets_of(one):
            best = optimum(restricted(one, names))
            bound = table.bound(names)
            assert rounds.bound(names) - 1e-6 <= bound
            assert best is None or bound <= best.cost + 1e-6
            if one is timed:
                assert bound == (float("inf") if best is None else pytest.approx(best.cost))
                runs = table.routes(names)
                assert (runs is None) == (best is None)
                if runs is not None and best is not None:
                    assert cost(one, runs) == pytest.approx(best.cost)


def test_too_many_runs_are_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    table = bound_subsets(small_day())
    assert table is not None
    assert table.by_clock() is not None
    monkeypatch.setattr(subsets, "_MOST_LABELS", 1)
    assert table.by_clock() is None


def test_room_and_hours_part_a_run() -> None:
    day = small_day(shipments=())
    together = bound_subsets(day)
    assert together is not None
    assert (together.bound(["north", "south"]), together.bound([])) == (440.0, 0.0)
    # 25 minutes to one of them and back: twice 100 + 40 + 150, by as many vans as there are.
    apart = bound_subsets(with_van(day, max_seconds=44 * 60))
    assert apart is not None
    assert apart.bound(["north", "south"]) == 580.0
    assert apart.routes(["north", "south"]) is None  # there is one van
    books = tuple(
        Shipment(
            id=site,
            origin="hub",
            destination=site,
            items=60,
            cost_if_at_hub=0.0,
            cost_if_left=900.0,
        )
        for site in ("north", "south")
    )
    two = replace(day.vehicles[0], id="other")
    full = bound_subsets(replace(day, shipments=books, vehicles=(*day.vehicles, two)))
    assert full is not None
    assert full.bound(["north", "south"]) == 580.0
    assert full.routes(["north", "south"]) == [(0, ("north",)), (1, ("south",))]
    assert full.bound(["north"]) == 290.0


def test_where_nobody_can_go_the_bound_is_infinite() -> None:
    table = bound_subsets(with_van(with_site(small_day(), "north", stop_seconds=0), max_seconds=60))
    assert table is not None
    assert table.bound(["north"]) == float("inf")
    assert table.routes(["north"]) is None
    nobody = bound_subsets(replace(small_day(), vehicles=()))
    assert nobody is not None
    assert (nobody.bound(["north"]), nobody.bound([])) == (float("inf"), 0.0)


def test_a_day_too_large_has_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subsets, "MOST_CELLS", 7)
    assert bound_subsets(small_day()) is None
