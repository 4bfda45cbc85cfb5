from __future__ import annotations

from dataclasses import replace

import pytest

from logistics.errors import RuleBrokenError
from logistics.planning.check import check
from logistics.planning.problem import Break, Problem, Shipment
from logistics.planning.routing import route
from logistics.planning.timing import build_plan
from tests.planning.days import HOUR, MINUTE, VAN, small_day, with_site, with_van
from tests.planning.strategies import random_day

ENOUGH = 30


def served(day: Problem) -> list[tuple[int, tuple[int, ...]]] | None:
    found = route(day, solutions=ENOUGH)
    return None if found is None else [(one.vehicle, one.sites) for one in found]


def test_one_van_serves_both_sites() -> None:
    found = served(small_day())
    assert found is not None
    assert [sorted(sites) for _, sites in found] == [[1, 2]]


def test_a_window_turns_the_run_round() -> None:
    # South must be reached within ten minutes of the start of the shift: only first will do.
    day = with_site(small_day(), "south", window=(0, 8 * HOUR + 10 * MINUTE))
    assert served(day) == [(0, (2, 1))]


@pytest.mark.parametrize(("minutes", "vans"), [(45, 1), (44, 2)])
def test_a_run_lasts_at_most_its_longest(minutes: int, vans: int) -> None:
    day = small_day(vehicles=(VAN, replace(VAN, id="other")))
    day = replace(
        day, vehicles=tuple(replace(v, max_seconds=minutes * MINUTE) for v in day.vehicles)
    )
    assert len(served(day) or []) == vans


def test_a_voluntary_site_is_served_only_if_it_pays() -> None:
    # Alone, a run costs at least 100 kr and saves 60 at most.
    day = with_site(with_site(small_day(), "north", must_visit=False), "south", must_visit=False)
    assert served(day) == []
    dear = replace(day.shipments[0], cost_if_at_hub=0.0, cost_if_left=999.0)
    assert [sites for _, sites in served(replace(day, shipments=(dear,))) or []] == [(1,)]


def test_the_cheaper_van_drives_where_stops_are_paid() -> None:
    carrier = replace(VAN, id="carrier", fixed_cost=0.0, cost_per_km=0.0, cost_per_hour=0.0)
    carriers = [replace(carrier, cost_per_stop=price) for price in (200.0, 230.0)]
    day = small_day(vehicles=(VAN, carriers[0]))
    assert [vehicle for vehicle, _ in served(day) or []] == [1]
    day = small_day(vehicles=(VAN, carriers[1]))
    assert [vehicle for vehicle, _ in served(day) or []] == [0]


def test_pickup_and_delivery_share_the_room() -> None:
    # Six to north and six from south: together only where north comes first.
    shipments = (
        Shipment(
            id="out", origin="hub", destination="north", items=6, cost_if_at_hub=0, cost_if_left=9
        ),
        Shipment(
            id="home", origin="south", destination="hub", items=6, cost_if_at_hub=0, cost_if_left=9
        ),
    )
    day = with_van(small_day(shipments=shipments), capacity=6)
    assert served(day) == [(0, (1, 2))]


def test_what_rides_direct_only_is_picked_up_first() -> None:
    pair = replace(small_day().shipments[0], direct_only=True)
    assert served(small_day(shipments=(pair,))) == [(0, (1, 2))]
    back = replace(pair, origin="south", destination="north")
    assert served(small_day(shipments=(back,))) == [(0, (2, 1))]


def test_a_break_takes_its_time() -> None:
    # 45 minutes of run and a break of ten fit 55 minutes, not 54.
    rule = Break(after_seconds=30 * MINUTE, seconds=10 * MINUTE)
    day = small_day(break_=rule)
    assert served(with_van(day, max_seconds=55 * MINUTE)) is not None
    assert served(with_van(day, max_seconds=54 * MINUTE)) is None


def test_nothing_to_drive_is_no_runs() -> None:
    day = small_day()
    assert route(replace(day, vehicles=())) is None
    lone = Problem(
        name="lone",
        hub="hub",
        sites=day.sites[:1],
        travel_metres=((0,),),
        travel_seconds=((0,),),
        vehicles=day.vehicles,
        shipments=(),
        handling_seconds_per_item=0,
    )
    assert route(lone) == []


def test_bare_runs_visit_what_must_be_visited_and_take_nothing() -> None:
    day = with_van(small_day(handling_seconds_per_item=10_000), max_seconds=45 * MINUTE)
    assert route(day, solutions=ENOUGH) is None
    found = route(day, solutions=ENOUGH, bare=True)
    assert found is not None
    plan = build_plan(day, found)
    assert check(day, plan) == []
    assert plan.cost.delay == 60.0


def test_its_runs_keep_the_rules_on_random_days() -> None:
    kept = 0
    for seed in range(60):
        day = random_day(seed)
        found = route(day, solutions=ENOUGH)
        if found is None:
            continue
        try:
            plan = build_plan(day, found)
        except RuleBrokenError:
            continue  # a break on the road has no place at a stop
        assert check(day, plan) == []
        kept += 1
    assert kept > 40
