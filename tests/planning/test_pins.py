from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.errors import InputError, NoPlanError
from logistics.planning.check import check
from logistics.planning.pins import Driven, Pins, broken_pins, moved_stops, pinned
from logistics.planning.plan import Plan, Route
from logistics.planning.planner import solve
from logistics.planning.problem import Problem, Shipment
from logistics.planning.timing import build_plan
from tests.planning.days import HOUR, MINUTE, VAN, small_day, with_site
from tests.planning.enumeration import optimum
from tests.planning.strategies import random_day

STEPS = 400


def two_vans() -> Problem:
    return small_day(vehicles=(VAN, replace(VAN, id="other")))


def plan(day: Problem, pins: Pins) -> Plan:
    found = solve(day, iterations=STEPS, pins=pins)
    assert check(pinned(day, pins), found) == []
    assert broken_pins(pins, found) == []
    return found


def runs(found: Plan) -> list[tuple[str, list[str]]]:
    return [(run.vehicle, [stop.site for stop in run.stops]) for run in found.runs]


def test_a_pinned_vehicle_calls_there() -> None:
    # One van for both is cheapest; pinned to two vans, two drive.
    found = plan(two_vans(), Pins(vehicle={"north": "van", "south": "other"}))
    assert sorted(runs(found)) == [("other", ["south"]), ("van", ["north"])]


def test_a_pinned_order_is_kept_though_it_is_dearer() -> None:
    found = plan(small_day(), Pins(order=(("south", "north"),)))
    assert runs(found) == [("van", ["south", "north"])]
    assert found.cost.total == 470.0


def test_a_pinned_time_is_kept() -> None:
    found = plan(small_day(), Pins(time={"south": (8 * HOUR, 8 * HOUR + 10 * MINUTE)}))
    assert runs(found) == [("van", ["south", "north"])]


def test_a_pinned_time_outside_the_window_is_refused() -> None:
    day = with_site(small_day(), "north", window=(9 * HOUR, 10 * HOUR))
    with pytest.raises(InputError, match="lies outside its window"):
        solve(day, pins=Pins(time={"north": (8 * HOUR, 9 * HOUR - 1)}))


def test_pins_that_cannot_be_kept_together_have_no_plan() -> None:
    # Each order is possible, but not both.
    pins = Pins(order=(("south", "north"), ("north", "south")))
    with pytest.raises(NoPlanError, match="keeps every pin"):
        solve(small_day(), iterations=STEPS, pins=pins)


@pytest.mark.parametrize(
    ("pins", "told"),
    [
        (Pins(vehicle={"nowhere": "van"}), "'nowhere': is not a site to visit"),
        (Pins(time={"hub": (0, 1)}), "'hub': is not a site to visit"),
        (Pins(vehicle={"north": "ghost"}), "'ghost': is not in the fleet"),
        (Pins(order=(("north", "north"),)), "names a site twice"),
        (Pins(time={"north": (2, 1)}), "ends before it begins"),
        (
            Pins(vehicle={"north": "van", "south": "other"}, order=(("north", "south"),)),
            "pinned to different vehicles",
        ),
        (
            Pins(driven=(Driven(vehicle="van", start=0, stops=(), aboard=("ghost",)),)),
            "shipment 'ghost' is not in the day",
        ),
        (Pins(driven=(Driven(vehicle="van", start=0, stops=()),) * 2), "2, expected the one"),
    ],
)
def test_pins_that_name_nothing_are_refused(pins: Pins, told: str) -> None:
    with pytest.raises(InputError, match=told):
        solve(two_vans(), pins=pins)


def begun(day: Problem, route: Route, stops: int, later: int = 0) -> Driven:
    """A van that has made the first stops of a run, so many seconds late."""
    run = build_plan(day, [route]).runs[0]
    out = [one.id for one in day.shipments if one.origin == day.hub]
    served = {stop.site for stop in run.stops}
    aboard = tuple(one for one in out if one not in run.leave and _to(day, one) in served)
    made = tuple(
        replace(s, arrive=s.arrive + later, begin=s.begin + later, depart=s.depart + later)
        for s in run.stops[:stops]
    )
    return Driven(vehicle=run.vehicle, start=run.start + later, aboard=aboard, stops=made)


def _to(day: Problem, name: str) -> str:
    return day.shipments[day.shipment_index[name]].destination


def test_what_is_driven_stays_driven() -> None:
    # The van went south first; however cheap the other way round, south stays first.
    pins = Pins(driven=(begun(small_day(), Route(vehicle=0, sites=(2, 1)), 1),))
    assert runs(plan(small_day(), pins)) == [("van", ["south", "north"])]


