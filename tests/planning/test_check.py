"""The checker finds each kind of violation, and only where there is one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.planning.check import Kind, check, recompute_cost
from logistics.planning.plan import Cost, Plan, Route, Run, Stop
from logistics.planning.problem import Break, Shipment
from logistics.planning.timing import build_plan
from tests.planning.days import HOUR, MINUTE, VAN, small_day, with_site, with_van
from tests.planning.enumeration import optimum
from tests.planning.strategies import days, random_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from logistics.planning.problem import Problem

NORTH_SOUTH = Route(vehicle=0, sites=(1, 2))


def plan_of(day: Problem | None = None, *routes: Route) -> Plan:
    return build_plan(day or small_day(), routes or [NORTH_SOUTH])


def kinds(day: Problem, plan: Plan) -> set[Kind]:
    return {one.kind for one in check(day, plan)}


def changed(plan: Plan, **fields: Any) -> Plan:
    """The plan with its first run changed."""
    return replace(plan, runs=(replace(plan.runs[0], **fields), *plan.runs[1:]))


def stop_changed(plan: Plan, number: int, **fields: Any) -> Plan:
    stops = list(plan.runs[0].stops)
    stops[number] = replace(stops[number], **fields)
    return changed(plan, stops=tuple(stops))


def later(plan: Plan, seconds: int) -> Plan:
    """The plan with its first run shifted in time."""
    run = plan.runs[0]
    stops = tuple(
        replace(
            stop,
            arrive=stop.arrive + seconds,
            begin=stop.begin + seconds,
            depart=stop.depart + seconds,
        )
        for stop in run.stops
    )
    return changed(plan, start=run.start + seconds, end=run.end + seconds, stops=stops)


def test_the_small_day_costs_what_everybody_knows() -> None:
    # 100 for the van, 35 km at 2 kr, 45 minutes at 360 kr an hour, the book delivered.
    plan = plan_of()
    assert check(small_day(), plan) == []
    expected = Cost(fixed=100.0, stops=0.0, distance=70.0, time=270.0, delay=0.0)
    assert plan.cost == recompute_cost(small_day(), plan) == expected


@pytest.mark.parametrize(
    ("route", "delay"),
    [
        pytest.param(NORTH_SOUTH, 0.0, id="direct"),
        pytest.param(Route(vehicle=0, sites=(2, 1)), 30.0, id="to the hub"),
        pytest.param(Route(vehicle=0, sites=(1, 2), load=(frozenset(),) * 2), 60.0, id="left"),
    ],
)
def test_the_order_decides_what_the_book_costs(route: Route, delay: float) -> None:
    plan = plan_of(None, route)
    assert check(small_day(), plan) == []
    assert plan.cost.delay == delay


@settings(max_examples=60)
@given(day=days(sites=4, shipments=5))
def test_the_best_of_all_plans_keeps_the_rules_and_costs_what_it_says(day: Problem) -> None:
    best = optimum(day)
    if best is not None:
        plan = build_plan(day, best.routes)
        assert check(day, plan) == []
        assert plan.cost.total == pytest.approx(best.cost, abs=1e-6)


HUB_CRATE = Shipment(
    id="crate", origin="hub", destination="north", items=4, cost_if_at_hub=0, cost_if_left=9
)
DIRECT = Shipment(
    id="direct",
    origin="south",
    destination="north",
    items=1,
    cost_if_at_hub=0,
    cost_if_left=9,
    direct_only=True,
)


def with_crate(**changes: Any) -> Problem:
    return small_day(shipments=(*small_day().shipments, HUB_CRATE, DIRECT), **changes)


@pytest.mark.parametrize(
    ("break_it", "kind"),
    [
        (lambda plan: replace(plan, problem="other"), Kind.OTHER_PROBLEM),
        (lambda plan: changed(plan, vehicle="ghost"), Kind.UNKNOWN_VEHICLE),
        (lambda plan: stop_changed(plan, 0, site="ghost"), Kind.UNKNOWN_SITE),
        (lambda plan: stop_changed(plan, 0, load=("ghost",)), Kind.UNKNOWN_SHIPMENT),
        (lambda plan: changed(plan, leave=("ghost",)), Kind.UNKNOWN_SHIPMENT),
        (lambda plan: replace(plan, runs=plan.runs * 2), Kind.TOO_MANY_RUNS),
        (lambda plan: changed(plan, stops=()), Kind.NO_STOPS),
        (lambda plan: stop_changed(plan, 0, site="hub"), Kind.STOP_AT_HUB),
        (lambda plan: stop_changed(plan, 0, site="south"), Kind.VISITED_TWICE),
        (lambda plan: changed(plan, stops=plan.runs[0].stops[1:]), Kind.NOT_VISITED),
        (lambda plan: replace(plan, runs=()), Kind.NOT_VISITED),
        (lambda plan: stop_changed(plan, 1, load=("book",)), Kind.LOADED_ELSEWHERE),
        (lambda plan: stop_changed(plan, 0, load=("book", "book")), Kind.LOADED_TWICE),
        (lambda plan: stop_changed(plan, 1, load=("direct",)), Kind.STRANDED),
        (lambda plan: stop_changed(plan, 1, unload=()), Kind.WRONG_UNLOAD),
        (lambda plan: stop_changed(plan, 0, unload=("crate", "book")), Kind.WRONG_UNLOAD),
        (lambda plan: changed(plan, leave=("book",)), Kind.WRONG_LEAVE),
        (lambda plan: changed(plan, leave=("crate", "crate")), Kind.WRONG_LEAVE),
        (lambda plan: changed(plan, carried=("book",)), Kind.WRONG_CARRIED),
        (lambda plan: stop_changed(plan, 0, arrive=1), Kind.WRONG_ARRIVAL),
        (lambda plan: stop_changed(plan, 0, begin=8 * HOUR), Kind.BEGINS_BEFORE_ARRIVAL),
        (lambda plan: stop_changed(plan, 0, depart=1), Kind.WRONG_DEPARTURE),
        (lambda plan: changed(plan, end=17 * HOUR), Kind.WRONG_END),
        (lambda plan: changed(plan, end=17 * HOUR), Kind.AFTER_SHIFT),
        (lambda plan: changed(plan, end=17 * HOUR), Kind.TOO_LONG),
        (lambda plan: later(plan, -1), Kind.BEFORE_SHIFT),
        (lambda plan: later(plan, 1), Kind.STARTS_TOO_LATE),
        (lambda plan: changed(plan, break_after=0), Kind.BREAK_NOT_DUE),
        (lambda plan: changed(plan, break_after=9), Kind.BREAK_NOWHERE),
        (lambda plan: replace(plan, cost=Cost(fixed=100.0)), Kind.WRONG_COST),
        (lambda plan: replace(plan, bound=500.0), Kind.BOUND_ABOVE_COST),
        (lambda plan: replace(plan, status="optimal"), Kind.WRONG_STATUS),
        (lambda plan: replace(plan, status="optimal", bound=1.0), Kind.WRONG_STATUS),
    ],
)
def test_each_rule_broken_has_its_name(break_it: Callable[[Plan], Plan], kind: Kind) -> None:
    day = with_crate()
    plan = plan_of(day)
    assert check(day, plan) == []
    assert kind in kinds(day, break_it(plan))


@pytest.mark.parametrize(("capacity", "excess"), [(4, []), (3, [1])])
def test_items_aboard_never_exceed_the_capacity(capacity: int, excess: list[int]) -> None:
    # Four from the hub at the start; one book after north, where the four come off.
    day = with_crate(vehicles=(replace(VAN, capacity=capacity),))
    assert [one.excess for one in check(day, plan_of(day))] == excess


@pytest.mark.parametrize(("seconds", "late"), [(0, []), (1, [1])])
def test_service_begins_by_the_end_of_the_window(seconds: int, late: list[int]) -> None:
    # North is reached ten minutes after eight.
    window = (8 * HOUR, 8 * HOUR + 10 * MINUTE)
    day = with_site(small_day(), "north", window=window)
    found = check(day, later(plan_of(day), seconds))
    assert [one.excess for one in found if one.kind == Kind.AFTER_WINDOW] == late


def test_service_does_not_begin_before_the_window_opens() -> None:
    day = with_site(small_day(), "north", window=(9 * HOUR, 10 * HOUR))
    found = check(day, later(plan_of(day), -1))
    assert [(one.kind, one.excess) for one in found] == [(Kind.BEFORE_WINDOW, 1)]


def test_waiting_that_could_be_saved_is_found() -> None:
    # Every clock time is right, but the van waits a minute at south for nothing.
    plan = plan_of()
    run = plan.runs[0]
    last = replace(run.stops[1], begin=run.stops[1].begin + 60, depart=run.stops[1].depart + 60)
    waiting = changed(plan, stops=(run.stops[0], last), end=run.end + 60)
    found = {one.kind: one.excess for one in check(small_day(), waiting)}
    assert found == {
        Kind.PAID_TOO_LONG: 60,
        Kind.WRONG_COST: pytest.approx(6.0),
    }


def rested_day() -> Problem:
    # 45 minutes of run, at most 30 without a break of 10.
    return small_day(break_=Break(after_seconds=30 * MINUTE, seconds=10 * MINUTE))


def test_a_break_is_not_paid() -> None:
    plan = plan_of(rested_day())
    assert check(rested_day(), plan) == []
    assert plan.runs[0].break_after == 0
    assert plan.runs[0].end - plan.runs[0].start == 55 * MINUTE
    assert plan.cost.time == 270.0


def test_a_missing_break_is_found() -> None:
    assert Kind.BREAK_MISSING in kinds(rested_day(), plan_of())


def test_a_break_at_the_wrong_stop_is_found() -> None:
    # After south the run has lasted 35 minutes, five more than allowed.
    day = rested_day()
    plan = plan_of(day)
    run = plan.runs[0]
    south = run.stops[1]
    early = replace(south, **{k: getattr(south, k) - 600 for k in ("arrive", "begin", "depart")})
    wrong = changed(plan, stops=(run.stops[0], early), break_after=1)
    assert {(one.kind, one.excess) for one in check(day, wrong)} == {
        (Kind.BREAK_TOO_LATE, 5 * MINUTE)
    }


def test_a_run_that_goes_on_too_long_after_its_break_is_found() -> None:
    day = replace(rested_day(), break_=Break(after_seconds=29 * MINUTE, seconds=10 * MINUTE))
    assert (Kind.BREAK_TOO_EARLY, 60) in {
        (one.kind, one.excess) for one in check(day, plan_of(rested_day()))
    }


def two_runs() -> Problem:
    """The van may go out twice, with five minutes between."""
    return with_van(small_day(), max_runs=2, turnaround_seconds=5 * MINUTE)


NORTH, SOUTH = Route(vehicle=0, sites=(1,)), Route(vehicle=0, sites=(2,), carried=frozenset({0}))


def test_what_one_run_brings_the_next_one_carries_on() -> None:
    # North takes 25 minutes, then five at the hub, then south another 25: all at full pay.
    plan = plan_of(two_runs(), NORTH, SOUTH)
    assert check(two_runs(), plan) == []
    assert plan.runs[1].start - plan.runs[0].end == 5 * MINUTE
    assert plan.cost == Cost(fixed=100.0, distance=80.0, time=300.0, delay=0.0)


def test_what_is_not_carried_on_ends_at_the_hub() -> None:
    plan = plan_of(two_runs(), NORTH, Route(vehicle=0, sites=(2,)))
    assert check(two_runs(), plan) == []
    assert plan.cost.delay == 30.0


def test_a_van_turns_round_before_it_leaves_again() -> None:
    day = with_van(two_runs(), turnaround_seconds=5 * MINUTE + 1)
    found = check(day, plan_of(two_runs(), NORTH, SOUTH))
    assert {(one.kind, one.excess) for one in found} >= {(Kind.TURNAROUND, 1)}
    assert Kind.WRONG_CARRIED in {one.kind for one in found}


def test_another_van_may_carry_on_what_the_first_brought() -> None:
    van = two_runs().vehicles[0]
    day = replace(two_runs(), vehicles=(replace(van, max_runs=1), replace(van, id="other")))
    plan = plan_of(day, NORTH, replace(SOUTH, vehicle=1))
    assert check(day, plan) == []
    assert plan.cost.delay == 0.0
    assert plan.runs[1].start == plan.runs[0].end + 5 * MINUTE


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        ((SOUTH, NORTH), "ready at the hub only at"),
        ((replace(SOUTH, sites=(2,)),), "no other run brought it"),
        ((NORTH, replace(SOUTH, sites=(2, 1), carried=frozenset({0}))), "visited 2 times"),
    ],
)
def test_only_what_is_at_the_hub_can_be_carried_on(runs: tuple[Route, ...], told: str) -> None:
    day = with_site(with_site(two_runs(), "north", must_visit=False), "south", must_visit=False)
    plan = build_plan(day, runs)
    assert any(told in one.message for one in check(day, plan))


def test_a_van_of_one_run_carries_nothing_on() -> None:
    day = small_day(vehicles=(VAN, replace(VAN, id="other")))
    plan = plan_of(day, NORTH, replace(SOUTH, vehicle=1))
    assert {one.kind for one in check(day, plan)} == {Kind.WRONG_CARRIED}


def test_a_run_may_not_start_while_it_waits_for_nothing() -> None:
    plan = plan_of(two_runs(), NORTH, SOUTH)
    run = plan.runs[1]
    stop = run.stops[0]
    moved = Stop(
        site=stop.site,
        arrive=stop.arrive + 60,
        begin=stop.begin + 60,
        depart=stop.depart + 60,
        unload=stop.unload,
    )
    late = Run(
        vehicle="van", start=run.start + 60, end=run.end + 60, stops=(moved,), carried=run.carried
    )
    found = check(two_runs(), replace(plan, runs=(plan.runs[0], late)))
    assert [(one.kind, one.run, one.excess) for one in found] == [(Kind.STARTS_TOO_LATE, 1, 60)]


@settings(max_examples=200)
@given(seed=st.integers(0, 10**6), data=st.data())
def test_no_answer_crashes_the_checker(seed: int, data: st.DataObject) -> None:
    day = random_day(seed)
    shipments = [one.id for one in day.shipments] or ["none"]
    some = st.lists(st.sampled_from(shipments), max_size=3).map(tuple)
    moment = st.integers(0, 40_000)
    stop = st.builds(
        Stop,
        site=st.sampled_from([site.id for site in day.sites]),
        arrive=moment,
        begin=moment,
        depart=moment,
        unload=some,
        load=some,
    )
    run = st.builds(
        Run,
        vehicle=st.sampled_from([van.id for van in day.vehicles]),
        start=moment,
        end=moment,
        stops=st.lists(stop, max_size=3).map(tuple),
        leave=some,
        carried=some,
        break_after=st.none() | st.integers(0, 3),
    )
    runs = tuple(data.draw(st.lists(run, max_size=3)))
    check(day, Plan(problem=day.name, cost=Cost(), runs=runs))
