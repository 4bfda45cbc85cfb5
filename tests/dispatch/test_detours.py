"""What one stop more adds, on a road of five places a kilometre and a minute apart."""

from __future__ import annotations

import pytest

from logistics.dispatch.detours import calls_of
from logistics.network.travel import TravelTimes
from logistics.planning.plan import Route
from logistics.planning.problem import Problem, Shipment, Site, Vehicle
from logistics.planning.timing import build_plan

PLACES = ("end", "far", "hub", "near", "off")
METRES = tuple(tuple(1_000 * abs(i - j) for j in range(5)) for i in range(5))
TRAVEL = TravelTimes(
    ids=PLACES,
    metres=METRES,
    seconds=tuple(tuple(60 * metres // 1_000 for metres in row) for row in METRES),
    source="test",
    caveats=(),
)


def day(max_seconds: int = 3_600) -> Problem:
    known = TRAVEL.among(["hub", "end", "near"])
    return Problem(
        name="day",
        hub="hub",
        sites=(
            Site(id="hub", stop_seconds=0),
            Site(id="end", stop_seconds=120),
            Site(id="near", stop_seconds=120),
        ),
        travel_metres=known.metres,
        travel_seconds=known.seconds,
        vehicles=(
            Vehicle(
                id="van",
                capacity=10,
                shift=(0, 7_200),
                max_seconds=max_seconds,
                fixed_cost=100.0,
                cost_per_stop=1.0,
                cost_per_km=3.0,
                cost_per_hour=360.0,
            ),
        ),
        shipments=(
            Shipment(
                id="s",
                origin="end",
                destination="hub",
                items=1,
                cost_if_at_hub=0.0,
                cost_if_left=9.0,
            ),
        ),
        handling_seconds_per_item=0,
        break_=None,
    )


def test_a_place_on_the_way_costs_its_stop_and_one_beyond_the_road_as_well() -> None:
    plan = build_plan(day(), [Route(vehicle=0, sites=(1,))])
    found = calls_of(day(), plan, TRAVEL, dict.fromkeys(PLACES, 120))
    assert set(found.calls) == {"end"}
    # 360 SEK an hour is 0.1 a second: a stop of 120 s is 12, and 1 for the call itself.
    assert found.detour_sek == pytest.approx(
        {
            "far": 13.0,
            "near": 13.0 + 2 * (3.0 + 6.0),
            "off": 13.0 + 4 * (3.0 + 6.0),
        }
    )


def test_a_run_without_the_time_makes_no_detour() -> None:
    # To the end and back is 4 minutes of road and 2 of stop; 120 s are left.
    plan = build_plan(day(max_seconds=480), [Route(vehicle=0, sites=(1,))])
    found = calls_of(day(max_seconds=480), plan, TRAVEL, dict.fromkeys(PLACES, 120))
    assert found.detour_sek == pytest.approx({"far": 13.0})


def test_without_runs_nothing_is_known() -> None:
    found = calls_of(day(), build_plan(day(), []), TRAVEL, dict.fromkeys(PLACES, 120))
    assert found.calls == found.detour_sek == {}