def test_a_late_van_is_planned_on_from_where_it_is() -> None:
    pins = Pins(driven=(begun(small_day(), Route(vehicle=0, sites=(1, 2)), 1, later=900),))
    found = plan(small_day(), pins)
    assert found.runs[0].stops[0].begin == 8 * HOUR + 25 * MINUTE
    assert found.runs[0].stops[1].arrive == 8 * HOUR + 45 * MINUTE


CRATE = Shipment(
    id="crate", origin="hub", destination="south", items=3, cost_if_at_hub=0, cost_if_left=5000
)


def test_what_is_not_aboard_cannot_be_delivered_by_a_van_under_way() -> None:
    # The crate for south stayed at the hub: the van under way may call there, but without it.
    day = with_site(two_vans(), "south", must_visit=False)
    day = replace(day, shipments=(CRATE,))
    pins = Pins(driven=(begun(day, Route(vehicle=0, sites=(1,)), 1),))
    found = plan(day, pins)
    assert ("other", ["south"]) in runs(found)
    assert found.cost.delay == 0.0


def test_what_is_aboard_stays_aboard() -> None:
    day = replace(two_vans(), shipments=(CRATE,))
    pins = Pins(driven=(begun(day, Route(vehicle=0, sites=(1, 2)), 1),))
    assert runs(plan(day, pins)) == [("van", ["north", "south"])]


@pytest.mark.parametrize(("price", "moves"), [(0.0, 1), (29.0, 1), (31.0, 0)])
def test_a_stop_moves_only_if_it_saves_more_than_the_price(price: float, moves: int) -> None:
    # Turning the run round saves 30 kr and moves one stop.
    known = build_plan(small_day(), [Route(vehicle=0, sites=(2, 1))])
    pins = Pins(reference=known, cost_per_moved_stop=price)
    found = solve(small_day(), iterations=STEPS, pins=pins)
    assert moved_stops(known, runs(found)) == moves
    assert found.cost.total == (440.0 if moves else 470.0)


@pytest.mark.parametrize(
    ("new", "moves"),
    [
        ([("v", "abcd")], 0),
        ([("v", "axbcyd")], 0),
        ([("v", "acbd")], 1),
        ([("v", "dcba")], 3),
        ([("v", "abc")], 1),
        ([("w", "abcd")], 4),
        ([("v", "ab"), ("v", "cd")], 0),
    ],
)
def test_new_neighbours_are_no_move(new: list[tuple[str, str]], moves: int) -> None:
    stop = build_plan(small_day(), [Route(vehicle=0, sites=(1,))]).runs[0].stops[0]
    run = build_plan(small_day(), [Route(vehicle=0, sites=(1,))]).runs[0]
    known = Plan(
        problem="x",
        cost=build_plan(small_day(), []).cost,
        runs=(replace(run, vehicle="v", stops=tuple(replace(stop, site=s) for s in "abcd")),),
    )
    assert moved_stops(known, [(van, list(sites)) for van, sites in new]) == moves


@settings(max_examples=30)
@given(seed=st.integers(0, 10**6), data=st.data())
def test_pins_taken_from_a_plan_are_kept_and_cost_at_least_the_optimum(
    seed: int, data: st.DataObject
) -> None:
    day = random_day(seed, sites=5, shipments=4)
    best = optimum(day)
    if best is None or not best.routes:
        return
    known = build_plan(day, best.routes)
    pins = data.draw(pins_of(day, known))
    found = solve(day, iterations=STEPS, pins=pins, start=known)
    assert check(pinned(day, pins), found) == []
    assert broken_pins(pins, found) == []
    assert found.cost.total >= best.cost - 1e-6


@st.composite
def pins_of(draw: Any, day: Problem, known: Plan) -> Pins:
    """Pins that the known plan keeps."""
    stops = [(run, stop) for run in known.runs for stop in run.stops]
    chosen = draw(st.lists(st.sampled_from(stops), unique_by=lambda pair: pair[1].site))
    kind = draw(st.sampled_from(["vehicle", "order", "time", "driven"]))
    if kind == "vehicle":
        return Pins(vehicle={stop.site: run.vehicle for run, stop in chosen})
    if kind == "time":
        return Pins(time={stop.site: (stop.begin, stop.begin) for _, stop in chosen})
    run = draw(st.sampled_from(known.runs))
    if kind == "order":
        return Pins(order=(tuple(stop.site for stop in run.stops),))
    made = draw(st.integers(1, len(run.stops)))
    served = {stop.site for stop in run.stops}
    aboard = tuple(
        one.id
        for one in day.shipments
        if one.origin == day.hub and one.destination in served and one.id not in run.leave
    )
    return Pins(
        driven=(
            Driven(vehicle=run.vehicle, start=run.start, aboard=aboard, stops=run.stops[:made]),
        )
    )
