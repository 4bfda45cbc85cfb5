"""What peers are told of a day, and how their runs are judged."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest

from logistics.errors import InputError, LogisticsError, UnavailableError
from logistics.planning.benchmark.calls import calls_of, longest_run
from logistics.planning.benchmark.peers import judged
from logistics.planning.benchmark.run import Result, append_results
from logistics.planning.check import check
from logistics.planning.improve import improve
from logistics.planning.plan import Route
from logistics.planning.problem import Break, Problem, Shipment, read_problem
from logistics.planning.timing import build_plan
from tests.planning.days import HOUR, VAN, small_day, with_site
from tests.planning.test_problem import INSTANCES

if TYPE_CHECKING:
    from pathlib import Path


def test_each_run_of_a_peer_is_judged_in_its_better_direction() -> None:
    # From south to north the book would end at the hub; the other way round it arrives.
    plan = judged(small_day(), [Route(vehicle=0, sites=(2, 1))])
    assert plan.cost.total == pytest.approx(440.0)
    assert [stop.site for stop in plan.runs[0].stops] == ["north", "south"]


def test_the_better_directions_are_the_best_of_all_combinations() -> None:
    day = read_problem(next(path for path in INSTANCES if path.stem == "three-vans"))
    found = improve(day, iterations=2_000)
    routes = [Route(vehicle=one.vehicle, sites=one.sites[::-1]) for one in found]
    costs = [
        cost
        for turned in product((False, True), repeat=len(routes))
        if (cost := _as_driven(day, routes, turned)) is not None
    ]
    assert len(costs) > 1
    plan = judged(day, routes)
    assert check(day, plan) == []
    assert plan.cost.total <= min(costs) + 1e-6


def _as_driven(day: Problem, routes: list[Route], turned: tuple[bool, ...]) -> float | None:
    ways = zip(routes, turned, strict=True)
    tried = [replace(one, sites=one.sites[::-1]) if back else one for one, back in ways]
    try:
        plan = build_plan(day, tried)
    except LogisticsError:
        return None
    return None if check(day, plan) else plan.cost.total


def test_a_peer_may_leave_out_an_optional_site_but_no_compulsory_one() -> None:
    day = with_site(small_day(), "south", must_visit=False)
    plan = judged(day, [Route(vehicle=0, sites=(1,))])
    assert plan.cost.delay == pytest.approx(30.0)
    with pytest.raises(UnavailableError, match="'south': is not visited"):
        judged(small_day(), [Route(vehicle=0, sites=(1,))])


def test_a_run_short_of_time_for_what_rides_direct_leaves_what_costs_least_to_leave() -> None:
    book = small_day().shipments[0]
    cheap = replace(book, id="cheap", items=40, cost_if_at_hub=0.0, cost_if_left=40.0)
    dear = replace(book, id="dear", items=40, cost_if_at_hub=300.0, cost_if_left=400.0)
    # 45 minutes of driving and stops; 40 items taken and put off take 40 minutes, 80 take 80
    van = replace(VAN, max_seconds=90 * 60)
    day = small_day(shipments=(cheap, dear), vehicles=(van,), handling_seconds_per_item=30)
    plan = judged(day, [Route(vehicle=0, sites=(2, 1))])
    assert check(day, plan) == []
    assert plan.runs[0].stops[0].load == ("dear",)
    assert plan.cost.delay == pytest.approx(40.0)


def test_a_run_short_of_time_calls_at_fewer_optional_sites_where_that_pays() -> None:
    book = small_day().shipments[0]
    home = replace(book, id="home", destination="hub", items=10, cost_if_left=900.0)
    other = replace(book, id="other", origin="south", destination="hub", cost_if_left=1.0)
    van = replace(VAN, max_seconds=45 * 60)
    day = small_day(shipments=(home, other), vehicles=(van,), handling_seconds_per_item=60)
    day = with_site(day, "south", must_visit=False)
    plan = judged(day, [Route(vehicle=0, sites=(1, 2))])
    assert check(day, plan) == []
    assert [stop.site for stop in plan.runs[0].stops] == ["north"]
    assert plan.cost.delay == pytest.approx(1.0)


def test_a_run_that_fits_no_van_is_refused() -> None:
    day = small_day(vehicles=(replace(VAN, max_seconds=60),))
    with pytest.raises(UnavailableError, match="run north, south keeps the rules in neither"):
        judged(day, [Route(vehicle=0, sites=(1, 2))])


def test_a_visit_is_worth_the_waiting_that_it_saves_whoever_else_is_visited() -> None:
    book = small_day().shipments[0]
    more = [
        Shipment(
            id=f"{origin}>{destination}",
            origin=origin,
            destination=destination,
            items=3,
            cost_if_at_hub=at_hub,
            cost_if_left=left,
        )
        for origin, destination, at_hub, left in (
            ("hub", "south", 5.0, 7.0),
            ("north", "hub", 5.0, 11.0),
            ("south", "north", 9.0, 4.0),
        )
    ]
    calls = calls_of(with_site(small_day(shipments=(book, *more)), "south", must_visit=False))
    assert calls.prize == [0.0, 60.0 - 30.0 + 11.0, 7.0]
    assert calls.must == [False, True, False]
    paired = calls_of(small_day(shipments=(replace(book, direct_only=True),)))
    assert (paired.pairs, paired.pair_prize, paired.alone) == ([(1, 2, 1)], [60.0], [])


def test_a_peer_without_breaks_gets_runs_that_leave_room_for_one() -> None:
    rest = Break(after_seconds=4 * HOUR, seconds=HOUR)
    lengths = {
        most: longest_run(small_day(vehicles=(replace(VAN, max_seconds=most * HOUR),), break_=rest))
        for most in (3, 4, 6, 20)
    }
    assert lengths == {3: 3 * HOUR, 4: 4 * HOUR, 6: 5 * HOUR, 20: 8 * HOUR}
    assert longest_run(small_day()) == VAN.max_seconds


def test_results_are_not_added_to_a_table_with_other_columns(tmp_path: Path) -> None:
    table = tmp_path / "results.csv"
    table.write_text("date,cost\n2026-01-01,3\n")
    result = Result(
        instance="small",
        family="day",
        customers=2,
        solver="pyvrp",
        limit_seconds=1.0,
        seconds=1.0,
        workers=1,
        seed=0,
    )
    with pytest.raises(InputError, match="has the columns 'date, cost'"):
        append_results(table, [result])
    assert table.read_text() == "date,cost\n2026-01-01,3\n"
